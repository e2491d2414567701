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

    public static TreeNode From(ConfigNode root)
    {
        TreeNode copy = new(null, []);
        Stack<(ConfigNode From, TreeNode To)> rest = new([(root, copy)]);
        while (rest.TryPop(out (ConfigNode From, TreeNode To) block))
        {
            foreach (ConfigNode child in block.From.Children)
            {
                List<Word> words = [];
                foreach (Word word in child.Words)
                {
                    words.Add(word);
                }

                TreeNode node = new(child.Keyword, words.ToArray()) { IsRejected = child.IsRejected };
                block.To.Children.Add(node);
                rest.Push((child, node));
            }
        }

        return copy;
    }
}
