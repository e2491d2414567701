using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;
using Capture = Vrrpd.Netns.Tests.Harness.Capture;

namespace Vrrpd.Netns.Tests;

/// <summary>What supervisors, terminals, containers and operators do to a daemon.</summary>
public sealed class HardshipTests(ITestOutputHelper output)
{
    /// <summary>Opens a pseudo terminal that nobody reads and runs its arguments on it.</summary>
    private const string OnDeafTerminal = """
        use Fcntl;
        sysopen(my $master, "/dev/ptmx", O_RDWR | O_NOCTTY) or die "ptmx: $!";
        my ($unlock, $number) = (pack("i", 0), pack("i", 0));
        ioctl($master, 0x40045431, $unlock) or die "unlock: $!";
        ioctl($master, 0x80045430, $number) or die "number: $!";
        sysopen(my $slave, "/dev/pts/" . unpack("i", $number), O_RDWR | O_NOCTTY) or die "pts: $!";
        my $pid = fork;
        if (!$pid) { open(STDOUT, ">&", $slave); open(STDERR, ">&", $slave); close $master; exec @ARGV; }
        print "$pid\n"; $| = 1; waitpid($pid, 0); exit($? >> 8);
        """;

    [VrrpdFact]
    public void The_musl_binary_takes_over_as_well()
    {
        string musl = Environment.GetEnvironmentVariable("VRRPD_BINARY_MUSL") ?? Path.Combine(Path.GetDirectoryName(Requirements.Vrrpd)!, "vrrpd-musl");
        Assert.True(File.Exists(musl), $"no musl build at {musl}");
        using Lan lan = new(output);
        Host master = lan.AddHost("master", Story.MasterAddress), backup = lan.AddHost("backup", Story.BackupAddress);
        Daemon first = Daemon.Start(lan, master, Kind.Vrrpd, Story.Quick(200));
        first.WaitFor("Entering MASTER STATE", 6);
        backup.Write("keepalived.conf", Story.Quick(100));
        Capture capture = Capture.Start(lan);
        Daemon second = Daemon.Start(lan, backup, Kind.Vrrpd, [musl, "-n", "-l", "-D"]);
        second.WaitFor("Entering BACKUP STATE", 3);
        Wait.Seconds(1.5);

        lan.PowerOff(master);

        second.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => backup.Has(Story.Vip + "/32"), 2, "the virtual address on the backup");
        Wait.Seconds(0.3);
        IReadOnlyList<Frame> frames = capture.Judge();
        Wire.IsWellFormed(frames);
        Frame last = frames.Last(frame => frame.From == Story.MasterAddress);
        Frame next = frames.First(frame => frame.From == Story.BackupAddress && frame.IsAdvert);
        Story.Takes(Story.Down(100, 1), next.At - last.At, "takeover by the musl binary");
        Assert.Equal(0, second.Stop());
    }

    [VrrpdFact]
    public void As_process_1_of_an_empty_container_it_reaps_orphans_and_stops_in_order()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        string root = Path.Combine(host.Directory, "root");
        Directory.CreateDirectory(root);
        File.Copy(Requirements.Vrrpd, Path.Combine(root, "vrrpd"));
        File.WriteAllText(Path.Combine(root, "x.conf"), Story.Quick(200));
        Daemon daemon = Daemon.Start(
            lan, host, Kind.Vrrpd, ["unshare", "--pid", "--fork", "env", "-i", "/usr/sbin/chroot", root, "/vrrpd", "-n", "-l", "-D", "-f", "/x.conf"]);
        daemon.WaitFor("Entering MASTER STATE", 6);
        string pid = Host.ChildOf(int.Parse(daemon.Pid, CultureInfo.InvariantCulture));

        // Of the host's programs, but in the container's process namespace: their orphans are the daemon's.
        for (int i = 0; i < 10; i++)
        {
            Shell.Run("nsenter", "-t", pid, "-p", "--", "sh", "-c", "sleep 0.5 >/dev/null 2>&1 & sleep 0.6 >/dev/null 2>&1 &").OrFail("orphans");
        }

        Wait.Until(() => Children(pid).Length > 0, 2, "orphans have become the daemon's");
        Assert.True(Wait.Eventually(() => Children(pid).Length == 0, 3), $"not reaped: {Children(pid)}");
        Capture capture = Capture.Start(lan);
        Shell.Run("kill", "-s", "TERM", pid).OrFail("kill");
        Assert.Equal(0, daemon.ExitCode());
        Assert.False(host.Has(Story.Vip + "/32"));
        Assert.Single(capture.Judge(), frame => frame.Priority == 0);
    }

    [VrrpdFact]
    public void Started_by_one_who_ignores_SIGCHLD_its_checks_work()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        host.Write("check.sh", "#!/bin/sh\nexit 0\n", executable: true);
        host.Write(
            "keepalived.conf",
            "vrrp_script check {\n script \"/etc/keepalived/check.sh\"\n interval 1\n}\n" + Story.Quick(200, "track_script {\n check\n }"));

        Daemon daemon = Daemon.Start(
            lan, host, Kind.Vrrpd, ["perl", "-e", "$SIG{CHLD} = 'IGNORE'; exec @ARGV", Requirements.Vrrpd, "-n", "-l", "-D"]);

        daemon.WaitFor("VRRP_Script\\(check\\) succeeded", 3);
        daemon.WaitFor("Entering MASTER STATE", 6);
        Assert.Equal(0, daemon.Stop());
    }

    [VrrpdFact]
    public void A_master_that_was_frozen_for_ten_seconds_settles_with_the_one_that_took_over()
    {
        using Lan lan = new(output);
        Host master = lan.AddHost("master", Story.MasterAddress), backup = lan.AddHost("backup", Story.BackupAddress);
        Daemon first = Daemon.Start(lan, master, Kind.Vrrpd, Story.Quick(200));
        first.WaitFor("Entering MASTER STATE", 6);
        Daemon second = Daemon.Start(lan, backup, Kind.Vrrpd, Story.Quick(100));
        second.WaitFor("Entering BACKUP STATE", 3);
        Wait.Seconds(1);

        first.Signal("STOP");
        DateTime stopped = DateTime.UtcNow;
        second.WaitFor("Entering MASTER STATE", 6);
        Wait.Seconds(10 - (DateTime.UtcNow - stopped).TotalSeconds);
        int mark = second.Mark(), ownMark = first.Mark();
        first.Signal("CONT");

        // It stands back for whoever lives, and preempts by the usual rules: a master-down interval later.
        first.WaitFor("Entering BACKUP STATE", 3, ownMark);
        second.WaitFor("Entering BACKUP STATE", 8, mark);
        Wait.Seconds(0.5);
        Capture capture = Capture.Start(lan);
        Assert.True(master.Has(Story.Vip + "/32"));
        Assert.False(backup.Has(Story.Vip + "/32"));
        Wait.Seconds(2.5);
        Frame[] adverts = [.. capture.Judge().Where(frame => frame.IsAdvert)];
        Assert.NotEmpty(adverts);
        Assert.All(adverts, frame => Assert.Equal(Story.MasterAddress, frame.From));
    }

    [VrrpdTheory]
    [InlineData("pipe")]
    [InlineData("terminal")]
    [InlineData("syslog")]
    [InlineData("no syslog")]
    public void Nobody_who_reads_the_log_slowly_or_not_at_all_delays_an_advert(string reader)
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);

        // Some 700 kB of log for each of two bursts; a pipe takes 64 kB, and one that we may make larger a megabyte.
        string addresses = string.Join('\n', Enumerable.Range(1, 240).Select(i => $"10.20.0.{i}"));
        string config = Story.Quick(200, "garp_master_repeat 40\n garp_master_delay 3")
            .Replace(Story.Vip, Story.Vip + "\n" + addresses, StringComparison.Ordinal);
        host.Write("keepalived.conf", config);
        Capture capture = Capture.Start(lan);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Command(host, reader, config));

        Wait.Until(() => host.Has(Story.Vip + "/32"), 8, "the virtual address");
        DateTime start = DateTime.UtcNow;
        Wait.Seconds(8);

        DateTime end = DateTime.UtcNow;
        Rhythm.IsKept(lan, capture.Judge("vrrp"), start, end);
        Assert.True(daemon.Running);
        host.Sh("pkill -TERM vrrpd");
        Wait.Until(() => !host.Has(Story.Vip + "/32"), 3, "the virtual address taken off");
        if (reader != "pipe")
        {
            Assert.Equal(0, daemon.ExitCode());
        }
    }

    [VrrpdFact]
    public void An_interface_renamed_away_takes_no_address_along_and_its_return_is_noticed()
    {
        using Lan lan = new(output);
        Host master = lan.AddHost("master", Story.MasterAddress), backup = lan.AddHost("backup", Story.BackupAddress);
        Daemon first = Daemon.Start(lan, master, Kind.Vrrpd, Story.Quick(200));
        first.WaitFor("Entering MASTER STATE", 6);
        Daemon second = Daemon.Start(lan, backup, Kind.Vrrpd, Story.Quick(100));
        second.WaitFor("Entering BACKUP STATE", 3);
        Wait.Seconds(1);
        int mark = first.Mark();

        // Kernels before 6.0 rename only what is down.
        lan.Say("master: ens192 is renamed away");
        master.Sh("ip link set ens192 name away || { ip link set ens192 down; ip link set ens192 name away; ip link set away up; }");

        first.WaitFor("Entering FAULT STATE", 2, mark);
        second.WaitFor("Entering MASTER STATE", 6);
        Assert.False(master.Has(Story.Vip + "/32", "away"));
        Assert.DoesNotContain("removed from", first.Text(), StringComparison.Ordinal);
        Wait.Until(() => backup.Has(Story.Vip + "/32"), 2, "the virtual address on the backup");
        mark = first.Mark();
        lan.Say("master: ens192 is back");
        master.Sh("ip link set away down; ip link set away name ens192; ip link set ens192 up");
        first.WaitFor("Entering MASTER STATE", 8, mark);
        Wait.Until(() => master.Has(Story.Vip + "/32") && !backup.Has(Story.Vip + "/32"), 2, "the virtual address back");
        Assert.Equal(0, first.Stop());
        Assert.Equal(0, second.Stop());
    }

    private static string[] Command(Host host, string reader, string config)
    {
        string[] daemon = [Requirements.Vrrpd, "-n", "-D"];
        switch (reader)
        {
            case "pipe":
                return ["sh", "-c", "mkfifo /run/log; sleep 100 3<>/run/log & exec \"$@\" >/run/log 2>&1", "sh", .. daemon, "-l"];
            case "terminal":
                string file = Path.Combine(host.Directory, "terminal.pl");
                File.WriteAllText(file, OnDeafTerminal);
                return ["perl", file, .. daemon, "-l"];
            default:
                string root = Path.Combine(host.Directory, "root");
                Directory.CreateDirectory(Path.Combine(root, "dev"));
                Directory.CreateDirectory(Path.Combine(root, "run"));
                File.Copy(Requirements.Vrrpd, Path.Combine(root, "vrrpd"));
                File.WriteAllText(Path.Combine(root, "x.conf"), config);
                string deaf = "use Socket; socket(my $s, AF_UNIX, SOCK_DGRAM, 0); bind($s, pack_sockaddr_un(shift)) or die $!; sleep 100";
                string start = reader == "syslog" ? $"perl -e '{deaf}' {root}/dev/log & while [ ! -S {root}/dev/log ]; do sleep 0.1; done; " : "";
                string script = start + "\"$@\"; status=$?; kill $! 2>/dev/null; exit $status";
                return ["sh", "-c", script, "sh", "/usr/sbin/chroot", root, "/vrrpd", "-n", "-D", "-f", "/x.conf"];
        }
    }

    private static string Children(string pid)
    {
        return File.ReadAllText($"/proc/{pid}/task/{pid}/children").Trim();
    }
}
