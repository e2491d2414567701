using System;

namespace Vrrpd.Core.Config;

/// <summary>"Did you mean": the keyword somebody may have wanted to write.</summary>
internal static class Suggestion
{
    private const int LongestWord = 40;

    /// <summary>The end of a sentence about an unknown word, "" if nothing comes near.</summary>
    public static string For(string word, KeywordBlock where)
    {
        Keyword? near = Nearest(word, where, isInside: true);
        if (near is not null)
        {
            return $"; did you mean '{near.Name}'?";
        }

        Keyword? other = Nearest(word, where, isInside: false);
        if (other is null)
        {
            return "";
        }

        string home = other.Where == ConfigKeywords.Root ? "at the top level" : $"in {other.Where.Name}";
        if (other.Name != word)
        {
            return $"; did you mean '{other.Name}', which stands {home}?";
        }

        return other.Where == ConfigKeywords.Root ? $"; it stands {home}: is a '}}' missing before it?" : $"; it stands {home}";
    }

    /// <summary>Damerau-Levenshtein distance in its restricted form: insertions, deletions, changes, swaps of neighbours.</summary>
    public static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length > LongestWord || b.Length > LongestWord)
        {
            return int.MaxValue;
        }

        Span<int> before = stackalloc int[LongestWord + 1], last = stackalloc int[LongestWord + 1], row = stackalloc int[LongestWord + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                int best = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, before[j - 2] + 1);
                }

                row[j] = best;
            }

            Span<int> free = before;
            before = last;
            last = row;
            row = free;
        }

        return last[b.Length];
    }

    private static Keyword? Nearest(string word, KeywordBlock where, bool isInside)
    {
        Keyword? nearest = null;
        int best = Math.Max(1, word.Length / 3) + 1;
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            if (keyword.Where == where != isInside || keyword.Name == "*" || Math.Abs(keyword.Name.Length - word.Length) >= best)
            {
                continue;
            }

            int distance = Distance(word, keyword.Name);
            if (distance < best || (distance == best && nearest is { Support: not KeywordSupport.Served }
                && keyword.Support == KeywordSupport.Served))
            {
                (nearest, best) = (keyword, distance);
            }
        }

        return nearest;
    }
}
