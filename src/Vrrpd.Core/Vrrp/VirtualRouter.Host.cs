using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>What the host tells: links, addresses, sockets, devices.</summary>
public sealed partial class VirtualRouter
{
    /// <summary>The device was asked for and has not gone since.</summary>
    private bool _isDeviceAsked;

    /// <summary>It was refused, or up and has gone: it is missed, rather than not there yet.</summary>
    private bool _isDeviceMissed;

    /// <summary>
    /// An interface of ours came, went, or changed its addresses: the source of our adverts follows unless it is configured, and the device
    /// over an interface that has come is made.
    /// </summary>
    internal void HandleLink(short slot, bool gone, Blockers clearToo, Instant now, ref EffectSink sink)
    {
        if (gone && slot == Config.Device?.Slot)
        {
            _isDeviceAsked = false;
        }

        MakeDevice(ref sink);
        if (OwnSource(Config).IsUnspecified)
        {
            Ip source = Config.IsV6 ? AdvertLink.FirstLinkLocal() : SourceLink.FirstAddress();
            if (source != _source && !source.IsUnspecified)
            {
                _template.Encode(_source = source, Priority);
            }

            _source = source;
        }

        bool isUp = IsUsable(_link), isDeviceUp = Config.Device is not { Slot: >= 0 } device || IsUsable(_links[device.Slot]);
        _isDeviceMissed |= isDeviceUp;
        bool isDeviceAwaited = !isDeviceUp && !_isDeviceMissed;
        bool hasSource = !_source.IsUnspecified && (!Config.TracksSource || Config.Source.IsUnspecified || HasSource(Config.Source));
        Blockers set = (isUp ? Blockers.None : Blockers.LinkDown) | (hasSource || isDeviceAwaited ? Blockers.None : Blockers.NoSource)
            | (isDeviceAwaited ? Blockers.DeviceUnknown : isDeviceUp ? Blockers.None : Blockers.DeviceDown)
            | (Config.FaultsWithoutPeer && Config.IsUnicast && Config.Peers.Length == 0 ? Blockers.NoPeer : Blockers.None);
        TransitionReason reason = !isUp ? gone ? TransitionReason.LinkGone : TransitionReason.LinkDown
            : !isDeviceUp ? TransitionReason.DeviceDown : !hasSource ? TransitionReason.NoSource : TransitionReason.NoPeer;
        // A link that came back also gives a refused address another chance.
        bool isBack = isUp && Blockers.HasFlag(Blockers.LinkDown);
        Blockers clear = Blockers.LinkDown | Blockers.NoSource | Blockers.DeviceDown | Blockers.DeviceUnknown | Blockers.NoPeer | clearToo
            | (isBack ? Blockers.AddressRefused : Blockers.None);
        Block(set, clear & ~set, reason, now, ref sink);
    }

    /// <summary>An interface works again on which a virtual address of ours stood all the time: nobody may know it there any more.</summary>
    internal void HandleLinkBack(short slot, Instant now)
    {
        if (State == RouterState.Master && !IsListening && _addresses.On(slot) != null)
        {
            _announcer.Renew(now);
        }
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
    internal void HandleAddressAdded(short slot, Ip address, byte prefixLength, Instant now)
    {
        if (State == RouterState.Master)
        {
            bool isBack = _addresses.HandleAdded(slot, address, prefixLength);
            _refusals = _addresses.Owns(slot, address) ? 0 : _refusals;
            if (isBack && !IsListening)
            {
                _announcer.Renew(now);
            }
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

    /// <summary>The device could not be made. Over an interface that has just gone that is no news; it is asked for again with the interface.</summary>
    internal void HandleDeviceRefused(int errno, Instant now, ref EffectSink sink)
    {
        if (Config.Device is not { Slot: >= 0 } device || !_link.Present || !_isDeviceAsked)
        {
            return;
        }

        sink.Log(LogEvent.DeviceRefused, _id, errno, address: default, slot: device.Slot);
        (_isDeviceAsked, _isDeviceMissed) = (false, true);
        Block(Blockers.DeviceDown, Blockers.DeviceUnknown, TransitionReason.DeviceDown, now, ref sink);
        Deadline = Instant.Min(Deadline, now + RefusedRetry);
    }

    /// <summary>The firewall would not drop what must not be taken: a master that takes it nevertheless is better than none.</summary>
    internal void HandleTrafficRefused(EffectKind kind, int errno, ref EffectSink sink) =>
        sink.Log(LogEvent.FirewallRefused, _id, errno, kind == EffectKind.DropTraffic ? 1 : 0);

    /// <summary>Its own interface, or the device over it.</summary>
    internal bool IsOn(short slot) => Config.Interface == slot || Config.Device?.Slot == slot;

    /// <summary>One of our virtual addresses, on that interface.</summary>
    internal bool Owns(short slot, Ip address) => _addresses.Owns(slot, address);

    /// <summary>The source that needs no interface to be found: as configured, or the address of an ipvlan.</summary>
    private static Ip OwnSource(RouterConfig config) => !config.Source.IsUnspecified ? config.Source
        : config.Device is { IsIpvlan: true } device && device.Address.IsV6 == config.IsV6 ? device.Address : default;

    /// <summary>A macvlan has no IPv4 address of its own but the virtual ones: its adverts come from the address of the interface below.</summary>
    private Link SourceLink => _link;

    private bool IsUsable(Link link) => Config.IgnoresOwnInterface ? link.Present : link.IsUp;

    private bool HasSource(Ip source) => _link.CanSendFrom(source) || AdvertLink.CanSendFrom(source);

    private void MakeDevice(ref EffectSink sink)
    {
        if (Config.Device is not { Slot: >= 0 } device || (Blockers & Blockers.Stopped) != 0)
        {
            return;
        }

        if (!_link.Present)
        {
            // Whatever stood over it went with it.
            _isDeviceAsked = false;
        }
        else if (!_isDeviceAsked)
        {
            _isDeviceAsked = true;
            sink.Add(new Effect(EffectKind.CreateLink, _id) { Slot = device.Slot });
        }
    }

    /// <summary>After a refusal.</summary>
    private void MakeDeviceAgain(ref EffectSink sink)
    {
        if ((Blockers & (Blockers.DeviceDown | Blockers.HostUnknown)) == Blockers.DeviceDown)
        {
            MakeDevice(ref sink);
        }
    }

    private void RemoveDevice(ref EffectSink sink)
    {
        if (_isDeviceAsked && Config.Device is { } device)
        {
            _isDeviceAsked = false;
            sink.Add(new Effect(EffectKind.RemoveLink, _id) { Slot = device.Slot });
        }
    }

    /// <summary>
    /// True once the interface is listened to again; until then it is asked for, by the first of its routers whose time has come.
    /// </summary>
    private bool IsHeardAgain(Instant now, ref EffectSink sink)
    {
        if (!Blockers.HasFlag(Blockers.Deaf))
        {
            return false;
        }

        if (_channels[Config.Channel].TryListenAgain(Config.Channel, AdvertLink.Present, now, ref sink))
        {
            return true;
        }

        // An interface that is absent is listened to when it appears.
        Deadline = AdvertLink.Present ? now + DeafGrace : Instant.Never;
        return false;
    }
}
