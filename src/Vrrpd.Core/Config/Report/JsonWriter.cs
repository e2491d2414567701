using System;
using System.Globalization;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>
/// JSON (RFC 8259) written piece by piece into one buffer, two blanks for each level. What the text says is always valid Unicode: a byte
/// of the configuration that is not UTF-8 (a lone surrogate here, see <see cref="ConfigText"/>) becomes U+FFFD, because readers differ
/// about unpaired surrogates and some give up.
/// </summary>
public sealed class JsonWriter
{
    private const int Indent = 2;

    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _isFirst = true;
    private bool _hasName;

    /// <summary>All that was written, with a line end when nothing is open any more.</summary>
    public override string ToString() => _depth == 0 ? _text + "\n" : _text.ToString();

    public JsonWriter BeginObject() => Begin('{');

    public JsonWriter EndObject() => End('}');

    public JsonWriter BeginArray() => Begin('[');

    public JsonWriter EndArray() => End(']');

    /// <summary>The name of the member whose value is written next.</summary>
    public JsonWriter Name(string name)
    {
        Separate();
        Quote(name);
        _text.Append(": ");
        _hasName = true;
        return this;
    }

    public JsonWriter Value(ReadOnlySpan<char> value)
    {
        Separate();
        Quote(value);
        return this;
    }

    public JsonWriter Value(long value)
    {
        Separate();
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
        return this;
    }

    public JsonWriter Value(bool value)
    {
        Separate();
        _text.Append(value ? "true" : "false");
        return this;
    }

    public JsonWriter Member(string name, ReadOnlySpan<char> value) => Name(name).Value(value);

    public JsonWriter Member(string name, long value) => Name(name).Value(value);

    public JsonWriter Member(string name, bool value) => Name(name).Value(value);

    private JsonWriter Begin(char bracket)
    {
        Separate();
        _text.Append(bracket);
        _depth++;
        _isFirst = true;
        return this;
    }

    private JsonWriter End(char bracket)
    {
        _depth--;
        if (!_isFirst)
        {
            NewLine();
        }

        _text.Append(bracket);
        _isFirst = false;
        return this;
    }

    private void Separate()
    {
        if (_hasName)
        {
            _hasName = false;
            return;
        }

        if (!_isFirst)
        {
            _text.Append(',');
        }

        if (_depth > 0)
        {
            NewLine();
        }

        _isFirst = false;
    }

    private void NewLine() => _text.Append('\n').Append(' ', _depth * Indent);

    private void Quote(ReadOnlySpan<char> value)
    {
        _text.Append('"');
        while (!value.IsEmpty)
        {
            int plain = 0;
            while (plain < value.Length && IsPlain(value[plain]))
            {
                plain++;
            }

            _text.Append(value[..plain]);
            value = value[plain..];
            if (!value.IsEmpty)
            {
                value = value[Escape(value)..];
            }
        }

        _text.Append('"');
    }

    private static bool IsPlain(char c) => c is >= ' ' and < '\x7f' and not ('"' or '\\') || (c >= '\xa0' && !char.IsSurrogate(c)
        && c is not ('\u2028' or '\u2029'));

    /// <summary>Writes the first character, which is not plain, and says how many chars it had.</summary>
    private int Escape(ReadOnlySpan<char> value)
    {
        char c = value[0];
        if (char.IsSurrogate(c))
        {
            bool isPair = value.Length > 1 && char.IsSurrogatePair(c, value[1]);
            _text.Append(isPair ? value[..2] : "\uFFFD");
            return isPair ? 2 : 1;
        }

        // What has no letter of its own: control characters, DEL and C1 among them because a terminal obeys them, and the two line ends
        // that JavaScript knows and JSON does not.
        char letter = c switch
        {
            '"' or '\\' => c,
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\b' => 'b',
            '\f' => 'f',
            _ => 'u',
        };
        _text.Append('\\').Append(letter);
        if (letter == 'u')
        {
            _text.Append(CultureInfo.InvariantCulture, $"{(int)c:x4}");
        }

        return 1;
    }
}
