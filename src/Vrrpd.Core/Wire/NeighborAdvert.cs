using System;
using System.Buffers.Binary;

namespace Vrrpd.Core.Wire;

/// <summary>
/// An ICMPv6 neighbour advertisement with one target link-layer address option (RFC 4861 sections 4.4 and 4.6.1) over borrowed bytes.
/// <code>
/// off size
///  0  1      type 136
///  1  1      code 0
///  2  2      checksum with pseudo header
///  4  3 bit  R: a router sends, S: it was asked for, O: replace what is known; then 29 bits reserved
///  8  16     target: the address that is told of
/// 24  1, 1   option 2, target link-layer address; its length in units of 8 bytes: 1
/// 26  6      the Ethernet address
/// </code>
/// </summary>
public readonly ref struct NeighborAdvert
{
    public const byte Protocol = 58;
    public const int Length = 32;

    /// <summary>Bytes of an unsolicited advertisement with its Ethernet and IPv6 headers.</summary>
    public const int FrameLength = EthernetFrame.HeaderLength + Ipv6Header.Length + Length;

    /// <summary>Anything less was forwarded or is forged (RFC 4861 section 7.1.2).</summary>
    public const byte RequiredHopLimit = 255;

    /// <summary>ff02::1.</summary>
    public static readonly Ip AllNodes = Ip.FromV6(0xff02_0000_0000_0000, 1);

    private const byte TypeNeighborAdvertisement = 136;
    private const byte Router = 0x80;
    private const byte Solicited = 0x40;
    private const byte Override = 0x20;
    private const byte OptionTargetAddress = 2;
    private const int CodeAt = 1;
    private const int ChecksumAt = 2;
    private const int FlagsAt = 4;
    private const int TargetAt = 8;
    private const int OptionAt = 24;
    private const int MacAt = 26;

    /// <summary>33:33 and the low 32 bits of <see cref="AllNodes"/> (RFC 2464 section 7).</summary>
    private static readonly MacAddress AllNodesMac = new(0x3333_0000_0001);

    private readonly ReadOnlySpan<byte> _bytes;

    private NeighborAdvert(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public bool IsRouter => (_bytes[FlagsAt] & Router) != 0;
    public bool IsSolicited => (_bytes[FlagsAt] & Solicited) != 0;
    public bool IsOverride => (_bytes[FlagsAt] & Override) != 0;
    public Ip Target => Ip.Read(_bytes.Slice(TargetAt, 16));
    public MacAddress TargetMac => MacAddress.Read(_bytes[MacAt..]);

    /// <summary>
    /// The payload of an IPv6 packet, checked as a receiver must (RFC 4861 section 7.1.2), and with the one option that we send.
    /// <see cref="WireError.Truncated"/>: shorter than 32 bytes. <see cref="WireError.BadType"/>: another ICMPv6 type, code or option.
    /// <see cref="WireError.BadTtl"/>, <see cref="WireError.BadChecksum"/>, and <see cref="WireError.BadDestination"/>: solicited by nobody,
    /// sent to all.
    /// </summary>
    public static WireError TryParse(scoped in IpPacket ip, out NeighborAdvert advert)
    {
        advert = default;
        ReadOnlySpan<byte> message = ip.Payload;
        if (message.Length < Length)
        {
            return WireError.Truncated;
        }

        WireError error = ip.Protocol != Protocol || message[0] != TypeNeighborAdvertisement || message[CodeAt] != 0
                || message[OptionAt] != OptionTargetAddress || message[OptionAt + 1] != 1 || message.Length != Length ? WireError.BadType
            : ip.HopLimit != RequiredHopLimit ? WireError.BadTtl
            : !Checksum.Verify(message, Checksum.PseudoHeader(ip.Source, ip.Destination, Protocol, message.Length)) ? WireError.BadChecksum
            : (message[FlagsAt] & Solicited) != 0 && ip.Destination.IsMulticast ? WireError.BadDestination
            : WireError.None;
        advert = error == WireError.None ? new NeighborAdvert(message) : default;
        return error;
    }

    /// <summary>
    /// Writes the whole frame that tells the segment where an address now lives: from the address itself to all nodes, R because whoever
    /// holds a virtual address is a router (RFC 9568 section 6.4.2), S clear since nobody asked, O so that caches forget the old master.
    /// Says how long it is: 86.
    /// </summary>
    public static int WriteUnsolicited(Span<byte> target, MacAddress sender, Ip address)
    {
        int at = EthernetFrame.Write(target, AllNodesMac, sender, EthernetFrame.TypeIpv6);
        at += Ipv6Header.Write(target[at..], address, AllNodes, RequiredHopLimit, Protocol, trafficClass: 0, Length);
        Span<byte> message = target.Slice(at, Length);
        message[0] = TypeNeighborAdvertisement;
        message[1..TargetAt].Clear();
        message[FlagsAt] = Router | Override;
        address.Write(message[TargetAt..]);
        message[OptionAt] = OptionTargetAddress;
        message[OptionAt + 1] = 1;
        sender.Write(message[MacAt..]);
        ushort seed = Checksum.PseudoHeader(address, AllNodes, Protocol, Length);
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumAt..], Checksum.Compute(message, seed));
        return at + Length;
    }
}
