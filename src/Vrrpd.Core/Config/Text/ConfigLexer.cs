using System;
using System.Collections.Generic;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>Hands over the bytes of an included file, or null if there is none. The path is already relative to the including
/// file.</summary>
public delegate ReadOnlyMemory<byte>? ConfigReader(string path, SourceSpan from);

/// <summary>
/// Bytes to statements: cuts lines, drops comments, splits at braces and splices included files in. Which words a statement has
/// depends on its keyword (scripts are quoted in a way of their own), so words are cut later, by <see cref="PlainWords"/> or
/// <see cref="ScriptCommand"/>.
/// </summary>
internal sealed class ConfigLexer
{
    /// <summary>Usable bytes of a physical line.</summary>
    public const int LineBytes = 1023;

    /// <summary>A file that includes itself would not end otherwise.</summary>
    public const int IncludeDepth = 16;
    public const int IncludeFiles = 1024;

    private readonly ConfigDocument _document;
    private readonly ConfigTree _tree;
    private readonly HashSet<string> _variables = [];
    private readonly ConfigReader? _reader;
    private readonly Findings _findings;
    private int _filesRead;

    private ConfigLexer(ConfigDocument document, ConfigReader? reader, Findings findings)
    {
        (_document, _reader, _findings) = (document, reader, findings);
        _tree = new(document, findings);
    }

    /// <summary>Text to tree.</summary>
    public static ConfigDocument Read(ReadOnlyMemory<byte> text, string file, ConfigReader? reader, Findings findings)
    {
        ConfigLexer lexer = new(new(text.Length), reader, findings);
        lexer.ReadFile(text, file, 0);
        lexer._tree.End();
        return lexer._document;
    }

