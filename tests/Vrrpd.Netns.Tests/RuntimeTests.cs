using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;
using Capture = Vrrpd.Netns.Tests.Harness.Capture;

namespace Vrrpd.Netns.Tests;

/// <summary>The daemon as a process: what it needs, what it costs, what it leaves.</summary>
public sealed class RuntimeTests(ITestOutputHelper output)
{
    /// <summary>HUP, INT, USR1, USR2, TERM: one bit each, as in /proc/PID/status.</summary>
    private const ulong DaemonSignals = (1UL << 0) | (1UL << 1) | (1UL << 9) | (1UL << 11) | (1UL << 14);

    [NetnsFact]
    public void A_hanging_script_is_a_failure_and_dies_with_its_family()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        host.Write(
            "hang.sh",
            "#!/bin/bash\n[ -e /run/hang ] || exit 0\ntrap '' TERM\nbash -c 'trap \"\" TERM; sleep 61; true' &\nsleep 62\n",
            executable: true);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Tracking("hang.sh", "interval 1\n timeout 1\n fall 1\n rise 1"));
        daemon.WaitFor("VRRP_Script\\(check\\) succeeded", 3);
        host.Sh("touch /run/hang");

        // TERM after a second, which they ignore; KILL two seconds later.
        Wait.Until(() => Sleepers(host) == 2, 3, "the script and its grandchild asleep");
        daemon.WaitFor("VRRP_Script\\(check\\) timed_out", 5);
        daemon.WaitFor("Entering FAULT STATE", 1);
        host.Sh("rm /run/hang");
        int mark = daemon.Mark();
        daemon.WaitFor("VRRP_Script\\(check\\) succeeded", 6, mark);
        Assert.Equal(0, daemon.Stop());
        int left = host.Processes().Count;

        // keepalived 2.2.7 sends TERM to the whole group but KILL to the script alone.
        Assert.True(daemon.IsVrrpd ? left == 0 : left > 0, $"{left} processes left behind:\n{host.Sh("ps -eo pid,ppid,pgid,stat,args")}");
    }

    [NetnsFact]
    public void Stopping_while_a_script_hangs_leaves_nothing()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        host.Write("hang.sh", "#!/bin/bash\nsleep 62\n", executable: true);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Tracking("hang.sh", "interval 30\n timeout 20"));
        Wait.Until(() => Sleepers(host) == 1, 3, "the script asleep");
        Wait.Seconds(0.5);

        Assert.Equal(0, daemon.Stop());

        Assert.True(Wait.Eventually(() => host.Processes().Count == 0, 3), "left behind:\n" + host.Sh("ps -eo pid,ppid,pgid,stat,ignored,blocked,args"));
    }

    [VrrpdFact]
    public void The_binary_needs_nothing_but_itself_and_its_configuration()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        string root = Path.Combine(host.Directory, "root");
        Directory.CreateDirectory(root);
        File.Copy(Requirements.Vrrpd, Path.Combine(root, "vrrpd"));
        File.WriteAllText(Path.Combine(root, "x.conf"), Story.Quick(200));
        string[] enter = ["env", "-i", "/usr/sbin/chroot", root, "/vrrpd"];

        Result version = host.Run([.. enter, "-v"]);
        Result tested = host.Run([.. enter, "-t", "-f", "/x.conf"]);
        Daemon daemon = Daemon.Start(
            lan, host, Kind.Vrrpd, [.. enter, "-n", "-l", "-D", "-f", "/x.conf", "-p", "/vrrpd.pid", "-r", "/vrrp.pid"]);

        Assert.Equal(0, version.ExitCode);
        Assert.NotEqual("", version.Err);
        Assert.Equal((0, ""), (tested.ExitCode, tested.Text));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => host.Has(Story.Vip + "/32"), 2, "the virtual address");
        Assert.Equal(0, daemon.Stop());
        Assert.False(host.Has(Story.Vip + "/32"));
    }

    [VrrpdFact]
    public void Two_threads_run_and_no_thread_takes_a_signal_by_surprise()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(200));
        daemon.WaitFor("Entering MASTER STATE", 6);

        string[] tasks = Directory.GetDirectories($"/proc/{daemon.Pid}/task");

        foreach (string task in tasks)
        {
            ulong blocked = ulong.Parse(Field(task, "SigBlk"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            lan.Say($"thread {Path.GetFileName(task)} {Field(task, "Name")}: SigBlk {blocked:x16}");
            Assert.Equal(DaemonSignals, blocked & DaemonSignals);
        }

        Assert.Equal(2, tasks.Length);
        Assert.Equal(0, daemon.Stop());
    }

    [NetnsFact]
    public void Memory_stays_small()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(200));
        daemon.WaitFor("Entering MASTER STATE", 6);

        string rollup = File.ReadAllText($"/proc/{daemon.Pid}/smaps_rollup");

        int rss = Kilobytes(rollup, "Rss");
        lan.Say($"Rss {rss} kB, private dirty {Kilobytes(rollup, "Private_Dirty")} kB");
        Assert.InRange(rss, 1, 16_384);
        Assert.Equal(0, daemon.Stop());
    }

    [NetnsTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void An_orderly_stop_takes_the_address_along_and_leaves_no_process_and_no_pid_file(string signal)
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        string before = host.Sh("ls /run");
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(200));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Assert.Contains("keepalived.pid", host.Sh("ls /run"), StringComparison.Ordinal);
        Capture capture = Capture.Start(lan);

        daemon.Signal(signal);

        Assert.Equal(0, daemon.ExitCode());
        Assert.False(host.Has(Story.Vip + "/32"));
        Assert.Empty(host.Processes());
        Assert.Equal(before, host.Sh("ls /run"));
        Assert.Single(capture.Judge(), frame => frame.Priority == 0);
        Assert.Contains("Stopped", daemon.Text(), StringComparison.Ordinal);
    }

    private static string Tracking(string script, string more)
    {
        return Story.Quick(200, "track_script {\n check\n }").Replace(
            "vrrp_instance",
            $"vrrp_script check {{\n script \"/etc/keepalived/{script}\"\n {more}\n}}\nvrrp_instance",
            StringComparison.Ordinal);
    }

    private static int Sleepers(Host host)
    {
        return host.Processes().Count(pid =>
        {
            try
            {
                return Regex.IsMatch(File.ReadAllText($"/proc/{pid}/cmdline"), "^sleep\0");
            }
            catch (IOException)
            {
                return false;
            }
        });
    }

    private static string Field(string task, string name)
    {
        IEnumerable<string> lines = File.ReadLines(Path.Combine(task, "status"));
        return lines.First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[1].Trim();
    }

    private static int Kilobytes(string rollup, string name)
    {
        return int.Parse(Regex.Match(rollup, $"^{name}:\\s+(\\d+) kB", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
