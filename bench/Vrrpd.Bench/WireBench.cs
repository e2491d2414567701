using System;
using BenchmarkDotNet.Attributes;
using Vrrpd.Core;
using Vrrpd.Core.Wire;

namespace Vrrpd.Bench;

/// <summary>An IP header, an advert with one address behind its IP header, and the longest advert.</summary>
[MemoryDiagnoser]
public class ChecksumBench
{
    private byte[] _bytes = [];

    [Params(20, 40, 1056)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bytes = new byte[Bytes];
        for (int i = 0; i < Bytes; i++)
        {
            _bytes[i] = (byte)(i * 167);
        }
    }

    [Benchmark]
    public ushort Sum() => Checksum.Sum(_bytes);
}

/// <summary>Adverts by number of addresses: read from the IP header on, written whole, and sent again with two fields patched.</summary>
[MemoryDiagnoser]
public class AdvertBench
{
    private readonly byte[] _target = new byte[Limits.DatagramBytes];
    private Ip[] _addresses = [];
    private byte[] _packet = [];
    private byte _priority;
    private ushort _id;

    [Params(1, 20, 255)]
    public int Addresses { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _addresses = new Ip[Addresses];
        for (int i = 0; i < Addresses; i++)
        {
            _addresses[i] = Ip.FromV4(10, 10, 30, (byte)i);
        }

        _packet = _target[..Write()];
    }

    [Benchmark]
    public uint Parse()
    {
        if (Ipv4Header.TryParse(_packet, out Ipv4Header ip) != WireError.None
            || VrrpPacket.TryParse(ip.Payload, out VrrpPacket packet) != WireError.None)
        {
            throw new InvalidOperationException();
        }

        return packet.Priority + ip.Source.V4;
    }

    [Benchmark]
    public int Write()
    {
        Advert advert = new()
        {
            Vrid = 51,
            Priority = 150,
            Interval = TimeSpan.FromSeconds(1),
            Addresses = _addresses,
        };
        int at = Ipv4Header.Write(
            _target, Ip.FromV4(10, 10, 30, 1), VrrpPacket.Group, VrrpPacket.RequiredTtl, VrrpPacket.Protocol, 1, 0xc0, VrrpPacket.Length(Addresses));
        return at + VrrpPacket.Write(_target.AsSpan(at), advert);
    }

    [Benchmark]
    public void Patch()
    {
        Ipv4Header.PatchId(_packet, ++_id);
        VrrpPacket.PatchPriority(_packet.AsSpan(Ipv4Header.Length), ++_priority);
    }
}

[MemoryDiagnoser]
public class ArpBench
{
    private readonly byte[] _target = new byte[64];

    [Benchmark]
    public int WriteGratuitous() => ArpPacket.WriteGratuitous(_target, new MacAddress(0x020000000001), Ip.FromV4(10, 10, 30, 101));
}
