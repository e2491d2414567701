using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>A vrrp_instance with what counts after defaults and global_defs.</summary>
internal sealed class LintInstance(TreeNode node, LintModel model)
{
    private const long Second = 1_000_000;

    public TreeNode Node { get; } = node;
    public Word NameWord => Node.Words[1];
    public string Name => NameWord.Text;
    public List<LintAddress> Addresses { get; } = [];
    public List<LintTracker> Trackers { get; } = [];
    public LintGroup? Group { get; set; }

    /// <summary>"" for none.</summary>
    public string Interface { get; } = node.Last("interface") is { ArgumentCount: > 0 } found ? found.Words[1].Text : "";
    public int Vrid { get; } = (int)(node.Last("virtual_router_id")?.Whole() ?? 0);

    /// <summary>Behind MASTER another one is ignored.</summary>
    public TreeNode? State { get; } = node.Named("state").Find(state => state.ArgumentCount > 0 && state.Words[1].Text == "MASTER") ?? node.Last("state");
    public bool WantsMaster => State is { ArgumentCount: > 0 } && State.Words[1].Text == "MASTER";

    /// <summary>The base priority: `state MASTER` without one is the owner's.</summary>
    public int Priority { get; private set; }
    public bool IsOwner => Priority == 255;
    public bool IsV6 { get; private set; }
    public int Version { get; private set; }
    public bool IsStrict { get; private set; }
    public bool IsUnicast { get; } = node.Has("unicast_peer");

    /// <summary>As written, in microseconds.</summary>
    public long AdvertInterval { get; private set; }

    /// <summary>What depends on other blocks; called when all are known.</summary>
    public void Settle()
    {
        Priority = Node.HasWrongPriority() ? 100 : (int)(Node.Last("priority")?.Whole() ?? (WantsMaster && !Node.Has("priority") ? 255 : 100));
        ReadAddresses("virtual_ipaddress", isExcluded: false);
        ReadAddresses("virtual_ipaddress_excluded", isExcluded: true);
        IsV6 = Family();
        Version = (int)(Node.Last("version")?.Whole() ?? (IsV6 ? 3 : model.Globals.Last("vrrp_version")?.Whole() ?? 2));
        IsStrict = (Node.Last("strict_mode") ?? model.Globals.Last("vrrp_strict")).IsOn();
        AdvertInterval = Node.Last("advert_int")?.Microseconds() ?? Second;
        foreach (TreeNode block in Node.Children)
        {
            if (block.Keyword!.Name.StartsWith("track_", StringComparison.Ordinal))
            {
                Tracked(block, Trackers);
            }
        }
    }

    /// <summary>The lines of a track_* block.</summary>
    public static void Tracked(TreeNode block, List<LintTracker> trackers)
    {
        foreach (TreeNode line in block.Children)
        {
            int? weight = null;
            for (int i = 1; i + 1 < line.Words.Length; i++)
            {
                if (line.Words[i].Text == "weight")
                {
                    weight = (int?)NodeQuery.Whole(line.Words[i + 1].Text);
                }
            }

            trackers.Add(new(block, line, weight));
        }
    }

    /// <summary>The first word that has a family decides.</summary>
    private bool Family()
    {
        foreach (TreeNode child in Node.Children)
        {
            string name = child.Keyword!.Name;
            if (name == "native_ipv6")
            {
                return true;
            }

            if (name is ("mcast_src_ip" or "unicast_src_ip" or "mcast_dst_ip") && child.ArgumentCount > 0 && TryAddress(child.Words[1], out Ip ip))
            {
                return ip.IsV6;
            }

            foreach (TreeNode line in name is "virtual_ipaddress" or "unicast_peer" ? child.Children : [])
            {
                if (TryAddress(line.First, out ip))
                {
                    return ip.IsV6;
                }
            }
        }

        return false;
    }

    /// <summary>With or without a length behind it.</summary>
    private static bool TryAddress(Word word, out Ip ip)
    {
        string text = word.Text;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return Ip.TryParse(slash < 0 ? text : text[..slash], out ip);
    }

    private void ReadAddresses(string keyword, bool isExcluded)
    {
        foreach (TreeNode block in Node.Named(keyword))
        {
            foreach (TreeNode line in block.Children)
            {
                string text = line.First.Text;
                int slash = text.IndexOf('/', StringComparison.Ordinal);
                if (!Ip.TryParse(slash < 0 ? text : text[..slash], out Ip ip))
                {
                    continue;
                }

                long full = ip.IsV6 ? 128 : 32;
                long prefix = slash < 0 ? full : NodeQuery.Whole(text[(slash + 1)..]) ?? full;
                string device = line.After("dev") is { } word ? word.Text : Interface;
                Addresses.Add(new(this, line, ip, (int)Math.Clamp(prefix, 0, full), device, isExcluded));
            }
        }
    }
}
