using System;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>What keepalived finds when it has read a virtual server to its end, and mends: lines without a number. And our own advice.</summary>
public class LvsLateTests
{
    private const string Check = "{ TCP_CHECK { } }";

    [Theory]
    [InlineData("10.0.0.1 80", "lb_algo rr|lb_kind NAT|protocol TCP", "Virtual server [10.0.0.1]:tcp:80 has no real servers - ignoring")]
    [InlineData("fwmark 1", "", "Virtual server FWM 1 has no real servers - ignoring")]
    [InlineData("10.0.0.1 80", "real_server 1.1.1.1 80 #",
        "Virtual server [10.0.0.1]:none:80: no protocol set - defaulting to UDP|Virtual server [10.0.0.1]:udp:80: no scheduler set, setting default 'wlc'"
        + "|Virtual server [10.0.0.1]:udp:80: no forwarding method set, setting default NAT")]
    [InlineData("10.0.0.1", "lb_algo rr|lb_kind NAT|protocol TCP|ops|real_server 1.1.1.1 80 #",
        "Virtual server [10.0.0.1]:tcp:0: one packet scheduling requires UDP - resetting"
        + "|Virtual server [10.0.0.1]:tcp:0: zero port only valid for persistent services - setting")]
    [InlineData("fwmark 5", "lb_algo rr|lb_kind DR|protocol TCP|ha_suspend|sorry_server 1.2.3.4 9|real_server 1.1.1.1 70 #",
        "Virtual server FWM 5: cannot use ha_suspend with fwmarks - clearing ha_suspend"
        + "|Warning: Virtual server FWM 5: protocol specified for fwmark - protocol will be ignored"
        + "|WARNING - virtual server FWM 5, sorry server has port specified - clearing"
        + "|WARNING - fwmark virtual server FWM 5, real server [1.1.1.1]:none:70 has port specified - clearing")]
    [InlineData("10.0.0.1 80", "lb_algo rr|lb_kind NAT|protocol TCP|real_server 1.1.1.1 80 #|real_server 1.1.1.1 80 #",
        "VS [10.0.0.1]:tcp:80: real server [1.1.1.1]:tcp:80 is duplicated - removing second rs")]
    [InlineData("10.0.0.1 80", "lb_algo rr|lb_kind NAT|protocol TCP|quorum 5|hysteresis 4|weight 2|real_server 1.1.1.1 80 #",
        "Warning - quorum 5 for [10.0.0.1]:tcp:80 exceeds total weight of real servers 2, reducing quorum to 2"
        + "|Virtual server [10.0.0.1]:tcp:80: hysteresis 4 >= quorum 2; setting hysteresis to 1")]
    [InlineData("10.0.0.1 80", "lb_algo rr|lb_kind DR|protocol TCP|sorry_server 1.2.3.4 81|real_server 1.1.1.1 8080 #",
        "WARNING - virtual server [10.0.0.1]:tcp:80 and sorry server ports don't match - resetting"
        + "|WARNING - virtual server [10.0.0.1]:tcp:80 and real server [1.1.1.1]:tcp:8080 ports don't match - resetting")]
    public void A_virtual_server_as_a_whole_complains(string key, string lines, string complaints)
    {
        string text = $"virtual_server {key} {{\n{lines.Replace("#", Check, StringComparison.Ordinal).Replace('|', '\n')}\n}}\n";
        ConfigResult result = ConfigSource.Parse(text);

        Assert.Equal(complaints.Split('|'), LvsSource.Complaints(result));
        Assert.Equal(5, result.TestExitStatus);
        Assert.True(result.CanRun);
    }

    [Fact]
    public void Ports_of_real_servers_must_be_those_of_the_group_unless_nat_changes_them()
    {
        string text = LvsSource.Group("10.0.0.1-5 80\n10.0.1.0/24 443\nfwmark 9").Replace("lb_kind NAT", "lb_kind DR", StringComparison.Ordinal);

        Assert.Equal([
            "WARNING - fwmark virtual server [g]:0, real server [192.168.0.1]:tcp:80 has port specified - port will be ignored",
            "virtual server [g]:0:[10.0.1.0-10.0.1.255,443] and real server [192.168.0.1]:tcp:80 ports don't match",
        ], LvsSource.Complaints(ConfigSource.Parse(text)));
    }

