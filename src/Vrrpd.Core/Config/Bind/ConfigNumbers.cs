using System;

namespace Vrrpd.Core.Config;

/// <summary>What became of a number: <see cref="Complaint"/> is keepalived's line, "" if there is nothing to say.</summary>
internal readonly record struct ParsedNumber(bool IsUsable, long Value, string Complaint);

/// <summary>
/// Numbers as keepalived reads them: base 10, an optional sign, no blanks. The lax form keeps the digits before
/// trailing junk, as the running daemon does; both complain.
/// </summary>
internal static class ConfigNumbers
{
    private const long Million = 1_000_000;

    /// <summary>Numbers of seconds stop here; keepalived's stop at 64 bits of microseconds.</summary>
    private const long Longest = 1L << 56;

    /// <summary>Digits and nothing else, in the bounds of the argument: there is nothing to say about it, and no string is made.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text, Argument argument, out long value)
    {
        const int MostDigits = 9;
        value = 0;
        if (text.IsEmpty || text.Length > MostDigits || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        foreach (byte digit in text)
        {
            value = value * 10 + (digit - '0');
        }

        value *= argument.Kind == ArgumentKind.Seconds ? Million : 1;
        return value >= argument.Min && value <= argument.Max;
    }

    public static ParsedNumber Whole(string text, long min, long max, bool isLax)
    {
        bool isNegative = text.StartsWith('-');
        int at = isNegative || text.StartsWith('+') ? 1 : 0;
        int digits = at;
        long value = 0;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            value = Math.Min(value * 10 + (text[at++] - '0'), 1L << 40);
        }

        bool isWhole = at == text.Length && at > digits;
        if (!isWhole && !(isLax && at > digits && !isNegative))
        {
            return new(false, 0, $"invalid number '{text}'");
        }

        string junk = isWhole ? "" : $"invalid number '{text}'";
        if (isNegative && min >= 0)
        {
            return new(false, 0, $"negative number '{text}'");
        }

        if (value > (min >= 0 ? uint.MaxValue : isNegative ? 1L << 31 : int.MaxValue))
        {
            return new(false, 0, $"number '{text}' outside {(min < 0 ? "" : "unsigned ")}integer range");
        }

        value = isNegative ? -value : value;
        return value < min || value > max
            ? new(false, value, $"number '{text}' outside range [{min}, {max}]")
            : new(true, value, junk);
    }

    /// <summary>Seconds with decimals to microseconds; bounds in microseconds. More than six decimals are rounded, with a
    /// complaint.</summary>
    public static ParsedNumber Seconds(string text, long min, long max)
    {
        if (text.StartsWith('-'))
        {
            return new(false, 0, $"negative number '{text}'");
        }

        int at = text.StartsWith('+') ? 1 : 0;
        int digits = 0, decimals = 0;
        ulong value = 0;
        bool hasPoint = false, roundsUp = false, isTooLong = false;
        for (; at < text.Length; at++)
        {
            char c = text[at];
            if (c == '.' && !hasPoint)
            {
                hasPoint = true;
                continue;
            }

            if (!char.IsAsciiDigit(c))
            {
                break;
            }

            digits++;
            decimals += hasPoint ? 1 : 0;
            if (decimals <= 6)
            {
                value = Shifted(value, (uint)(c - '0'), ref isTooLong);
            }
            else if (decimals == 7)
            {
                roundsUp = c >= '5';
            }
        }

        if (digits == 0)
        {
            return new(false, 0, $"invalid number '{text}'");
        }

        for (int i = decimals; i < 6; i++)
        {
            value = Shifted(value, 0, ref isTooLong);
        }

        if (isTooLong)
        {
            return new(false, 0, $"number '{text}' outside unsigned decimal range");
        }

        long time = (long)Math.Min(value + (roundsUp ? 1u : 0), Longest);
        string complaint = at < text.Length ? $"invalid number '{text}'" : decimals > 6 ? $"number '{text}' has too many decimal places"
            : "";
        return time < min || time > max
            ? new(false, time, $"number '{text}' outside range [{Decimal(min)}, {Decimal(max)}]")
            : new(true, time, complaint);
    }

    /// <summary>One more digit; what does not fit 64 bits of microseconds is marked.</summary>
    private static ulong Shifted(ulong value, uint digit, ref bool isTooLong)
    {
        isTooLong |= value > (ulong.MaxValue - 1 - digit) / 10;
        return unchecked(value * 10 + digit);
    }

    /// <summary>Microseconds as keepalived prints seconds: six decimals.</summary>
    public static string Decimal(long microseconds) => microseconds >= Longest ? "18446744073709.551614"
        : $"{microseconds / Million}.{microseconds % Million:000000}";

    public static TimeSpan Time(long microseconds) => TimeSpan.FromMicroseconds(microseconds);
}
