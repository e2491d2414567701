using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>The keyword table agrees with itself, with the binder and with docs/configuration.md.</summary>
public class KeywordTableTests
{
    [Fact]
    public void No_row_stands_twice_and_every_served_row_has_help()
    {
        HashSet<(ConfigBlock, string)> seen = [];
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            Assert.True(seen.Add((keyword.Where, keyword.Name)), $"{keyword.Where} {keyword.Name} stands twice");
            Assert.Same(keyword, ConfigKeywords.Find(keyword.Where, keyword.Name));
            Assert.True(keyword.Most >= keyword.Mandatory && keyword.Max >= keyword.Min, keyword.Name);
            if (keyword.Support == KeywordSupport.Served)
            {
                Assert.NotEqual("", keyword.Help);
                Assert.NotEqual(KeywordId.None, keyword.Id);
                Assert.Equal(keyword.Kind == ArgumentKind.None && keyword.Most == 0, keyword.Arguments.Length == 0);
                Assert.Equal(keyword.Form == KeywordForm.Statement, keyword.Opens == ConfigBlock.Skipped);
            }
            else
            {
                Assert.Equal(ConfigBlock.Skipped, keyword.Opens);
            }
        }
    }

    [Fact]
    public void Every_number_keyword_refuses_what_is_no_number()
    {
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            if (keyword.Kind is not (ArgumentKind.Number or ArgumentKind.LaxNumber or ArgumentKind.Seconds))
            {
                continue;
            }

            string line = $"{keyword.Name} abc";
            string text = keyword.Where switch
            {
                ConfigBlock.GlobalDefs => $"global_defs {{\n{line}\n}}",
                ConfigBlock.Script => $"vrrp_script s {{\n{line}\nscript /bin/true\n}}",
                _ => ConfigSource.Instance(line),
            };
            Assert.Contains(ConfigSource.Parse(text).Diagnostics, found => found.Fault == ConfigFault.InvalidNumber
                && found.Lead == "invalid number 'abc'");
        }
    }

    [Fact]
    public void Every_served_keyword_stands_in_the_manual()
    {
        string manual = File.ReadAllText(Path.Combine(Root(), "docs", "configuration.md"));
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            if (keyword.Support == KeywordSupport.Served)
            {
                string row = $"| `{keyword.Name}` | {Cell(keyword.Arguments)} | {Cell(keyword.Help)} |";
                Assert.True(manual.Contains(row, StringComparison.Ordinal), $"docs/configuration.md lacks the row\n{row}");
            }
        }
    }

    [Fact]
    public void The_seeds_of_the_fuzzer_parse_and_not_all_of_them_well()
    {
        int good = 0, bad = 0;
        foreach (string file in Directory.GetFiles(Path.Combine(Root(), "fuzz", "corpus", "config")))
        {
            ConfigResult result = ConfigParser.Parse(File.ReadAllBytes(file), file, path => null);
            good += result.CanRun && result.TestExitStatus == 0 ? 1 : 0;
            bad += result.TestExitStatus != 0 ? 1 : 0;
        }

        Assert.True(good >= 4 && bad >= 4, $"{good} good, {bad} bad");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Root([CallerFilePath] string here = "")
    {
        // The path of the sources is mapped away in reproducible builds, so look upwards from the test's own directory first.
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Vrrpd.sln")))
            {
                return at;
            }
        }

        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
    }
}
