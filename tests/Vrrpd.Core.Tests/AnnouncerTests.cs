using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests;

/// <summary>Who hears of a master's addresses, how often, and what it may cost.</summary>
public class AnnouncerTests
{
    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);
    private static readonly MacAddress Physical = new(0x0200_0000_0001), Second = new(0x0200_0000_0002);

    [Fact]
    public void Both_families_are_told_of_in_rounds_and_once_more_after_the_delay()
    {
        World world = new(new AnnounceConfig { Repeat = 2, Delay = TimeSpan.FromSeconds(3) }, V4(1), V4(2), V6(1));
        Assert.Equal(["10.1.0.1", "10.1.0.2", "10.1.0.1", "10.1.0.2", "fd00::1", "fd00::1"], world.FramesUntil(world.Master));
        List<string> later = world.FramesUntil(world.Master + TimeSpan.FromSeconds(3));
        Assert.Equal(6, later.Count);
        Assert.Empty(world.FramesUntil(world.Master + TimeSpan.FromSeconds(100)));
    }

    [Fact]
    public void Adverts_of_a_master_of_two_thousand_addresses_leave_on_time_while_it_announces()
    {
        VirtualAddress[] many = new VirtualAddress[2000];
        for (int i = 0; i < many.Length; i++)
        {
            many[i] = new VirtualAddress { Address = Ip.FromV4(0x0a02_0000 + (uint)i), PrefixLength = 32, Interface = 0 };
        }

        World world = new(new AnnounceConfig(), [], many);

        // Each turn takes a millisecond: the burst of 10,000 frames is longer than the advert interval, and begins when all addresses are there.
        int frames = 0, adverts = 0, worst = 0, added = 0;
        Instant now = world.Master, lastAdvert = now;
        for (int turn = 0; turn < 2000; turn++)
        {
            int before = world.Frames.Count;
            adverts += world.Turn(now);
            Assert.InRange(world.Added - added, 0, 2 * Limits.AddressesPerTurn);
            Assert.True(world.Added == many.Length || world.Frames.Count == 0, "announced before it is there");
            added = world.Added;
            worst = Math.Max(worst, world.Frames.Count - before);
            frames = world.Frames.Count;
            now += TimeSpan.FromMilliseconds(1);
        }

        Assert.Equal(2, adverts);
        Assert.Equal(Limits.AnnouncementsPerTurn, worst);
        Assert.Equal((10_000, 2000), (frames, added));
        Assert.All(world.AdvertsLate, late => Assert.True(late <= TimeSpan.FromMilliseconds(1), $"an advert was {late} late"));
    }

    [Fact]
    public void Many_masters_together_send_no_more_in_a_turn_than_one()
    {
        World world = new(new AnnounceConfig(), 100, V4(1));
        Assert.Equal(0, world.Turn(world.Master) - 100);
        Assert.Equal(Limits.AnnouncementsPerTurn, world.Frames.Count);
        Assert.Equal(500, world.FramesUntil(world.Master).Count + Limits.AnnouncementsPerTurn);
    }

    [Fact]
    public void A_group_of_interfaces_is_spaced_together_and_each_family_on_its_own()
    {
        World world = new(new AnnounceConfig { Repeat = 2, Delay = default }, [V6(1)], [V4(1), V4(2, slot: 1)],
            new GarpGroupConfig([0, 1], Tenth, Tenth * 2));
        Assert.Equal(["10.1.0.1", "fd00::1"], world.FramesUntil(world.Master));
        Assert.Equal(["10.1.0.2"], world.FramesUntil(world.Master + Tenth));
        Assert.Equal(["10.1.0.1", "fd00::1"], world.FramesUntil(world.Master + Tenth * 2));
        Assert.Equal(["10.1.0.2"], world.FramesUntil(world.Master + Tenth * 3));
        Assert.Empty(world.FramesUntil(world.Master + Tenth * 9));
    }

    [Fact]
    public void Two_instances_share_the_spacing_of_their_interface()
    {
        World world = new(new AnnounceConfig { Repeat = 1, Delay = default }, 2, V4(1), new GarpGroupConfig([0], Tenth, default));
        Assert.Single(world.FramesUntil(world.Master));
        Assert.Empty(world.FramesUntil(world.Master + Tenth - TimeSpan.FromTicks(1)));
        Assert.Single(world.FramesUntil(world.Master + Tenth));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_interface_without_adverts_is_shown_the_address_from_time_to_time(bool all)
    {
        AnnounceConfig announce = new() { Repeat = 1, Delay = default, ExtraInterval = TimeSpan.FromSeconds(10), ExtraOnAll = all };
        World world = new(announce, V4(1), V4(2, slot: 1), V4(3, slot: 1));
        Assert.Equal(3, world.FramesUntil(world.Master).Count);
        Assert.Empty(world.FramesUntil(world.Master + TimeSpan.FromSeconds(9.9)));
        Assert.Equal(all ? ["10.1.0.2"] : [], world.FramesUntil(world.Master + TimeSpan.FromSeconds(10)));
        Assert.Equal(all ? ["10.1.0.2"] : [], world.FramesUntil(world.Master + TimeSpan.FromSeconds(20)));
    }

    private static VirtualAddress V4(byte last, short slot = 0) => new() { Address = Ip.FromV4(10, 1, 0, last), PrefixLength = 32, Interface = slot };

    private static VirtualAddress V6(byte last) => new() { Address = Ip.FromV6(0xfd00_0000_0000_0000, last), PrefixLength = 64, Interface = 0 };

    /// <summary>Masters on eth0, with addresses there and on eth1.</summary>
    private sealed class World
    {
        private readonly Engine _engine;
        private readonly Effect[] _effects;
        private readonly byte[] _arena;
        private Instant _due;

        public World(AnnounceConfig announce, params VirtualAddress[] vips)
            : this(announce, Array.FindAll(vips, static vip => vip.Address.IsV6), Array.FindAll(vips, static vip => !vip.Address.IsV6))
        {
        }

        public World(AnnounceConfig announce, VirtualAddress[] excluded, VirtualAddress[] vips, params GarpGroupConfig[] groups)
            : this([new RouterConfig { Name = "R0", Interface = 0, Vrid = 1, Addresses = vips[..Math.Min(20, vips.Length)],
                Excluded = [.. vips[Math.Min(20, vips.Length)..], .. excluded], Announce = announce }], groups)
        {
        }

        public World(AnnounceConfig announce, byte routers, VirtualAddress vip, params GarpGroupConfig[] groups)
            : this(Routers(announce, routers, vip), groups)
        {
        }

        private World(RouterConfig[] routers, GarpGroupConfig[] groups)
        {
            DaemonConfig config = ChannelTable.Complete(new DaemonConfig
            {
                Globals = new GlobalConfig(),
                Interfaces = ["eth0", "eth1"],
                Scripts = [],
                Routers = routers,
                GarpGroups = groups,
            });
            _effects = new Effect[Limits.CallsPerTurn * Limits.EffectsPerCall(config)];
            _arena = new byte[Limits.CallsPerTurn * Limits.ArenaBytesPerCall(config)];
            _engine = new Engine(config, Instant.Zero);
            EffectSink sink = new(_effects, _arena);
            _engine.HandleHost(HostEvent.Link(0, LinkFlags.Up | LinkFlags.Running, Physical), Instant.Zero, ref sink);
            _engine.HandleHost(HostEvent.Link(1, LinkFlags.Up | LinkFlags.Running, Second), Instant.Zero, ref sink);
            _engine.HandleHost(HostEvent.AddressAdded(0, Ip.FromV4(10, 0, 0, 1), 24), Instant.Zero, ref sink);
            _engine.HandleHost(HostEvent.HostKnown(), Instant.Zero, ref sink);
            Master = _due = _engine.NextDeadline;
        }

        /// <summary>When it becomes master.</summary>
        public Instant Master { get; }

        public List<string> Frames { get; } = [];
        public List<TimeSpan> AdvertsLate { get; } = [];
        public int Added { get; private set; }

        /// <summary>One turn of the loop: how many adverts it sent.</summary>
        public int Turn(Instant now)
        {
            EffectSink sink = new(_effects, _arena);
            _engine.HandleTimers(now, ref sink);
            int adverts = 0;
            foreach (Effect effect in sink.Effects)
            {
                if (effect.Kind == EffectKind.SendAdvert)
                {
                    adverts++;
                    AdvertsLate.Add(now - _due);
                    _due += TimeSpan.FromSeconds(1);
                }
                else if (effect.Kind == EffectKind.AddAddress)
                {
                    Added++;
                }
                else if (effect.Kind == EffectKind.SendFrame)
                {
                    Frames.Add(effect.Address.ToString());
                    Check(effect, sink.Bytes(effect));
                }
            }

            return adverts;
        }

        /// <summary>What is announced from here until then.</summary>
        public List<string> FramesUntil(Instant end)
        {
            Frames.Clear();
            for (int turn = 0; _engine.NextDeadline <= end; turn++)
            {
                Assert.True(turn < 10_000, "the engine spins");
                _ = Turn(_engine.NextDeadline);
            }

            return [.. Frames];
        }

        private static void Check(in Effect effect, ReadOnlySpan<byte> frame)
        {
            Assert.Equal(WireError.None, EthernetFrame.TryParse(frame, out EthernetFrame ethernet));
            Assert.Equal(effect.Slot == 0 ? Physical : Second, ethernet.Source);
            Assert.Equal(effect.Address.IsV6 ? NeighborAdvert.FrameLength : ArpPacket.FrameLength, frame.Length);
        }

        private static RouterConfig[] Routers(AnnounceConfig announce, byte count, VirtualAddress vip)
        {
            RouterConfig[] routers = new RouterConfig[count];
            for (byte i = 0; i < count; i++)
            {
                VirtualAddress own = vip with { Address = Ip.FromV4(10, 1, i, 1) };
                routers[i] = new RouterConfig { Name = $"R{i}", Interface = 0, Vrid = (byte)(i + 1), Addresses = [own], Announce = announce };
            }

            return routers;
        }
    }
}
