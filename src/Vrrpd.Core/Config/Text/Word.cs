using System;
using System.Runtime.CompilerServices;

namespace Vrrpd.Core.Config;

/// <summary>A word as <see cref="ConfigDocument"/> stores it, on a line that its node knows.</summary>
/// <param name="Start">Where it begins on its line with its quotes, in bytes.</param>
/// <param name="End">And where it ends.</param>
/// <param name="Form">Negative: one of the forms below. Positive: where quotes join or a backslash goes away, the number of a text that the
/// document keeps, from 1.</param>
internal readonly record struct WordEntry(ushort Start, ushort End, int Form = WordEntry.Plain)
{
    public const int Plain = 0, Quoted = -1, OpenQuoted = -2;

    /// <summary>Bytes that stand before and behind the text.</summary>
    public (int Before, int Behind) Quotes => Form switch { Quoted => (1, 1), OpenQuoted => (1, 0), _ => (0, 0) };
}

/// <summary>A word of a statement: what it says after unquoting, and where. The default value is no word at all.</summary>
internal readonly struct Word
{
    private readonly ConfigDocument _document;
    private readonly int _line;
    private readonly WordEntry _entry;

    public Word(ConfigDocument document, int line, WordEntry entry)
    {
        _document = document;
        _line = line;
        _entry = entry;
    }

    /// <summary>Part of a word as a word of its own.</summary>
    public Word(string text, SourceLine line, int start, int end)
    {
        _document = line.Document;
        _line = line.Index;
        _entry = new((ushort)start, (ushort)end, _document.KeepText(ConfigText.Encode(text)));
    }

    public bool IsNone => _document is null;

    public ReadOnlySpan<byte> Bytes => _document.BytesOf(_line, _entry);

    /// <summary>A new string each time.</summary>
    public string Text
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get => ConfigText.Decode(Bytes);
    }

    /// <summary>Where on its line it begins, in bytes.</summary>
    public int Start => _entry.Start;

    public int End => _entry.End;

    public SourceLine Line => new(_document, _line);

    public SourceSpan Where => _document.Span(_line, _entry.Start, _entry.End);

    /// <summary>Whether it came out of a variable or a file that was included: <see cref="Trace"/> has something to say.</summary>
    public bool HasTrace => _document.IsExpanded(_line) || _document.IncludedBy(_line) is not null;

    /// <summary>Its first character on <see cref="SourceLine.Expanded"/>, from 1.</summary>
    public int ExpandedColumn => 1 + ConfigText.CountCharacters(_document.LineBytes(_line)[.._entry.Start]);

    public int ExpandedLength => Math.Max(1, ConfigText.CountCharacters(_document.LineBytes(_line)[_entry.Start.._entry.End]));

    public TraceStep[] Trace => _document.Trace(_line, _entry.Start, _entry.End);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Is(ReadOnlySpan<byte> text) => Bytes.SequenceEqual(text);

    public override string ToString() => Text;
}

/// <summary>The words of a statement, the keyword first.</summary>
internal readonly struct WordList(ConfigDocument document, int line, int first, int count)
{
    public int Length => count;

    public Word this[int index]
    {
        // Binders ask for words some three hundred times: each is a call instead of all this.
        [MethodImpl(MethodImplOptions.NoInlining)]
        get => (uint)index < (uint)count ? document.WordAt(line, first + index) : throw new ArgumentOutOfRangeException(nameof(index));
    }

    public Enumerator GetEnumerator() => new(this);

    public struct Enumerator(WordList words)
    {
        private int _at = -1;

        public readonly Word Current => words[_at];

        public bool MoveNext() => ++_at < words.Length;
    }
}

/// <summary>A line: of a file, or one that an expansion made.</summary>
internal readonly struct SourceLine(ConfigDocument document, int index)
{
    public ConfigDocument Document => document;

    public int Index => index;

    /// <summary>The file in which it stands, or the text from which it was made.</summary>
    public string File => document.FileOf(index);

    public int Number => document.NumberOf(index);

    public bool IsExpanded => document.IsExpanded(index);

    /// <summary>The line as it stands in the file, as a complaint may show it: without a password.</summary>
    public string Shown => SecretMask.Of(document, document.PhysicalLine(index));

    /// <summary>The line after expansion.</summary>
    public string Expanded => SecretMask.Of(document, index);

    /// <summary>The file's line up to what stands before the given byte of this one: of what follows nothing is told.</summary>
    public string ShownUpTo(int end)
    {
        SourceSpan last = document.Span(index, Math.Max(0, end - 1), end);
        int physical = document.PhysicalLine(index);
        string text = ConfigText.Decode(document.LineBytes(physical));
        int before = Math.Min(0, document.LineAt(physical).Origin);
        return text[..Math.Min(text.Length, last.Column + last.Length - 1 + before)] + SecretMask.Stars;
    }

    /// <summary>The line after expansion up to its given byte.</summary>
    public string ExpandedUpTo(int end) => ConfigText.Decode(document.LineBytes(index)[..end]) + SecretMask.Stars;
}
