using System;
using System.Buffers.Binary;

namespace Vrrpd.Core.Wire;

/// <summary>
/// An IPv4 header (RFC 791 section 3.1) over borrowed bytes.
/// <code>
/// off size
///  0  4+4 bit  version 4, header length in 32-bit words (5..15: options)
///  1  1        type of service: 0xc0, internetwork control
///  2  2        total length, header included
///  4  2        identification
///  6  3+13 bit flags, fragment offset: 0
///  8  1        time to live
///  9  1        protocol
/// 10  2        header checksum
/// 12  4, 4     source, destination
/// </code>
/// </summary>
public readonly ref struct Ipv4Header
{
    /// <summary>Bytes of a header without options, the only kind that is written.</summary>
    public const int Length = 20;

    /// <summary>Shortest payload of an Ethernet frame: below it the sender's card pads (IEEE 802.3 section 3.2.8).</summary>
    private const int EthernetMinimum = 46;

    private const int VersionAndLengthAt = 0;
    private const int TosAt = 1;
    private const int TotalLengthAt = 2;
    private const int IdAt = 4;
    private const int FragmentAt = 6;
    private const int TtlAt = 8;
    private const int ProtocolAt = 9;
    private const int ChecksumAt = 10;
    private const int SourceAt = 12;
    private const int DestinationAt = 16;

    /// <summary>Exactly the packet: header and payload, without padding.</summary>
    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv4Header(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public int HeaderLength => (_bytes[VersionAndLengthAt] & 0xf) * 4;
    public byte Tos => _bytes[TosAt];
    public int TotalLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[TotalLengthAt..]);
    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(_bytes[IdAt..]);
    public byte Ttl => _bytes[TtlAt];
    public byte Protocol => _bytes[ProtocolAt];
    public Ip Source => Ip.FromV4(BinaryPrimitives.ReadUInt32BigEndian(_bytes[SourceAt..]));
    public Ip Destination => Ip.FromV4(BinaryPrimitives.ReadUInt32BigEndian(_bytes[DestinationAt..]));

    /// <summary>The kernel has checked this for whatever a raw socket delivers; it is here for packets from elsewhere.</summary>
    public bool HasValidChecksum => Checksum.Verify(_bytes[..HeaderLength]);

    /// <summary>The header itself with its options: what the authentication header signs besides the payload.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes[..HeaderLength];

    /// <summary>What follows header and options, up to the total length: padding is not part of it.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>
    /// A packet from its IP header on, perhaps padded by Ethernet.
    /// <see cref="WireError.Truncated"/>: shorter than its header. <see cref="WireError.BadIpHeader"/>: not version 4, or a header
    /// length below 20. <see cref="WireError.BadLength"/>: total length shorter than the header, longer than what was received, or
    /// followed by more than padding. Protocol, TTL and header checksum are the caller's to judge.
    /// </summary>
    public static WireError TryParse(ReadOnlySpan<byte> packet, out Ipv4Header header)
    {
        header = default;
        if (packet.Length < Length)
        {
            return WireError.Truncated;
        }

        int headerLength = (packet[VersionAndLengthAt] & 0xf) * 4;
        if (packet[VersionAndLengthAt] >> 4 != 4 || headerLength < Length)
        {
            return WireError.BadIpHeader;
        }

        if (packet.Length < headerLength)
        {
            return WireError.Truncated;
        }

        int total = BinaryPrimitives.ReadUInt16BigEndian(packet[TotalLengthAt..]);
        if (total < headerLength || total > packet.Length || !IsPadding(total, packet.Length))
        {
            return WireError.BadLength;
        }

        header = new Ipv4Header(packet[..total]);
        return WireError.None;
    }

    /// <summary>
    /// Writes a header without options for a payload of <paramref name="payloadLength"/> bytes, with its checksum and Don't
    /// Fragment clear, and says how long it is.
    /// </summary>
    public static int Write(Span<byte> target, Ip source, Ip destination, byte ttl, byte protocol, ushort id, byte tos, int payloadLength)
    {
        Invariant.Check(payloadLength >= 0 && payloadLength <= ushort.MaxValue - Length);
        target = target[..Length];
        target[VersionAndLengthAt] = 4 << 4 | Length / 4;
        target[TosAt] = tos;
        BinaryPrimitives.WriteUInt16BigEndian(target[TotalLengthAt..], (ushort)(Length + payloadLength));
        BinaryPrimitives.WriteUInt16BigEndian(target[IdAt..], id);
        BinaryPrimitives.WriteUInt16BigEndian(target[FragmentAt..], 0);
        target[TtlAt] = ttl;
        target[ProtocolAt] = protocol;
        BinaryPrimitives.WriteUInt16BigEndian(target[ChecksumAt..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(target[SourceAt..], source.V4);
        BinaryPrimitives.WriteUInt32BigEndian(target[DestinationAt..], destination.V4);
        BinaryPrimitives.WriteUInt16BigEndian(target[ChecksumAt..], Checksum.Compute(target));
        return Length;
    }

    /// <summary>Gives a written packet another identification and mends its checksum, so that an advert is encoded once and sent often.</summary>
    public static void PatchId(Span<byte> packet, ushort id)
    {
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[ChecksumAt..]);
        ushort old = BinaryPrimitives.ReadUInt16BigEndian(packet[IdAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[IdAt..], id);
        BinaryPrimitives.WriteUInt16BigEndian(packet[ChecksumAt..], Checksum.Update(checksum, old, id));
    }

    /// <summary>
    /// keepalived's rule for bytes behind the packet: a packet that is shorter than the Ethernet minimum may have been padded up to
    /// it, or to 4 bytes less for each VLAN tag that was taken off (46, 42, 38 ...). Anything else is not padding.
    /// </summary>
    private static bool IsPadding(int total, int received) =>
        received == total || (received <= EthernetMinimum && (EthernetMinimum - received) % 4 == 0);
}
