using System;
using System.Buffers.Binary;

namespace Vrrpd.Core.Wire;

/// <summary>
/// An ARP packet for IPv4 over Ethernet (RFC 826) over borrowed bytes.
/// <code>
/// off size
///  0  2   hardware type 1, Ethernet
///  2  2   protocol type 0x0800, IPv4
///  4  1   hardware address length 6
///  5  1   protocol address length 4
///  6  2   operation: 1 request, 2 reply
///  8  6   sender hardware address
/// 14  4   sender protocol address
/// 18  6   target hardware address
/// 24  4   target protocol address
/// </code>
/// </summary>
public readonly ref struct ArpPacket
{
    public const int Length = 28;

    /// <summary>Bytes of a gratuitous ARP with its Ethernet header.</summary>
    public const int FrameLength = EthernetFrame.HeaderLength + Length;
    public const ushort Request = 1;
    public const ushort Reply = 2;

    private const ushort HardwareEthernet = 1;
    private const byte ProtocolAddressLength = 4;
    private const int HardwareTypeAt = 0;
    private const int ProtocolTypeAt = 2;
    private const int HardwareLengthAt = 4;
    private const int ProtocolLengthAt = 5;
    private const int OperationAt = 6;
    private const int SenderMacAt = 8;
    private const int SenderIpAt = 14;
    private const int TargetMacAt = 18;
    private const int TargetIpAt = 24;

    private readonly ReadOnlySpan<byte> _bytes;

    private ArpPacket(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public ushort Operation => BinaryPrimitives.ReadUInt16BigEndian(_bytes[OperationAt..]);
    public MacAddress SenderMac => MacAddress.Read(_bytes[SenderMacAt..]);
    public Ip SenderIp => Ip.FromV4(BinaryPrimitives.ReadUInt32BigEndian(_bytes[SenderIpAt..]));
    public MacAddress TargetMac => MacAddress.Read(_bytes[TargetMacAt..]);
    public Ip TargetIp => Ip.FromV4(BinaryPrimitives.ReadUInt32BigEndian(_bytes[TargetIpAt..]));

    /// <summary>
    /// The payload of an Ethernet frame, padding behind it tolerated. <see cref="WireError.Truncated"/>: shorter than 28 bytes.
    /// <see cref="WireError.BadType"/>: not IPv4 over Ethernet. <see cref="WireError.BadLength"/>: its address lengths are not 6 and 4.
    /// </summary>
    public static WireError TryParse(ReadOnlySpan<byte> payload, out ArpPacket packet)
    {
        packet = default;
        if (payload.Length < Length)
        {
            return WireError.Truncated;
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(payload[HardwareTypeAt..]) != HardwareEthernet
            || BinaryPrimitives.ReadUInt16BigEndian(payload[ProtocolTypeAt..]) != EthernetFrame.TypeIpv4)
        {
            return WireError.BadType;
        }

        if (payload[HardwareLengthAt] != MacAddress.Length || payload[ProtocolLengthAt] != ProtocolAddressLength)
        {
            return WireError.BadLength;
        }

        packet = new ArpPacket(payload[..Length]);
        return WireError.None;
    }

    /// <summary>Writes the packet, every byte of it, and says how long it is.</summary>
    public static int Write(Span<byte> target, ushort operation, MacAddress senderMac, Ip senderIp, MacAddress targetMac, Ip targetIp)
    {
        target = target[..Length];
        BinaryPrimitives.WriteUInt16BigEndian(target[HardwareTypeAt..], HardwareEthernet);
        BinaryPrimitives.WriteUInt16BigEndian(target[ProtocolTypeAt..], EthernetFrame.TypeIpv4);
        target[HardwareLengthAt] = MacAddress.Length;
        target[ProtocolLengthAt] = ProtocolAddressLength;
        BinaryPrimitives.WriteUInt16BigEndian(target[OperationAt..], operation);
        senderMac.Write(target[SenderMacAt..]);
        BinaryPrimitives.WriteUInt32BigEndian(target[SenderIpAt..], senderIp.V4);
        targetMac.Write(target[TargetMacAt..]);
        BinaryPrimitives.WriteUInt32BigEndian(target[TargetIpAt..], targetIp.V4);
        return Length;
    }

    /// <summary>
    /// Writes the whole frame that tells the segment where an address now lives, as keepalived sends it: a broadcast request, sender
    /// and target address both the virtual one, target hardware address all ones (RFC 5227 calls the form an announcement and says
    /// that the target hardware address is ignored). Says how long it is: 42, not padded.
    /// </summary>
    public static int WriteGratuitous(Span<byte> target, MacAddress sender, Ip address)
    {
        int at = EthernetFrame.Write(target, MacAddress.Broadcast, sender, EthernetFrame.TypeArp);
        return at + Write(target[at..], Request, sender, address, MacAddress.Broadcast, address);
    }
}
