using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>
/// Takes every row of the keyword table through what its own arguments say: what is accepted, both ends of every range, what lies just
/// outside, and what is something else. A statement is judged by the complaints about its own line, so nothing around it need be complete.
/// </summary>
public class EveryRowTests
{
    /// <summary>Arguments that a row accepts where its kinds alone do not tell.</summary>
    private static readonly Dictionary<string, string> Good = new()
    {
        ["global_defs umask"] = "IRWXG|IRWXO",
        ["global_defs include_check"] = "+read",
        ["global_defs vrrp_rx_bufs_policy"] = "MTU",
        ["global_defs lvs_timeouts"] = "tcp 5",
        ["global_defs vrrp_mcast_group4"] = "224.0.0.18",
        ["global_defs vrrp_mcast_group6"] = "ff02::12",
        ["global_defs lvs_sync_daemon"] = "e0 inst A id 3",
    };

    /// <summary>Values inside a range that are put right with a complaint, as keepalived does.</summary>
    private static readonly HashSet<string> PutRight =
    [
        "global_defs smtp_connect_timeout 0",
        "global_defs vrrp_garp_master_repeat 0",
        "global_defs vrrp_garp_master_refresh_repeat 0",
        "vrrp_script interval 0",
        "vrrp_script timeout 0",
    ];

