using System;
using System.Buffers.Binary;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Wire;

public class VrrpPacketTests
{
    [Fact]
    public void A_message_cut_anywhere_is_refused()
    {
        byte[] message = Golden.Message("v2_pass_prio150_adv1_vip20");
        for (int length = 0; length < message.Length; length++)
        {
            ReadOnlySpan<byte> cut = message.AsSpan(0, length);
            WireError expected = length < 8 ? WireError.Truncated : WireError.BadLength;
            Assert.Equal(expected, TryParse(cut, out _));
            Assert.Equal(expected, VrrpPacket.TryView(cut, false, out _, out _));
            Assert.Equal(length >= 8, VrrpPacket.TryReadVrid(cut, out _));
        }
    }

    [Fact]
    public void A_message_with_a_byte_too_many_is_refused()
    {
        byte[] message = [.. Golden.Message(Golden.Plain), 0];
        Assert.Equal(WireError.BadLength, TryParse(message, out _));
    }

    [Theory]
    [InlineData(0, 0x31, WireError.BadLength)] // as version 3 it has 8 bytes too many
    [InlineData(0, 0x41, WireError.BadVersion)]
    [InlineData(0, 0xf1, WireError.BadVersion)]
    [InlineData(0, 0x11, WireError.BadVersion)]
    [InlineData(0, 0x01, WireError.BadVersion)]
    [InlineData(0, 0x20, WireError.BadType)]
    [InlineData(0, 0x22, WireError.BadType)]
    [InlineData(0, 0x2f, WireError.BadType)]
    [InlineData(1, 52, WireError.BadChecksum)]
    [InlineData(2, 151, WireError.BadChecksum)]
    [InlineData(3, 0, WireError.BadLength)]
    [InlineData(3, 2, WireError.BadLength)]
    [InlineData(3, 255, WireError.BadLength)]
    [InlineData(4, 1, WireError.BadChecksum)]
    [InlineData(5, 2, WireError.BadChecksum)]
    [InlineData(6, 0, WireError.BadChecksum)]
    [InlineData(7, 0, WireError.BadChecksum)]
    [InlineData(8, 11, WireError.BadChecksum)]
    [InlineData(12, 1, WireError.BadChecksum)]
    [InlineData(19, 1, WireError.BadChecksum)]
    public void One_wrong_byte_gives_the_error_of_its_field(int at, byte value, WireError expected)
    {
        byte[] message = Golden.Message(Golden.Plain);
        Assert.NotEqual(value, message[at]);
        message[at] = value;
        Assert.Equal(expected, TryParse(message, out _));
    }

