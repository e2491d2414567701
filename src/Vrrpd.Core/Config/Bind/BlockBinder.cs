using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>What binders have in common: the statements that passed <see cref="KeywordCheck"/>, and reading words that have no row.</summary>
internal sealed class BlockBinder(Findings findings)
{
    private readonly KeywordCheck _check = new(findings);

    public Findings Findings { get; } = findings;

    /// <summary>The children of a block that passed the check of the table, whether or not they have an effect yet.</summary>
    public static List<ConfigNode> Accepted(ConfigNode block, Action<ConfigNode> refuse)
    {
        List<ConfigNode> useful = [];
        foreach (ConfigNode node in block.Children)
        {
            if (node.IsRejected)
            {
                continue;
            }

            if (node.Keyword!.Support == KeywordSupport.Refused)
            {
                refuse(node);
            }

            useful.Add(node);
        }

        return useful;
    }

    /// <summary>Whether a child of a block passed the check of the table; what cannot be served is told.</summary>
    public bool IsAccepted(ConfigNode node)
    {
        if (!node.IsRejected && node.Keyword!.Support == KeywordSupport.Refused)
        {
            Refuse(node);
        }

        return !node.IsRejected;
    }

    /// <summary>What keeps wrong things off the wire: the daemon will not start with it. No verdict of -t.</summary>
    public void Refuse(Word at, string what, string why) => Findings.Add(new Diagnostic(at.Where, Severity.Error, ConfigFault.None, $"{what} cannot be served")
    {
        Explanation = why,
        SourceLine = at.Line.Shown,
        StopsRun = true,
    }.From(at));

    public void Refuse(ConfigNode node) => Refuse(node.First, $"Keyword '{node.First.Text}'", node.Keyword!.Consequence);

    /// <summary>The number behind a keyword, which the check has found good.</summary>
    public static long Number(ConfigNode node, int word = 1)
    {
        Argument argument = node.Keyword!.Arguments[word - 1];
        return ConfigNumbers.IsPlain(node.Words[word].Bytes, argument, out long plain) ? plain
            : argument.Kind == ArgumentKind.Seconds
            ? ConfigNumbers.Seconds(node.Words[word].Text, argument.Min, argument.Max).Value
            : ConfigNumbers.Whole(node.Words[word].Text, argument.Min, argument.Max, isLax: true).Value;
    }

    /// <summary>[BOOL] behind a keyword, which the check has found good: nothing means yes.</summary>
    public static bool Bool(ConfigNode node) => node.ArgumentCount == 0 || node.Words[1].Text is "on" or "true" or "yes";

    /// <summary>A number where the table has no row for the word: a range in a line of data, or part of a word.</summary>
    public long? Number(Word at, Argument argument, string complaint, string expected, bool isLax = false) =>
        _check.Number(at, argument, isLax, complaint, expected);

    /// <summary>weight NUMBER [reverse] of something that is tracked.</summary>
    /// <param name="complaint">About the number, which stands for %v.</param>
    /// <param name="whose">As the complaint about another word begins.</param>
    public (long? Weight, bool IsReverse) Weight(ConfigNode node, string complaint, string whose)
    {
        Word at = node.Words[1];
        long? weight = Number(at, node.Keyword!.Arguments[0], complaint.Replace("%v", at.Text, StringComparison.Ordinal),
            $"weight takes {node.Keyword.ArgumentText}, not '{at.Text}'");
        bool isReverse = node.ArgumentCount > 1 && node.Words[2].Text == "reverse";
        if (node.ArgumentCount > 1 && !isReverse)
        {
            Findings.Error(node.Words[2], ConfigFault.General, $"{whose} unknown weight option {node.Words[2].Text}",
                "after the number only 'reverse' may follow");
        }

        return (weight, isReverse);
    }

    /// <summary>A name of an interface, or null if it cannot be one.</summary>
    public string? Interface(Word at)
    {
        if (at.Text.Length is > 0 and <= 15)
        {
            return at.Text;
        }

        Findings.Error(at, ConfigFault.General, $"Interface name '{at.Text}' too {(at.Text.Length == 0 ? "short" : "long")} - ignoring",
            "an interface name has 1 to 15 characters");
        return null;
    }

    /// <summary>USER, USER GROUP, USER:GROUP or USER :GROUP; null if it is none of these.</summary>
    public static (string User, string Group)? User(ConfigNode node) =>
        User(node.ArgumentCount, node.Words[1].Text, node.ArgumentCount > 1 ? node.Words[2].Text : "");

    /// <param name="count">Words behind the keyword; the second is "" if there is one only.</param>
    public static (string User, string Group)? User(int count, string user, string group)
    {
        int colon = user.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && count > 1)
        {
            return null;
        }

        (user, group) = colon >= 0 ? (user[..colon], user[(colon + 1)..]) : (user, group.StartsWith(':') ? group[1..] : group);
        return user.Length == 0 || count > 2 ? null : (user, group);
    }
}
