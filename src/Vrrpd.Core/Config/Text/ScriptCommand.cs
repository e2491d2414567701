using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// The two splits of a command keyword. The outer one cuts the line into the command and the words after it;
/// the inner one cuts the command into program and arguments. Only the inner one undoes escapes, which is why a quote escaped in the
/// outer text arrives as a plain character and does not group.
/// </summary>
internal static class ScriptCommand
{
    /// <summary>Adds the outer words to the document: blanks separate, both quotes group, adjacent pieces join, backslashes stay.</summary>
    public static void OuterWords(ConfigDocument document, LexPiece piece, Findings findings)
    {
        ref readonly LineEntry entry = ref document.LineAt(piece.Line);
        ReadOnlySpan<byte> line = document.Buffer(entry.File).AsSpan(entry.Start, piece.End);
        int at = piece.Start;
        while (at < line.Length)
        {
            if (PlainWords.IsBlank(line[at]))
            {
                at++;
                continue;
            }

            int start = at;
            int end = WordEnd(line, at, out int open);
            if (end < 0)
            {
                Complain(document.Stretch(piece.Line, open, piece.End), ConfigText.Decode(line[piece.Start..]), line[open], findings);

                // The command is whatever the quote swallowed: running half of it would be worse than running nothing.
                return;
            }

            // A word is in the file as it is, less the quotes around it; only a quote or an escaped comment sign inside makes another text.
            at = end;
            bool isQuoted = line[start] is (byte)'"' or (byte)'\'';
            ReadOnlySpan<byte> inner = isQuoted ? line[(start + 1)..(end - 1)] : line[start..end];
            bool isPlain = isQuoted ? line[end - 1] == line[start] && !inner.Contains(line[start])
                : !inner.ContainsAny((byte)'"', (byte)'\'', (byte)'\\');
            if (isPlain)
            {
                document.AddWord(new((ushort)start, (ushort)end, isQuoted ? WordEntry.Quoted : WordEntry.Plain));
                continue;
            }

            byte[] text = new byte[end - start];
            int length = Join(line[start..end], text);
            document.AddWord(new((ushort)start, (ushort)end, document.KeepText(text.AsSpan(0, length))));
        }
    }

    /// <summary>Where the word that begins at <paramref name="at"/> ends; -1 if its quote at <paramref name="open"/> does not.</summary>
    private static int WordEnd(ReadOnlySpan<byte> line, int at, out int open)
    {
        byte quote = 0;
        open = at;
        while (at < line.Length && (quote != 0 || !PlainWords.IsBlank(line[at])))
        {
            byte c = line[at];
            if (c == '\\')
            {
                at++;
            }
            else if (quote != 0)
            {
                quote = c == quote ? (byte)0 : quote;
            }
            else if (c is (byte)'"' or (byte)'\'')
            {
                (quote, open) = (c, at);
            }

            at++;
        }

        return quote != 0 ? -1 : Math.Min(at, line.Length);
    }

    /// <summary>The text of a word without its grouping quotes.</summary>
    private static int Join(ReadOnlySpan<byte> word, Span<byte> text)
    {
        byte quote = 0;
        int used = 0;
        for (int at = 0; at < word.Length; at++)
        {
            byte c = word[at];
            if (c == '\\' && at + 1 < word.Length)
            {
                // Outside quotes \# and \! were only there to get past the comment stripper.
                if (quote != 0 || word[at + 1] is not ((byte)'#' or (byte)'!'))
                {
                    text[used++] = c;
                }

                text[used++] = word[++at];
            }
            else if (quote != 0 ? c == quote : c is (byte)'"' or (byte)'\'')
            {
                quote = quote != 0 ? (byte)0 : c;
            }
            else
            {
                text[used++] = c;
            }
        }

        return used;
    }

    /// <summary>Program and arguments, or null (and a complaint) if a quote is left open.</summary>
    public static string[]? Split(Word command, Findings findings)
    {
        List<string> arguments = [];
        ReadOnlySpan<byte> line = command.Bytes;
        Span<byte> text = new byte[line.Length];
        int at = 0;
        while (at < line.Length)
        {
            if (PlainWords.IsBlank(line[at]))
            {
                at++;
                continue;
            }

            int used = 0;
            while (at < line.Length && !PlainWords.IsBlank(line[at]))
            {
                if (line[at] is not ((byte)'"' or (byte)'\''))
                {
                    text[used++] = TakeEscaped(line, ref at);
                    continue;
                }

                byte quote = line[at++];
                while (at < line.Length && line[at] != quote)
                {
                    text[used++] = TakeEscaped(line, ref at);
                }

                if (at == line.Length)
                {
                    Complain(command, command.Text, quote, findings);
                    return null;
                }

                at++;
            }

            // The kernel takes C strings: what follows an escaped NUL never arrives.
            ReadOnlySpan<byte> argument = text[..used];
            int nul = argument.IndexOf((byte)0);
            arguments.Add(ConfigText.Decode(nul < 0 ? argument : argument[..nul]));
        }

        return arguments.ToArray();
    }

    private static void Complain(Word at, string text, byte quote, Findings findings) =>
        findings.Error(at, ConfigFault.UnmatchedQuote, $"String '{text}': missing terminating {(char)quote}",
            $"the command is not usable: add the closing {(char)quote} (a '#' or '!' in single quotes starts a comment,"
                + " put the command in double quotes)");

    private static byte TakeEscaped(ReadOnlySpan<byte> line, ref int at)
    {
        byte c = line[at++];
        if (c != '\\' || at == line.Length)
        {
            return c;
        }

        c = line[at++];
        switch ((char)c)
        {
            case 'a':
                return (byte)'\a';
            case 'b':
                return (byte)'\b';
            case 'E':
                return 0x1b;
            case 'f':
                return (byte)'\f';
            case 'n':
                return (byte)'\n';
            case 'r':
                return (byte)'\r';
            case 't':
                return (byte)'\t';
            case 'v':
                return (byte)'\v';
            case 'c' when at < line.Length:
                return (byte)(line[at++] & 0x1f);
            case 'x' when at < line.Length && char.IsAsciiHexDigit((char)line[at]):
                return TakeDigits(line, ref at, 16, 2);
            case >= '0' and <= '7':
                at--;
                return TakeDigits(line, ref at, 8, 3);
            default:
                return c;
        }
    }

    private static byte TakeDigits(ReadOnlySpan<byte> line, ref int at, int radix, int most)
    {
        int value = 0;
        for (int i = 0; i < most && at < line.Length; i++, at++)
        {
            int c = line[at], letter = c | 0x20;
            int digit = c is >= '0' and <= '9' ? c - '0' : letter is >= 'a' and <= 'f' ? letter - 'a' + 10 : radix;
            if (digit >= radix)
            {
                break;
            }

            value = value * radix + digit;
        }

        return (byte)value;
    }
}