    public static TheoryData<string> Rows()
    {
        TheoryData<string> rows = [];
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            rows.Add($"{keyword.Where.Name} {keyword.Name}");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_accepts_what_it_says_up_to_both_ends(string row)
    {
        Keyword keyword = Find(row);
        foreach (string arguments in AcceptedForms(row, keyword))
        {
            Diagnostic? complaint = ComplaintAbout(keyword, arguments);
            bool isDeprecated = complaint?.Fault == ConfigFault.Deprecated && keyword.IsDeprecated;
            bool isPutRight = complaint is not null && PutRight.Contains($"{row} {arguments}");
            Assert.True(complaint is null || isDeprecated || isPutRight, $"'{keyword.Name} {arguments}': {complaint?.Text}");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_complains_of_what_lies_outside(string row)
    {
        Keyword keyword = Find(row);
        foreach (string arguments in RejectedForms(row, keyword))
        {
            Diagnostic? complaint = ComplaintAbout(keyword, arguments);
            Assert.True(complaint is not null && complaint.Fault != ConfigFault.Deprecated, $"'{keyword.Name} {arguments}' is swallowed");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_says_so_when_words_are_left_over(string row)
    {
        Keyword keyword = Find(row);
        if (keyword.Most > 10 || keyword.Form == KeywordForm.Values || IsWordOfLine(keyword))
        {
            return;
        }

        StringBuilder words = new(Join(row, keyword, _ => null, withOptional: true));
        for (int i = 0; i < 3; i++)
        {
            words.Append(" left-over");
        }

        Assert.NotEmpty(AllAbout(keyword, words.ToString()));
    }

    private static Keyword Find(string row)
    {
        string[] names = row.Split(' ');
        return ConfigKeywords.Find(ConfigKeywords.Block(names[0])!, names[1])!;
    }

    /// <summary>Nothing optional, everything, and each number at its ends; each choice.</summary>
    private static IEnumerable<string> AcceptedForms(string row, Keyword keyword)
    {
        yield return Join(row, keyword, _ => null, withOptional: false);
        if (Good.ContainsKey(row))
        {
            yield break;
        }

        yield return Join(row, keyword, _ => null, withOptional: true);
        for (int i = 0; i < keyword.Arguments.Length; i++)
        {
            int at = i;
            Argument argument = keyword.Arguments[i];
            string[] values = argument.Kind switch
            {
                ArgumentKind.Whole or ArgumentKind.Seconds => [Number(argument, argument.Min), Number(argument, argument.Max)],
                ArgumentKind.Choice => argument.Choices,
                ArgumentKind.Bool => ["on", "off", "true", "false", "yes", "no"],
                ArgumentKind.Interface => ["x", "abcdefghijklmno"],
                _ => [],
            };
            foreach (string value in values)
            {
                yield return Join(row, keyword, index => index == at ? value : null, withOptional: true);
            }
        }
    }

    /// <summary>Too few words, each number just outside its ends and no number at all; none of the choices.</summary>
    private static IEnumerable<string> RejectedForms(string row, Keyword keyword)
    {
        if (keyword.Expected > 0 && (keyword.IsSoft || keyword.Mandatory == keyword.Expected) && !IsEntry(keyword))
        {
            yield return "";
        }

        for (int i = 0; i < keyword.Arguments.Length && !Good.ContainsKey(row); i++)
        {
            int at = i;
            Argument argument = keyword.Arguments[i];
            List<string> values = argument.Kind switch
            {
                ArgumentKind.Whole => [Number(argument, argument.Min - 1), Number(argument, argument.Max + 1), "x", "1x", "99999999999999999999"],
                ArgumentKind.Seconds => [argument.Min == 0 ? "-1" : Number(argument, argument.Min - 1), Number(argument, argument.Max + 1), "x", "1.5x"],
                ArgumentKind.Choice or ArgumentKind.Bool => ["none-of-these"],
                ArgumentKind.Interface => ["abcdefghijklmnop"],
                ArgumentKind.Address or ArgumentKind.Address4 or ArgumentKind.Address6 or ArgumentKind.Prefix => ["1.2.3", "1.2.3.4.5", "x"],
                _ => [],
            };
            foreach (string value in values)
            {
                // A word that is left out makes room for the next one: what is none of these must be in the last place to be wrong.
                bool isSkipped = argument.IsOptional && argument.Kind == ArgumentKind.Choice && i + 1 < keyword.Arguments.Length;
                if (!isSkipped)
                {
                    yield return Join(row, keyword, index => index == at ? value : null, withOptional: true);
                }
            }
        }
    }

    private static string Join(string row, Keyword keyword, Func<int, string?> replace, bool withOptional)
    {
        if (Good.TryGetValue(row, out string? good))
        {
            return good;
        }

        StringBuilder text = new();
        for (int i = 0; i < keyword.Arguments.Length; i++)
        {
            Argument argument = keyword.Arguments[i];
            string? value = replace(i);
            if (!argument.IsOptional || withOptional || value is not null)
            {
                text.Append(text.Length > 0 ? " " : "").Append(value ?? Sample(argument));
            }
        }

        return text.ToString();
    }

    private static string Sample(Argument argument) => argument.Kind switch
    {
        ArgumentKind.Whole => Number(argument, Math.Clamp(argument.Min + 1, argument.Min, argument.Max)),
        ArgumentKind.Seconds => Number(argument, Math.Clamp(1_000_000, argument.Min, argument.Max)),
        ArgumentKind.Choice => argument.Choices[0],
        ArgumentKind.Interface => "e0",
        ArgumentKind.Address or ArgumentKind.Address4 => "192.0.2.1",
        ArgumentKind.Address6 => "2001:db8::1",
        ArgumentKind.Prefix => "192.0.2.1/24",
        ArgumentKind.Path or ArgumentKind.Command => "/bin/true",
        ArgumentKind.User => "root",
        ArgumentKind.Bool => "on",
        ArgumentKind.Mac => "00:00:5e:00:01:05",
        _ => "name",
    };

    private static string Number(Argument argument, long value)
    {
        if (argument.Kind == ArgumentKind.Whole)
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        string decimals = (value / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);
        return decimals;
    }

    private static bool IsEntry(Keyword keyword) => keyword.Name == "*";

    /// <summary>It stands behind another word on a line of data.</summary>
    private static bool IsWordOfLine(Keyword keyword) => Opener(keyword.Where) is { Form: KeywordForm.Values };

    private static Keyword? Opener(KeywordBlock block)
    {
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            if (keyword.Opens == block)
            {
                return keyword;
            }
        }

        return null;
    }

    private static Diagnostic? ComplaintAbout(Keyword keyword, string arguments)
    {
        foreach (Diagnostic found in AllAbout(keyword, arguments))
        {
            if (found.Fault != ConfigFault.None && found.Fault != ConfigFault.Security && !found.IsBare)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Everything said about the line with the statement, in the smallest file where it may stand.</summary>
    private static List<Diagnostic> AllAbout(Keyword keyword, string arguments)
    {
        string statement = $"{keyword.Name} {arguments}".TrimEnd();
        if (Opener(keyword.Where) is { Form: KeywordForm.Values } lines)
        {
            string entry = Join($"{keyword.Where.Name} *", ConfigKeywords.Find(keyword.Where, "*")!, _ => null, withOptional: false);
            statement = IsEntry(keyword) ? arguments : $"{entry} {statement}";
        }

        string text = keyword.Form == KeywordForm.Statement ? statement : $"{statement} {{\n}}";
        int line = 1;
        for (Keyword? at = Opener(keyword.Where); at is not null; at = Opener(at.Where))
        {
            text = $"{at.Name} {Join($"{at.Where.Name} {at.Name}", at, _ => null, withOptional: false)} {{\n{text}\n}}";
            line++;
        }

        List<Diagnostic> found = [];
        foreach (Diagnostic diagnostic in ConfigSource.Parse(text + "\n").Diagnostics)
        {
            if (diagnostic.Where.Line == line)
            {
                found.Add(diagnostic);
            }
        }

        return found;
    }
}
