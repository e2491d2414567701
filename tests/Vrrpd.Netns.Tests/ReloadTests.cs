using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;
using Capture = Vrrpd.Netns.Tests.Harness.Capture;

namespace Vrrpd.Netns.Tests;

/// <summary>SIGHUP, as the wire, the kernel and the peer see it.</summary>
public sealed class ReloadTests(ITestOutputHelper output)
{
    private const string Second = "10.10.30.60";
    private const string Third = "10.10.30.70";

    /// <summary>The second burst of announcements is over.</summary>
    private const double Quiet = 6;

    [VrrpdFact]
    public void A_reload_of_an_unchanged_file_is_noticed_by_nobody()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(200));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Seconds(Quiet);
        Capture capture = Capture.Start(lan);
        DateTime start = DateTime.UtcNow;
        int mark = daemon.Mark();

        for (int i = 0; i < 3; i++)
        {
            Wait.Seconds(0.7);
            Reload(daemon);
        }

        Wait.Seconds(2.5);
        DateTime end = DateTime.UtcNow;
        IReadOnlyList<Frame> frames = capture.Judge();
        Wire.IsWellFormed(frames);
        Rhythm.IsKept(lan, frames, start, end);
        NoAdvertIsExtra(frames);
        Assert.DoesNotContain(frames, frame => frame.Announces(Story.Vip));
        Assert.True(host.Has(Story.Vip + "/32"));
        string[] said = daemon.Lines().Skip(mark).Select(line => line.Text).ToArray();
        Assert.DoesNotContain(said, line => line.Contains("VI_1", StringComparison.Ordinal));
        Assert.Equal(3, said.Count(line => line.EndsWith(": Reload complete", StringComparison.Ordinal)));
        Assert.Equal(0, daemon.Stop());
        daemon.WaitFor("allocated 0 bytes since the last reload, 0 garbage collections", 1);
    }

    [NetnsTheory]
    [InlineData(Kind.Vrrpd)]
    [InlineData(Kind.Keepalived)]
    public void A_backup_whose_priority_is_raised_becomes_master_by_election(Kind peer)
    {
        using Lan lan = new(output);
        Host one = lan.AddHost("one", Story.MasterAddress);
        Host two = lan.AddHost("two", Story.BackupAddress);
        Daemon other = Daemon.Start(lan, two, peer, Story.Quick(150));
        other.WaitFor("Entering MASTER STATE", 6);
        Daemon daemon = Daemon.Start(lan, one, Kind.Vrrpd, Story.Quick(100));
        daemon.WaitFor("Entering BACKUP STATE", 3);
        Wait.Seconds(1.5);
        Capture capture = Capture.Start(lan);
        int mark = daemon.Mark();

        one.Write("keepalived.conf", Story.Quick(200));
        Reload(daemon);

        daemon.WaitFor("Entering MASTER STATE", Story.Down(200, 1) + 1, mark);
        other.WaitFor("Master received advert from 10.10.30.1 with higher priority 200, ours 150", 1);
        Wait.Until(() => one.Has(Story.Vip + "/32") && !two.Has(Story.Vip + "/32"), 2, "the virtual address on the new master alone");
        IReadOnlyList<Frame> frames = capture.Judge();
        Wire.IsWellFormed(frames);
        Frame first = frames.First(frame => frame.Priority == 200);
        Frame last = frames.Last(frame => frame.Priority == 150 && frame.At < first.At);
        Assert.InRange((first.At - last.At).TotalSeconds, 0, Rhythm.Longest);
        Assert.DoesNotContain(frames, frame => frame.Priority == 0);
    }

    [VrrpdFact]
    public void Virtual_addresses_come_and_go_under_a_master_who_stays_it()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Instance("VI_1", 51, 200, Story.Vip, Second));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Seconds(Quiet);
        Capture capture = Capture.Start(lan);
        DateTime start = DateTime.UtcNow;
        int mark = daemon.Mark();

        host.Write("keepalived.conf", Instance("VI_1", 51, 200, Second, Third));
        Reload(daemon);

        Assert.False(host.Has(Story.Vip + "/32"));
        Assert.True(host.Has(Second + "/32") && host.Has(Third + "/32"));
        Wait.Seconds(1.5);
        DateTime end = DateTime.UtcNow;
        IReadOnlyList<Frame> frames = capture.Judge();
        Rhythm.IsKept(lan, frames, start, end);
        NoAdvertIsExtra(frames);
        Assert.Equal(5, frames.Count(frame => frame.Announces(Third)));
        Assert.DoesNotContain(frames, frame => frame.Announces(Story.Vip));
        daemon.WaitFor("\\(VI_1\\) ip address 10.10.30.0/32 dev ens192, no longer exist", 1, mark);
        daemon.WaitFor("\\(VI_1\\) reload: virtual_ipaddress \\+10.10.30.70/32, virtual_ipaddress -10.10.30.0/32", 1, mark);
        Assert.DoesNotContain(daemon.Lines().Skip(mark), line => line.Text.Contains("Entering", StringComparison.Ordinal));
        Assert.Equal(0, daemon.Stop());
        Assert.False(host.Has(Second + "/32") || host.Has(Third + "/32"));
    }

    [VrrpdFact]
    public void An_instance_that_goes_says_farewell_one_that_comes_starts_afresh_and_the_renamed_one_notices_neither()
    {
        using Lan lan = new(output);
        Host one = lan.AddHost("one", Story.MasterAddress);
        Host two = lan.AddHost("two", Story.BackupAddress);
        string backup = Instance("VI_1", 51, 100, Story.Vip) + Instance("VI_2", 52, 100, Second);
        Daemon keeper = Daemon.Start(lan, two, Kind.Vrrpd, backup);
        Daemon daemon = Daemon.Start(lan, one, Kind.Vrrpd, Instance("VI_1", 51, 200, Story.Vip) + Instance("VI_2", 52, 200, Second));
        daemon.WaitFor("VI_1\\) Entering MASTER STATE", 6);
        daemon.WaitFor("VI_2\\) Entering MASTER STATE", 2);
        Wait.Until(() => one.Has(Second + "/32"), 2, "the second address");
        Wait.Seconds(Quiet);
        Capture capture = Capture.Start(lan);
        DateTime start = DateTime.UtcNow;
        int mark = daemon.Mark();

        one.Write("keepalived.conf", Instance("RENAMED", 51, 200, Story.Vip));
        Reload(daemon);

        Assert.False(one.Has(Second + "/32"));
        keeper.WaitFor("VI_2\\) Entering MASTER STATE", 2);
        Wait.Seconds(1);
        one.Write("keepalived.conf", Instance("VI_NEW", 52, 200, Second) + Instance("RENAMED", 51, 200, Story.Vip));
        Reload(daemon);
        daemon.WaitFor("VI_NEW\\) Entering BACKUP STATE \\(init\\)", 1, mark);
        daemon.WaitFor("VI_NEW\\) Entering MASTER STATE", 5, mark);
        DateTime end = DateTime.UtcNow;

        Assert.True(one.Has(Second + "/32") && one.Has(Story.Vip + "/32"));
        IReadOnlyList<Frame> frames = capture.Judge();
        Wire.IsWellFormed(frames);
        Frame farewell = Assert.Single(frames, frame => frame.Priority == 0);
        Assert.Equal((Story.MasterAddress, 52), (farewell.From, farewell.Vrid));
        Frame successor = frames.First(frame => frame.Vrid == 52 && frame.From == Story.BackupAddress);
        Story.Takes(Story.Skew(100), successor.At - farewell.At, "priority 0 to the backup's first advert");
        Frame[] untouched = [.. frames.Where(frame => frame.Vrid == 51)];
        Assert.All(untouched, frame => Assert.Equal(Story.MasterAddress, frame.From));
        Rhythm.IsKept(lan, untouched, start, end);
        NoAdvertIsExtra(untouched);
        Assert.Equal(0, keeper.Count("VI_1\\) Entering MASTER STATE"));
        Assert.DoesNotContain(daemon.Lines().Skip(mark), line => line.Text.Contains("RENAMED) Entering", StringComparison.Ordinal));
    }

    [VrrpdFact]
    public void Instances_that_swap_their_vrids_keep_both_addresses_on_the_interface()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Instance("VI_1", 51, 200, Story.Vip) + Instance("VI_2", 52, 200, Second));
        daemon.WaitFor("VI_2\\) Entering MASTER STATE", 6);
        Wait.Until(() => host.Has(Story.Vip + "/32") && host.Has(Second + "/32"), 2, "both addresses");
        using System.Diagnostics.Process monitor = host.StartProcess(["sh", "-c", "exec ip -4 -o monitor address > /etc/keepalived/monitor"]);
        Wait.Seconds(0.5);

        host.Write("keepalived.conf", Instance("VI_1", 52, 200, Story.Vip) + Instance("VI_2", 51, 200, Second));
        Capture capture = Capture.Start(lan);
        Reload(daemon);

        Wait.Seconds(2.5);
        Assert.True(host.Has(Story.Vip + "/32") && host.Has(Second + "/32"));
        Assert.DoesNotContain("Deleted", File.ReadAllText(Path.Combine(host.Etc, "monitor")), StringComparison.Ordinal);
        Assert.DoesNotContain(capture.Judge(), frame => frame.Priority == 0);

        // The kernel's word counts for the new owner as it did for the old: who takes it away is a thief.
        int mark = daemon.Mark();
        host.Sh($"ip addr del {Second}/32 dev {Story.Nic}");
        daemon.WaitFor("VI_2\\) reason: a virtual address was removed by somebody else", 2, mark);
        monitor.Kill(entireProcessTree: true);
    }

    [VrrpdFact]
    public void A_file_that_cannot_run_changes_nothing_and_the_log_says_why()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(200));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Seconds(Quiet);
        Capture capture = Capture.Start(lan);
        DateTime start = DateTime.UtcNow;
        int mark = daemon.Mark();

        host.Write("keepalived.conf", Story.Quick(200).Replace("virtual_router_id 51", "", StringComparison.Ordinal));
        daemon.Signal("HUP");
        daemon.WaitFor("Reload refused, the configuration in force stays", 3, mark);
        daemon.WaitFor("\\(VI_1\\) the virtual router id must be set", 1, mark);
        mark = daemon.Mark();
        host.Write("keepalived.conf", Story.Quick(200).Replace("ens192", "ens999", StringComparison.Ordinal));
        daemon.Signal("HUP");
        daemon.WaitFor("Reload refused, the configuration in force stays", 3, mark);
        daemon.WaitFor("interface ens999 for vrrp_instance VI_1 doesn't exist", 1, mark);
        mark = daemon.Mark();
        File.Delete(Path.Combine(host.Etc, "keepalived.conf"));
        daemon.Signal("HUP");
        daemon.WaitFor("Config files missing '/etc/keepalived/keepalived.conf'", 3, mark);
        daemon.WaitFor("Reload refused, the configuration in force stays", 1, mark);
        Wait.Seconds(2.5);
        DateTime end = DateTime.UtcNow;

        IReadOnlyList<Frame> frames = capture.Judge();
        NoAdvertIsExtra(frames);
        Assert.DoesNotContain(frames, frame => frame.Priority == 0 || frame.Announces(Story.Vip));
        Rhythm.IsKept(lan, frames, start, end);
        Assert.True(host.Has(Story.Vip + "/32"));
        host.Write("keepalived.conf", Story.Quick(190));
        Reload(daemon);
        daemon.WaitFor("Changing effective priority from 200 to 190", 1, mark);
        Assert.Equal(0, daemon.Stop());
    }

    /// <summary>HUP, and the end of what comes of it.</summary>
    private static void Reload(Daemon daemon)
    {
        int mark = daemon.Mark();
        daemon.Signal("HUP");
        daemon.WaitFor("Reload complete", 5, mark);
    }

    /// <summary>An interval of a second: two adverts of one router half of one apart would be one too many.</summary>
    private static void NoAdvertIsExtra(IEnumerable<Frame> frames)
    {
        DateTime[] times = [.. frames.Where(frame => frame.Priority > 0).Select(frame => frame.At)];
        Assert.True(times.Length > 1, "no adverts");
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalSeconds, 0.5, Rhythm.Longest));
    }

    private static string Instance(string name, int vrid, int priority, params string[] addresses)
    {
        return $$"""
            vrrp_instance {{name}} {
                interface ens192
                virtual_router_id {{vrid}}
                priority {{priority}}
                virtual_ipaddress {
                    {{string.Join("\n        ", addresses)}}
                }
            }

            """;
    }
}
