using System;
using System.Collections.Generic;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>
/// The keyword table for people: what `vrrpd explain` prints. A topic is the name of a block, a keyword, BLOCK.KEYWORD, or the code of a
/// finding of `vrrpd check`.
/// </summary>
public static class ExplainText
{
    private const int Width = 100, NameColumn = 34, LabelColumn = 14;

    /// <summary>All blocks, each with what it is.</summary>
    public static string Overview()
    {
        StringBuilder text = new("Blocks of the configuration; vrrpd explain BLOCK, KEYWORD or BLOCK.KEYWORD tells more:\n\n");
        foreach (KeywordBlock block in ConfigKeywords.Blocks)
        {
            Row(text, block.Number == 0 ? "(top level)" : block.Name, block.About);
        }

        return text.ToString();
    }

    /// <summary>Everything about a topic; null if there is nothing of that name.</summary>
    public static string? About(string topic)
    {
        if (Lints.Find(topic) is { } rule)
        {
            return Trap(rule);
        }

        StringBuilder text = new();
        int dot = topic.IndexOf('.', StringComparison.Ordinal);
        (string block, string name) = dot < 0 ? ("", topic) : (topic[..dot], topic[(dot + 1)..]);
        List<KeywordBlock> opened = [];
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            if (keyword.Name == name && (dot < 0 || keyword.Where.Name == block || Array.IndexOf(Owners(keyword.Where), block) >= 0))
            {
                text.Append(text.Length > 0 ? "\n" : "");
                Entry(text, keyword);
                if (keyword.Opens is { } opens && !opened.Contains(opens))
                {
                    opened.Add(opens);
                }
            }
        }

        if (dot < 0 && ConfigKeywords.Block(topic) is { } named && !opened.Contains(named))
        {
            opened.Add(named);
        }

        foreach (KeywordBlock inside in opened)
        {
            text.Append(text.Length > 0 ? "\n" : "");
            Contents(text, inside);
        }

