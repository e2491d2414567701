using System;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Walk;

/// <summary>Whatever happens in whatever order, the rules hold. A failing seed is a reproduction.</summary>
public class RandomWalkTests
{
    private const int Steps = 200_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_rules_hold_whatever_happens(int seed)
    {
        Walk(seed, Config(), least: 50);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void They_hold_for_groups_devices_both_families_and_versions(int seed) => Walk(seed, Rich(), least: 10);

    private static void Walk(int seed, DaemonConfig config, int least)
    {
        Walker walker = new((ulong)seed * 0x9e37_79b9_7f4a_7c15, config);
        for (int i = 0; i < Steps; i++)
        {
            try
            {
                walker.Step();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, step {i}: {walker.Last}", e);
            }
        }

        walker.HasSeenMuch(least);
        walker.Stop();
    }

    private static DaemonConfig Config() => ChannelTable.Complete(new DaemonConfig
    {
        Globals = new GlobalConfig(),
        Interfaces = ["eth0", "eth1"],
        Scripts =
        [
            new ScriptConfig { Name = "a", Command = ["/a"], Rise = 2, Fall = 2 },
            new ScriptConfig { Name = "b", Command = ["/b"], Timeout = TimeSpan.FromSeconds(3) },
        ],
        Routers =
        [
            Router("A", 0, 51, 150, Vip(100, 0), new TrackedScript(0, 0, false), new TrackedScript(1, -60, false)),
            Router("B", 0, 52, 100, Vip(101, 1), new TrackedScript(1, 20, true)),
            Router("C", 1, 51, 100, Vip(102, 1)),
        ],
    });

    /// <summary>A group of both families of which one member has a device, another that preempts late, and one that does not.</summary>
    private static DaemonConfig Rich()
    {
        TrackedScript[] vital = [new TrackedScript(0, 0, false)];
        VirtualAddress six = new() { Address = Ip.FromV6(0x2001_0db8_0000_0000, 9), PrefixLength = 64, Interface = 2 };
        return ChannelTable.Complete(new DaemonConfig
        {
            Globals = new GlobalConfig { StartupDelay = TimeSpan.FromSeconds(1) },
            Interfaces = ["eth0", "eth1", "vrrp2"],
            Scripts = [new ScriptConfig { Name = "a", Command = ["/a"] }],
            SyncGroups = [new SyncGroupConfig { Name = "G", Members = ["A", "B"], Routers = [0, 1] }],
            Routers =
            [
                Router("A", 0, 51, 150, Vip(100, 2), vital) with { Version = 3, SyncGroup = 0, Device = new VirtualDevice { Slot = 2 }, Accepts = false },
                Router("B", 0, 51, 150, six, vital) with { Version = 3, IsV6 = true, SyncGroup = 0, Excluded = [Vip(103, 1)] },
                Router("C", 1, 52, 100, Vip(101, 1)) with { Version = 3, NoPreempt = true, IsDual = true },
                Router("D", 1, 53, 100, Vip(102, 0)) with { PreemptDelay = TimeSpan.FromSeconds(2), IsSilentToLower = true },
            ],
        });
    }

    private static RouterConfig Router(string name, short slot, byte vrid, byte priority, VirtualAddress vip, params TrackedScript[] scripts) =>
        new() { Name = name, Interface = slot, Vrid = vrid, Priority = priority, Addresses = [vip], TrackedScripts = scripts };

    private static VirtualAddress Vip(byte last, short slot) => new() { Address = Ip.FromV4(10, 0, 0, last), PrefixLength = 24, Interface = slot };
}
