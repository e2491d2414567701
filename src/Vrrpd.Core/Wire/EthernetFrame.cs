using System;
using System.Buffers.Binary;

namespace Vrrpd.Core.Wire;

/// <summary>
/// An Ethernet II header over borrowed bytes: destination (6), source (6), EtherType (2), payload. No padding is written: the
/// driver pads to 60 bytes.
/// </summary>
public readonly ref struct EthernetFrame
{
    public const int HeaderLength = 14;
    public const ushort TypeIpv4 = 0x0800;
    public const ushort TypeArp = 0x0806;
    public const ushort TypeIpv6 = 0x86dd;

    private const int DestinationAt = 0;
    private const int SourceAt = 6;
    private const int TypeAt = 12;

    private readonly ReadOnlySpan<byte> _bytes;

    private EthernetFrame(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public MacAddress Destination => MacAddress.Read(_bytes[DestinationAt..]);
    public MacAddress Source => MacAddress.Read(_bytes[SourceAt..]);
    public ushort EtherType => BinaryPrimitives.ReadUInt16BigEndian(_bytes[TypeAt..]);

    /// <summary>Everything behind the header; what lies there knows its own length.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>Only <see cref="WireError.Truncated"/> can happen: shorter than 14 bytes.</summary>
    public static WireError TryParse(ReadOnlySpan<byte> frame, out EthernetFrame view)
    {
        view = frame.Length < HeaderLength ? default : new EthernetFrame(frame);
        return frame.Length < HeaderLength ? WireError.Truncated : WireError.None;
    }

    /// <summary>Writes the header and says how long it is.</summary>
    public static int Write(Span<byte> target, MacAddress destination, MacAddress source, ushort etherType)
    {
        target = target[..HeaderLength];
        destination.Write(target[DestinationAt..]);
        source.Write(target[SourceAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(target[TypeAt..], etherType);
        return HeaderLength;
    }
}
