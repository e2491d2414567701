using System;
using System.Collections.Generic;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>
/// The head of a line that stands for several: ~SEQ(NAME,...) counts, ~LST(NAMES,...) lists. Values are made one by one, so that a
/// sequence of millions costs nothing until somebody asks for them.
/// </summary>
internal sealed class ConfigSequence
{
    private readonly List<List<byte[]>> _elements = [];
    private long _start;
    private long _step;
    private bool _isHex;

    private ConfigSequence()
    {
    }

    /// <summary>Of the variables, one unless it is a parallel list.</summary>
    public List<byte[]> Names { get; private set; } = [];

    /// <summary>Repetitions.</summary>
    public ulong Count { get; private set; }

    /// <summary>keepalived's line about what is wrong; "" for a good one.</summary>
    public string Lead { get; private set; } = "";

    public string Complaint { get; private set; } = "";

    /// <summary>What is wrong, in our words.</summary>
    public string Why { get; private set; } = "";

    public bool IsGood => Why.Length == 0;

    public static bool IsOne(ReadOnlySpan<byte> text) => text.StartsWith("~SEQ"u8) || text.StartsWith("~LST"u8);

    /// <summary>Behind the ')' that ends the head; -1 if there is none.</summary>
    public static int HeadEnd(ReadOnlySpan<byte> text)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { (byte)'{' => 1, (byte)'}' => -1, _ => 0 };
            if (text[i] == ')' && depth <= 0)
            {
                return i + 1;
            }
        }

        return -1;
    }

    /// <param name="head">From the '~' to the ')', variables replaced.</param>
    /// <param name="shown">The line, for complaints.</param>
    public static ConfigSequence Parse(ReadOnlySpan<byte> head, string shown)
    {
        ConfigSequence sequence = new();
        bool isList = head.StartsWith("~LST"u8);
        string form = isList ? "~LST" : "~SEQ";
        sequence.Complaint = $"Invalid {form} specification '{shown}'";
        int at = 4;
        if (!isList && at < head.Length && head[at] == 'x')
        {
            sequence._isHex = true;
            at++;
        }

        while (at < head.Length && PlainWords.IsBlank(head[at]))
        {
            at++;
        }

        if (at == head.Length || head[at] != '(' || head[^1] != ')')
        {
            sequence.Fail("", isList ? "write ~LST(NAME,VALUE,...) TEXT" : "write ~SEQ(NAME,START,STEP,END) TEXT, and ~SEQx for hexadecimal");
            return sequence;
        }

        List<byte[]> parts = Parts(head[(at + 1)..^1]);
        sequence.Names = Group(parts[0]);
        foreach (byte[] name in sequence.Names)
        {
            if (ConfigVariables.NameEnd(name, 0) is int end && (end == 0 || end < name.Length))
            {
                sequence.Fail("", $"'{ConfigText.Decode(name)}' is not the name of a variable: letters, digits and '_', no digit first");
                return sequence;
            }
        }

        if (isList)
        {
            sequence.ReadList(parts, shown);
        }
        else
        {
            sequence.ReadNumbers(parts, shown);
        }

        return sequence;
    }

    /// <summary>The value of a variable in a repetition, both from 0.</summary>
    public byte[] Value(ulong repetition, int name)
    {
        if (_elements.Count > 0)
        {
            List<byte[]> group = _elements[(int)repetition];
            return name < group.Count ? group[name] : [];
        }

        long value = unchecked(_start + (long)repetition * _step);
        return ConfigText.Encode(value.ToString(_isHex ? "x" : "", CultureInfo.InvariantCulture));
    }

    private void ReadNumbers(List<byte[]> parts, string shown)
    {
        string invalid = $"Invalid ~SEQ definition '{shown}'";
        Span<long> numbers = stackalloc long[3];
        int count = parts.Count - 1;
        if (count is < 1 or > 3 || Names.Count != 1)
        {
            Fail(invalid, "write ~SEQ(NAME,END), ~SEQ(NAME,START,END) or ~SEQ(NAME,START,STEP,END)");
            return;
        }

        for (int i = 0; i < count; i++)
        {
            if (!TryNumber(parts[i + 1], out numbers[i]))
            {
                Fail(invalid, $"'{ConfigText.Decode(parts[i + 1])}' is not a number: 12, -12, 0x1f (hexadecimal) or 017 (octal)");
                return;
            }
        }

        long end = numbers[count - 1];
        _start = count > 1 ? numbers[0] : end < 0 ? -1 : 1;
        _step = count > 2 ? numbers[1] : _start <= end ? 1 : -1;
        if (_step == 0 || (_step > 0 ? end < _start : end > _start))
        {
            Fail($"Invalid ~SEQ values '{shown}'", _step == 0 ? "a step of 0 never reaches the end" : "the step leads away from the end");
        }
        else if (_isHex && (_start < 0 || end < 0))
        {
            Fail($"~SEQx is only valid for positive numbers '{shown}'", "hexadecimal numbers have no sign here: use ~SEQ");
        }
        else
        {
            ulong distance = unchecked(_step > 0 ? (ulong)end - (ulong)_start : (ulong)_start - (ulong)end);
            ulong step = _step > 0 ? (ulong)_step : unchecked(0UL - (ulong)_step);
            ulong steps = distance / step;
            Count = steps == ulong.MaxValue ? steps : steps + 1;
        }
    }

    private void ReadList(List<byte[]> parts, string shown)
    {
        for (int i = 1; i < parts.Count; i++)
        {
            List<byte[]> group = Group(parts[i]);
            if (group.Count > Names.Count)
            {
                Fail($"~LST specification has too many values '{shown}'",
                    $"'{ConfigText.Decode(parts[i])}' has {group.Count} values for {Names.Count} variables");
                return;
            }

            foreach (byte[] value in group)
            {
                if (value.AsSpan().ContainsAny((byte)' ', (byte)'\t') || (value.Length > 0 && value[0] == '{'))
                {
                    Fail("", $"'{ConfigText.Decode(value)}' is not one value: they are separated by ',' and hold no blanks and no braces");
                    return;
                }
            }

            _elements.Add(group);
        }

        Count = (ulong)_elements.Count;
        if (Count == 0)
        {
            Fail("", "no value is listed");
        }
    }

    /// <summary>It is well written, but cannot be.</summary>
    public void Refuse(string why) => Fail("", why);

    private void Fail(string lead, string why) => (Lead, Why) = (lead, why);

    /// <summary>Pieces between the commas that are not in braces, without blanks around them.</summary>
    private static List<byte[]> Parts(ReadOnlySpan<byte> text)
    {
        List<byte[]> parts = [];
        int depth = 0, start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                parts.Add(text[start..i].Trim(" \t"u8).ToArray());
                start = i + 1;
            }
            else
            {
                depth += text[i] switch { (byte)'{' => 1, (byte)'}' => -1, _ => 0 };
            }
        }

        return parts;
    }

    /// <summary>{a,b} is two, anything else one.</summary>
    private static List<byte[]> Group(byte[] part) =>
        part is [(byte)'{', .., (byte)'}'] ? Parts(part.AsSpan(1, part.Length - 2)) : [part];

    /// <summary>As C reads it: 0x is hexadecimal, 0 octal; what is too large becomes the largest.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        bool isNegative = text.StartsWith("-"u8);
        text = isNegative || text.StartsWith("+"u8) ? text[1..] : text;
        int radix = 10;
        if (text.StartsWith("0x"u8) || text.StartsWith("0X"u8))
        {
            radix = 16;
            text = text[2..];
        }
        else if (text.Length > 1 && text[0] == '0')
        {
            radix = 8;
        }

        foreach (byte c in text)
        {
            int digit = char.IsAsciiHexDigit((char)c) ? c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10 : radix;
            if (digit >= radix)
            {
                return false;
            }

            number = number > (long.MaxValue - digit) / radix ? long.MaxValue : number * radix + digit;
        }

        number = isNegative ? -number : number;
        return !text.IsEmpty;
    }
}
