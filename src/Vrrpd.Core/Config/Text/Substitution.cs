using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Vrrpd.Core.Config;

/// <summary>What replacing the references of a line came to.</summary>
internal enum Substituted : byte
{
    /// <summary>There was nothing to replace, or it could not be done: the line stays as it is.</summary>
    Not,
    Replaced,

    /// <summary>The line ends with a variable of several lines.</summary>
    Block,
}

/// <summary>
/// Replaces references to variables: ${NAME} anywhere, $NAME before a blank, ',', ')' or the end. The first reference of the line is
/// replaced by the text of its value, then the line is looked at again, so a value may complete a reference or hide one.
/// What came from where is kept, for complaints.
/// </summary>
internal sealed class Substitution(ConfigDocument document, ConfigVariables variables, PredefinedVariables predefined, Findings findings)
{
    /// <summary>A reference takes three bytes of a line, so a line that needs more than this does not end.</summary>
    public const int PerLine = 1000;

    /// <summary>Each costs little, but a file of lines that each use up theirs would take minutes.</summary>
    public const int InAll = 1_000_000;

    private readonly byte[] _text = new byte[ConfigLexer.LineBytes];
    private readonly List<MapSpan> _map = [];
    private readonly List<MapSpan> _after = [];
    private int _length;
    private int _base;
    private int _count;

    private readonly record struct Reference(int Start, int End, ConfigVariable? Variable, byte[]? Predefined);

    public bool IsExhausted => _count > InAll;

    /// <summary>The text that the last <see cref="Run"/> made; of a block, what is to be glued to its first line.</summary>
    public ReadOnlySpan<byte> Result => _text.AsSpan(0, _length);

    public ReadOnlySpan<MapSpan> ResultMap => CollectionsMarshal.AsSpan(_map);


    /// <summary>Makes a line of the last result.</summary>
    public int AddLine() => document.AddExpanded(_base, _text.AsSpan(0, _length), CollectionsMarshal.AsSpan(_map));

    /// <param name="loopsOnly">Only variables of sequences count.</param>
    /// <param name="block">Of <see cref="Substituted.Block"/>: the variable.</param>
    /// <param name="place">And the span that its lines come from.</param>
    public Substituted Run(LexPiece piece, string directory, bool loopsOnly, out ConfigVariable? block, out MapSpan place)
    {
        (block, place) = (null, default);
        ReadOnlySpan<byte> source = document.LineBytes(piece.Line)[piece.Start..piece.End];
        source.CopyTo(_text);
        _length = source.Length;
        _base = piece.Line;
        _map.Clear();
        _map.Add(new(0, piece.Start, 0, 0));
        int replaced = 0, from = 0;
        while (!IsExhausted && Find(from, directory, loopsOnly) is { } found)
        {
            replaced++;
            _count++;
            MapSpan origin = Origin(found.Start, found.End);
            if (replaced > PerLine || IsExhausted)
            {
                SayEndless(origin, found);
                return Substituted.Not;
            }

            if (found.Variable is { IsBlock: true, Lines.Count: > 0 })
            {
                block = found.Variable;
                place = origin;
                CutMap(found.Start);
                _length = found.Start;
                return Substituted.Block;
            }

            if (!Put(found, origin))
            {
                return Substituted.Not;
            }

            from = Before(found.Start);
        }

        return replaced > 0 ? Substituted.Replaced : Substituted.Not;
    }

    private Reference? Find(int from, string directory, bool loopsOnly)
    {
        ReadOnlySpan<byte> text = Result;
        while (true)
        {
            int next = text[from..].IndexOf((byte)'$');
            if (next < 0)
            {
                return null;
            }

            int at = from + next;
            from = at + 1;
            if (Parse(text, at, out int nameEnd, out int end) is int nameStart && nameEnd > nameStart)
            {
                ReadOnlySpan<byte> name = text[nameStart..nameEnd];
                bool isPlain = end - nameEnd <= 1;
                ConfigVariable? variable = isPlain ? variables.Find(name) : null;
                if (variable is not null && (!loopsOnly || variable.IsLoop) && (!variable.IsBlock || end == text.Length))
                {
                    return new(at, end, variable, null);
                }

                if (variable is null && !loopsOnly && name[0] == '_')
                {
                    ReadOnlySpan<byte> arguments = isPlain ? [] : Trim(text[nameEnd..(end - 1)]);
                    MapSpan origin = Origin(at, end);
                    byte[]? value = predefined.Value(name, arguments, directory, document.Stretch(_base, origin.Source, origin.Source + origin.Length));
                    if (value is not null)
                    {
                        return new(at, end, null, value);
                    }
                }
            }
        }
    }

    /// <summary>Where the name begins if there is a reference at the '$' at <paramref name="at"/>, or null.</summary>
    private static int? Parse(ReadOnlySpan<byte> text, int at, out int nameEnd, out int end)
    {
        bool isBraced = at + 1 < text.Length && text[at + 1] == '{';
        int start = at + (isBraced ? 2 : 1);
        nameEnd = end = ConfigVariables.NameEnd(text, start);
        if (!isBraced)
        {
            return end == text.Length || text[end] is (byte)' ' or (byte)'\t' or (byte)',' or (byte)')' ? start : null;
        }

        if (end < text.Length && text[end] is (byte)' ' or (byte)'\t')
        {
            int close = text[end..].IndexOfAny((byte)'}', (byte)'$');
            end = close < 0 ? text.Length : end + close;
        }

        return end < text.Length && text[end++] == '}' ? start : null;
    }

