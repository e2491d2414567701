using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Vrrpd.Core;
using Vrrpd.Native.Kernel;
using Vrrpd.Native.Netlink;

namespace Vrrpd.Native.Firewall;

/// <summary>A device with a virtual MAC address, as the rules know it.</summary>
/// <param name="LinkLocal">That it has from the interface below; unspecified for none.</param>
internal readonly record struct FilteredDevice(int Index, int Parent, bool IsV6, Ip LinkLocal);

/// <summary>
/// Our nf_tables table, made with the first thing that needs it and removed at the end. What shall be in it is known here, so that a table
/// that somebody flushed is made anew with the next change. A kernel that refuses is one line and an errno, and is asked again the next time.
/// </summary>
internal sealed class PacketFilter
{
    /// <summary>A batch: the table with all its rules is some 6 KB, and what remains holds four hundred addresses.</summary>
    private const int BatchBytes = 32 * 1024;

    /// <summary>Elements of one batch, each at most 40 bytes with its headers.</summary>
    private const int ElementsAtOnce = 400;

    private readonly FirewallOptions _options;
    private readonly LogWriter _log;
    private readonly CrashNote _note;
    private readonly DroppedAddresses _dropped = new();
    private readonly List<(DroppedAddress Address, bool IsDropped)> _changes = [];
    private readonly List<FilteredDevice> _devices = [];

    // By family, IPv4 first.
    private readonly FirewallParts[] _built = new FirewallParts[2];
    private readonly bool[] _refused = new bool[2];
    private NetlinkSocket? _socket;
    private byte[] _batch = [];

    public PacketFilter(FirewallOptions options, LogWriter log, CrashNote note)
    {
        (_options, _log, _note) = (options, log, note);
        RemoveLeftovers();
    }

    /// <summary>False once the kernel was found to have no `dup`: group reports are then dropped without a copy.</summary>
    public bool CanDuplicate { get; set; } = true;

    /// <summary>Room for so many addresses, so that a takeover allocates nothing, and the tables that will be needed.</summary>
    public void Prepare(bool needsV4, bool needsV6, int addresses)
    {
        _dropped.Reserve(addresses);
        _changes.EnsureCapacity(addresses);
        if (needsV4)
        {
            _ = Need(false, FirewallParts.Addresses);
        }

        if (needsV6)
        {
            _ = Need(true, FirewallParts.Addresses);
        }
    }

    /// <summary>From now on traffic to and from the address is dropped. More follow until <see cref="Flush"/>.</summary>
    /// <param name="index">Kernel index of its interface.</param>
    public void Drop(Ip address, int index)
    {
        DroppedAddress key = new(address, address.IsLinkLocal ? index : 0);
        if (_dropped.Add(key))
        {
            _changes.Add((key, true));
        }
    }

    /// <summary>The end of that.</summary>
    public void Accept(Ip address, int index)
    {
        DroppedAddress key = new(address, address.IsLinkLocal ? index : 0);
        if (_dropped.Remove(key))
        {
            _changes.Add((key, false));
        }
    }

    /// <summary>Tells the kernel what was dropped and accepted. 0, or the first errno.</summary>
    public int Flush()
    {
        int v4 = FlushFamily(false), v6 = FlushFamily(true);
        _changes.Clear();
        return v4 != 0 ? v4 : v6;
    }

    /// <summary>A device was made; before it is brought up, which makes the kernel tell of its groups.</summary>
    public int AddDevice(in FilteredDevice device)
    {
        RemoveDevice(device.Index, device.IsV6);
        _devices.Add(device);
        if ((_built[Family(device.IsV6)] & FirewallParts.Devices) == 0)
        {
            // With the table everything goes there that is known.
            return Need(device.IsV6, FirewallParts.Devices);
        }

        return ChangeDevice(device, add: true);
    }

    /// <summary>A device is gone, or will be.</summary>
    public void RemoveDevice(int index)
    {
        RemoveDevice(index, false);
        RemoveDevice(index, true);
    }

    private void RemoveDevice(int index, bool isV6)
    {
        int at = _devices.FindIndex(device => device.Index == index && device.IsV6 == isV6);
        if (at >= 0)
        {
            FilteredDevice device = _devices[at];
            _devices.RemoveAt(at);
            _ = ChangeDevice(device, add: false);
        }
    }

