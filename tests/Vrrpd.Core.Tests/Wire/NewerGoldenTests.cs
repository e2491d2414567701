using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Vrrpd.Core.Crypto;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Wire;

/// <summary>Version 3, IPv6, authentication headers and neighbour advertisements as keepalived sends them.</summary>
public class NewerGoldenTests
{
    public static TheoryData<string> Newer => Names("newer");
    public static TheoryData<string> Signed => Names("ah");

    [Theory]
    [MemberData(nameof(Newer))]
    public void An_advert_means_to_us_what_it_means_to_tshark(string line)
    {
        string[] words = line.Split(' ');
        byte[] bytes = Golden.Frame(words[1]);
        IpPacket ip = Golden.Packet(bytes);
        EthernetFrame.TryParse(bytes, out EthernetFrame frame);
        Assert.Equal(VrrpPacket.Protocol, ip.Protocol);
        Assert.Equal(WireError.None, VrrpPacket.TryParse(ip, out VrrpPacket packet));
        List<string> addresses = [];
        for (int i = 0; i < packet.Count; i++)
        {
            addresses.Add(packet.Address(i).ToString());
        }

        Assert.Equal((1, ip.IsV6, 0, 0UL), (packet.Type, packet.IsV6, packet.AuthType, packet.AuthData));
        Assert.Equal(line, string.Create(CultureInfo.InvariantCulture,
            $"newer {words[1]} {frame.Source} {frame.Destination} {ip.Source} {ip.Destination} {ip.HopLimit} {Class(frame.Payload)} {packet.Version} "
            + $"{packet.Vrid} {packet.Priority} {packet.IntervalUnits} {packet.FindChecksum(ip.Source, ip.Destination)} {string.Join(',', addresses)}"));
    }

