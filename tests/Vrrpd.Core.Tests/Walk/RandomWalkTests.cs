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
        Walker walker = new((ulong)seed * 0x9e37_79b9_7f4a_7c15, Config());
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

        walker.HasSeenMuch();
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

    private static RouterConfig Router(string name, short slot, byte vrid, byte priority, VirtualAddress vip, params TrackedScript[] scripts) =>
        new() { Name = name, Interface = slot, Vrid = vrid, Priority = priority, Addresses = [vip], TrackedScripts = scripts };

    private static VirtualAddress Vip(byte last, short slot) => new() { Address = Ip.FromV4(10, 0, 0, last), PrefixLength = 24, Interface = slot };
}
