using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>What the host tells: links, addresses, sockets.</summary>
public sealed partial class VirtualRouter
{
    /// <summary>The interface came, went, or changed its addresses: the source of our adverts follows unless it is configured.</summary>
    internal void HandleLink(bool gone, Blockers clearToo, Instant now, ref EffectSink sink)
    {
        if (Config.Source.IsUnspecified)
        {
            Ip source = _link.FirstAddress();
            if (source != _source && !source.IsUnspecified)
            {
                _template.Encode(_source = source, Priority);
            }

            _source = source;
        }

        Blockers set = (_link.IsUp ? Blockers.None : Blockers.LinkDown) | (_source.IsUnspecified ? Blockers.NoSource : Blockers.None);
        TransitionReason reason = gone ? TransitionReason.LinkGone : !_link.IsUp ? TransitionReason.LinkDown : TransitionReason.NoSource;
        // A link that came back also gives a refused address another chance.
        bool isBack = _link.IsUp && Blockers.HasFlag(Blockers.LinkDown);
        Blockers clear = Blockers.LinkDown | Blockers.NoSource | clearToo | (isBack ? Blockers.AddressRefused : Blockers.None);
        Block(set, clear & ~set, reason, now, ref sink);
    }

    /// <summary>The first complete look at the host is over: leftovers of an earlier run go, then the first decision is made.</summary>
    /// <param name="isHeld">Addresses that another master holds.</param>
    /// <param name="script">A script whose failure is known already, or -1.</param>
    internal void HandleHostKnown(Predicate<VirtualAddress> isHeld, short script, Instant now, ref EffectSink sink)
    {
        _template.Encode(_source, Priority);
        _addresses.RemoveLeftovers(isHeld, ref sink);
        Block(Blockers.None, Blockers.HostUnknown, TransitionReason.Started, now, ref sink, script);
    }

    /// <summary>An address appeared on an interface.</summary>
    internal void HandleAddressAdded(short slot, Ip address, byte prefixLength)
    {
        if (State == RouterState.Master)
        {
            _addresses.HandleAdded(slot, address, prefixLength);
            _refusals = _addresses.Owns(slot, address) ? 0 : _refusals;
        }
    }

    /// <summary>
    /// An address went. If it is one of ours, which the kernel had told us was there, somebody else took it: as keepalived does, we
    /// resign and stand for election again after Skew_Time, which puts it back if nobody is better.
    /// </summary>
    internal void HandleAddressRemoved(short slot, Ip address, byte prefixLength, Instant now, ref EffectSink sink)
    {
        if (State == RouterState.Master && _addresses.IsTheft(slot, address, prefixLength))
        {
            sink.Log(LogEvent.AddressTaken, _id, address: address, slot: slot);
            BecomeBackup(TransitionReason.AddressLost, Skew, now, ref sink, farewell: true);
        }
    }

    /// <summary>An interface was deleted that is not ours, but one of our addresses may have stood on it.</summary>
    internal void HandleOtherLinkGone(short slot, Instant now, ref EffectSink sink)
    {
        if (State == RouterState.Master && _addresses.On(slot) is VirtualAddress lost)
        {
            sink.Log(LogEvent.AddressTaken, _id, address: lost.Address, slot: slot);
            BecomeBackup(TransitionReason.AddressLost, Skew, now, ref sink, farewell: true);
        }
    }

    /// <summary>VRRP cannot be received on our interface: asked for again after a while.</summary>
    internal void HandleDeaf(Instant now, ref EffectSink sink)
    {
        Block(Blockers.Deaf, Blockers.None, TransitionReason.Deaf, now, ref sink);
        Deadline = now + RefusedRetry;
    }

    /// <summary>The kernel would not take an address of ours.</summary>
    internal void HandleAddressRefused(Ip address, int errno, Instant now, ref EffectSink sink)
    {
        sink.Log(LogEvent.AddressRefused, _id, errno, address: address, slot: _addresses.SlotOf(address));
        if (State == RouterState.Master)
        {
            Block(Blockers.AddressRefused, Blockers.None, TransitionReason.AddressRefused, now, ref sink);
        }
    }

    /// <summary>Its own interface, or the device over it.</summary>
    internal bool IsOn(short slot) => Config.Interface == slot || Config.Device?.Slot == slot;

    /// <summary>One of our virtual addresses, on that interface.</summary>
    internal bool Owns(short slot, Ip address) => _addresses.Owns(slot, address);

    /// <summary>
    /// True once the interface is listened to again; until then it is asked for, by the first of its routers whose time has come.
    /// </summary>
    private bool IsHeardAgain(Instant now, ref EffectSink sink)
    {
        if (!Blockers.HasFlag(Blockers.Deaf))
        {
            return false;
        }

        if (_channels[Config.Channel].TryListenAgain(Config.Channel, _links[Config.AdvertSlot].Present, now, ref sink))
        {
            return true;
        }

        // An interface that is absent is listened to when it appears.
        Deadline = _link.Present ? now + DeafGrace : Instant.Never;
        return false;
    }
}
