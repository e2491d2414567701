using System;
using System.Collections.Generic;
using Xunit;

namespace Vrrpd.Sim.Tests;

/// <summary>The swarm itself: that things do go wrong in it, and that it is quiet often enough to be judged.</summary>
public class SwarmTests
{
    [Fact]
    public void Every_kind_of_fault_happens_and_every_world_is_quiet_at_times()
    {
        Dictionary<Fault, int> happened = [];
        long takeovers = 0, refusals = 0, reloads = 0, equal = 0, stops = 0, junk = 0;
        for (ulong seed = 100; seed < 130; seed++)
        {
            World world = new(seed, WorldOptions.Usual);
            world.Run(TimeSpan.FromHours(1));
            Assert.True(world.Complaints.Count == 0, world.Complaints.Count == 0 ? "" : $"seed {seed}: {world.Complaints[0]}");
            Assert.True(world.Tally.Judged > 10, $"seed {seed} was judged {world.Tally.Judged} times only");
            Assert.True(world.Tally.Adverts > 500, $"seed {seed}: {world.Tally.Adverts} adverts only");
            foreach ((Fault kind, int count) in world.Chaos.Happened)
            {
                happened[kind] = happened.GetValueOrDefault(kind) + count;
            }

            takeovers += world.Tally.Takeovers;
            refusals += world.Tally.Refusals;
            reloads += world.Tally.Reloads;
            equal += world.Tally.EqualReloads;
            stops += world.Tally.Stops;
            junk += world.Tally.Junk;
        }

        for (int bit = 0; 1 << bit < (int)Fault.All; bit++)
        {
            Fault kind = (Fault)(1 << bit);
            Assert.True(kind == Fault.Drift || happened.GetValueOrDefault(kind) > 10, $"{kind} happened {happened.GetValueOrDefault(kind)} times");
        }

        Assert.All(new[] { takeovers, refusals, reloads, equal, stops, junk }, static count => Assert.True(count > 50));
    }

    [Fact]
    public void With_all_faults_at_once_the_rules_hold_too()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            World world = new(seed, new WorldOptions { Faults = Fault.All });
            world.Run(TimeSpan.FromHours(1));
            Assert.True(world.Complaints.Count == 0, world.Complaints.Count == 0 ? "" : $"seed {seed}: {world.Complaints[0]}");
        }
    }
}
