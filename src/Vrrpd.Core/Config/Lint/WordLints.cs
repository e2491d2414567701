using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>Words that are not what their writer thinks: cut by a comment, left alone by variables, quoted the wrong way.</summary>
internal static class WordLints
{
    public static readonly LintRule Comment = new("comment-in-word", Severity.Warning, "`#` or `!` in the middle of a word",
        "both start a comment wherever they stand: the rest of the word, and of the line, is gone",
        "put the word in double quotes, or a blank before a comment that is meant");

    public static readonly LintRule Variable = new("variable-not-expanded", Severity.Warning, "`$NAME` that is no reference",
        "$NAME is replaced only before a blank, a comma, a ')' or the end of the line; here it stays as it is written",
        "write ${NAME}, and define it above with $NAME=VALUE");

    public static readonly LintRule Backslash = new("trailing-backslash", Severity.Warning, "`\\` at the end of a line",
        "lines cannot be continued, except in the definition of a variable: the backslash is part of the last word and the next line stands alone",
        "write it all on one line and remove the backslash");

    public static readonly LintRule Typographic = new("typographic-quote", Severity.Warning, "quotes or blanks that a word processor made",
        "only \" quotes: “ and ” are characters like others, and a no-break space does not separate words", "type the characters again");

    public static readonly LintRule Single = new("single-quotes", Severity.Warning, "single quotes around a value",
        "' is a quote in commands only: elsewhere it becomes part of the value and protects nothing", "write double quotes");

    public static void Check(LintContext lint) => Block(lint, lint.Model.Root);

    private static void Block(LintContext lint, TreeNode block)
    {
        // Not recursion: blocks can be nested as deep as a file is long.
        Stack<TreeNode> rest = new([block]);
        while (rest.TryPop(out TreeNode? node))
        {
            for (int i = node.Children.Count - 1; i >= 0; i--)
            {
                rest.Push(node.Children[i]);
            }

            for (int i = 0; i < node.Words.Length; i++)
            {
                // A secret may not be shown, not even a part of it.
                bool isSecret = i > 0 && node.Keyword is { IsSecret: true };
                One(lint, node, node.Words[i], isSecret ? "the value" : $"'{node.Words[i].Text}'", isLast: i == node.Words.Length - 1);
            }
        }
    }

    private static void One(LintContext lint, TreeNode node, Word word, string shown, bool isLast)
    {
        ReadOnlySpan<byte> line = word.Line.Document.LineBytes(word.Line.Index);
        char first = word.Start < line.Length ? (char)line[word.Start] : ' ';
        bool isQuoted = first == '"';
        if (isLast && word.End > word.Start && word.End < line.Length && line[word.End] is (byte)'#' or (byte)'!')
        {
            lint.Add(Comment, word, $"{shown} ends at the {(char)line[word.End]}, which starts a comment");
        }

        bool isCommand = node.Keyword?.Arguments is [{ Kind: ArgumentKind.Command }, ..];
        if (isCommand && first is '"' or '\'')
        {
            // What stands in a command is looked at as a command.
            return;
        }

        string text = word.Text;
        int dollar = text.IndexOf('$', StringComparison.Ordinal);
        if (dollar >= 0 && dollar + 1 < text.Length && (char.IsAsciiLetter(text[dollar + 1]) || text[dollar + 1] is '_' or '{')
            && node.Keyword is not { IsSecret: true })
        {
            bool isReference = text[dollar + 1] == '{';
            lint.Add(Variable, word, $"{shown} has a $ that is not replaced", isReference ? "no line above defines a variable of that name" : "",
                isReference ? "define it with $NAME=VALUE, or correct the name" : "");
        }

        if (isLast && !isQuoted && text is [.., '\\'])
        {
            lint.Add(Backslash, word, $"{shown} ends with a backslash, which does not continue the line");
        }

        if (text.AsSpan().IndexOfAny('“', '”', '\u00a0') >= 0 || text.AsSpan().IndexOfAny('‘', '’', '„') >= 0)
        {
            lint.Add(Typographic, word, $"{shown} has a character that only looks like a quote or a blank");
        }
        else if (!isCommand && !isQuoted && text.StartsWith('\''))
        {
            lint.Add(Single, word, isLast && text.Length > 1 && text[^1] == '\'' ? $"{shown} keeps its single quotes"
                : $"{shown} starts with a single quote, which groups nothing");
        }
    }
}
