using System;
using System.Collections.Generic;
using Xunit;

namespace Vrrpd.Sim.Tests;

/// <summary>Each watcher notices the fault that it is there for, and no other watcher cries wolf; nobody complains of honest hosts.</summary>
public class CheckerTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_host_that_keeps_its_addresses_is_noticed() => Notices("address if master", new KeepsAddresses(), Fault.LinkDown | Fault.Stop);

    [Fact]
    public void An_announcement_before_its_address_is_noticed() => Notices("order of effects", new AnnouncesFirst(), Fault.LinkDown);

    [Fact]
    public void An_address_before_the_advert_is_noticed() => Notices("order of effects", new TakesFirst(), Fault.LinkDown);

    [Fact]
    public void A_stop_without_a_farewell_is_noticed() => Notices("order of effects", new SaysNoFarewell(), Fault.Stop);

    [Fact]
    public void A_skipped_advert_is_noticed() => Notices("rhythm", new SkipsAdverts(), Fault.None);

    [Fact]
    public void A_rival_without_an_answer_to_the_neighbours_is_noticed() => Notices("neighbours healed", new DoesNotHeal(), Fault.OneWay);

    [Fact]
    public void A_member_that_goes_alone_is_noticed()
    {
        for (ulong seed = 1; seed <= 8; seed++)
        {
            WorldOptions options = new() { Faults = Fault.LinkDown, Plan = Group };
            World honest = new(seed, options), wrong = new(seed, options with { Saboteur = new OverlooksGroup() });
            honest.Run(Hour);
            wrong.Run(Hour);
            Assert.Empty(honest.Complaints);
            Assert.Equal("members together", wrong.Complaints[0].Checker);
        }
    }

    [Fact]
    public void A_skew_that_was_cut_to_seconds_is_noticed() => Notices("takeover time", new TruncatesSkew(), Fault.Crash);

    [Fact]
    public void A_takeover_ten_milliseconds_late_is_noticed() => Notices("takeover time", new WakesLate(), Fault.Crash);

    [Fact]
    public void A_master_that_nobody_hears_is_noticed() => Notices("one master", new IsMute(), Fault.None);

    [Fact]
    public void A_tie_decided_the_wrong_way_is_noticed() => Notices("right master", new YieldsToEquals(), Fault.Partition, Ties, wrong: 1, isFirst: true);

    [Fact]
    public void A_stranger_that_is_believed_is_noticed() => Notices("noise moves nothing", new BelievesAnything(), Fault.Junk, isFirst: true);

    [Fact]
    public void A_reload_that_does_something_for_nothing_is_noticed() => Notices("silent reload", new Babbles(), Fault.EqualReload);

    [Fact]
    public void A_refusal_that_nobody_answers_is_noticed() => Notices("refusals answered", new SwallowsRefusals(), Fault.RefuseRemove | Fault.LinkDown);

    [Fact]
    public void Garbage_on_the_hot_path_is_noticed() => Notices("no allocation", new Litters(), Fault.None);

    [Fact]
    public void A_host_with_its_own_source_of_chance_is_noticed()
    {
        Assert.NotEqual(Trace(new IsMoody()), Trace(new IsMoody()));

        static ulong Trace(Saboteur saboteur)
        {
            World world = new(1, new WorldOptions { Saboteur = saboteur });
            world.Run(TimeSpan.FromMinutes(10));
            return world.TraceHash;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Two_runs_of_one_seed_are_the_same_to_the_byte(int seed)
    {
        World one = new((ulong)seed, WorldOptions.Usual), other = new((ulong)seed, WorldOptions.Usual);
        one.Run(Hour);
        other.Run(Hour);
        Assert.Equal((one.TraceHash, one.Events, one.Now), (other.TraceHash, other.Events, other.Now));
        World another = new((ulong)seed + 1000, WorldOptions.Usual);
        another.Run(Hour);
        Assert.NotEqual(one.TraceHash, another.TraceHash);
    }

    /// <summary>The wrong one is found within a few worlds, by its watcher and by no other; in the same worlds without it nobody complains.</summary>
    /// <param name="isFirst">Others complain, too, of what comes of it later.</param>
    private static void Notices(string checker, Saboteur saboteur, Fault faults, Func<Prng, Plan>? plan = null, int wrong = 0, bool isFirst = false)
    {
        HashSet<string> complained = [];
        for (ulong seed = 1; seed <= 8; seed++)
        {
            WorldOptions options = new() { Faults = faults, Plan = plan ?? Pair };
            World honest = new(seed, options);
            honest.Run(Hour);
            Assert.True(honest.Complaints.Count == 0, honest.Complaints.Count == 0 ? "" : $"seed {seed}: {honest.Complaints[0]}");
            Assert.True(honest.Tally.Judged > 0);

            World sick = new(seed, options with { Saboteur = saboteur, WrongHost = wrong, StopsAtFirst = isFirst });
            sick.Run(Hour);
            foreach (Complaint complaint in sick.Complaints)
            {
                _ = isFirst && complaint != sick.Complaints[0] || complained.Add(complaint.Checker);
            }
        }

        Assert.Equal([checker], complained);
    }

    /// <summary>Host 0, the wrong one, is the better of two or the worse, by the seed.</summary>
    private static Plan Pair(Prng random)
    {
        int other = random.Chance(50) ? 90 : 150;
        return Two(100, other);
    }

    /// <summary>Two virtual routers on two segments, master together.</summary>
    private static Plan Group(Prng random)
    {
        Plan plan = new() { Hosts = 2, Segments = 2 };
        for (int i = 0; i < 2; i++)
        {
            InstancePlan instance = new() { Name = $"VI_{i}", Segment = i, Vrid = 51, Priorities = [150, 100] };
            instance.Addresses.Add($"10.{i}.1.100/24");
            plan.Instances.Add(instance);
            plan.SyncGroup.Add(instance.Name);
        }

        return plan;
    }

    private static Plan Ties(Prng random) => Two(100, 100);

    private static Plan Two(int first, int second)
    {
        Plan plan = new() { Hosts = 2, Segments = 1 };
        InstancePlan instance = new() { Name = "VI_1", Segment = 0, Vrid = 51, Priorities = [first, second] };
        instance.Addresses.AddRange(["10.0.1.100/24", "10.0.1.101/24"]);
        plan.Instances.Add(instance);
        return plan;
    }
}
