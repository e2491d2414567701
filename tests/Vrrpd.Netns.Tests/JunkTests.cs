using System;
using System.Diagnostics;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests;

/// <summary>A stranger shouting wrong packets must not change anybody's clock.</summary>
public sealed class JunkTests(ITestOutputHelper output)
{
    private const string Stranger = "10.10.30.7";

    [NetnsFact]
    public void Five_junk_packets_per_millisecond_do_not_silence_a_master()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Host stranger = lan.AddHost("stranger", Stranger);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(150));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Capture capture = Capture.Start(lan);
        int mark = daemon.Mark();
        DateTime start = DateTime.UtcNow;

        int sent = Perl.Finish(Perl.StartJunk(lan, stranger, Stranger, perMillisecond: 5, seconds: 6));

        DateTime end = DateTime.UtcNow;
        Wait.Seconds(1.2);
        lan.Say($"{sent} junk packets");
        Assert.True(sent > 20_000, $"only {sent} junk packets left the stranger");
        DateTime[] times =
            [start, .. capture.Judge($"ip.src == {Story.MasterAddress}").Select(frame => frame.At).Where(at => at > start && at < end), end];
        double longest = times.Zip(times.Skip(1)).Max(pair => (pair.Second - pair.First).TotalSeconds);
        lan.Say($"longest silence {longest:F3} s");
        if (Requirements.StandIn)
        {
            // keepalived's known weakness, and the proof that this test sees it: any packet re-arms a master's timer.
            Assert.True(longest > 3, "keepalived was expected to fall silent");
            return;
        }

        Assert.True(longest < 1.3, $"the master was silent for {longest:F3} s");
        Assert.True(times.Length >= 2 + 5, $"only {times.Length - 2} adverts");
        Assert.DoesNotContain(daemon.Lines().Skip(mark), line => line.Text.Contains("Entering", StringComparison.Ordinal));
    }

    [NetnsFact]
    public void Junk_does_not_keep_a_backup_from_taking_over_in_time()
    {
        using Lan lan = new(output);
        Host master = lan.AddHost("master", Story.MasterAddress);
        Host backup = lan.AddHost("backup", Story.BackupAddress);
        Host stranger = lan.AddHost("stranger", Stranger);
        Daemon first = Daemon.Start(lan, master, Kind.Keepalived, Story.Quick(200));
        Daemon second = Daemon.Start(lan, backup, Kind.Vrrpd, Story.Quick(100));
        first.WaitFor("Entering MASTER STATE", 6);
        Capture capture = Capture.Start(lan);
        Wait.Seconds(1.5);
        int mark = second.Mark();
        lan.PowerOff(master);

        Process junk = Perl.StartJunk(lan, stranger, Stranger, perMillisecond: 5, seconds: 4);

        second.WaitFor("Entering MASTER STATE", 6, mark);
        Wait.Seconds(0.3);
        Perl.Finish(junk);
        Frame[] frames = [.. capture.Judge($"vrrp and not ip.src == {Stranger}")];
        Frame last = frames.Last(frame => frame.From == Story.MasterAddress);
        Frame next = frames.First(frame => frame.From == Story.BackupAddress && frame.At > last.At);
        Story.Takes(Story.Down(100, 1), next.At - last.At, "takeover under junk");
    }
}
