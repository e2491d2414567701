using System;
using System.Collections.Generic;
using System.Threading;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Net;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>Who hears what: each kind of receive socket against the real kernel. Needs root.</summary>
public sealed class SocketTests
{
    private const byte Vrrp = 112, Ah = 51;
    private static readonly Ip Group = ChannelTable.UsualGroup(isV6: false), Group6 = ChannelTable.UsualGroup(isV6: true);
    private static readonly Ip OtherGroup = Ip.FromV4(224, 0, 0, 77), OtherGroup6 = V6("ff02::77");
    private static readonly Ip Near = Ip.FromV4(10, 9, 0, 1), Far = Ip.FromV4(10, 9, 0, 2), Near6 = V6("fd09::1"), Far6 = V6("fd09::2");
    private static readonly Ip FarLocal = V6("fe80::2");

    [Theory]
    [InlineData(false, Vrrp)]
    [InlineData(false, Ah)]
    [InlineData(true, Vrrp)]
    public void AChannelHearsItsGroupsAndNoOthers(bool isV6, byte protocol) => Namespace.Run(ns =>
    {
        using Pair pair = new(ns);
        (Ip group, Ip other, Ip source) = isV6 ? (Group6, OtherGroup6, FarLocal) : (Group, OtherGroup, Far);
        VrrpSocket socket = pair.Open(Samples.Channel(protocol == Ah, group));

        // Somebody else on this host is a member of the other group; that makes nobody else hear it.
        VrrpSocket neighbour = pair.Open(Samples.Channel(protocol == Ah, other));
        pair.FromFar(Packet(source, group, protocol));
        Assert.Equal([Told(source, group, 255, protocol)], pair.Heard(socket, isV6));
        pair.HeardNothing(neighbour);
        pair.FromFar(Packet(source, other, protocol));
        pair.HeardNothing(socket);
        Assert.Equal([Told(source, other, 255, protocol)], pair.Heard(neighbour, isV6));

        // The other protocol, another protocol.
        foreach (byte stranger in new byte[] { protocol == Ah ? Vrrp : Ah, 253 })
        {
            pair.FromFar(Packet(source, group, stranger));
        }

        pair.HeardNothing(socket);
        socket.Close();
        neighbour.Close();
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatTheHostItselfSendsToTheGroupIsNotHeard(bool isV6) => Namespace.Run(ns =>
    {
        using Pair pair = new(ns);
        (Ip group, Ip source) = isV6 ? (Group6, V6("fe80::1")) : (Group, Near);
        VrrpSocket socket = pair.Open(Samples.Channel(isAh: false, group));
        VrrpSocket far = pair.OpenFar(Samples.Channel(isAh: false, group));
        Assert.Equal(0, pair.FromNear(Packet(source, group, Vrrp)));
        Assert.Equal([Told(source, group, 255, Vrrp)], pair.Heard(far, isV6));
        pair.HeardNothing(socket);
        socket.Close();
        far.Close();
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UnicastIsHeardOnTheDeviceThatItArrivesOn(bool isV6) => Namespace.Run(ns =>
    {
        using Pair pair = new(ns);
        (Ip source, Ip target, Ip group) = isV6 ? (Far6, Near6, Group6) : (Far, Near, Group);
        ChannelConfig unicast = new(0, isV6, IsAh: false, []);
        VrrpSocket socket = pair.Open(unicast);
        Namespace.Ip("link add other0 type veth peer name other1");
        Namespace.Ip("link set other0 up");
        VrrpSocket other = VrrpSocket.Open(unicast, Namespace.Index("other0"), "other0", out int _)!;

        pair.FromFar(Packet(source, target, Vrrp, hopLimit: 63));
        Assert.Equal([Told(source, target, 63, Vrrp)], pair.Heard(socket, isV6));
        pair.HeardNothing(other);

        // Member of nothing: no group is heard, not even one that the host has joined.
        VrrpSocket member = pair.Open(Samples.Channel(isAh: false, group));
        pair.FromFar(Packet(isV6 ? FarLocal : source, group, Vrrp));
        Assert.Single(pair.Heard(member, isV6));
        pair.HeardNothing(socket);
        socket.Close();
        other.Close();
        member.Close();
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AReloadChangesTheGroupsWithoutLosingWhatWaits(bool isV6) => Namespace.Run(ns =>
    {
        using Pair pair = new(ns);
        (Ip group, Ip other, Ip source) = isV6 ? (Group6, OtherGroup6, FarLocal) : (Group, OtherGroup, Far);
        VrrpSocket socket = pair.Open(Samples.Channel(isAh: false, group));
        pair.FromFar(Packet(source, group, Vrrp));
        int index = Namespace.Index("near0");
        Assert.False(socket.TryAdopt(Samples.Channel(isAh: false, group), index + 1));
        Assert.True(socket.TryAdopt(Samples.Channel(isAh: false, group, other), index));
        pair.FromFar(Packet(source, other, Vrrp));
        Assert.Equal([Told(source, group, 255, Vrrp), Told(source, other, 255, Vrrp)], pair.Heard(socket, isV6));
        Assert.True(socket.TryAdopt(Samples.Channel(isAh: false, other), index));
        pair.FromFar(Packet(source, group, Vrrp));
        pair.FromFar(Packet(source, other, Vrrp));
        Assert.Equal([Told(source, other, 255, Vrrp)], pair.Heard(socket, isV6));
        socket.Close();
    });

    [Fact]
    public void TheLongestPacketsArriveWholeAndLongerOnesCut() => Namespace.Run(ns =>
    {
        Namespace.Ip("link set near0 mtu 9000");
        ns.Far(static () => Namespace.Ip("link set far0 mtu 9000"));
        using Pair pair = new(ns);
        VrrpSocket socket = pair.Open(Samples.Channel(isAh: false, Group6));
        foreach ((int sent, int heard) in new[] { (4116, 4116), (Limits.DatagramBytes, Limits.DatagramBytes), (8000, Limits.DatagramBytes), (12, 12) })
        {
            pair.FromFar(Packet(FarLocal, Group6, Vrrp, payload: sent));
            Assert.Equal((FarLocal, Group6, 255, heard), Assert.Single(pair.Heard(socket, isV6: true)));
        }

        socket.Close();
    });

    [Fact]
    public void PeersThatDoNotListenDoNoHarmToOthers() => Namespace.Run(ns =>
    {
        // The far host answers "protocol unreachable", and nobody answers for the third address.
        using Pair pair = new(ns);
        foreach ((Ip source, Ip deaf, Ip absent) in new[] { (Near, Far, Ip.FromV4(10, 9, 0, 3)), (Near6, Far6, V6("fd09::3")) })
        {
            for (int i = 0; i < 20; i++)
            {
                Assert.Equal(0, pair.FromNear(Packet(source, deaf, Vrrp)));
                Assert.Equal(0, pair.FromNear(Packet(source, absent, Vrrp)));
                Thread.Sleep(i < 4 ? 10 : 0);
            }
        }

        // Neighbour resolution gives up after three seconds and then tells the sender.
        Thread.Sleep(3500);
        VrrpSocket far = pair.OpenFar(new ChannelConfig(0, IsV6: false, IsAh: false, []));
        VrrpSocket far6 = pair.OpenFar(new ChannelConfig(0, IsV6: true, IsAh: false, []));
        Assert.Equal(0, pair.FromNear(Packet(Near, Far, Vrrp)));
        Assert.Equal(0, pair.FromNear(Packet(Near6, Far6, Vrrp)));
        Assert.Single(pair.Heard(far, isV6: false));
        Assert.Single(pair.Heard(far6, isV6: true));
        string unreachable = Namespace.Counters();
        Assert.Matches("Icmp: .*\nIcmp: ", unreachable);
        Assert.True(Namespace.Counter(unreachable, "InDestUnreachs") > 0, "the far host did not complain");
        far.Close();
        far6.Close();
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APeerBehindARouterIsReachedThroughTheInterfaceOfTheInstance(bool isV6) => Namespace.Run(ns =>
    {
        using Pair pair = new(ns);
        (Ip source, Ip target) = isV6 ? (Near6, V6("fd10::9")) : (Near, Ip.FromV4(10, 10, 0, 9));
        Namespace.Ip(isV6 ? "-6 route add fd10::/64 via fd09::2" : "route add 10.10.0.0/24 via 10.9.0.2");
        ns.Far(() => Namespace.Ip(isV6 ? "addr add fd10::9/128 dev lo nodad" : "addr add 10.10.0.9/32 dev lo"));
        VrrpSocket far = pair.OpenFar(new ChannelConfig(0, isV6, IsAh: false, []));

        // An IPv6 address is there a moment after it was asked for.
        List<(Ip, Ip, int, int)> heard = [];
        for (int i = 0; i < 200 && heard.Count == 0; i++)
        {
            Assert.Equal(0, pair.FromNear(Packet(source, target, Vrrp)));
            heard = pair.Heard(far, isV6, patience: 1);
        }

        Assert.Contains(Told(source, target, 255, Vrrp), heard);
        _ = pair.Heard(far, isV6, patience: 10);

        // A source that the host does not have: the way is found all the same.
        Ip foreign = isV6 ? V6("fd09::77") : Ip.FromV4(10, 9, 0, 77);
        Assert.Equal(0, pair.FromNear(Packet(foreign, target, Vrrp)));
        Assert.Equal([Told(foreign, target, 255, Vrrp)], pair.Heard(far, isV6));
        far.Close();
    });

    [Fact]
    public void TheDatagramsOfBothFamiliesAllocateNothing() => Namespace.Run(ns =>
    {
        using Pair pair = new(ns);
        VrrpSocket four = pair.Open(Samples.Channel()), six = pair.Open(Samples.Channel(isAh: false, Group6));
        byte[] packet = Packet(Far, Group, Vrrp), packet6 = Packet(FarLocal, Group6, Vrrp);
        long heard = Exchange(50);
        long before = GC.GetAllocatedBytesForCurrentThread();
        heard += Exchange(1000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((2 * 1050L, 0L), (heard, allocated));
        four.Close();
        six.Close();

        long Exchange(int count)
        {
            long all = 0;
            for (int i = 0; i < count; i++)
            {
                // Bare: an assertion allocates.
                _ = pair.TryFromFar(packet) + pair.TryFromFar(packet6);
                all += four.Receive(pair.Buffer) > 0 ? 1 : 0;
                if (six.Receive(pair.Buffer) is int length && length > 0)
                {
                    Datagram datagram = pair.Buffer.Datagram(length, 1);
                    all += datagram.Source == FarLocal && datagram.Destination == Group6 && datagram.HopLimit == 255 ? 1 : 0;
                }
            }

            return all;
        }
    });

    private static Ip V6(string text) => Ip.TryParseV6(text, out Ip ip) ? ip : throw new ArgumentException(text);

    /// <summary>A whole packet with twelve bytes in it, or as many as are asked for; their checksum is nonsense.</summary>
    private static byte[] Packet(Ip source, Ip destination, byte protocol, byte hopLimit = 255, int payload = 12)
    {
        byte[] packet = new byte[(source.IsV6 ? 40 : 20) + payload];
        if (source.IsV6)
        {
            (packet[0], packet[1], packet[4], packet[5], packet[6], packet[7]) = (0x6c, 0, (byte)(payload >> 8), (byte)payload, protocol, hopLimit);
            source.Write(packet.AsSpan(8));
            destination.Write(packet.AsSpan(24));
            return packet;
        }

        (packet[0], packet[1], packet[8], packet[9]) = (0x45, 0xc0, hopLimit, protocol);
        source.Write(packet.AsSpan(12));
        destination.Write(packet.AsSpan(16));
        return packet;
    }

    private static (Ip Source, Ip Destination, int HopLimit, int Length) Told(Ip source, Ip destination, int hopLimit, byte protocol)
    {
        Assert.True(protocol is Vrrp or Ah);
        return (source, destination, hopLimit, 12);
    }

    /// <summary>Senders on both sides, and addresses of both families.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly Namespace _namespace;
        private readonly AdvertSender _near;
        private readonly AdvertSender _far;
        private readonly int _nearIndex = Namespace.Index("near0");
        private readonly int _farIndex;

        public Pair(Namespace ns)
        {
            _namespace = ns;
            Settle("near0", 1);

            AdvertSender? far = null;
            int farIndex = 0;
            ns.Far(() =>
            {
                Settle("far0", 2);
                (far, farIndex) = (AdvertSender.Open(out int _), Namespace.Index("far0"));
            });
            (_near, _far, _farIndex) = (AdvertSender.Open(out int _)!, far!, farIndex);
        }

        public ReceiveBuffer Buffer { get; } = new();

        public VrrpSocket Open(ChannelConfig channel)
        {
            VrrpSocket? socket = VrrpSocket.Open(channel, _nearIndex, "near0", out int errno);
            Assert.True(socket is not null, Errno.Text(errno));
            return socket;
        }

        public VrrpSocket OpenFar(ChannelConfig channel)
        {
            VrrpSocket? socket = null;
            _namespace.Far(() => socket = VrrpSocket.Open(channel, _farIndex, "far0", out int _));
            return socket!;
        }

        public int FromNear(byte[] packet) => _near.Send(_nearIndex, packet);

        public int TryFromFar(byte[] packet) => _far.Send(_farIndex, packet);

        public void FromFar(byte[] packet) => Assert.Equal(0, TryFromFar(packet));

        public void HeardNothing(VrrpSocket socket)
        {
            Thread.Sleep(100);
            for (int length = socket.Receive(Buffer); length >= 0; length = socket.Receive(Buffer))
            {
                Assert.Equal(0, length);
            }
        }

        /// <summary>Everything that waits: neighbour discovery and the other processor take a moment.</summary>
        public List<(Ip Source, Ip Destination, int HopLimit, int Length)> Heard(VrrpSocket socket, bool isV6, int patience = 200)
        {
            List<(Ip, Ip, int, int)> heard = [];
            for (int quiet = 0; quiet < (heard.Count == 0 ? patience : 2); quiet++)
            {
                Thread.Sleep(10);
                for (int length = socket.Receive(Buffer); length >= 0; length = socket.Receive(Buffer))
                {
                    if (length == 0)
                    {
                        // Nothing for us: of another group.
                        continue;
                    }

                    Datagram datagram = Buffer.Datagram(length, 0);
                    heard.Add(isV6 ? (datagram.Source, datagram.Destination, datagram.HopLimit, length)
                        : (Ip.Read(datagram.Bytes[12..16]), Ip.Read(datagram.Bytes[16..20]), datagram.Bytes[8], length - 20));
                }
            }

            return heard;
        }

        private static void Settle(string device, int number)
        {
            Namespace.Ip($"addr add 10.9.0.{number}/24 dev {device}");
            Namespace.Ip($"addr add fd09::{number}/64 dev {device} nodad");
            Namespace.Ip($"addr add fe80::{number}/64 dev {device} nodad");
        }

        public void Dispose()
        {
            _near.Close();
            _far.Close();
        }
    }
}
