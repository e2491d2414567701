using System;
using System.Buffers.Binary;

namespace Vrrpd.Core.Wire;

/// <summary>
/// A VRRPv2 advertisement (RFC 3768 section 5.1, with the authentication of RFC 2338 section 5.3.6) over borrowed bytes.
/// <code>
/// off    size
///  0     4+4 bit  version 2, type 1
///  1     1        VRID, 1..255
///  2     1        priority: 0 = the master stops, 255 = address owner
///  3     1        count of addresses, n
///  4     1        authentication type: 0 none, 1 simple password, 2 AH
///  5     1        advertisement interval, whole seconds
///  6     2        checksum over the whole message, no pseudo header
///  8     4n       addresses
///  8+4n  8        authentication data, always present
/// </code>
/// Two ways in: <see cref="TryParse"/> checks everything that can be checked without a configuration. <see cref="TryView"/> checks
/// version and length only, after which no getter can fail; the engine uses it to ask in keepalived's order, where TTL,
/// authentication and interval come before type and checksum, so that a packet with two faults is counted under the same one.
/// </summary>
public readonly ref struct VrrpPacket
{
    /// <summary>IP protocol number (RFC 3768 section 5.2.4).</summary>
    public const byte Protocol = 112;

    /// <summary>The only TTL that is sent, and by multicast accepted (RFC 3768 section 5.2.3).</summary>
    public const byte RequiredTtl = 255;

    public const byte Version2 = 2;
    public const byte Advertisement = 1;
    public const byte AuthPass = 1;
    public const byte AuthHeader = 2;
    public const int MaxAddresses = 255;

    /// <summary>224.0.0.18 (RFC 3768 section 5.2.2).</summary>
    public static readonly Ip Group = Ip.FromV4(224, 0, 0, 18);

    /// <summary>ff02::12 (RFC 9568 section 5.1.2.2).</summary>
    public static readonly Ip Group6 = Ip.FromV6(0xff02_0000_0000_0000, 0x12);

    private const int VersionAndTypeAt = 0;
    private const int VridAt = 1;
    private const int PriorityAt = 2;
    private const int CountAt = 3;
    private const int AuthTypeAt = 4;
    private const int IntervalAt = 5;
    private const int ChecksumAt = 6;
    private const int AddressesAt = 8;
    private const int AddressLength = 4;
    private const int AuthLength = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private VrrpPacket(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public byte Version => (byte)(_bytes[VersionAndTypeAt] >> 4);
    public byte Type => (byte)(_bytes[VersionAndTypeAt] & 0xf);
    public byte Vrid => _bytes[VridAt];
    public byte Priority => _bytes[PriorityAt];
    public byte Count => _bytes[CountAt];
    public byte AuthType => _bytes[AuthTypeAt];
    public byte IntervalSeconds => _bytes[IntervalAt];
    public TimeSpan Interval => new(IntervalSeconds * TimeSpan.TicksPerSecond);
    public bool HasValidChecksum => Checksum.Verify(_bytes);

    /// <summary>The 4n bytes of the addresses.</summary>
    public ReadOnlySpan<byte> Addresses => _bytes[AddressesAt..^AuthLength];

    /// <summary>The 8 bytes behind the addresses; they mean nothing unless <see cref="AuthType"/> is 1.</summary>
    public ReadOnlySpan<byte> AuthBytes => _bytes[^AuthLength..];

    /// <summary>The same as a number, first byte most significant, as the configuration keeps the password.</summary>
    public ulong AuthData => BinaryPrimitives.ReadUInt64BigEndian(AuthBytes);

    /// <summary>Address number <paramref name="i"/>, 0..<see cref="Count"/>-1.</summary>
    public Ip Address(int i) => Ip.FromV4(BinaryPrimitives.ReadUInt32BigEndian(_bytes.Slice(AddressesAt + AddressLength * i, AddressLength)));

    /// <summary>The VRID of a message of any version: it says who is to judge the rest.</summary>
    public static bool TryReadVrid(ReadOnlySpan<byte> message, out byte vrid)
    {
        bool whole = message.Length >= AddressesAt;
        vrid = whole ? message[VridAt] : (byte)0;
        return whole;
    }

    /// <summary>
    /// Version and length only. <see cref="WireError.Truncated"/>: shorter than the 8 bytes every version begins with.
    /// <see cref="WireError.BadVersion"/>: not 2. Asked before the length, because version decides what length is right: the operator
    /// whose neighbour speaks version 3 should read just that. <see cref="WireError.BadLength"/>: not exactly 8 + 4n + 8.
    /// </summary>
    public static WireError TryView(ReadOnlySpan<byte> message, out VrrpPacket packet)
    {
        packet = default;
        if (message.Length < AddressesAt)
        {
            return WireError.Truncated;
        }

        if (message[VersionAndTypeAt] >> 4 != Version2)
        {
            return WireError.BadVersion;
        }

        if (message.Length != Length(message[CountAt]))
        {
            return WireError.BadLength;
        }

        packet = new VrrpPacket(message);
        return WireError.None;
    }

    /// <summary>
    /// The payload of an IP packet as an advert: as <see cref="TryView"/>, then <see cref="WireError.BadType"/> and
    /// <see cref="WireError.BadChecksum"/>, the first that holds.
    /// </summary>
    public static WireError TryParse(ReadOnlySpan<byte> message, out VrrpPacket packet)
    {
        WireError error = TryView(message, out VrrpPacket view);
        if (error == WireError.None)
        {
            error = view.Type != Advertisement ? WireError.BadType
                : !view.HasValidChecksum ? WireError.BadChecksum
                : WireError.None;
        }

        packet = error == WireError.None ? view : default;
        return error;
    }

    /// <summary>Bytes of a message with that many addresses.</summary>
    public static int Length(int addresses) => AddressesAt + AddressLength * addresses + AuthLength;

    /// <summary>Writes the message, every byte of it, and says how long it is: <see cref="Length"/>.</summary>
    public static int Write(Span<byte> target, scoped in Advert advert)
    {
        long seconds = advert.Interval.Ticks / TimeSpan.TicksPerSecond;
        Invariant.Check(seconds is >= 0 and <= byte.MaxValue && seconds * TimeSpan.TicksPerSecond == advert.Interval.Ticks);
        Invariant.Check(advert.Addresses.Length <= MaxAddresses);
        target = target[..Length(advert.Addresses.Length)];
        target[VersionAndTypeAt] = Version2 << 4 | Advertisement;
        target[VridAt] = advert.Vrid;
        target[PriorityAt] = advert.Priority;
        target[CountAt] = (byte)advert.Addresses.Length;
        target[AuthTypeAt] = advert.AuthType;
        target[IntervalAt] = (byte)seconds;
        BinaryPrimitives.WriteUInt16BigEndian(target[ChecksumAt..], 0);
        Span<byte> rest = target[AddressesAt..];
        foreach (Ip address in advert.Addresses)
        {
            Invariant.Check(!address.IsV6);
            BinaryPrimitives.WriteUInt32BigEndian(rest, address.V4);
            rest = rest[AddressLength..];
        }

        BinaryPrimitives.WriteUInt64BigEndian(rest, advert.AuthData);
        BinaryPrimitives.WriteUInt16BigEndian(target[ChecksumAt..], Checksum.Compute(target));
        return target.Length;
    }

    /// <summary>
    /// Gives a written message another priority and mends its checksum (RFC 1624): an advert whose other fields do not change is
    /// encoded once and sent often.
    /// </summary>
    public static void PatchPriority(Span<byte> message, byte priority)
    {
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(message[ChecksumAt..]);
        ushort old = BinaryPrimitives.ReadUInt16BigEndian(message[PriorityAt..]);
        message[PriorityAt] = priority;
        ushort now = BinaryPrimitives.ReadUInt16BigEndian(message[PriorityAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumAt..], Checksum.Update(checksum, old, now));
    }
}
