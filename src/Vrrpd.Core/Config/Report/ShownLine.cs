using System;
using System.Collections.Generic;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>
/// A statement as the lines that mean it. The search for comments, the search for braces and the cutting into words see quotes and backslashes
/// each in its own way, so what has any is written in one way after the other until the reader itself takes one of them as it is meant.
/// </summary>
internal static class ShownLine
{
    /// <summary>Column of the comments, where the statements leave room.</summary>
    private const int CommentColumn = 48;

    /// <summary>Characters of a comment: in UTF-8 it has to fit into a line, or its end would be a statement.</summary>
    private const int CommentLength = 250;

    /// <summary>Characters that no way of reading takes for more than text.</summary>
    private const string Special = "\"'\\#!${}@~";

    /// <param name="parents">The keywords of the blocks that it stands in, outermost first.</param>
    /// <returns>Null if there is no way to write it.</returns>
    public static string? Of(EffectiveNode node, string origin, List<string> parents)
    {
        string indent = new(' ', parents.Count * 4), comment = Comment(origin);
        string written = Line(node, string.Join(' ', node.Written));
        string brace = node.IsBlock ? " {" : "";
        string beside = indent + written + brace;
        string line = beside + new string(' ', beside.Length < CommentColumn ? CommentColumn - beside.Length : 2) + comment + "\n";
        if (IsPlain(written) && line.Length <= ConfigLexer.LineBytes && IsPlain(comment[1..]))
        {
            return line;
        }

        // As it is written now, as it stood in its file, and with quotes around everything.
        string quoted = $"\"{string.Join("\" \"", node.Meant)}\"";
        foreach (string one in (string[])[written, node.Raw.Length > 0 ? Line(node, node.Raw) : written, Line(node, quoted)])
        {
            beside = indent + one + brace;
            string below = node.IsBlock ? $"{indent}{comment}\n{indent}{one}\n{indent}{{\n" : $"{indent}{comment}\n{one}\n";
            foreach (string way in (string[])[$"{beside.PadRight(CommentColumn - 2)}  {comment}\n", $"{indent}{comment}\n{beside}\n", below])
            {
                if (IsReadAs(node, way, parents))
                {
                    return way;
                }
            }
        }

        return null;
    }

    /// <summary>A line that says something to people only.</summary>
    public static string Comment(string text)
    {
        StringBuilder comment = new("# ");
        DiagnosticText.AppendPrintable(comment, text.Length <= CommentLength ? text : text[..CommentLength] + "...");
        return comment.ToString();
    }

    private static string Line(EffectiveNode node, string words) =>
        node.Keyword.Length == 0 ? words : words.Length == 0 ? node.Keyword : $"{node.Keyword} {words}";

    private static bool IsPlain(string text)
    {
        foreach (char c in text)
        {
            if (c is < ' ' or > '~' || Special.Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return !text.StartsWith("include", StringComparison.Ordinal);
    }

    /// <summary>Whether the reader makes this statement of the text, and nothing else, in the blocks around it.</summary>
    private static bool IsReadAs(EffectiveNode node, string text, List<string> parents)
    {
        StringBuilder whole = new();
        parents.ForEach(parent => whole.Append(parent).Append(" {\n"));
        whole.Append(text).Append(node.IsBlock ? "}\n" : "");
        parents.ForEach(parent => whole.Append("}\n"));

        // Behind it, to see that all is closed.
        whole.Append("global_defs {\n}\n");
        NodeList level = ConfigLexer.Read(new(ConfigText.Encode(whole.ToString()), ""), new()).Root.Children;
        int count = 2;
        foreach (string _ in parents)
        {
            if (level.Count != count)
            {
                return false;
            }

            (level, count) = (First(level).Children, 1);
        }

        return level.Count == count && IsSame(node, First(level));
    }

    private static ConfigNode First(NodeList nodes)
    {
        NodeList.Enumerator all = nodes.GetEnumerator();
        all.MoveNext();
        return all.Current;
    }

    private static bool IsSame(EffectiveNode node, ConfigNode read)
    {
        int keyword = node.Keyword.Length > 0 ? 1 : 0;
        if ((read.Keyword?.Name ?? "") != node.Keyword || read.Words.Length != node.Meant.Length + keyword || !read.Children.IsEmpty)
        {
            return false;
        }

        for (int i = 0; i < node.Meant.Length; i++)
        {
            if (read.Words[i + keyword].Text != node.Meant[i])
            {
                return false;
            }
        }

        return true;
    }
}
