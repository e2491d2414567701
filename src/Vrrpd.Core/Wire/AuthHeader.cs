using System;
using System.Buffers.Binary;
using Vrrpd.Core.Crypto;

namespace Vrrpd.Core.Wire;

/// <summary>
/// The IP authentication header (RFC 2402 section 2) with HMAC-MD5-96 as VRRPv2 used it (RFC 2338 section 5.3.6.3) and keepalived fills
/// it, between IPv4 header and VRRP message.
/// <code>
/// off size
///  0  1   next header: 112
///  1  1   length in 32-bit words less 2: 4
///  2  2   reserved
///  4  4   security parameters index: keepalived's is the source address
///  8  4   sequence number, growing with each advert
/// 12  12  integrity check value: the first 96 bits of the HMAC
/// </code>
/// </summary>
public readonly ref struct AuthHeader
{
    public const byte Protocol = 51;
    public const int Length = 24;

    private const int IcvLength = 12;
    private const byte LengthInWords = Length / 4 - 2;
    private const int NextHeaderAt = 0;
    private const int LengthAt = 1;
    private const int ReservedAt = 2;
    private const int SpiAt = 4;
    private const int SequenceAt = 8;
    private const int IcvAt = 12;
    private const int LongestIpv4Header = 60;

    // Of the IPv4 header: what is on its way to change, and so is signed as zero.
    private const int TosAt = 1;
    private const int FragmentAt = 6;
    private const int TtlAt = 8;
    private const int HeaderChecksumAt = 10;

    /// <summary>Header and what follows it.</summary>
    private readonly ReadOnlySpan<byte> _bytes;

    private AuthHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public uint Spi => BinaryPrimitives.ReadUInt32BigEndian(_bytes[SpiAt..]);
    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_bytes[SequenceAt..]);

    /// <summary>The VRRP message.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[Length..];

    /// <summary>
    /// The payload of an IPv4 packet of protocol 51. <see cref="WireError.Truncated"/>: shorter than 24 bytes.
    /// <see cref="WireError.BadAuthHeader"/>: what follows is not VRRP, or the ICV is not 96 bits.
    /// </summary>
    public static WireError TryParse(ReadOnlySpan<byte> payload, out AuthHeader header)
    {
        header = default;
        if (payload.Length < Length)
        {
            return WireError.Truncated;
        }

        if (payload[NextHeaderAt] != VrrpPacket.Protocol || payload[LengthAt] != LengthInWords)
        {
            return WireError.BadAuthHeader;
        }

        header = new AuthHeader(payload);
        return WireError.None;
    }

    /// <summary>Writes the header without its ICV, which <see cref="Sign"/> adds when all else is in place, and says how long it is.</summary>
    public static int Write(Span<byte> target, uint spi, uint sequence)
    {
        target = target[..Length];
        target[NextHeaderAt] = VrrpPacket.Protocol;
        target[LengthAt] = LengthInWords;
        target[ReservedAt] = target[ReservedAt + 1] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(target[SpiAt..], spi);
        BinaryPrimitives.WriteUInt32BigEndian(target[SequenceAt..], sequence);
        target[IcvAt..].Clear();
        return Length;
    }

    /// <summary>Gives a written packet, from its IP header without options on, another sequence number. Its ICV is wrong until <see cref="Sign"/>.</summary>
    public static void PatchSequence(Span<byte> packet, uint sequence) =>
        BinaryPrimitives.WriteUInt32BigEndian(packet[(Ipv4Header.Length + SequenceAt)..], sequence);

    /// <summary>Puts the ICV into a packet that is whole otherwise, from its IP header without options on.</summary>
    public static void Sign(Span<byte> packet, HmacMd5 key, bool isUnicast) =>
        Compute(packet[..Ipv4Header.Length], packet[Ipv4Header.Length..], key, isUnicast, packet.Slice(Ipv4Header.Length + IcvAt, IcvLength));

    /// <summary>Whether the packet, of which <see cref="TryParse"/> has seen the payload, was signed with that key.</summary>
    public static bool Verify(scoped in IpPacket ip, HmacMd5 key, bool isUnicast)
    {
        Span<byte> icv = stackalloc byte[IcvLength];
        Compute(ip.Header, ip.Payload, key, isUnicast, icv);
        return ConstantTime.AreEqual(icv, ip.Payload.Slice(IcvAt, IcvLength));
    }

    /// <summary>
    /// keepalived signs the TTL of a multicast packet as it is, though routers change it (none routes this one), and zeroes it only for
    /// unicast. So must we.
    /// </summary>
    private static void Compute(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, HmacMd5 key, bool isUnicast, Span<byte> icv)
    {
        Span<byte> still = stackalloc byte[LongestIpv4Header];
        header.CopyTo(still);
        still = still[..header.Length];
        still[TosAt] = 0;
        still.Slice(FragmentAt, sizeof(ushort)).Clear();
        still.Slice(HeaderChecksumAt, sizeof(ushort)).Clear();
        if (isUnicast)
        {
            still[TtlAt] = 0;
        }

        Md5 hash = key.Start();
        hash.Append(still);
        hash.Append(payload[..IcvAt]);
        still[..IcvLength].Clear();
        hash.Append(still[..IcvLength]);
        hash.Append(payload[Length..]);
        key.Finish(ref hash, icv);
    }
}
