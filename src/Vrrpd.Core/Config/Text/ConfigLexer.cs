using System;

namespace Vrrpd.Core.Config;

/// <summary>Hands over the bytes of an included file, or null if there is none. The path is already relative to the including
/// file.</summary>
public delegate ReadOnlyMemory<byte>? ConfigReader(string path);

/// <summary>
/// Bytes to statements: cuts lines, drops comments, and hands what is left to <see cref="LinePipeline"/>. Most lines of most files have
/// nothing special in them and go straight on to the tree.
/// </summary>
internal sealed class ConfigLexer
{
    /// <summary>Usable bytes of a physical line, and of one after expansion.</summary>
    public const int LineBytes = 1023;

    /// <summary>A file that includes itself would not end otherwise.</summary>
    public const int IncludeDepth = 16;
    public const int IncludeFiles = 4096;

    /// <summary>All files together. A thousand instances make a third of a megabyte.</summary>
    public const int TotalBytes = 32 << 20;

    private const byte IsSpecial = 1, IsBrace = 2;

    private readonly ConfigDocument _document;
    private readonly ConfigInput _input;
    private readonly Findings _findings;
    private readonly ConfigIncludes _includes;
    private readonly LinePipeline _pipeline;

    /// <summary>What there may be to do on a line, by the bytes that stand in it.</summary>
    private readonly byte[] _kinds = new byte[256];
    private int _files;
    private long _bytes;
    private int _depth;

    private ConfigLexer(ConfigInput input, Findings findings)
    {
        (_input, _findings) = (input, findings);
        _document = new(input.Text.Length);
        _includes = new(input, findings);
        _pipeline = new(_document, input, _includes, findings) { Read = Include };
        foreach (byte c in "#!\"\\$\0"u8)
        {
            _kinds[c] = IsSpecial;
        }

        _kinds['{'] = _kinds['}'] = IsBrace;
    }

    /// <summary>Text to tree.</summary>
    public static ConfigDocument Read(ConfigInput input, Findings findings)
    {
        ConfigLexer lexer = new(input, findings);
        lexer.ReadFile(input.Text, input.File, null);
        lexer._pipeline.End();
        return lexer._document;
    }

    /// <summary>Where the comment starts, or the line ends. A backslash hides the next character from this search, inside quotes
    /// too.</summary>
    public static int FindEnd(ReadOnlySpan<byte> text, out bool isQuoted)
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

    private void Include(IncludedFile file, Word at)
    {
        if (_files >= IncludeFiles)
        {
            _pipeline.Bounds.Stop(at, $"Too many files at '{at.Text}'", $"at most {IncludeFiles} in all: do files include each other?");
            return;
        }

        if (_depth >= IncludeDepth)
        {
            _pipeline.Bounds.Stop(at, $"Too many nested files at '{at.Text}'", $"at most {IncludeDepth} files deep: does a file include itself?");
            return;
        }

        IncludeChecks checks = _includes.Checks;
        string directory = _pipeline.Directory;
        ReadFile(file.Bytes, file.Path, at);
        _pipeline.Directory = directory;
        _includes.Checks = checks;
    }

    private void ReadFile(ReadOnlyMemory<byte> text, string name, Word? includedBy)
    {
        _bytes += text.Length;
        int file = _document.AddFile(name, text, includedBy);
        if (_bytes > TotalBytes)
        {
            _findings.Add(new(new(name, 1, 1, 1), Severity.Error, ConfigFault.Fatal, $"Configuration file '{name}' is not read")
            {
                Explanation = $"all files together may have {TotalBytes >> 20} MB",
            });
            return;
        }

        _files++;
        _depth++;
        _pipeline.Directory = name[..(name.LastIndexOf('/') + 1)];
        byte[] bytes = _document.Buffer(file), kinds = _kinds;
        int start = 0;
        if (bytes.AsSpan().StartsWith("\uFEFF"u8))
        {
            start = 3;
            _findings.Add(new(new(name, 1, 1, 1), Severity.Note, ConfigFault.None, "The file starts with a byte order mark")
            {
                Explanation = "it is skipped here; keepalived takes it for the first word of the file",
            });
        }

        for (int number = 1; start < bytes.Length && !_pipeline.Bounds.IsFull; number++)
        {
            int end = start;
            byte kind = 0;
            for (; end < bytes.Length && bytes[end] != '\n'; end++)
            {
                kind |= kinds[bytes[end]];
            }

            int length = end - start;
            while (length > 0 && bytes[start + length - 1] == '\r')
            {
                length--;
            }

            int origin = 0;
            if (length > LineBytes)
            {
                origin = Cut(file, number, ref start, ref length);
            }

            ReadLine(bytes.AsSpan(start, length), kind, file, number, start, origin);
            start = end + 1;
        }

        _pipeline.EndOfFile();
        _depth--;
    }

    /// <summary>Drops the beginning of an overlong line; how many characters that was, negative.</summary>
    private int Cut(int file, int number, ref int start, ref int length)
    {
        int origin = 0;
        while (length > LineBytes)
        {
            int cut = _document.AddLine(file, number, start, LineBytes, origin);
            _findings.Error(_document.Stretch(cut, 0, LineBytes), ConfigFault.General,
                $"Configuration line longer than {LineBytes} bytes - dropping its beginning",
                "the rest of the line is read as a line of its own, as keepalived does; break the line or shorten its comment");
            origin -= ConfigText.CountCharacters(_document.LineBytes(cut));
            start += LineBytes;
            length -= LineBytes;
        }

        return origin;
    }

    /// <param name="kind">Of all its bytes.</param>
    private void ReadLine(ReadOnlySpan<byte> text, byte kind, int file, int number, int at, int origin)
    {
        int start = 0, end = text.Length;
        while (start < end && PlainWords.IsBlank(text[start]))
        {
            start++;
        }

        bool isSpecial = (kind & IsSpecial) != 0;
        if (isSpecial && text.Contains((byte)0))
        {
            int nul = text.IndexOf((byte)0);
            _findings.Advise(_document.Stretch(_document.AddLine(file, number, at, text.Length, origin), nul, nul + 1),
                "Configuration line contains a NUL byte - ignoring the line", "is this a text file?");
            return;
        }

        bool hasOpenQuote = false;
        if (isSpecial)
        {
            end = FindEnd(text, out hasOpenQuote);
        }

        while (end > start && PlainWords.IsBlank(text[end - 1]))
        {
            end--;
        }

        if (start >= end)
        {
            return;
        }

        int line = _document.AddLine(file, number, at, text.Length, origin);
        LexPiece piece = new(line, start, end, hasOpenQuote);
        if (hasOpenQuote)
        {
            SayOpenQuote(_document, piece, _findings);
        }

        if (isSpecial || _pipeline.IsDefining)
        {
            _pipeline.Take(piece);
        }
        else
        {
            _pipeline.TakePlain(piece, (kind & IsBrace) != 0);
        }
    }

    public static void SayOpenQuote(ConfigDocument document, LexPiece piece, Findings findings)
    {
        ReadOnlySpan<byte> text = document.LineBytes(piece.Line)[..piece.End];
        int quote = Math.Max(piece.Start, text.LastIndexOf((byte)'"'));
        findings.Error(document.Stretch(piece.Line, quote, piece.End), ConfigFault.UnmatchedQuote,
            $"Unterminated quote '{SecretMask.Of(ConfigText.Decode(text[piece.Start..]))}'",
            "a double quote must be closed on the line where it was opened");
    }
}
