using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Tests.Scenarios;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests;

/// <summary>Steady state allocates nothing: counted, not believed. (The same is asked of the published binary, end to end.)</summary>
public class AllocationTests
{
    private const int Times = 100_000;

    [Fact]
    public void A_backup_hears_100_000_adverts_without_a_byte()
    {
        World world = new();
        byte[] advert = Packets.Build(world.Config, 0, ["10.0.0.2", "prio=200"]);
        Assert.Equal(0, Allocated(() => world.Hear(advert)));
        Assert.Equal(Vrrp.RouterState.Backup, world.Engine.Routers[0].State);
        Assert.True(world.Engine.Routers[0].Stats.AdvertsReceived >= Times);
    }

    [Fact]
    public void A_flood_of_junk_costs_no_byte_either()
    {
        World world = new();
        byte[] junk = Packets.Build(world.Config, 0, ["10.0.0.2", "prio=200", "checksum=bad"]);
        Assert.Equal(0, Allocated(() => world.Hear(junk)));
        Assert.True(world.Engine.Routers[0].Stats.Errors(WireError.BadChecksum) >= Times);
    }

    [Fact]
    public void A_master_turns_its_timer_100_000_times_without_a_byte()
    {
        World world = new();
        world.RunUntil(Vrrp.RouterState.Master);
        Assert.Equal(0, Allocated(world.NextTimer));
        Assert.True(world.Engine.Routers[0].Stats.AdvertsSent >= Times);
    }

    [Fact]
    public void Failing_over_to_and_fro_allocates_nothing_with_all_its_log_lines()
    {
        World world = new();
        byte[] better = Packets.Build(world.Config, 0, ["10.0.0.2", "prio=200"]);
        byte[] resigned = Packets.Build(world.Config, 0, ["10.0.0.2", "prio=0"]);
        Assert.Equal(0, Allocated(() =>
        {
            world.Hear(better);
            world.Hear(resigned);
            world.NextTimer();
        }));
        Assert.True(world.Engine.Routers[0].Stats.BecameMaster > Times / 10);
    }

    private static long Allocated(Action turn)
    {
        // Twice through: the first pass lets the JIT make its own allocations.
        for (int i = 0; i < 1000; i++)
        {
            turn();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++)
        {
            turn();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>One engine with one instance and a script, and a clock that jumps from deadline to deadline.</summary>
    private sealed class World
    {
        private readonly Effect[] _effects;
        private readonly byte[] _arena;
        private readonly byte[] _text = new byte[LogText.MaxLength];
        private Instant _now;

        public World()
        {
            Config = ChannelTable.Complete(new DaemonConfig
            {
                Globals = new GlobalConfig(),
                Interfaces = ["eth0"],
                Scripts = [],
                Routers =
                [
                    new RouterConfig
                    {
                        Name = "VI_1",
                        Interface = 0,
                        Vrid = 51,
                        Addresses = [new VirtualAddress { Address = Ip.FromV4(10, 0, 0, 100), PrefixLength = 24, Interface = 0 }],
                    },
                ],
            });
            _effects = new Effect[Limits.EffectsPerCall(Config)];
            _arena = new byte[Limits.ArenaBytesPerCall(Config)];
            Engine = new Engine(Config, _now);
            EffectSink sink = new(_effects, _arena);
            Engine.HandleHost(HostEvent.Link(0, LinkFlags.Up | LinkFlags.Running, new MacAddress(1)), _now, ref sink);
            Engine.HandleHost(HostEvent.AddressAdded(0, Ip.FromV4(10, 0, 0, 1), 24), _now, ref sink);
            Engine.HandleHost(HostEvent.HostKnown(), _now, ref sink);
        }

        public DaemonConfig Config { get; }
        public Engine Engine { get; }

        public void Hear(byte[] packet)
        {
            _now += TimeSpan.FromMilliseconds(1);
            EffectSink sink = new(_effects, _arena);
            Engine.HandleDatagram(new Datagram { Bytes = packet, Channel = 0 }, _now, ref sink);
            Say(ref sink);
        }

        public void NextTimer()
        {
            _now = Engine.NextDeadline;
            EffectSink sink = new(_effects, _arena);
            Engine.HandleTimers(_now, ref sink);
            Say(ref sink);
        }

        public void RunUntil(Vrrp.RouterState state)
        {
            for (int i = 0; i < 10 && Engine.Routers[0].State != state; i++)
            {
                NextTimer();
            }

            Assert.Equal(state, Engine.Routers[0].State);
        }

        private void Say(ref EffectSink sink)
        {
            foreach (ref readonly Effect effect in sink.Effects)
            {
                if (effect.Kind == EffectKind.Log)
                {
                    Assert.True(LogText.Write(_text, effect, Config) > 0);
                }
            }
        }
    }
}
