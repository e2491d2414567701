using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>A reload takes an address from its router. True if another master takes it over as it stands, confirmed by the kernel or not yet.</summary>
internal delegate bool Handover(VirtualAddress vip, bool isConfirmed);

/// <summary>
/// The virtual addresses of one router on the host: puts them there, takes them off, and knows a theft from the kernel's late word about
/// our own removal. Whether the router is master is the router's business.
/// </summary>
internal sealed class AddressKeeper(RouterConfig config, short router, Link[] links)
{
    private RouterConfig _config = config;
    private short _router = router;
    private Link[] _links = links;

    /// <summary>The kernel has told of it since we last added it, so that a removal told later is somebody else's.</summary>
    private bool[] _confirmed = new bool[config.AddressTotal];

    /// <summary>We put it there. An owner's address is the interface's own and stays when mastership goes.</summary>
    private bool[] _added = new bool[config.AddressTotal];

    /// <summary>no_track: somebody has removed it, which we were told to let pass.</summary>
    private bool[] _away = new bool[config.AddressTotal];

    /// <summary>An address came from another router, which did not announce it for us; or a reload came while addresses were added.</summary>
    private bool _hasReceived;

    /// <summary>The next to be added; beyond the last when all are.</summary>
    private int _next = int.MaxValue;

    /// <summary>One of our virtual addresses, on that interface.</summary>
    public bool Owns(short slot, Ip address) => IndexOf(slot, address) >= 0;

    /// <summary>One of our addresses that stands on that interface, or null.</summary>
    public VirtualAddress? On(short slot)
    {
        for (int i = 0; i < _config.AddressTotal; i++)
        {
            if (_config.AddressAt(i).Interface == slot)
            {
                return _config.AddressAt(i);
            }
        }

        return null;
    }

    /// <summary>Where an address of ours belongs; the advert interface if it is none of ours.</summary>
    public short SlotOf(Ip address)
    {
        for (int i = 0; i < _config.AddressTotal; i++)
        {
            if (_config.AddressAt(i).Address == address)
            {
                return _config.AddressAt(i).Interface;
            }
        }

        return _config.Interface;
    }

    /// <summary>Some of the addresses of a master are still to be added.</summary>
    public bool IsAdding => _next < _config.AddressTotal;

    /// <summary>
    /// Mastership begins: the first portion of the addresses. The kernel takes up to a millisecond for each, and adverts must not wait for
    /// thousands; <see cref="Continue"/> adds the rest in the turns that follow.
    /// </summary>
    public void Add(ref EffectSink sink)
    {
        sink.Log(LogEvent.SettingVips, _router);
        Array.Clear(_confirmed);
        _next = 0;
        Continue(ref sink);
    }

    /// <summary>One more portion.</summary>
    public void Continue(ref EffectSink sink)
    {
        for (int end = Math.Min(_next + Limits.AddressesPerTurn, _config.AddressTotal); _next < end; _next++)
        {
            Add(_next, ref sink);
        }
    }

    /// <summary>Mastership ends. Even of an interface that is gone: it may only have been renamed, and then they would stay on it.</summary>
    public void Remove(ref EffectSink sink)
    {
        sink.Log(LogEvent.RemovingVips, _router);
        _next = int.MaxValue;
        for (int i = 0; i < _config.AddressTotal; i++)
        {
            if (_added[i])
            {
                Remove(_config.AddressAt(i), ref sink);
            }

            _added[i] = false;
        }
    }

    /// <summary>
    /// At start: whatever an earlier run left behind. Never an owner's, which are the interface's own, nor what another master holds.
    /// </summary>
    public void RemoveLeftovers(Predicate<VirtualAddress> isHeld, ref EffectSink sink)
    {
        bool said = _config.IsOwner;
        for (int i = 0; i < _config.AddressTotal; i++)
        {
            VirtualAddress vip = _config.AddressAt(i);
            if (_config.IsOwner || !_links[vip.Interface].Present || isHeld(vip))
            {
                continue;
            }

            if (!said)
            {
                sink.Log(LogEvent.RemovingVips, _router);
                said = true;
            }

            Remove(vip, ref sink);
        }
    }

    /// <summary>The kernel tells of an address. True if it is one of ours that somebody had taken and put back.</summary>
    public bool HandleAdded(short slot, Ip address, byte prefixLength)
    {
        int index = IndexOf(slot, address);
        if (index < 0 || (_config.AddressAt(index).PrefixLength != prefixLength && _added[index]))
        {
            return false;
        }

        _confirmed[index] = true;
        (bool wasAway, _away[index]) = (_away[index], false);
        return wasAway;
    }