    [Fact]
    public void Defaults_that_keepalived_mends_are_in_the_model()
    {
        LvsConfig lvs = ConfigSource.Parse("virtual_server 10.0.0.1 {\nquorum 9\nlb_kind DR\nreal_server 1.1.1.1 80 {\nweight 4\n}\n}\n").Config!.Lvs!;

        VirtualServer server = Assert.Single(lvs.Servers);
        Assert.Equal(("wlc", LvsProtocol.Udp, 4, 0), (server.Scheduler, server.Protocol, server.Quorum, server.Hysteresis));
        Assert.Equal(TimeSpan.FromMinutes(6), server.Persistence);
        Assert.Equal(0, server.RealServers[0].Port);
    }

    [Theory]
    [InlineData("virtual_server group g {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 1.1.1.1 80 { TCP_CHECK { } }\n}",
        "1 Virtual server group g specified but not configured - ignoring virtual server [g]:0")]
    [InlineData("virtual_server_group g {\n10.0.0.1 80\n}", "1 virtual_server_group g is not used")]
    [InlineData("virtual_server_group g {\n2001:db8::1 80\n}\nvirtual_server group g {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n"
        + "real_server 1.1.1.1 80 { TCP_CHECK { } }\n}",
        "4 g: address family doesn't match virtual server [g]:0 - ignoring")]
    [InlineData("virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 1.1.1.1 80 { }\n}",
        "1 Virtual server [10.0.0.1]:tcp:80 has no checks")]
    [InlineData("virtual_server 10.0.0.1-9 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 1.1.1.1 80 { TCP_CHECK { } }\n}",
        "1 virtual_server 10.0.0.1-9 is taken for the address 10.0.0.1")]
    [InlineData("virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\npersistence_granularity 24\nreal_server 1.1.1.1 80 { TCP_CHECK { } }\n}",
        "5 persistence_granularity 24 is a netmask of IPv4, not a length")]
    public void What_keepalived_swallows_or_only_logs_is_advice_and_no_verdict(string text, string advice)
    {
        ConfigResult result = ConfigSource.Parse(text);

        Assert.Contains(advice, LvsSource.Advice(result));
        Assert.Empty(LvsSource.Complaints(result));
        Assert.Equal(0, result.TestExitStatus);
    }

    [Fact]
    public void The_same_service_twice_is_advice()
    {
        ConfigResult result = ConfigSource.Parse(LvsSource.Server("") + LvsSource.Server(""));

        Assert.Contains("11 Virtual server [10.0.0.1]:tcp:80 is defined twice", LvsSource.Advice(result));
        Assert.Equal(0, result.TestExitStatus);
    }

    [Theory]
    [InlineData("regex", "regex missing or too many fields")]
    [InlineData("regex a b", "regex missing or too many fields")]
    [InlineData("regex_no_match", "regex parameters specified without regex")]
    [InlineData("regex x\nregex_options caseless bogus", "Unknown regex option 'bogus'")]
    [InlineData("regex x\nregex_min_offset x", "Invalid regex_min_offset x specified")]
    [InlineData("regex x\nregex_stack 5", "regex_stack requires start and max values")]
    [InlineData("regex x\nregex_stack x 5", "regex_stack invalid start value")]
    public void A_search_that_cannot_work_is_advice(string lines, string advice)
    {
        ConfigResult result = ConfigSource.Parse(LvsSource.Page(lines));

        Assert.Contains(LvsSource.Advice(result), found => found.EndsWith(advice, StringComparison.Ordinal));
        Assert.Equal(0, result.TestExitStatus);
    }

    [Fact]
    public void Names_may_be_used_before_they_are_defined()
    {
        string text = LvsSource.Check("BFD_CHECK", "name b") + "bfd_instance b {\nneighbor_ip 1.2.3.4\n}\n"
            + LvsSource.Check("FILE_CHECK", "track_file f").Replace("10.0.0.1", "10.0.0.2", StringComparison.Ordinal) + "track_file f {\nfile /tmp/x\n}\n";

        Assert.Empty(LvsSource.Complaints(ConfigSource.Parse(text)));
    }

    [Fact]
    public void A_password_of_the_tls_key_is_never_shown()
    {
        ConfigResult result = ConfigSource.Parse("SSL {\n    password hunter2 hunter3\n}\n");

        foreach (Diagnostic found in result.Diagnostics)
        {
            Assert.DoesNotContain("hunter", DiagnosticText.Full(found, withFile: true, withSource: true), StringComparison.Ordinal);
        }
    }
}