    private void ReadFile(ReadOnlyMemory<byte> text, string name, int depth)
    {
        _filesRead++;
        int file = _document.AddFile(name, text);
        byte[] bytes = _document.Buffer(file);
        int start = 0;
        if (bytes.AsSpan().StartsWith("\uFEFF"u8))
        {
            start = 3;
            _findings.Add(new(new(name, 1, 1, 1), Severity.Note, ConfigFault.None, "The file starts with a byte order mark")
            {
                Explanation = "it is skipped here; keepalived takes it for the first word of the file",
            });
        }

        for (int number = 1; start < bytes.Length; number++)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            length = length < 0 ? bytes.Length - start : length;
            int next = start + length + 1;
            while (length > 0 && bytes[start + length - 1] == '\r')
            {
                length--;
            }

            ReadPhysicalLine(file, number, start, length, depth);
            start = next;
        }
    }

    private void ReadPhysicalLine(int file, int number, int start, int length, int depth)
    {
        ReadOnlySpan<byte> bytes = _document.Buffer(file).AsSpan(start, length);
        int before = 0;
        while (bytes.Length > LineBytes)
        {
            int cut = _document.AddLine(file, number, start, LineBytes, before);
            _findings.Error(_document.Stretch(cut, 0, LineBytes), ConfigFault.General,
                $"Configuration line longer than {LineBytes} bytes - dropping its beginning",
                "the rest of the line is read as a line of its own, as keepalived does; break the line or shorten its comment");
            before += ConfigText.CountCharacters(bytes[..LineBytes]);
            start += LineBytes;
            bytes = bytes[LineBytes..];
        }

        int nul = bytes.IndexOf((byte)0);
        int line = _document.AddLine(file, number, start, bytes.Length, before);
        if (nul >= 0)
        {
            _findings.Error(_document.Stretch(line, nul, nul + 1), ConfigFault.General,
                "Configuration line contains a NUL byte - ignoring the line", "is this a text file?");
            return;
        }

        ReadLine(line, depth);
    }

    private void ReadLine(int line, int depth)
    {
        ref readonly LineEntry entry = ref _document.LineAt(line);
        ReadOnlySpan<byte> text = _document.Buffer(entry.File).AsSpan(entry.Start, entry.Length);
        int end = FindEnd(text, out bool hasOpenQuote);
        int start = 0;
        while (start < end && PlainWords.IsBlank(text[start]))
        {
            start++;
        }

        if (start == end)
        {
            return;
        }

        if (hasOpenQuote)
        {
            int quote = text[..end].LastIndexOf((byte)'"');
            _findings.Error(_document.Stretch(line, quote, end), ConfigFault.UnmatchedQuote,
                $"Unterminated quote '{SourceLine.Mask(ConfigText.Decode(text[start..end]))}'",
                "a double quote must be closed on the line where it was opened");
        }

        Process(new(line, start, end, hasOpenQuote), depth);
    }
    /// <summary>Where the comment starts, or the line ends. A backslash hides the next character from this search, inside quotes
    /// too.</summary>
    private static int FindEnd(ReadOnlySpan<byte> text, out bool isQuoted)
    {
        isQuoted = false;
        int end = text.Length;
        for (int i = 0; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == '\\')
            {
                i++;
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c is (byte)'#' or (byte)'!' && !isQuoted)
            {
                end = i;
                break;
            }
        }

        while (end > 0 && PlainWords.IsBlank(text[end - 1]))
        {
            end--;
        }

        return end;
    }

    private ReadOnlySpan<byte> TextOf(LexPiece piece)
    {
        ref readonly LineEntry entry = ref _document.LineAt(piece.Line);
        return _document.Buffer(entry.File).AsSpan(entry.Start, piece.End);
    }

    private void Process(LexPiece piece, int depth)
    {
        ReadOnlySpan<byte> text = TextOf(piece);
        if (TryDirective(piece, text, depth))
        {
            return;
        }

        bool isQuoted = false;
        int from = piece.Start;
        for (int i = from; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == '\\' && i + 1 < text.Length && text[i + 1] is not ((byte)'{' or (byte)'}'))
            {
                i++;
            }
            else if (c == '$' && i + 1 < text.Length)
            {
                i = SkipVariable(piece, text, i, isQuoted);
            }
            else if (c is (byte)'{' or (byte)'}' && !isQuoted)
            {
                AddText(piece.Line, text, from, i, false);
                if (c == '{')
                {
                    _tree.Open(piece.Line, i);
                }
                else
                {
                    _tree.Close(piece.Line, i);
                }

                from = i + 1;
            }
        }

        AddText(piece.Line, text, from, text.Length, piece.HasOpenQuote);
    }

    private void AddText(int line, ReadOnlySpan<byte> text, int start, int end, bool hasOpenQuote)
    {
        while (start < end && PlainWords.IsBlank(text[start]))
        {
            start++;
        }

        while (end > start && PlainWords.IsBlank(text[end - 1]))
        {
            end--;
        }

        if (start < end)
        {
            _tree.Text(new(line, start, end, hasOpenQuote));
        }
    }

    private int SkipVariable(LexPiece piece, ReadOnlySpan<byte> text, int at, bool isQuoted)
    {
        bool isBraced = text[at + 1] == '{';
        int start = at + (isBraced ? 2 : 1), stop = start;
        while (stop < text.Length && IsName(text[stop]))
        {
            stop++;
        }

        string name = ConfigText.Decode(text[start..stop]);
        int close = isBraced ? text[stop..].IndexOf((byte)'}') : 0;
        close = close < 0 ? -1 : stop + close;
        bool endsHere = isBraced ? close >= 0 && (close == stop || text[stop] == ' ') : stop == text.Length
            || text[stop] is (byte)' ' or (byte)'\t' or (byte)',' or (byte)')';
        if (name.Length == 0 || !endsHere)
        {
            return at;
        }

        int last = isBraced ? close : stop - 1;
        string shown = ConfigText.Decode(text[at..(last + 1)]);
        if (_variables.Contains(name) || (name[0] == '_' && isBraced))
        {
            Refuse(piece.Line, at, last + 1, $"Variable '{shown}' is not served yet", "write its value here instead");
            return last;
        }

        if (isBraced && !isQuoted)
        {
            _findings.Error(_document.Stretch(piece.Line, at, last + 1), ConfigFault.General, $"Variable '{shown}' is not defined",
                "it is taken as text; keepalived would cut the line at its braces");
            return last;
        }

        return at;
    }

    private static bool IsName(byte c) => char.IsAsciiLetterOrDigit((char)c) || c == '_';

    private void Refuse(int line, int start, int end, string text, string explanation) =>
        _findings.Error(_document.Stretch(line, start, end), ConfigFault.Fatal, text, explanation);

    /// <summary>What keepalived handles before statements: conditions, definitions, sequences, includes. Only includes are
    /// served.</summary>
    private bool TryDirective(LexPiece piece, ReadOnlySpan<byte> text, int depth)
    {
        int start = piece.Start, end = piece.End;
        switch (text[start])
        {
            case (byte)'@' when start + 1 < end && !PlainWords.IsBlank(text[start + 1]):
                Refuse(piece.Line, start, WordEnd(text, start), "Conditional line '@' is not served yet",
                    "a line for one config-id only: it cannot be told whether it is meant for this host, so write one file for each host");
                return true;
            case (byte)'~' when text[start..].StartsWith("~SEQ"u8) || text[start..].StartsWith("~LST"u8):
                Refuse(piece.Line, start, start + 4, $"Sequence '{ConfigText.Decode(text.Slice(start, 4))}' is not served yet",
                    "write the lines out");
                return true;
            case (byte)'$':
                int name = start + 1;
                while (name < end && IsName(text[name]))
                {
                    name++;
                }

                if (name == start + 1 || name == end || text[name] != '=')
                {
                    return false;
                }

                _variables.Add(ConfigText.Decode(text[(start + 1)..name]));
                Refuse(piece.Line, start, name, $"Definition of variable '{ConfigText.Decode(text[start..name])}' is not served yet",
                    "write its value where it is used");
                return true;
            case (byte)'i':
                return TryInclude(piece, text, depth);
            default:
                return false;
        }
    }

    private static int WordEnd(ReadOnlySpan<byte> text, int start)
    {
        while (start < text.Length && !PlainWords.IsBlank(text[start]))
        {
            start++;
        }

        return start;
    }

    private bool TryInclude(LexPiece piece, ReadOnlySpan<byte> text, int depth)
    {
        int wordEnd = WordEnd(text, piece.Start);
        if (wordEnd == piece.End || wordEnd - piece.Start is < 7 or > 8)
        {
            return false;
        }

        string keyword = ConfigText.Decode(text[piece.Start..wordEnd]);
        if (!(keyword is "include" or "includer" or "includem" or "includew" or "includeb" or "includea"))
        {
            return false;
        }

        while (PlainWords.IsBlank(text[wordEnd]))
        {
            wordEnd++;
        }

        Word at = _document.Stretch(piece.Line, wordEnd, piece.End);
        string path = at.Text.Trim('"');
        if (_reader is null)
        {
            Refuse(piece.Line, piece.Start, piece.End, $"'{keyword}' is not served yet", "put the text of that file here");
        }
        else if (path.AsSpan().ContainsAny("*?[{"))
        {
            Refuse(piece.Line, wordEnd, piece.End, $"'{keyword}' with a pattern is not served yet", "name each file on a line of its own");
        }
        else if (depth + 1 >= IncludeDepth || _filesRead >= IncludeFiles)
        {
            Refuse(piece.Line, wordEnd, piece.End, $"Too many nested files at '{path}'", string.Create(CultureInfo.InvariantCulture,
                $"at most {IncludeDepth} files deep and {IncludeFiles} in all: does a file include itself?"));
        }
        else
        {
            Include(at, path, keyword, depth);
        }

        return true;
    }

    private void Include(Word at, string path, string keyword, int depth)
    {
        string file = at.Line.File, written = path;
        int slash = file.LastIndexOf('/');
        if (!path.StartsWith('/') && slash >= 0)
        {
            path = string.Concat(file.AsSpan(0, slash + 1), path);
        }

        ReadOnlyMemory<byte>? bytes = _reader!(path, at.Where);
        if (bytes is null)
        {
            // Only the checking forms make a missing file a fault; includer does not mind absence.
            bool isFault = keyword is "includem" or "includew" or "includea";
            _findings.Add(new(at.Where, isFault ? Severity.Error : Severity.Warning, isFault ? ConfigFault.FileNotFound : ConfigFault.None,
                $"Config files missing '{written}'.")
            {
                Explanation = $"'{path}' cannot be read",
                SourceLine = at.Line.Shown,
            });
            return;
        }

        ReadFile(bytes.Value, path, depth + 1);
    }
}
