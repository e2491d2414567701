using System;
using BenchmarkDotNet.Attributes;
using Vrrpd.Core;
using Vrrpd.Core.Crypto;
using Vrrpd.Core.Wire;

namespace Vrrpd.Bench;

/// <summary>
/// An IP header, an advert with one address behind its IP header, the longest advert of IPv4 and of IPv6; beside it what it costs only to
/// read the bytes (the vectorized search of the framework, for a byte that is not there): nothing sums faster than that.
/// </summary>
[MemoryDiagnoser]
public class ChecksumBench
{
    private byte[] _bytes = [];

    [Params(20, 40, 1056, 4128)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bytes = new byte[Bytes];
        for (int i = 0; i < Bytes; i++)
        {
            _bytes[i] = (byte)(1 + i % 200);
        }
    }

    [Benchmark]
    public ushort Sum() => Checksum.Sum(_bytes);

    [Benchmark(Baseline = true)]
    public int Read() => _bytes.AsSpan().IndexOf((byte)0);
}

/// <summary>What an advert is like: version, family, authentication.</summary>
public enum AdvertKind
{
    V2,
    V2Pass,
    V2Ah,
    V3,
    V3Hmac,
    V3Ipv6,
    V3Ipv6Hmac,
}

/// <summary>
/// Adverts by kind and number of addresses: read from the IP header on with checksum and authentication verified, written whole, and sent
/// again with identification and priority patched (and signed anew where the kind is signed).
/// </summary>
[MemoryDiagnoser]
public class AdvertBench
{
    private readonly byte[] _target = new byte[8192];
    private readonly HmacSha256 _key = new("0123456789abcdef0123456789abcdef"u8);
    private readonly HmacMd5 _password = new("password"u8);
    private Ip[] _addresses = [];
    private byte[] _packet = [];
    private byte _priority;
    private ulong _sequence;

    [Params(1, 20, 255)]
    public int Addresses { get; set; }

    [ParamsAllValues]
    public AdvertKind Kind { get; set; }

    private bool IsV6 => Kind is AdvertKind.V3Ipv6 or AdvertKind.V3Ipv6Hmac;
    private byte Version => Kind >= AdvertKind.V3 ? VrrpPacket.Version3 : VrrpPacket.Version2;
    private bool HasTrailer => Kind is AdvertKind.V3Hmac or AdvertKind.V3Ipv6Hmac;
    private Ip Source => IsV6 ? Ip.FromV6(0xfe80_0000_0000_0000, 1) : Ip.FromV4(10, 10, 30, 1);
    private Ip Group => IsV6 ? VrrpPacket.Group6 : VrrpPacket.Group;
    private int IpLength => IsV6 ? Ipv6Header.Length : Ipv4Header.Length;

    [GlobalSetup]
    public void Setup()
    {
        _addresses = new Ip[Addresses];
        for (int i = 0; i < Addresses; i++)
        {
            _addresses[i] = IsV6 ? Ip.FromV6(0xfd00_0000_0000_0000, (ulong)i) : Ip.FromV4(10, 10, 30, (byte)i);
        }

        _packet = _target[..Write()];
    }

    [Benchmark]
    public ulong Parse()
    {
        Require(IpPacket.TryParse(_packet, out IpPacket ip) == WireError.None);
        ReadOnlySpan<byte> payload = ip.Payload;
        if (Kind == AdvertKind.V2Ah)
        {
            Require(AuthHeader.TryParse(payload, out AuthHeader header) == WireError.None && AuthHeader.Verify(ip, _password, isUnicast: false));
            payload = header.Payload;
        }

        Require(VrrpPacket.TryView(payload, IsV6, out VrrpPacket packet, out ReadOnlySpan<byte> behind) == WireError.None);
        Require(packet.FindChecksum(ip.Source, ip.Destination, behind) != ChecksumForm.None);
        Require(!HasTrailer || new HmacTrailer(behind).Verify(packet.Bytes, ip.Source, _key));
        return packet.Priority + ip.Source.Low + packet.AuthData;
    }

    [Benchmark]
    public int Write()
    {
        Advert advert = new()
        {
            Version = Version,
            IsV6 = IsV6,
            Vrid = 51,
            Priority = 150,
            Interval = TimeSpan.FromSeconds(1),
            AuthType = (byte)(Kind is AdvertKind.V2Pass or AdvertKind.V2Ah ? Kind : 0),
            AuthData = Kind == AdvertKind.V2Pass ? 0x7061737377647264u : 0,
            Addresses = _addresses,
        };
        int inner = Kind == AdvertKind.V2Ah ? AuthHeader.Length : 0;
        int length = VrrpPacket.Length(Version, IsV6, Addresses);
        int payload = inner + length + (HasTrailer ? HmacTrailer.Length : 0);
        byte protocol = inner > 0 ? AuthHeader.Protocol : VrrpPacket.Protocol;
        int at = IsV6
            ? Ipv6Header.Write(_target, Source, Group, VrrpPacket.RequiredTtl, protocol, 0xc0, payload)
            : Ipv4Header.Write(_target, Source, Group, VrrpPacket.RequiredTtl, protocol, 1, 0xc0, payload);
        if (inner > 0)
        {
            AuthHeader.Write(_target.AsSpan(at), Source.V4, 1);
        }

        ChecksumForm form = Version == VrrpPacket.Version2 ? ChecksumForm.Message : ChecksumForm.PseudoHeader;
        VrrpPacket.Write(_target.AsSpan(at + inner), advert, VrrpPacket.Seed(form, Source, Group, length));
        Sign(_target.AsSpan(0, at + payload), inner, length);
        return at + payload;
    }

    [Benchmark]
    public void Patch()
    {
        Span<byte> packet = _packet;
        int inner = Kind == AdvertKind.V2Ah ? AuthHeader.Length : 0;
        if (!IsV6)
        {
            Ipv4Header.PatchId(packet, (ushort)++_sequence);
        }

        VrrpPacket.PatchPriority(packet[(IpLength + inner)..], ++_priority);
        Sign(packet, inner, VrrpPacket.Length(Version, IsV6, Addresses));
    }

    private void Sign(Span<byte> packet, int inner, int length)
    {
        if (inner > 0)
        {
            AuthHeader.Sign(packet, _password, isUnicast: false);
        }

        if (HasTrailer)
        {
            Span<byte> payload = packet[IpLength..];
            HmacTrailer.Write(payload[length..], payload[..length], Source, 1, ++_sequence, _key);
            if (IsV6)
            {
                VrrpPacket.Seal(payload, VrrpPacket.Seed(ChecksumForm.PseudoHeader, Source, Group, payload.Length));
            }
        }
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException();
        }
    }
}

/// <summary>Frames that announce an address.</summary>
[MemoryDiagnoser]
public class FrameBench
{
    private readonly byte[] _target = new byte[128];

    [Benchmark]
    public int WriteGratuitousArp() => ArpPacket.WriteGratuitous(_target, new MacAddress(0x020000000001), Ip.FromV4(10, 10, 30, 101));

    [Benchmark]
    public int WriteNeighborAdvert() =>
        NeighborAdvert.WriteUnsolicited(_target, new MacAddress(0x020000000001), Ip.FromV6(0xfd00_0000_0000_0000, 1));
}
