using System;

namespace Vrrpd.Core.Config;

/// <summary>Words back to text that means the same when it is read again.</summary>
internal static class WordText
{
    /// <summary>
    /// A word as it has to be written: as it stands in its line where that is enough, because only the writer's own quotes are sure to give
    /// the same; quoted anew where an expansion left something that would be read as grammar.
    /// </summary>
    public static string Written(Word word, bool isFirst, bool isCommand)
    {
        string raw = ConfigText.Decode(word.Line.Document.LineBytes(word.Line.Index)[word.Start..word.End]);
        bool isQuoted = raw.Length > 0 && (raw[0] == '"' || (isCommand && raw[0] == '\''));
        bool isWhole = (raw.Split('"').Length & 1) == 1;
        if (isWhole && (isQuoted || (raw.Length > 0 && !HasGrammar(raw) && !(isFirst && StartsDirective(raw)))))
        {
            return raw;
        }

        string text = word.Text;
        return text.Contains('"', StringComparison.Ordinal) ? isCommand && !text.Contains('\'', StringComparison.Ordinal) ? $"'{text}'" : raw : $"\"{text}\"";
    }

    /// <summary>What stands on their line from one word to another.</summary>
    public static string Raw(Word from, Word to) => ConfigText.Decode(from.Line.Document.LineBytes(from.Line.Index)[from.Start..to.End]);

    public static string[] Arguments(TreeNode node)
    {
        string[] written = new string[node.ArgumentCount];
        for (int i = 0; i < written.Length; i++)
        {
            written[i] = Written(node.Words[i + 1], false, node.Keyword is { Arguments: [{ Kind: ArgumentKind.Command }, ..] });
        }

        return written;
    }

    /// <summary>A comment or a brace that no backslash hides.</summary>
    private static bool HasGrammar(string raw)
    {
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '\\')
            {
                i++;
            }
            else if (raw[i] is '#' or '!' or '{' or '}')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>At the beginning of a line these are no data.</summary>
    private static bool StartsDirective(string raw) => raw[0] is '@' or '~' or '$' || raw.StartsWith("include", StringComparison.Ordinal);
}
