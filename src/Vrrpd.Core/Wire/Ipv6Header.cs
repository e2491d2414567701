using System;
using System.Buffers.Binary;

namespace Vrrpd.Core.Wire;

/// <summary>
/// An IPv6 header (RFC 8200 section 3) over borrowed bytes. The flow label is written 0.
/// <code>
/// off size
///  0  4+8+20 bit  version 6, traffic class (0xc0: internetwork control), flow label
///  4  2           payload length
///  6  1           next header
///  7  1           hop limit
///  8  16, 16      source, destination
/// </code>
/// </summary>
public readonly ref struct Ipv6Header
{
    public const int Length = 40;

    private const int PayloadLengthAt = 4;
    private const int NextHeaderAt = 6;
    private const int HopLimitAt = 7;
    private const int SourceAt = 8;
    private const int DestinationAt = 24;
    private const int AddressLength = 16;

    /// <summary>Exactly the packet: header and payload.</summary>
    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv6Header(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public byte TrafficClass => (byte)(BinaryPrimitives.ReadUInt32BigEndian(_bytes) >> 20);
    public int FlowLabel => (int)(BinaryPrimitives.ReadUInt32BigEndian(_bytes) & 0xf_ffff);
    public int PayloadLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[PayloadLengthAt..]);
    public byte NextHeader => _bytes[NextHeaderAt];
    public byte HopLimit => _bytes[HopLimitAt];
    public Ip Source => Ip.Read(_bytes.Slice(SourceAt, AddressLength));
    public Ip Destination => Ip.Read(_bytes.Slice(DestinationAt, AddressLength));
    public ReadOnlySpan<byte> Payload => _bytes[Length..];

    /// <summary>
    /// A packet from its IP header on. <see cref="WireError.Truncated"/>: shorter than the header. <see cref="WireError.BadIpHeader"/>: not
    /// version 6. <see cref="WireError.BadLength"/>: not exactly as long as it says; no VRRP packet over IPv6 is short enough to be padded.
    /// </summary>
    public static WireError TryParse(ReadOnlySpan<byte> packet, out Ipv6Header header)
    {
        header = default;
        if (packet.Length < Length)
        {
            return WireError.Truncated;
        }

        if (packet[0] >> 4 != 6)
        {
            return WireError.BadIpHeader;
        }

        if (packet.Length != Length + BinaryPrimitives.ReadUInt16BigEndian(packet[PayloadLengthAt..]))
        {
            return WireError.BadLength;
        }

        header = new Ipv6Header(packet);
        return WireError.None;
    }

    /// <summary>Writes the header for a payload of <paramref name="payloadLength"/> bytes and says how long it is.</summary>
    public static int Write(Span<byte> target, Ip source, Ip destination, byte hopLimit, byte nextHeader, byte trafficClass, int payloadLength)
    {
        Invariant.Check(payloadLength is >= 0 and <= ushort.MaxValue && source.IsV6 && destination.IsV6);
        target = target[..Length];
        BinaryPrimitives.WriteUInt32BigEndian(target, 6u << 28 | (uint)trafficClass << 20);
        BinaryPrimitives.WriteUInt16BigEndian(target[PayloadLengthAt..], (ushort)payloadLength);
        target[NextHeaderAt] = nextHeader;
        target[HopLimitAt] = hopLimit;
        source.Write(target[SourceAt..]);
        destination.Write(target[DestinationAt..]);
        return Length;
    }
}
