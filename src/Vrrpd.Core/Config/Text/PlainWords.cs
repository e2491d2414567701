using System;
using System.Runtime.CompilerServices;

namespace Vrrpd.Core.Config;

/// <summary>A stretch of a line between braces. <see cref="HasOpenQuote"/>: the complaint about it has been made.</summary>
internal readonly record struct LexPiece(int Line, int Start, int End, bool HasOpenQuote);

/// <summary>Cuts a statement into words; the counterpart for commands is <see cref="ScriptCommand"/>.</summary>
internal static class PlainWords
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

            WordEntry word = Next(document, bytes, at);
            if (word.Form == WordEntry.OpenQuoted && !piece.HasOpenQuote)
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
        return Next(document, document.Buffer(line.File).AsSpan(line.Start, piece.End), piece.Start);
    }

    private static WordEntry Next(ConfigDocument document, ReadOnlySpan<byte> bytes, int start)
    {
        if (bytes[start] == '"')
        {
            int length = bytes[(start + 1)..].IndexOf((byte)'"');
            return length < 0 ? new((ushort)start, (ushort)bytes.Length, WordEntry.OpenQuoted)
                : new((ushort)start, (ushort)(start + length + 2), WordEntry.Quoted);
        }

        int at = start, escapes = 0;
        for (; at < bytes.Length; at++)
        {
            byte c = bytes[at];
            if (c > '"' && c != '\\')
            {
                // Nearly all of them.
                continue;
            }

            if (IsBlank(c) || c == '"')
            {
                break;
            }

            if (c == '\\' && at + 1 < bytes.Length && bytes[at + 1] is (byte)'#' or (byte)'!')
            {
                escapes++;
                at++;
            }
        }

        return new((ushort)start, (ushort)at, escapes == 0 ? WordEntry.Plain : Unescaped(document, bytes[start..at], escapes));
    }

    private static int Unescaped(ConfigDocument document, ReadOnlySpan<byte> word, int escapes)
    {
        byte[] text = new byte[word.Length - escapes];
        int used = 0;
        for (int i = 0; i < word.Length; i++)
        {
            i += word[i] == '\\' && i + 1 < word.Length && word[i + 1] is (byte)'#' or (byte)'!' ? 1 : 0;
            text[used++] = word[i];
        }

        return document.KeepText(text);
    }
}
