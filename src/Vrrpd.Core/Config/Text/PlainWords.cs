using System;

namespace Vrrpd.Core.Config;

/// <summary>A stretch of a line between braces. <see cref="HasOpenQuote"/>: the complaint about it has been made.</summary>
internal readonly record struct LexPiece(int Line, int Start, int End, bool HasOpenQuote);

/// <summary>Cuts a statement into words; the counterpart for commands is <see cref="ScriptCommand"/>.</summary>
internal static class PlainWords
{
    public static bool IsBlank(byte c) => c == ' ' || (uint)(c - '\t') <= '\r' - '\t';

    /// <summary>
    /// Adds the words of a plain statement to the document: blanks separate, double quotes protect and always make a word of their own, no
    /// escapes inside.
    /// </summary>
    public static void Split(ConfigDocument document, LexPiece piece, Findings findings)
    {
        ref readonly LineEntry line = ref document.LineAt(piece.Line);
        ReadOnlySpan<byte> bytes = document.Buffer(line.File).AsSpan(line.Start, piece.End);
        int first = line.Start, at = piece.Start;
        while (at < bytes.Length)
        {
            if (IsBlank(bytes[at]))
            {
                at++;
                continue;
            }

            int start = at;
            if (bytes[at] == '"')
            {
                int close = bytes[(at + 1)..].IndexOf((byte)'"');
                if (close < 0 && !piece.HasOpenQuote)
                {
                    findings.Error(document.Stretch(piece.Line, start, piece.End), ConfigFault.UnmatchedQuote,
                        $"Unmatched quote: '{SourceLine.Mask(ConfigText.Decode(bytes[piece.Start..]))}'",
                        "there is no escape inside double quotes: a backslash stands for itself and the next '\"' ends the word");
                }

                int length = close < 0 ? piece.End - at - 1 : close;
                at = Math.Min(at + length + 2, piece.End);
                document.AddWord(new(piece.Line, first + start + 1, (ushort)length, (ushort)start, (ushort)at, false));
                continue;
            }

            int escapes = 0;
            while (at < bytes.Length && !IsBlank(bytes[at]) && bytes[at] != '"')
            {
                if (bytes[at] == '\\' && at + 1 < bytes.Length && bytes[at + 1] is (byte)'#' or (byte)'!')
                {
                    escapes++;
                    at++;
                }

                at++;
            }

            document.AddWord(escapes == 0 ? new(piece.Line, first + start, (ushort)(at - start), (ushort)start, (ushort)at, false)
                : Unescaped(document, piece.Line, bytes, start, at, escapes));
        }
    }

    private static WordEntry Unescaped(ConfigDocument document, int line, ReadOnlySpan<byte> bytes, int start, int end, int escapes)
    {
        byte[] text = new byte[end - start - escapes];
        int used = 0;
        for (int i = start; i < end; i++)
        {
            i += bytes[i] == '\\' && i + 1 < end && bytes[i + 1] is (byte)'#' or (byte)'!' ? 1 : 0;
            text[used++] = bytes[i];
        }

        return new(line, document.Keep(text), (ushort)used, (ushort)start, (ushort)end, true);
    }
}
