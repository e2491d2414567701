using System;

namespace Vrrpd.Native;

/// <summary>What stands behind an option, as C reads it.</summary>
internal static class OptionValue
{
    /// <summary>syslog's numbers of facilities.</summary>
    public const int DaemonFacility = 3, UserFacility = 1, Local0Facility = 16;

    /// <summary>0..7, local0..local7, user or daemon.</summary>
    public static bool TryFacility(string name, out int facility)
    {
        string number = name.StartsWith("local", StringComparison.Ordinal) ? name[5..] : name;
        facility = name switch
        {
            "user" => UserFacility,
            "daemon" => DaemonFacility,
            _ => number is [>= '0' and <= '7'] ? Local0Facility + number[0] - '0' : -1,
        };
        return facility >= 0;
    }

    /// <summary>0x is hexadecimal, 0 octal, else decimal.</summary>
    public static bool TryUmask(string text, out uint mask)
    {
        mask = 0;
        int numberBase = text.StartsWith("0x", StringComparison.Ordinal) ? 16 : text.StartsWith('0') ? 8 : 10;
        string digits = numberBase == 16 ? text[2..] : text;
        bool good = digits.Length is > 0 and < 10;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
            good &= digit < numberBase;
            mask = mask * (uint)numberBase + (uint)digit;
        }

        // rwxrwxrwx is all that a umask can take away.
        return good && mask <= 0b111_111_111;
    }

    /// <summary>keepalived's names for its signals.</summary>
    public static int? Signal(string name) => name switch
    {
        "STOP" => Libc.SIGTERM,
        "RELOAD" => Libc.SIGHUP,
        "DATA" => Libc.SIGUSR1,
        "STATS" => Libc.SIGUSR2,
        "STATS_CLEAR" => Libc.SignalStatsClear,
        "JSON" => Libc.SignalJson,
        _ => null,
    };
}
