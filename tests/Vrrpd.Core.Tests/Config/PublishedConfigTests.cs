using System;
using System.IO;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>
/// Configurations as introductions publish them (tests/configs): what is understood without effect is one warning with its line and what
/// follows from it.
/// </summary>
public class PublishedConfigTests
{
    private const string NoEffect = " is understood but has no effect yet";

    [Theory]
    [InlineData("simple-pair.conf", 0, 0, "5 'notification_email': no mail is sent", "10 'notification_email_from': no mail is sent",
        "11 'smtp_server': no mail is sent", "12 'smtp_connect_timeout': no mail is sent")]
    [InlineData("haproxy-pair.conf", 5, 0, "14 'vrrp_track_process': what tracks it is not affected",
        "31 'track_process': these change neither priority nor state", "34 'track_interface': only its own interface takes it to FAULT",
        "37 'notify_master': the script is not run", "38 'notify_backup': the script is not run", "39 'notify_fault': the script is not run",
        "40 'smtp_alert': no mail is sent", "19 (VI_1) Warning - nopreempt will not work with initial state MASTER - clearing",
        "35 (VI_1) Ignoring track_interface eth0 since own interface")]
    [InlineData("sync-group.conf", 0, 0, "7 'notify_master': the script is not run",
        "20 'virtual_routes': these are not added")]
    [InlineData("lvs.conf", 5, 0, "4 'lvs_sync_daemon': there is no load balancer here", "10 'lvs_sync_daemon_interface': ",
        "10 (VI_1) Specifying lvs_sync_daemon_interface against a vrrp is deprecated.",
        "16 Truncating auth_pass to 8 characters", "23 1 virtual server with 2 real servers is understood but not served: no load balancing, no health checks",
        "30 WARNING - virtual server [192.168.1.11]:tcp:80 and sorry server ports don't match - resetting")]
    [InlineData("unicast-pair.conf", 0, 0, "30 'notify': the script is not run")]
    [InlineData("ipv6.conf", 5, 0, "7 (V4) xmit_base is incompatible with strict mode - resetting")]
    public void The_verdict(string name, int testStatus, int runStatus, params string[] expected)
    {
        ConfigResult result = ConfigParser.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "configs", name)), name);

        Assert.Equal(expected, Array.ConvertAll(result.Diagnostics, found => $"{found.Where.Line} " + (found.Text.EndsWith(NoEffect, StringComparison.Ordinal)
            ? $"{found.Text["Keyword ".Length..^NoEffect.Length]}: {found.Explanation}" : found.Text)));
        Assert.Equal((testStatus, runStatus), (result.TestExitStatus, result.RunExitStatus));
    }

    [Fact]
    public void The_command_of_the_haproxy_pair_is_taken_apart()
    {
        ConfigResult result = ConfigParser.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "configs", "haproxy-pair.conf")), "F");

        ScriptConfig script = Assert.Single(result.Config!.Scripts);
        Assert.Equal(["killall", "-0", "haproxy"], script.Command);
        Assert.Equal((9, 12), (script.CommandWhere.Line, script.CommandWhere.Column));
        Assert.Equal([new TrackedScript(0, 2, false)], result.Config.Routers[0].TrackedScripts);
    }

    [Fact]
    public void Without_quotes_keepalived_runs_the_first_word_only_and_we_say_so()
    {
        ConfigResult result = ConfigSource.StoryWith("script \"/etc/keepalived/check_alived.sh\"", "script killall -0 haproxy");

        Diagnostic found = Assert.Single(result.Diagnostics);
        Assert.Equal("Extra parameter '-0' of 'script' is ignored", found.Text);
        Assert.Equal("put the command and its arguments together in double quotes", found.Explanation);
        Assert.Equal(["killall"], result.Config!.Scripts[0].Command);
    }
}
