using System;

namespace Vrrpd.Core.Config;

/// <summary>A stretch of a line between braces. <see cref="HasOpenQuote"/>: the complaint about it has been made.</summary>
internal readonly record struct LexPiece(int Line, int Start, int End, bool HasOpenQuote);

/// <summary>Cuts a statement into words; the counterpart for commands is <see cref="ScriptCommand"/>.</summary>
internal static class PlainWords
{
    public static bool IsBlank(byte c) => c == ' ' || (uint)(c - '\t') <= '\r' - '\t';

    /// <summary>
    /// Adds the words of a plain statement to the document, from <paramref name="at"/> on: blanks separate, double quotes protect and always
    /// make a word of their own, no escapes inside.
    /// </summary>
    public static void Split(ConfigDocument document, LexPiece piece, int at, Findings findings)
    {
        ref readonly LineEntry line = ref document.LineAt(piece.Line);
        ReadOnlySpan<byte> bytes = document.Buffer(line.File).AsSpan(line.Start, piece.End);
        while (at < bytes.Length)
        {
            if (IsBlank(bytes[at]))
            {
                at++;
                continue;
            }

            WordEntry word = Next(document, piece.Line, line.Start, bytes, at, out bool isOpen);
            if (isOpen && !piece.HasOpenQuote)
            {
                findings.Error(document.Stretch(piece.Line, at, piece.End), ConfigFault.UnmatchedQuote,
                    $"Unmatched quote: '{SecretMask.Of(ConfigText.Decode(bytes[piece.Start..]))}'",
                    "there is no escape inside double quotes: a backslash stands for itself and the next '\"' ends the word");
            }

            document.AddWord(word);
            at = word.End;
        }
    }

    /// <summary>The first word, by which it is decided how the others are cut.</summary>
    public static WordEntry First(ConfigDocument document, LexPiece piece)
    {
        ref readonly LineEntry line = ref document.LineAt(piece.Line);
        return Next(document, piece.Line, line.Start, document.Buffer(line.File).AsSpan(line.Start, piece.End), piece.Start, out _);
    }

    private static WordEntry Next(ConfigDocument document, int line, int lineStart, ReadOnlySpan<byte> bytes, int start, out bool isOpen)
    {
        isOpen = false;
        if (bytes[start] == '"')
        {
            int length = bytes[(start + 1)..].IndexOf((byte)'"');
            isOpen = length < 0;
            length = isOpen ? bytes.Length - start - 1 : length;
            int end = Math.Min(start + length + 2, bytes.Length);
            return new(line, lineStart + start + 1, (ushort)length, (ushort)start, (ushort)end, false);
        }

        int at = start, escapes = 0;
        while (at < bytes.Length && !IsBlank(bytes[at]) && bytes[at] != '"')
        {
            if (bytes[at] == '\\' && at + 1 < bytes.Length && bytes[at + 1] is (byte)'#' or (byte)'!')
            {
                escapes++;
                at++;
            }

            at++;
        }

        return escapes == 0 ? new(line, lineStart + start, (ushort)(at - start), (ushort)start, (ushort)at, false)
            : Unescaped(document, line, bytes, start, at, escapes);
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
