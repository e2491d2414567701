using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>The lines of a virtual_server_group.</summary>
internal sealed class RangeBinder(BlockBinder common, string group)
{
    private static readonly Argument Mark = Argument.Range(0, uint.MaxValue);

    public List<ServerRange> Bind(ConfigNode block)
    {
        List<ServerRange> ranges = [];
        foreach (ConfigNode line in block.Children)
        {
            ServerRange? range = line.First.Text == "fwmark" ? FirewallMark(line) : Addresses(line);
            if (range is not null)
            {
                ranges.Add(range);
            }
        }

        return ranges;
    }

    private ServerRange? FirewallMark(ConfigNode line)
    {
        if (line.ArgumentCount == 0)
        {
            common.Findings.MissingArgument(line, line.First, "write: fwmark N");
            return null;
        }

        Word number = line.Words[1];
        if (common.Number(number, Mark, $"({group}): fwmark '{number.Text}' must be in [0, 4294967295] - ignoring",
            "a mark is what netfilter's mark target sets") is not { } mark)
        {
            return null;
        }

        string family = line.ArgumentCount > 1 ? line.Words[2].Text : "";
        if (family is not ("" or "inet" or "inet6"))
        {
            common.Findings.Error(line.Words[2], ConfigFault.General, $"({group}): fwmark '{number.Text}' family {family} unknown - ignoring",
                "the family is inet or inet6");
            return null;
        }

        return new() { Mark = (uint)mark, Family = (byte)(family.Length == 0 ? 0 : family == "inet" ? 4 : 6) };
    }

    private ServerRange? Addresses(ConfigNode line)
    {
        Word at = line.First;
        string text = at.Text, shown = $"{text} {(line.ArgumentCount > 0 ? "/port/" + line.Words[1].Text : "")}";
        string complaint = $"Invalid virtual server group IP address {shown} - skipping";
        if (ServerBinder.Port(common, line, 1, complaint) is not { } port)
        {
            return null;
        }

        int mark = text.IndexOf('/', StringComparison.Ordinal);
        mark = mark < 0 ? text.IndexOf('-', StringComparison.Ordinal) : mark;
        string start = mark < 0 ? text : text[..mark], rest = mark < 0 ? "" : text[(mark + 1)..];
        if (mark >= 0 && text[mark] == '/' && text.Contains('-', StringComparison.Ordinal))
        {
            return Complain(at, $"Address mask bits not empty - {text} - skipping", "either first-last or address/length");
        }

        if (!Ip.TryParse(start, out Ip first))
        {
            return Complain(at, complaint, $"'{start}' is not an address");
        }

        Ip? last = mark < 0 ? first : text[mark] == '/' ? EndOfNetwork(at, text, first, rest) : EndOfRange(at, text, first, rest);
        return last is null ? null : new() { First = first, Last = last.Value, Port = port, Family = (byte)(first.IsV6 ? 6 : 4) };
    }

    private Ip? EndOfNetwork(Word at, string text, Ip first, string length)
    {
        int bits = first.IsV6 ? 128 : 32;
        ParsedNumber number = ConfigNumbers.Whole(length, 1, bits, isLax: false);
        if (number.Complaint.Length > 0)
        {
            Complain(at, $"Invalid netmask - {text} - skipping", $"the length is 1 to {bits}");
            return null;
        }

        UInt128 host = (UInt128.One << (bits - (int)number.Value)) - 1;
        if ((Value(first) & host) != 0)
        {
            Complain(at, $"Address mask bits not empty - {text} - skipping", "write the first address of the network");
            return null;
        }

        return Address(Value(first) | host, first.IsV6);
    }

    private Ip? EndOfRange(Word at, string text, Ip first, string end)
    {
        if (end.Contains('.', StringComparison.Ordinal) || end.Contains(':', StringComparison.Ordinal))
        {
            if (!Ip.TryParse(end, out Ip last) || last.IsV6 != first.IsV6)
            {
                Complain(at, $"Invalid range end {text} - skipping", $"'{end}' is not an {(first.IsV6 ? "IPv6" : "IPv4")} address");
                return null;
            }

            if (last.CompareTo(first) < 0)
            {
                Complain(at, $"Address range end is less than address range start - {text} - skipping", "write the lower address first");
                return null;
            }

            return last;
        }

        // Only the last part: decimal 0..255, hexadecimal 0..ffff.
        uint value = 0, most = first.IsV6 ? 0xffffu : 0xffu;
        int used = 0;
        while (used < end.Length && (first.IsV6 ? char.IsAsciiHexDigit(end[used]) : char.IsAsciiDigit(end[used])) && value <= most)
        {
            value = value * (first.IsV6 ? 16u : 10u) + (uint)Convert.ToInt32(end.Substring(used++, 1), 16);
        }

        if (value > most || used < end.Length)
        {
            Complain(at, value > most ? $"Virtual server group range '{text}' end '{end}' too large"
                : $"Virtual server group range '{text}' has extra characters at end '{end[used..]}'",
                first.IsV6 ? "the end is the last part of the address, 0 to ffff" : "the end is the last part of the address, 0 to 255");
            return null;
        }

        if (value <= (uint)(Value(first) & most))
        {
            Complain(at, $"Address range end is not greater than address range start - {text} - skipping", "write the lower address first");
            return null;
        }

        return Address((Value(first) & ~(UInt128)most) | value, first.IsV6);
    }

    private ServerRange? Complain(Word at, string text, string explanation)
    {
        common.Findings.Error(at, ConfigFault.General, text, explanation);
        return null;
    }

    private static UInt128 Value(Ip ip) => ip.IsV6 ? new UInt128(ip.High, ip.Low) : ip.V4;

    private static Ip Address(UInt128 value, bool isV6)
    {
        if (!isV6)
        {
            return Ip.FromV4((uint)value);
        }

        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return Ip.Read(bytes);
    }
}
