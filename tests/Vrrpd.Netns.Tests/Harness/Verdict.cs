using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>
/// What <c>-t</c> answers to a configuration, as far as tools depend on it: the exit status, and the lines complained of.
/// Written <c>5: 3 7 part.inc:2</c>; <c>0</c> when nothing is wrong; crashes of a process as <c>139</c>, a hang as <c>124</c>.
/// </summary>
internal sealed partial class Verdict : IEquatable<Verdict>
{
    private readonly string _text;

    private Verdict(string text)
    {
        _text = text;
    }

    /// <summary>Reads what a run of <c>-t -f <paramref name="main"/></c> said.</summary>
    public static Verdict Of(int exit, string said, string main)
    {
        SortedSet<(string File, int Line)> complained = [];
        foreach (string line in said.Split('\n'))
        {
            Match match = Complaint().Match(line);
            if (match.Success)
            {
                string file = match.Groups["file"].Value;
                int number = int.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture);
                complained.Add((file.Length == 0 || file == main ? "" : Path.GetFileName(file), number));
            }
        }

        IEnumerable<string> lines = complained.Select(at => at.File.Length == 0 ? $"{at.Line}" : $"{at.File}:{at.Line}");
        return new Verdict(complained.Count == 0 ? $"{exit}" : $"{exit}: {string.Join(' ', lines)}");
    }

    /// <summary>Reads a verdict as <see cref="ToString"/> writes it.</summary>
    public static Verdict Parse(string text)
    {
        return Written().IsMatch(text) ? new Verdict(text) : throw new FormatException($"not a verdict: '{text}' (as in '5: 3 7 part.inc:2')");
    }

    /// <inheritdoc/>
    public bool Equals(Verdict? other)
    {
        return other is not null && other._text == _text;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj)
    {
        return Equals(obj as Verdict);
    }

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        return _text.GetHashCode(StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        return _text;
    }

    [GeneratedRegex(@"^\((?:(?<file>[^()]*): )?Line (?<line>\d+)\)")]
    private static partial Regex Complaint();

    [GeneratedRegex(@"^\d+(: \S+( \S+)*)?$")]
    private static partial Regex Written();
}
