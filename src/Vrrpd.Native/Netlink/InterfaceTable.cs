using System;
using System.Text;
using Vrrpd.Core;
using Vrrpd.Core.Config;

namespace Vrrpd.Native.Netlink;

/// <summary>An address of an interface as it was last seen.</summary>
internal struct KnownAddress
{
    public Ip Address;
    public byte PrefixLength;
    public bool IsTentative;

    /// <summary>The look (dump) in which it was last seen.</summary>
    public uint Look;
}

/// <summary>What is known of one interface of the configuration.</summary>
internal sealed class KnownInterface(string name)
{
    /// <summary>Addresses that an interface has of its own.</summary>
    private const int OwnAddresses = 32;

    private KnownAddress[] _addresses = new KnownAddress[OwnAddresses];
    private int _count;
    private ushort _foreignTold;

    public string Name { get; } = name;

    public byte[] NameBytes { get; } = Encoding.UTF8.GetBytes(name);

    public LinkFlags Flags { get; set; }

    public MacAddress Mac { get; set; }

    /// <summary>ARPHRD_* of a link that is no Ethernet although it would have ARP; 0 of every other.</summary>
    public ushort ForeignType { get; set; }

    public uint Look { get; set; }

    public Span<KnownAddress> Addresses => _addresses.AsSpan(0, _count);

    /// <summary>True once for each type of link that is foreign.</summary>
    public bool TryTakeForeign(out ushort type)
    {
        type = ForeignType;
        bool isNew = type != 0 && type != _foreignTold;
        _foreignTold = type;
        return isNew;
    }

    public int Find(Ip address, byte prefixLength)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_addresses[i].Address == address && _addresses[i].PrefixLength == prefixLength)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Room for its own addresses and so many virtual ones.</summary>
    public void Reserve(int virtuals)
    {
        if (_addresses.Length < OwnAddresses + virtuals)
        {
            Array.Resize(ref _addresses, OwnAddresses + virtuals);
        }
    }

    public void Add(in KnownAddress address)
    {
        if (_count == _addresses.Length)
        {
            Array.Resize(ref _addresses, 2 * _count);
        }

        _addresses[_count++] = address;
    }

    public void Clear() => _count = 0;

    /// <summary>Keeps the order of the others: the first address of an interface is the source of adverts.</summary>
    public void RemoveAt(int at)
    {
        Array.Copy(_addresses, at + 1, _addresses, at, _count - at - 1);
        _count--;
    }
}

/// <summary>
/// The interfaces of the configuration by slot: their kernel index while they exist, and their state. Every change that the engine should
/// know becomes an event, and none twice.
/// </summary>
internal sealed class InterfaceTable
{
    private KnownInterface[] _interfaces;
    private int[] _indexes;
    private int[] _lastIndexes;
    private readonly HostEventQueue _events;

    public InterfaceTable(string[] names, HostEventQueue events)
    {
        _events = events;
        _indexes = new int[names.Length];
        _lastIndexes = new int[names.Length];
        _interfaces = new KnownInterface[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            _interfaces[i] = new KnownInterface(names[i]);
        }
    }

    public int Count => _interfaces.Length;

    public KnownInterface this[int slot] => _interfaces[slot];

    /// <summary>Makes room for the virtual addresses of a configuration, so that a takeover allocates nothing.</summary>
    public void Reserve(DaemonConfig config)
    {
        int[] counts = new int[_interfaces.Length];
        foreach (RouterConfig router in config.Routers)
        {
            foreach (VirtualAddress vip in router.Addresses)
            {
                counts[vip.Interface]++;
            }

            foreach (VirtualAddress vip in router.Excluded)
            {
                counts[vip.Interface]++;
            }
        }

        for (int slot = 0; slot < counts.Length; slot++)
        {
            _interfaces[slot].Reserve(counts[slot]);
        }
    }

    /// <summary>
    /// Other interfaces from now on: those that were known before keep what is known of them under a new slot. True if there are new ones,
    /// for which the kernel has to be asked.
    /// </summary>
    public bool Adopt(string[] names, ReadOnlySpan<short> slotsBefore)
    {
        KnownInterface[] interfaces = new KnownInterface[names.Length];
        int[] indexes = new int[names.Length], lastIndexes = new int[names.Length];
        bool hasNew = false;
        for (int i = 0; i < names.Length; i++)
        {
            short before = slotsBefore[i];
            hasNew |= before < 0;
            interfaces[i] = before < 0 ? new KnownInterface(names[i]) : _interfaces[before];
            (indexes[i], lastIndexes[i]) = before < 0 ? (0, 0) : (_indexes[before], _lastIndexes[before]);
        }

        (_interfaces, _indexes, _lastIndexes) = (interfaces, indexes, lastIndexes);
        return hasNew;
    }

