using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Vrrp;

/// <summary>What is known of one interface of the configuration: presence, flags, MAC and addresses, as the host told them.</summary>
internal sealed class Link(string name)
{
    private readonly List<(Ip Address, byte PrefixLength)> _addresses = new(8);

    public string Name => name;
    public bool Present { get; private set; }
    public LinkFlags Flags { get; private set; }
    public MacAddress Mac { get; private set; }

    /// <summary>Administratively up with carrier: adverts can leave.</summary>
    public bool IsUp => Present && (Flags & (LinkFlags.Up | LinkFlags.Running)) == (LinkFlags.Up | LinkFlags.Running);

    /// <summary>No broadcast ARP on this kind of device (IFF_NOARP).</summary>
    public bool NoArp => (Flags & LinkFlags.NoArp) != 0;

    public void Change(LinkFlags flags, MacAddress mac) => (Present, Flags, Mac) = (true, flags, mac);

    /// <summary>The interface was deleted; what comes back under its name starts from nothing.</summary>
    public void Remove()
    {
        (Present, Flags) = (false, LinkFlags.None);
        _addresses.Clear();
    }

    public bool Has(Ip address)
    {
        foreach ((Ip has, _) in _addresses)
        {
            if (has == address)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>False when it was known already.</summary>
    public bool Add(Ip address, byte prefixLength)
    {
        if (_addresses.Contains((address, prefixLength)))
        {
            return false;
        }

        _addresses.Add((address, prefixLength));
        return true;
    }

    public bool Remove(Ip address, byte prefixLength) => _addresses.Remove((address, prefixLength));

    /// <summary>The first IPv4 address that is not one of the virtual ones given: the source of adverts when none is configured.</summary>
    public Ip FirstAddress(ReadOnlySpan<Config.VirtualAddress> notThese)
    {
        foreach ((Ip address, _) in _addresses)
        {
            if (!address.IsV6 && !IsVirtual(address, notThese))
            {
                return address;
            }
        }

        return default;
    }

    private static bool IsVirtual(Ip address, ReadOnlySpan<Config.VirtualAddress> virtuals)
    {
        foreach (Config.VirtualAddress vip in virtuals)
        {
            if (vip.Address == address)
            {
                return true;
            }
        }

        return false;
    }
}
