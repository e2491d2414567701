using System;
using System.Buffers.Binary;
using System.Globalization;

namespace Vrrpd.Core;

/// <summary>
/// An IPv4 or IPv6 address as a value (System.Net.IPAddress is a class and allocates). IPv4 sits in the low 32 bits of
/// <see cref="Low"/>; IPv6 fills both halves in network order, so that comparing numbers compares as VRRP's tie-break
/// does (RFC 9568 section 6.4.3: unsigned, network byte order).
/// </summary>
public readonly record struct Ip : IComparable<Ip>, IUtf8SpanFormattable, ISpanFormattable
{
    private Ip(ulong high, ulong low, bool isV6) => (High, Low, IsV6) = (high, low, isV6);

    /// <summary>Bits 127..64 of an IPv6 address; 0 for IPv4.</summary>
    public ulong High { get; }

    /// <summary>Bits 63..0 of an IPv6 address; the whole of an IPv4 address in its low 32 bits.</summary>
    public ulong Low { get; }

    public bool IsV6 { get; }

    /// <summary>0.0.0.0, which also stands for "no address".</summary>
    public bool IsUnspecified => High == 0 && Low == 0;

    /// <summary>224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => IsV6 ? High >> 56 == 0xff : V4 >> 28 == 0xe;

    /// <summary>fe80::/10 (RFC 4291 section 2.5.6).</summary>
    public bool IsLinkLocal => IsV6 && High >> 54 == 0xfe80 >> 6;

    /// <summary>The address as a 32-bit number in host order. Only for IPv4.</summary>
    public uint V4 => (uint)Low;

    public static Ip FromV4(uint hostOrder) => new(0, hostOrder, false);

    /// <summary>Both halves in host order.</summary>
    public static Ip FromV6(ulong high, ulong low) => new(high, low, true);

    public static Ip FromV4(byte a, byte b, byte c, byte d) => FromV4((uint)(a << 24 | b << 16 | c << 8 | d));

    /// <summary>Reads 4 or 16 bytes in network order.</summary>
    public static Ip Read(ReadOnlySpan<byte> bytes) => bytes.Length >= 16
        ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), true)
        : FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Writes the 4 or 16 bytes in network order and says how many.</summary>
    public int Write(Span<byte> target)
    {
        if (!IsV6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, V4);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Low);
        return 16;
    }

    public int CompareTo(Ip other) => IsV6 != other.IsV6 ? IsV6.CompareTo(other.IsV6)
        : High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Dotted quad as keepalived takes it: exactly four decimal parts of 0..255, without leading zeros.</summary>
    public static bool TryParseV4(ReadOnlySpan<char> text, out Ip ip)
    {
        ip = default;
        uint value = 0;
        int parts = 0, digits = 0, part = 0;
        foreach (char c in text)
        {
            if (c is >= '0' and <= '9')
            {
                bool hasLeadingZero = digits > 0 && part == 0;
                part = part * 10 + (c - '0');
                if (++digits > 3 || part > 255 || hasLeadingZero)
                {
                    return false;
                }
            }
            else if (c == '.' && digits > 0 && parts < 3)
            {
                value = value << 8 | (uint)part;
                parts++;
                digits = part = 0;
            }
            else
            {
                return false;
            }
        }

        if (parts != 3 || digits == 0)
        {
            return false;
        }

        ip = FromV4(value << 8 | (uint)part);
        return true;
    }

    /// <summary>RFC 4291 section 2.2 text, all three forms. Zone indexes are not part of an address.</summary>
    public static bool TryParseV6(ReadOnlySpan<char> text, out Ip ip)
    {
        ip = default;
        Span<ushort> groups = stackalloc ushort[8];
        int count = 0, gap = -1, at = 0;
        if (text.StartsWith("::"))
        {
            gap = 0;
            at = 2;
        }
        else if (text.Length == 0 || text[0] == ':')
        {
            return false;
        }

        while (at < text.Length)
        {
            int end = at;
            while (end < text.Length && text[end] != ':')
            {
                end++;
            }

            ReadOnlySpan<char> part = text[at..end];
            if (end == text.Length && part.Contains('.'))
            {
                if (count > 6 || !TryParseV4(part, out Ip tail))
                {
                    return false;
                }

                groups[count++] = (ushort)(tail.V4 >> 16);
                groups[count++] = (ushort)tail.V4;
                at = end;
                break;
            }

            if (part.Length is 0 or > 4 || count == 8
                || !ushort.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out groups[count]))
            {
                return false;
            }

            count++;
            at = end;
            if (at == text.Length)
            {
                break;
            }

            if (at + 1 < text.Length && text[at + 1] == ':')
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = count;
                at += 2;
            }
            else if (++at == text.Length)
            {
                return false;
            }
        }

        if (gap < 0 ? count != 8 : count > 7)
        {
            return false;
        }

        ulong high = 0, low = 0;
        for (int i = 0; i < 8; i++)
        {
            int from = gap < 0 || i < gap ? i : i - (8 - count);
            ulong group = gap >= 0 && i >= gap && from < gap ? 0UL : groups[from];
            if (i < 4)
            {
                high = high << 16 | group;
            }
            else
            {
                low = low << 16 | group;
            }
        }

        ip = new(high, low, true);
        return true;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out Ip ip) => TryParseV4(text, out ip) || TryParseV6(text, out ip);

    public bool TryFormat(Span<byte> utf8, out int written, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<char> chars = stackalloc char[46];
        int length = Format(chars);
        written = 0;
        if (length > utf8.Length)
        {
            return false;
        }

        for (int i = 0; i < length; i++)
        {
            utf8[i] = (byte)chars[i];
        }

        written = length;
        return true;
    }

    public bool TryFormat(Span<char> target, out int written, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<char> chars = stackalloc char[46];
        int length = Format(chars);
        written = 0;
        if (!chars[..length].TryCopyTo(target))
        {
            return false;
        }

        written = length;
        return true;
    }

    public override string ToString()
    {
        Span<char> chars = stackalloc char[46];
        return chars[..Format(chars)].ToString();
    }

    public string ToString(string? format, IFormatProvider? provider) => ToString();

    private int Format(Span<char> chars)
    {
        int at = 0;
        if (!IsV6)
        {
            for (int shift = 24; shift >= 0; shift -= 8)
            {
                (V4 >> shift & 0xff).TryFormat(chars[at..], out int n, default, CultureInfo.InvariantCulture);
                at += n;
                if (shift > 0)
                {
                    chars[at++] = '.';
                }
            }

            return at;
        }

        // RFC 5952 section 4: lower case, no leading zeros, the longest run of two or more zero groups becomes "::", the first of equals.
        Span<ushort> groups = stackalloc ushort[8];
        for (int i = 0; i < 8; i++)
        {
            groups[i] = (ushort)((i < 4 ? High : Low) >> (48 - 16 * (i % 4)));
        }

        int best = -1, bestLength = 1;
        for (int i = 0; i < 8; i++)
        {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0)
            {
                run++;
            }

            if (run > bestLength)
            {
                (best, bestLength) = (i, run);
            }

            i += run;
        }

        for (int i = 0; i < 8; i++)
        {
            if (i == best)
            {
                chars[at++] = ':';
                chars[at++] = ':';
                i += bestLength - 1;
                continue;
            }

            if (i > 0 && i != best + bestLength)
            {
                chars[at++] = ':';
            }

            groups[i].TryFormat(chars[at..], out int n, "x", CultureInfo.InvariantCulture);
            at += n;
        }

        return at;
    }
}