    /// <summary>Kernel index of the interface, 0 while it does not exist.</summary>
    public int IndexOf(int slot) => (uint)slot < (uint)_indexes.Length ? _indexes[slot] : 0;

    /// <summary>
    /// The index that the interface has or had last (0: never seen). What was renamed away still carries our addresses, and they must be
    /// taken off it; what was deleted refuses that, which is no harm.
    /// </summary>
    public int LastIndexOf(int slot) => (uint)slot < (uint)_lastIndexes.Length ? _lastIndexes[slot] : 0;

    /// <summary>Slot of a kernel index, or -1.</summary>
    public int SlotOf(int index) => index == 0 ? -1 : Array.IndexOf(_indexes, index);

    public int SlotOf(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _interfaces.Length; i++)
        {
            if (name.SequenceEqual(_interfaces[i].NameBytes))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A link as the kernel tells it. True if an interface appeared whose addresses we may not know.</summary>
    public bool LinkSeen(int index, ReadOnlySpan<byte> name, LinkFlags flags, MacAddress mac, uint look, ushort foreignType = 0)
    {
        int slot = SlotOf(name);
        int before = SlotOf(index);
        if (before >= 0 && before != slot)
        {
            // Renamed: the interface that the configuration means by the old name is gone.
            LinkGone(before);
        }

        if (slot < 0)
        {
            return false;
        }

        if (_indexes[slot] != 0 && _indexes[slot] != index)
        {
            // Deleted and made again, and the deletion was not heard.
            LinkGone(slot);
        }

        KnownInterface known = _interfaces[slot];
        bool appeared = _indexes[slot] == 0;
        known.Look = look;
        if (appeared || known.Flags != flags || known.Mac != mac)
        {
            _indexes[slot] = index;
            _lastIndexes[slot] = index;
            known.Flags = flags;
            known.Mac = mac;
            known.ForeignType = foreignType;
            _events.Add(HostEvent.Link((short)slot, flags, mac));
        }

        return appeared;
    }

    /// <summary>
    /// The interface no longer exists under its name; its addresses went with it, which is not told one by one: the engine would take each
    /// for a theft and say goodbye into an interface that is not there.
    /// </summary>
    public void LinkGone(int slot)
    {
        KnownInterface known = _interfaces[slot];
        known.Clear();
        _indexes[slot] = 0;
        known.Flags = LinkFlags.None;
        known.Mac = default;
        known.ForeignType = 0;
        _events.Add(HostEvent.LinkGone((short)slot));
    }

    /// <summary>
    /// An address is there; told every time, also what we put there ourselves: the engine waits for this word before it takes a later
    /// removal for somebody else's.
    /// </summary>
    public void AddressSeen(int slot, Ip address, byte prefixLength, uint look, bool isTentative = false)
    {
        KnownInterface known = _interfaces[slot];
        int at = known.Find(address, prefixLength);
        KnownAddress seen = new() { Address = address, PrefixLength = prefixLength, IsTentative = isTentative, Look = look };
        if (at < 0)
        {
            known.Add(seen);
        }
        else
        {
            known.Addresses[at] = seen;
        }

        _events.Add(HostEvent.AddressAdded((short)slot, address, prefixLength, isTentative));
    }

    /// <summary>An address is gone.</summary>
    public void AddressGone(int slot, Ip address, byte prefixLength)
    {
        int at = _interfaces[slot].Find(address, prefixLength);
        if (at >= 0)
        {
            DropAddress(slot, at);
        }
    }

    /// <summary>After a complete look at links: what it did not show is gone.</summary>
    public void DropLinksNotIn(uint look)
    {
        for (int slot = 0; slot < _interfaces.Length; slot++)
        {
            if (_indexes[slot] != 0 && _interfaces[slot].Look != look)
            {
                LinkGone(slot);
            }
        }
    }

    /// <summary>After a complete look at addresses: what it did not show is gone.</summary>
    public void DropAddressesNotIn(uint look)
    {
        for (int slot = 0; slot < _interfaces.Length; slot++)
        {
            KnownInterface known = _interfaces[slot];
            for (int i = known.Addresses.Length - 1; i >= 0; i--)
            {
                if (known.Addresses[i].Look != look)
                {
                    DropAddress(slot, i);
                }
            }
        }
    }

    /// <summary>At start, for every interface that is not there: the engine is told once, before HostKnown.</summary>
    public void TellMissing()
    {
        for (int slot = 0; slot < _interfaces.Length; slot++)
        {
            if (_indexes[slot] == 0)
            {
                _events.Add(HostEvent.LinkGone((short)slot));
            }
        }
    }

    private void DropAddress(int slot, int at)
    {
        KnownInterface known = _interfaces[slot];
        KnownAddress gone = known.Addresses[at];
        known.RemoveAt(at);
        _events.Add(HostEvent.AddressRemoved((short)slot, gone.Address, gone.PrefixLength));
    }
}
