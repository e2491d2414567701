using System;
using System.Collections.Generic;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Vrrpd.Netns.Tests.Interop;
using Xunit;

namespace Vrrpd.Netns.Tests.Protocol;

/// <summary>
/// RFC 9568's state machine (6.4), event by event, on the published binary: every row of docs/conformance.md has a scene of its number here, and
/// RowTests ask the engine the same. Times are those of the wire.
/// </summary>
internal static class RowScenes
{
    private const int Higher = 200;
    private const int Lower = 50;

    /// <summary>How late an answer "at once" may be on a busy machine.</summary>
    private const double AtOnce = 0.3;

    /// <summary>From word to word: more than an answer may take, and no fraction of an interval.</summary>
    private const double Pace = 0.4;

    public static void Row_01_Init_Startup_of_the_owner_advertises_announces_and_is_active_at_once(Arena arena)
    {
        DateTime start = DateTime.UtcNow;
        Daemon daemon = arena.StartAsMaster(255);
        Wait.Seconds(1.5 * arena.Speech.Interval);

        Assert.DoesNotContain("BACKUP STATE", daemon.Text(), StringComparison.Ordinal);
        Sight[] adverts = arena.Adverts();
        Assert.InRange((adverts[0].At - start).TotalSeconds, 0, 0.9);
        Story.Takes(arena.Speech.Interval, adverts[1].At - adverts[0].At, "first to second advert");
        arena.Announces(adverts[0]);
    }

    public static void Row_02_Init_Startup_of_another_waits_a_whole_down_interval_as_backup(Arena arena)
    {
        Daemon daemon = arena.StartAsMaster();

        DateTime backup = daemon.WaitFor("Entering BACKUP STATE", 1).At;
        Story.Takes(Down(arena), arena.Adverts()[0].At - backup, "start to first advert", early: Story.LogGrain);
    }

    public static void Row_03_Init_ignores_every_packet(Arena arena)
    {
        string own = arena.Speech.IsV6 ? $"fe80::{Arena.Own}/64" : $"10.10.30.{Arena.Own}/24";
        arena.Host.Sh($"ip addr del {own} dev {Story.Nic}");
        Daemon daemon = arena.Start();
        daemon.WaitFor("(?i)entering FAULT state", 3);
        int mark = daemon.Mark();

        foreach (int priority in new int[] { 0, Lower, Arena.Priority, Higher })
        {
            arena.Rival.Says(priority, Arena.Below);
        }

        Wait.Seconds(0.5);
        Assert.Equal(mark, daemon.Mark());
        arena.Host.Sh($"ip addr add {own} dev {Story.Nic} {(arena.Speech.IsV6 ? "nodad" : "")}");
        DateTime backup = daemon.WaitFor("Entering BACKUP STATE", 3, mark).At;
        daemon.WaitFor("Entering MASTER STATE", 6, mark);
        Wait.Seconds(0.2);
        Story.Takes(Down(arena), arena.Adverts()[0].At - backup, "end of the fault to first advert", early: Story.LogGrain);
    }

    public static void Row_04_Backup_has_no_virtual_address_and_answers_for_none(Arena arena)
    {
        (Daemon _, IDisposable reign) = arena.StartAsBackup();
        using (reign)
        {
            Assert.True(arena.IsEmpty());
            Assert.All(arena.Speech.Addresses, address => Assert.Equal(("", ""), arena.Lan.WhoHas(address)));
        }

        Assert.Empty(arena.Adverts());
    }

    public static void Row_05_Backup_Shutdown_sends_nothing(Arena arena)
    {
        (Daemon daemon, IDisposable reign) = arena.StartAsBackup();
        using (reign)
        {
            Assert.Equal(0, daemon.Stop());
        }

        Assert.Empty(arena.Adverts());
        Assert.DoesNotContain(arena.Sights(), sight => arena.Speech.Addresses.Any(sight.Announces));
    }

    public static void Row_06_Backup_whose_timer_ends_advertises_then_announces_at_its_own_interval(Arena arena)
    {
        (Daemon daemon, IDisposable reign) = arena.StartAsBackup(interval: arena.Speech.Other);
        int mark = daemon.Mark();
        reign.Dispose();
        daemon.WaitFor("Entering MASTER STATE", 8, mark);
        Wait.Seconds(1.5 * arena.Speech.Interval);

        Sight[] adverts = arena.Adverts();
        Story.Takes(arena.Speech.Down(Arena.Priority, arena.Speech.Other), adverts[0].At - arena.AdvertsFrom(Arena.Above)[^1].At, "last advert to first");
        Story.Takes(arena.Speech.Interval, adverts[1].At - adverts[0].At, "first to second advert");
        arena.Announces(adverts[0]);
        Assert.DoesNotContain(arena.Sights().TakeWhile(sight => sight != adverts[0]), sight => arena.Speech.Addresses.Any(sight.Announces));
    }

