using System;
using System.Collections.Generic;
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

/// <summary>
/// What sockets and loop owe the protocol: adverts on time whatever comes and whatever else has to leave, and nothing sent or joined in vain.
/// </summary>
public sealed class HostTests(ITestOutputHelper output)
{
    private const string Stranger = "10.10.30.7", StrangerLocal = "fe80::7", Local = "fe80::1", PeerLocal = "fe80::2";
    private const string Group = "224.0.0.18", Group6 = "ff02::12";
    private const double Interval = 0.2;
    private static readonly string[] s_fields = ["frame.time_epoch"];

    [VrrpdTheory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Junk_at_a_unicast_address_or_with_wrong_signatures_costs_a_master_neither_time_nor_memory_nor_log(bool unicast, bool isV6)
    {
        bool hmac = !unicast;
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress, isV6 ? Local : "");
        Host stranger = lan.AddHost("stranger", Stranger, isV6 ? StrangerLocal : "");

        // Somebody has to be there for adverts to leave; it says nothing.
        _ = unicast ? lan.AddHost("peer", Story.BackupAddress, isV6 ? PeerLocal : "") : null;
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Config(isV6, Words(unicast, hmac, isV6)));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Seconds(5.5);
        string self = isV6 ? Local : Story.MasterAddress;
        Capture capture = Capture.Start(lan, $"src host {self} and (ip proto 112 or ip6 proto 112)");
        DateTime idle = DateTime.UtcNow;
        Wait.Seconds(5);
        int before = Kilobytes(daemon, "Private_Dirty"), mark = daemon.Mark();
        DateTime start = DateTime.UtcNow;

        string target = unicast ? self : isV6 ? Group6 : Group;
        int sent = Perl.Finish(Flood.Start(lan, stranger, isV6 ? StrangerLocal : Stranger, target, perMillisecond: 20, seconds: 5, hmac));

        DateTime end = DateTime.UtcNow;
        int after = Kilobytes(daemon, "Private_Dirty"), lines = daemon.Mark() - mark;
        DateTime[] adverts = [.. capture.Table(s_fields, "vrrp").Select(cells => Capture.Time(cells["frame.time_epoch"]))];
        (double quietMedian, double quietLongest) = Gaps(adverts, idle, start);
        (double median, double longest) = Gaps(adverts, start, end);
        lan.Say(string.Create(CultureInfo.InvariantCulture, $"{sent} junk packets, {lines} lines, private memory {before} kB to {after} kB; adverts every "
            + $"{median:F4} s, longest {longest:F4} s; idle {quietMedian:F4} s, longest {quietLongest:F4} s"));
        Assert.True(sent >= 60_000, $"only {sent} junk packets left the stranger");
        Assert.InRange(median, Interval - 0.005, Interval + 0.005);
        Assert.True(longest < 3 * Interval, $"a silence of {longest:F3} s");
        Assert.Equal(1, daemon.Count("Entering MASTER STATE"));

