using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Xunit;

namespace Vrrpd.Core.Tests;

/// <summary>Reloads keep nothing: what one needed is garbage after it, and the ten-thousandth costs what the first did.</summary>
[CollectionDefinition(nameof(ReloadMemoryTests), DisableParallelization = true)]
[Collection(nameof(ReloadMemoryTests))]
public class ReloadMemoryTests
{
    private const int Reloads = 10_000, Warm = 200;

    /// <summary>What the runtime itself may gather meanwhile. The smallest object kept by each reload would make 240,000.</summary>
    private const int Noise = 100_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ten_thousand_reloads_keep_no_byte_and_miss_no_advert(bool alternating)
    {
        DaemonConfig[] configs = [Config(alternating: false), Config(alternating)];
        World world = new(configs[0]);
        world.RunTo(TimeSpan.FromSeconds(10));
        VirtualRouter[] masters = world.Engine.Routers.ToArray();
        Assert.All(masters, router => Assert.Equal(RouterState.Master, router.State));
        for (int i = 1; i <= Warm; i++)
        {
            world.Reload(configs[i % 2]);
        }

        long sent = masters[0].Stats.AdvertsSent;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 1; i <= Reloads; i++)
        {
            world.Reload(configs[i % 2]);
            world.RunTo(world.Now - Instant.Zero + TimeSpan.FromMilliseconds(10));
        }

        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(kept, long.MinValue, Noise);

        // 10,000 reloads 10 ms apart: 100 s, in which the first instance, which never changes, has sent its 100 adverts.
        Assert.InRange(masters[0].Stats.AdvertsSent - sent, 99, 101);
        Assert.Equal(1, masters[0].Stats.BecameMaster);
        GC.KeepAlive(world);
    }

    /// <summary>Four instances on two interfaces; the alternative has another priority, address, name, and one instance and script less.</summary>
    private static DaemonConfig Config(bool alternating)
    {
        RouterConfig[] routers = new RouterConfig[alternating ? 3 : 4];
        for (int i = 0; i < routers.Length; i++)
        {
            bool isOther = alternating && i > 0;
            routers[i] = new RouterConfig
            {
                Name = isOther ? "other" : "R",
                Interface = (short)(i % 2),
                Vrid = (byte)(51 + i / 2),
                Priority = (byte)(isOther ? 120 : 100),
                Addresses = [new VirtualAddress { Address = Ip.FromV4(10, 0, (byte)i, (byte)(isOther ? 101 : 100)), PrefixLength = 24, Interface = 0 }],
                TrackedScripts = i == 1 ? [new TrackedScript(0, 10, false)] : [],
            };
        }

        return ChannelTable.Complete(new DaemonConfig
        {
            Globals = new GlobalConfig(),
            Interfaces = ["eth0", "eth1"],
            Scripts = [new ScriptConfig { Name = "s", Command = [alternating ? "/other" : "/s"] }],
            Routers = routers,
        });
    }

    private sealed class World
    {
        private readonly Effect[] _effects;
        private readonly byte[] _arena;

        public World(DaemonConfig config)
        {
            _effects = new Effect[Limits.EffectsPerCall(config)];
            _arena = new byte[Limits.ArenaBytesPerCall(config)];
            Engine = new Engine(config, Now);
            EffectSink sink = new(_effects, _arena);
            for (short slot = 0; slot < config.Interfaces.Length; slot++)
            {
                Engine.HandleHost(HostEvent.Link(slot, LinkFlags.Up | LinkFlags.Running, new MacAddress(1)), Now, ref sink);
                Engine.HandleHost(HostEvent.AddressAdded(slot, Ip.FromV4(10, 1, (byte)slot, 1), 24), Now, ref sink);
            }

            Engine.HandleHost(HostEvent.HostKnown(), Now, ref sink);
        }

        public Engine Engine { get; private set; }

        public Instant Now { get; private set; }

        public void Reload(DaemonConfig next)
        {
            ConfigDiff diff = ConfigDiff.Compare(Engine.Config, next);
            EffectSink sink = new(_effects, _arena);
            Engine.BeginReload(diff, Now, ref sink);
            Engine = Engine.Succeed(diff, Now);
            sink.Clear();
            Engine.EndReload(diff, Now, ref sink);
        }

        public void RunTo(TimeSpan time)
        {
            Instant end = Instant.Zero + time;
            while (Engine.NextDeadline <= end)
            {
                Now = Instant.Max(Now, Engine.NextDeadline);
                EffectSink sink = new(_effects, _arena);
                Engine.HandleTimers(Now, ref sink);
            }

            Now = end;
        }
    }
}
