using System;
using BenchmarkDotNet.Attributes;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Bench;

/// <summary>What one turn of the engine costs: an advert heard as backup, a refused one, a timer turned as master.</summary>
[MemoryDiagnoser]
public class EngineBench
{
    private Effect[] _effects = [];
    private byte[] _arena = [];
    private byte[] _advert = [];
    private byte[] _junk = [];
    private Engine _backup = null!;
    private Engine _master = null!;
    private Instant _backupNow;
    private Instant _masterNow;

    [Params(1, 20)]
    public int Addresses { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        VirtualAddress[] vips = new VirtualAddress[Addresses];
        for (int i = 0; i < vips.Length; i++)
        {
            vips[i] = new VirtualAddress { Address = Ip.FromV4(10, 0, 1, (byte)i), PrefixLength = 24, Interface = 0 };
        }

        DaemonConfig config = ChannelTable.Complete(new DaemonConfig
        {
            Globals = new GlobalConfig(),
            Interfaces = ["eth0"],
            Scripts = [],
            Routers = [new RouterConfig { Name = "VI_1", Interface = 0, Vrid = 51, Addresses = vips }],
        });
        _effects = new Effect[Limits.EffectsPerCall(config)];
        _arena = new byte[Limits.ArenaBytesPerCall(config)];
        _backup = Start(config);
        _master = Start(config);
        for (int i = 0; i < 10; i++)
        {
            MasterTimer();
        }

        _advert = new byte[Ipv4Header.Length + VrrpPacket.Length(2, false, vips.Length)];
        int length = VrrpPacket.Write(_advert.AsSpan(Ipv4Header.Length), new Advert
        {
            Vrid = 51,
            Priority = 200,
            Interval = TimeSpan.FromSeconds(1),
            Addresses = Array.ConvertAll(vips, static vip => vip.Address),
        });
        Ipv4Header.Write(_advert, Ip.FromV4(10, 0, 0, 2), VrrpPacket.Group, VrrpPacket.RequiredTtl, VrrpPacket.Protocol, 1, 0xc0, length);
        _junk = [.. _advert];
        _junk[^1] ^= 1;
    }

    [Benchmark]
    public WireError BackupHearsAdvert()
    {
        _backupNow += TimeSpan.FromMilliseconds(1);
        EffectSink sink = new(_effects, _arena);
        return _backup.HandleDatagram(new Datagram { Bytes = _advert, Channel = 0 }, _backupNow, ref sink);
    }

    [Benchmark]
    public WireError RefusesJunk()
    {
        EffectSink sink = new(_effects, _arena);
        return _backup.HandleDatagram(new Datagram { Bytes = _junk, Channel = 0 }, _backupNow, ref sink);
    }

    [Benchmark]
    public int MasterTimer()
    {
        _masterNow = _master.NextDeadline;
        EffectSink sink = new(_effects, _arena);
        _master.HandleTimers(_masterNow, ref sink);
        return sink.Effects.Length;
    }

    private Engine Start(DaemonConfig config)
    {
        Engine engine = new(config, Instant.Zero);
        EffectSink sink = new(_effects, _arena);
        engine.HandleHost(HostEvent.Link(0, LinkFlags.Up | LinkFlags.Running, new MacAddress(1)), Instant.Zero, ref sink);
        engine.HandleHost(HostEvent.AddressAdded(0, Ip.FromV4(10, 0, 0, 1), 24), Instant.Zero, ref sink);
        engine.HandleHost(HostEvent.HostKnown(), Instant.Zero, ref sink);
        return engine;
    }
}
