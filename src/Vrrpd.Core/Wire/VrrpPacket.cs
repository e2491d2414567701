using System;
using System.Buffers.Binary;

namespace Vrrpd.Core.Wire;

/// <summary>
/// A VRRP advertisement over borrowed bytes, of version 2 (RFC 3768 section 5.1, with the authentication of RFC 2338 section 5.3.6) or
/// 3 (RFC 9568 section 5.1), behind an IPv4 or an IPv6 header. Version 2 over IPv6 is keepalived's own.
/// <code>
/// off    size
///  0     4+4 bit   version 2 or 3, type 1
///  1     1         VRID, 1..255
///  2     1         priority: 0 = the master stops, 255 = address owner
///  3     1         count of addresses, n
///  4     1         version 2: authentication type, 0 none, 1 simple password, 2 AH
///  5     1         version 2: advertisement interval, whole seconds
///  4     4+12 bit  version 3: reserved, maximum advertisement interval in centiseconds
///  6     2         checksum, see <see cref="ChecksumForm"/>
///  8     4n or 16n addresses
///  ...   8         version 2 over IPv4: authentication data, always present
/// </code>
/// Two ways in: <see cref="TryParse"/> checks everything that can be checked without a configuration. <see cref="TryView(ReadOnlySpan{byte},
/// bool, out VrrpPacket, out ReadOnlySpan{byte})"/> checks version and length only, after which no getter can fail; the engine uses it to
/// ask in keepalived's order, where TTL, authentication and interval come before type and checksum, so that a packet with two faults is
/// counted under the same one.
/// </summary>
public readonly ref struct VrrpPacket
{
    /// <summary>IP protocol number, in IPv6 next header (RFC 9568 section 5.1.1.4).</summary>
    public const byte Protocol = 112;

    /// <summary>The only TTL or hop limit that is sent, and by multicast accepted (RFC 9568 section 5.1.1.3).</summary>
    public const byte RequiredTtl = 255;

    public const byte Version2 = 2;
    public const byte Version3 = 3;
    public const byte Advertisement = 1;
    public const byte AuthPass = 1;
    public const byte AuthHeader = 2;
    public const int MaxAddresses = 255;

    /// <summary>What the 12 bits of version 3 hold, in centiseconds: 40.95 s.</summary>
    public const int MaxCentiseconds = 0xfff;

    /// <summary>224.0.0.18 (RFC 9568 section 5.1.1.2).</summary>
    public static readonly Ip Group = Ip.FromV4(224, 0, 0, 18);

    /// <summary>ff02::12 (RFC 9568 section 5.1.2.2).</summary>
    public static readonly Ip Group6 = Ip.FromV6(0xff02_0000_0000_0000, 0x12);

    /// <summary>Bytes before the addresses, the same in every version.</summary>
    public const int HeaderLength = 8;

    private const int VersionAndTypeAt = 0;
    private const int VridAt = 1;
    private const int PriorityAt = 2;
    private const int CountAt = 3;
    private const int AuthTypeAt = 4;
    private const int SecondsAt = 5;
    private const int CentisecondsAt = 4;
    private const int ChecksumAt = 6;
    private const int AuthLength = 8;
    private const long TicksPerCentisecond = TimeSpan.TicksPerMillisecond * 10;

    /// <summary>Exactly the message: no trailer.</summary>
    private readonly ReadOnlySpan<byte> _bytes;

    private VrrpPacket(ReadOnlySpan<byte> bytes, bool isV6)
    {
        _bytes = bytes;
        IsV6 = isV6;
    }

    /// <summary>The whole message, without what may follow it in the IP packet.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;
    public bool IsV6 { get; }
    public byte Version => (byte)(_bytes[VersionAndTypeAt] >> 4);
    public byte Type => (byte)(_bytes[VersionAndTypeAt] & 0xf);
    public byte Vrid => _bytes[VridAt];
    public byte Priority => _bytes[PriorityAt];
    public byte Count => _bytes[CountAt];

    /// <summary>0 in version 3, which has none.</summary>
    public byte AuthType => Version == Version2 ? _bytes[AuthTypeAt] : (byte)0;

    /// <summary>The interval in the unit of the version: seconds in 2, centiseconds in 3, where the reserved bits do not count.</summary>
    public int IntervalUnits =>
        Version == Version2 ? _bytes[SecondsAt] : BinaryPrimitives.ReadUInt16BigEndian(_bytes[CentisecondsAt..]) & MaxCentiseconds;
    public TimeSpan Interval => new(IntervalUnits * (Version == Version2 ? TimeSpan.TicksPerSecond : TicksPerCentisecond));

    /// <summary>The checksum as it stands.</summary>
    public ushort ChecksumField => BinaryPrimitives.ReadUInt16BigEndian(_bytes[ChecksumAt..]);

    /// <summary>The addresses as they stand: 4 or 16 bytes each.</summary>
    public ReadOnlySpan<byte> Addresses => _bytes.Slice(HeaderLength, AddressLength(IsV6) * Count);

    /// <summary>The 8 bytes of authentication data, or none.</summary>
    public ReadOnlySpan<byte> AuthBytes => _bytes[(HeaderLength + AddressLength(IsV6) * Count)..];

    /// <summary><see cref="AuthBytes"/>, first byte in the most significant; 0 for none.</summary>
    public ulong AuthData => AuthBytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(AuthBytes);

    /// <summary>Address number <paramref name="i"/>, 0..<see cref="Count"/>-1.</summary>
    public Ip Address(int i) => Ip.Read(_bytes.Slice(HeaderLength + AddressLength(IsV6) * i, AddressLength(IsV6)));

    /// <summary>
    /// Under which form the checksum is right; <see cref="ChecksumForm.None"/>: under none. Of several that hold, which chance can do,
    /// the usual one. <paramref name="behind"/>: what follows the message in the packet, which IPv6 sums, too.
    /// </summary>
    public ChecksumForm FindChecksum(Ip source, Ip destination, ReadOnlySpan<byte> behind = default)
    {
        ushort sum = Checksum.Sum(_bytes);
        if (IsV6)
        {
            ushort all = Checksum.Sum(behind, Checksum.Add(sum, Checksum.PseudoHeader(source, destination, Protocol, _bytes.Length + behind.Length)));
            return all == 0xffff ? ChecksumForm.PseudoHeader : ChecksumForm.None;
        }

        if (Version == Version3)
        {
            if (Checksum.Add(sum, Seed(ChecksumForm.PseudoHeader, source, destination, _bytes.Length)) == 0xffff)
            {
                return ChecksumForm.PseudoHeader;
            }

            if (!destination.IsMulticast && Checksum.Add(sum, Seed(ChecksumForm.OldUnicast, source, destination, _bytes.Length)) == 0xffff)
            {
                return sum == 0xffff ? ChecksumForm.Message : ChecksumForm.OldUnicast;
            }
        }

        return sum == 0xffff ? ChecksumForm.Message : ChecksumForm.None;
    }

    /// <summary>The VRID of a message of any version: it says who is to judge the rest.</summary>
    public static bool TryReadVrid(ReadOnlySpan<byte> message, out byte vrid)
    {
        bool whole = message.Length >= HeaderLength;
        vrid = whole ? message[VridAt] : (byte)0;
        return whole;
    }

    /// <summary>
    /// Version and length only. <see cref="WireError.Truncated"/>: shorter than the 8 bytes every version begins with.
    /// <see cref="WireError.BadVersion"/>: neither 2 nor 3. Asked before the length, because version decides what length is right.
    /// <see cref="WireError.BadLength"/>: shorter than its count of addresses demands. What is longer is <paramref name="behind"/>: a
    /// trailer, or a fault, as the configuration has it.
    /// </summary>
    public static WireError TryView(ReadOnlySpan<byte> payload, bool isV6, out VrrpPacket packet, out ReadOnlySpan<byte> behind)
    {
        packet = default;
        behind = default;
        if (payload.Length < HeaderLength)
        {
            return WireError.Truncated;
        }

        int version = payload[VersionAndTypeAt] >> 4;
        if (version is not (Version2 or Version3))
        {
            return WireError.BadVersion;
        }

        int length = Length(version, isV6, payload[CountAt]);
        if (payload.Length < length)
        {
            return WireError.BadLength;
        }

        packet = new VrrpPacket(payload[..length], isV6);
        behind = payload[length..];
        return WireError.None;
    }

    /// <summary>
    /// The payload of an IP packet as an advert with nothing behind it: version and length as TryView, then <see cref="WireError.BadType"/>
    /// and <see cref="WireError.BadChecksum"/> (under every form), the first that holds.
    /// </summary>
    public static WireError TryParse(scoped in IpPacket ip, out VrrpPacket packet)
    {
        WireError error = TryView(ip.Payload, ip.IsV6, out VrrpPacket view, out ReadOnlySpan<byte> behind);
        if (error == WireError.None)
        {
            error = !behind.IsEmpty ? WireError.BadLength
                : view.Type != Advertisement ? WireError.BadType
                : view.FindChecksum(ip.Source, ip.Destination) == ChecksumForm.None ? WireError.BadChecksum
                : WireError.None;
        }

        packet = error == WireError.None ? view : default;
        return error;
    }

    /// <summary>Bytes of a message with that many addresses.</summary>
    public static int Length(int version, bool isV6, int addresses) =>
        HeaderLength + AddressLength(isV6) * addresses + (version == Version2 && !isV6 ? AuthLength : 0);

    /// <summary>Bytes of an address in a message.</summary>
    public static int AddressLength(bool isV6) => isV6 ? 16 : 4;

    /// <summary>What a checksum of that form begins with, for <paramref name="length"/> bytes from the VRRP header on.</summary>
    public static ushort Seed(ChecksumForm form, Ip source, Ip destination, int length) => form switch
    {
        ChecksumForm.Message => 0,
        ChecksumForm.OldUnicast => Checksum.PseudoHeader(source, Group, Protocol, length),
        _ => Checksum.PseudoHeader(source, destination, Protocol, length),
    };

    /// <summary>
    /// Writes the message, every byte of it, with a checksum that begins with <paramref name="seed"/> (see <see cref="Seed"/>; 0 is
    /// <see cref="ChecksumForm.Message"/>), and says how long it is: <see cref="Length"/>.
    /// </summary>
    public static int Write(Span<byte> target, scoped in Advert advert, ushort seed = 0)
    {
        Invariant.Check(advert.Version is Version2 or Version3 && advert.Addresses.Length <= MaxAddresses);
        bool isVersion2 = advert.Version == Version2;
        (long units, long rest) = Math.DivRem(advert.Interval.Ticks, isVersion2 ? TimeSpan.TicksPerSecond : TicksPerCentisecond);
        Invariant.Check(rest == 0 && units >= 0 && units <= (isVersion2 ? byte.MaxValue : MaxCentiseconds));
        target = target[..Length(advert.Version, advert.IsV6, advert.Addresses.Length)];
        target[VersionAndTypeAt] = (byte)(advert.Version << 4 | Advertisement);
        target[VridAt] = advert.Vrid;
        target[PriorityAt] = advert.Priority;
        target[CountAt] = (byte)advert.Addresses.Length;
        BinaryPrimitives.WriteUInt16BigEndian(target[CentisecondsAt..], (ushort)units);
        if (isVersion2)
        {
            target[AuthTypeAt] = advert.AuthType;
        }

        Span<byte> rest8 = target[HeaderLength..];
        foreach (Ip address in advert.Addresses)
        {
            Invariant.Check(address.IsV6 == advert.IsV6);
            rest8 = rest8[address.Write(rest8)..];
        }

        if (!rest8.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64BigEndian(rest8, advert.AuthData);
        }

        Seal(target, seed);
        return target.Length;
    }

    /// <summary>Takes the checksum anew over everything that is given: for IPv6 also what follows the message.</summary>
    public static void Seal(Span<byte> covered, ushort seed)
    {
        BinaryPrimitives.WriteUInt16BigEndian(covered[ChecksumAt..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(covered[ChecksumAt..], Checksum.Compute(covered, seed));
    }

    /// <summary>
    /// Gives a written message another priority and mends its checksum, of whatever form (RFC 1624): an advert whose other fields do not
    /// change is encoded once and sent often.
    /// </summary>
    public static void PatchPriority(Span<byte> message, byte priority)
    {
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(message[ChecksumAt..]);
        ushort old = BinaryPrimitives.ReadUInt16BigEndian(message[PriorityAt..]);
        message[PriorityAt] = priority;
        ushort now = BinaryPrimitives.ReadUInt16BigEndian(message[PriorityAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumAt..], Checksum.Update(checksum, old, now));
    }

    /// <summary>Appends the message to a hash as if its checksum field were zero: so it is signed, since the checksum is taken last.</summary>
    internal static void AppendUnsummed(ref Crypto.Sha256 hash, ReadOnlySpan<byte> message)
    {
        hash.Append(message[..ChecksumAt]);
        hash.Append([0, 0]);
        hash.Append(message[(ChecksumAt + sizeof(ushort))..]);
    }
}
