using System;
using Vrrpd.Core.Config;
using Vrrpd.Native.Process;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>The interfaces that a configuration names, against those that there are.</summary>
public sealed class InterfaceCheckTests
{
    private const string Text = "vrrp_instance A {\n interface lan\n virtual_router_id 1\n virtual_ipaddress {\n  10.0.0.1 dev dmz\n }\n}\n";

    [Theory]
    [InlineData("lan dmz", 0, 0)]
    [InlineData("dmz", 5, 2, "(F: Line 2) WARNING - interface lan for vrrp_instance A doesn't exist",
        "F:2:12: lan must exist when the daemon starts (here are dmz)", "Non-existent interface specified in configuration")]
    [InlineData("lan", 5, 2, "(F: Line 5) WARNING - interface dmz for ip address 10.0.0.1 doesn't exist",
        "F:5:16: 'dev dmz' must exist when the daemon starts (here are lan)", "Non-existent interface specified in configuration")]
    [InlineData("dmz lan:lo", 5, 2, "(F: Line 2) (A) cannot use a loopback interface (lan) for vrrp - ignoring",
        "F:2:12: name the interface on which the other routers are (here are dmz, lan:lo)", "(A) Unknown interface!")]
    public void Each_must_be_there_and_lead_somewhere(string here, int testStatus, int runStatus, params string[] lines)
    {
        const int LoopbackFlag = 8;
        string[] names = here.Split(' ');
        ConfigResult result = ConfigParser.Parse(System.Text.Encoding.UTF8.GetBytes(Text), "F");

        result = result.With(InterfaceCheck.Check(result.Config!,
            name => Array.IndexOf(names, name) >= 0 ? 0 : Array.IndexOf(names, name + ":lo") >= 0 ? LoopbackFlag : -1, names));

        Assert.Equal(lines, Array.ConvertAll(result.Diagnostics, found => DiagnosticText.Full(found, withFile: true, withSource: false))
            is { Length: > 0 } all ? string.Join('\n', all).Split('\n') : []);
        Assert.Equal((testStatus, runStatus), (result.TestExitStatus, result.RunExitStatus));
    }

    [Fact]
    public void The_kernel_s_own_are_found()
    {
        string[] names = InterfaceCheck.KernelNames();
        Assert.Contains("lo", names);
        Assert.All(names, name => Assert.True(InterfaceCheck.KernelFlags(name) >= 0));
        Assert.Equal(-1, InterfaceCheck.KernelFlags("no such thing"));
    }

    [Fact]
    public void Whatever_names_an_interface_is_looked_at()
    {
        const string Lines = "static_ipaddress {\n 10.9.0.1/24\n 10.9.0.2 dev one\n}\nvrrp_instance A {\n interface lan\n virtual_router_id 1\n"
            + " virtual_ipaddress {\n  10.0.0.1\n }\n virtual_ipaddress_excluded {\n  fd00::1 dev two\n }\n virtual_routes {\n  default dev three vrf red\n }\n"
            + " virtual_rules {\n  iif four table 5 priority 5\n }\n track_interface {\n  five\n }\n}\n";

        Assert.Equal(
            [
                "2: Static address 10.9.0.1/24 requires either an interface or default interface must exist",
                "3: WARNING - interface one for ip address 10.9.0.2 doesn't exist", "12: WARNING - interface two for ip address fd00::1 doesn't exist",
                "15: WARNING - interface three for VROUTE nexthop doesn't exist", "15: VRF red not found for route",
                "18: WARNING - interface four for rule doesn't exist", "21: (A) tracked interface five doesn't exist",
                "0: Non-existent interface specified in configuration",
            ],
            Check(Lines, out int testStatus, out int runStatus));
        Assert.Equal((5, 2), (testStatus, runStatus));
    }

    [Fact]
    public void With_dynamic_interfaces_an_absent_one_is_no_fault_of_the_file_but_cannot_be_served()
    {
        string[] found = Check("global_defs {\n dynamic_interfaces\n}\n" + Text, out int testStatus, out int runStatus);

        Assert.Equal(["8: WARNING - interface dmz for ip address 10.0.0.1 doesn't exist: an absent interface cannot be served"], found);
        Assert.Equal((0, 2), (testStatus, runStatus));
    }

    [Theory]
    [InlineData("default table main", "")]
    [InlineData("default table vpn", "")]
    [InlineData("default table cellar", "Routing table cellar not found for route")]
    [InlineData("default protocol bird no_track", "")]
    [InlineData("default protocol fish no_track", "Protocol fish not found or invalid for route")]
    [InlineData("default scope garden", "Scope garden not found or invalid for route")]
    [InlineData("default tos AF11", "")]
    public void Names_of_routing_stand_in_the_files_of_iproute2(string route, string expected)
    {
        string routes = $" virtual_routes {{\n {route}\n }}\n virtual_ipaddress";
        DaemonConfig config = Parse(Text.Replace(" virtual_ipaddress", routes, StringComparison.Ordinal)).Config!;
        Diagnostic[] found = RouteNameCheck.Check(config, path => path switch
        {
            "/etc/iproute2/rt_tables" => "# reserved\n255\tlocal\n10 vpn # of the office\n"u8.ToArray(),
            "/usr/share/iproute2/rt_protos" => "12 bird\n"u8.ToArray(),
            "/etc/iproute2/rt_dsfield" => "0x28\tAF11\n"u8.ToArray(),
            _ => null,
        });

        Assert.Equal(expected.Length == 0 ? [] : [expected], Array.ConvertAll(found, one => one.Text));
        Assert.All(found, one => Assert.Equal((5, ConfigFault.General), (one.Where.Line, one.Fault)));
    }

    private static ConfigResult Parse(string text) => ConfigParser.Parse(System.Text.Encoding.UTF8.GetBytes(text), "F");

    /// <summary>Only lan is there.</summary>
    private static string[] Check(string text, out int testStatus, out int runStatus)
    {
        ConfigResult result = Parse(text);
        Diagnostic[] found = InterfaceCheck.Check(result.Config!, name => name == "lan" ? 0 : -1, ["lan"]);
        result = (result with { Diagnostics = [] }).With(found);
        (testStatus, runStatus) = (result.TestExitStatus, result.RunExitStatus);
        string[] lines = Array.ConvertAll(found, one => $"{one.Where.Line}: {one.Text}");
        Array.Sort(lines, static (a, b) => Order(a).CompareTo(Order(b)));
        return lines;

        static int Order(string line) => int.Parse(line.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture) is int at and > 0 ? at : int.MaxValue;
    }
}
