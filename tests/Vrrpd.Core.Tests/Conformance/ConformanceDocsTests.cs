using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using Xunit;

namespace Vrrpd.Core.Tests.Conformance;

/// <summary>docs/conformance.md names every test there is, and no other.</summary>
public class ConformanceDocsTests
{
    private static readonly string[] _rooms =
        [Path.Combine("tests", "Vrrpd.Core.Tests", "Conformance"), Path.Combine("tests", "Vrrpd.Netns.Tests", "Protocol")];

    [Fact]
    public void Every_test_is_in_the_table_and_every_name_in_the_table_is_a_test()
    {
        SortedSet<string> tests = [];
        foreach (string room in _rooms)
        {
            foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, room), "*.cs"))
            {
                foreach (Match match in Regex.Matches(File.ReadAllText(file), @"public (?:static )?void ([A-Z][a-z]*_\w+)\("))
                {
                    tests.Add(match.Groups[1].Value);
                }
            }
        }

        // Theirs is the table: this one, and those that only wait for the scenes.
        tests.Remove(nameof(Every_test_is_in_the_table_and_every_name_in_the_table_is_a_test));
        tests.RemoveWhere(static name => name is "Every_row_of_the_state_machine_is_kept" or "Whoever_only_makes_noise_changes_nothing");
        SortedSet<string> named = [];
        foreach (Match match in Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "conformance.md")), @"`([A-Z][A-Za-z]*_\w+)`"))
        {
            named.Add(match.Groups[1].Value);
        }

        Assert.Equal(tests, named);
        for (int row = 1; row <= 18; row++)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"Row_{row:D2}_");
            Assert.Contains(named, name => name.StartsWith(prefix, StringComparison.Ordinal));
        }
    }
}