        return text.Length > 0 ? text.ToString() : null;
    }

    /// <summary>The topic that somebody may have meant; "" if none comes near.</summary>
    public static string Nearest(string topic)
    {
        string word = topic[(topic.IndexOf('.', StringComparison.Ordinal) + 1)..];
        int best = Math.Max(1, word.Length / 3) + 1;
        string nearest = "";
        void Try(string name)
        {
            int distance = Math.Abs(name.Length - word.Length) < best ? Suggestion.Distance(word, name) : best;
            if (distance < best)
            {
                (best, nearest) = (distance, name);
            }
        }

        foreach (Keyword keyword in ConfigKeywords.All)
        {
            Try(keyword.Name);
        }

        foreach (LintRule rule in Lints.All)
        {
            Try(rule.Code);
        }

        return nearest;
    }

    /// <summary>The keywords whose braces hold this block; of [root] none.</summary>
    public static string[] Owners(KeywordBlock block)
    {
        List<string> owners = [];
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            if (keyword.Opens == block && !owners.Contains(keyword.Name))
            {
                owners.Add(keyword.Name);
            }
        }

        return owners.ToArray();
    }

    /// <summary>What a word may be, for a person.</summary>
    public static string Describe(Argument argument)
    {
        string text = argument.Kind switch
        {
            ArgumentKind.Whole => "a whole number" + Unit(argument.Unit) + Bounds(argument),
            ArgumentKind.Seconds => "seconds, with decimals if need be" + Bounds(argument),
            ArgumentKind.Choice => argument.Choices.Length == 1 ? "this word" : "one of these words",
            ArgumentKind.Interface => "the name of an interface, 1 to 15 characters",
            ArgumentKind.Address => "an IPv4 or IPv6 address",
            ArgumentKind.Address4 => "an IPv4 address",
            ArgumentKind.Address6 => "an IPv6 address",
            ArgumentKind.Prefix => "an address, with a prefix length if need be",
            ArgumentKind.Path => "a file",
            ArgumentKind.Command => "a program and its arguments, together in double quotes",
            ArgumentKind.User => "a user, and a group if need be",
            ArgumentKind.Bool => "on, true, yes, off, false or no; on when nothing stands there",
            ArgumentKind.Mac => "a MAC address",
            ArgumentKind.Name => "a name",
            ArgumentKind.Rest => "anything to the end of the line",
            _ => "a word, in double quotes if it has blanks, '#' or '!'",
        };
        return (argument.IsOptional ? "may be left out: " : "") + text + (argument.Repeats ? ", any number of times" : "");
    }

    /// <summary>What is written twice.</summary>
    public static string Describe(RepeatRule repeat) => repeat switch
    {
        RepeatRule.FirstWins => "the first one counts",
        RepeatRule.Adds => "each adds to the others",
        _ => "the last one counts",
    };

    /// <summary>Whether it has an effect.</summary>
    public static string Support(Keyword keyword) => keyword.Support switch
    {
        KeywordSupport.Served => "served",
        KeywordSupport.Refused => "refused" + (keyword.Consequence.Length > 0 ? ": " + keyword.Consequence : ""),
        _ => "no effect yet" + (keyword.Consequence.Length > 0 ? ": " + keyword.Consequence : ""),
    };

    /// <summary>What holds when it is not written; "" for nothing.</summary>
    public static string Default(Keyword keyword)
    {
        string inherited = keyword.From.Length > 0 ? $"that of {keyword.From} in global_defs" : "";
        return inherited.Length == 0 ? keyword.Default : keyword.Default.Length == 0 ? inherited : $"{inherited}, else {keyword.Default}";
    }

    /// <summary>"" if the label says them.</summary>
    private static string Bounds(Argument argument) => argument.Label.Contains("..", StringComparison.Ordinal) ? ""
        : argument.Kind == ArgumentKind.Whole ? $", {argument.Min} to {argument.Max}"
        : $", {ConfigNumbers.Decimal(argument.Min)} to {ConfigNumbers.Decimal(argument.Max)}";

    private static string Unit(string unit) => unit switch
    {
        "s" => " of seconds",
        "ms" => " of milliseconds",
        "us" => " of microseconds",
        "" => "",
        _ => " of " + unit,
    };

    private static void Entry(StringBuilder text, Keyword keyword)
    {
        bool isLine = keyword.Name == "*";
        string name = isLine ? "an entry" : keyword.Name;
        text.Append(keyword.Arguments.Length == 0 ? name : $"{name} {keyword.ArgumentText}")
            .Append(keyword.Form == KeywordForm.Statement ? "\n" : " { ... }\n");
        Wrapped(text, "  ", 2, keyword.Help);
        Label(text, "where", Place(keyword.Where));
        foreach (Argument argument in keyword.Arguments)
        {
            Label(text, "argument", $"{Shown(argument)}: {Describe(argument)}");
        }

        Label(text, "default", Default(keyword));
        Label(text, "another name", keyword.SameAs.Length > 0 ? $"of {keyword.SameAs}, which is the one to write" : "");
        Label(text, "old names", OldNames(keyword));
        Label(text, "deprecated", keyword.IsDeprecated ? "keepalived asks to write something else" : "");
        Label(text, "since", keyword.Since.Length > 0 ? $"keepalived {keyword.Since}" : "");
        Label(text, "repeated", isLine ? "" : Describe(keyword.Repeat));
        Label(text, "secret", keyword.IsSecret ? "never shown in messages, dumps and show-config" : "");
        Label(text, "support", Support(keyword));
    }

    private static void Contents(StringBuilder text, KeywordBlock block)
    {
        bool isLines = Array.Exists(ConfigKeywords.All, keyword => keyword.Where == block && keyword.Name == "*");
        string where = isLines ? $"A line of {string.Join(", ", Owners(block))}" : block.Number == 0 ? "The top level" : $"In {block.Name}";
        text.Append(where).Append(" may have:\n\n");
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            if (keyword.Where == block)
            {
                string name = keyword.Name == "*" ? keyword.ArgumentText : $"{keyword.Name} {keyword.ArgumentText}".TrimEnd(' ');
                string mark = keyword.Support is KeywordSupport.NotYet ? " (no effect yet)" : keyword.Support is KeywordSupport.Refused ? " (refused)" : "";
                Row(text, name, keyword.SameAs.Length > 0 ? $"another name of {keyword.SameAs}" : keyword.Help + mark);
            }
        }
    }

    private static string Place(KeywordBlock where)
    {
        string[] owners = Owners(where);
        return where.Number == 0 ? "at the top level" : owners.Length == 0 ? $"in {where.Name}" : $"in {string.Join(", ", owners)}";
    }

    private static string Shown(Argument argument) => argument.Kind == ArgumentKind.Choice ? string.Join(", ", argument.Choices) : argument.Label;

    private static string OldNames(Keyword keyword)
    {
        List<string> names = [];
        foreach (Keyword other in ConfigKeywords.All)
        {
            if (other.Where == keyword.Where && other.SameAs == keyword.Name)
            {
                names.Add(other.Name);
            }
        }

        return string.Join(", ", names);
    }

    private static void Label(StringBuilder text, string label, string value)
    {
        if (value.Length > 0)
        {
            Wrapped(text, ("  " + label).PadRight(LabelColumn + 2), LabelColumn + 2, value);
        }
    }

    private static void Row(StringBuilder text, string name, string help)
    {
        string left = "  " + name;
        if (left.Length > NameColumn - 2)
        {
            text.Append(left).Append('\n');
            left = "";
        }

        Wrapped(text, left.PadRight(NameColumn), NameColumn, help);
    }

    /// <summary>Words on lines of at most <see cref="Width"/> characters.</summary>
    private static void Wrapped(StringBuilder text, string head, int indent, string words)
    {
        int column = head.Length;
        text.Append(head);
        bool isFirst = true;
        foreach (string word in words.Split(' '))
        {
            if (!isFirst && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', indent);
                column = indent;
                isFirst = true;
            }

            text.Append(isFirst ? "" : " ").Append(word);
            column += word.Length + (isFirst ? 0 : 1);
            isFirst = false;
        }

        text.Append('\n');
    }

    private static string Trap(LintRule rule)
    {
        StringBuilder text = new();
        text.Append(rule.Code).Append(": ").Append(rule.What).Append('\n');
        Label(text, "why", rule.Why);
        Label(text, "fix", rule.Fix);
        Label(text, "severity", CheckText.Name(rule.Severity));
        return text.ToString();
    }
}
