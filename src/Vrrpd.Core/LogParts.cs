using System;
using System.Globalization;
using System.Text.Unicode;

namespace Vrrpd.Core;

/// <summary>" (N more like it not shown)", or nothing for none.</summary>
internal readonly record struct SwallowedLines(long Count) : IUtf8SpanFormattable, IFormattable
{
    public bool TryFormat(Span<byte> target, out int written, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        written = 0;
        return Count == 0 || Utf8.TryWrite(target, $" ({Count} more like it were not shown)", out written);
    }

    public string ToString(string? format, IFormatProvider? provider) => Count == 0 ? "" : $" ({Count} more like it were not shown)";
}

/// <summary>Whose packet was refused, and how many like it were not shown: the half of the line that keepalived has not.</summary>
internal readonly record struct DroppedAdvert(Ip Source, string Interface, byte Vrid, long Swallowed) : IUtf8SpanFormattable, IFormattable
{
    public bool TryFormat(Span<byte> target, out int written, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Utf8.TryWrite(target, $" - dropped the advert from {Source} on {Interface}, VRID {Vrid}{new SwallowedLines(Swallowed)}", out written);

    public string ToString(string? format, IFormatProvider? provider) =>
        $" - dropped the advert from {Source} on {Interface}, VRID {Vrid}{new SwallowedLines(Swallowed)}";
}

/// <summary>16 bits as a packet shows them.</summary>
internal readonly record struct HexWord(ushort Value) : IUtf8SpanFormattable, IFormattable
{
    public bool TryFormat(Span<byte> target, out int written, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Utf8.TryWrite(target, $"0x{Value:x4}", out written);

    public string ToString(string? format, IFormatProvider? provider) => "0x" + Value.ToString("x4", CultureInfo.InvariantCulture);
}

/// <summary>An errno with its name and the libc's words for those that occur on the way of packets, addresses and scripts.</summary>
internal readonly record struct ErrnoText(int Number) : IUtf8SpanFormattable, IFormattable
{
    private string Words => Number switch
    {
        1 => "Operation not permitted (EPERM; is CAP_NET_ADMIN or CAP_NET_RAW missing?)",
        2 => "No such file or directory (ENOENT)",
        6 or 19 => "No such device (ENODEV)",
        8 => "Exec format error (ENOEXEC)",
        11 => "Resource temporarily unavailable (EAGAIN)",
        12 => "Cannot allocate memory (ENOMEM)",
        13 => "Permission denied (EACCES)",
        17 => "File exists (EEXIST)",
        22 => "Invalid argument (EINVAL)",
        23 or 24 => "Too many open files (EMFILE)",
        95 => "Operation not supported (EOPNOTSUPP)",
        99 => "Cannot assign requested address (EADDRNOTAVAIL)",
        100 => "Network is down (ENETDOWN)",
        101 => "Network is unreachable (ENETUNREACH)",
        105 => "No buffer space available (ENOBUFS)",
        _ => "",
    };

    public bool TryFormat(Span<byte> target, out int written, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Words.Length > 0 ? Utf8.TryWrite(target, $"{Words}", out written) : Utf8.TryWrite(target, $"errno {Number}", out written);

    public string ToString(string? format, IFormatProvider? provider) => Words.Length > 0 ? Words : $"errno {Number}";
}
