using System;
using System.Collections.Generic;
using Vrrpd.Core;

namespace Vrrpd.Sim;

/// <summary>A VRRP packet on its way. IPv4 and IPv6 packets alike lie here whole, from the IP header on.</summary>
internal sealed class Packet(byte[] bytes, int segment, Ip source, Ip destination, byte hopLimit, int payloadAt, Seat? sender)
{
    public int Segment => segment;
    public byte[] Bytes => bytes;
    public Ip Source => source;
    public Ip Destination => destination;
    public byte HopLimit => hopLimit;
    public int PayloadAt => payloadAt;

    /// <summary>Behind the IP header, and the authentication header if there is one.</summary>
    public ReadOnlySpan<byte> Payload => bytes.AsSpan(payloadAt);
    public byte Protocol => source.IsV6 ? bytes[6] : bytes[9];

    /// <summary>Null: somebody else's, and nobody may believe it.</summary>
    public Seat? Sender => sender;
    public byte Vrid => bytes.Length > payloadAt + 1 ? bytes[payloadAt + 1] : (byte)0;
    public byte Priority => bytes[payloadAt + 2];

    /// <summary>Advertisement interval: whole seconds in version 2, centiseconds in version 3.</summary>
    public TimeSpan Interval => Payload[0] >> 4 == 2 ? TimeSpan.FromSeconds(Payload[5])
        : TimeSpan.FromMilliseconds(10 * ((Payload[4] & 0xf) << 8 | Payload[5]));

    /// <summary>Of a packet from its IP header on.</summary>
    public static byte PriorityOf(ReadOnlySpan<byte> bytes) => bytes[0] >> 4 == 6 ? bytes[42] : bytes[((bytes[0] & 0xf) * 4) + (bytes[9] == 51 ? 24 : 0) + 2];

    public static Packet Of(ReadOnlySpan<byte> bytes, int segment, Seat? sender)
    {
        bool isV6 = bytes[0] >> 4 == 6;
        int payloadAt = isV6 ? 40 : ((bytes[0] & 0xf) * 4) + (bytes[9] == 51 ? 24 : 0);
        return isV6 ? new(bytes.ToArray(), segment, Ip.Read(bytes.Slice(8, 16)), Ip.Read(bytes.Slice(24, 16)), bytes[7], payloadAt, sender)
            : new(bytes.ToArray(), segment, Ip.Read(bytes.Slice(12, 4)), Ip.Read(bytes.Slice(16, 4)), bytes[8], payloadAt, sender);
    }
}

/// <summary>What happens to packets from one host to another on one segment.</summary>
internal struct LinkFault
{
    public bool IsCut;
    public int LossPermille;
    public int DuplicatePermille;

    /// <summary>So many packets come late enough to be overtaken.</summary>
    public int StragglerPermille;
    public TimeSpan Delay;

    /// <summary>Of the last packet: a switch does not let one overtake another.</summary>
    public Instant LastArrival;
}

/// <summary>
/// The segments: every host has an interface on each. One more station listens on each: a client that believes every gratuitous ARP and neighbour
/// advertisement, as neighbours do.
/// </summary>
internal sealed class SimLan
{
    /// <summary>The way through a switch.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMicroseconds(30), Longest = TimeSpan.FromMicroseconds(400);

    private readonly World _world;
    private readonly Prng _random;
    private readonly LinkFault[] _faults;
    private readonly Dictionary<(int Segment, Ip Address), (MacAddress Mac, int Host)> _neighbours = [];

    public SimLan(World world, int segments, Prng random)
    {
        (_world, _random) = (world, random);
        Stations = world.HostCount + 1;
        _faults = new LinkFault[segments * Stations * Stations];
    }

    /// <summary>Hosts and, as the last, the client.</summary>
    public int Stations { get; }
    public int Client => Stations - 1;
    public long Delivered { get; private set; }
    public long Lost { get; private set; }

    public ref LinkFault Fault(int segment, int from, int to) => ref _faults[(segment * Stations + from) * Stations + to];

    /// <summary>Whom the client of a segment takes for the holder of an address, or -1.</summary>
    public int Neighbour(int segment, Ip address) => _neighbours.TryGetValue((segment, address), out (MacAddress Mac, int Host) entry) ? entry.Host : -1;

    public void Send(int from, Packet packet)
    {
        foreach (SimHost host in _world.Hosts)
        {
            // Whoever does not run or listen loses nothing.
            if (host.Index != from && host.Listens(packet))
            {
                Send(from, host, packet);
            }
        }
    }

    /// <summary>From outside, not from any host: nothing happens to it on the way.</summary>
    public void Inject(SimHost host, Packet packet) => _world.Deliver(_world.Now + Shortest, host, packet);

    public void Announce(int segment, int from, ReadOnlySpan<byte> frame)
    {
        ref LinkFault fault = ref Fault(segment, from, Client);
        if (fault.IsCut || _random.ChancePermille(fault.LossPermille))
        {
            return;
        }

        // Ethernet, then ARP with the sender's address at 14, or IPv6 and a neighbour advertisement with its target at 8.
        Ip address = frame[12] == 0x08 ? Ip.Read(frame.Slice(14 + 14, 4)) : Ip.Read(frame.Slice(14 + 40 + 8, 16));
        _neighbours[(segment, address)] = (MacAddress.Read(frame[6..]), from);
    }

    private void Send(int from, SimHost to, Packet packet)
    {
        ref LinkFault fault = ref Fault(packet.Segment, from, to.Index);
        if (fault.IsCut || _random.ChancePermille(fault.LossPermille))
        {
            Lost++;
            packet.Sender?.Group.Disturb();
            return;
        }

        Instant arrival = Instant.Max(fault.LastArrival, _world.Now + _random.Between(Shortest, Longest) + fault.Delay);
        fault.LastArrival = arrival;
        TimeSpan way = arrival - _world.Now;
        Send(to, packet, way, isCopy: false);
        if (_random.ChancePermille(fault.StragglerPermille))
        {
            Send(to, packet, _random.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(4)), isCopy: true);
        }
        else if (_random.ChancePermille(fault.DuplicatePermille))
        {
            Send(to, packet, way + _random.Between(TimeSpan.Zero, Longest), isCopy: true);
        }
    }

    private void Send(SimHost to, Packet packet, TimeSpan way, bool isCopy)
    {
        Delivered++;
        packet.Sender?.Group.MixUp(way + (isCopy ? TimeSpan.FromSeconds(1) : default));
        if (packet.Sender is Seat sender && way > sender.Group.Prompt)
        {
            // As good as lost until it is there, and news from yesterday then.
            sender.Group.Disturb(way);
        }

        _world.Deliver(_world.Now + way, to, packet);
    }
}
