using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>
/// Where a brace is in the wrong place keepalived reads on in the wrong block and complains of what follows. We read on in the right one;
/// but its complaints are there under -t, line by line, for tools that compare. The lines were recorded from keepalived 2.2.7.
/// </summary>
public class KeepalivedReadingTests
{
    [Theory]
    [InlineData("a misspelt block", "vrrp_instnace V {\ninterface eth0\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n", "1 2 3 4 5 6")]
    [InlineData("a misspelt list", "vrrp_instance V {\ninterface eth0\nvirtual_ip_address {\n10.0.0.121\n}\npriority 100\n}\n", "3 4 6 7")]
    [InlineData("a block of another program", "frontend web {\nbind 10.0.0.1 80\ninterface eth0\n}\nvrrp_instance V {\ninterface eth0\n}\n", "1 2 3 4")]
    [InlineData("a script in an instance",
        "vrrp_instance V {\ninterface eth0\nvrrp_script chk {\nscript /bin/true\ninterval 2\n}\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n", "3 4 5 7 8 9 10")]
    [InlineData("words that fit both blocks", "vrrp_instance V {\ninterface eth0\nhealth {\npriority 90\nrate 5\n}\nadvert_int 2\n}\n", "3 5 7 8")]
    [InlineData("no brace after an instance",
        "vrrp_instance V\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n", "2 3 4 5 6 7")]
    [InlineData("no brace after a list", "vrrp_instance V {\ninterface eth0\nvirtual_ipaddress\n10.0.0.1\n}\n}\n", "6")]
    [InlineData("a name that nobody gave a value",
        "vrrp_instance V {\ninterface eth0\nvirtual_router_id ${VRID}\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n", "3 4 5 6 7")]
    public void Every_line_that_keepalived_complains_of_has_a_complaint(string story, string text, string lines)
    {
        HashSet<int> complained = [];
        foreach (Diagnostic found in ConfigSource.Parse(text).Diagnostics)
        {
            if (found.Fault != ConfigFault.None && !found.IsBare)
            {
                complained.Add(found.Where.Line);
                Assert.Equal(found.IsEcho, found.Severity == Severity.Note);
                Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"(f.conf: Line {found.Where.Line}) "),
                    DiagnosticText.Keepalived(found, withFile: true));
            }
        }

        foreach (string line in lines.Split(' '))
        {
            Assert.True(complained.Contains(int.Parse(line, CultureInfo.InvariantCulture)), $"{story}: line {line} has no complaint");
        }
    }

    [Fact]
    public void What_only_keepalived_trips_over_is_nobodys_problem_in_a_check()
    {
        ConfigResult result = ConfigParser.Parse(Encoding.ASCII.GetBytes("frontend web {\nbind 10.0.0.1 80\n}\n"), "f.conf");

        Assert.Contains(result.Diagnostics, found => found.IsEcho);
        CheckReport report = CheckReport.Of("f.conf", result, default, isStrict: false);
        Assert.DoesNotContain(report.Findings, found => found.IsEcho);
    }

    [Fact]
    public void Good_braces_have_no_echo()
    {
        Assert.DoesNotContain(ConfigSource.Parse(ConfigSource.Story).Diagnostics, found => found.IsEcho);
    }

    [Theory]
    [InlineData("vrrp_instance V {\ninterface eth0\nvirtual_router_id 1\n", true)]
    [InlineData("vrrp_instnace V {\ninterface eth0\n}\n", true)]
    [InlineData("vrrp_instance V {\ninterface \"eth0\n}\n", true)]
    [InlineData("vrrp_instance V {\nintrface eth0\npriority 300\n}\n", false)]
    public void Only_braces_and_quotes_make_a_file_one_that_was_misread(string text, bool expected) =>
        Assert.Equal(expected, ConfigSource.Parse(text).IsMisread);
}
