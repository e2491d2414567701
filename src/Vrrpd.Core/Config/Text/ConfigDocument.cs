using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Vrrpd.Core.Config;

/// <summary>A line as the document stores it: a slice of a file's bytes.</summary>
internal struct LineEntry
{
    /// <summary>Index of the first byte in the buffer of <see cref="File"/>.</summary>
    public int Start;

    /// <summary>From 1, in its file.</summary>
    public int Number;

    /// <summary>Characters of the physical line that stand before this one: an overlong line is cut.</summary>
    public int Before;
    public ushort Length;
    public ushort File;
}

/// <summary>A node as the document stores it; indexes, 0 for none (the root is nobody's child).</summary>
internal struct NodeEntry
{
    public Keyword? Keyword;
    public int FirstWord;
    public int WordCount;
    public int FirstChild;
    public int Next;
    public bool IsRejected;

    /// <summary>Line and byte of the closing brace; -1 without one.</summary>
    public int EndLine;
    public int EndAt;
}

/// <summary>
/// Everything that was read, in four tables: files, lines, words, nodes. Tables of structs that point at the files' own bytes, because
/// a configuration of a thousand instances has some fifty thousand of them and an object for each would cost more than reading them.
/// </summary>
internal sealed class ConfigDocument
{
    /// <summary>The file index of the document's own bytes.</summary>
    private const int Own = 0;

    /// <summary>Table sizes are guessed from the length of the text; a large file of something else must not reserve much.</summary>
    private const int LargestGuess = 1 << 20;

    private readonly List<byte[]> _buffers = [];
    private readonly List<string> _names = [];
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
        _nodes = new NodeEntry[length / 20];
        _buffers.Add(_own);
        _names.Add("");
        _nodeCount = 1;
    }

    public int WordCount { get; private set; }

    public ConfigNode Root => new(this, 0);

    public int AddFile(string name, ReadOnlyMemory<byte> bytes)
    {
        bool isWhole = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array) && array.Offset == 0 && array.Array is not null;
        _buffers.Add(isWhole ? array.Array! : bytes.ToArray());
        _names.Add(name);
        return _buffers.Count - 1;
    }

    public byte[] Buffer(int file) => _buffers[file];

    public string FileName(int file) => _names[file];

    public int AddLine(int file, int number, int start, int length, int before)
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
        line.Before = before;
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
        new(this, new(line, _lines[line].Start + start, (ushort)(end - start), (ushort)start, (ushort)end, false));

    public Word WordAt(int index) => new(this, _words[index]);

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

    public ReadOnlySpan<byte> BytesOf(WordEntry word) =>
        (word.IsOwn ? _own : _buffers[_lines[word.Line].File]).AsSpan(word.Text, word.Length);

    public int AddNode(Keyword? keyword, int firstWord, int wordCount)
    {
        if (_nodeCount == _nodes.Length)
        {
            Array.Resize(ref _nodes, _nodes.Length * 2);
        }

        ref NodeEntry node = ref _nodes[_nodeCount];
        node.Keyword = keyword;
        node.FirstWord = firstWord;
        node.WordCount = wordCount;
        node.EndLine = -1;
        return _nodeCount++;
    }

    public ref NodeEntry NodeAt(int node) => ref _nodes[node];

    public string FileOf(int line) => _names[_lines[line].File];

    public int NumberOf(int line) => _lines[line].Number;

    public string PhysicalText(int line) => ConfigText.Decode(LineBytes(line));

    public string PhysicalText(int line, int end) => ConfigText.Decode(LineBytes(line)[..end]);

    public SourceSpan Span(int line, int start, int end)
    {
        ref readonly LineEntry at = ref _lines[line];
        ReadOnlySpan<byte> bytes = LineBytes(line);
        return new(_names[at.File], at.Number, 1 + at.Before + ConfigText.CountCharacters(bytes[..start]),
            Math.Max(1, ConfigText.CountCharacters(bytes[start..end])));
    }

    /// <summary>The line as it stands in its file.</summary>
    public ReadOnlySpan<byte> LineBytes(int line)
    {
        ref readonly LineEntry at = ref _lines[line];
        return _buffers[at.File].AsSpan(at.Start, at.Length);
    }
}
