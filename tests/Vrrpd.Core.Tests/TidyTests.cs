using System;
using System.Collections.Generic;
using System.IO;
using System.Text.RegularExpressions;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests;

/// <summary>What a compiler does not hold: nothing is declared and never used, the map is complete, files stay readable.</summary>
public class TidyTests
{
    private const int MaxLines = 500;
    private const int MaxColumns = 160;

    private static readonly string _root = FindRoot();

    [Theory]
    [InlineData(typeof(WireError))]
    [InlineData(typeof(EffectKind))]
    [InlineData(typeof(LogEvent))]
    public void Every_value_that_is_declared_is_used(Type type)
    {
        List<string> code = [];
        foreach (string file in Sources("src"))
        {
            if (Path.GetFileNameWithoutExtension(file) != type.Name)
            {
                code.Add(WithoutComments(File.ReadAllText(file)));
            }
        }

        List<string> wrong = [];
        foreach (string name in Enum.GetNames(type))
        {
            string value = type.Name + "." + name;
            bool isUsed = code.Exists(text => Regex.IsMatch(text, $@"\b{Regex.Escape(value)}\b"));
            if (!isUsed)
            {
                wrong.Add(value + " is never used");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_top_level_folder_is_on_the_map()
    {
        string readme = File.ReadAllText(Path.Combine(_root, "README.md"));
        foreach (string folder in Directory.GetDirectories(_root))
        {
            string name = Path.GetFileName(folder);
            if (name is not ("artifacts" or "out" or "BenchmarkDotNet.Artifacts") && (!name.StartsWith('.') || name == ".ci"))
            {
                Assert.True(readme.Contains($"| `{name}/", StringComparison.Ordinal), $"{name}/ is not on the map in README.md");
            }
        }
    }

    [Fact]
    public void Files_and_lines_stay_short_enough_to_read()
    {
        List<string> wrong = [];
        foreach (string folder in new[] { "src", "tests", "fuzz", "bench" })
        {
            foreach (string file in Sources(folder))
            {
                string[] lines = File.ReadAllLines(file);
                string name = Path.GetRelativePath(_root, file);
                if (lines.Length > MaxLines)
                {
                    wrong.Add($"{name}: {lines.Length} lines");
                }

                for (int i = 0; i < lines.Length; i++)
                {
                    if (lines[i].Length > MaxColumns)
                    {
                        wrong.Add($"{name}:{i + 1}: {lines[i].Length} columns");
                    }
                }
            }
        }

        Assert.Empty(wrong);
    }

    private static string[] Sources(string folder)
    {
        string[] files = Directory.GetFiles(Path.Combine(_root, folder), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        return files;
    }

    /// <summary>Line comments only: the source has no others.</summary>
    private static string WithoutComments(string text) => Regex.Replace(text, @"//.*", "");

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at != null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Vrrpd.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("Vrrpd.sln is nowhere above " + AppContext.BaseDirectory);
    }
}