    /// <summary>Removes the tables. Traffic flows from then on.</summary>
    public void Close()
    {
        DeleteTable(false);
        DeleteTable(true);
        _socket?.Close();
        _socket = null;
    }

    private static int Family(bool isV6) => isV6 ? 1 : 0;

    private static byte Protocol(bool isV6) => isV6 ? Libc.NFPROTO_IPV6 : Libc.NFPROTO_IPV4;

    private int FlushFamily(bool isV6)
    {
        bool adds = false, changes = false;
        foreach ((DroppedAddress one, bool isDropped) in _changes)
        {
            adds |= one.Address.IsV6 == isV6 && isDropped;
            changes |= one.Address.IsV6 == isV6;
        }

        if (!changes)
        {
            return 0;
        }

        if ((_built[Family(isV6)] & FirewallParts.Addresses) == 0)
        {
            return adds ? Need(isV6, FirewallParts.Addresses) : 0;
        }

        int error = Send(isV6, add: false, all: false);
        error = error == 0 ? Send(isV6, add: true, all: false) : error;

        // Somebody flushed the ruleset: everything anew.
        return error == 0 ? 0 : Build(isV6, _built[Family(isV6)]);
    }

    /// <summary>Makes the table if it lacks that part.</summary>
    private int Need(bool isV6, FirewallParts part)
    {
        FirewallParts built = _built[Family(isV6)];
        return (built & part) == part ? 0 : Build(isV6, built | part);
    }

    /// <summary>The whole table with all that shall be in it.</summary>
    private int Build(bool isV6, FirewallParts parts)
    {
        if (_batch.Length == 0)
        {
            _batch = new byte[BatchBytes];
        }

        _note.Add($"table {(isV6 ? "ip6" : "ip")} {_options.Table}");
        int error = SendTable(isV6, parts);
        if (error is Errno.ENOENT or Errno.EOPNOTSUPP && CanDuplicate && (parts & FirewallParts.Devices) != 0)
        {
            CanDuplicate = false;
            error = SendTable(isV6, parts);
            CanDuplicate |= error != 0;
        }

        _built[Family(isV6)] = error == 0 ? parts : FirewallParts.None;
        for (int i = 0; error == 0 && i < _devices.Count; i++)
        {
            error = _devices[i].IsV6 == isV6 && (parts & FirewallParts.Devices) != 0 ? ChangeDevice(_devices[i], add: true) : 0;
        }

        error = error == 0 && (parts & FirewallParts.Addresses) != 0 ? Send(isV6, add: true, all: true) : error;
        ref bool refused = ref _refused[Family(isV6)];
        if (error != 0 && !refused)
        {
            _log.Write(LogLevel.Warning, $"cannot make nf_tables table {(isV6 ? "ip6" : "ip")} {_options.Table}: {Errno.Text(error)} - {Lost(isV6, parts)}");
        }

        refused = error != 0;
        return error;
    }

    private static string Lost(bool isV6, FirewallParts parts)
    {
        string addresses = "no_accept is not enforced: virtual addresses take traffic while we are master";
        string devices = isV6 ? "MLD reports leave with virtual MAC addresses, also while we are no master"
            : "IGMP reports leave with virtual MAC addresses, also while we are no master";
        return parts switch
        {
            FirewallParts.Addresses => addresses,
            FirewallParts.Devices => devices,
            _ => $"{addresses}; {devices}",
        };
    }

    private int SendTable(bool isV6, FirewallParts parts)
    {
        NftWriter writer = new(_batch, _options.Table, Protocol(isV6), _options.Counts);
        FirewallRules.Write(ref writer, isV6, parts, _options.Priority, CanDuplicate);
        return Commit(ref writer);
    }

    /// <summary>Elements of the address sets: what has changed, or all that shall be there.</summary>
    private int Send(bool isV6, bool add, bool all)
    {
        int error = Send(isV6, isLinkLocal: false, add, all);
        return error == 0 && isV6 ? Send(isV6, isLinkLocal: true, add, all) : error;
    }

