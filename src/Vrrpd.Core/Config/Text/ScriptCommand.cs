using System.Collections.Generic;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>
/// The two splits of a command keyword. The outer one cuts the line into the command and the words after it;
/// the inner one cuts the command into program and arguments. Only the inner one undoes escapes, which is why a quote escaped in the
/// outer text arrives as a plain character and does not group.
/// </summary>
internal static class ScriptCommand
{
    /// <summary>Blanks separate, both quotes group, adjacent pieces join, backslashes stay.</summary>
    public static Word[] OuterWords(LexPiece piece, Findings findings)
    {
        List<Word> words = [];
        string line = piece.Line.Text;
        StringBuilder text = new();
        int at = piece.Start;
        while (at < piece.End)
        {
            if (ConfigLexer.IsBlank(line[at]))
            {
                at++;
                continue;
            }

            int start = at;
            text.Clear();
            while (at < piece.End && !ConfigLexer.IsBlank(line[at]))
            {
                if (line[at] is not ('"' or '\''))
                {
                    at = TakeOne(line, at, piece.End, isQuoted: false, text);
                    continue;
                }

                char quote = line[at];
                int open = at++;
                while (at < piece.End && line[at] != quote)
                {
                    at = TakeOne(line, at, piece.End, isQuoted: true, text);
                }

                if (at >= piece.End)
                {
                    Complain(new("", piece.Line, open, piece.End), line[piece.Start..piece.End], quote, findings);

                    // The command is whatever the quote swallowed: running half of it would be worse than running nothing.
                    return words.ToArray();
                }

                at++;
            }

            words.Add(new(text.ToString(), piece.Line, start, at));
        }

        return words.ToArray();
    }

    /// <summary>Program and arguments, or null (and a complaint) if a quote is left open.</summary>
    public static string[]? Split(Word command, Findings findings)
    {
        List<string> arguments = [];
        string line = command.Text;
        StringBuilder text = new();
        int at = 0;
        while (at < line.Length)
        {
            if (ConfigLexer.IsBlank(line[at]))
            {
                at++;
                continue;
            }

            text.Clear();
            while (at < line.Length && !ConfigLexer.IsBlank(line[at]))
            {
                if (line[at] is not ('"' or '\''))
                {
                    text.Append(TakeEscaped(line, ref at));
                    continue;
                }

                char quote = line[at++];
                while (at < line.Length && line[at] != quote)
                {
                    text.Append(TakeEscaped(line, ref at));
                }

                if (at == line.Length)
                {
                    Complain(command, line, quote, findings);
                    return null;
                }

                at++;
            }

            // The kernel takes C strings: what follows an escaped NUL never arrives.
            string argument = text.ToString();
            int nul = argument.IndexOf('\0', System.StringComparison.Ordinal);
            arguments.Add(nul < 0 ? argument : argument[..nul]);
        }

        return arguments.ToArray();
    }

    private static void Complain(Word at, string text, char quote, Findings findings) =>
        findings.Error(at, ConfigFault.UnmatchedQuote, $"String '{text}': missing terminating {quote}",
            $"the command is not usable: add the closing {quote} (a '#' or '!' in single quotes starts a comment,"
                + " put the command in double quotes)");

    private static int TakeOne(string line, int at, int end, bool isQuoted, StringBuilder text)
    {
        if (line[at] == '\\' && at + 1 < end)
        {
            // Outside quotes \# and \! were only there to get past the comment stripper.
            if (isQuoted || line[at + 1] is not ('#' or '!'))
            {
                text.Append('\\');
            }

            at++;
        }

        text.Append(line[at]);
        return at + 1;
    }

    private static char TakeEscaped(string line, ref int at)
    {
        char c = line[at++];
        if (c != '\\' || at == line.Length)
        {
            return c;
        }

        c = line[at++];
        switch (c)
        {
            case 'a':
                return '\a';
            case 'b':
                return '\b';
            case 'E':
                return '\u001b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case 'c' when at < line.Length:
                return (char)(line[at++] & 0x1f);
            case 'x' when at < line.Length && char.IsAsciiHexDigit(line[at]):
                return ConfigText.FromByte(TakeDigits(line, ref at, 16, 2));
            case >= '0' and <= '7':
                at--;
                return ConfigText.FromByte(TakeDigits(line, ref at, 8, 3) & 0xff);
            default:
                return c;
        }
    }

    private static int TakeDigits(string line, ref int at, int radix, int most)
    {
        int value = 0;
        for (int i = 0; i < most && at < line.Length; i++, at++)
        {
            char c = line[at];
            int digit = c is >= '0' and <= '9' ? c - '0' : (c | 0x20) is >= 'a' and <= 'f' ? (c | 0x20) - 'a' + 10 : radix;
            if (digit >= radix)
            {
                break;
            }

            value = value * radix + digit;
        }

        return value;
    }
}
