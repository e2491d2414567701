using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;

namespace Vrrpd.Core;

/// <summary>What the host tells, and who has to know.</summary>
public sealed partial class Engine
{
    /// <summary>Something happened on the host.</summary>
    public void HandleHost(in HostEvent e, Instant now, ref EffectSink sink)
    {
        if (_stopped)
        {
            return;
        }

        switch (e.Kind)
        {
            case HostEventKind.LinkChanged:
                HandleLinkChanged(e, now, ref sink);
                break;
            case HostEventKind.LinkGone:
                HandleLinkGone(e.Subject, now, ref sink);
                break;
            case HostEventKind.AddressAdded:
                HandleAddress(e, added: true, now, ref sink);
                break;
            case HostEventKind.AddressRemoved:
                HandleAddress(e, added: false, now, ref sink);
                break;
            case HostEventKind.HostKnown:
                HandleHostKnown(now, ref sink);
                break;
            case HostEventKind.ScriptExited:
                if (_scripts[e.Subject].HandleExit(e.Value, ref sink))
                {
                    HandleVerdict(e.Subject, now, ref sink);
                }

                IndexScript(e.Subject);
                break;
            case HostEventKind.EffectFailed:
                HandleFailure(e, now, ref sink);
                break;
            case HostEventKind.Stalled:
                sink.Log(LogEvent.Stalled, -1, e.Value);
                break;
            default:
                Invariant.Fail("unknown host event");
                break;
        }

        Settle(now, ref sink);
    }

    private void HandleLinkChanged(in HostEvent e, Instant now, ref EffectSink sink)
    {
        Link link = _links[e.Subject];
        (bool wasPresent, bool wasUp, MacAddress wasMac) = (link.Present, link.IsUp, link.Mac);
        link.Change(e.Flags, e.Mac);
        if (!_hostKnown)
        {
            return;
        }

        // What a reload has brought is not news of the kernel.
        if (link.IsUp != wasUp && (wasPresent || !_isReloading))
        {
            sink.Log(link.IsUp ? LogEvent.LinkUp : LogEvent.LinkDown, -1, slot: e.Subject);
        }

        // What was refused on the interface as it was is asked for again; nobody may stand for election without.
        for (short i = 0; i < _channels.Length; i++)
        {
            if (_channels[i].Config.Slot == e.Subject && (!wasPresent || _channels[i].IsDeaf))
            {
                _channels[i].Listen(i, now, ref sink);
            }
        }

        LinkMoved(e.Subject, gone: false, Blockers.Deaf, now, ref sink);
        if (link.IsUp && wasPresent && (!wasUp || link.Mac != wasMac))
        {
            for (int i = 0; i < _routers.Length; i++)
            {
                _routers[i].HandleLinkBack(e.Subject, now);
                Index(i);
            }
        }
    }

    private void HandleLinkGone(short slot, Instant now, ref EffectSink sink)
    {
        bool was = _links[slot].Present;
        _links[slot].Remove();
        if (_hostKnown && was)
        {
            sink.Log(LogEvent.LinkGone, -1, slot: slot);
            LinkMoved(slot, gone: true, Blockers.None, now, ref sink);
            for (int i = 0; i < _routers.Length; i++)
            {
                if (!_routers[i].IsOn(slot))
                {
                    _routers[i].HandleOtherLinkGone(slot, now, ref sink);
                    Index(i);
                }
            }

            for (short i = 0; i < _channels.Length; i++)
            {
                if (_channels[i].Config.Slot == slot)
                {
                    _channels[i].Leave(i, ref sink);
                }
            }
        }
    }

    private void HandleAddress(in HostEvent e, bool added, Instant now, ref EffectSink sink)
    {
        Link link = _links[e.Subject];
        bool changed = added ? link.Add(e.Address, e.PrefixLength, e.IsTentative) : link.Remove(e.Address, e.PrefixLength);
        bool ours = false;
        for (int i = 0; i < _routers.Length; i++)
        {
            VirtualRouter router = _routers[i];
            ours |= router.Owns(e.Subject, e.Address);
            if (added)
            {
                router.HandleAddressAdded(e.Subject, e.Address, e.PrefixLength, now);
                Index(i);
            }
            else if (changed && _hostKnown)
            {
                // Also routers of other interfaces: an address may stand where its adverts do not.
                router.HandleAddressRemoved(e.Subject, e.Address, e.PrefixLength, now, ref sink);
                Index(i);
            }
        }

        if (changed && !ours)
        {
            sink.Log(added ? LogEvent.AddressAssigned : LogEvent.AddressDeassigned, -1, address: e.Address, slot: e.Subject);
        }

        if (_hostKnown)
        {
            LinkMoved(e.Subject, gone: false, Blockers.None, now, ref sink);
        }
    }

