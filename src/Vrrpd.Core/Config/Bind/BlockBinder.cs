using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// What binding any block has in common: enough words, too many words, keywords without effect, repeated keywords, and reading an
/// argument with the complaints keepalived makes.
/// </summary>
internal sealed class BlockBinder(Findings findings)
{
    private readonly HashSet<Keyword> _reported = [];

    public Findings Findings { get; } = findings;

    /// <summary>The children of a block that have something to say to the binder, checked.</summary>
    public List<ConfigNode> Check(ConfigNode block, Action<ConfigNode> refuse)
    {
        List<ConfigNode> useful = new(block.Children.Count);
        HashSet<KeywordId> seen = [];
        foreach (ConfigNode node in block.Children)
        {
            Keyword keyword = node.Keyword!;
            switch (keyword.Support)
            {
                case KeywordSupport.NotYet:
                    if (_reported.Add(keyword))
                    {
                        Findings.Advise(node.First, $"Keyword '{keyword.Name}' is understood but has no effect yet", keyword.Help);
                    }

                    break;
                case KeywordSupport.Refused:
                    if (!IsHarmless(node))
                    {
                        refuse(node);
                    }

                    break;
                case KeywordSupport.Served when HasWords(node):
                    CheckRepeat(node, seen);
                    useful.Add(node);
                    break;
                default:
                    break;
            }
        }

        return useful;
    }

    /// <summary>The error that keeps wrong things off the wire.</summary>
    public void Refuse(Word at, string what, string why) => Findings.Error(at, ConfigFault.Fatal, $"{what} cannot be served",
        $"this build speaks VRRPv2 over IPv4 multicast only: {why}");

    public void Refuse(ConfigNode node) => Refuse(node.First, $"Keyword '{node.First.Text}'", node.Keyword!.Help);

    /// <summary>A number after the keyword; null, with keepalived's two lines, if it is of no use.</summary>
    public long? Number(ConfigNode node, string complaint) => Number(node.Words[1], node.Keyword!, complaint, "");

    public long? Number(Word at, Keyword keyword, string complaint, string consequence)
    {
        ParsedNumber number = keyword.Kind == ArgumentKind.Seconds
            ? ConfigNumbers.Seconds(at.Text, keyword.Min, keyword.Max)
            : ConfigNumbers.Whole(at.Text, keyword.Min, keyword.Max, keyword.Kind == ArgumentKind.LaxNumber);
        if (number.Complaint.Length == 0)
        {
            return number.Value;
        }

        Findings.Add(new(at.Where, Severity.Error, ConfigFault.InvalidNumber, number.IsUsable ? number.Complaint : complaint)
        {
            Lead = number.IsUsable ? "" : number.Complaint,
            IsLax = keyword.Kind is ArgumentKind.LaxNumber or ArgumentKind.Seconds,
            Explanation = number.IsUsable ? $"'{at.Text}' is read up to the part that makes no sense"
                : $"{keyword.Name} takes {keyword.Arguments}, not '{at.Text}'{consequence}",
            SourceLine = at.Line.Shown,
        });
        return number.IsUsable ? number.Value : null;
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
    public (string User, string Group)? User(ConfigNode node)
    {
        string user = node.Words[1].Text, group = node.ArgumentCount > 1 ? node.Words[2].Text : "";
        int colon = user.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && node.ArgumentCount > 1)
        {
            return null;
        }

        (user, group) = colon >= 0 ? (user[..colon], user[(colon + 1)..]) : (user, group.StartsWith(':') ? group[1..] : group);
        return user.Length == 0 || node.ArgumentCount > 2 ? null : (user, group);
    }

    private static bool IsHarmless(ConfigNode node)
    {
        foreach (string value in node.Keyword!.Harmless.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (node.ArgumentCount == 1 && node.Words[1].Text == value)
            {
                return true;
            }
        }

        return false;
    }

    private bool HasWords(ConfigNode node)
    {
        Keyword keyword = node.Keyword!;
        if (node.ArgumentCount < keyword.Mandatory)
        {
            Findings.Error(node.First, ConfigFault.MissingParameter,
                $"*** Configuration line starting `{node.First.Text}` is missing a parameter"
                    + $" after keyword `{node.Words[^1].Text}` at word position {node.Words.Length + 1}",
                $"{keyword.Name} needs {keyword.Arguments}: {keyword.Help}");
            return false;
        }

        if (node.ArgumentCount > keyword.Most && keyword.Form != KeywordForm.Values && keyword.Id != KeywordId.VrrpInstance)
        {
            Word extra = node.Words[keyword.Most + 1];
            if (keyword.Id == KeywordId.AuthPass)
            {
                Findings.Advise(node.Words[1], "Extra parameter of 'auth_pass' is ignored",
                    "put a password that has blanks in double quotes");
                return true;
            }

            Findings.Advise(extra, $"Extra parameter '{extra.Text}' of '{keyword.Name}' is ignored",
                keyword.Kind == ArgumentKind.Command ? "put the command and its arguments together in double quotes"
                    : "a statement ends with its line: is this the next one?");
        }

        return true;
    }

    private void CheckRepeat(ConfigNode node, HashSet<KeywordId> seen)
    {
        Keyword keyword = node.Keyword!;
        if (!seen.Add(keyword.Id) && keyword.Repeat == RepeatRule.LastWins && keyword.Id != KeywordId.State)
        {
            Findings.Advise(node.First, $"Keyword '{keyword.Name}' is repeated", "the last one counts");
        }
    }
}
