using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests;

/// <summary>A burst of announcements is cut into turns, and a reload may come between two of them.</summary>
public class AnnouncerReloadTests
{
    private const int Many = 2 * Limits.AnnouncementsPerTurn;

    [Theory]
    [InlineData(Many)]
    [InlineData(3)]
    [InlineData(0)]
    public void A_burst_goes_on_over_the_addresses_that_are_left(int left)
    {
        DaemonConfig old = Config(Many), next = Config(left);
        Effect[] effects = new Effect[2 * Limits.EffectsPerCall(old)];
        byte[] arena = new byte[2 * Limits.ArenaBytesPerCall(old)];
        Engine engine = new(old, Instant.Zero);
        EffectSink sink = new(effects, arena);
        engine.HandleHost(HostEvent.Link(0, LinkFlags.Up | LinkFlags.Running, new MacAddress(1)), Instant.Zero, ref sink);
        engine.HandleHost(HostEvent.AddressAdded(0, Ip.FromV4(10, 0, 0, 1), 24), Instant.Zero, ref sink);
        engine.HandleHost(HostEvent.HostKnown(), Instant.Zero, ref sink);

        // Once for the takeover; the announcer then is due at once, and only its first portion is let happen.
        Instant now = engine.NextDeadline;
        sink = new EffectSink(effects.AsSpan(0, Limits.EffectsPerCall(old)), arena);
        engine.HandleTimers(now, ref sink);
        sink.Clear();
        engine.HandleTimers(now, ref sink);
        List<Ip> before = Announced(sink);
        Assert.Equal(Limits.AnnouncementsPerTurn, before.Count);

        ConfigDiff diff = ConfigDiff.Compare(old, next);
        sink.Clear();
        engine.BeginReload(diff, now, ref sink);
        engine = engine.Succeed(diff, now);
        sink.Clear();
        engine.EndReload(diff, now, ref sink);
        List<Ip> announced = Announced(sink);
        for (int turn = 0; engine.NextDeadline <= now; turn++)
        {
            Assert.True(turn < 100, "the engine spins");
            sink.Clear();
            engine.HandleTimers(now, ref sink);
            announced.AddRange(Announced(sink));
        }

        foreach (VirtualAddress vip in next.Routers[0].Addresses)
        {
            Assert.True(before.Contains(vip.Address) || announced.Contains(vip.Address), $"{vip.Address} is not announced");
        }

        Assert.All(announced, address => Assert.Contains(next.Routers[0].Addresses, vip => vip.Address == address));
    }

    private static List<Ip> Announced(in EffectSink sink)
    {
        List<Ip> all = [];
        foreach (Effect effect in sink.Effects)
        {
            if (effect.Kind == EffectKind.SendFrame)
            {
                all.Add(effect.Address);
            }
        }

        return all;
    }

    private static DaemonConfig Config(int addresses)
    {
        VirtualAddress[] all = new VirtualAddress[addresses];
        for (int i = 0; i < addresses; i++)
        {
            all[i] = new VirtualAddress { Address = Ip.FromV4(10, 1, 0, (byte)i), PrefixLength = 32, Interface = 0 };
        }

        return ChannelTable.Complete(new DaemonConfig
        {
            Globals = new GlobalConfig(),
            Interfaces = ["eth0"],
            Scripts = [],
            Routers = [new RouterConfig { Name = "R", Interface = 0, Vrid = 51, Addresses = all, Announce = new AnnounceConfig { Repeat = 1 } }],
        });
    }
}
