using System;
using System.Buffers.Binary;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Wire;

/// <summary>Both versions over both families: every length, field, form and bit.</summary>
public class FamilyTests
{
    private static readonly Ip Source4 = Ip.FromV4(10, 10, 30, 1);
    private static readonly Ip Peer4 = Ip.FromV4(10, 10, 30, 9);
    private static readonly Ip Source6 = Ip.FromV6(0xfe80_0000_0000_0000, 1);
    private static readonly Ip Peer6 = Ip.FromV6(0xfd00_0000_0000_0000, 9);

    public static TheoryData<byte, bool, int> Shapes
    {
        get
        {
            TheoryData<byte, bool, int> shapes = [];
            foreach (byte version in (byte[])[2, 3])
            {
                foreach (bool isV6 in (bool[])[false, true])
                {
                    foreach (int count in (int[])[0, 1, 2, 20, 255])
                    {
                        shapes.Add(version, isV6, count);
                    }
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void What_is_written_is_read_and_no_byte_of_the_buffer_shines_through(byte version, bool isV6, int count)
    {
        (byte[] ones, byte[] zeros) = (Message(version, isV6, count, 0xa5), Message(version, isV6, count, 0));
        Assert.Equal(zeros, ones);
        Assert.Equal(8 + (isV6 ? 16 : 4) * count + (version == 2 && !isV6 ? 8 : 0), ones.Length);
        Assert.Equal(WireError.None, VrrpPacket.TryParse(Packet(ones, isV6), out VrrpPacket packet));
        Assert.Equal((version, isV6, 1, 7, 254, count), (packet.Version, packet.IsV6, packet.Type, packet.Vrid, packet.Priority, packet.Count));
        Assert.Equal(TimeSpan.FromSeconds(40), packet.Interval);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(Address(isV6, i), packet.Address(i));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_message_cut_anywhere_is_refused(byte version, bool isV6, int count)
    {
        byte[] message = Message(version, isV6, count, 0);
        for (int length = 0; length < message.Length; length++)
        {
            Assert.Equal(length < 8 ? WireError.Truncated : WireError.BadLength, VrrpPacket.TryParse(Packet(message[..length], isV6), out _));
        }

        for (int more = 1; more < 40; more++)
        {
            byte[] longer = [.. message, .. new byte[more]];
            Assert.Equal(WireError.BadLength, VrrpPacket.TryParse(Packet(longer, isV6), out _));
            Assert.Equal(WireError.None, VrrpPacket.TryView(longer, isV6, out VrrpPacket packet, out ReadOnlySpan<byte> behind));
            Assert.Equal((message.Length, more), (packet.Bytes.Length, behind.Length));
        }
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void Every_single_bit_flip_is_noticed(byte version, bool isV6)
    {
        byte[] message = Message(version, isV6, 2, 0);
        for (int bit = 0; bit < message.Length * 8; bit++)
        {
            message[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.NotEqual(WireError.None, VrrpPacket.TryParse(Packet(message, isV6), out _));
            message[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void A_message_of_one_shape_is_not_one_of_another(byte version, bool isV6)
    {
        byte[] message = Message(version, isV6, 3, 0);
        Assert.NotEqual(WireError.None, VrrpPacket.TryParse(Packet(message, !isV6), out _));
        message[0] ^= 2 << 4 ^ 3 << 4;
        Assert.NotEqual(WireError.None, VrrpPacket.TryParse(Packet(message, isV6), out _));
    }

    [Fact]
    public void Reserved_bits_are_sent_zero_and_not_looked_at()
    {
        byte[] message = Message(3, false, 1, 0xff);
        Assert.Equal(0, message[4] >> 4);
        foreach (int reserved in (int[])[1, 8, 15])
        {
            message[4] = (byte)(message[4] & 0xf | reserved << 4);
            VrrpPacket.Seal(message, VrrpPacket.Seed(ChecksumForm.PseudoHeader, Source4, VrrpPacket.Group, message.Length));
            Assert.Equal(WireError.None, VrrpPacket.TryParse(Packet(message, isV6: false), out VrrpPacket packet));
            Assert.Equal(TimeSpan.FromSeconds(40), packet.Interval);
        }
    }

    [Fact]
    public void Every_interval_of_version_3_comes_back()
    {
        byte[] message = new byte[8];
        for (int centiseconds = 0; centiseconds <= 4095; centiseconds++)
        {
            VrrpPacket.Write(message, new Advert { Version = 3, Interval = TimeSpan.FromMilliseconds(10 * centiseconds) });
            VrrpPacket.TryView(message, false, out VrrpPacket packet, out _);
            Assert.Equal((centiseconds, 10 * centiseconds), (packet.IntervalUnits, packet.Interval.TotalMilliseconds));
        }

        Assert.Throws<InvariantException>(() => VrrpPacket.Write(message, new Advert { Version = 3, Interval = TimeSpan.FromMilliseconds(40_960) }));
        Assert.Throws<InvariantException>(() => VrrpPacket.Write(message, new Advert { Version = 3, Interval = TimeSpan.FromMilliseconds(5) }));
        Assert.Throws<InvariantException>(() => VrrpPacket.Write(message, new Advert { Version = 4 }));
    }

    [Fact]
    public void Each_form_of_checksum_is_told_from_the_others_and_a_wrong_one_from_all()
    {
        foreach (Ip destination in (Ip[])[VrrpPacket.Group, Peer4])
        {
            foreach (ChecksumForm form in (ChecksumForm[])[ChecksumForm.PseudoHeader, ChecksumForm.Message, ChecksumForm.OldUnicast])
            {
                byte[] message = Message(3, false, 2, 0);
                VrrpPacket.Seal(message, VrrpPacket.Seed(form, Source4, destination, message.Length));

                // To the group itself the old form is the usual one.
                ChecksumForm expected = form == ChecksumForm.OldUnicast && destination.IsMulticast ? ChecksumForm.PseudoHeader : form;
                Assert.Equal(expected, Form(message, Source4, destination));
                int right = 0;
                ushort field = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6));
                for (int wrong = 0; wrong <= 0xffff; wrong++)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)(field ^ wrong));
                    right += Form(message, Source4, destination) == ChecksumForm.None ? 0 : 1;
                }

                Assert.InRange(right, destination.IsMulticast ? 2 : 3, destination.IsMulticast ? 3 : 4);
            }
        }
    }

    [Fact]
    public void Version_2_and_IPv6_have_one_form_each()
    {
        byte[] two = Message(2, false, 2, 0);
        VrrpPacket.Seal(two, VrrpPacket.Seed(ChecksumForm.PseudoHeader, Source4, VrrpPacket.Group, two.Length));
        Assert.Equal(ChecksumForm.None, Form(two, Source4, VrrpPacket.Group));
        foreach (byte version in (byte[])[2, 3])
        {
            byte[] six = Message(version, true, 2, 0);
            Assert.Equal(ChecksumForm.PseudoHeader, Form(six, Source6, VrrpPacket.Group6));
            Assert.Equal(ChecksumForm.None, Form(six, Source6, Peer6));
            VrrpPacket.Seal(six, 0);
            Assert.Equal(ChecksumForm.None, Form(six, Source6, VrrpPacket.Group6));
        }
    }

    [Fact]
    public void IPv6_sums_what_follows_the_message_and_IPv4_does_not()
    {
        byte[] behind = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28];
        byte[] six = [.. Message(3, true, 2, 0), .. behind];
        VrrpPacket.Seal(six, VrrpPacket.Seed(ChecksumForm.PseudoHeader, Source6, VrrpPacket.Group6, six.Length));
        Assert.Equal(WireError.None, VrrpPacket.TryView(six, true, out VrrpPacket packet, out ReadOnlySpan<byte> rest));
        Assert.Equal(ChecksumForm.PseudoHeader, packet.FindChecksum(Source6, VrrpPacket.Group6, rest));
        Assert.Equal(ChecksumForm.None, packet.FindChecksum(Source6, VrrpPacket.Group6));

        byte[] four = [.. Message(3, false, 2, 0), .. behind];
        Assert.Equal(WireError.None, VrrpPacket.TryView(four, false, out packet, out rest));
        Assert.Equal(ChecksumForm.PseudoHeader, packet.FindChecksum(Source4, VrrpPacket.Group, rest));
    }

    [Fact]
    public void An_IPv6_header_is_written_whole_and_read_back_and_cut_nowhere()
    {
        byte[] packet = new byte[60];
        Array.Fill(packet, (byte)0xa5);
        Assert.Equal(40, Ipv6Header.Write(packet, Source6, VrrpPacket.Group6, 255, VrrpPacket.Protocol, 0xc0, 20));
        Assert.Equal("6c000000001470fffe800000000000000000000000000001ff020000000000000000000000000012", Convert.ToHexStringLower(packet[..40]));
        Assert.Equal(WireError.None, Ipv6Header.TryParse(packet, out Ipv6Header header));
        Assert.Equal((Source6, VrrpPacket.Group6, 255, 112, 0xc0, 0, 20),
            (header.Source, header.Destination, header.HopLimit, header.NextHeader, header.TrafficClass, header.FlowLabel, header.Payload.Length));
        for (int length = 0; length < packet.Length; length++)
        {
            Assert.Equal(length < 40 ? WireError.Truncated : WireError.BadLength, Ipv6Header.TryParse(packet.AsSpan(0, length), out _));
        }

        Assert.Equal(WireError.BadLength, Ipv6Header.TryParse([.. packet, 0], out _));
        packet[0] = 0x4c;
        Assert.Equal(WireError.BadIpHeader, Ipv6Header.TryParse(packet, out _));
        Assert.Throws<InvariantException>(() => Ipv6Header.Write(packet, Source6, Peer4, 255, 112, 0, 20));
        Assert.Throws<InvariantException>(() => Ipv6Header.Write(packet, Source6, Peer6, 255, 112, 0, 65_536));
    }

    [Fact]
    public void A_packet_of_either_family_is_found_by_its_first_bits()
    {
        Assert.Equal(WireError.Truncated, IpPacket.TryParse([], out _));
        Assert.Equal(WireError.Truncated, IpPacket.TryParse([0x60], out _));
        Assert.Equal(WireError.BadIpHeader, IpPacket.TryParse(new byte[60], out _));
        Assert.Throws<InvariantException>(() => IpPacket.FromV6(Source6, Peer4, 1, 112, []));
    }

    [Theory]
    [InlineData(0, 135, WireError.BadType)]
    [InlineData(1, 1, WireError.BadType)]
    [InlineData(2, 0, WireError.BadChecksum)]
    [InlineData(8, 0, WireError.BadChecksum)]
    [InlineData(24, 1, WireError.BadType)]
    [InlineData(25, 2, WireError.BadType)]
    public void A_neighbour_advertisement_with_a_wrong_field_is_refused(int at, byte value, WireError expected)
    {
        byte[] frame = new byte[NeighborAdvert.FrameLength];
        NeighborAdvert.WriteUnsolicited(frame, new MacAddress(0x020000000001), Peer6);
        frame[54 + at] = value;
        Assert.Equal(expected, NeighborAdvert.TryParse(Golden.Packet(frame), out _));
    }

    [Fact]
    public void A_neighbour_advertisement_cut_forwarded_or_solicited_by_nobody_is_refused()
    {
        byte[] frame = new byte[NeighborAdvert.FrameLength];
        NeighborAdvert.WriteUnsolicited(frame, new MacAddress(0x020000000001), Peer6);
        IpPacket whole = Golden.Packet(frame);
        Assert.Equal(WireError.None, NeighborAdvert.TryParse(whole, out _));
        for (int length = 0; length < NeighborAdvert.Length; length++)
        {
            IpPacket cut = IpPacket.FromV6(whole.Source, whole.Destination, 255, 58, whole.Payload[..length]);
            Assert.Equal(WireError.Truncated, NeighborAdvert.TryParse(cut, out _));
        }

        Assert.Equal(WireError.BadTtl, NeighborAdvert.TryParse(IpPacket.FromV6(whole.Source, whole.Destination, 254, 58, whole.Payload), out _));
        Assert.Equal(WireError.BadType, NeighborAdvert.TryParse(IpPacket.FromV6(whole.Source, whole.Destination, 255, 112, whole.Payload), out _));
        frame[58] = 0xe0;
        BinaryPrimitives.WriteUInt16BigEndian(
            frame.AsSpan(56), Checksum.Update(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(56)), 0xa000, 0xe000));
        Assert.Equal(WireError.BadDestination, NeighborAdvert.TryParse(Golden.Packet(frame), out _));
    }

    [Fact]
    public void An_authentication_header_cut_or_of_another_kind_is_refused()
    {
        byte[] header = new byte[AuthHeader.Length];
        AuthHeader.Write(header, 1, 2);
        for (int length = 0; length < header.Length; length++)
        {
            Assert.Equal(WireError.Truncated, AuthHeader.TryParse(header.AsSpan(0, length), out _));
        }

        Assert.Equal(WireError.None, AuthHeader.TryParse(header, out AuthHeader read));
        Assert.Equal((1u, 2u), (read.Spi, read.Sequence));
        header[1]++;
        Assert.Equal(WireError.BadAuthHeader, AuthHeader.TryParse(header, out _));
        header[1]--;
        header[0] = 6;
        Assert.Equal(WireError.BadAuthHeader, AuthHeader.TryParse(header, out _));
    }

    [Fact]
    public void Every_reason_has_a_name_of_its_own()
    {
        for (int i = 1; i < WireErrors.Count; i++)
        {
            string name = WireErrors.CounterName((WireError)i);
            Assert.NotEqual("", name);
            for (int j = 1; j < i; j++)
            {
                Assert.NotEqual(WireErrors.CounterName((WireError)j), name);
            }
        }

        Assert.Equal(WireErrors.Count, Enum.GetValues<WireError>().Length);
    }

    private static ChecksumForm Form(byte[] message, Ip source, Ip destination)
    {
        Assert.Equal(WireError.None, VrrpPacket.TryView(message, source.IsV6, out VrrpPacket packet, out _));
        return packet.FindChecksum(source, destination);
    }

    private static IpPacket Packet(byte[] message, bool isV6) => new()
    {
        Source = isV6 ? Source6 : Source4,
        Destination = isV6 ? VrrpPacket.Group6 : VrrpPacket.Group,
        HopLimit = 255,
        Protocol = VrrpPacket.Protocol,
        Payload = message,
    };

    private static byte[] Message(byte version, bool isV6, int count, byte fill)
    {
        Ip[] addresses = new Ip[count];
        for (int i = 0; i < count; i++)
        {
            addresses[i] = Address(isV6, i);
        }

        byte[] message = new byte[VrrpPacket.Length(version, isV6, count)];
        Array.Fill(message, fill);
        IpPacket ip = Packet(message, isV6);
        ChecksumForm form = version == 2 && !isV6 ? ChecksumForm.Message : ChecksumForm.PseudoHeader;
        Advert advert = new()
        {
            Version = version,
            IsV6 = isV6,
            Vrid = 7,
            Priority = 254,
            Interval = TimeSpan.FromSeconds(40),
            Addresses = addresses,
        };
        VrrpPacket.Write(message, advert, VrrpPacket.Seed(form, ip.Source, ip.Destination, message.Length));
        return message;
    }

    private static Ip Address(bool isV6, int i) => isV6 ? Ip.FromV6(0xfd00_0030_0000_0000, (ulong)i) : Ip.FromV4(10, 1, 2, (byte)i);
}
