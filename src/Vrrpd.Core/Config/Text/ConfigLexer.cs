using System;
using System.Collections.Generic;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>Hands over the bytes of an included file, or null if there is none. The path is already relative to the including
/// file.</summary>
public delegate ReadOnlyMemory<byte>? ConfigReader(string path, SourceSpan from);

/// <summary>One line as it stands in a file. Columns count from <see cref="FirstColumn"/>, which is 1 unless an overlong line was
/// cut.</summary>
internal sealed record SourceLine(string File, int Number, int FirstColumn, string Text)
{
    private const string Secret = "auth_pass";

    /// <summary>The line as a complaint may show it: without a password.</summary>
    public string Shown => Mask(Text);

    public static string Mask(string text)
    {
        int at = text.IndexOf(Secret, StringComparison.Ordinal);
        return at < 0 ? text : string.Concat(text.AsSpan(0, at + Secret.Length), " ********");
    }
}

/// <summary>A word of a statement: what it says after unquoting, and where.</summary>
internal readonly record struct Word(string Text, SourceLine Line, int Start, int End)
{
    public SourceSpan Where => new(Line.File, Line.Number, Line.FirstColumn + Start, Math.Max(1, End - Start));
}

internal enum LexKind : byte
{
    Text,
    Open,
    Close,
}

