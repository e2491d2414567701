using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;
using Capture = Vrrpd.Netns.Tests.Harness.Capture;

namespace Vrrpd.Netns.Tests;

/// <summary>Much of everything: adverts, junk, instances, addresses. One after the other, because each takes a processor for itself.</summary>
public sealed class LoadTests(ITestOutputHelper output)
{
    private const string Stranger = "10.10.30.7";
    private const string OnlyAdverts = "ip proto 112";

    [VrrpdFact]
    public void A_backup_reads_100_000_adverts_and_runs_its_checks_without_allocating_a_byte()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Host stranger = lan.AddHost("stranger", Stranger);
        host.Write("check.sh", "#!/bin/sh\nexit 0\n", executable: true);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Checked(Story.Quick(100, "track_script {\n check\n }")));
        daemon.WaitFor("Entering BACKUP STATE", 3);

        int sent = Perl.Finish(Perl.StartAdverts(lan, stranger, Stranger, perMillisecond: 9, seconds: 12, priority: 200));

        Assert.Equal(0, daemon.Stop());
        (long bytes, long collections, long adverts) = Cost(daemon);
        lan.Say($"{sent} adverts sent, {adverts} read, {bytes} bytes allocated, {collections} collections");
        Assert.InRange(adverts, 100_000, sent);
        Assert.Equal((0L, 0L), (bytes, collections));
        Assert.Equal(0, daemon.Count("Entering MASTER STATE"));
    }

    [VrrpdFact]
    public void The_masters_of_250_instances_keep_time_in_little_memory_without_allocating_a_byte()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        host.Write("check.sh", "#!/bin/sh\nexit 0\n", executable: true);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Checked(Instances(250, 1, "track_script {\n check\n }")));
        Wait.Until(() => Addresses(host, "10.20.") == 250, 8, "250 virtual addresses");
        Capture capture = Capture.Start(lan, OnlyAdverts);
        DateTime start = DateTime.UtcNow;

        Wait.Seconds(20);

        DateTime end = DateTime.UtcNow;
        int rss = Kilobytes(daemon, "Rss");
        lan.Say($"Rss {rss} kB");
        Rhythm.IsKept(lan, capture.Judge(), start, end, routers: 250);
        Assert.InRange(rss, 1, 16_384);
        Assert.Equal(0, daemon.Stop());
        Assert.Equal(0, Addresses(host, "10.20."));
        (long bytes, long collections, _) = Cost(daemon);
        lan.Say($"{bytes} bytes allocated, {collections} collections");
        Assert.Equal((0L, 0L), (bytes, collections));

        // Not one of the lines that matter was lost in the flood of the others.
        Assert.Equal(250, daemon.Count("Entering MASTER STATE"));
    }

    [VrrpdFact]
    public void A_thousand_addresses_are_taken_over_without_holding_up_an_advert()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Capture capture = Capture.Start(lan);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Instances(4, 250, ""));
        Wait.Until(() => daemon.Count("Entering MASTER STATE") > 0, 8, "a master");
        DateTime start = DateTime.UtcNow;
        Wait.Until(() => Addresses(host, "10.20.") == 1000, 3, "1000 virtual addresses");

        // The second burst comes five seconds after the first.
        Wait.Seconds(8);

        DateTime end = DateTime.UtcNow;
        IReadOnlyList<Frame> frames = capture.Judge();
        Rhythm.IsKept(lan, frames, start, end, routers: 4);
        Dictionary<string, int> announced = frames.Where(frame => frame.ArpSender.StartsWith("10.20.", StringComparison.Ordinal))
            .GroupBy(frame => frame.ArpSender).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(1000, announced.Count);
        Assert.All(announced, pair => Assert.Equal(10, pair.Value));
        Assert.Equal(0, daemon.Stop());
        Assert.Equal(0, Addresses(host, "10.20."));
    }

    [VrrpdFact]
    public void Twenty_junk_packets_per_millisecond_cost_a_master_neither_time_nor_memory_nor_log()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Host stranger = lan.AddHost("stranger", Stranger);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(150));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Seconds(0.5);
        int before = Kilobytes(daemon, "Private_Dirty"), mark = daemon.Mark();
        Capture capture = Capture.Start(lan, $"{OnlyAdverts} and src host {Story.MasterAddress}");
        DateTime start = DateTime.UtcNow;

        int sent = Perl.Finish(Perl.StartJunk(lan, stranger, Stranger, perMillisecond: 20, seconds: 5));

        DateTime end = DateTime.UtcNow;
        int after = Kilobytes(daemon, "Private_Dirty"), lines = daemon.Mark() - mark;
        lan.Say($"{sent} junk packets, {lines} lines, private memory {before} kB to {after} kB");
        Assert.True(sent >= 75_000, $"only {sent} junk packets left the stranger");
        Rhythm.IsKept(lan, capture.Judge(), start, end);

        // One line for each kind of junk, the second burst of announcements, and whatever the machine's stalls are worth.
        Assert.InRange(lines, 5, 40);
        Assert.InRange(after - before, -1000, 256);
        Assert.Equal(0, daemon.Stop());
        (long bytes, long collections, _) = Cost(daemon);
        Assert.Equal((0L, 0L), (bytes, collections));
    }

    private static string Checked(string config)
    {
        return "vrrp_script check {\n script \"/etc/keepalived/check.sh\"\n interval 1\n}\n" + config;
    }

    /// <summary>So many instances with so many addresses each out of 10.20.0.0/16.</summary>
    private static string Instances(int count, int addresses, string more)
    {
        StringBuilder text = new("global_defs {\n script_user root\n enable_script_security\n}\n");
        for (int i = 0; i < count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"vrrp_instance VI_{i + 1} {{\n interface ens192\n virtual_router_id {i + 1}\n");
            text.Append(CultureInfo.InvariantCulture, $" priority 200\n advert_int 1\n {more}\n virtual_ipaddress {{\n");
            for (int j = 0; j < addresses; j++)
            {
                int number = i * addresses + j;
                text.Append(CultureInfo.InvariantCulture, $"  10.20.{number / 250}.{1 + number % 250}\n");
            }

            text.Append(" }\n}\n");
        }

        return text.ToString();
    }

    private static int Addresses(Host host, string prefix)
    {
        return Regex.Count(host.Sh("ip -4 -o addr show dev ens192"), $" inet {Regex.Escape(prefix)}");
    }

    private static int Kilobytes(Daemon daemon, string field)
    {
        string rollup = File.ReadAllText($"/proc/{daemon.Pid}/smaps_rollup");
        return int.Parse(Regex.Match(rollup, $@"^{field}:\s+(\d+)", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static (long Bytes, long Collections, long Adverts) Cost(Daemon daemon)
    {
        Match match = Regex.Match(daemon.Text(), @"allocated (\d+) bytes since start-up, (\d+) garbage collections, (\d+) adverts read");
        Assert.True(match.Success, daemon.Text());
        return (Number(1), Number(2), Number(3));

        long Number(int group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }
}