    public static void Row_07_Backup_hears_priority_0_and_waits_its_skew(Arena arena)
    {
        (Daemon daemon, IDisposable reign) = arena.StartAsBackup(interval: arena.Speech.Other);
        int mark = daemon.Mark();
        reign.Dispose();
        arena.Rival.Says(0, Arena.Above, arena.Speech.Other);
        daemon.WaitFor("Entering MASTER STATE", 3, mark);

        Sight goodbye = arena.AdvertsFrom(Arena.Above)[^1];
        Assert.Equal(0, goodbye.Priority);
        Story.Takes(arena.Speech.Skew(Arena.Priority, arena.Speech.Other), arena.Adverts()[0].At - goodbye.At, "goodbye to first advert");
    }

    public static void Row_08_Backup_waits_anew_after_every_advert_of_higher_priority(Arena arena)
    {
        IDisposable reign = arena.Rival.Reigns(Higher, Arena.Below, pace: 2.7 * arena.Speech.Interval);
        Daemon daemon = arena.Start();
        daemon.WaitFor("Entering BACKUP STATE", 5);
        Wait.Seconds(3 * 2.7 * arena.Speech.Interval);
        reign.Dispose();
        daemon.WaitFor("Entering MASTER STATE", 6);

        Story.Takes(Down(arena), arena.Adverts()[0].At - arena.AdvertsFrom(Arena.Below)[^1].At, "the last of several adverts to ours");
    }

    public static void Row_08_Backup_without_preemption_waits_anew_after_every_advert_of_lower_priority_too(Arena arena)
    {
        IDisposable reign = arena.Rival.Reigns(Lower, Arena.Below);
        Daemon daemon = arena.Start(more: "nopreempt");
        daemon.WaitFor("Entering BACKUP STATE", 5);
        Wait.Seconds(1.5 * Down(arena));
        Assert.True(arena.IsEmpty());
        reign.Dispose();
        daemon.WaitFor("Entering MASTER STATE", 6);

        Story.Takes(Down(arena), arena.Adverts()[0].At - arena.AdvertsFrom(Arena.Below)[^1].At, "the last of several adverts to ours");
    }

    public static void Row_09_Backup_discards_lower_priority_and_its_timer_runs_on(Arena arena)
    {
        using IDisposable reign = arena.Rival.Reigns(Lower, Arena.Above, interval: arena.Speech.Other, pace: 0.2);
        Daemon daemon = arena.StartAsMaster();

        DateTime backup = daemon.WaitFor("Entering BACKUP STATE", 1).At;
        Story.Takes(Down(arena), arena.Adverts()[0].At - backup, "start to first advert", early: Story.LogGrain);
    }

    public static void Row_10_Backup_takes_an_equal_priority_as_a_master_whatever_its_address(Arena arena)
    {
        using IDisposable reign = arena.Rival.Reigns(Arena.Priority, Arena.Below);
        Daemon daemon = arena.Start();
        daemon.WaitFor("Entering BACKUP STATE", 5);
        Wait.Seconds(1.5 * Down(arena));

        Assert.True(arena.IsEmpty());
        Assert.Empty(arena.Adverts());
    }

    public static void Row_11_Active_has_the_addresses_answers_for_them_and_accepts_what_is_sent_to_them(Arena arena)
    {
        arena.StartAsMaster();

        foreach (string address in arena.Speech.Addresses)
        {
            Assert.Equal(("router", arena.Mac), arena.Lan.WhoHas(address));
            string scope = address.StartsWith("fe80", StringComparison.Ordinal) ? "%br0" : "";
            Assert.Equal(0, arena.Lan.Bridge.Run("ping", "-n", "-c", "1", "-W", "2", address + scope).ExitCode);
        }
    }

    public static void Row_12_Active_Shutdown_says_priority_0_once_and_lets_the_addresses_go(Arena arena)
    {
        Daemon daemon = arena.StartAsMaster();
        DateTime stop = DateTime.UtcNow;

        Assert.Equal(0, daemon.Stop());

        Assert.True(arena.IsEmpty());
        Sight[] adverts = arena.Adverts();
        Sight goodbye = Assert.Single(adverts, advert => advert.Priority == 0);
        Assert.Same(adverts[^1], goodbye);
        Assert.InRange((goodbye.At - stop).TotalSeconds, 0, 0.5);
        arena.Announces(goodbye, isAnnounced: false);
    }

