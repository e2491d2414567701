using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Xunit;

namespace Vrrpd.Core.Tests;

/// <summary>
/// The largest configuration there can be on one interface, everything changing at once: a sink of exactly the promised size must take the
/// effects of any one call. What does not fit ends the daemon (Invariant), so the promise is worth a test.
/// </summary>
public class StressTests
{
    private const int Routers = 250, Addresses = 255;

    private static readonly HostEvent s_up = HostEvent.Link(0, LinkFlags.Up | LinkFlags.Running, new MacAddress(1));

    [Theory]
    [InlineData(100, false, "")]
    [InlineData(100, true, "")]
    [InlineData(255, false, "")]
    [InlineData(100, false, "dual no_accept")]
    [InlineData(100, false, "unicast")]
    [InlineData(100, false, "group no_accept")]
    [InlineData(100, true, "group unicast")]
    [InlineData(100, false, "ipv6")]
    public void Every_event_fits_into_a_sink_of_the_promised_size(byte priority, bool shared, string words)
    {
        World world = new(priority, shared, words);
        world.Tell(s_up);
        world.Tell(world.Source);
        world.Tell(HostEvent.HostKnown());
        world.Up();
        world.AllMaster();
        foreach (HostEvent blow in (HostEvent[])
        [
            HostEvent.Link(0, LinkFlags.None, new MacAddress(1)),
            HostEvent.LinkGone(0),
            world.SourceGone,
            HostEvent.Failed(new Effect(EffectKind.JoinGroup, 0), 105),
            HostEvent.ScriptExited(0, 1),
            HostEvent.Failed(new Effect(EffectKind.RunScript, 0), 12),
        ])
        {
            world.RunScripts();
            world.Tell(blow);
            Assert.All(world.Engine.Routers.ToArray(), router => Assert.Equal(RouterState.Initialize, router.State));

            world.Tell(s_up);
            world.Tell(world.Source);
            world.Up();
            world.AllMaster();
        }

        if (shared)
        {
            // One address of all routers is taken: every one of them resigns with all it has.
            VirtualAddress vip = world.Engine.Config.Routers[0].Addresses[0];
            world.Tell(HostEvent.AddressAdded(0, vip.Address, vip.PrefixLength));
            world.Tell(HostEvent.AddressRemoved(0, vip.Address, vip.PrefixLength));
            Assert.All(world.Engine.Routers.ToArray(), router => Assert.Equal(RouterState.Backup, router.State));
            world.AllMaster();
        }

        foreach (VirtualRouter router in world.Engine.Routers)
        {
            VirtualAddress vip = router.Config.Addresses[0];
            world.Tell(HostEvent.Failed(new Effect(EffectKind.AddAddress, (short)(router.Config.Vrid - 1)) { Address = vip.Address }, 12));
        }

        world.Up();
        world.AllMaster();
        world.Stop();
        Assert.True(world.Most > Routers * Addresses, $"the fullest call had {world.Most} effects only");
    }

    private sealed class World
    {
        private readonly Effect[] _effects;
        private readonly byte[] _arena;
        private Instant _now;

