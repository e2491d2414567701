using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>vrrp_strict: the switch from sample configurations that costs people hours.</summary>
internal static class StrictLints
{
    public static readonly LintRule BlocksTraffic = new("strict-blocks-traffic", Severity.Warning,
        "`vrrp_strict` or `strict_mode` with instances that are not address owners",
        "a strict master that does not own the address (priority 255) drops all traffic to it but neighbour discovery:"
            + " ping, ssh and services on the virtual address do not answer",
        "remove vrrp_strict; or use version 3 and write accept in the instance");

    public static readonly LintRule Drops = new("strict-drops", Severity.Warning,
        "keywords that strict mode drops or overrides", "strict mode allows only what the RFCs define", "remove this, or remove vrrp_strict");

    public static void Check(LintContext lint)
    {
        List<string> silent = [];
        Word? first = null;
        foreach (LintInstance instance in lint.Model.Instances)
        {
            if (!instance.IsStrict)
            {
                continue;
            }

            if (!instance.IsOwner && !(instance.Version == 3 && instance.Node.Has("accept")))
            {
                silent.Add(instance.Name);
                first ??= (instance.Node.Last("strict_mode") ?? lint.Model.Globals.Last("vrrp_strict"))!.First;
            }

            Instance(lint, instance);
        }

        if (first is { } at)
        {
            lint.Add(BlocksTraffic, at, $"{at.Text} makes {NodeQuery.Listed(silent)} drop traffic to the virtual addresses");
        }

        if (lint.Model.Globals.Last("vrrp_strict").IsOn())
        {
            foreach (TreeNode node in lint.Model.Globals.Children)
            {
                if (Reaction(node, "vrrp_", 0) is { Length: > 0 } what)
                {
                    Say(lint, node.First, what);
                }
            }
        }
    }

    private static void Instance(LintContext lint, LintInstance instance)
    {
        foreach (TreeNode node in instance.Node.Children)
        {
            if (Reaction(node, "", instance.Version) is { Length: > 0 } what)
            {
                Say(lint, node.First, what);
            }
        }

        if (instance.State is { ArgumentCount: > 0 } state && instance.WantsMaster != instance.IsOwner)
        {
            Say(lint, state.Words[1], instance.IsOwner ? "state becomes MASTER, because priority 255 is the owner's"
                : "state becomes BACKUP, because only priority 255 starts as master");
        }
    }

    /// <summary>What strict mode makes of a statement; "" for nothing.</summary>
    private static string Reaction(TreeNode node, string prefix, int version)
    {
        string name = node.Keyword!.Name;
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
        {
            return "";
        }

        return name[prefix.Length..] switch
        {
            "authentication" => "the password is dropped: adverts go out without authentication",
            "unicast_peer" => "unicast is refused on an interface with multicast: keepalived does not start with it",
            "preempt_delay" => "preempt_delay becomes 0",
            "down_timer_adverts" when node.Whole() != 3 => "the number of missed adverts becomes 3",
            "no_virtual_ipaddress" => "an instance without addresses does not start",
            "accept" when version == 2 => "accept is ignored with version 2",
            "garp_lower_prio_repeat" or "garp_lower_prio_delay" => "no gratuitous ARP is sent after an advert of lower priority",
            "lower_prio_no_advert" when !node.IsOn() => "an advert of lower priority is not answered at once",
            "higher_prio_send_advert" when node.IsOn() => "no advert is sent before yielding to a higher priority",
            "vmac_xmit_base" => "adverts leave through the virtual MAC interface all the same",
            "version" when version == 3 && node.Whole() == 2 => "version 2 with IPv6 becomes version 3",
            _ => "",
        };
    }

    private static void Say(LintContext lint, Word at, string what) => lint.Add(Drops, at, $"strict mode: {what}");
}
