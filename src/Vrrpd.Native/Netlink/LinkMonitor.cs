using System;
using System.Runtime.InteropServices;
using Vrrpd.Core;

namespace Vrrpd.Native.Netlink;

/// <summary>
/// Watches links and addresses. It listens first and then looks (a dump of links, then one of addresses), so that nothing falls between;
/// when the kernel says that events were lost, it looks again, without ever waiting, and tells only the difference.
/// </summary>
internal sealed class LinkMonitor
{
    /// <summary>Datagrams read in one turn: adverts must not wait behind a storm of route or link changes.</summary>
    private const int DatagramsPerTurn = 64;

    /// <summary>AF_UNSPEC.</summary>
    private const byte AllFamilies = 0;

    private readonly NetlinkSocket _socket;
    private readonly InterfaceTable _table;
    private readonly HostEventQueue _events;
    private Phase _phase;
    private uint _look;
    private uint _sequence;
    private bool _wanted;
    private bool _known;
    private bool _interrupted;

    private LinkMonitor(NetlinkSocket socket, InterfaceTable table, HostEventQueue events)
    {
        _socket = socket;
        _table = table;
        _events = events;
    }

    private enum Phase : byte
    {
        Idle,
        Links,
        Addresses,
    }

    public int Fd => _socket.Fd;

    public InterfaceTable Interfaces => _table;

    /// <summary>A new look is due but the kernel would not start it just now: the loop should call <see cref="Read"/> again soon.</summary>
    public bool IsLookDue => _wanted && _phase == Phase.Idle;

    /// <summary>Lost datagrams so far (for tests and statistics).</summary>
    public int Overruns { get; private set; }

    /// <summary>
    /// Events for the interfaces of those names go to the queue. Null means errno.
    /// </summary>
    public static LinkMonitor? Open(string[] names, HostEventQueue events, out int errno)
    {
        NetlinkSocket? socket = NetlinkSocket.Open(Libc.RTMGRP_LINK | Libc.RTMGRP_IPV4_IFADDR | Libc.RTMGRP_IPV6_IFADDR, out errno);
        return socket is null ? null : new LinkMonitor(socket, new InterfaceTable(names, events), events);
    }

    /// <summary>The first complete look, waiting for the kernel. False if it does not answer.</summary>
    public bool LookAndWait()
    {
        // Every datagram of a dump and every event counts; a machine with 100,000 links has some 5,000 datagrams.
        const int MaxDatagrams = 1 << 20;
        _wanted = true;
        StartLook();
        for (int i = 0; i < MaxDatagrams && (_phase != Phase.Idle || _wanted); i++)
        {
            NetlinkRead read = _socket.Receive(wait: true);
            if (read == NetlinkRead.Empty)
            {
                return false;
            }

            Take(read);
            StartLook();
        }

        return _known;
    }

    /// <summary>Reads what waits, a bounded number of datagrams, never waiting.</summary>
    public void Read()
    {
        for (int i = 0; i < DatagramsPerTurn; i++)
        {
            StartLook();
            NetlinkRead read = _socket.Receive(wait: false);
            if (read == NetlinkRead.Empty)
            {
                return;
            }

            Take(read);
        }
    }

    public void Close() => _socket.Close();

    /// <summary>One datagram, as it was read.</summary>
    private void Take(NetlinkRead read)
    {
        if (read == NetlinkRead.Overrun)
        {
            Overruns++;
            _wanted = true;
        }
        else if (read == NetlinkRead.Datagram)
        {
            Take(_socket.Bytes);
        }
    }

    /// <summary>The messages of one datagram of the kernel.</summary>
    internal void Take(ReadOnlySpan<byte> datagram)
    {
        NetlinkReader reader = new(datagram);
        while (reader.TryNext(out NetlinkMessage message))
        {
            bool ofLook = _phase != Phase.Idle && message.Header.Sequence == _sequence && message.Header.Port == _socket.Port;
            if (ofLook && (message.Header.Flags & Libc.NLM_F_DUMP_INTR) != 0)
            {
                _interrupted = true;
            }

            switch (message.Header.Type)
            {
                case Libc.RTM_NEWLINK:
                case Libc.RTM_DELLINK:
                    TakeLink(message, ofLook);
                    break;
                case Libc.RTM_NEWADDR:
                case Libc.RTM_DELADDR:
                    TakeAddress(message);
                    break;
                case Libc.NLMSG_DONE:
                case Libc.NLMSG_ERROR:
                    if (ofLook)
                    {
                        EndPhase(message.Error);
                    }

                    break;
                default:
                    // NLMSG_NOOP and kinds that were not asked for.
                    break;
            }
        }
    }

