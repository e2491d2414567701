using System;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Wire;

public class ChecksumTests
{
    [Fact]
    public void The_example_of_RFC_1071_section_3_sums_to_ddf2()
    {
        byte[] bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        Assert.Equal(0xddf2, Checksum.Sum(bytes));
        Assert.Equal(0x220d, Checksum.Compute(bytes));
    }

    [Theory]
    [InlineData(new byte[0], 0)]
    [InlineData(new byte[] { 0x12 }, 0x1200)]
    [InlineData(new byte[] { 0x00, 0x01, 0xf2 }, 0xf201)]
    [InlineData(new byte[] { 0xff, 0xff, 0x01 }, 0x0100)]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff }, 0xffff)]
    [InlineData(new byte[] { 0x00, 0x00, 0x00, 0x00, 0x00 }, 0)]
    public void An_odd_last_byte_is_the_first_of_a_pair(byte[] bytes, int sum) => Assert.Equal(sum, Checksum.Sum(bytes));

    [Fact]
    public void Every_length_sums_as_word_by_word()
    {
        byte[] bytes = new byte[1100];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i * 167 + 200 | i);
        }

        for (int length = 0; length <= bytes.Length; length++)
        {
            ReadOnlySpan<byte> span = bytes.AsSpan(0, length);
            Assert.Equal(WordByWord(span), Checksum.Sum(span));
            int middle = length / 2 & ~1;
            Assert.Equal(WordByWord(span), Checksum.Sum(span[middle..], Checksum.Sum(span[..middle])));
        }
    }

    [Fact]
    public void The_longest_packet_of_ones_loses_no_carry()
    {
        byte[] bytes = new byte[65_535];
        Array.Fill(bytes, (byte)0xff);
        Assert.Equal(WordByWord(bytes), Checksum.Sum(bytes));
    }

    [Fact]
    public void A_field_of_0000_and_one_of_ffff_are_the_same_zero()
    {
        byte[] bytes = [0xab, 0xcd, 0x54, 0x32, 0x00, 0x00];
        Assert.True(Checksum.Verify(bytes));
        bytes[4] = bytes[5] = 0xff;
        Assert.True(Checksum.Verify(bytes));
        bytes[5] = 0xfe;
        Assert.False(Checksum.Verify(bytes));
    }

    [Fact]
    public void The_example_of_RFC_1624_section_4_updates_to_0000()
    {
        // There, equation 2 of RFC 1141 gives 0xffff.
        Assert.Equal(0x0000, Checksum.Update(0xdd2f, 0x5555, 0x3285));
    }

    [Fact]
    public void An_update_gives_the_field_that_a_new_sum_gives()
    {
        // Every change of one word by which the sum may wrap, with the other words fixed to make each sum possible.
        byte[] bytes = new byte[6];
        int[] edges = [0, 1, 2, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff];
        for (int other = 1; other <= 0xffff; other += 257)
        {
            foreach (int old in edges)
            {
                foreach (int now in edges)
                {
                    Put(bytes, 0, other);
                    Put(bytes, 2, old);
                    Put(bytes, 4, 0);
                    ushort before = Checksum.Compute(bytes);
                    Put(bytes, 2, now);
                    Assert.Equal(Checksum.Compute(bytes), Checksum.Update(before, (ushort)old, (ushort)now));
                }
            }
        }
    }

    [Fact]
    public void The_pseudo_header_sums_as_its_twelve_bytes()
    {
        byte[] bytes = [192, 168, 100, 200, 224, 0, 0, 18, 0, 112, 0x04, 0x20];
        Assert.Equal(WordByWord(bytes), Checksum.PseudoHeader(Ip.FromV4(192, 168, 100, 200), Ip.FromV4(224, 0, 0, 18), 112, 0x420));
    }

    private static void Put(byte[] bytes, int at, int word) => (bytes[at], bytes[at + 1]) = ((byte)(word >> 8), (byte)word);

    private static int WordByWord(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return sum;
    }
}
