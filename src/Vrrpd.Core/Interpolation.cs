using System.Globalization;

namespace System.Runtime.CompilerServices;

/// <summary>
/// What $"..." turns into here: the compiler takes the type of this name that is nearest. The framework's is inlined into every use, some
/// seventy bytes of code for each piece of text, and with a thousand messages that is more than the messages; this one is a call.
/// </summary>
[InterpolatedStringHandler]
internal ref struct DefaultInterpolatedStringHandler(int literalLength, int formattedCount)
{
    /// <summary>Guessed for each value, in characters.</summary>
    private const int UsualLength = 12;

    private char[] _text = new char[literalLength + formattedCount * UsualLength];
    private int _length;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void AppendLiteral(string text) => Append(text);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void AppendFormatted(string? text) => Append(text);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void AppendFormatted(ReadOnlySpan<char> text) => Append(text);

    /// <summary>Numbers, characters, addresses: whatever the language of the host, a configuration and a log have one form of them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => Append(value.ToString(format, CultureInfo.InvariantCulture));

    public readonly string ToStringAndClear() => new(_text, 0, _length);

    private void Append(ReadOnlySpan<char> text)
    {
        if (_text.Length - _length < text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + text.Length));
        }

        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
    }
}
