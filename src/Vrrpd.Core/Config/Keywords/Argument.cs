using System;
using System.Collections.Generic;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>What one word behind a keyword may be.</summary>
public enum ArgumentKind : byte
{
    Text,

    /// <summary>A name that other blocks refer to.</summary>
    Name,

    /// <summary>One of <see cref="Argument.Choices"/>.</summary>
    Choice,

    /// <summary>An interface name: 1 to 15 characters.</summary>
    Interface,

    /// <summary>An IPv4 or IPv6 address.</summary>
    Address,
    Address4,
    Address6,

    /// <summary>ADDR[/LEN].</summary>
    Prefix,
    Path,

    /// <summary>A command with quoting of its own, see <see cref="ScriptCommand"/>.</summary>
    Command,

    /// <summary>user [[:]group], one to three words.</summary>
    User,

    /// <summary>on true yes off false no.</summary>
    Bool,
    Mac,

    /// <summary>Everything to the end of the line.</summary>
    Rest,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>Seconds with decimals; bounds in microseconds.</summary>
    Seconds,
}

/// <summary>One argument of a keyword, made from its column in the table (see <see cref="ConfigKeywords"/>).</summary>
public sealed class Argument
{
    public ArgumentKind Kind { get; private init; }

    /// <summary>How a manual would name it.</summary>
    public string Label { get; private init; } = "";
    public long Min { get; private init; }
    public long Max { get; private init; }

    /// <summary>For docs only: s, ms, us, bytes.</summary>
    public string Unit { get; private init; } = "";
    public string[] Choices { get; private init; } = [];

    /// <summary>Choices in capitals or not.</summary>
    public bool IgnoresCase { get; private init; }
    public bool IsOptional { get; private set; }

    /// <summary>May stand any number of times.</summary>
    public bool Repeats { get; private set; }
    public bool IsNumber => Kind is ArgumentKind.Whole or ArgumentKind.Seconds;

    public bool Accepts(string choice)
    {
        foreach (string one in Choices)
        {
            if (one.Equals(choice, IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A whole number that has no row of its own.</summary>
    internal static Argument Range(long min, long max) => new() { Kind = ArgumentKind.Whole, Min = min, Max = max };

    /// <summary>The column of the table to arguments, in order.</summary>
    internal static Argument[] ParseAll(string column)
    {
        if (column is "-" or "")
        {
            return [];
        }

        List<Argument> all = [];
        int depth = 0;
        foreach (string word in column.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string token = word;
            while (token.StartsWith('['))
            {
                depth++;
                token = token[1..];
            }

            int closed = 0;
            while (token.EndsWith(']'))
            {
                closed++;
                token = token[..^1];
            }

            if (token == "...")
            {
                all[^1].Repeats = true;
            }
            else if (token.Length > 0)
            {
                Argument argument = Parse(token.EndsWith("...", StringComparison.Ordinal) ? token[..^3] : token);
                argument.IsOptional = depth > 0;
                argument.Repeats = token.EndsWith("...", StringComparison.Ordinal);
                all.Add(argument);
            }

            depth -= closed;
        }

        return all.ToArray();
    }

    private static Argument Parse(string token)
    {
        int equals = token.IndexOf('=', StringComparison.Ordinal);
        string label = equals > 0 ? token[..equals] : "";
        string spec = equals > 0 ? token[(equals + 1)..] : token;
        bool ignoresCase = spec.StartsWith('~');
        spec = ignoresCase ? spec[1..] : spec;
        if (spec.StartsWith("int:", StringComparison.Ordinal) || spec.StartsWith("sec:", StringComparison.Ordinal))
        {
            return Number(spec[4..], spec[0] == 's', label);
        }

        ArgumentKind? kind = spec switch
        {
            "TEXT" => ArgumentKind.Text,
            "NAME" => ArgumentKind.Name,
            "IF" => ArgumentKind.Interface,
            "ADDR" => ArgumentKind.Address,
            "ADDR4" => ArgumentKind.Address4,
            "ADDR6" => ArgumentKind.Address6,
            "PREFIX" => ArgumentKind.Prefix,
            "PATH" => ArgumentKind.Path,
            "CMD" => ArgumentKind.Command,
            "USER" => ArgumentKind.User,
            "BOOL" => ArgumentKind.Bool,
            "MAC" => ArgumentKind.Mac,
            "REST" => ArgumentKind.Rest,
            _ => null,
        };
        string shown = kind switch
        {
            ArgumentKind.Prefix => "ADDR[/LEN]",
            ArgumentKind.Command => "COMMAND",
            ArgumentKind.User => "USER [GROUP]",
            ArgumentKind.Bool => "on|off",
            ArgumentKind.Rest => "TEXT",
            _ => spec,
        };
        return new()
        {
            Kind = kind ?? ArgumentKind.Choice,
            Choices = kind is null ? spec.Split('|') : [],
            IgnoresCase = ignoresCase,
            Label = label.Length > 0 ? label : shown,
        };
    }

    /// <summary>MIN..MAX with a unit behind it.</summary>
    private static Argument Number(string range, bool isSeconds, string label)
    {
        int dots = range.IndexOf("..", StringComparison.Ordinal);
        string max = range[(dots + 2)..], unit = "";
        int end = max.Length;
        while (!max.StartsWith("max", StringComparison.Ordinal) && end > 0 && char.IsAsciiLetter(max[end - 1]))
        {
            end--;
        }

        if (max.StartsWith("max", StringComparison.Ordinal))
        {
            end = 3;
        }

        (max, unit) = (max[..end], max[end..]);
        return new()
        {
            Kind = isSeconds ? ArgumentKind.Seconds : ArgumentKind.Whole,
            Min = Bound(range[..dots], isSeconds),
            Max = Bound(max, isSeconds),
            Unit = isSeconds ? "s" : unit,
            Label = label.Length > 0 ? label : string.Concat(range.AsSpan(0, dots), "..", max == "max" ? "4294967295" : max),
        };
    }

    private static long Bound(string text, bool isSeconds)
    {
        if (text == "max")
        {
            return isSeconds ? uint.MaxValue * 1_000_000L : uint.MaxValue;
        }

        return isSeconds ? ConfigNumbers.Seconds(text, 0, long.MaxValue).Value : long.Parse(text, CultureInfo.InvariantCulture);
    }
}
