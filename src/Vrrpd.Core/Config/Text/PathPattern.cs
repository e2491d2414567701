using System;

namespace Vrrpd.Core.Config;

/// <summary>Patterns of a shell for one name of a path: '*', '?', '[a-z]', '[!a-z]' and '\' before any of them.</summary>
public static class PathPattern
{
    public static bool HasWildcards(ReadOnlySpan<char> pattern) => pattern.ContainsAny('*', '?', '[');

    /// <summary>Hidden names match only a pattern that begins with a dot itself.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (name.StartsWith(".") && !pattern.StartsWith("."))
        {
            return false;
        }

        // The last '*' takes ever more until the rest fits: no recursion, and never more than length times length steps.
        int at = 0, inName = 0, star = -1, starName = 0;
        while (inName < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                starName = inName;
            }
            else if (at < pattern.Length && MatchesOne(pattern, at, name[inName], out int next))
            {
                at = next;
                inName++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                inName = ++starName;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].Trim('*').IsEmpty;
    }

    private static bool MatchesOne(ReadOnlySpan<char> pattern, int at, char c, out int next)
    {
        next = at + 1;
        switch (pattern[at])
        {
            case '?':
                return true;
            case '\\' when next < pattern.Length:
                return pattern[next++] == c;
            case '[' when MatchesSet(pattern, at, c, ref next) is bool isIn:
                return isIn;
            default:
                return pattern[at] == c;
        }
    }

    /// <summary>Null, and nothing taken, for a '[' that is not closed: it stands for itself.</summary>
    private static bool? MatchesSet(ReadOnlySpan<char> pattern, int at, char c, ref int next)
    {
        int i = at + 1;
        bool isNegated = i < pattern.Length && pattern[i] is '!' or '^';
        i += isNegated ? 1 : 0;
        bool isIn = false;
        for (int first = i; i < pattern.Length; i++)
        {
            if (pattern[i] == ']' && i > first)
            {
                next = i + 1;
                return isIn != isNegated;
            }

            i += pattern[i] == '\\' && i + 1 < pattern.Length ? 1 : 0;
            char low = pattern[i];
            bool isRange = i + 2 < pattern.Length && pattern[i + 1] == '-' && pattern[i + 2] != ']';
            char high = isRange ? pattern[i + 2] : low;
            i += isRange ? 2 : 0;
            isIn |= c >= low && c <= high;
        }

        return null;
    }
}
