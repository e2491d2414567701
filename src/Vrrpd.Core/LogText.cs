using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core;

/// <summary>syslog severities that are used (RFC 5424 section 6.2.1).</summary>
public enum LogLevel : byte
{
    Error = 3,
    Warning = 4,
    Notice = 5,
    Info = 6,
}

/// <summary>
/// The words of every <see cref="LogEvent"/>, as UTF-8 into the caller's buffer, without allocation. Pure, so that scenario tests
/// read the same words as the operator.
/// </summary>
public static class LogText
{
    /// <summary>Longest line this ever makes.</summary>
    public const int MaxLength = 512;

    public static LogLevel Level(LogEvent what) => LogLevel.Info;

    /// <summary>Only said with -D (keepalived's LOG_DETAIL).</summary>
    public static bool IsDetail(LogEvent what) => false;

    /// <summary>Writes the line (no newline) and says how long it is.</summary>
    public static int Write(Span<byte> target, in Effect effect, DaemonConfig config) => 0;
}
