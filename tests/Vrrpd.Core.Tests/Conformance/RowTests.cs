using System;
using System.Linq;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;
using static Vrrpd.Core.Tests.Conformance.Speech;

namespace Vrrpd.Core.Tests.Conformance;

/// <summary>
/// RFC 9568's state machine (6.4), event by event: every row of docs/conformance.md has a test of its number here, with the whole list of effects and
/// the deadline to the tick. ProtocolTests ask the published binary the same.
/// </summary>
public class RowTests
{
    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_01_Init_Startup_of_the_owner_advertises_announces_and_is_active_at_once(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.Started(speech, speech.Config(255, state: "MASTER"));
        Assert.Equal(RouterState.Master, stage.Router.State);
        Assert.Equal(["listen", .. stage.Adverts(255), .. stage.Each("add"), .. stage.Each("announce")], WithoutLeftovers(stage));
        Assert.Equal(speech.Interval, stage.Wait);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_02_Init_Startup_of_another_waits_a_whole_down_interval_as_backup(string name)
    {
        Speech speech = Of(name);
        foreach (string state in new[] { "BACKUP", "MASTER" })
        {
            Stage stage = Stage.Started(speech, speech.Config(state: state));
            Assert.Equal(RouterState.Backup, stage.Router.State);
            Assert.Equal(["listen"], WithoutLeftovers(stage));
            Assert.Equal(speech.Down(Priority, speech.Interval), stage.Wait);
        }
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_03_Init_ignores_every_packet(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech);
        stage.LinkDown();
        stage.Forget();
        (RouterState, Instant, Instant, TimeSpan, Ip, byte, byte, long) before = stage.Clockwork;
        int[] priorities = [0, Lower, Priority, Higher, 255];
        foreach (int priority in priorities)
        {
            Assert.Equal(WireError.NotListening, stage.Hear(new Words(speech) { Priority = priority }));
        }

        Assert.Equal(RouterState.Initialize, stage.Router.State);
        Assert.Equal(before, stage.Clockwork);
        Assert.Empty(stage.Did);
        Assert.Empty(stage.Said);
        Assert.Equal(priorities.Length, stage.Router.Stats.Errors(WireError.NotListening));
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_04_Backup_holds_no_virtual_address_and_says_nothing(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.Started(speech, speech.Config());

        // What an earlier run may have left goes before anything else is done.
        Assert.Equal(["listen", .. stage.Each("remove")], stage.Did);
        for (int i = 0; i < 100; i++)
        {
            stage.Hear(new Words(speech));
            stage.Pass(speech.Interval);
        }

        Assert.Empty(stage.Did);
        Assert.Equal(RouterState.Backup, stage.Router.State);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_05_Backup_Shutdown_cancels_the_timer_and_sends_nothing(string name)
    {
        Stage stage = Stage.AsBackup(Of(name));
        stage.Stop();
        Assert.Empty(stage.Did);
        Assert.Equal((RouterState.Initialize, Instant.Never), (stage.Router.State, stage.Router.Deadline));
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_06_Backup_whose_timer_ends_advertises_then_announces_at_its_own_interval(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech, interval: speech.Other);
        stage.Pass(stage.Wait - TimeSpan.FromTicks(1));
        Assert.Empty(stage.Did);
        Assert.Equal(RouterState.Backup, stage.Router.State);

        stage.Pass(TimeSpan.FromTicks(1));
        Assert.Equal(RouterState.Master, stage.Router.State);
        Assert.Equal([.. stage.Adverts(Priority), .. stage.Each("add"), .. stage.Each("announce")], stage.Did);
        Assert.Equal(speech.Interval, stage.Wait);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_07_Backup_hears_priority_0_and_waits_its_skew_from_the_first_one(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech, interval: speech.Other);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Priority = 0, Interval = speech.Other }));
        Assert.Equal(speech.Skew(Priority, speech.Other), stage.Wait);

        // A farewell said twice is one farewell.
        Instant deadline = stage.Router.Deadline;
        stage.Pass(0.125);
        stage.Hear(new Words(speech) { Priority = 0, Interval = speech.Other });
        Assert.Equal(deadline, stage.Router.Deadline);
        Assert.Equal(RouterState.Backup, stage.Router.State);
        Assert.Empty(stage.Did);
        stage.PassToDeadline();
        Assert.Equal(RouterState.Master, stage.Router.State);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_08_Backup_learns_from_a_higher_priority_and_waits_anew(string name)
    {
        Speech speech = Of(name);
        foreach (int priority in new[] { Priority + 1, Higher, 255 })
        {
            Stage stage = Stage.AsBackup(speech);
            Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Number = Below, Priority = priority, Interval = speech.Other }));
            Learnt(stage, Below);
        }
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_08_Backup_without_preemption_learns_from_a_lower_priority_too(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech, "nopreempt");
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Number = Below, Priority = Lower, Interval = speech.Other }));
        Learnt(stage, Below);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_08_Backup_with_a_preempt_delay_learns_from_a_lower_priority_until_it_is_over(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech, "preempt_delay 10");
        Words lower = new(speech) { Priority = Lower, Interval = speech.Other };
        stage.Hear(lower);
        Learnt(stage, Above);
        Instant first = stage.Now;
        while (stage.Now < first + TimeSpan.FromSeconds(10) - speech.Other)
        {
            stage.Pass(speech.Other);
            stage.Hear(lower);
            Assert.Equal(speech.Down(Priority, speech.Other), stage.Wait);
        }

        // From now on the lower one is not heard any more, as in row 9.
        stage.Pass(first + TimeSpan.FromSeconds(10) - stage.Now);
        Instant deadline = stage.Router.Deadline;
        stage.Hear(lower);
        Assert.Equal(deadline, stage.Router.Deadline);
        stage.PassToDeadline();
        Assert.Equal(RouterState.Master, stage.Router.State);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_09_Backup_discards_lower_priority_and_its_timer_runs_on(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech);
        (Instant deadline, TimeSpan interval) = (stage.Router.Deadline, stage.Router.MasterInterval);
        foreach (int priority in new[] { 1, Lower, Priority - 1 })
        {
            stage.Hear(new Words(speech) { Priority = priority, Interval = speech.Other });
            stage.Pass(0.0625);
        }

        Assert.Equal((RouterState.Backup, deadline, interval), (stage.Router.State, stage.Router.Deadline, stage.Router.MasterInterval));
        Assert.Empty(stage.Did);
        stage.PassToDeadline();
        Assert.Equal(RouterState.Master, stage.Router.State);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_10_Backup_takes_an_equal_priority_as_a_master_whatever_its_address(string name)
    {
        Speech speech = Of(name);
        foreach (int number in new[] { Below, Above })
        {
            Stage stage = Stage.AsBackup(speech);
            Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Number = number, Priority = Priority, Interval = speech.Other }));
            Learnt(stage, number);
        }
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_11_Active_keeps_its_addresses_and_accepts_or_drops_what_comes_to_them(string name)
    {
        Speech speech = Of(name);
        Stage accepting = Stage.AsBackup(speech);
        accepting.PassToDeadline();
        accepting.Pass(100);
        Assert.DoesNotContain(accepting.Did, static did => did is "drop" or "accept" || did.StartsWith("remove", StringComparison.Ordinal));

        // no_accept: dropped before there is an address that it could come for, until there is none any more.
        Stage dropping = Stage.AsBackup(speech, "no_accept");
        dropping.PassToDeadline();
        Assert.Equal([.. dropping.Adverts(Priority), "drop", .. dropping.Each("add"), .. dropping.Each("announce")], dropping.Did);
        dropping.Hear(new Words(speech));

        // One advert more, because it is the master whose silence made us one: see partition-heals.scn.
        Assert.Equal([.. dropping.Adverts(Priority), .. dropping.Each("remove"), "accept"], dropping.Did);

        // An owner accepts whatever is written (RFC 9568 6.4.3).
        Stage owner = Stage.AsMaster(speech, "no_accept", priority: 255);
        owner.Stop();
        Assert.DoesNotContain("accept", owner.Did);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_12_Active_Shutdown_says_priority_0_once_and_lets_the_addresses_go(string name)
    {
        Stage stage = Stage.AsMaster(Of(name));
        stage.Stop();
        Assert.Equal([.. stage.Adverts(0), .. stage.Each("remove")], stage.Did);
        Assert.Equal((RouterState.Initialize, Instant.Never), (stage.Router.State, stage.Router.Deadline));
        Assert.Equal(1, stage.Router.Stats.PriorityZeroSent);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_13_Active_advertises_at_every_interval_to_the_tick(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsMaster(speech);
        Instant due = stage.Router.Deadline;
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(due, stage.Router.Deadline);
            stage.PassToDeadline();
            Assert.Equal(stage.Adverts(Priority), stage.Did);
            due += speech.Interval;
        }
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_14_Active_answers_priority_0_with_an_advert_at_once(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsMaster(speech);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Priority = 0 }));
        Assert.Equal([.. stage.Adverts(Priority), .. stage.Each("announce")], stage.Did);
        Assert.Equal((RouterState.Master, speech.Interval), (stage.Router.State, stage.Wait));
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_15_Active_yields_to_a_higher_priority_without_a_farewell_and_learns_its_interval(string name)
    {
        Speech speech = Of(name);
        foreach (int priority in new[] { Priority + 1, 255 })
        {
            Stage stage = Stage.AsMaster(speech, "nopreempt");
            Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Number = Below, Priority = priority, Interval = speech.Other }));
            Assert.Equal(stage.Each("remove"), stage.Did);
            Learnt(stage, Below);
            Assert.Equal(0, stage.Router.Stats.PriorityZeroSent);
        }
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_15_Active_that_is_told_to_advertises_once_more_before_it_yields(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsMaster(speech, "higher_prio_send_advert");
        stage.Hear(new Words(speech) { Interval = speech.Other });
        Assert.Equal([.. stage.Adverts(Priority), .. stage.Each("remove")], stage.Did);
        Learnt(stage, Above);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_16_Active_yields_to_an_equal_priority_from_a_higher_address(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsMaster(speech);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Priority = Priority, Interval = speech.Other }));
        Assert.Equal(stage.Each("remove"), stage.Did);
        Learnt(stage, Above);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_17_Active_discards_what_is_lower_and_answers_with_an_advert_at_once(string name)
    {
        Speech speech = Of(name);
        foreach ((int priority, int number) in new[] { (1, Above), (Priority - 1, Above), (Priority, Below) })
        {
            Stage stage = Stage.AsMaster(speech);
            TimeSpan interval = stage.Router.MasterInterval;
            Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Number = number, Priority = priority, Interval = speech.Other }));
            Assert.Equal([.. stage.Adverts(Priority), .. stage.Each("announce")], stage.Did);
            Assert.Equal((RouterState.Master, speech.Interval, interval), (stage.Router.State, stage.Wait, stage.Router.MasterInterval));
        }
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_17_Active_that_is_told_to_be_silent_only_announces(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsMaster(speech, "lower_prio_no_advert");
        Instant deadline = stage.Router.Deadline;
        stage.Hear(new Words(speech) { Priority = Lower });
        Assert.Equal(stage.Each("announce"), stage.Did);
        Assert.Equal((RouterState.Master, deadline), (stage.Router.State, stage.Router.Deadline));
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Row_18_Active_stays_when_its_own_words_come_back(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsMaster(speech);
        Instant deadline = stage.Router.Deadline;
        stage.Hear(new Words(speech) { Number = Own, Priority = Priority });
        Assert.Empty(stage.Did);
        Assert.Equal((RouterState.Master, deadline), (stage.Router.State, stage.Router.Deadline));
        Assert.Contains(LogEvent.HeardOurself, stage.Said);
    }

    /// <summary>A backup now of that host, at the interval that this one has, with nothing said.</summary>
    private static void Learnt(Stage stage, int number)
    {
        Speech speech = stage.Speech;
        Assert.Equal(RouterState.Backup, stage.Router.State);
        Assert.Equal(speech.Other, stage.Router.MasterInterval);
        Assert.Equal(speech.Down(Priority, speech.Other), stage.Wait);
        Assert.Equal(Stage.Ip(speech.Host(number)), stage.Router.MasterAddress);
        Assert.Empty(stage.Did);
    }

    /// <summary>Row 4 is about those.</summary>
    private static string[] WithoutLeftovers(Stage stage) => [.. stage.Did.Where(static did => !did.StartsWith("remove", StringComparison.Ordinal))];
}