/// <summary>A stretch of a line between braces, or a brace. <see cref="HasOpenQuote"/>: the complaint about it has been made.</summary>
internal readonly record struct LexPiece(LexKind Kind, SourceLine Line, int Start, int End, bool HasOpenQuote)
{
    public Word AsWord => new(Line.Text[Start..End], Line, Start, End);
}

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

    private readonly List<LexPiece> _pieces = [];
    private readonly HashSet<string> _variables = [];
    private readonly ConfigReader? _reader;
    private readonly Findings _findings;
    private int _filesRead;

    private ConfigLexer(ConfigReader? reader, Findings findings) => (_reader, _findings) = (reader, findings);

    public static List<LexPiece> Read(ReadOnlyMemory<byte> text, string file, ConfigReader? reader, Findings findings)
    {
        ConfigLexer lexer = new(reader, findings);
        lexer.ReadFile(text.Span, file, 0);
        return lexer._pieces;
    }

    public static bool IsBlank(char c) => c is ' ' or '\t' or '\v' or '\f' or '\r';

    private void ReadFile(ReadOnlySpan<byte> bytes, string file, int depth)
    {
        _filesRead++;
        bool hasMark = bytes.StartsWith("\uFEFF"u8);
        if (hasMark)
        {
            bytes = bytes[3..];
            _findings.Add(new(new(file, 1, 1, 1), Severity.Note, ConfigFault.None, "The file starts with a byte order mark")
            {
                Explanation = "it is skipped here; keepalived takes it for the first word of the file",
            });
        }

        for (int number = 1; !bytes.IsEmpty; number++)
        {
            int end = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            ReadPhysicalLine(line.TrimEnd((byte)'\r'), file, number, depth);
        }
    }

    private void ReadPhysicalLine(ReadOnlySpan<byte> bytes, string file, int number, int depth)
    {
        int column = 1;
        while (bytes.Length > LineBytes)
        {
            SourceLine cut = new(file, number, column, ConfigText.Decode(bytes[..LineBytes]));
            _findings.Error(new("", cut, 0, cut.Text.Length), ConfigFault.General,
                $"Configuration line longer than {LineBytes} bytes - dropping its beginning",
                "the rest of the line is read as a line of its own, as keepalived does; break the line or shorten its comment");
            column += cut.Text.Length;
            bytes = bytes[LineBytes..];
        }

        SourceLine line = new(file, number, column, ConfigText.Decode(bytes));
        int nul = line.Text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0)
        {
            _findings.Error(new("", line, nul, nul + 1), ConfigFault.General, "Configuration line contains a NUL byte - ignoring the line",
                "is this a text file?");
            return;
        }

        ReadLine(line, depth);
    }

    private void ReadLine(SourceLine line, int depth)
    {
        int end = FindEnd(line, out bool hasOpenQuote);
        int start = 0;
        while (start < end && IsBlank(line.Text[start]))
        {
            start++;
        }

        if (start == end)
        {
            return;
        }

        if (hasOpenQuote)
        {
            int quote = line.Text.LastIndexOf('"', end - 1);
            _findings.Error(new("", line, quote, end), ConfigFault.UnmatchedQuote,
                $"Unterminated quote '{SourceLine.Mask(line.Text[start..end])}'",
                "a double quote must be closed on the line where it was opened");
        }

        if (!TryDirective(line, start, end, depth))
        {
            Split(line, start, end, hasOpenQuote);
        }
    }

    /// <summary>Where the comment starts, or the line ends. A backslash hides the next character from this search, inside quotes
    /// too.</summary>
    private static int FindEnd(SourceLine line, out bool isQuoted)
    {
        isQuoted = false;
        string text = line.Text;
        int end = text.Length;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\')
            {
                i++;
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c is '#' or '!' && !isQuoted)
            {
                end = i;
                break;
            }
        }

        while (end > 0 && IsBlank(text[end - 1]))
        {
            end--;
        }

        return end;
    }

    private void Split(SourceLine line, int start, int end, bool hasOpenQuote)
    {
        string text = line.Text;
        bool isQuoted = false;
        int from = start;
        for (int i = start; i < end; i++)
        {
            char c = text[i];
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == '\\' && i + 1 < end && text[i + 1] is not ('{' or '}'))
            {
                i++;
            }
            else if (c == '$' && i + 1 < end)
            {
                i = SkipVariable(line, i, end, isQuoted);
            }
            else if (c is '{' or '}' && !isQuoted)
            {
                AddText(line, from, i, false);
                _pieces.Add(new(c == '{' ? LexKind.Open : LexKind.Close, line, i, i + 1, false));
                from = i + 1;
            }
        }

        AddText(line, from, end, hasOpenQuote);
    }

    private void AddText(SourceLine line, int start, int end, bool hasOpenQuote)
    {
        while (start < end && IsBlank(line.Text[start]))
        {
            start++;
        }

        while (end > start && IsBlank(line.Text[end - 1]))
        {
            end--;
        }

        if (start < end)
        {
            _pieces.Add(new(LexKind.Text, line, start, end, hasOpenQuote));
        }
    }

    /// <summary>
    /// A reference to a variable cannot be served, and must not pass for text either. But `$word` that no line defines is text
    /// (passwords), and so is `${WORD}` inside quotes (a shell command).
    /// </summary>
    private int SkipVariable(SourceLine line, int at, int end, bool isQuoted)
    {
        string text = line.Text;
        bool isBraced = text[at + 1] == '{';
        int start = at + (isBraced ? 2 : 1), stop = start;
        while (stop < end && (char.IsAsciiLetterOrDigit(text[stop]) || text[stop] == '_'))
        {
            stop++;
        }

        string name = text[start..stop];
        int close = isBraced ? text.IndexOf('}', stop, end - stop) : stop;
        bool endsHere = isBraced ? close >= 0 && (close == stop || text[stop] == ' ') : stop == end
            || text[stop] is ' ' or '\t' or ',' or ')';
        if (name.Length == 0 || !endsHere)
        {
            return at;
        }

        int last = isBraced ? close : stop - 1;
        if (_variables.Contains(name) || (name[0] == '_' && isBraced))
        {
            Refuse(line, at, last + 1, $"Variable '{text[at..(last + 1)]}' is not served yet", "write its value here instead");
            return last;
        }

        if (isBraced && !isQuoted)
        {
            _findings.Error(new("", line, at, last + 1), ConfigFault.General, $"Variable '{text[at..(last + 1)]}' is not defined",
                "it is taken as text; keepalived would cut the line at its braces");
            return last;
        }

        return at;
    }

    private void Refuse(SourceLine line, int start, int end, string text, string explanation) =>
        _findings.Error(new("", line, start, end), ConfigFault.Fatal, text, explanation);

    /// <summary>What keepalived handles before statements: conditions, definitions, sequences, includes. Only includes are
    /// served.</summary>
    private bool TryDirective(SourceLine line, int start, int end, int depth)
    {
        string text = line.Text;
        switch (text[start])
        {
            case '@' when start + 1 < end && !IsBlank(text[start + 1]):
                Refuse(line, start, WordEnd(line, start, end), "Conditional line '@' is not served yet",
                    "a line for one config-id only: it cannot be told whether it is meant for this host, so write one file for each host");
                return true;
            case '~' when text.AsSpan(start, end - start).StartsWith("~SEQ") || text.AsSpan(start, end - start).StartsWith("~LST"):
                Refuse(line, start, start + 4, $"Sequence '{text.AsSpan(start, 4)}' is not served yet", "write the lines out");
                return true;
            case '$':
                int name = start + 1;
                while (name < end && (char.IsAsciiLetterOrDigit(text[name]) || text[name] == '_'))
                {
                    name++;
                }

                if (name == start + 1 || name == end || text[name] != '=')
                {
                    return false;
                }

                _variables.Add(text[(start + 1)..name]);
                Refuse(line, start, name, $"Definition of variable '{text[start..name]}' is not served yet",
                    "write its value where it is used");
                return true;
            case 'i':
                return TryInclude(line, start, end, depth);
            default:
                return false;
        }
    }

    private static int WordEnd(SourceLine line, int start, int end)
    {
        while (start < end && !IsBlank(line.Text[start]))
        {
            start++;
        }

        return start;
    }

    private bool TryInclude(SourceLine line, int start, int end, int depth)
    {
        string text = line.Text;
        int wordEnd = WordEnd(line, start, end);
        ReadOnlySpan<char> keyword = text.AsSpan(start, wordEnd - start);
        if (wordEnd == end || !(keyword is "include" or "includer" or "includem" or "includew" or "includeb" or "includea"))
        {
            return false;
        }

        while (IsBlank(text[wordEnd]))
        {
            wordEnd++;
        }

        Word at = new(text[wordEnd..end].Trim('"'), line, wordEnd, end);
        if (_reader is null)
        {
            Refuse(line, start, end, $"'{keyword}' is not served yet", "put the text of that file here");
        }
        else if (at.Text.AsSpan().ContainsAny("*?[{"))
        {
            Refuse(line, wordEnd, end, $"'{keyword}' with a pattern is not served yet", "name each file on a line of its own");
        }
        else if (depth + 1 >= IncludeDepth || _filesRead >= IncludeFiles)
        {
            Refuse(line, wordEnd, end, $"Too many nested files at '{at.Text}'", string.Create(CultureInfo.InvariantCulture,
                $"at most {IncludeDepth} files deep and {IncludeFiles} in all: does a file include itself?"));
        }
        else
        {
            Include(at, keyword, depth);
        }

        return true;
    }

    private void Include(Word at, ReadOnlySpan<char> keyword, int depth)
    {
        string path = at.Text;
        int slash = at.Line.File.LastIndexOf('/');
        if (!path.StartsWith('/') && slash >= 0)
        {
            path = string.Concat(at.Line.File.AsSpan(0, slash + 1), path);
        }

        ReadOnlyMemory<byte>? bytes = _reader!(path, at.Where);
        if (bytes is null)
        {
            // Only the checking forms make a missing file a fault; includer does not mind absence.
            bool isFault = keyword is "includem" or "includew" or "includea";
            _findings.Add(new(at.Where, isFault ? Severity.Error : Severity.Warning, isFault ? ConfigFault.FileNotFound : ConfigFault.None,
                $"Config files missing '{at.Text}'.")
            {
                Explanation = $"'{path}' cannot be read",
                SourceLine = at.Line.Shown,
            });
            return;
        }

        ReadFile(bytes.Value.Span, path, depth + 1);
    }
}
