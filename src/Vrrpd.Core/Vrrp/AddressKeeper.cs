using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// The virtual addresses of one router on the host: puts them there, takes them off, and knows a theft from the kernel's late word about
/// our own removal. Whether the router is master is the router's business.
/// </summary>
internal sealed class AddressKeeper(RouterConfig config, short router, Link[] links)
{
    /// <summary>The kernel has told of it since we last added it, so that a removal told later is somebody else's.</summary>
    private readonly bool[] _confirmed = new bool[config.Addresses.Length];

    /// <summary>We put it there. An owner's address is the interface's own and stays when mastership goes.</summary>
    private readonly bool[] _added = new bool[config.Addresses.Length];

    /// <summary>One of our virtual addresses, on that interface.</summary>
    public bool Owns(short slot, Ip address) => IndexOf(slot, address) >= 0;

    /// <summary>One of our addresses that stands on that interface, or null.</summary>
    public VirtualAddress? On(short slot)
    {
        foreach (VirtualAddress vip in config.Addresses)
        {
            if (vip.Interface == slot)
            {
                return vip;
            }
        }

        return null;
    }

    /// <summary>Where an address of ours belongs; the advert interface if it is none of ours.</summary>
    public short SlotOf(Ip address)
    {
        foreach (VirtualAddress vip in config.Addresses)
        {
            if (vip.Address == address)
            {
                return vip.Interface;
            }
        }

        return config.Interface;
    }

    /// <summary>Mastership begins.</summary>
    public void Add(ref EffectSink sink)
    {
        sink.Log(LogEvent.SettingVips, router);
        for (int i = 0; i < config.Addresses.Length; i++)
        {
            VirtualAddress vip = config.Addresses[i];
            _added[i] = !config.IsOwner || !links[vip.Interface].Has(vip.Address);
            _confirmed[i] = !_added[i];
            if (_added[i])
            {
                sink.Add(new Effect(EffectKind.AddAddress, router) { Slot = vip.Interface, Vip = vip, Address = vip.Address });
            }
        }
    }

    /// <summary>Mastership ends. Even of an interface that is gone: it may only have been renamed, and then they would stay on it.</summary>
    public void Remove(ref EffectSink sink)
    {
        sink.Log(LogEvent.RemovingVips, router);
        for (int i = 0; i < config.Addresses.Length; i++)
        {
            if (_added[i])
            {
                Remove(config.Addresses[i], ref sink);
            }

            _added[i] = false;
        }
    }

    /// <summary>At start: whatever an earlier run left behind. Never an owner's, which are the interface's own.</summary>
    public void RemoveLeftovers(ref EffectSink sink)
    {
        bool said = config.IsOwner;
        foreach (VirtualAddress vip in config.Addresses)
        {
            if (config.IsOwner || !links[vip.Interface].Present)
            {
                continue;
            }

            if (!said)
            {
                sink.Log(LogEvent.RemovingVips, router);
                said = true;
            }

            Remove(vip, ref sink);
        }
    }

    /// <summary>The kernel tells of an address.</summary>
    public void HandleAdded(short slot, Ip address, byte prefixLength)
    {
        int index = IndexOf(slot, address);
        if (index >= 0 && (config.Addresses[index].PrefixLength == prefixLength || !_added[index]))
        {
            _confirmed[index] = true;
        }
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
        return _added[index] ? config.Addresses[index].PrefixLength == prefixLength : !links[slot].Has(address);
    }

    private void Remove(VirtualAddress vip, ref EffectSink sink) =>
        sink.Add(new Effect(EffectKind.RemoveAddress, router) { Slot = vip.Interface, Vip = vip, Address = vip.Address });

    private int IndexOf(short slot, Ip address)
    {
        for (int i = 0; i < config.Addresses.Length; i++)
        {
            if (config.Addresses[i].Address == address && config.Addresses[i].Interface == slot)
            {
                return i;
            }
        }

        return -1;
    }
}
