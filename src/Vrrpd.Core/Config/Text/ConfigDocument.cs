using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>A line as the document stores it: a slice of a file's bytes.</summary>
internal struct LineEntry
{
    /// <summary>Index of the first byte in the buffer of <see cref="File"/>.</summary>
    public int Start;

    /// <summary>From 1, in its file.</summary>
    public int Number;

    /// <summary>
    /// Positive: index of the <see cref="Expansion"/> that made this line. Negative: so many characters of the physical line stand before
    /// this one, because an overlong line is cut.
    /// </summary>
    public int Origin;
    public ushort Length;
    public ushort File;
}

/// <summary>How a line came about that stands in no file: made from line <see cref="Parent"/>, as a run of map spans tells.</summary>
internal readonly record struct Expansion(int Parent, int FirstSpan, int SpanCount);

/// <summary>
/// From byte <see cref="At"/> on, an expanded line shows what stands in its parent at <see cref="Source"/>: the same bytes if
/// <see cref="Length"/> is 0, else something in place of that many bytes, for the reason <see cref="Step"/>.
/// </summary>
internal readonly record struct MapSpan(int At, int Source, int Length, int Step);

/// <summary>A variable that was put in.</summary>
/// <param name="Value">Of a sequence: its value then.</param>
/// <param name="Place">Where the value stands.</param>
/// <param name="Outer">The step by which the reference came; 0 for none.</param>
internal readonly record struct ExpansionStep(ConfigVariable Variable, byte[]? Value, Word Place, int Outer)
{
    public TraceStep Tell() =>
        new($"from ${ConfigText.Decode(Variable.Name)}{(Value is null ? "" : $" = {ConfigText.Decode(Value)}")}, defined", Place.Where);
}

/// <summary>
/// A node as the document stores it, in 16 bytes: there are as many as lines. A block has a second entry behind its own, which tells its end;
/// its children follow.
/// </summary>
internal struct NodeEntry
{
    private const int RejectedBit = 0x8000, ParentBit = 0x4000;

    public int Line;
    public int FirstWord;

    /// <summary>Index of the next child of the same parent; 0 for none.</summary>
    public int Next;

    /// <summary>Row of the keyword table, from 1; 0 for none.</summary>
    public ushort Row;
    private ushort _bits;

    /// <summary>A line has no more than 512.</summary>
    public int WordCount
    {
        readonly get => _bits & (ParentBit - 1);
        set => _bits = (ushort)(_bits & ~(ParentBit - 1) | value);
    }

    public readonly bool IsRejected => (_bits & RejectedBit) != 0;

    public readonly bool IsParent => (_bits & ParentBit) != 0;

    public void Reject() => _bits |= RejectedBit;

    public void BeParent() => _bits |= ParentBit;
}

/// <summary>
/// Everything that was read, in four tables: files, lines, words, nodes. Tables of structs that point at the files' own bytes, because
/// a configuration of a thousand instances has some fifty thousand of them and an object for each would cost more than reading them.
/// </summary>
internal sealed class ConfigDocument
{
    /// <summary>A million lines and four million words take some 150 MB; no configuration has them, but a file of something else has.</summary>
    public const int MostLines = 1 << 20, MostWords = 1 << 22;

    /// <summary>The file index of the document's own bytes.</summary>
    private const int Own = 0;

    /// <summary>Table sizes are guessed from the length of the text; a large file of something else must not reserve much.</summary>
    private const int LargestGuess = 1 << 20;

    private readonly List<byte[]> _buffers = [];
    private readonly List<string> _names = [];

    /// <summary>The pattern of the include that asked for a file; null for the main file.</summary>
    private readonly List<Word?> _includedBy = [];
    private readonly List<Expansion> _expansions = [default];
    private readonly List<MapSpan> _spans = [];
    private readonly List<ExpansionStep> _steps = [default];
    private HashSet<int>? _secrets;
    private readonly Keyword?[] _rows = new Keyword?[ConfigKeywords.Count + 1];
    private readonly List<(int Start, int Length)> _texts = [];
    private LineEntry[] _lines;
    private WordEntry[] _words;
    private NodeEntry[] _nodes;
    private byte[] _own = [];
    private int _ownUsed;
    private int _lineCount;
    private int _nodeCount;

    /// <param name="length">Bytes of the main file, from which the tables' sizes are guessed.</param>
    public ConfigDocument(int length)
    {
        length = Math.Min(length, LargestGuess) + 64;
        _lines = new LineEntry[length / 16];
        _words = new WordEntry[length / 10];
        _nodes = new NodeEntry[length / 16];
        _buffers.Add(_own);
        _names.Add("");
        _includedBy.Add(null);
        _nodeCount = 1;
    }

