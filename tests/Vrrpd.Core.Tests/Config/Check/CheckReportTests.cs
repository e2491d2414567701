using System;
using System.IO;
using System.Text;
using System.Text.Json;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config.Check;

/// <summary>What `vrrpd check` says: to people, to programs, and by its exit status.</summary>
public class CheckReportTests
{
    private static readonly string Mistyped = Golden("mistyped.conf");

    [Theory]
    [InlineData("mistyped")]
    [InlineData("variable")]
    public void A_finding_has_place_line_caret_history_reason_and_code_and_a_line_sums_up(string name)
    {
        string file = name + ".conf";
        CheckReport report = ConfigStudy.Of(Encoding.UTF8.GetBytes(Golden(file)), file).Check(file, [], [], false);
        Assert.Equal(Golden(name + ".txt"), CheckText.Render(report, isColoured: false));
        Assert.Equal(Golden(name + ".json"), CheckJson.Render(report));
    }

    [Fact]
    public void Colours_change_nothing_but_the_colours()
    {
        CheckReport report = Check(Mistyped + "vrrp_instance {\n");
        string plain = CheckText.Render(report, isColoured: false), coloured = CheckText.Render(report, isColoured: true);
        Assert.Contains("\e[1;35mwarning: \e[0m\e[1mUnknown keyword 'prioritty'\e[0m [unknown-keyword]", coloured, StringComparison.Ordinal);
        Assert.Contains("\e[1;31merror: ", coloured, StringComparison.Ordinal);
        Assert.Contains("\e[1;36mnote: ", coloured, StringComparison.Ordinal);
        Assert.Contains("\e[1;32m^~~~~~~~~\e[0m\n", coloured, StringComparison.Ordinal);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9;]*m", ""));
        Assert.DoesNotContain('\e', plain);
    }

    [Theory]
    [InlineData("", false, 0)]
    [InlineData("junk\n", false, 0)]
    [InlineData("junk\n", true, 2)]
    [InlineData("vrrp_instance V {\ninterface eth0\nvirtual_router_id 5\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n", true, 0)]
    [InlineData("vrrp_instance V {\ninterface eth0\nvirtual_router_id 5\ndown_timer_adverts 1\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n", false, 0)]
    [InlineData("vrrp_instance V {\ninterface eth0\nvirtual_router_id 5\ndown_timer_adverts 1\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n", true, 1)]
    [InlineData("vrrp_instance V {\ninterface eth0\nvirtual_router_id 256\n}\n", false, 2)]
    [InlineData("includem nowhere\n", false, 6)]
    public void The_exit_status_tells_the_worst(string text, bool isStrict, int status)
    {
        Assert.Equal(status, Check(text, isStrict).ExitStatus);
    }

    [Fact]
    public void What_keepalived_complains_of_and_a_lint_explains_is_one_finding()
    {
        CheckReport report = Check(LintCases.In("authentication {", "auth_type PASS", "auth_pass 123456789", "}"));
        Diagnostic cut = Assert.Single(report.Findings, found => found.Where.Line == 6);
        Assert.Equal("auth-pass-cut", cut.Code);
        Assert.Equal("Truncating auth_pass to 8 characters", cut.Text);
        Assert.Contains("both ends must share", cut.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nopreempt", "nopreempt-ignored", 6)]
    [InlineData("preempt_delay 5", "preempt-delay-ignored", 6)]
    public void What_keepalived_says_of_the_instance_is_told_at_the_keyword(string line, string code, int number)
    {
        CheckReport report = Check(LintCases.In("state MASTER", "priority 150", line));
        Diagnostic found = Assert.Single(report.Findings, one => one.Code == code);
        Assert.Equal((number, Severity.Error), (found.Where.Line, found.Severity));
        Assert.Contains("will not work with initial state MASTER", found.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Findings, one => one.Where.Line == 1 && one.Text.Contains("will not work", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_a_finding_too()
    {
        CheckReport report = CheckReport.OfUnreadable("none", "Config files missing 'none'.", "look at the path after -f");
        Assert.Equal(6, report.ExitStatus);
        Assert.Equal("none: error: Config files missing 'none'. [file-unreadable]\n  look at the path after -f\n\n"
            + "none: 1 error, 0 warnings, 0 notes; vrrpd would not start with it\n", CheckText.Render(report, isColoured: false));
        using JsonDocument json = JsonDocument.Parse(CheckJson.Render(report));
        Assert.Equal(0, json.RootElement.GetProperty("findings")[0].GetProperty("line").GetInt32());
    }

    [Fact]
    public void A_terminal_obeys_nothing_that_stands_in_the_file()
    {
        string text = CheckText.Render(Check("\e]0;owned\a\nrouter \e[2J\n"), isColoured: false);
        Assert.DoesNotContain('\e', text);
        Assert.DoesNotContain('\a', text);
    }

    [Fact]
    public void The_host_s_findings_get_their_lines()
    {
        ConfigStudy study = ConfigStudy.Of(Encoding.UTF8.GetBytes(Mistyped), "f.conf");
        Diagnostic absent = new(new("f.conf", 2, 12, 4), Severity.Error, ConfigFault.BadInterface, "absent");
        CheckReport report = study.Check("f.conf", [absent], [], false);
        Assert.Equal("\tinterface eth0", Assert.Single(report.Findings, found => found.Text == "absent").SourceLine);
    }

    private static CheckReport Check(string text, bool isStrict = false) =>
        ConfigStudy.Of(Encoding.UTF8.GetBytes(text), "f.conf", path => null).Check("f.conf", [], [], isStrict);

    private static string Golden(string name) => File.ReadAllText(Path.Combine(Repository.Root, "tests", "check", name));
}