    /// <summary>Those of one set, in as many batches as it takes.</summary>
    private int Send(bool isV6, bool isLinkLocal, bool add, bool all)
    {
        Span<byte> key = stackalloc byte[FirewallRules.MostKeyBytes];
        int error = 0, end = all ? _dropped.Count : _changes.Count;
        for (int next = 0; error == 0 && next < end;)
        {
            NftWriter writer = new(_batch, _options.Table, Protocol(isV6), _options.Counts);
            int count = 0;
            for (; next < end && count < ElementsAtOnce; next++)
            {
                DroppedAddress one = all ? _dropped[next] : _changes[next].Address;
                if (one.Address.IsV6 != isV6 || one.Address.IsLinkLocal != isLinkLocal || (!all && _changes[next].IsDropped != add))
                {
                    continue;
                }

                int length = FirewallRules.Key(one.Address, one.Index, key, out string set);
                if (count++ == 0)
                {
                    writer.BeginElements(set, add);
                }

                writer.Element(key[..length]);
            }

            if (count > 0)
            {
                writer.EndElements();
                error = Commit(ref writer);
            }
        }

        return error;
    }

    private int ChangeDevice(in FilteredDevice device, bool add)
    {
        if ((_built[Family(device.IsV6)] & FirewallParts.Devices) == 0)
        {
            return 0;
        }

        Span<byte> index = stackalloc byte[sizeof(int)], parent = stackalloc byte[sizeof(int)], key = stackalloc byte[FirewallRules.MostKeyBytes];
        int number = device.Index, below = device.Parent;
        MemoryMarshal.Write(index, in number);
        MemoryMarshal.Write(parent, in below);
        NftWriter writer = new(_batch, _options.Table, Protocol(device.IsV6), _options.Counts);
        writer.BeginElements(FirewallRules.DeviceMap, add);
        writer.Element(index, parent);
        writer.EndElements();
        if (device.IsV6)
        {
            writer.BeginElements(FirewallRules.Devices, add);
            writer.Element(index);
            writer.EndElements();
            if (!device.LinkLocal.IsUnspecified)
            {
                writer.BeginElements(FirewallRules.ParentLinkLocals, add);
                writer.Element(key[..FirewallRules.Key(device.LinkLocal, device.Index, key, out _)]);
                writer.EndElements();
            }
        }

        return Commit(ref writer);
    }

    private int Commit(ref NftWriter writer)
    {
        writer.End();
        Invariant.Check(!writer.Overflowed);
        return Send(writer.Length);
    }

    /// <summary>
    /// The kernel has carried out the batch, or refused it, when sendto returns: the answers are there. The first refusal is the reason.
    /// </summary>
    private int Send(int length)
    {
        if (_socket is null && (_socket = NetlinkSocket.Open(Libc.NETLINK_NETFILTER, 0, out int errno)) is null)
        {
            return errno;
        }

        int error = _socket.Send(_batch.AsSpan(0, length));
        if (error != 0)
        {
            return error;
        }

        bool confirmed = false;
        while (_socket.Receive(wait: false) is not NetlinkRead.Empty)
        {
            NetlinkReader reader = new(_socket.Bytes);
            while (reader.TryNext(out NetlinkMessage message))
            {
                if (message.Header.Type == Libc.NLMSG_ERROR)
                {
                    error = error == 0 ? message.Error : error;
                    confirmed |= message.Error == 0 && message.Header.Sequence == NftWriter.LastSequence;
                }
            }
        }

        return error != 0 || confirmed ? error : Errno.ENOBUFS;
    }

    private void DeleteTable(bool isV6)
    {
        if (_built[Family(isV6)] != FirewallParts.None)
        {
            _built[Family(isV6)] = FirewallParts.None;
            Delete(isV6, _options.Table);
        }
    }

    /// <summary>What a killed daemon dropped stays dropped until its table goes.</summary>
    private void RemoveLeftovers()
    {
        foreach (string[] words in _note.Left)
        {
            if (words is ["table", string family, string table])
            {
                Delete(family == "ip6", table);
            }
        }
    }

    private void Delete(bool isV6, string table)
    {
        if (_batch.Length == 0)
        {
            _batch = new byte[BatchBytes];
        }

        NftWriter writer = new(_batch, table, Protocol(isV6), counts: false);
        writer.DeleteTable(confirmed: true);
        int error = Send(writer.Length);
        if (error is not (0 or Errno.ENOENT))
        {
            _log.Write(LogLevel.Warning, $"cannot remove nf_tables table {(isV6 ? "ip6" : "ip")} {table}: {Errno.Text(error)}");
        }
    }
}
