using System;
using System.Collections.Generic;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config.Check;

/// <summary>Each lint warns where it should and keeps quiet where it should; none of them touches a verdict.</summary>
public class LintTests
{
    [Theory]
    [MemberData(nameof(LintCases.State), MemberType = typeof(LintCases))]
    [MemberData(nameof(LintCases.Timing), MemberType = typeof(LintCases))]
    [MemberData(nameof(LintCases.Strict), MemberType = typeof(LintCases))]
    [MemberData(nameof(LintCases.Authentication), MemberType = typeof(LintCases))]
    [MemberData(nameof(LintCases.Unicast), MemberType = typeof(LintCases))]
    [MemberData(nameof(LintCases.Link), MemberType = typeof(LintCases))]
    [MemberData(nameof(LintCases.Address), MemberType = typeof(LintCases))]
    [MemberData(nameof(LintCases.Weight), MemberType = typeof(LintCases))]
    [MemberData(nameof(LintCases.Groups), MemberType = typeof(LintCases))]
    [MemberData(nameof(LintCases.Scripts), MemberType = typeof(LintCases))]
    [MemberData(nameof(LintCases.Words), MemberType = typeof(LintCases))]
    public void A_trap_is_found_at_its_words_and_nowhere_else(string code, string trap, string harmless)
    {
        string expected = Blamed(trap, out string text);
        List<string> found = [];
        foreach (Diagnostic one in Find(text))
        {
            if (one.Code == code)
            {
                found.Add($"{one.Where.Line}:{one.Where.Column}+{one.Where.Length}");
                Assert.NotEqual("", one.Explanation);
                Assert.NotEqual("", one.Suggestion);
                Assert.Equal(ConfigFault.None, one.Fault);
                Assert.NotEqual(Severity.Error, one.Severity);
            }
        }

        Assert.Equal([expected], found);
        Assert.DoesNotContain(Find(harmless), one => one.Code == code);
    }

    [Fact]
    public void Every_lint_but_the_one_about_file_modes_has_a_case()
    {
        HashSet<string> tried = ["secret-readable"];
        foreach (TheoryData<string, string, string> table in LintCases.All)
        {
            foreach (object[] row in table)
            {
                tried.Add((string)row[0]);
            }
        }

        Assert.All(Lints.All, rule => Assert.Contains(rule.Code, tried));
        Assert.Equal(Lints.All.Length, tried.Count);
    }

    [Fact]
    public void Codes_are_unique_lower_case_and_every_rule_says_what_why_and_how()
    {
        HashSet<string> seen = [];
        foreach (LintRule rule in Lints.All)
        {
            Assert.True(seen.Add(rule.Code), rule.Code);
            Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", rule.Code);
            Assert.All((string[])[rule.What, rule.Why, rule.Fix], text => Assert.True(text.Length > 8 && !text.EndsWith('.'), $"{rule.Code}: {text}"));
        }
    }

    [Fact]
    public void A_secret_is_in_no_finding()
    {
        foreach (string password in (string[])["hunter2x#y", "'hunter2x'", "$hunter2x/", "hunter2x9", "hunter2x\\", "“hunter2x”"])
        {
            string text = LintCases.In("authentication {", "auth_type PASS", $"auth_pass {password}", "}");
            foreach (Diagnostic one in Find(text))
            {
                Assert.DoesNotContain("hunter2x", one.Text + one.Explanation + one.Suggestion + one.SourceLine, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Of_one_trap_in_ten_thousand_instances_a_hundred_are_shown_and_the_rest_is_counted()
    {
        StringBuilder text = new();
        for (int i = 0; i < 10_000; i++)
        {
            text.Append(LintCases.In("state MASTER", "priority 150", "nopreempt").Replace("instance A", $"instance A{i}", StringComparison.Ordinal)
                .Replace("eth0", $"eth{i}", StringComparison.Ordinal));
        }

        Diagnostic[] found = Find(text.ToString());
        Assert.Equal(101, Array.FindAll(found, one => one.Code == "nopreempt-ignored").Length);
        Assert.Contains(found, one => one.Text == "9900 more findings of nopreempt-ignored are not shown");
        Assert.Equal(11, Array.FindAll(found, one => one.Code == "state-master-no-effect").Length);
    }

    private static Diagnostic[] Find(string text) => ConfigStudy.Of(Encoding.UTF8.GetBytes(text), "f.conf").FindTraps();

    /// <summary>LINE:COLUMN+LENGTH of what stands between the marks.</summary>
    private static string Blamed(string marked, out string text)
    {
        int start = marked.IndexOf('«', StringComparison.Ordinal), end = marked.IndexOf('»', StringComparison.Ordinal) - 1;
        text = marked.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal);
        int line = marked[..start].Split('\n').Length, column = start - (start == 0 ? -1 : text.LastIndexOf('\n', start - 1));
        return $"{line}:{column}+{end - start}";
    }
}
