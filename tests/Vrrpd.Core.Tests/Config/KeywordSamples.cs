using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Configurations made from the keyword table: each keyword where it may stand, with arguments that fit or do not.</summary>
internal static class KeywordSamples
{
    private static readonly Dictionary<KeywordBlock, Keyword[]> s_ways = FindWays();

    /// <summary>The blocks around a row, outermost first; null if no block opens the one it stands in.</summary>
    public static Keyword[]? Way(Keyword row) => s_ways.TryGetValue(row.Where, out Keyword[]? way) ? way : null;

    /// <summary>
    /// The statement in its blocks, and the line it stands on. <paramref name="arguments"/> stands behind the keyword as it is, in Latin-1:
    /// a character a byte.
    /// </summary>
    public static (byte[] Text, int Line) Statement(Keyword row, string arguments)
    {
        StringBuilder text = new();
        int line = 1;
        foreach (Keyword opener in Way(row)!)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Line(opener, Arguments(opener))} {{\n");
            line++;
        }

        text.Append(Line(row, arguments)).Append(row.Form == KeywordForm.Statement ? "\n" : " {\n}\n");
        foreach (Keyword _ in Way(row)!)
        {
            text.Append("}\n");
        }

        return (Encoding.Latin1.GetBytes(text.ToString()), line);
    }

    /// <summary>A whole configuration with every keyword of one block, a line each.</summary>
    public static string Whole(KeywordBlock block)
    {
        StringBuilder text = new($"# every word of {block.Title}, as the keyword table has them\n");
        Keyword[] way = s_ways[block];
        foreach (Keyword opener in way)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Line(opener, Arguments(opener))} {{\n");
        }

        foreach (Keyword row in ConfigKeywords.All)
        {
            if (row.Where == block)
            {
                text.Append(Line(row, Arguments(row))).Append(row.Form == KeywordForm.Statement ? "\n" : " {\n}\n");
            }
        }

        foreach (Keyword _ in way)
        {
            text.Append("}\n");
        }

        return text.ToString();
    }

    /// <summary>Arguments that fit the row, as many as it takes at least, or one if that is none.</summary>
    public static string Arguments(Keyword row)
    {
        StringBuilder text = new();
        foreach (Argument argument in row.Arguments)
        {
            if (!argument.IsOptional || text.Length == 0)
            {
                text.Append(text.Length == 0 ? "" : " ").Append(Fitting(argument));
            }
        }

        return text.ToString();
    }

    /// <summary>A word that is what the argument wants.</summary>
    public static string Fitting(Argument argument) => argument.Kind switch
    {
        ArgumentKind.Choice => argument.Choices[0],
        ArgumentKind.Interface => "eth0",
        ArgumentKind.Address or ArgumentKind.Address4 => "10.0.0.7",
        ArgumentKind.Address6 => "fd00::7",
        ArgumentKind.Prefix => "10.0.0.0/24",
        ArgumentKind.Path => "/run/x",
        ArgumentKind.Command => "\"/usr/bin/true a b\"",
        ArgumentKind.User => "root",
        ArgumentKind.Bool => "on",
        ArgumentKind.Mac => "02:00:00:00:00:01",
        ArgumentKind.Whole => Math.Clamp(5, argument.Min, argument.Max).ToString(CultureInfo.InvariantCulture),
        ArgumentKind.Seconds => Seconds(Math.Clamp(5_000_000, argument.Min, argument.Max)),
        ArgumentKind.Rest => "10.0.0.9 80",
        _ => "x",
    };

    /// <summary>Microseconds as the decimal number of seconds that a file has.</summary>
    public static string Seconds(long microseconds)
    {
        string text = (microseconds / 1e6m).ToString("0.######", CultureInfo.InvariantCulture);
        return text;
    }

    /// <summary>What stands in front of a word that is part of a line: the entry of the list, and the words that lead to it.</summary>
    private static string Entry(KeywordBlock block) => block.Name switch
    {
        "address" => "10.0.0.9/24 ",
        "peer" => "10.0.0.2 ",
        "track" or "track_file" or "group" => "x ",
        "track_interface" or "linkbeat_interfaces" or "interface_up_down_delays" or "interfaces" => "eth1 ",
        "route" => "10.9.0.0/16 ",
        "nexthop" => "10.9.0.0/16 nexthop ",
        "encap_ip" => "10.9.0.0/16 encap ip ",
        "encap_ip6" => "fd09::/64 encap ip6 ",
        "rule" => "from 10.9.0.0/16 ",
        _ => "",
    };

    private static string Line(Keyword row, string arguments) =>
        (row.Name == "*" ? arguments : $"{Entry(row.Where)}{row.Name} {arguments}").TrimEnd(' ');

    private static Dictionary<KeywordBlock, Keyword[]> FindWays()
    {
        Dictionary<KeywordBlock, Keyword[]> ways = new() { [ConfigKeywords.Root] = [] };
        for (bool isMore = true; isMore;)
        {
            isMore = false;
            foreach (Keyword row in ConfigKeywords.All)
            {
                if (row.Opens is { } inner && ways.TryGetValue(row.Where, out Keyword[]? way) && ways.TryAdd(inner, [.. way, row]))
                {
                    isMore = true;
                }
            }
        }

        // Words that follow a word of a route: no brace opens their blocks.
        foreach (string inner in new[] { "nexthop", "encap_ip", "encap_ip6" })
        {
            if (ConfigKeywords.Block(inner) is { } block)
            {
                ways.Add(block, ways[ConfigKeywords.Block("route")!]);
            }
        }

        return ways;
    }
}