    [Fact]
    public void Every_single_bit_flip_is_noticed()
    {
        byte[] message = Golden.Message(Golden.Plain);
        for (int bit = 0; bit < message.Length * 8; bit++)
        {
            message[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.NotEqual(WireError.None, TryParse(message, out _));
            message[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Fact]
    public void The_view_leaves_type_and_checksum_to_the_caller()
    {
        byte[] message = Golden.Message(Golden.Plain);
        message[0] = 0x23;
        Assert.Equal(WireError.None, VrrpPacket.TryView(message, false, out VrrpPacket packet, out ReadOnlySpan<byte> behind));
        Assert.Equal(3, packet.Type);
        Assert.True(behind.IsEmpty);
        Assert.Equal(ChecksumForm.None, packet.FindChecksum(Source, VrrpPacket.Group));
    }

    [Fact]
    public void A_checksum_field_of_ffff_stands_for_the_zero_that_should_be_there()
    {
        // Find a priority and interval that give the field 0x0000; some stacks send 0xffff instead.
        byte[] message = Golden.Message(Golden.Plain);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), 0);
        ushort rest = Checksum.Compute(message);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(12), rest);
        Assert.Equal(0, Checksum.Compute(message));
        Assert.Equal(WireError.None, TryParse(message, out _));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), 0xffff);
        Assert.Equal(WireError.None, TryParse(message, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    public void What_is_written_is_read_and_no_byte_of_the_buffer_shines_through(int count)
    {
        Ip[] addresses = new Ip[count];
        for (int i = 0; i < count; i++)
        {
            addresses[i] = Ip.FromV4(10, 1, 2, (byte)i);
        }

        Advert advert = new()
        {
            Vrid = 7,
            Priority = 254,
            Interval = TimeSpan.FromSeconds(255),
            AuthType = VrrpPacket.AuthPass,
            AuthData = 0x0123456789abcdef,
            Addresses = addresses,
        };
        byte[] ones = new byte[VrrpPacket.Length(2, false, count)];
        Array.Fill(ones, (byte)0xa5);
        byte[] zeros = new byte[ones.Length];
        Assert.Equal(16 + 4 * count, VrrpPacket.Write(ones, advert));
        VrrpPacket.Write(zeros, advert);
        Assert.Equal(zeros, ones);

        Assert.Equal(WireError.None, TryParse(ones, out VrrpPacket packet));
        Assert.Equal((2, 1, 7, 254, count, 1), (packet.Version, packet.Type, packet.Vrid, packet.Priority, packet.Count, packet.AuthType));
        Assert.Equal(TimeSpan.FromSeconds(255), packet.Interval);
        Assert.Equal(0x0123456789abcdefUL, packet.AuthData);
        Assert.Equal([0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef], packet.AuthBytes.ToArray());
        Assert.Equal(4 * count, packet.Addresses.Length);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(addresses[i], packet.Address(i));
        }
    }

    [Fact]
    public void A_patched_priority_gives_the_bytes_of_a_new_message_for_every_pair_of_priorities()
    {
        byte[] patched = new byte[VrrpPacket.Length(2, false, 1)];
        byte[] written = new byte[patched.Length];
        for (int from = 0; from < 256; from++)
        {
            for (int to = 0; to < 256; to++)
            {
                VrrpPacket.Write(patched, Sample((byte)from));
                VrrpPacket.PatchPriority(patched, (byte)to);
                VrrpPacket.Write(written, Sample((byte)to));
                Assert.True(patched.AsSpan().SequenceEqual(written));
            }
        }
    }

    [Fact]
    public void An_advert_that_has_no_place_on_the_wire_is_our_bug()
    {
        byte[] target = new byte[2048];
        Assert.Throws<InvariantException>(() => VrrpPacket.Write(target, new Advert { Interval = TimeSpan.FromMilliseconds(1500) }));
        Assert.Throws<InvariantException>(() => VrrpPacket.Write(target, new Advert { Interval = TimeSpan.FromSeconds(256) }));
        Assert.Throws<InvariantException>(() => VrrpPacket.Write(target, new Advert { Addresses = new Ip[256] }));
        Assert.True(Ip.TryParse("fe80::1", out Ip v6));
        Assert.Throws<InvariantException>(() => VrrpPacket.Write(target, new Advert { Addresses = new[] { v6 } }));
    }

    [Fact]
    public void Reading_writing_and_patching_allocate_nothing()
    {
        byte[] target = new byte[VrrpPacket.Length(2, false, 1)];
        Turn(target);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Turn(target);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Turn(byte[] target)
        {
            Advert advert = new() { Vrid = 1, Priority = 2, Interval = TimeSpan.FromSeconds(1), Addresses = [Ip.FromV4(1, 2, 3, 4)] };
            VrrpPacket.Write(target, advert);
            VrrpPacket.PatchPriority(target, 0);
            Invariant.Check(TryParse(target, out VrrpPacket packet) == WireError.None && packet.Address(0).V4 == 0x01020304);
        }
    }

    private static readonly Ip Source = Ip.FromV4(10, 10, 30, 1);

    private static WireError TryParse(ReadOnlySpan<byte> message, out VrrpPacket packet) =>
        VrrpPacket.TryParse(new IpPacket { Source = Source, Destination = VrrpPacket.Group, Payload = message }, out packet);

    private static Advert Sample(byte priority) => new()
    {
        Vrid = 51,
        Priority = priority,
        Interval = TimeSpan.FromSeconds(1),
        Addresses = new[] { Ip.FromV4(10, 10, 30, 0) },
    };
}
