using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Vrrp;

/// <summary>What is known of one interface of the configuration: presence, flags, MAC and addresses, as the host told them.</summary>
internal sealed class Link(string name)
{
    /// <summary>Addresses of its own that an interface may have before the list of them must grow.</summary>
    private const int OtherAddresses = 32;

    private readonly List<LinkAddress> _addresses = [];

    /// <summary>Virtual addresses of whatever router on this interface, less those of owners, whose addresses are the interface's own.</summary>
    private Ip[] _virtuals = [];

    public string Name => name;
    public bool Present { get; private set; }
    public LinkFlags Flags { get; private set; }
    public MacAddress Mac { get; private set; }

    /// <summary>Administratively up with carrier: adverts can leave.</summary>
    public bool IsUp => Present && (Flags & (LinkFlags.Up | LinkFlags.Running)) == (LinkFlags.Up | LinkFlags.Running);

    /// <summary>No broadcast ARP on this kind of device (IFF_NOARP).</summary>
    public bool NoArp => (Flags & LinkFlags.NoArp) != 0;

    /// <summary>Once for each engine. There is room for all of them from then on. True if they are others than before.</summary>
    public bool KnowVirtuals(Ip[] addresses)
    {
        bool changed = !addresses.AsSpan().SequenceEqual(_virtuals);
        _virtuals = addresses;
        _addresses.EnsureCapacity(addresses.Length + OtherAddresses);
        return changed;
    }

    public void Change(LinkFlags flags, MacAddress mac) => (Present, Flags, Mac) = (true, flags, mac);

    /// <summary>The interface was deleted; what comes back under its name starts from nothing.</summary>
    public void Remove()
    {
        (Present, Flags) = (false, LinkFlags.None);
        _addresses.Clear();
    }

    public bool Has(Ip address)
    {
        foreach (LinkAddress has in _addresses)
        {
            if (has.Address == address)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>It is there, and the check for duplicates is over (RFC 4862: nothing is sent from a tentative address).</summary>
    public bool CanSendFrom(Ip address)
    {
        foreach (LinkAddress has in _addresses)
        {
            if (has.Address == address && !has.IsTentative)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>False when it was known already.</summary>
    public bool Add(Ip address, byte prefixLength, bool isTentative)
    {
        for (int i = 0; i < _addresses.Count; i++)
        {
            if (_addresses[i].Address == address && _addresses[i].PrefixLength == prefixLength)
            {
                _addresses[i] = new LinkAddress(address, prefixLength, isTentative);
                return false;
            }
        }

        _addresses.Add(new LinkAddress(address, prefixLength, isTentative));
        return true;
    }

    public bool Remove(Ip address, byte prefixLength)
    {
        for (int i = 0; i < _addresses.Count; i++)
        {
            if (_addresses[i].Address == address && _addresses[i].PrefixLength == prefixLength)
            {
                _addresses.RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The first IPv4 address that is no virtual one: the source of adverts when none is configured. Nor that of another router: it
    /// goes when the other's mastership goes.
    /// </summary>
    public Ip FirstAddress()
    {
        foreach (LinkAddress has in _addresses)
        {
            if (!has.Address.IsV6 && Array.IndexOf(_virtuals, has.Address) < 0)
            {
                return has.Address;
            }
        }

        return default;
    }

    /// <summary>The same of IPv6, where it has to be a link-local one (RFC 9568 section 5.1.2.1) that is usable already.</summary>
    public Ip FirstLinkLocal()
    {
        foreach (LinkAddress has in _addresses)
        {
            if (has.Address.IsLinkLocal && !has.IsTentative && Array.IndexOf(_virtuals, has.Address) < 0)
            {
                return has.Address;
            }
        }

        return default;
    }

    private readonly struct LinkAddress(Ip address, byte prefixLength, bool isTentative)
    {
        public Ip Address => address;
        public byte PrefixLength => prefixLength;
        public bool IsTentative => isTentative;
    }
}
