using System;
using System.Buffers.Binary;

namespace Vrrpd.Core.Wire;

/// <summary>
/// The Internet checksum (RFC 1071) and its incremental update (RFC 1624). Sums are 16-bit one's complement numbers in network
/// order: 0x0000 and 0xffff are both zero there, so a received field is never compared with a computed one;
/// <see cref="Verify"/> sums over field and all and expects 0xffff.
/// </summary>
public static class Checksum
{
    /// <summary>The folded sum of the bytes, 0..0xffff. <paramref name="seed"/> is the sum of what came before, which must have had an even length.</summary>
    public static ushort Sum(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        // The one's complement sum does not care in which byte order it is taken, only its result has to be swapped
        // (RFC 1071 section 2 B), nor in which width, as long as the carries are brought back. So: little-endian words of
        // 32 bits into 64, where carries collect for 16 GiB before they would be lost.
        ulong sum = 0;
        while (bytes.Length >= 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            sum += (word & 0xffff_ffff) + (word >> 32);
            bytes = bytes[8..];
        }

        if (bytes.Length >= 4)
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            bytes = bytes[4..];
        }

        if (bytes.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            bytes = bytes[2..];
        }

        if (bytes.Length == 1)
        {
            // An odd last byte is the first of a pair whose second is 0: the low half of a little-endian word.
            sum += bytes[0];
        }

        sum = (sum & 0xffff_ffff) + (sum >> 32);
        sum = (sum & 0xffff_ffff) + (sum >> 32);
        return Fold(BinaryPrimitives.ReverseEndianness(Fold((uint)sum)) + (ulong)seed);
    }

    /// <summary>The value for the checksum field: the complement of the sum, taken while the field is zero.</summary>
    public static ushort Compute(ReadOnlySpan<byte> bytes, uint seed = 0) => (ushort)~Sum(bytes, seed);

    /// <summary>Whether bytes that include their checksum field are intact.</summary>
    public static bool Verify(ReadOnlySpan<byte> bytes, uint seed = 0) => Sum(bytes, seed) == 0xffff;

    /// <summary>
    /// The checksum after one 16-bit word of the data changed: equation 3 of RFC 1624, which unlike that of RFC 1141 gives the same
    /// field as a computation from scratch also where the sum passes zero.
    /// </summary>
    public static ushort Update(ushort checksum, ushort oldWord, ushort newWord) =>
        (ushort)~Fold((ulong)(ushort)~checksum + (ushort)~oldWord + newWord);

    /// <summary>
    /// Sum of the pseudo header, as seed for the message behind it: source, destination, zero, protocol, length (RFC 793 section 3.1,
    /// RFC 8200 section 8.1). Both families at once: the fields of 32 bits of IPv6 sum like the 16 bits of IPv4.
    /// </summary>
    public static ushort PseudoHeader(Ip source, Ip destination, byte protocol, int length) =>
        Fold(Halves(source) + Halves(destination) + protocol + (uint)length);

    /// <summary>Two sums as one, where both parts had an even length.</summary>
    public static ushort Add(ushort left, ushort right) => Fold((ulong)left + right);

    private static ulong Halves(Ip ip) => (ip.High >> 32) + (uint)ip.High + (ip.Low >> 32) + (uint)ip.Low;

    /// <summary>Brings the carries back until 16 bits hold the sum. Zero comes out only of zero.</summary>
    private static ushort Fold(ulong sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)sum;
    }
}
