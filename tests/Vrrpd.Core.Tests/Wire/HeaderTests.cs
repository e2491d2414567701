using System;
using System.Buffers.Binary;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Wire;

/// <summary>Headers below VRRP: IPv4, Ethernet, ARP.</summary>
public class HeaderTests
{
    [Fact]
    public void A_packet_cut_anywhere_is_refused()
    {
        byte[] packet = Packet(Golden.Plain);
        for (int length = 0; length < packet.Length; length++)
        {
            WireError expected = length < 20 ? WireError.Truncated : WireError.BadLength;
            Assert.Equal(expected, Ipv4Header.TryParse(packet.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData(0, 0x65, WireError.BadIpHeader)] // version 6
    [InlineData(0, 0x05, WireError.BadIpHeader)]
    [InlineData(0, 0x44, WireError.BadIpHeader)] // 16 bytes of header
    [InlineData(0, 0x40, WireError.BadIpHeader)]
    [InlineData(0, 0x4f, WireError.Truncated)] // 60 bytes of header in a packet of 40
    [InlineData(3, 0x13, WireError.BadLength)] // shorter than its header
    [InlineData(3, 0x27, WireError.BadLength)] // one byte behind it that no padding explains
    [InlineData(3, 0x29, WireError.BadLength)] // longer than what came
    [InlineData(2, 0xff, WireError.BadLength)]
    public void A_wrong_length_or_version_gives_the_error_of_its_field(int at, byte value, WireError expected)
    {
        byte[] packet = Packet(Golden.Plain);
        packet[at] = value;
        Assert.Equal(expected, Ipv4Header.TryParse(packet, out _));
    }

    [Theory]
    [InlineData("v2_noauth_prio150_vip0", 36, "36 38 42 46")]
    [InlineData("v2_noauth_prio150_adv1_vip1", 40, "40 42 46")]
    [InlineData("v2_noauth_prio150_adv1_vip2", 44, "44 46")]
    [InlineData("v2_noauth_prio150_adv1_vip20", 116, "116")]
    public void Surplus_bytes_are_accepted_where_Ethernet_and_its_tags_explain_them(string name, int total, string accepted)
    {
        byte[] padded = new byte[200];
        Packet(name).CopyTo(padded, 0);
        for (int length = 20; length <= padded.Length; length++)
        {
            bool good = Array.IndexOf(accepted.Split(' '), length.ToString(System.Globalization.CultureInfo.InvariantCulture)) >= 0;
            Assert.Equal(good ? WireError.None : WireError.BadLength, Ipv4Header.TryParse(padded.AsSpan(0, length), out Ipv4Header header));
            if (good)
            {
                Assert.Equal(total, header.TotalLength);
                Assert.Equal(total - 20, header.Payload.Length);
            }
        }
    }

    [Fact]
    public void Options_are_stepped_over()
    {
        byte[] message = Golden.Message(Golden.Plain);
        byte[] packet = new byte[24 + message.Length];
        Ipv4Header.Write(packet, Ip.FromV4(10, 0, 0, 1), VrrpPacket.Group, 255, VrrpPacket.Protocol, 1, 0xc0, 4 + message.Length);
        packet[0] = 0x46;
        packet[20] = 0x94; // router alert, as some IGMP-minded stacks add to everything
        packet[21] = 4;
        message.CopyTo(packet, 24);
        Assert.Equal(WireError.None, Ipv4Header.TryParse(packet, out Ipv4Header header));
        Assert.Equal(24, header.HeaderLength);
        Assert.True(header.Payload.SequenceEqual(message));
        Assert.Equal(WireError.None, IpPacket.TryParse(packet, out IpPacket ip));
        Assert.Equal(WireError.None, VrrpPacket.TryParse(ip, out _));
        Assert.Equal(24, ip.Header.Length);
    }

    [Fact]
    public void A_written_header_is_whole_and_its_identification_can_be_patched()
    {
        byte[] packet = new byte[20];
        byte[] patched = new byte[20];
        Array.Fill(patched, (byte)0xa5);
        Ipv4Header.Write(patched, Ip.FromV4(10, 0, 0, 1), VrrpPacket.Group, 255, 112, 0xffff, 0xc0, 0);
        for (int id = 0; id <= 0xffff; id++)
        {
            Ipv4Header.Write(packet, Ip.FromV4(10, 0, 0, 1), VrrpPacket.Group, 255, 112, (ushort)id, 0xc0, 0);
            Ipv4Header.PatchId(patched, (ushort)id);
            Assert.True(packet.AsSpan().SequenceEqual(patched));
        }

        Assert.Equal(WireError.None, Ipv4Header.TryParse(packet, out Ipv4Header header));
        Assert.True(header.HasValidChecksum);
        Assert.Equal((0xffff, 255, 112, 0xc0), (header.Id, header.Ttl, header.Protocol, header.Tos));
        packet[8]--;
        Assert.Equal(WireError.None, Ipv4Header.TryParse(packet, out header));
        Assert.False(header.HasValidChecksum);
    }

    [Fact]
    public void A_payload_that_no_IP_packet_holds_is_our_bug()
    {
        byte[] target = new byte[20];
        Assert.Throws<InvariantException>(() => Ipv4Header.Write(target, default, default, 255, 112, 1, 0, 65_516));
    }

    [Fact]
    public void A_frame_shorter_than_its_header_is_refused()
    {
        Assert.Equal(WireError.Truncated, EthernetFrame.TryParse(new byte[13], out _));
        Assert.Equal(WireError.None, EthernetFrame.TryParse(new byte[14], out EthernetFrame frame));
        Assert.True(frame.Payload.IsEmpty);
    }

    [Fact]
    public void An_ARP_cut_anywhere_is_refused_and_a_padded_one_is_not()
    {
        byte[] arp = Golden.Frame("garp_10.10.30.101")[EthernetFrame.HeaderLength..];
        for (int length = 0; length < arp.Length; length++)
        {
            Assert.Equal(WireError.Truncated, ArpPacket.TryParse(arp.AsSpan(0, length), out _));
        }

        byte[] padded = new byte[46];
        arp.CopyTo(padded, 0);
        Assert.Equal(WireError.None, ArpPacket.TryParse(padded, out ArpPacket packet));
        Assert.Equal(Ip.FromV4(10, 10, 30, 101), packet.TargetIp);
    }

    [Theory]
    [InlineData(0, 1, WireError.BadType)]
    [InlineData(1, 6, WireError.BadType)]
    [InlineData(2, 0x86, WireError.BadType)]
    [InlineData(3, 6, WireError.BadType)]
    [InlineData(4, 8, WireError.BadLength)]
    [InlineData(5, 16, WireError.BadLength)]
    public void An_ARP_for_other_links_or_protocols_is_refused(int at, byte value, WireError expected)
    {
        byte[] arp = Golden.Frame("garp_10.10.30.101")[EthernetFrame.HeaderLength..];
        arp[at] = value;
        Assert.Equal(expected, ArpPacket.TryParse(arp, out _));
    }

    [Fact]
    public void An_ARP_reply_is_written_as_asked()
    {
        byte[] target = new byte[28];
        Array.Fill(target, (byte)0xa5);
        MacAddress us = new(0x020000000001), them = new(0x020000000002);
        Assert.Equal(28, ArpPacket.Write(target, ArpPacket.Reply, us, Ip.FromV4(1, 2, 3, 4), them, Ip.FromV4(5, 6, 7, 8)));
        Assert.Equal("000108000604000202000000000101020304" + "02000000000205060708", Convert.ToHexString(target));
        Assert.Equal(ArpPacket.Reply, BinaryPrimitives.ReadUInt16BigEndian(target.AsSpan(6)));
    }

    private static byte[] Packet(string name) => Golden.Frame(name)[EthernetFrame.HeaderLength..];
}
