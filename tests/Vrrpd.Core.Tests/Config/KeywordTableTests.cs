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
    public void No_row_stands_twice_and_every_row_can_be_found_and_read()
    {
        HashSet<(string, string)> seen = [];
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            string row = $"{keyword.Where.Name} {keyword.Name}";
            Assert.True(seen.Add((keyword.Where.Name, keyword.Name)), $"{row} stands twice");
            Assert.Same(keyword, ConfigKeywords.Find(keyword.Where, keyword.Name));
            Assert.True(keyword.Most >= keyword.Mandatory, row);
            Assert.True(keyword.Support != KeywordSupport.Served || keyword.Help.Length > 0, $"{row} has no help");
            Assert.True(keyword.Support != KeywordSupport.Served || keyword.Form == KeywordForm.Statement || keyword.Opens is not null, row);
            Assert.True(keyword.SameAs.Length == 0 || ConfigKeywords.Find(keyword.Where, keyword.SameAs) is not null, $"{row} is the same as nothing");
            Assert.True(keyword.From.Length == 0 || ConfigKeywords.Find(ConfigKeywords.Block("global_defs")!, keyword.From) is not null,
                $"{row} takes its value from nothing");
            foreach (Argument argument in keyword.Arguments)
            {
                Assert.True(argument.Max >= argument.Min, $"{row} has a range the wrong way round");
                Assert.All(argument.Choices, choice => Assert.Matches("^[A-Za-z0-9_+.:-]+$", choice));
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