    private void TakeLink(in NetlinkMessage message, bool ofLook)
    {
        if (!message.TryRead(out LinkHeader link, out AttributeReader attributes) || link.Family != 0)
        {
            // AF_BRIDGE: a port left its bridge (RTM_DELLINK too), which is not the end of the interface.
            return;
        }

        ReadOnlySpan<byte> name = default;
        MacAddress mac = default;
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            if (type == Libc.IFLA_IFNAME)
            {
                int end = value.IndexOf((byte)0);
                name = end < 0 ? value : value[..end];
            }
            else if (type == Libc.IFLA_ADDRESS && value.Length == MacAddress.Length)
            {
                mac = MacAddress.Read(value);
            }
        }

        if (message.Header.Type == Libc.RTM_DELLINK)
        {
            int slot = _table.SlotOf(link.Index);
            if (slot >= 0)
            {
                _table.LinkGone(slot);
            }

            return;
        }

        LinkFlags flags = ((link.Flags & Libc.IFF_UP) != 0 ? LinkFlags.Up : LinkFlags.None)
            | ((link.Flags & Libc.IFF_RUNNING) != 0 ? LinkFlags.Running : LinkFlags.None)
            | ((link.Flags & Libc.IFF_NOARP) != 0 ? LinkFlags.NoArp : LinkFlags.None);

        // The frames that announce an address are made for Ethernet alone.
        ushort foreign = 0;
        if (!flags.HasFlag(LinkFlags.NoArp) && link.HardwareType is not (Libc.ARPHRD_ETHER or Libc.ARPHRD_LOOPBACK))
        {
            (foreign, flags) = (link.HardwareType, flags | LinkFlags.NoArp);
        }

        if (_table.LinkSeen(link.Index, name, flags, mac, _look, foreign) && !ofLook)
        {
            // A rename brings addresses along and tells none of them.
            _wanted = true;
        }
    }

    private void TakeAddress(in NetlinkMessage message)
    {
        if (!message.TryRead(out AddressHeader head, out AttributeReader attributes) || (int)head.Family is not (Libc.AF_INET or Libc.AF_INET6))
        {
            return;
        }

        int slot = _table.SlotOf(head.Index);
        if (slot < 0)
        {
            return;
        }

        // IFA_ADDRESS is the peer on a point-to-point link; ours is IFA_LOCAL, which an ordinary IPv6 address does not have.
        int size = head.Family == Libc.AF_INET6 ? 16 : 4;
        uint flags = head.Flags;
        ReadOnlySpan<byte> local = default, remote = default;
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            if (type == Libc.IFA_LOCAL && value.Length == size)
            {
                local = value;
            }
            else if (type == Libc.IFA_ADDRESS && value.Length == size)
            {
                remote = value;
            }
            else if (type == Libc.IFA_FLAGS && value.Length == sizeof(uint))
            {
                flags = MemoryMarshal.Read<uint>(value);
            }
        }

        if (local.IsEmpty)
        {
            local = remote;
        }

        if (local.IsEmpty)
        {
            return;
        }

        // With a peer the length is the peer's; what is ours is the one address.
        bool hasPeer = !remote.IsEmpty && !remote.SequenceEqual(local);
        byte length = hasPeer ? (byte)(8 * size) : head.PrefixLength;
        Ip address = Ip.Read(local);
        if (message.Header.Type == Libc.RTM_NEWADDR)
        {
            _table.AddressSeen(slot, address, length, _look, IsTentative(flags));
        }
        else
        {
            _table.AddressGone(slot, address, length);
        }
    }

    /// <summary>Nothing can be sent from it: duplicate address detection runs (an optimistic address may be used meanwhile), or has found one.</summary>
    private static bool IsTentative(uint flags) =>
        (flags & (Libc.IFA_F_TENTATIVE | Libc.IFA_F_OPTIMISTIC)) == Libc.IFA_F_TENTATIVE || (flags & Libc.IFA_F_DADFAILED) != 0;

    /// <summary>Starts a look that is wanted, unless one runs: the kernel allows one dump per socket.</summary>
    private void StartLook()
    {
        if (!_wanted || _phase != Phase.Idle)
        {
            return;
        }

        _look++;
        if (Request(Libc.RTM_GETLINK, 0))
        {
            _wanted = false;
            _interrupted = false;
            _phase = Phase.Links;
        }
    }

    private bool Request(ushort type, byte family) => _socket.RequestDump(type, family, ++_sequence);

    /// <summary>A dump ended. One that was interrupted by a change may have left something out, and so has no say in what is gone.</summary>
    private void EndPhase(int error)
    {
        Phase ended = _phase;
        _phase = Phase.Idle;
        if (error != 0 || _interrupted)
        {
            _wanted = true;
            return;
        }

        if (ended == Phase.Links)
        {
            _table.DropLinksNotIn(_look);
            if (Request(Libc.RTM_GETADDR, AllFamilies))
            {
                _phase = Phase.Addresses;
            }
            else
            {
                _wanted = true;
            }

            return;
        }

        _table.DropAddressesNotIn(_look);
        if (!_known)
        {
            _known = true;
            _table.TellMissing();
            _events.Add(HostEvent.HostKnown());
        }
    }
}
