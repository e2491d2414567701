using System;
using System.Buffers.Binary;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Talk;

/// <summary>Every reason to refuse an advert: its counter, its line, and that the line is not said for each packet of a flood.</summary>
public class CheckTests
{
    private const string From = " - dropped the advert from 10.10.30.1 on eth0, VRID 51";

    [Theory]
    [InlineData(2, 0, 0x41, WireError.BadVersion, "wrong version. Received 4 and expect 2")]
    [InlineData(2, 0, 0x31, WireError.BadVersion, "wrong version. Received 3 and expect 2")]
    [InlineData(3, 0, 0x21, WireError.BadVersion, "wrong version. Received 2 and expect 3")] // and too short for one: the version is asked first
    [InlineData(2, 0, 0x22, WireError.BadType, "Invalid packet type. 2 and expect 1")]
    [InlineData(3, 0, 0x37, WireError.BadType, "Invalid packet type. 7 and expect 1")]
    [InlineData(2, 3, 0, WireError.BadLength, "vrrp packet too long, length 20 and expect 16")]
    [InlineData(2, 3, 2, WireError.BadLength, "vrrp packet too short, length 20 and expect 24")]
    [InlineData(3, 3, 9, WireError.BadLength, "vrrp packet too short, length 12 and expect 44")]
    [InlineData(2, 4, 1, WireError.AuthTypeMismatch, "received a 1 auth, expecting 0!")]
    [InlineData(2, 4, 2, WireError.AuthTypeMismatch, "received a 2 auth, expecting 0!")]
    [InlineData(2, 4, 7, WireError.InvalidAuthType, "Invalid auth type: 7")]
    [InlineData(2, 5, 2, WireError.IntervalMismatch, "advertisement interval mismatch mine=1 sec rcv'd=2 sec")]
    [InlineData(2, 5, 0, WireError.IntervalMismatch, "advertisement interval mismatch mine=1 sec rcv'd=0 sec")]
    [InlineData(3, 5, 0, WireError.ZeroInterval, "advert with an interval of 0, by which nobody could be master")]
    [InlineData(2, 2, 1, WireError.BadChecksum, "Invalid VRRPv2 checksum")]
    [InlineData(3, 2, 1, WireError.BadChecksum, "Invalid VRRPv3 checksum 0x075f, wrong under every form that is known")]
    public void A_wrong_field_has_its_counter_and_its_line(byte version, int at, byte value, WireError expected, string line)
    {
        byte[] packet = new Talker(Talker.Config(version, false), Talker.A4).Send()[0];
        Talker hearer = new(Talker.Config(version, false), Talker.B4);
        packet[20 + at] = value;
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(expected, hearer.Hear(packet));
        }

