using System;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Vrrpd.Netns.Tests.Interop;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests.Protocol;

/// <summary>Init and Backup in VRRPv2.</summary>
public sealed class BackupOfVersion2(ITestOutputHelper output) : BackupTests(output, new Speech(2, IsV6: false));

/// <summary>Init and Backup in VRRPv3 over IPv4.</summary>
public sealed class BackupOfVersion3(ITestOutputHelper output) : BackupTests(output, new Speech(3, IsV6: false));

/// <summary>Init and Backup in VRRPv3 over IPv6.</summary>
public sealed class BackupOfVersion3OverIpv6(ITestOutputHelper output) : BackupTests(output, new Speech(3, IsV6: true));

/// <summary>
/// RFC 9568's state machine (6.4), event by event, on the published binary: rows 1 to 10, Init and Backup; <see cref="ActiveTests"/> has the others.
/// Times are those of the wire.
/// </summary>
public abstract class BackupTests(ITestOutputHelper output, Speech speech)
{
    private const int Higher = 200;
    private const int Lower = 50;

    [NetnsFact]
    public void Row_01_Init_Startup_of_the_owner_advertises_announces_and_is_active_at_once()
    {
        using Arena arena = new(output, speech);
        DateTime start = DateTime.UtcNow;
        Daemon daemon = arena.StartAsMaster(255);
        Wait.Seconds(1.5 * speech.Interval);

        Assert.DoesNotContain("BACKUP STATE", daemon.Text(), StringComparison.Ordinal);
        Sight[] adverts = arena.Adverts();
        Assert.InRange((adverts[0].At - start).TotalSeconds, 0, 0.9);
        Story.Takes(speech.Interval, adverts[1].At - adverts[0].At, "first to second advert");
        arena.Announces(adverts[0]);
    }

    [NetnsFact]
    public void Row_02_Init_Startup_of_another_waits_a_whole_down_interval_as_backup()
    {
        using Arena arena = new(output, speech);
        Daemon daemon = arena.StartAsMaster();

        DateTime backup = daemon.WaitFor("Entering BACKUP STATE", 1).At;
        Story.Takes(speech.Down(Arena.Priority, speech.Interval), arena.Adverts()[0].At - backup, "start to first advert", early: Story.LogGrain);
    }

    [NetnsFact]
    public void Row_03_Init_ignores_every_packet()
    {
        using Arena arena = new(output, speech);
        string own = speech.IsV6 ? $"fe80::{Arena.Own}/64" : $"10.10.30.{Arena.Own}/24";
        arena.Host.Sh($"ip addr del {own} dev {Story.Nic}");
        Daemon daemon = arena.Start();
        daemon.WaitFor("(?i)entering FAULT state", 3);
        int mark = daemon.Mark();

        foreach (int priority in new int[] { 0, Lower, Arena.Priority, Higher })
        {
            arena.Rival.Says(priority, Arena.Below);
        }

        Wait.Seconds(0.5);
        Assert.DoesNotContain(daemon.Lines().Skip(mark), line => line.Text.Contains("VI_1", StringComparison.Ordinal));
        arena.Host.Sh($"ip addr add {own} dev {Story.Nic} {(speech.IsV6 ? "nodad" : "")}");
        DateTime backup = daemon.WaitFor("Entering BACKUP STATE", 3, mark).At;
        daemon.WaitFor("Entering MASTER STATE", 6, mark);
        Wait.Seconds(0.2);
        Story.Takes(speech.Down(Arena.Priority, speech.Interval), arena.Adverts()[0].At - backup, "end of the fault to first advert", early: Story.LogGrain);
    }

    [NetnsFact]
    public void Row_04_Backup_has_no_virtual_address_and_answers_for_none()
    {
        using Arena arena = new(output, speech);
        (Daemon _, IDisposable reign) = arena.StartAsBackup();
        using (reign)
        {
            Assert.True(arena.IsEmpty());
            Assert.All(speech.Addresses, address => Assert.Equal(("", ""), arena.Lan.WhoHas(address)));
        }

        Assert.Empty(arena.Adverts());
    }

    [NetnsFact]
    public void Row_05_Backup_Shutdown_sends_nothing()
    {
        using Arena arena = new(output, speech);
        (Daemon daemon, IDisposable reign) = arena.StartAsBackup();
        using (reign)
        {
            Assert.Equal(0, daemon.Stop());
        }

        Assert.Empty(arena.Adverts());
        Assert.DoesNotContain(arena.Sights(), sight => speech.Addresses.Any(sight.Announces));
    }

