using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>All traps that `vrrpd check` looks for. docs/check.md lists them from this table.</summary>
public static class Lints
{
    /// <summary>In the order of the documentation.</summary>
    public static readonly LintRule[] All =
    [
        StateLints.NoPreemptIgnored, StateLints.BareMaster, StateLints.MasterNoEffect, StateLints.BackupOwner,
        TimingLints.Rounded, TimingLints.TooLong, TimingLints.Short, TimingLints.OneAdvert, TimingLints.DelayIgnored,
        StrictLints.BlocksTraffic, StrictLints.Drops,
        AuthLints.Cut, AuthLints.Plain, AuthLints.Version3, AuthLints.Twice, AuthLints.Readable,
        UnicastLints.NoPeers, UnicastLints.EmptyPeers, UnicastLints.SelfPeer, UnicastLints.NoSource,
        LinkLints.SharedVrid, LinkLints.RouterIds, PeerLints.BothEnds,
        AddressLints.PrefixDiffers, AddressLints.Twice, AddressLints.MixedFamily, AddressLints.TooMany, AddressLints.NoHost,
        AddressLints.DeviceUntracked, AddressLints.IsSource,
        WeightLints.NoEffect, WeightLints.TooSmall, WeightLints.Window, WeightLints.InGroup, WeightLints.NoPreempt,
        GroupLints.Priorities, GroupLints.Blind, GroupLints.NoPreempt,
        ScriptLints.Interval, ScriptLints.Unused, ScriptLints.Late, ScriptLints.Processes, ScriptLints.NoShell, ScriptLints.Dropped,
        WordLints.Comment, WordLints.Variable, WordLints.Backslash, WordLints.Typographic, WordLints.Single,
    ];

    /// <summary>Null if no lint has that code.</summary>
    internal static LintRule? Find(string code)
    {
        foreach (LintRule rule in All)
        {
            if (rule.Code == code)
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>What a configuration is warned about. The tree is the parsed file, however wrong it is.</summary>
    internal static Diagnostic[] Find(TreeNode root)
    {
        LintContext lint = new(new LintModel(root));
        StateLints.Check(lint);
        TimingLints.Check(lint);
        StrictLints.Check(lint);
        AuthLints.Check(lint);
        UnicastLints.Check(lint);
        LinkLints.Check(lint);
        PeerLints.Check(lint);
        AddressLints.Check(lint);
        WeightLints.Check(lint);
        GroupLints.Check(lint);
        ScriptLints.Check(lint);
        WordLints.Check(lint);
        return lint.ToArray();
    }

    /// <summary>The first secret of each file, for a host that can look at the modes of files.</summary>
    internal static List<Word> Secrets(TreeNode root)
    {
        List<Word> found = [];
        HashSet<string> files = [];
        Stack<TreeNode> rest = new([root]);
        while (rest.TryPop(out TreeNode? node))
        {
            node.Children.ForEach(rest.Push);
            if (node.Keyword is { IsSecret: true } && node.ArgumentCount > 0 && files.Add(node.First.Line.File))
            {
                found.Add(node.First);
            }
        }

        return found;
    }
}