    /// <summary>Whether the address that went was ours and taken by somebody else.</summary>
    public bool IsTheft(short slot, Ip address, byte prefixLength)
    {
        int index = IndexOf(slot, address);
        if (index < 0 || !_confirmed[index])
        {
            return false;
        }

        // What we added has our prefix length; an owner's address is there as long as it is there with any.
        bool isGone = _added[index] ? _config.AddressAt(index).PrefixLength == prefixLength : !_links[slot].Has(address);
        if (isGone && (_config.AddressAt(index).Words.Extras.Traits & AddressTraits.NoTrack) != 0)
        {
            _away[index] = true;
            return false;
        }

        return isGone;
    }

    /// <summary>
    /// Reload, first half, before the end: addresses that are another master's from now on stay where they are. The others are no address of
    /// the interface any more, also before the kernel has said so, or one could be taken for the source of adverts.
    /// </summary>
    public void HandOver(Handover isTakenOver)
    {
        for (int i = 0; i < _config.AddressTotal; i++)
        {
            VirtualAddress vip = _config.AddressAt(i);
            _added[i] = _added[i] && !isTakenOver(vip, _confirmed[i]);
            if (_added[i])
            {
                _links[vip.Interface].Remove(vip.Address, vip.PrefixLength);
            }
        }
    }

    /// <summary>Reload, first half: what the next configuration does not have any more is taken off.</summary>
    public void Retire(RouterConfig next, ConfigDiff diff, Handover isTakenOver, ref EffectSink sink)
    {
        for (int i = 0; i < _config.AddressTotal; i++)
        {
            VirtualAddress vip = _config.AddressAt(i);
            if (_added[i] && diff.Find(vip, next, i) < 0)
            {
                _added[i] = false;
                if (!isTakenOver(vip, _confirmed[i]))
                {
                    sink.Log(LogEvent.AddressRetired, _router, vip.PrefixLength, address: vip.Address, slot: vip.Interface);
                    Remove(vip, ref sink);
                    _links[vip.Interface].Remove(vip.Address, vip.PrefixLength);
                }
            }
        }
    }

    /// <summary>Reload, second half: what stays is as it was, what is new is neither added nor confirmed.</summary>
    public void Adopt(RouterConfig next, short router, Link[] links, ConfigDiff diff, bool isMaster)
    {
        // An owner that is none any more goes on with virtual addresses: they leave the interface with its mastership.
        bool nowVirtual = isMaster && _config.IsOwner && !next.IsOwner;
        bool[] confirmed = new bool[next.AddressTotal], added = new bool[next.AddressTotal];
        for (int i = 0; i < _config.AddressTotal; i++)
        {
            int now = diff.Find(_config.AddressAt(i), next, i);
            if (now >= 0)
            {
                confirmed[now] = _confirmed[i];
                added[now] = _added[i] || (nowVirtual && _confirmed[i]);
            }
        }

        // What was still to be added is added with what is new.
        bool isCut = isMaster && IsAdding;
        (_config, _router, _links, _confirmed, _added, _hasReceived) = (next, router, links, confirmed, added, isCut);
        _next = int.MaxValue;
        _away = new bool[next.AddressTotal];
    }

    /// <summary>Between the halves: an address that another router of this host had is ours as it stands.</summary>
    public void Receive(VirtualAddress old, ConfigDiff diff, bool isConfirmed)
    {
        int index = diff.Find(old, _config, 0);
        if (index >= 0 && !_added[index])
        {
            (_added[index], _confirmed[index], _hasReceived) = (true, isConfirmed, true);
        }
    }

    /// <summary>Reload, second half, of a master: what it does not hold yet. True if there is anything to announce.</summary>
    public bool AddNew(ref EffectSink sink)
    {
        bool any = _hasReceived;
        bool isSaid = _hasReceived = false;
        for (int i = 0; i < _config.AddressTotal; i++)
        {
            if (_added[i] || _confirmed[i])
            {
                continue;
            }

            if (!isSaid)
            {
                sink.Log(LogEvent.SettingVips, _router);
            }

            any = isSaid = true;
            Add(i, ref sink);
        }

        return any;
    }

    private void Remove(VirtualAddress vip, ref EffectSink sink) =>
        sink.Add(new Effect(EffectKind.RemoveAddress, _router) { Slot = vip.Interface, Vip = vip, Address = vip.Address });

    private void Add(int index, ref EffectSink sink)
    {
        VirtualAddress vip = _config.AddressAt(index);
        _added[index] = !_config.IsOwner || !_links[vip.Interface].Has(vip.Address);
        _confirmed[index] = !_added[index];
        _away[index] = false;
        if (_added[index])
        {
            sink.Add(new Effect(EffectKind.AddAddress, _router) { Slot = vip.Interface, Vip = vip, Address = vip.Address });
        }
    }

    private int IndexOf(short slot, Ip address)
    {
        for (int i = 0; i < _config.AddressTotal; i++)
        {
            if (_config.AddressAt(i).Address == address && _config.AddressAt(i).Interface == slot)
            {
                return i;
            }
        }

        return -1;
    }
}
