using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests;

/// <summary>Mistakes in the configuration: what `-t` answers, what a start does, and what either says.</summary>
public sealed class BadInputTests(ITestOutputHelper output)
{
    /// <summary>A start that goes on in spite of the mistake.</summary>
    private const int Runs = -1;

    private static readonly string[] Timestamped = ["-n", "-l", "-D"];

    /// <summary>name, what to replace, by what, exit of -t, exit of a run, what is said (regular expressions, one a line; `run:` not under -t).</summary>
    public static TheoryData<string, string, string, int, int, string> Mistakes => new()
    {
        { "unknown interface", "interface ens192", "interface eth77", 5, 2, "eth77.*doesn't exist" },
        { "priority 0", "priority 254", "priority 0", 5, Runs, "Line 18\\).*outside range \\[1, 255\\]|Priority not valid" },
        { "priority 256", "priority 254", "priority 256", 5, Runs, "Line 18\\).*outside range \\[1, 255\\]|Priority not valid" },
        { "VRID 0", "virtual_router_id 51", "virtual_router_id 0", 5, 2, "VRID '0' not valid\nvirtual router id must be set" },
        { "VRID 256", "virtual_router_id 51", "virtual_router_id 256", 5, 2, "VRID '256' not valid\nvirtual router id must be set" },
        { "missing script", "check_alived.sh", "nowhere.sh", 5, Runs, "check_alived since not found/accessible" },
        { "script not executable", "check_alived.sh", "plain.sh", 0, Runs, "plain.sh' is not executable.*disabling" },
        { "script of somebody else", "check_alived.sh", "foreign.sh", 5, Runs, "insecure\nrun:Unsafe permissions found for script '.*foreign.sh'" },
        { "fail for fall", "fall 1", "fail 1", 5, Runs, "Line 10\\) .*Unknown keyword 'fail'" },
        { "no VRID", "virtual_router_id 51", "", 5, 2, "virtual router id must be set" },
        { "keyword without value", "priority 254", "priority", 2, 2, "missing a parameter after keyword `priority`" },
        { "duplicate VRID", "vrrp_instance VI_1 {", Twin + "vrrp_instance VI_1 {", 5, 2, "both use VRID 51 with IPv4 on interface ens192" },
    };

    private const string Twin = """
        vrrp_instance VI_0 {
            interface ens192
            virtual_router_id 51
            virtual_ipaddress {
                10.10.30.77
            }
        }

        """;

    [NetnsTheory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_and_has_keepalived_s_consequence(string name, string right, string wrong, int test, int run, string said)
    {
        using Lan lan = new(output);
        Host host = Prepare(lan);
        string config = Story.Master.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Story.Master, config);
        host.Write("keepalived.conf", config);
        lan.Say(name);

        Result tested = host.Run(Requirements.Vrrpd, "-t");

        lan.Say($"-t: exit {tested.ExitCode}\n{tested.Text}");
        Assert.Equal("", tested.Out);
        Assert.Equal(test, tested.ExitCode);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, config);
        foreach (string pattern in said.Split('\n'))
        {
            bool runOnly = test == 0 || pattern.StartsWith("run:", StringComparison.Ordinal);
            Assert.True(runOnly || Regex.IsMatch(tested.Err, pattern), $"-t does not say /{pattern}/");
            daemon.WaitFor(pattern.Replace("run:", "", StringComparison.Ordinal), 3);
        }