        Assert.Equal(100, hearer.Stats.Errors(expected));
        Assert.Equal(["(VI_1) " + line + From], hearer.Said);
        hearer.Now += TimeSpan.FromSeconds(61);
        Assert.Equal(expected, hearer.Hear(packet));
        Assert.Equal("(VI_1) " + line + From + " (99 more like it were not shown)", hearer.Said[1]);
        Assert.Equal(0, hearer.Stats.AdvertsReceived);
    }

    [Fact]
    public void No_address_is_refused_by_whoever_has_one()
    {
        byte[] none = new Talker(Talker.Config(3, false) with { Addresses = [] }, Talker.A4).Send()[0];
        Talker one = new(Talker.Config(3, false), Talker.B4), alike = new(Talker.Config(3, false) with { Addresses = [] }, Talker.B4);
        Assert.Equal(WireError.NoAddresses, one.Hear(none));
        Assert.Equal(["(VI_1) advert with no address, expecting 1" + From], one.Said);
        Assert.Equal(WireError.None, alike.Hear(none));

        // In version 2 that is what keepalived sends for an instance of excluded addresses only; RFC 3768 says nothing against it.
        byte[] older = new Talker(Talker.Config(2, false) with { Addresses = [] }, Talker.A4).Send()[0];
        Assert.Equal(WireError.None, new Talker(Talker.Config(2, false), Talker.B4).Hear(older));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void From_afar_nothing_is_heard_by_multicast(bool isV6)
    {
        byte[] packet = new Talker(Talker.Config(3, isV6), isV6 ? Talker.A6 : Talker.A4).Send()[0];
        Talker hearer = new(Talker.Config(3, isV6), isV6 ? Talker.B6 : Talker.B4);
        for (int limit = 0; limit < 255; limit++)
        {
            packet[isV6 ? 7 : 8] = (byte)limit;
            Assert.Equal(WireError.BadTtl, hearer.Hear(packet));
        }

        Assert.StartsWith("(VI_1) invalid TTL/HL. Received 0 and expect 255 - dropped", Assert.Single(hearer.Said), StringComparison.Ordinal);
        packet[isV6 ? 7 : 8] = 255;
        Assert.Equal(WireError.None, hearer.Hear(packet));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void Multicast_is_not_for_unicast_nor_unicast_for_multicast_nor_another_group(byte version, bool isV6)
    {
        (Ip a, Ip b) = isV6 ? (Talker.A6, Talker.B6) : (Talker.A4, Talker.B4);
        RouterConfig multicast = Talker.Config(version, isV6), unicast = multicast with { IsUnicast = true, Peers = [AdvertTests.Peer(b)] };
        RouterConfig other = multicast with { Group = isV6 ? Ip.FromV6(0xff02_0000_0000_0000, 0x99) : Ip.FromV4(224, 0, 0, 99) };
        Talker hearsAll = new(multicast, b), hearsOne = new(unicast with { Peers = [AdvertTests.Peer(a)] }, b);
        Assert.Equal(WireError.BadDestination, hearsAll.Hear(new Talker(unicast, a).Send()[0]));
        Assert.Equal(WireError.BadDestination, hearsAll.Hear(new Talker(other, a).Send()[0]));
        Assert.Equal(WireError.BadDestination, hearsOne.Hear(new Talker(multicast, a).Send()[0]));
        string group = isV6 ? "ff02::12" : "224.0.0.18";
        string dropped = $" - dropped the advert from {a} on eth0, VRID 51";
        Assert.Equal("(VI_1) Expected multicast packet but received unicast packet" + dropped, Assert.Single(hearsAll.Said));
        Assert.Equal("(VI_1) Expected unicast packet but received multicast packet" + dropped, Assert.Single(hearsOne.Said));
        hearsAll.Now += TimeSpan.FromMinutes(2);
        hearsAll.Hear(new Talker(other, a).Send()[0]);
        string said = $"(VI_1) advert not sent to the group {group} but to {(isV6 ? "ff02::99" : "224.0.0.99")}" + dropped + " (1 more like it were not shown)";
        Assert.Equal(said, hearsAll.Said[1]);
    }

    [Fact]
    public void Unicast_hears_strangers_unless_it_is_told_to_check_and_peers_within_their_ttl()
    {
        RouterConfig config = Talker.Config(3, false) with { IsUnicast = true, Peers = [AdvertTests.Peer(Talker.C4)] };
        byte[] packet = new Talker(config with { Peers = [AdvertTests.Peer(Talker.B4)] }, Talker.A4).Send()[0];
        Assert.Equal(WireError.None, new Talker(config, Talker.B4).Hear(packet));
        Talker checks = new(config with { ChecksUnicastSource = true }, Talker.B4);
        Assert.Equal(WireError.UnknownPeer, checks.Hear(packet));
        Assert.Equal(["(VI_1) unicast advert of a host that is no unicast_peer" + From], checks.Said);

        Talker near = new(config with { Peers = [new UnicastPeer(Talker.A4, 60, 64)] }, Talker.B4);
        for (int ttl = 1; ttl < 256; ttl++)
        {
            packet[8] = (byte)ttl;
            Assert.Equal(ttl is >= 60 and <= 64 ? WireError.None : WireError.PeerTtl, near.Hear(packet));
        }

        Assert.Contains("(VI_1) invalid TTL/HL of a peer. Received 1 and expect 60..64" + From, near.Said);
        Talker least = new(config with { Peers = [new UnicastPeer(Talker.A4, 254, -1)] }, Talker.B4);
        packet[8] = 253;
        Assert.Equal(WireError.PeerTtl, least.Hear(packet));
        Assert.Equal("(VI_1) invalid TTL/HL of a peer. Received 253 and expect 254..255" + From, least.Said[^1]);
    }

    [Fact]
    public void An_owner_that_is_told_to_hears_nobody_and_says_nothing()
    {
        RouterConfig owner = Talker.Config(3, false) with { Priority = 255, IgnoresAdverts = true };
        byte[] packet = new Talker(Talker.Config(3, false), Talker.A4).Send()[0];
        Talker hearer = new(owner, Talker.B4);
        Assert.Equal(WireError.OwnerIgnores, hearer.Hear(packet));
        Assert.Empty(hearer.Said);
        Assert.Equal(WireError.None, new Talker(owner with { Priority = 254 }, Talker.B4).Hear(packet));
    }

    [Fact]
    public void Of_two_faults_the_earlier_in_keepalived_s_order_counts()
    {
        byte[] packet = new Talker(Talker.Config(2, false), Talker.A4).Send()[0];
        (int at, byte value, WireError error)[] faults =
        [
            (20, 0x31, WireError.BadVersion), (8, 1, WireError.BadTtl), (24, 1, WireError.AuthTypeMismatch), (25, 9, WireError.IntervalMismatch),
            (20, 0x29, WireError.BadType), (27, 0, WireError.BadChecksum), (19, 99, WireError.BadDestination),
        ];
        for (int first = 0; first < faults.Length; first++)
        {
            byte[] bad = [.. packet];
            for (int i = faults.Length - 1; i >= first; i--)
            {
                bad[faults[i].at] = faults[i].value;
            }

            if (first == faults.Length - 1)
            {
                bad = packet;
                bad[19] = 99;
            }

            Assert.Equal(faults[first].error, new Talker(Talker.Config(2, false), Talker.B4).Hear(bad));
        }
    }

    [Theory]
    [InlineData(ChecksumChoice.PseudoHeader, "")]
    [InlineData(
        ChecksumChoice.MessageOnly,
        "(VI_1) 10.10.30.1 sums its adverts without pseudo header (RFC 9568), we with the pseudo header (v3_checksum_as_v2 changes that)")]
    public void The_form_of_a_peer_s_checksum_is_said_once(ChecksumChoice form, string line)
    {
        Talker sender = new(Talker.Config(3, false) with { Checksum = form }, Talker.A4), hearer = new(Talker.Config(3, false), Talker.B4);
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(WireError.None, hearer.Hear(sender.Send()[0]));
            hearer.Now += TimeSpan.FromSeconds(1);
        }

        Assert.Equal([line.Length > 0 ? line : "(VI_1) 10.10.30.1 sums its adverts with the pseudo header (RFC 5798)"], hearer.Said);
    }

    [Fact]
    public void A_peer_of_the_old_kind_is_answered_in_its_own_way_unless_never()
    {
        RouterConfig config = Talker.Config(3, false) with { IsUnicast = true, Peers = [AdvertTests.Peer(Talker.A4), AdvertTests.Peer(Talker.C4)] };
        RouterConfig theirs = config with { Peers = [AdvertTests.Peer(Talker.B4)], Checksum = ChecksumChoice.OldUnicast };
        Talker old = new(theirs, Talker.A4), us = new(config, Talker.B4);
        Assert.Equal(ChecksumForm.PseudoHeader, FormOf(us.Send()[0]));
        Assert.Equal(WireError.None, us.Hear(old.Send()[0]));
        Assert.Equal(ChecksumForm.OldUnicast, FormOf(us.Send()[0]));
        Assert.Equal(ChecksumForm.PseudoHeader, FormOf(us.Send()[1]));
        Assert.Equal(["(VI_1) Setting unicast VRRPv3 checksum to old version for 10.10.30.1, which sends such"], us.Said);

        us.Encode(99);
        Assert.Equal(ChecksumForm.OldUnicast, FormOf(us.Send()[0]));
        us.Reload(config);
        Assert.Equal(ChecksumForm.OldUnicast, FormOf(us.Send()[0]));

        Talker never = new(config with { Checksum = ChecksumChoice.NeverOldUnicast }, Talker.B4);
        Assert.Equal(WireError.BadChecksum, never.Hear(old.Send()[0]));
        Assert.Equal(ChecksumForm.PseudoHeader, FormOf(never.Send()[0]));
    }

    [Theory]
    [InlineData(ChecksumChoice.PseudoHeader)]
    [InlineData(ChecksumChoice.MessageOnly)]
    [InlineData(ChecksumChoice.OldUnicast)]
    public void Whatever_we_send_ourselves_a_wrong_checksum_is_refused(ChecksumChoice ours)
    {
        Talker hearer = new(Talker.Config(3, false) with { Checksum = ours }, Talker.B4);
        byte[] packet = new Talker(Talker.Config(3, false), Talker.A4).Send()[0];
        int accepted = 0;
        for (int sum = 0; sum <= 0xffff; sum++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(26), (ushort)sum);
            accepted += hearer.Hear(packet) == WireError.None ? 1 : 0;
        }

        // With pseudo header and without; either may be a zero, which has two spellings.
        Assert.InRange(accepted, 2, 3);
    }

    [Fact]
    public void A_crowd_of_forged_senders_gets_one_line_and_no_more_memory()
    {
        Talker hearer = new(Talker.Config(3, false), Talker.B4);
        for (int i = 0; i < 1000; i++)
        {
            Talker sender = new(Talker.Config(3, false) with { Checksum = ChecksumChoice.MessageOnly }, Ip.FromV4(10, 9, (byte)(i >> 8), (byte)i));
            Assert.Equal(WireError.None, hearer.Hear(sender.Send()[0]));
        }

        Assert.Single(hearer.Said);
    }

    private static ChecksumForm FormOf(byte[] packet)
    {
        Assert.Equal(WireError.None, IpPacket.TryParse(packet, out IpPacket ip));
        Assert.Equal(WireError.None, VrrpPacket.TryView(ip.Payload, false, out VrrpPacket advert, out _));
        return advert.FindChecksum(ip.Source, ip.Destination);
    }
}