    [Theory]
    [MemberData(nameof(Newer))]
    public void The_same_meaning_becomes_the_same_bytes(string line)
    {
        string[] words = line.Split(' ');
        byte[] golden = Golden.Frame(words[1])[EthernetFrame.HeaderLength..];
        byte[] written = new byte[golden.Length + 9];
        Array.Fill(written, (byte)0xa5);
        bool isV6 = golden[0] >> 4 == 6;
        Advert advert = new()
        {
            Version = Number(words[8]),
            IsV6 = isV6,
            Vrid = Number(words[9]),
            Priority = Number(words[10]),
            Interval = int.Parse(words[11], CultureInfo.InvariantCulture) * TimeSpan.FromMilliseconds(words[8] == "3" ? 10 : 1000),
            Addresses = Array.ConvertAll(words[13].Split(','), Address),
        };
        (Ip source, Ip destination) = (Address(words[4]), Address(words[5]));
        int length = VrrpPacket.Length(advert.Version, isV6, advert.Addresses.Length);
        int at = isV6
            ? Ipv6Header.Write(written, source, destination, Number(words[6]), VrrpPacket.Protocol, Number(words[7]), length)
            : Ipv4Header.Write(
                written, source, destination, Number(words[6]), VrrpPacket.Protocol, (ushort)(golden[4] << 8 | golden[5]), Number(words[7]), length);
        Assert.Equal(length, VrrpPacket.Write(written.AsSpan(at), advert, VrrpPacket.Seed(Enum.Parse<ChecksumForm>(words[12]), source, destination, length)));
        if (isV6)
        {
            // The kernel labels flows; we do not.
            golden[1] &= 0xf0;
            golden[2] = golden[3] = 0;
        }

        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(written, 0, at + length));
        Assert.All(written[(at + length)..], b => Assert.Equal(0xa5, b));
    }

    [Theory]
    [MemberData(nameof(Newer))]
    public void A_patched_priority_gives_the_bytes_of_a_new_message_under_every_form(string line)
    {
        IpPacket ip = Golden.Packet(Golden.Frame(line.Split(' ')[1]));
        for (int priority = 0; priority < 256; priority++)
        {
            byte[] message = ip.Payload.ToArray();
            VrrpPacket.PatchPriority(message, (byte)priority);
            Assert.Equal(WireError.None, VrrpPacket.TryView(message, ip.IsV6, out VrrpPacket patched, out _));
            Assert.Equal((priority, line.Split(' ')[12]), (patched.Priority, patched.FindChecksum(ip.Source, ip.Destination).ToString()));
        }
    }

    [Theory]
    [MemberData(nameof(Signed))]
    public void An_authentication_header_is_read_verified_and_written_as_keepalived_does(string line)
    {
        string[] words = line.Split(' ');
        byte[] packet = Golden.Frame(words[1])[EthernetFrame.HeaderLength..];
        IpPacket ip = Golden.Packet(Golden.Frame(words[1]));
        Assert.Equal(AuthHeader.Protocol, ip.Protocol);
        Assert.Equal(WireError.None, AuthHeader.TryParse(ip.Payload, out AuthHeader header));
        IpPacket inner = new() { Source = ip.Source, Destination = ip.Destination, Payload = header.Payload };
        Assert.Equal(WireError.None, VrrpPacket.TryParse(inner, out VrrpPacket advert));
        List<string> addresses = [];
        for (int i = 0; i < advert.Count; i++)
        {
            addresses.Add(advert.Address(i).ToString());
        }

        Assert.Equal(line, string.Create(CultureInfo.InvariantCulture,
            $"ah {words[1]} {ip.Source} {ip.Destination} {header.Spi} {header.Sequence} {advert.Vrid} {advert.Priority} {advert.AuthType} {words[9]} "
            + $"{string.Join(',', addresses)}"));

        byte[] password = new byte[8];
        Encoding.ASCII.GetBytes(words[9], password);
        HmacMd5 key = new(password);
        bool isUnicast = !ip.Destination.IsMulticast;
        Assert.True(AuthHeader.Verify(ip, key, isUnicast));
        Assert.False(AuthHeader.Verify(ip, key, !isUnicast));
        password[7] ^= 1;
        Assert.False(AuthHeader.Verify(ip, new HmacMd5(password), isUnicast));

        byte[] written = [.. packet];
        written.AsSpan(Ipv4Header.Length, AuthHeader.Length).Fill(0xa5);
        AuthHeader.Write(written.AsSpan(Ipv4Header.Length), header.Spi, header.Sequence);
        AuthHeader.Sign(written, key, isUnicast);
        Assert.Equal(Convert.ToHexString(packet), Convert.ToHexString(written));

        AuthHeader.PatchSequence(written, header.Sequence + 1);
        Assert.False(Verify(written));
        AuthHeader.Sign(written, key, isUnicast);
        Assert.True(Verify(written));

        bool Verify(byte[] bytes) => IpPacket.TryParse(bytes, out IpPacket again) == WireError.None && AuthHeader.Verify(again, key, isUnicast);
    }

    [Fact]
    public void Every_bit_that_does_not_change_on_the_way_is_signed_by_the_authentication_header()
    {
        byte[] packet = Golden.Frame("v2_ah_vip2")[EthernetFrame.HeaderLength..];
        HmacMd5 key = new(Encoding.ASCII.GetBytes("secret78"));
        for (int bit = 0; bit < packet.Length * 8; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << bit % 8);
            bool mutable = bit / 8 is 1 or 6 or 7 or 10 or 11;
            bool accepted = IpPacket.TryParse(packet, out IpPacket ip) == WireError.None && AuthHeader.TryParse(ip.Payload, out _) == WireError.None
                && AuthHeader.Verify(ip, key, isUnicast: false);
            Assert.Equal(mutable, accepted);
            packet[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Theory]
    [InlineData("na_v3_ipv6_prio150_adv1", "fe80::5e:1")]
    [InlineData("na_global", "fd00:31::a")]
    public void A_neighbour_advertisement_is_keepalived_s_but_for_its_router_flag(string name, string address)
    {
        byte[] golden = Golden.Frame(name);
        Assert.Equal(WireError.None, NeighborAdvert.TryParse(Golden.Packet(golden), out NeighborAdvert advert));
        Assert.Equal((false, false, true), (advert.IsRouter, advert.IsSolicited, advert.IsOverride));
        Assert.Equal(Address(address), advert.Target);

        byte[] written = new byte[NeighborAdvert.FrameLength + 5];
        Array.Fill(written, (byte)0xa5);
        Assert.Equal(golden.Length, NeighborAdvert.WriteUnsolicited(written, advert.TargetMac, Address(address)));
        Assert.All(written[golden.Length..], b => Assert.Equal(0xa5, b));
        Assert.Equal(WireError.None, NeighborAdvert.TryParse(Golden.Packet(written[..golden.Length]), out NeighborAdvert ours));
        Assert.Equal((true, false, true), (ours.IsRouter, ours.IsSolicited, ours.IsOverride));

        // keepalived sends R only if forwarding was on when it looked.
        const int Flags = 58, Sum = 56;
        (golden[Flags], golden[Sum], golden[Sum + 1]) = (written[Flags], written[Sum], written[Sum + 1]);
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(written, 0, golden.Length));
    }

    [Theory]
    [InlineData(
        4, "198.51.100.10", "3133c80100644402c0000264", "0101000068000000800000001b84bc4e8e43892dc6d98448f8ee2265")]
    [InlineData(
        6, "fe80::10", "3133c8010064a2e9fe800000000000000000000000000100", "010100006800000080000000c8c56146ebfd66ee10ec4d8186461b78")]
    public void The_trailer_of_auth_hmac_is_that_of_its_published_vectors(int family, string source, string message, string trailer)
    {
        byte[] key = new byte[32];
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = (byte)i;
        }

        HmacSha256 hmac = new(key);
        byte[] pdu = Convert.FromHexString(message), tail = Convert.FromHexString(trailer), written = new byte[HmacTrailer.Length];
        Array.Fill(written, (byte)0xa5);
        Assert.Equal(28, HmacTrailer.Write(written, pdu, Address(source), 1, 0x6800000080000000, hmac));
        Assert.Equal(trailer, Convert.ToHexStringLower(written));
        HmacTrailer read = new(tail);
        Assert.Equal((true, 1, 0x6800000080000000UL, 0x68000000u), (read.IsWellFormed, read.KeyId, read.Sequence, read.Seconds));
        Assert.True(read.Verify(pdu, Address(source), hmac));

        Assert.Equal(WireError.None, VrrpPacket.TryView([.. pdu, .. tail], family == 6, out VrrpPacket packet, out ReadOnlySpan<byte> behind));
        Assert.Equal((51, 200, 1.0), (packet.Vrid, packet.Priority, packet.Interval.TotalSeconds));
        Assert.True(behind.SequenceEqual(tail));

        // Whatever else is changed, the code is no longer right; the checksum is not covered.
        Assert.False(read.Verify(pdu, Address(family == 6 ? "fe80::11" : "198.51.100.11"), hmac));
        for (int bit = 0; bit < pdu.Length * 8; bit++)
        {
            pdu[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Equal(bit / 8 is 6 or 7, read.Verify(pdu, Address(source), hmac));
            pdu[bit / 8] ^= (byte)(1 << bit % 8);
        }

        for (int bit = 0; bit < tail.Length * 8; bit++)
        {
            tail[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(new HmacTrailer(tail).Verify(pdu, Address(source), hmac));
            tail[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    private static int Class(ReadOnlySpan<byte> packet) =>
        Ipv6Header.TryParse(packet, out Ipv6Header six) == WireError.None ? six.TrafficClass : packet[1];

    private static TheoryData<string> Names(string kind)
    {
        TheoryData<string> names = [];
        foreach (string[] words in Golden.Lines(kind))
        {
            names.Add(string.Join(' ', words));
        }

        return names;
    }

    private static byte Number(string word) => byte.Parse(word, CultureInfo.InvariantCulture);

    private static Ip Address(string word)
    {
        Assert.True(Ip.TryParse(word, out Ip ip));
        return ip;
    }
}
