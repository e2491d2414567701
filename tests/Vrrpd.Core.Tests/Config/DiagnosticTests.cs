using System;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>One mistake in the story configuration: where it is reported, in which words, with which exit status of -t and of a
/// run.</summary>
public class DiagnosticTests
{
    private const string TrackScript = "        check_alived\n";

    [Theory]
    [InlineData("fall 1", "fail 1", 5, 0, "10:5 Unknown keyword 'fail'")]
    [InlineData("fall 1", "fall 0", 5, 0, "10:10 (check_alived): vrrp script fall value '0' invalid, defaulting to 1")]
    [InlineData("rise 1", "rise", 2, 2,
        "11:5 *** Configuration line starting `rise` is missing a parameter after keyword `rise` at word position 2")]
    [InlineData("interval 2", "interval 0", 5, 0, "9:14 (check_alived): vrrp script interval must be greater than 0, setting to 1")]
    [InlineData("interval 2", "interval abc", 5, 0,
        "9:14 (check_alived): vrrp script interval 'abc' must be between 1 and 4294 - ignoring")]
    [InlineData("interval 2", "interval 2x", 5, 0, "9:14 invalid number '2x'")]
    [InlineData("interval 2", "weight 300", 5, 0, "9:12 vrrp_script check_alived weight 300 must be in [-253, 253]")]
    [InlineData("interval 2", "weight 3 back", 5, 0, "9:14 vrrp_script check_alived unknown weight option back")]
    [InlineData("interval 2", "init_fail", 0, 0, "9:5 Keyword 'init_fail' is understood but has no effect yet")]
    [InlineData("priority 254", "priority 0", 5, 0, "18:14 (VI_1) Priority not valid! must be between 1 & 255. Using default 100")]
    [InlineData("priority 254", "priority 254abc", 5, 0, "18:14 (VI_1) Priority not valid! must be between 1 & 255. Using default 100")]
    [InlineData("priority 254", "priority", 2, 2,
        "18:5 *** Configuration line starting `priority` is missing a parameter after keyword `priority` at word position 2")]
    [InlineData("priority 254", "priority 254 advert_int 2", 0, 0, "18:18 Extra parameter 'advert_int' of 'priority' is ignored")]
    [InlineData("priority 254", "nopreempt", 5, 0,
        "13:15 (VI_1) nopreempt is incompatible with priority 255. resetting nopreempt")]
    [InlineData("priority 254", "prio\0rity 254", 0, 0, "18:9 Configuration line contains a NUL byte - ignoring the line")]
    [InlineData("priority 254", "foo bar", 5, 0, "18:5 Unknown keyword 'foo'")]
    [InlineData("priority 254", "foo {\n a 1\n }\n", 5, 0, "18:5 Unknown keyword 'foo'", "18:9 Unexpected '{' - ignoring")]
    [InlineData("priority 254", "foo\n {\n a {\n b }\n }\n", 5, 0, "18:5 Unknown keyword 'foo'", "19:2 Unexpected '{' - ignoring")]
    [InlineData("priority 254", "priority 254 {\n }\n", 5, 0, "18:18 Unexpected '{' - ignoring")]
    [InlineData("priority 254", "{\n priority 254", 5, 0, "18:5 Unexpected '{' - ignoring", "0:0 There are 1 missing '}'s or extra '{'s")]
    [InlineData("priority 254", "version 3", 5, 0, "13:15 (VI_1) VRRP version 3 does not support authentication. Ignoring.")]
    [InlineData("priority 254", "version 4", 5, 0, "18:13 (VI_1): Version must be either 2 or 3")]
    [InlineData("priority 254", "unicast_peer {\n 10.0.0.1\n }", 0, 0)]
    [InlineData("priority 254", "use_vmac", 0, 0)]
    [InlineData("    interface ens192\n", "unicast_peer {\n 10.0.0.1\n }\n", 0, 2, "13:15 (VI_1) unicast without an interface cannot be served")]
    [InlineData("priority 254", "auth_hmac {\n key 1 abcdefghabcdefghabcdefghabcdefgh\n active_key 1\n }", 5, 0,
        "13:15 (VI_1) auth_hmac excludes authentication. Ignoring authentication.")]
    [InlineData("priority 254", "native_ipv6", 5, 0, "18:5 (VI_1) Cannot specify native_ipv6 with IPv4 addresses")]
    [InlineData("virtual_router_id 51", "virtual_router_id 256", 5, 2, "17:23 (VI_1): VRID '256' not valid - must be between 1 & 255",
        "13:15 (VI_1) the virtual router id must be set")]
    [InlineData("    virtual_router_id 51\n", "", 5, 2, "13:15 (VI_1) the virtual router id must be set")]
    [InlineData("    interface ens192\n", "", 5, 2, "13:15 (VI_1) Unknown interface!")]
    [InlineData("interface ens192", "interface abcdefghijklmnop", 5, 2, "15:15 Interface name 'abcdefghijklmnop' too long - ignoring",
        "13:15 (VI_1) Unknown interface!")]
    [InlineData("advert_int 2", "advert_int 0", 5, 0, "19:16 (VI_1) Advert interval (0) not valid! Must be > 0 - ignoring")]
    [InlineData("advert_int 2", "advert_int 2.5", 5, 0,
        "19:16 (VI_1) VRRPv2 advertisement interval 2.500000s must be an integer. rounding")]
    [InlineData("state MASTER", "state FOO", 5, 0, "14:11 (VI_1) unknown state 'FOO', defaulting to BACKUP")]
    [InlineData("state MASTER", "state MASTER\nstate BACKUP", 5, 0, "15:7 (VI_1) state previously set as MASTER - ignoring BACKUP")]
    [InlineData("mcast_src_ip 10.10.30.1", "mcast_src_ip 10.10.30.999", 5, 0,
        "16:18 Configuration error: VRRP instance[VI_1] malformed src address[10.10.30.999]. Skipping...")]
    [InlineData("mcast_src_ip 10.10.30.1", "mcast_src_ip fd00::1", 5, 2,
        "25:9 (VI_1): address family must match VRRP instance [10.10.30.0] - ignoring",
        "13:15 (VI_1) VRRP version 3 does not support authentication. Ignoring.", "13:15 (VI_1) No VIP specified; at least one is required")]
    [InlineData("auth_pass KP_PASS", "auth_pass KP_PASSWORD9", 5, 0, "22:19 Truncating auth_pass to 8 characters")]
    [InlineData("        auth_pass KP_PASS\n", "", 5, 0, "13:15 (VI_1) Authentication specified but no password given. Ignoring")]
    [InlineData("        auth_type PASS\n", "", 0, 0, "21:19 (VI_1) auth_pass has no effect without auth_type PASS")]
    [InlineData("auth_type PASS", "auth_type pass", 5, 0, "21:19 (VI_1) unknown authentication type 'pass'")]
    [InlineData("auth_type PASS", "auth_type AH", 5, 0,
        "13:15 (VI_1) Initial state master is incompatible with AH authentication - clearing")]
    [InlineData("10.10.30.0", "10.10.30.0 foo", 5, 0, "25:20 Unknown configuration entry 'foo' for ip address - ignoring")]
    [InlineData("10.10.30.0", "10.10.30.300", 5, 0, "25:9 VRRP parsed invalid IP 10.10.30.300. skipping IP...",
        "13:15 (VI_1) No VIP specified; at least one is sensible")]
    [InlineData("10.10.30.0", "10.10.30.0/33", 5, 0, "25:20 Invalid address prefix len 33 for address 10.10.30.0/33 - using 32")]
    [InlineData("10.10.30.0", "10.10.30.0\n10.10.30.0/24", 5, 0, "26:1 (VI_1) duplicate VIP 10.10.30.0/24 - ignoring")]
    [InlineData("10.10.30.0", "fd00::1/64", 5, 0, "25:9 (VI_1): address family must match VRRP instance [fd00::1/64] - ignoring",
        "13:15 (VI_1) No VIP specified; at least one is sensible")]
    [InlineData("10.10.30.0", "10.10.30.0\nfd00::1/64", 5, 0,
        "26:1 (VI_1): address family must match VRRP instance [fd00::1/64] - ignoring",
        "26:1 (VI_1) IPv6 needs an instance of its own: 1 address is not served")]
    [InlineData("10.10.30.0", "10.10.30.0 dev", 5, 0, "25:20 No dev parameter specified for 10.10.30.0",
        "13:15 (VI_1) No VIP specified; at least one is sensible")]
    [InlineData("10.10.30.0", "10.10.30.0 scope foo", 5, 0, "25:26 Invalid scope 'foo' specified for 10.10.30.0 - ignoring")]
    [InlineData("10.10.30.0", "10.10.30.0/31 brd +", 5, 0, "25:27 Address prefix length 31 too long for broadcast")]
    [InlineData("10.10.30.0", "10.10.30.0 use_vmac", 0, 0)]
    [InlineData("10.10.30.0", "10.10.30.0 no_track", 0, 0)]
    [InlineData("virtual_ipaddress {", "virtual_ipaddress x {", 5, 0, "24:23 Block virtual_ipaddress has extra parameters x ...")]
    [InlineData("virtual_ipaddress {", "virtual_ipaddress", 5, 0, "25:9 '{' missing from beginning of block virtual_ipaddress")]
    [InlineData("authentication {", "authentication", 5, 0, "21:9 Missing '{' at beginning of configuration block")]
    [InlineData(TrackScript, "        nosuch\n", 5, 0, "28:9 (VI_1) track script nosuch not found, ignoring...",
        "7:13 Warning - script check_alived is not used")]
    [InlineData(TrackScript, "        check_alived foo\n", 5, 0, "28:22 (VI_1) unknown track script option foo - ignoring",
        "7:13 Warning - script check_alived is not used")]
    [InlineData(TrackScript, "        check_alived weight 300\n", 5, 0,
        "28:29 (VI_1) track script check_alived: weight must be between [-253..253] inclusive, ignoring...")]
    [InlineData(TrackScript, TrackScript + TrackScript, 5, 0, "29:9 (VI_1) duplicate track_script check_alived - ignoring")]
    [InlineData("vrrp_instance VI_1", "vrrp_instance VI_1 VI_2", 5, 0, "13:20 vrrp_instance must have a name",
        "0:0 Warning - keepalived has no configuration to run", "7:13 Warning - script check_alived is not used")]
    [InlineData("router_id LVS_DEVEL", "router_id", 5, 0, "3:5 routerid name missing - ignoring")]
    [InlineData("script_user root", "script_user", 5, 0, "4:5 No script username specified")]
    [InlineData("script_user root", "script_user a b c", 5, 0, "4:17 Error setting global script uid/gid")]
    [InlineData("script_user root", "vrrp_version 3", 5, 0,
        "13:15 (VI_1) VRRP version 3 does not support authentication. Ignoring.")]
    [InlineData("script_user root", "vrrp_strict", 5, 0,
        "13:15 (VI_1) State MASTER must match being address owner", "13:15 (VI_1) Strict mode does not support authentication. Ignoring.")]
    [InlineData("script_user root", "vrrp_garp_master_repeat 0", 5, 0, "4:29 vrrp_garp_master_repeat must be greater than 0, setting to 1")]
    [InlineData("script_user root", "include x.conf", 4, 2, "4:13 'x.conf' is not included: there is no place to look for files")]
    [InlineData("script_user root", "$A=b", 0, 0)]
    [InlineData("script_user root", "@node router_id a", 0, 0)]
    [InlineData("script_user root", "~SEQ(v,2) router_id a", 0, 0, "4:15 Keyword 'router_id' is repeated",
        "4:15 Keyword 'router_id' is repeated")]
    [InlineData("script_user root", "~SEQ(v,0,0,2) x", 5, 0, "4:5 Invalid ~SEQ specification '~SEQ(v,0,0,2) x'")]
    [InlineData("script_user root", "notification_email {\n a@b\n }", 0, 0,
        "4:5 Keyword 'notification_email' is understood but has no effect yet")]
    public void A_mistake_is_reported_where_it_stands(string old, string now, int testStatus, int runStatus, params string[] expected)
    {
        ConfigResult result = ConfigSource.StoryWith(old, now);

        string[] found = ConfigSource.Found(result);
        Array.Sort(found, StringComparer.Ordinal);
        Array.Sort(expected, StringComparer.Ordinal);
        Assert.Equal(expected, found);
        Assert.Equal((testStatus, runStatus), (result.TestExitStatus, result.RunExitStatus));
        Assert.Equal(runStatus == 0, result.CanRun);
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            string[] lines = ConfigSource.Story.Replace(old, now, StringComparison.Ordinal).Split('\n');
            Assert.True(diagnostic.Where.Line <= lines.Length);
            Assert.True(diagnostic.Where.Line == 0
                || diagnostic.Where.Column + diagnostic.Where.Length - 1 <= lines[diagnostic.Where.Line - 1].Length);
        }
    }

    [Fact]
    public void A_missing_brace_at_the_end_of_the_file_names_the_block_that_is_open()
    {
        string text = ConfigSource.Story;
        Diagnostic instance = Assert.Single(ConfigSource.Parse(text[..text.LastIndexOf('}')]).Diagnostics);
        Assert.Equal("There are 1 missing '}'s or extra '{'s", instance.Text);
        Assert.Equal("vrrp_instance 'VI_1' that starts in line 13 is still open at the end of the file", instance.Explanation);

        Diagnostic track = Assert.Single(ConfigSource.Parse(text[..text.LastIndexOf("    }", StringComparison.Ordinal)]).Diagnostics);
        Assert.Equal("There are 2 missing '}'s or extra '{'s", track.Text);
        Assert.Equal((27, 5), (track.Where.Line, track.Where.Column));
    }

    [Fact]
    public void An_extra_brace_is_reported_and_the_rest_is_read()
    {
        ConfigResult result = ConfigSource.Parse("}\n" + ConfigSource.Story + "}\n");

        Assert.Equal(["1:1 Extra '}' found", "32:1 Extra '}' found"], ConfigSource.Found(result));
        Assert.Single(result.Config!.Routers);
        Assert.Equal((5, 0), (result.TestExitStatus, result.RunExitStatus));
    }

    [Theory]
    [InlineData("fall 1", "fail 1", "'fail' is not a keyword of vrrp_script 'check_alived'; did you mean 'fall'?")]
    [InlineData("priority 254", "prioirty 254", "'prioirty' is not a keyword of vrrp_instance 'VI_1'; did you mean 'priority'?")]
    [InlineData("interval 2", "auth_pass x", "'auth_pass' is not a keyword of vrrp_script 'check_alived'; it stands in authentication")]
    [InlineData("rise 1", "vrrp_instance",
        "'vrrp_instance' is not a keyword of vrrp_script 'check_alived'; it stands at the top level: is a '}' missing before it?")]
    [InlineData("fall 1", "qqqqqqq", "'qqqqqqq' is not a keyword of vrrp_script 'check_alived'")]
    public void An_unknown_keyword_gets_the_nearest_known_one(string old, string now, string explanation)
    {
        Diagnostic found = Assert.Single(ConfigSource.StoryWith(old, now).Diagnostics);

        Assert.Equal(ConfigFault.UnknownKeyword, found.Fault);
        Assert.Equal(explanation, found.Explanation);
    }

    [Fact]
    public void Two_instances_cannot_have_one_id_on_one_interface()
    {
        string vip = "virtual_ipaddress { 10.0.0.1 }";
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(vip) + ConfigSource.Instance(vip, "B"));

        Assert.Equal(["6:15 A and B both use VRID 5 with IPv4 on interface ens192"], ConfigSource.Found(result));
        Assert.Equal((5, 2), (result.TestExitStatus, result.RunExitStatus));
        Assert.True(ConfigSource.Parse(ConfigSource.Instance(vip) + ConfigSource.Instance(vip, "B", 6)).CanRun);
    }

    [Fact]
    public void Names_are_given_once()
    {
        string script = "vrrp_script s {\n script /bin/true\n}\n";
        string instance = ConfigSource.Instance("virtual_ipaddress { 10.0.0.1 }\ntrack_script { s }");
        ConfigResult result = ConfigSource.Parse(script + script + instance + instance);

        Assert.Equal(["4:13 vrrp script s already defined", "13:15 vrrp instance A already defined"], ConfigSource.Found(result));
        Assert.Single(result.Config!.Routers);
        Assert.Single(result.Config.Scripts);
    }

    [Fact]
    public void The_owner_of_the_addresses_ignores_weights()
    {
        string script = "vrrp_script s {\n script /bin/true\n weight 10\n}\nvrrp_script t {\n script /bin/true\n}\n";
        ConfigResult result = ConfigSource.Parse(script + ConfigSource.Instance("state MASTER\nvirtual_ipaddress { 10.0.0.1 }\ntrack_script {\n s\n t\n}"));

        Assert.Equal(["14:2 (A) ignoring tracked script s with weights due to address_owner"], ConfigSource.Found(result));
        Assert.Equal([new TrackedScript(1, 0, false)], result.Config!.Routers[0].TrackedScripts);
        Assert.True(result.Config.Routers[0].IsOwner);
    }

    [Fact]
    public void All_problems_come_at_once_in_the_order_of_the_file()
    {
        string text = ConfigSource.Story.Replace("fall 1", "fail 1", StringComparison.Ordinal).Replace("priority 254", "priority x",
            StringComparison.Ordinal)
            .Replace("router_id LVS", "ruter_id LVS", StringComparison.Ordinal).Replace("        check_alived\n", "",
                StringComparison.Ordinal);

        Assert.Equal(
            [
                "3:5 Unknown keyword 'ruter_id'", "10:5 Unknown keyword 'fail'",
                "18:14 (VI_1) Priority not valid! must be between 1 & 255. Using default 100",
                    "7:13 Warning - script check_alived is not used",
            ],
            ConfigSource.Found(ConfigSource.Parse(text)));
    }

    [Fact]
    public void A_diagnostic_is_keepaliveds_line_and_ours_and_a_caret()
    {
        Diagnostic number = ConfigSource.StoryWith("priority 254", "priority\t300").Diagnostics[0];

        Assert.Equal("(Line 18) number '300' outside range [1, 255]\n(Line 18) (VI_1) Priority not valid! must be between 1 & 255. Using default 100",
            DiagnosticText.Keepalived(number, withFile: false));
        Assert.Equal("f.conf:18:14: priority takes 1..255, not '300'", DiagnosticText.Ours(number));
        Assert.EndsWith("\n 18 |     priority\t300\n    |             \t^~~", DiagnosticText.Full(number, withFile: true, withSource: true),
            StringComparison.Ordinal);
        Diagnostic bare = ConfigSource.StoryWith("    interface ens192\n", "").Diagnostics[0];
        Assert.Equal("(VI_1) Unknown interface!\nf.conf:13:15: an instance needs a line: interface IF", DiagnosticText.Full(bare,
            withFile: true, withSource: false));
    }

    [Theory]
    [InlineData("auth_pass secretsecret more")]
    [InlineData("auth_pas secret")]
    [InlineData("pass secret {\n }")]
    [InlineData("auth_pass \"secret")]
    [InlineData("auth_pass \"a\\\"secret\"")]
    [InlineData("auth_pass secret {\n }")]
    [InlineData("foo auth_pass secret {\n }")]
    public void A_password_is_never_shown(string line)
    {
        ConfigResult result = ConfigSource.StoryWith("auth_pass KP_PASS", line);

        Assert.NotEmpty(result.Diagnostics);
        foreach (Diagnostic found in result.Diagnostics)
        {
            Assert.DoesNotContain("secret", DiagnosticText.Full(found, withFile: true, withSource: true), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("advert_int 2", "advert_int abc", "(f.conf: Line 19) WARNING - invalid number 'abc'")]
    [InlineData("interval 2", "interval 2x", "(f.conf: Line 9) WARNING - invalid number '2x'")]
    [InlineData("fall 1", "fall 0", "(f.conf: Line 10) WARNING - number '0' outside range [1, 2147483647]")]
    [InlineData("priority 254", "priority 0", "(f.conf: Line 18) number '0' outside range [1, 255]")]
    public void Of_a_number_that_is_read_as_far_as_it_goes_a_run_says_warning_first(string old, string now, string line)
    {
        Diagnostic found = Assert.Single(ConfigSource.StoryWith(old, now).Diagnostics);

        Assert.Equal(line, DiagnosticText.Keepalived(found, withFile: true, runs: true).Split('\n')[0]);
        Assert.Equal(line.Replace("WARNING - ", "", StringComparison.Ordinal), DiagnosticText.Keepalived(found, withFile: true).Split('\n')[0]);
    }

    [Fact]
    public void What_the_host_may_complain_about_keeps_its_place()
    {
        ConfigResult result = ConfigSource.StoryWith("10.10.30.0", "10.10.30.0 dev eth7");
        RouterConfig router = result.Config!.Routers[0];

        Assert.Equal((15, 15), At(router.InterfaceWhere));
        Assert.Equal((25, 24), At(router.Addresses[0].Words.DeviceWhere));
        Assert.Equal((28, 9), At(router.WhereTracked(0)));
        Assert.Equal((4, 17), At(result.Config.Globals.ScriptUserWhere));
        Assert.Equal((8, 12), At(result.Config.Scripts[0].CommandWhere));

        static (int Line, int Column) At(SourceSpan where) => (where.Line, where.Column);
    }

    [Fact]
    public void The_host_adds_its_own_findings_and_the_exit_status_follows()
    {
        ConfigResult good = ConfigSource.Parse(ConfigSource.Story);
        Diagnostic security = new(SourceSpan.None, Severity.Error, ConfigFault.Security,
            "SECURITY VIOLATION - scripts are being executed but script_security not enabled.");
        Diagnostic link = new(SourceSpan.None, Severity.Error, ConfigFault.General,
            "Non-existent interface specified in configuration")
        { StopsRun = true };

        Assert.Equal((6, 0), (good.With([security]).TestExitStatus, good.With([security]).RunExitStatus));
        Assert.Equal((5, 2), (good.With([link]).TestExitStatus, good.With([link]).RunExitStatus));
    }
}
