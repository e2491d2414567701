using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>A file that an include found.</summary>
internal readonly record struct IncludedFile(string Path, ReadOnlyMemory<byte> Bytes);

/// <summary>Include lines: which files they mean, and which absence is a fault.</summary>
internal sealed class ConfigIncludes(ConfigInput input, Findings findings)
{
    /// <summary>Braces multiply.</summary>
    private const int MostAlternatives = 1000;

    /// <summary>What include_check says where we are; saved and restored around each file.</summary>
    public IncludeChecks Checks { get; set; } = input.Checks;

    /// <summary>The checks of an include keyword; null for another word.</summary>
    public static IncludeChecks? ChecksOf(ReadOnlySpan<byte> word)
    {
        if (!word.StartsWith("include"u8) || word.Length > 8)
        {
            return null;
        }

        return word.Length == 7 ? IncludeChecks.None : word[7] switch
        {
            (byte)'r' => IncludeChecks.Read,
            (byte)'m' => IncludeChecks.Read | IncludeChecks.Match,
            (byte)'w' => IncludeChecks.Read | IncludeChecks.Match | IncludeChecks.WildcardMatch,
            (byte)'b' => IncludeChecks.Read | IncludeChecks.BraceMatch,
            (byte)'a' => IncludeChecks.All,
            _ => null,
        };
    }

    /// <summary>The include_check keyword, which acts from where it stands.</summary>
    public void Configure(WordList words)
    {
        IncludeChecks checks = words.Length == 1 ? IncludeChecks.All : Checks;
        for (int i = 1; i < words.Length; i++)
        {
            string word = words[i].Text;
            char sign = word.Length > 0 && word[0] is '+' or '-' ? word[0] : '\0';
            checks = i == 1 && sign == '\0' ? IncludeChecks.None : checks;
            IncludeChecks one = (sign == '\0' ? word : word[1..]) switch
            {
                // The manual says "readable".
                "read" or "readable" => IncludeChecks.Read,
                "match" => IncludeChecks.Match,
                "wildcard_match" => IncludeChecks.WildcardMatch,
                "brace_match" => IncludeChecks.BraceMatch,
                _ => IncludeChecks.None,
            };
            if (one == IncludeChecks.None)
            {
                findings.Error(words[i], ConfigFault.General, $"Unknown include_check type '{word}' - ignoring",
                    "known are read, match, wildcard_match and brace_match, each with '+' or '-' before it to change what is set");
            }

            checks = sign == '-' ? checks & ~one : checks | one;
        }

        Checks = checks;
    }

    /// <summary>The files that a pattern means, in order; complaints about what is not there.</summary>
    /// <param name="directory">Of the including file, with a '/' at its end, or "".</param>
    public List<IncludedFile> Find(Word at, IncludeChecks own, string directory)
    {
        List<IncludedFile> files = [];
        string pattern = at.Text;
        IncludeChecks checks = own | Checks;
        List<string> alternatives = [];
        if (input.Source is not { } source)
        {
            findings.Error(at, ConfigFault.Fatal, $"'{pattern}' is not included: there is no place to look for files");
            return files;
        }

        if (!Alternatives(pattern, alternatives))
        {
            findings.Error(at, ConfigFault.Fatal, $"Too many alternatives in '{pattern}'",
                $"braces multiply; at most {MostAlternatives} are looked for");
            return files;
        }

        int missing = 0;
        bool isWild = false, isNowhere = false;
        foreach (string alternative in alternatives)
        {
            int found = 0;
            if (alternative.AsSpan().ContainsAny("*?["))
            {
                isWild = true;
                string[]? names = source.Match(directory, alternative);
                isNowhere |= names is null;
                foreach (string name in names ?? [])
                {
                    found++;
                    Add(files, at, source, name, directory, checks, isWild: true);
                }
            }
            else
            {
                found += Add(files, at, source, alternative.Replace("\\", "", StringComparison.Ordinal), directory, checks, isWild: false) ? 1 : 0;
            }

            missing += found == 0 ? 1 : 0;
        }

        if (missing > 0)
        {
            SayMissing(at, pattern, checks, directory, missing < alternatives.Count, isWild, isNowhere);
        }

        return files;
    }