    public static void Row_13_Active_advertises_at_every_interval(Arena arena)
    {
        arena.StartAsMaster();
        Wait.Seconds((5 * arena.Speech.Interval) + 0.2);

        Sight[] adverts = arena.Adverts();
        Assert.InRange(adverts.Length, 6, 8);
        Assert.All(adverts.Zip(adverts.Skip(1)), pair => Story.Takes(arena.Speech.Interval, pair.Second.At - pair.First.At, "advert to advert", early: 0.05));
        Assert.InRange((adverts[^1].At - adverts[0].At).TotalSeconds / (adverts.Length - 1), arena.Speech.Interval - 0.01, arena.Speech.Interval + 0.05);
    }

    public static void Row_14_Active_answers_priority_0_with_an_advert_at_once(Arena arena)
    {
        AnswersAtOnce(arena, 0, Arena.Above);
    }

    public static void Row_15_Active_yields_to_a_higher_priority_without_a_goodbye_and_learns_its_interval(Arena arena)
    {
        Daemon daemon = arena.StartAsMaster();
        Yields(arena, daemon, Higher, Arena.Below);
    }

    public static void Row_16_Active_yields_to_an_equal_priority_from_a_higher_address(Arena arena)
    {
        Daemon daemon = arena.StartAsMaster();
        Yields(arena, daemon, Arena.Priority, Arena.Above);
    }

    public static void Row_17_Active_discards_a_lower_priority_and_answers_with_an_advert_at_once(Arena arena)
    {
        AnswersAtOnce(arena, Lower, Arena.Above);
    }

    public static void Row_17_Active_discards_an_equal_priority_from_a_lower_address_and_answers_with_an_advert_at_once(Arena arena)
    {
        AnswersAtOnce(arena, Arena.Priority, Arena.Below);
    }

    public static void Row_18_Active_stays_when_its_own_words_come_back(Arena arena)
    {

        // Without this the kernel keeps from us what comes from our own address.
        arena.Host.Sh($"sysctl -qw net.ipv4.conf.all.accept_local=1 net.ipv4.conf.{Story.Nic}.accept_local=1");
        Daemon daemon = arena.StartAsMaster();
        int mark = daemon.Mark();
        for (int i = 0; i < 5; i++)
        {
            arena.Rival.Says(Arena.Priority, Arena.Own);
        }

        Wait.Seconds((2 * arena.Speech.Interval) + 0.1);
        Assert.True(arena.Holds());
        Assert.Equal(1, daemon.Count("Entering MASTER STATE"));
        Assert.True(daemon.Mark() - mark <= 12, "a loop fills the log");
        Sight[] adverts = arena.Adverts();
        IEnumerable<double> pauses = adverts.Zip(adverts.Skip(1), (one, next) => (next.At - one.At).TotalSeconds);
        Assert.All(pauses, pause => Assert.True(pause > arena.Speech.Interval * 0.8, "an answer to ourselves"));
    }

    /// <summary>Three words at a pace that no rhythm of the interval can answer by chance.</summary>
    private static void AnswersAtOnce(Arena arena, int priority, int from)
    {
        Daemon daemon = arena.StartAsMaster();
        for (int i = 0; i < 3; i++)
        {
            arena.Rival.Says(priority, from);
            Wait.Seconds(Pace);
        }

        Wait.Seconds(1.2 * arena.Speech.Interval);
        Assert.True(arena.Holds());
        Assert.Equal(1, daemon.Count("Entering MASTER STATE"));
        Sight[] adverts = arena.Adverts();
        Sight[] words = arena.AdvertsFrom(from);
        Assert.Equal(3, words.Length);
        Assert.All(words, word => Story.Takes(0, adverts.First(advert => advert.At >= word.At).At - word.At, "word to answer", late: AtOnce));
        Sight[] last = [.. adverts.Where(advert => advert.At >= words[^1].At)];
        Story.Takes(arena.Speech.Interval, last[1].At - last[0].At, "answer to next advert");
        Assert.All(adverts, advert => Assert.Equal(Arena.Priority, advert.Priority));
    }

    private static double Down(Arena arena)
    {
        return arena.Speech.Down(Arena.Priority, arena.Speech.Interval);
    }

    private static void Yields(Arena arena, Daemon daemon, int priority, int from)
    {
        int mark = daemon.Mark();
        arena.Rival.Says(priority, from, arena.Speech.Other);
        daemon.WaitFor("Entering BACKUP STATE", 2, mark);
        Wait.Until(arena.IsEmpty, 1, "the virtual addresses gone");
        daemon.WaitFor("Entering MASTER STATE", 7, mark);

        Sight word = arena.AdvertsFrom(from)[^1];
        Sight[] adverts = arena.Adverts();
        Assert.DoesNotContain(adverts, advert => advert.Priority == 0);
        Sight next = adverts.First(advert => advert.At > word.At);
        Story.Takes(arena.Speech.Down(Arena.Priority, arena.Speech.Other), next.At - word.At, "word to our next advert");
    }
}
