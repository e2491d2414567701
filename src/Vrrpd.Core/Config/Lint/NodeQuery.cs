using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>Questions to a block of the tree.</summary>
internal static class NodeQuery
{
    /// <summary>The last statement of that name, which is the one that counts.</summary>
    public static TreeNode? Last(this TreeNode block, string name)
    {
        for (int i = block.Children.Count - 1; i >= 0; i--)
        {
            if (block.Children[i].Keyword?.Name == name && !block.Children[i].IsRejected)
            {
                return block.Children[i];
            }
        }

        return null;
    }

    /// <summary>An instance whose last priority cannot be used has 100, whatever stands above it.</summary>
    public static bool HasWrongPriority(this TreeNode block) =>
        block.Keyword?.Name == "vrrp_instance" && block.Children.FindLast(child => child.Keyword?.Name == "priority") is { IsRejected: true };

    public static bool Has(this TreeNode block, string name) => block.Last(name) is not null;

    public static List<TreeNode> Named(this TreeNode block, string name)
    {
        List<TreeNode> all = [];
        foreach (TreeNode child in block.Children)
        {
            if (child.Keyword?.Name == name && !child.IsRejected)
            {
                all.Add(child);
            }
        }

        return all;
    }

    /// <summary>The word behind a word of a data line: `dev eth0`.</summary>
    public static Word? After(this TreeNode line, string option)
    {
        for (int i = 1; i + 1 < line.Words.Length; i++)
        {
            if (line.Words[i].Text == option)
            {
                return line.Words[i + 1];
            }
        }

        return null;
    }

    /// <summary>The first argument as a whole number; null if it is none, which is somebody else's complaint.</summary>
    public static long? Whole(this TreeNode node) => node.ArgumentCount > 0 ? Whole(node.Words[1].Text) : null;

    public static long? Whole(string text)
    {
        ParsedNumber number = ConfigNumbers.Whole(text, int.MinValue, uint.MaxValue, isLax: true);
        return number.IsUsable ? number.Value : null;
    }

    /// <summary>The first argument as seconds.</summary>
    public static long? Microseconds(this TreeNode node)
    {
        if (node.ArgumentCount == 0)
        {
            return null;
        }

        ParsedNumber number = ConfigNumbers.Seconds(node.Words[1].Text, 0, long.MaxValue);
        return number.IsUsable ? number.Value : null;
    }

    /// <summary>A switch: on when it stands there without a word or with one that says so.</summary>
    public static bool IsOn(this TreeNode? node) => node is not null && (node.ArgumentCount == 0 || node.Words[1].Text is "on" or "true" or "yes");

    /// <summary>Names for a sentence: the first three and how many more.</summary>
    public static string Listed(List<string> names)
    {
        const int Shown = 3;
        string text = string.Join(", ", names.GetRange(0, Math.Min(Shown, names.Count)));
        return names.Count <= Shown ? text : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{text} and {names.Count - Shown} more");
    }
}