    public int WordCount { get; private set; }

    public ConfigNode Root => new(this, 0);

    /// <summary>Whether the tables are as large as they may become.</summary>
    public bool IsFull => _lineCount >= MostLines || WordCount >= MostWords || _ownUsed >= ConfigLexer.TotalBytes;

    public int AddFile(string name, ReadOnlyMemory<byte> bytes, Word? includedBy)
    {
        bool isWhole = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array) && array.Offset == 0 && array.Array is not null;
        _buffers.Add(isWhole ? array.Array! : bytes.ToArray());
        _names.Add(name);
        _includedBy.Add(includedBy);
        return _buffers.Count - 1;
    }

    public byte[] Buffer(int file) => _buffers[file];

    public string FileName(int file) => _names[file];

    public int AddLine(int file, int number, int start, int length, int origin = 0)
    {
        if (_lineCount == _lines.Length)
        {
            Array.Resize(ref _lines, _lines.Length * 2);
        }

        ref LineEntry line = ref _lines[_lineCount];
        line.File = (ushort)file;
        line.Number = number;
        line.Start = start;
        line.Length = (ushort)length;
        line.Origin = origin;
        return _lineCount++;
    }

    public ref readonly LineEntry LineAt(int line) => ref _lines[line];

    public void AddWord(WordEntry word)
    {
        if (WordCount == _words.Length)
        {
            Array.Resize(ref _words, _words.Length * 2);
        }

        _words[WordCount++] = word;
    }

    /// <summary>A stretch of a line as a word that belongs to no statement.</summary>
    public Word Stretch(int line, int start, int end) =>
        new(this, line, new((ushort)start, (ushort)end));

    public WordList WordsOf(int node)
    {
        ref readonly NodeEntry entry = ref _nodes[node];
        return new(this, entry.Line, entry.FirstWord, entry.WordCount);
    }

    public Word WordAt(int line, int index) => new(this, line, _words[index]);

    /// <summary>The text of a word that stands like this in no file; the number for its entry.</summary>
    public int KeepText(ReadOnlySpan<byte> text)
    {
        _texts.Add((Keep(text), text.Length));
        return _texts.Count;
    }

    /// <summary>Puts bytes that stand like this in no file into the document's own buffer; the index of the first.</summary>
    public int Keep(ReadOnlySpan<byte> bytes)
    {
        if (_own.Length - _ownUsed < bytes.Length)
        {
            Array.Resize(ref _own, Math.Max(_own.Length * 2, _ownUsed + bytes.Length + 256));
            _buffers[Own] = _own;
        }

        bytes.CopyTo(_own.AsSpan(_ownUsed));
        _ownUsed += bytes.Length;
        return _ownUsed - bytes.Length;
    }

    public ReadOnlySpan<byte> BytesOf(int line, WordEntry word)
    {
        if (word.Form > 0)
        {
            (int start, int length) = _texts[word.Form - 1];
            return _own.AsSpan(start, length);
        }

        ref readonly LineEntry at = ref _lines[line];
        if (word.Form == WordEntry.Plain)
        {
            return _buffers[at.File].AsSpan(at.Start + word.Start, word.End - word.Start);
        }

        (int before, int behind) = word.Quotes;
        return _buffers[at.File].AsSpan(at.Start + word.Start + before, word.End - word.Start - before - behind);
    }

    public int AddNode(Keyword? keyword, int line, int firstWord)
    {
        if (_nodeCount + 2 > _nodes.Length)
        {
            Array.Resize(ref _nodes, _nodes.Length * 2);
        }

        int index = _nodeCount;
        ref NodeEntry node = ref _nodes[index];
        node.Line = line;
        node.FirstWord = firstWord;
        node.WordCount = WordCount - firstWord;
        _nodeCount++;
        if (keyword is not null)
        {
            node.Row = (ushort)(keyword.Row + 1);
            _rows[node.Row] = keyword;
            _nodeCount += keyword.Form == KeywordForm.Statement ? 0 : 1;
        }

        return index;
    }

    public ref NodeEntry NodeAt(int node) => ref _nodes[node];

    public Keyword? KeywordOf(int node) => _rows[_nodes[node].Row];

    /// <summary>0 for none. Children stand right behind their parent.</summary>
    public int FirstChild(int node) => !_nodes[node].IsParent ? 0 : node == 0 ? 1 : node + 2;

    /// <summary>Tells where the brace of a block is that ends it.</summary>
    public void CloseAt(int node, int line, int at)
    {
        ref NodeEntry end = ref _nodes[node + 1];
        end.Line = line;
        end.FirstWord = at + 1;
    }

    /// <summary>The brace that ends a block; null for none.</summary>
    public Word? EndOf(int node)
    {
        if (KeywordOf(node) is not { } keyword || keyword.Form == KeywordForm.Statement || _nodes[node + 1].FirstWord == 0)
        {
            return null;
        }

        NodeEntry end = _nodes[node + 1];
        return Stretch(end.Line, end.FirstWord - 1, end.FirstWord);
    }

    /// <summary>A line made from <paramref name="parent"/>; the spans say what of it comes from where.</summary>
    public int AddExpanded(int parent, ReadOnlySpan<byte> text, ReadOnlySpan<MapSpan> spans)
    {
        _expansions.Add(new(parent, _spans.Count, spans.Length));
        foreach (MapSpan span in spans)
        {
            _spans.Add(span);
        }

        return AddLine(Own, 0, Keep(text), text.Length, _expansions.Count - 1);
    }

    public int AddStep(ExpansionStep step)
    {
        _steps.Add(step);
        return _steps.Count - 1;
    }

    public bool IsExpanded(int line) => _lines[line].Origin > 0;

    /// <summary>The line of a file that stands behind an expanded line.</summary>
    public int PhysicalLine(int line)
    {
        while (_lines[line].Origin > 0)
        {
            line = _expansions[_lines[line].Origin].Parent;
        }

        return line;
    }

    public string FileOf(int line) => _names[_lines[PhysicalLine(line)].File];

    public int NumberOf(int line) => _lines[PhysicalLine(line)].Number;

    public Word? IncludedBy(int line) => _includedBy[_lines[PhysicalLine(line)].File];

    /// <summary>The line as it stands in its file.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> LineBytes(int line)
    {
        ref readonly LineEntry at = ref _lines[line];
        return _buffers[at.File].AsSpan(at.Start, at.Length);
    }

    /// <summary>What stands in this line is a password, by itself or by its use.</summary>
    public void MarkSecret(int line) => (_secrets ??= []).Add(PhysicalLine(line));

    public bool IsSecret(int line) => _secrets is not null && _secrets.Contains(line);

    /// <summary>Where a stretch of a line, expanded or not, stands in a file.</summary>
    public SourceSpan Span(int line, int start, int end)
    {
        while (_lines[line].Origin > 0)
        {
            line = ToParent(line, ref start, ref end, out _);
        }

        ref readonly LineEntry at = ref _lines[line];
        ReadOnlySpan<byte> bytes = LineBytes(line);
        (int before, int length) = Ascii.IsValid(bytes[..end]) ? (start, end - start)
            : (ConfigText.CountCharacters(bytes[..start]), ConfigText.CountCharacters(bytes[start..end]));
        return new(_names[at.File], at.Number, 1 - at.Origin + before, Math.Max(1, length));
    }

    /// <summary>The variables through which a stretch of an expanded line came to stand there, innermost first, and the files that
    /// were included for it.</summary>
    public TraceStep[] Trace(int line, int start, int end)
    {
        List<TraceStep> trace = [];
        while (_lines[line].Origin > 0)
        {
            line = ToParent(line, ref start, ref end, out int step);
            for (; step != 0; step = _steps[step].Outer)
            {
                trace.Add(_steps[step].Tell());
            }
        }

        for (Word? by = IncludedBy(line); by is { } pattern; by = IncludedBy(pattern.Line.Index))
        {
            trace.Add(new(TraceStep.Included, pattern.Where));
        }

        return trace.ToArray();
    }

    private int ToParent(int line, ref int start, ref int end, out int step)
    {
        Expansion expansion = _expansions[_lines[line].Origin];
        MapSpan first = SpanOf(expansion, start), last = SpanOf(expansion, Math.Max(start, end - 1));
        step = first.Step;
        end = last.Length == 0 ? last.Source + end - last.At : last.Source + last.Length;
        start = first.Length == 0 ? first.Source + start - first.At : first.Source;
        end = Math.Max(start, end);
        return expansion.Parent;
    }

    private MapSpan SpanOf(Expansion expansion, int at)
    {
        int index = expansion.FirstSpan + expansion.SpanCount - 1;
        while (index > expansion.FirstSpan && _spans[index].At > at)
        {
            index--;
        }

        return _spans[index];
    }
}
