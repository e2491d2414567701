using System;
using System.Collections.Generic;
using System.IO;
using Vrrpd.Core.Config;
using Vrrpd.Core.Tests.Config;

namespace Vrrpd.Fuzz;

/// <summary>What the keyword table gives the fuzzer to begin with: a configuration per block with all its words, and afl's dictionary.</summary>
internal static class Seeds
{
    /// <summary>What the text layer knows besides keywords.</summary>
    private static readonly string[] Grammar =
    [
        "{", "}", "{\\x0a", "}\\x0a", "\\x22", "'", "#", "!", "\\\\#", "\\\\!", "\\\\\\x0a", "$A=", "${A}", "$A", "${_PWD}", "${_INSTANCE}", "${_RANDOM 1 9}",
        "${_ENV HOME}", "${_HASH}", "${_BANG}", "~SEQ(n,1,3) ", "~SEQx(n,1,0x1f) ", "~SEQ(n,9,-3,0) ", "~LST(n,a,b) ", "~LST({a,b},{1,2},{3,4}) ",
        "@id ", "@^id ", "include x", "includea ", "includer *", "\\x00", "\\x0d\\x0a", "\\xef\\xbb\\xbf", "weight 5 reverse", "10.0.0.1/24", "fe80::1/64",
        "default", "99999999999", "-1", "0.5",
    ];

    public static int Write(string directory)
    {
        string corpus = Path.Combine(directory, "corpus", "config");
        if (!Directory.Exists(corpus))
        {
            Console.Error.WriteLine($"no {corpus}");
            return 2;
        }

        SortedSet<string> words = new(StringComparer.Ordinal);
        foreach (Keyword row in ConfigKeywords.All)
        {
            if (row.Name != "*")
            {
                words.Add(row.Name);
            }

            foreach (Argument argument in row.Arguments)
            {
                words.UnionWith(argument.Choices);
            }
        }

        List<string> lines = ["# Made by `Vrrpd.Fuzz seeds config`: grammar, then every word of the keyword table."];
        foreach (string piece in Grammar)
        {
            lines.Add($"\"{piece}\"");
        }

        foreach (string word in words)
        {
            lines.Add($"\"{word}\"");
        }

        File.WriteAllLines(Path.Combine(directory, "config.dict"), lines);
        foreach (KeywordBlock block in ConfigKeywords.Blocks)
        {
            File.WriteAllText(Path.Combine(corpus, $"table-{block.Name}.conf"), KeywordSamples.Whole(block));
        }

        return 0;
    }
}
