using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// A statement, a block or a line of data for those who look at the file as a whole: the lints and show-config. Objects with lists,
/// because they ask back and forth; what starts the daemon reads the tree of the text layer itself.
/// </summary>
internal sealed class TreeNode(Keyword? keyword, Word[] words)
{
    /// <summary>Null for the root and for lines of data.</summary>
    public Keyword? Keyword { get; } = keyword;

    /// <summary>The keyword itself first; none for the root.</summary>
    public Word[] Words { get; } = words;
    public List<TreeNode> Children { get; } = [];
    public Word First => Words[0];
    public int ArgumentCount => Words.Length - 1;

    /// <summary>The check of the table found it unusable: it counts as not written.</summary>
    public bool IsRejected { get; private init; }

    /// <summary>The same as objects. No block of the table holds itself, so the depth is that of the table.</summary>
    public static TreeNode From(ConfigNode from)
    {
        List<Word> words = [];
        foreach (Word word in from.Words)
        {
            words.Add(word);
        }

        TreeNode copy = new(from.Keyword, words.ToArray()) { IsRejected = from.IsRejected };
        foreach (ConfigNode child in from.Children)
        {
            copy.Children.Add(From(child));
        }

        return copy;
    }
}
