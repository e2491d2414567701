using System;
using System.Buffers.Binary;
using Vrrpd.Core.Config;
using Vrrpd.Core.Tests.Wire;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Talk;

/// <summary>What one router sends is what another accepts, whatever they speak; and what keepalived sends is what we would have sent.</summary>
public class AdvertTests
{
    public static TheoryData<byte, bool, bool, string> Kinds
    {
        get
        {
            TheoryData<byte, bool, bool, string> kinds = [];
            foreach (bool isV6 in (bool[])[false, true])
            {
                foreach (bool isUnicast in (bool[])[false, true])
                {
                    kinds.Add(2, isV6, isUnicast, "none");
                    kinds.Add(3, isV6, isUnicast, "none");
                    kinds.Add(3, isV6, isUnicast, "hmac");
                    kinds.Add(2, isV6, isUnicast, "hmac");
                }

                kinds.Add(2, false, isV6, "PASS");
                kinds.Add(2, false, isV6, "AH");
                kinds.Add(3, false, isV6, "dual");
                kinds.Add(3, false, isV6, "as_v2");
                kinds.Add(3, false, isV6, "old");
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_one_sends_the_other_accepts(byte version, bool isV6, bool isUnicast, string what)
    {
        Ip a = isV6 ? Talker.A6 : Talker.A4, b = isV6 ? Talker.B6 : Talker.B4;
        Talker sender = new(Kind(version, isV6, isUnicast, what, b), a), hearer = new(Kind(version, isV6, isUnicast, what, a), b);
        for (int i = 0; i < 5; i++)
        {
            if (what == "hmac")
            {
                sender.WallOffset = hearer.WallOffset = TimeSpan.FromDays(20_000);
            }

            sender.Encode((byte)(100 + i));
            byte[][] packets = sender.Send(resign: i == 4);
            Assert.Equal(what == "dual" ? 2 : 1, packets.Length);
            Assert.Equal(WireError.None, hearer.Hear(packets[0], out int priority));
            Assert.Equal(i == 4 ? 0 : 100 + i, priority);
            if (what == "dual")
            {
                Assert.Equal(WireError.OlderVersion, hearer.Hear(packets[1]));
            }

            sender.Now += TimeSpan.FromSeconds(1);
            hearer.Now += TimeSpan.FromSeconds(1);
        }

        Assert.Equal((5, 1), (hearer.Stats.AdvertsReceived, hearer.Stats.PriorityZeroReceived));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nobody_accepts_another_kind_or_a_bit_less_or_more(byte version, bool isV6, bool isUnicast, string what)
    {
        Ip a = isV6 ? Talker.A6 : Talker.A4, b = isV6 ? Talker.B6 : Talker.B4;
        Talker sender = new(Kind(version, isV6, isUnicast, what, b), a);
        if (what == "hmac")
        {
            sender.WallOffset = TimeSpan.FromDays(20_000);
        }

        byte[] packet = sender.Send()[0];
        foreach (object[] kind in Kinds)
        {
            (byte otherVersion, bool otherFamily, bool otherUnicast, string other) = ((byte)kind[0], (bool)kind[1], (bool)kind[2], (string)kind[3]);
            Talker hearer = new(Kind(otherVersion, otherFamily, otherUnicast, other, a), b);
            if (other == "hmac")
            {
                hearer.WallOffset = TimeSpan.FromDays(20_000);
            }

            // Checksums of version 3 are understood in every form, and who speaks both versions understands both.
            bool isPlain = what is not ("hmac" or "AH" or "PASS") && other is not ("hmac" or "AH" or "PASS");
            bool understands = version == otherVersion || (other == "dual" && version == 2);
            bool fits = isV6 == otherFamily && isUnicast == otherUnicast && (what == other || isPlain) && understands;
            Assert.Equal((fits, string.Join(' ', kind)), (hearer.Hear(packet) == WireError.None, string.Join(' ', kind)));
        }

        // Every bit of the payload; of the IP header, only a raw socket's kernel looks at all of them.
        Talker same = new(Kind(version, isV6, isUnicast, what, a), b);
        if (what == "hmac")
        {
            same.WallOffset = TimeSpan.FromDays(20_000);
        }

        for (int bit = (isV6 ? 40 : 20) * 8; bit < packet.Length * 8; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.NotEqual(WireError.None, same.Hear(packet));
            packet[bit / 8] ^= (byte)(1 << bit % 8);
        }

        for (int length = packet.Length - 1; length >= (isV6 ? 40 : 20); length--)
        {
            byte[] cut = packet[..length];
            BinaryPrimitives.WriteUInt16BigEndian(cut.AsSpan(isV6 ? 4 : 2), (ushort)(length - (isV6 ? 40 : 0)));
            Assert.NotEqual(WireError.None, same.Hear(cut));
        }

        Assert.Equal(0, same.Stats.AdvertsReceived);
        Assert.Equal(WireError.None, same.Hear(packet));
    }

    [Theory]
    [InlineData("v2_noauth_prio150_adv1_vip1", 2, "none", "10.10.30.0")]
    [InlineData("v2_noauth_prio150_adv1_vip2", 2, "none", "10.10.30.101 10.10.30.102")]
    [InlineData("v2_pass_prio150_adv1_vip2", 2, "PASS", "10.10.30.101 10.10.30.102")]
    [InlineData("v2_ah_prio150_adv1_vip1", 2, "AH", "10.10.30.0")]
    [InlineData("v3_ipv4_prio150_adv1", 3, "none", "10.10.30.0")]
    [InlineData("v3_ipv4_unicast", 3, "unicast", "10.10.31.2")]
    [InlineData("v3_ipv4_old_unicast", 3, "old", "10.10.31.3")]
    public void The_first_advert_is_byte_by_byte_that_of_keepalived(string name, byte version, string what, string addresses)
    {
        byte[] golden = Golden.Frame(name)[EthernetFrame.HeaderLength..];
        IpPacket ip = Golden.Packet(Golden.Frame(name));
        bool isUnicast = !ip.Destination.IsMulticast;
        RouterConfig config = Kind(version, false, isUnicast, what, ip.Destination) with
        {
            Vrid = ip.Payload[what == "AH" ? AuthHeader.Length + 1 : 1],
            AuthPass = 0x4b505f50415353_00,
            Addresses = Array.ConvertAll(addresses.Split(' '), static text => Vip(text)),
        };
        byte[] sent = new Talker(config, ip.Source).Send()[0];
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(sent));
        Assert.Equal(WireError.None, new Talker(config with { Peers = [Peer(ip.Source)] }, ip.Destination).Hear(golden));
    }

    [Theory]
    [InlineData("v3_ipv6_prio150_adv1", "fe80::5e:1 fd00:30::1")]
    [InlineData("v2_ipv6", "fe80::5e:a fd00:31::a")]
    public void The_first_advert_over_IPv6_is_keepalived_s_but_for_the_flow_label(string name, string addresses)
    {
        byte[] golden = Golden.Frame(name)[EthernetFrame.HeaderLength..];
        IpPacket ip = Golden.Packet(Golden.Frame(name));
        RouterConfig config = Talker.Config((byte)(ip.Payload[0] >> 4), true) with
        {
            Vrid = ip.Payload[1],
            Addresses = Array.ConvertAll(addresses.Split(' '), static text => Vip(text)),
        };
        byte[] sent = new Talker(config, ip.Source).Send()[0];
        golden[1] &= 0xf0;
        golden[2] = golden[3] = 0;
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(sent));
        Assert.Equal(WireError.None, new Talker(config, Talker.B6).Hear(golden));
    }

    [Fact]
    public void Each_peer_gets_its_own_packet_and_the_identification_counts()
    {
        RouterConfig config = Talker.Config(3, false) with { IsUnicast = true, UnicastTtl = 64, Peers = [Peer(Talker.B4), Peer(Talker.C4)] };
        Talker sender = new(config, Talker.A4);
        for (int i = 0; i < 3; i++)
        {
            byte[][] packets = sender.Send();
            Assert.Equal(2, packets.Length);
            for (int j = 0; j < 2; j++)
            {
                Assert.Equal(WireError.None, Ipv4Header.TryParse(packets[j], out Ipv4Header header));
                Assert.True(header.HasValidChecksum);
                Assert.Equal((64, 2 * i + j + 1, j == 0 ? Talker.B4 : Talker.C4), (header.Ttl, header.Id, header.Destination));
                Assert.Equal(WireError.None, new Talker(config with { Peers = [Peer(Talker.A4)] }, header.Destination).Hear(packets[j]));
            }
        }
    }

    [Fact]
    public void One_signature_serves_all_peers()
    {
        RouterConfig config = Talker.Config(3, true) with { IsUnicast = true, Hmac = Talker.Hmac(1), Peers = [Peer(Talker.B6), Peer(Ip.FromV6(1, 1))] };
        Talker sender = new(config, Talker.A6) { WallOffset = TimeSpan.FromDays(1) };
        byte[][] packets = sender.Send();
        Assert.Equal(packets[0][^HmacTrailer.Length..], packets[1][^HmacTrailer.Length..]);
        foreach (byte[] packet in packets)
        {
            Talker hearer = new(config with { Peers = [Peer(Talker.A6)] }, Talker.B6) { WallOffset = TimeSpan.FromDays(1) };
            Assert.Equal(WireError.None, hearer.Hear(packet));
        }
    }

    [Fact]
    public void Dual_version_sends_both_and_promises_in_seconds_no_more_than_it_keeps()
    {
        RouterConfig config = Talker.Config(3, false) with { IsDual = true, AdvertInterval = TimeSpan.FromMilliseconds(1500) };
        byte[][] packets = new Talker(config, Talker.A4).Send();
        IpPacket.TryParse(packets[1], out IpPacket ip);
        Assert.Equal(WireError.None, VrrpPacket.TryParse(ip, out VrrpPacket older));
        Assert.Equal((2, 2, 150, 0), (older.Version, older.IntervalUnits, older.Priority, older.AuthType));

        // A router of version 2 alone hears that one, and a dual one does where it hears nothing newer.
        RouterConfig two = Talker.Config(2, false) with { AdvertInterval = TimeSpan.FromSeconds(2) };
        Talker old = new(two, Talker.B4), dual = new(config, Talker.B4), strict = new(config with { IsDual = false }, Talker.B4);
        Assert.Equal(WireError.None, old.Hear(packets[1]));
        Assert.Equal(WireError.BadVersion, old.Hear(packets[0]));
        Assert.Equal(WireError.BadVersion, strict.Hear(packets[1]));
        Assert.Equal(WireError.None, dual.Hear(packets[1]));
        Assert.Equal(WireError.None, dual.Hear(packets[0]));
        Assert.Equal(WireError.OlderVersion, dual.Hear(packets[1]));
        dual.Now += TimeSpan.FromMilliseconds(4500);
        Assert.Equal(WireError.None, dual.Hear(packets[1]));
        Assert.DoesNotContain(dual.Said, line => line.Contains("dropped", StringComparison.Ordinal));
    }

    [Fact]
    public void Sending_and_hearing_allocate_nothing()
    {
        foreach (object[] kind in Kinds)
        {
            bool isV6 = (bool)kind[1];
            Ip a = isV6 ? Talker.A6 : Talker.A4, b = isV6 ? Talker.B6 : Talker.B4;
            Quiet sender = new(Kind((byte)kind[0], isV6, (bool)kind[2], (string)kind[3], b), a);
            Quiet hearer = new(Kind((byte)kind[0], isV6, (bool)kind[2], (string)kind[3], a), b);
            Turn(100);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Turn(100);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

            void Turn(int times)
            {
                for (int i = 0; i < times; i++)
                {
                    hearer.Hear(sender.Send());
                }
            }
        }
    }

    internal static UnicastPeer Peer(Ip address) => new(address, -1, -1);

    internal static RouterConfig Kind(byte version, bool isV6, bool isUnicast, string what, Ip peer) => Talker.Config(version, isV6) with
    {
        IsUnicast = isUnicast,
        Peers = isUnicast ? [Peer(peer)] : [],
        Auth = what == "PASS" ? AuthType.Pass : what == "AH" ? AuthType.Ah : AuthType.None,
        AuthPass = 0x7061737377647264,
        Hmac = what == "hmac" ? Talker.Hmac(1) : null,
        IsDual = what == "dual",
        Checksum = what == "as_v2" ? ChecksumChoice.MessageOnly : what == "old" ? ChecksumChoice.OldUnicast : ChecksumChoice.PseudoHeader,
    };

    private static VirtualAddress Vip(string text)
    {
        Assert.True(Ip.TryParse(text, out Ip ip));
        return new VirtualAddress { Address = ip, PrefixLength = 32, Interface = 0 };
    }

    /// <summary>A talker without the conveniences, which allocate.</summary>
    private sealed class Quiet
    {
        private readonly TalkState _talk;
        private readonly AdvertTemplate _template;
        private readonly AdvertCheck _check;
        private readonly Effect[] _effects = new Effect[8];
        private readonly byte[] _arena = new byte[4096];
        private readonly byte[] _sent = new byte[512];
        private Instant _now = new(TimeSpan.TicksPerDay);

        public Quiet(RouterConfig config, Ip source)
        {
            config = config with { Group = config.IsUnicast ? default : ChannelTable.UsualGroup(config.IsV6) };
            _talk = new TalkState(config);
            _template = new AdvertTemplate(config, _talk);
            _check = new AdvertCheck(config, _talk, new RouterStats(), new RejectLog(config, 0));
            _template.Encode(source, 1);
        }

        public ReadOnlySpan<byte> Send()
        {
            _now += TimeSpan.FromSeconds(1);
            EffectSink sink = new(_effects, _arena);
            _template.Send(false, 0, _now, ref sink);
            ReadOnlySpan<byte> packet = sink.Bytes(sink.Effects[0]);
            packet.CopyTo(_sent);
            return _sent.AsSpan(0, packet.Length);
        }

        public void Hear(ReadOnlySpan<byte> packet)
        {
            _now += TimeSpan.FromSeconds(1);
            EffectSink sink = new(_effects, _arena);
            IpPacket.TryParse(packet, out IpPacket ip);
            Invariant.Check(_check.Check(ip, _now, ref sink, out _) == WireError.None);
        }
    }
}