        public World(byte priority, bool shared, string words)
        {
            bool isV6 = words.Contains("ipv6"), isUnicast = words.Contains("unicast"), isDual = words.Contains("dual");
            Ip own = isV6 ? Ip.FromV6(0xfe80_0000_0000_0000, 1) : Ip.FromV4(10, 0, 0, 1);
            (Source, SourceGone) = (HostEvent.AddressAdded(0, own, 24), HostEvent.AddressRemoved(0, own, 24));
            UnicastPeer[] peers = [.. Array.ConvertAll((byte[])[2, 3, 4, 5], static last => new UnicastPeer(Ip.FromV4(10, 0, 0, last), -1, -1))];
            RouterConfig[] routers = new RouterConfig[Routers];

            // The first is vital and moves the priority as well: the most that one verdict can do.
            TrackedScript[] scripts = [new(0, -20, false), new(0, 0, false), new(1, -20, false), new(2, 10, true)];

            for (int i = 0; i < Routers; i++)
            {
                int number = shared ? 0 : i;
                VirtualAddress[] addresses = new VirtualAddress[Addresses];
                for (int j = 0; j < Addresses; j++)
                {
                    Ip address = isV6 ? Ip.FromV6(0x2001_0db8_0000_0000, (ulong)(number << 8 | j)) : Ip.FromV4(10, 1, (byte)number, (byte)j);
                    addresses[j] = new VirtualAddress { Address = address, PrefixLength = 32, Interface = 0 };
                }

                routers[i] = new RouterConfig
                {
                    Name = "R",
                    Interface = 0,
                    Vrid = (byte)(i + 1),
                    Priority = priority,
                    Addresses = addresses,
                    TrackedScripts = scripts,
                    Version = (byte)(isV6 || isDual || isUnicast ? 3 : 2),
                    IsV6 = isV6,
                    IsDual = isDual,
                    IsUnicast = isUnicast,
                    Peers = isUnicast ? peers : [],
                    Accepts = !words.Contains("no_accept"),
                    SyncGroup = (short)(words.Contains("group") ? 0 : -1),
                };
            }

            DaemonConfig config = ChannelTable.Complete(new DaemonConfig
            {
                Globals = new GlobalConfig(),
                Interfaces = ["eth0"],
                Scripts = Array.ConvertAll(new int[3], static _ => new ScriptConfig { Name = "s", Command = ["/s"] }),
                Routers = routers,
                SyncGroups = !words.Contains("group") ? []
                    : [new SyncGroupConfig { Name = "G", Members = [], Routers = [.. Array.ConvertAll(routers, router => (short)(router.Vrid - 1))] }],
            });
            _effects = new Effect[Limits.EffectsPerCall(config)];
            _arena = new byte[Limits.ArenaBytesPerCall(config)];
            Engine = new Engine(config, _now);
        }

        public Engine Engine { get; }
        public HostEvent Source { get; }
        public HostEvent SourceGone { get; }

        /// <summary>Effects of the fullest call.</summary>
        public int Most { get; private set; }

        public void Tell(in HostEvent e)
        {
            EffectSink sink = new(_effects, _arena);
            Engine.HandleHost(e, _now, ref sink);
            Most = Math.Max(Most, sink.Effects.Length);
        }

        /// <summary>Every script succeeds, whatever it did before.</summary>
        public void Up()
        {
            Timers();
            for (short i = 0; i < Engine.Config.Scripts.Length; i++)
            {
                Tell(HostEvent.ScriptExited(i, 0));
            }
        }

        /// <summary>On to the next run of the scripts, which are left running.</summary>
        public void RunScripts()
        {
            _now += TimeSpan.FromSeconds(1);
            Timers();
        }

        public void AllMaster()
        {
            for (int i = 0; i < 200 && Array.Exists(Engine.Routers.ToArray(), static router => router.State != RouterState.Master); i++)
            {
                _now += TimeSpan.FromMilliseconds(200);
                Up();
            }

            Assert.All(Engine.Routers.ToArray(), router => Assert.Equal(RouterState.Master, router.State));
        }

        public void Stop()
        {
            EffectSink sink = new(_effects, _arena);
            Engine.Stop(_now, ref sink);
            Most = Math.Max(Most, sink.Effects.Length);
            Assert.Equal(Instant.Never, Engine.NextDeadline);
        }

        private void Timers()
        {
            for (int turn = 0; turn == 0 || Engine.NextDeadline <= _now; turn++)
            {
                Assert.True(turn < 100_000, "the engine spins");
                EffectSink sink = new(_effects, _arena);
                Engine.HandleTimers(_now, ref sink);
                Most = Math.Max(Most, sink.Effects.Length);
            }
        }
    }
}