        if (run == Runs)
        {
            daemon.WaitFor("VI_1\\) Entering BACKUP STATE", 3);
            Assert.Equal(0, daemon.Stop());
        }
        else
        {
            Assert.Equal(run, daemon.ExitCode());
        }
    }

    [VrrpdFact]
    public void A_misspelt_keyword_is_shown_where_it_stands_with_what_was_meant()
    {
        using Lan lan = new(output);
        Host host = Prepare(lan);
        host.Write("keepalived.conf", Story.Master.Replace("fall 1", "fail 1", StringComparison.Ordinal));

        Result tested = host.Run(Requirements.Vrrpd, "-t");

        lan.Say(tested.Text);
        Assert.Equal(5, tested.ExitCode);
        Assert.Contains("Unknown keyword 'fail'", tested.Err, StringComparison.Ordinal);
        Assert.Matches("keepalived\\.conf:10:5\\b", tested.Err);
        Assert.Contains("vrrp_script", tested.Err, StringComparison.Ordinal);
        Assert.Matches("\\bfall\\b", tested.Err);
    }

    [NetnsFact]
    public void The_story_s_own_configuration_is_clean()
    {
        using Lan lan = new(output);
        Host host = Prepare(lan);
        host.Write("keepalived.conf", Story.Master);

        Result tested = host.Run(Requirements.Vrrpd, "-t");

        Assert.Equal(0, tested.ExitCode);
        Assert.Equal("", tested.Text);
    }

    [NetnsFact]
    public void A_missing_file_passes_the_test_and_ends_a_start_with_6()
    {
        using Lan lan = new(output);
        Host host = Prepare(lan);

        // `-t` answers 0 here, as keepalived's does.
        Assert.Equal(0, host.Run(Requirements.Vrrpd, "-t", "-f", "/nowhere/x.conf").ExitCode);
        Result started = host.Run([Requirements.Vrrpd, .. Timestamped, "-f", "/nowhere/x.conf"]);
        Assert.Equal(6, started.ExitCode);
        Assert.Contains("/nowhere/x.conf", started.Err, StringComparison.Ordinal);
    }

    [NetnsFact]
    public void A_directory_for_a_file_ends_a_start_with_6()
    {
        using Lan lan = new(output);
        Host host = Prepare(lan);

        Assert.Equal(0, host.Run(Requirements.Vrrpd, "-t", "-f", "/etc/keepalived/").ExitCode);
        Result started = host.Run([Requirements.Vrrpd, .. Timestamped, "-f", "/etc/keepalived/"]);
        Assert.Equal(6, started.ExitCode);
        Assert.Matches("'/etc/keepalived/' is a directory", started.Err);
    }

    [NetnsFact]
    public void A_file_that_must_not_be_read_is_named()
    {
        using Lan lan = new(output);
        Host host = Prepare(lan);
        host.Write("secret.conf", Story.Master);
        host.Sh("chmod 600 /etc/keepalived/secret.conf; cp " + Requirements.Vrrpd + " /run/daemon; chmod 755 /run/daemon");

        Result started = host.Run(
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/run/daemon", .. Timestamped, "-f", "/etc/keepalived/secret.conf"]);

        lan.Say($"exit {started.ExitCode}\n{started.Text}");
        Assert.NotEqual(0, started.ExitCode);
        if (!Requirements.StandIn)
        {
            Assert.Equal(6, started.ExitCode);
            Assert.Contains("/etc/keepalived/secret.conf", started.Err, StringComparison.Ordinal);
            Assert.Matches("(?i)permission|cannot|unreadable", started.Err);
        }
    }

    [NetnsFact]
    public void An_empty_file_is_no_mistake_but_said()
    {
        using Lan lan = new(output);
        Host host = Prepare(lan);

        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, "");

        daemon.WaitFor("has no configuration to run", 3);
        Wait.Seconds(0.3);
        Assert.True(daemon.Running);
        Assert.Equal(0, daemon.Stop());
        Assert.Equal(0, host.Run(Requirements.Vrrpd, "-t").ExitCode);
    }

    [NetnsFact]
    public void An_interface_without_an_address_is_a_fault()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", "");

        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(200));

        daemon.WaitFor("(?i)entering FAULT state", 3);
        daemon.WaitFor("no IPv4 address for interface", 1);
        Assert.Equal(0, host.Run(Requirements.Vrrpd, "-t").ExitCode);
        int mark = daemon.Mark();
        host.Sh($"ip addr add {Story.MasterAddress}/24 dev ens192");
        daemon.WaitFor("Entering BACKUP STATE", 2, mark);
        Assert.Equal(0, daemon.Stop());
    }

    [NetnsFact]
    public void A_second_copy_sees_the_first_and_leaves_with_0()
    {
        using Lan lan = new(output);
        Host host = Prepare(lan);
        Daemon first = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(200));
        first.WaitFor("Entering BACKUP STATE", 3);
        int mark = first.Mark();
        Stopwatch clock = Stopwatch.StartNew();

        Result second = host.Run([Requirements.Vrrpd, .. Timestamped]);

        lan.Say(second.Text);
        Assert.Equal(0, second.ExitCode);
        Assert.Contains("daemon is already running", second.Err, StringComparison.Ordinal);
        Assert.True(clock.Elapsed.TotalSeconds < 3);
        Assert.True(first.Running);
        Assert.Equal(mark, first.Mark());
        Assert.Equal(0, first.Stop());
    }

    [VrrpdTheory]
    [InlineData("net_admin")]
    [InlineData("net_raw")]
    public void A_missing_capability_is_named(string capability)
    {
        using Lan lan = new(output);
        Host host = Prepare(lan);
        host.Write("keepalived.conf", Story.Quick(200));
        List<string> argv =
            ["setpriv", $"--bounding-set=-{capability}", $"--inh-caps=-{capability}", Requirements.Vrrpd, .. Timestamped];

        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, argv);

        daemon.WaitFor("CAP_" + capability.ToUpperInvariant(), 3);
        Assert.NotEqual(0, daemon.ExitCode());
    }

    private static Host Prepare(Lan lan)
    {
        Host host = lan.AddHost("host", Story.MasterAddress);
        host.Write("check_alived.sh", "#!/bin/sh\nexit 0\n", executable: true);
        host.Write("plain.sh", "#!/bin/sh\nexit 0\n");
        host.Write("foreign.sh", "#!/bin/sh\nexit 0\n", executable: true);
        host.Sh("chown 65534:65534 /etc/keepalived/foreign.sh");
        return host;
    }
}
