using System;
using System.Collections.Generic;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>Cuts a statement into words; the counterpart for commands is <see cref="ScriptCommand"/>.</summary>
internal static class PlainWords
{
    /// <summary>Words of a plain statement: blanks separate, double quotes protect and always make a word of their own, no escapes
    /// inside.</summary>
    public static Word[] Split(LexPiece piece, Findings findings)
    {
        List<Word> words = [];
        string line = piece.Line.Text;
        int at = piece.Start;
        StringBuilder text = new();
        while (at < piece.End)
        {
            if (ConfigLexer.IsBlank(line[at]))
            {
                at++;
                continue;
            }

            int start = at;
            if (line[at] == '"')
            {
                int close = line.IndexOf('"', at + 1, piece.End - at - 1);
                if (close < 0 && !piece.HasOpenQuote)
                {
                    findings.Error(new("", piece.Line, start, piece.End), ConfigFault.UnmatchedQuote,
                        $"Unmatched quote: '{SourceLine.Mask(line[piece.Start..piece.End])}'",
                        "there is no escape inside double quotes: a backslash stands for itself and the next '\"' ends the word");
                }

                int end = close < 0 ? piece.End : close;
                words.Add(new(line[(at + 1)..end], piece.Line, start, Math.Min(end + 1, piece.End)));
                at = end + 1;
                continue;
            }

            text.Clear();
            while (at < piece.End && !ConfigLexer.IsBlank(line[at]) && line[at] != '"')
            {
                if (line[at] == '\\' && at + 1 < piece.End && line[at + 1] is '#' or '!')
                {
                    at++;
                }

                text.Append(line[at++]);
            }

            words.Add(new(text.ToString(), piece.Line, start, at));
        }

        return words.ToArray();
    }
}