    [NetnsFact]
    public void Row_06_Backup_whose_timer_ends_advertises_then_announces_at_its_own_interval()
    {
        using Arena arena = new(output, speech);
        (Daemon daemon, IDisposable reign) = arena.StartAsBackup(interval: speech.Other);
        int mark = daemon.Mark();
        reign.Dispose();
        daemon.WaitFor("Entering MASTER STATE", 8, mark);
        Wait.Seconds(1.5 * speech.Interval);

        Sight[] adverts = arena.Adverts();
        Story.Takes(speech.Down(Arena.Priority, speech.Other), adverts[0].At - arena.AdvertsFrom(Arena.Above)[^1].At, "last advert to first");
        Story.Takes(speech.Interval, adverts[1].At - adverts[0].At, "first to second advert");
        arena.Announces(adverts[0]);
        Assert.DoesNotContain(arena.Sights().TakeWhile(sight => sight != adverts[0]), sight => speech.Addresses.Any(sight.Announces));
    }

    [NetnsFact]
    public void Row_07_Backup_hears_priority_0_and_waits_its_skew()
    {
        using Arena arena = new(output, speech);
        (Daemon daemon, IDisposable reign) = arena.StartAsBackup(interval: speech.Other);
        int mark = daemon.Mark();
        reign.Dispose();
        arena.Rival.Says(0, Arena.Above, speech.Other);
        daemon.WaitFor("Entering MASTER STATE", 3, mark);

        Sight goodbye = arena.AdvertsFrom(Arena.Above)[^1];
        Assert.Equal(0, goodbye.Priority);
        Story.Takes(speech.Skew(Arena.Priority, speech.Other), arena.Adverts()[0].At - goodbye.At, "goodbye to first advert");
    }

    [NetnsFact]
    public void Row_08_Backup_waits_anew_after_every_advert_of_higher_priority()
    {
        using Arena arena = new(output, speech);
        IDisposable reign = arena.Rival.Reigns(Higher, Arena.Below, pace: 2.7 * speech.Interval);
        Daemon daemon = arena.Start();
        daemon.WaitFor("Entering BACKUP STATE", 5);
        Wait.Seconds(3 * 2.7 * speech.Interval);
        reign.Dispose();
        daemon.WaitFor("Entering MASTER STATE", 6);

        Story.Takes(
            speech.Down(Arena.Priority, speech.Interval), arena.Adverts()[0].At - arena.AdvertsFrom(Arena.Below)[^1].At, "the last of several adverts to ours");
    }

    [NetnsFact]
    public void Row_08_Backup_without_preemption_waits_anew_after_every_advert_of_lower_priority_too()
    {
        using Arena arena = new(output, speech);
        IDisposable reign = arena.Rival.Reigns(Lower, Arena.Below);
        Daemon daemon = arena.Start(more: "nopreempt");
        daemon.WaitFor("Entering BACKUP STATE", 5);
        Wait.Seconds(1.5 * speech.Down(Arena.Priority, speech.Interval));
        Assert.True(arena.IsEmpty());
        reign.Dispose();
        daemon.WaitFor("Entering MASTER STATE", 6);

        Story.Takes(
            speech.Down(Arena.Priority, speech.Interval), arena.Adverts()[0].At - arena.AdvertsFrom(Arena.Below)[^1].At, "the last of several adverts to ours");
    }

    [NetnsFact]
    public void Row_09_Backup_discards_lower_priority_and_its_timer_runs_on()
    {
        using Arena arena = new(output, speech);
        using IDisposable reign = arena.Rival.Reigns(Lower, Arena.Above, interval: speech.Other, pace: 0.2);
        Daemon daemon = arena.StartAsMaster();

        DateTime backup = daemon.WaitFor("Entering BACKUP STATE", 1).At;
        Story.Takes(speech.Down(Arena.Priority, speech.Interval), arena.Adverts()[0].At - backup, "start to first advert", early: Story.LogGrain);
    }

    [NetnsFact]
    public void Row_10_Backup_takes_an_equal_priority_as_a_master_whatever_its_address()
    {
        using Arena arena = new(output, speech);
        using IDisposable reign = arena.Rival.Reigns(Arena.Priority, Arena.Below);
        Daemon daemon = arena.Start();
        daemon.WaitFor("Entering BACKUP STATE", 5);
        Wait.Seconds(1.5 * speech.Down(Arena.Priority, speech.Interval));

        Assert.True(arena.IsEmpty());
        Assert.Empty(arena.Adverts());
    }
}