        // One line for each kind of junk, and whatever the machine's stalls are worth; and junk there was.
        Assert.InRange(lines, 3, 60);
        Assert.InRange(after - before, -1000, 256);
        Assert.Equal(0, daemon.Stop());
        (long bytes, long collections, long read) = Cost(daemon);
        lan.Say($"{read} datagrams read, {bytes} bytes allocated");
        Assert.InRange(read, sent / 2, sent);
        Assert.Equal((0L, 0L), (bytes, collections));
    }

    [VrrpdTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_master_of_two_thousand_addresses_announces_them_all_and_no_advert_is_late(bool isV6)
    {
        const int Addresses = 2000;
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress, isV6 ? Local : "");
        StringBuilder excluded = new(" virtual_ipaddress_excluded {\n");
        for (int i = 0; i < Addresses - 1; i++)
        {
            excluded.Append(isV6 ? $"  fd00:20::{i + 1:x}/64\n" : $"  10.20.{i / 250}.{1 + i % 250}\n");
        }

        Capture capture = Capture.Start(lan, $"arp or icmp6 or ((ip proto 112 or ip6 proto 112) and src host {(isV6 ? Local : Story.MasterAddress)})");
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Config(isV6, excluded.Append(" }\n").ToString()));
        daemon.WaitFor("Entering MASTER STATE", 6);
        string pattern = isV6 ? " inet6 fd00:20::" : @" inet 10\.20\.";
        Wait.Until(() => Regex.Count(host.Sh($"ip -o addr show dev {Story.Nic}"), pattern) == Addresses - 1, 20, "all addresses");

        // The second burst comes five seconds after the first.
        Wait.Seconds(8);

        DateTime end = DateTime.UtcNow;
        IReadOnlyList<IReadOnlyDictionary<string, string>> frames = capture.Table(
            ["frame.time_epoch", "vrrp.prio", "arp.src.proto_ipv4", "arp.opcode", "icmpv6.type", "icmpv6.nd.na.target_address"],
            "vrrp or arp or icmpv6.type == 136");
        DateTime[] adverts = [.. frames.Where(frame => frame["vrrp.prio"].Length > 0).Select(frame => Capture.Time(frame["frame.time_epoch"]))];
        (double median, double longest) = Gaps(adverts, adverts[0], end);
        lan.Say(string.Create(CultureInfo.InvariantCulture, $"adverts every {median:F4} s, longest {longest:F4} s"));
        Assert.InRange(median, Interval - 0.005, Interval + 0.005);
        Assert.True(longest < 3 * Interval, $"a silence of {longest:F3} s");
        Dictionary<string, int> announced = frames
            .Select(frame => isV6 ? frame["icmpv6.nd.na.target_address"] : frame["arp.opcode"] == "1" ? frame["arp.src.proto_ipv4"] : "")
            .Where(address => address.StartsWith(isV6 ? "fd00:20::" : "10.20.", StringComparison.Ordinal)).GroupBy(address => address)
            .ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(Addresses - 1, announced.Count);
        Assert.All(announced, pair => Assert.Equal(10, pair.Value));
        Assert.Equal(0, daemon.Stop());
        Assert.DoesNotContain(isV6 ? "fd00:20::" : "10.20.", host.Sh($"ip -o addr show dev {Story.Nic}"), StringComparison.Ordinal);
    }

    [VrrpdFact]
    public void An_ipv6_instance_waits_for_a_link_local_address_that_is_nobody_elses_and_joins_its_group()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress, Local);
        Host other = lan.AddHost("other", Story.BackupAddress, PeerLocal);
        host.Sh($"ip addr del {Local}/64 dev {Story.Nic}");
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Config(isV6: true, ""));
        daemon.WaitFor("Entering FAULT STATE", 3);

        // One that duplicate address detection finds taken does not help.
        host.Sh($"ip addr add {PeerLocal}/64 dev {Story.Nic}");
        Wait.Until(() => host.Sh($"ip -6 addr show dev {Story.Nic}").Contains("dadfailed", StringComparison.Ordinal), 5, "detection");
        Wait.Seconds(0.5);
        Assert.Equal(0, daemon.Count("Entering BACKUP STATE"));
        int mark = daemon.Mark();
        host.Sh($"ip addr add {Local}/64 dev {Story.Nic}");
        LogLine backup = daemon.WaitFor("Entering BACKUP STATE", 5, mark);
        Assert.DoesNotContain("tentative", Regex.Match(host.Sh($"ip -6 addr show dev {Story.Nic}"), $"{Local}/64.*").Value, StringComparison.Ordinal);
        lan.Say(backup.At, "listens");
        daemon.WaitFor("Entering MASTER STATE", 5, mark);
        Wait.Seconds(0.5);
        Assert.Matches($@"inet6 +{Group6}\n", host.Sh($"ip maddr show dev {Story.Nic}"));
        string addresses = host.Sh($"ip -6 addr show dev {Story.Nic}");
        Assert.Matches("inet6 fe80::51/64 scope link nodad", addresses);
        Assert.Matches("inet6 fd00:30::100/64 scope global nodad", addresses);
        Assert.Equal(0, daemon.Stop());
        Assert.DoesNotContain($"{Group6}\n", host.Sh($"ip maddr show dev {Story.Nic}"), StringComparison.Ordinal);
        other.Sh("true");
    }

    [VrrpdTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Unicast_leaves_no_trace_of_multicast_and_a_deaf_peer_does_not_disturb_the_other(bool isV6)
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress, isV6 ? Local : "");
        Host backup = lan.AddHost("backup", Story.BackupAddress, isV6 ? PeerLocal : "");
        Host deaf = lan.AddHost("deaf", Stranger, isV6 ? StrangerLocal : "");
        (string self, string peer, string third) = isV6 ? (Local, PeerLocal, StrangerLocal) : (Story.MasterAddress, Story.BackupAddress, Stranger);
        Capture capture = Capture.Start(lan, "ip or ip6");

        // The third peer hears nothing of VRRP and says so (ICMP), the fourth does not exist.
        string absent = isV6 ? "fe80::77" : "10.10.30.77";
        Daemon first = Daemon.Start(lan, host, Kind.Vrrpd, Config(isV6, $" unicast_src_ip {self}\n unicast_peer {{\n  {third}\n  {absent}\n  {peer}\n }}\n"));
        first.WaitFor("Entering MASTER STATE", 6);
        Daemon second = Daemon.Start(lan, backup, Kind.Vrrpd, Config(isV6, $" unicast_src_ip {peer}\n unicast_peer {{\n  {self}\n }}\n", priority: 100));
        second.WaitFor("Entering BACKUP STATE", 6);
        Wait.Seconds(5);
        Assert.Equal(0, second.Count("Entering MASTER STATE"));
        foreach (Host one in new[] { host, backup })
        {
            Assert.DoesNotContain(isV6 ? Group6 + "\n" : Group, one.Sh($"ip maddr show dev {Story.Nic}"), StringComparison.Ordinal);
        }

        Assert.Equal(0, first.Stop());
        second.WaitFor("Entering MASTER STATE", 3);
        Assert.Equal(0, second.Stop());
        IReadOnlyList<IReadOnlyDictionary<string, string>> frames = capture.Table(
            ["frame.time_epoch", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "vrrp.prio", "icmp.type", "icmpv6.type"], "vrrp or icmp or icmpv6");
        Assert.Contains(frames, frame => frame["icmp.type"].Length > 0 || frame["icmpv6.type"].Split(';').Any(type => type is "1" or "4"));
        string[] targets = [.. frames.Where(frame => frame["vrrp.prio"].Length > 0 && frame["icmp.type"] + frame["icmpv6.type"] == "")
            .Select(frame => frame["ip.dst"] + frame["ipv6.dst"]).Distinct().Order()];
        Assert.Equal(new[] { self, peer, third }.Order(), targets);
        deaf.Sh("true");
    }

    private static string Words(bool unicast, bool hmac, bool isV6)
    {
        (string self, string peer) = isV6 ? (Local, PeerLocal) : (Story.MasterAddress, Story.BackupAddress);
        string peers = $" unicast_src_ip {self}\n check_unicast_src\n unicast_peer {{\n  {peer}\n }}\n";
        return unicast ? peers : hmac ? " auth_hmac {\n  key 1 0123456789abcdef0123456789abcdef\n  active_key 1\n }\n" : "";
    }

    /// <summary>Version 3, every 0.2 s.</summary>
    private static string Config(bool isV6, string words, int priority = 150)
    {
        return string.Create(CultureInfo.InvariantCulture, $$"""
            global_defs {
                router_id LVS_DEVEL
                script_user root
                enable_script_security
            }
            vrrp_instance VI_1 {
                interface {{Story.Nic}}
                version 3
                virtual_router_id 51
                priority {{priority}}
                advert_int {{Interval}}
            {{words}}
                virtual_ipaddress {
                    {{(isV6 ? "fe80::51/64\n        fd00:30::100/64" : "10.10.30.100")}}
                }
            }

            """);
    }

    /// <summary>Median and longest time between adverts in a span, whose ends count for the longest.</summary>
    private static (double Median, double Longest) Gaps(DateTime[] adverts, DateTime from, DateTime to)
    {
        DateTime[] within = [.. adverts.Where(at => at >= from && at <= to)];
        Assert.True(within.Length > 2, $"only {within.Length} adverts");
        double[] gaps = [.. within.Zip(within.Skip(1)).Select(pair => (pair.Second - pair.First).TotalSeconds).Order()];
        return (gaps[gaps.Length / 2], Math.Max(gaps[^1], Math.Max((within[0] - from).TotalSeconds, (to - within[^1]).TotalSeconds)));
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