    private void HandleHostKnown(Instant now, ref EffectSink sink)
    {
        if (_hostKnown)
        {
            return;
        }

        _hostKnown = true;
        ListenToNew(now, ref sink);

        for (int i = 0; i < _routers.Length; i++)
        {
            _routers[i].HandleLink(-1, gone: false, Blockers.None, now, ref sink);
            _routers[i].HandleHostKnown(static _ => false, script: -1, now, ref sink);
            Index(i);
        }

        for (short i = 0; i < _scripts.Length; i++)
        {
            _scripts[i].Start(now);
            IndexScript(i);
        }
    }

    private void HandleFailure(in HostEvent e, Instant now, ref EffectSink sink)
    {
        switch (e.Effect)
        {
            case EffectKind.SendAdvert:
            case EffectKind.SendFrame:
                // The first, and then one a minute: a dead link fails every advert.
                if (now >= _sendFailedQuietUntil[e.Subject])
                {
                    _sendFailedQuietUntil[e.Subject] = now + TimeSpan.FromMinutes(1);
                    sink.Log(LogEvent.SendFailed, e.Subject, e.Value, slot: Config.Routers[e.Subject].Interface);
                }

                break;
            case EffectKind.JoinGroup:
                sink.Log(LogEvent.JoinFailed, -1, e.Value, slot: _channels[e.Subject].Config.Slot);
                _channels[e.Subject].IsDeaf = true;
                for (int i = 0; i < _routers.Length; i++)
                {
                    if (_routers[i].Config.Channel == e.Subject)
                    {
                        _routers[i].HandleDeaf(now, ref sink);
                        Index(i);
                    }
                }

                break;
            case EffectKind.AddAddress:
                _routers[e.Subject].HandleAddressRefused(e.Address, e.Value, now, ref sink);
                Index(e.Subject);
                break;
            case EffectKind.RemoveAddress:
                sink.Log(LogEvent.AddressStuck, e.Subject, e.Value, address: e.Address, slot: Config.Routers[e.Subject].Interface);
                break;
            case EffectKind.RunScript:
                if (_scripts[e.Subject].HandleNotStarted(e.Value, ref sink))
                {
                    HandleVerdict(e.Subject, now, ref sink);
                }

                IndexScript(e.Subject);
                break;
            case EffectKind.KillScript:
                sink.Log(LogEvent.ScriptNotKilled, e.Subject, e.Value);
                break;
            case EffectKind.CreateLink:
                _routers[e.Subject].HandleDeviceRefused(e.Value, now, ref sink);
                Index(e.Subject);
                break;
            case EffectKind.DropTraffic:
            case EffectKind.AcceptTraffic:
                _routers[e.Subject].HandleTrafficRefused(e.Effect, e.Value, ref sink);
                break;
            case EffectKind.RemoveLink:
            case EffectKind.LeaveGroup:
            case EffectKind.Log:
                break;
            default:
                Invariant.Fail("unknown effect failed");
                break;
        }
    }

    private void LinkMoved(short slot, bool gone, Blockers clear, Instant now, ref EffectSink sink)
    {
        for (int i = 0; i < _routers.Length; i++)
        {
            if (_routers[i].IsOn(slot))
            {
                _routers[i].HandleLink(slot, gone, clear, now, ref sink);
                Index(i);
            }
        }
    }

    /// <summary>Channels of interfaces that are there and that nobody listens on yet.</summary>
    private void ListenToNew(Instant now, ref EffectSink sink)
    {
        for (short i = 0; i < _channels.Length; i++)
        {
            if (_links[_channels[i].Config.Slot].Present && !_channels[i].IsListened)
            {
                _channels[i].Listen(i, now, ref sink);
            }
        }
    }
}