    /// <summary>Where to look next: a '$' before the place may have become a reference, as in ${A${B}}.</summary>
    private int Before(int start)
    {
        int at = start - 1;
        while (at >= 0 && (ConfigVariables.IsNamePart(_text[at]) || _text[at] is (byte)'{' or (byte)' ' or (byte)'\t'))
        {
            at--;
        }

        return at >= 0 && _text[at] == '$' ? at : start;
    }

    private bool Put(Reference found, MapSpan origin)
    {
        ReadOnlySpan<byte> value = found.Predefined;
        int step = origin.Step;
        if (found.Variable is { } variable)
        {
            if (variable.IsLoop)
            {
                value = variable.Current;
                step = document.AddStep(new(variable, variable.Current, variable.Where, step));
            }
            else if (variable.Lines.Count > 0)
            {
                ValueLine line = variable.Lines[0];
                value = document.LineBytes(line.Line)[line.Start..line.End];
                step = document.AddStep(new(variable, null, document.Stretch(line.Line, line.Start, line.End), step));
                if (SecretMask.IsBeforeSecret(_text.AsSpan(0, found.Start)))
                {
                    document.MarkSecret(line.Line);
                }
            }
        }

        if (value.Contains((byte)'\\') && IsQuoted(found.Start))
        {
            value = WithoutEscapes(value);
        }

        int length = _length - (found.End - found.Start) + value.Length;
        if (length > ConfigLexer.LineBytes)
        {
            findings.Error(At(origin), ConfigFault.General,
                $"Line is longer than {ConfigLexer.LineBytes} bytes with '{Text(found)}' replaced",
                "the variable is left as it is: break the line");
            return false;
        }

        _text.AsSpan(found.End, _length - found.End).CopyTo(_text.AsSpan(found.Start + value.Length));
        value.CopyTo(_text.AsSpan(found.Start));
        Splice(found.Start, found.End, value.Length, origin with { Step = step });
        _length = length;
        return true;
    }

    private bool IsQuoted(int at)
    {
        bool isQuoted = false;
        for (int i = 0; i < at; i++)
        {
            if (_text[i] == '\\')
            {
                i++;
            }
            else if (_text[i] == '"')
            {
                isQuoted = !isQuoted;
            }
        }

        return isQuoted;
    }

    /// <summary>In quotes a backslash would stay: there it is not needed to hide a comment sign.</summary>
    private static byte[] WithoutEscapes(ReadOnlySpan<byte> value)
    {
        byte[] plain = new byte[value.Length];
        int used = 0;
        for (int i = 0; i < value.Length; i++)
        {
            i += value[i] == '\\' && i + 1 < value.Length && value[i + 1] is (byte)'#' or (byte)'!' ? 1 : 0;
            plain[used++] = value[i];
        }

        return plain[..used];
    }

    /// <summary>What the text between two places came from.</summary>
    private MapSpan Origin(int start, int end)
    {
        MapSpan first = _map[IndexOf(start)], last = _map[IndexOf(end - 1)];
        int from = first.Length == 0 ? first.Source + start - first.At : first.Source;
        int to = last.Length == 0 ? last.Source + end - last.At : last.Source + last.Length;
        return new(start, from, Math.Max(1, to - from), first.Step);
    }

    private int IndexOf(int at)
    {
        int index = _map.Count - 1;
        while (index > 0 && _map[index].At > at)
        {
            index--;
        }

        return index;
    }

    private void Splice(int start, int end, int length, MapSpan put)
    {
        _after.Clear();
        int delta = length - (end - start);
        if (end < _length)
        {
            MapSpan rest = _map[IndexOf(end)];
            _after.Add(rest.Length == 0 ? rest with { At = end + delta, Source = rest.Source + end - rest.At } : rest with { At = end + delta });
            foreach (MapSpan span in _map)
            {
                if (span.At > end)
                {
                    _after.Add(span with { At = span.At + delta });
                }
            }
        }

        CutMap(start);
        if (length > 0 || (_map.Count == 0 && _after.Count == 0))
        {
            _map.Add(put with { At = start });
        }

        _map.AddRange(_after);
    }

    private void CutMap(int start)
    {
        while (_map.Count > 0 && _map[^1].At >= start)
        {
            _map.RemoveAt(_map.Count - 1);
        }
    }

    private void SayEndless(MapSpan origin, Reference found) => findings.Error(At(origin), ConfigFault.Fatal,
        $"Variable '{Text(found)}' does not end", IsExhausted
        ? $"more than {InAll} references in all: no more are replaced"
        : $"more than {PerLine} replacements on one line: does a value contain its own name?");

    private Word At(MapSpan origin) => document.Stretch(_base, origin.Source, origin.Source + origin.Length);

    private string Text(Reference found) => ConfigText.Decode(_text.AsSpan(found.Start, found.End - found.Start));

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && PlainWords.IsBlank(text[0]))
        {
            text = text[1..];
        }

        while (!text.IsEmpty && PlainWords.IsBlank(text[^1]))
        {
            text = text[..^1];
        }

        return text;
    }
}