    private void SayMissing(Word at, string pattern, IncludeChecks checks, string directory, bool isPart, bool isWild, bool isNowhere)
    {
        string where = directory.Length == 0 || pattern.StartsWith('/') ? "" : $" in {directory}";
        if (isPart)
        {
            Say(at, checks.HasFlag(IncludeChecks.BraceMatch), $"Some config files missing: \"{pattern}\".",
                $"not every alternative in braces matches a file{where}");
        }
        else if (isWild && checks.HasFlag(IncludeChecks.WildcardMatch))
        {
            Say(at, true, $"No config files matched '{pattern}'.", $"no file matches{where}");
        }
        else if (!isWild)
        {
            bool isPlain = !pattern.Contains('{', StringComparison.Ordinal);
            Say(at, isPlain ? checks.HasFlag(IncludeChecks.Match) : checks.HasFlag(IncludeChecks.WildcardMatch),
                $"Config files missing '{pattern}'.", pattern.Contains('"', StringComparison.Ordinal)
                    ? "quotes are part of the name here: write it without" : $"there is no such file{where}");
        }
        else if (isNowhere)
        {
            Say(at, false, $"Config files missing '{pattern}'.", "the directory does not exist");
        }
        else
        {
            findings.Add(new Diagnostic(at.Where, Severity.Note, ConfigFault.None, $"No config files matched '{pattern}'.")
            {
                Explanation = $"no file matches{where}; includew would make that an error",
                SourceLine = at.Line.Shown,
            }.From(at));
        }
    }

    private bool Add(List<IncludedFile> files, Word at, IConfigSource source, string name, string directory, IncludeChecks checks, bool isWild)
    {
        string path = name.StartsWith('/') ? name : directory + name;
        ConfigFileContent content = source.Read(path);
        bool isFault = checks.HasFlag(IncludeChecks.Read);
        switch (content.State)
        {
            case ConfigFileState.Read:
                files.Add(new(path, content.Bytes));
                return true;
            case ConfigFileState.Missing:
                return false;
            case ConfigFileState.Directory:
                if (!isWild || isFault)
                {
                    Say(at, isFault, $"Configuration file '{name.TrimEnd('/')}/' is a directory - skipping", "name files in it, for instance with '*.conf'");
                }

                return true;
            case ConfigFileState.NotPlain:
                Say(at, isFault, $"Configuration file '{name}' is not a regular non-executable file - skipping",
                    "nobody may have the permission to execute it: chmod a-x");
                return true;
            default:
                Say(at, isFault, $"Unable to read configuration file {name}", content.Reason);
                return true;
        }
    }

    private void Say(Word at, bool isFault, string text, string explanation) =>
        findings.Add(new Diagnostic(at.Where, isFault ? Severity.Error : Severity.Warning, isFault ? ConfigFault.FileNotFound : ConfigFault.None, text)
        {
            Explanation = explanation,
            IsTheirs = true,
            SourceLine = at.Line.Shown,
        }.From(at));

    /// <summary>{a,b} resolved, from left to right; false if there are too many.</summary>
    private static bool Alternatives(string pattern, List<string> found)
    {
        int open = pattern.IndexOf('{', StringComparison.Ordinal);
        while (open >= 0 && pattern.AsSpan(open).StartsWith("{}"))
        {
            open = pattern.IndexOf('{', open + 1);
        }

        int close = open < 0 ? -1 : Close(pattern, open);
        if (close < 0)
        {
            found.Add(pattern);
            return found.Count <= MostAlternatives;
        }

        int depth = 0, start = open + 1;
        for (int i = start; i <= close; i++)
        {
            if (depth == 0 && (i == close || pattern[i] == ','))
            {
                if (!Alternatives(string.Concat(pattern.AsSpan(0, open), pattern.AsSpan(start, i - start), pattern.AsSpan(close + 1)), found))
                {
                    return false;
                }

                start = i + 1;
            }

            depth += pattern[i] switch { '{' => 1, '}' => -1, _ => 0 };
        }

        return true;
    }

    private static int Close(string pattern, int open)
    {
        int depth = 0;
        for (int i = open; i < pattern.Length; i++)
        {
            depth += pattern[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
