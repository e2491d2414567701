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
}
