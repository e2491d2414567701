using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>An address line of virtual_ipaddress or virtual_ipaddress_excluded that is an address.</summary>
internal sealed record LintAddress(LintInstance Owner, TreeNode Line, Ip Ip, int Prefix, string Device, bool IsExcluded)
{
    public Word At => Line.First;
}

/// <summary>Something tracked with a line in a track_* block of an instance or a group.</summary>
/// <param name="Weight">Null: the object's own.</param>
internal sealed record LintTracker(TreeNode Block, TreeNode Line, int? Weight)
{
    public string Name => Line.First.Text;
}

/// <summary>A vrrp_script.</summary>
internal sealed record LintScript(TreeNode Node, string Name)
{
    public TreeNode? Command => Node.Last("script");
    public long Interval => Math.Max(1, Node.Last("interval")?.Microseconds() ?? 1_000_000);
    public long Timeout => Node.Last("timeout")?.Microseconds() ?? Interval;
    public int Weight => (int)(Node.Last("weight")?.Whole() ?? 0);
}

/// <summary>A vrrp_sync_group with the instances that exist.</summary>
internal sealed record LintGroup(TreeNode Node, string Name, List<LintInstance> Members);

/// <summary>
/// The configuration as lints ask for it: blocks by name, values with their defaults and the words they were written with. Made from the
/// tree and not from the bound model, because most traps stand in keywords that are dropped, replaced or not served.
/// </summary>
internal sealed class LintModel
{
    private readonly Dictionary<string, LintInstance> _byName = [];

    public LintModel(TreeNode root)
    {
        Root = root;
        foreach (TreeNode node in root.Children)
        {
            switch (node.Keyword!.Name)
            {
                case "global_defs":
                    Globals.Children.AddRange(node.Children);
                    break;
                case "vrrp_instance" when node.ArgumentCount == 1:
                    LintInstance instance = new(node, this);
                    if (_byName.TryAdd(instance.Name, instance))
                    {
                        Instances.Add(instance);
                    }

                    break;
                case "vrrp_script" when node.ArgumentCount > 0:
                    Scripts.TryAdd(node.Words[1].Text, new(node, node.Words[1].Text));
                    break;
                case "vrrp_track_process" or "bfd_instance" when node.ArgumentCount > 0:
                    Tracked.TryAdd($"{node.Keyword.Name} {node.Words[1].Text}", node);
                    break;
                default:
                    break;
            }
        }

        foreach (LintInstance instance in Instances)
        {
            instance.Settle();
        }

        foreach (TreeNode node in root.Named("vrrp_sync_group"))
        {
            if (node.ArgumentCount > 0)
            {
                Groups.Add(Group(node));
            }
        }
    }

    public TreeNode Root { get; }

    /// <summary>All global_defs blocks as one.</summary>
    public TreeNode Globals { get; } = new(null, []);
    public List<LintInstance> Instances { get; } = [];
    public Dictionary<string, LintScript> Scripts { get; } = [];

    /// <summary>Processes and BFD sessions, by keyword and name.</summary>
    public Dictionary<string, TreeNode> Tracked { get; } = [];
    public List<LintGroup> Groups { get; } = [];

    private LintGroup Group(TreeNode node)
    {
        List<LintInstance> members = [];
        LintGroup group = new(node, node.Words[1].Text, members);
        foreach (TreeNode block in node.Named("group"))
        {
            foreach (TreeNode line in block.Children)
            {
                if (_byName.TryGetValue(line.First.Text, out LintInstance? member))
                {
                    members.Add(member);
                    member.Group ??= group;
                }
            }
        }

        return group;
    }
}
