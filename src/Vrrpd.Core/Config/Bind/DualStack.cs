using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// A mixed list of addresses: an advert holds one family, so that the others need an instance of their own. It is written out, together with the group
/// that makes both change state at once.
/// </summary>
internal static class DualStack
{
    /// <summary>What is the same for both families and names nothing that can be only once.</summary>
    private static readonly HashSet<string> s_shared =
    [
        "interface", "virtual_router_id", "state", "priority", "advert_int", "preempt", "nopreempt", "preempt_delay", "down_timer_adverts", "accept",
        "no_accept", "strict_mode", "vmac_xmit_base", "dont_track_primary", "lower_prio_no_advert", "higher_prio_send_advert", "owner_ignore_adverts",
        "garp_master_delay", "garp_master_repeat", "garp_master_refresh", "garp_master_refresh_repeat", "garp_lower_prio_delay",
        "garp_lower_prio_repeat",
    ];

    /// <param name="misfits">Lines of the family that the instance does not have; at least one.</param>
    public static Diagnostic Advice(ConfigNode block, InstanceDraft draft, List<ConfigNode> misfits)
    {
        string family = draft.IsV6 == true ? "IPv4" : "IPv6", name = $"{draft.Name}_{(draft.IsV6 == true ? '4' : '6')}";
        Word at = misfits[0].First;
        string count = misfits.Count == 1 ? "1 address is" : $"{Shown.Of(misfits.Count)} addresses are";
        return new Diagnostic(at.Where, Severity.Warning, ConfigFault.None,
            $"({draft.Name}) {family} needs an instance of its own: {count} not served")
        {
            Code = FindingCode.DualStack,
            Explanation = $"an advert holds one family; take the {family} addresses out of {draft.Name} and put this beside it:",
            SourceLine = at.Line.Shown,
            Paste = Lines(block, draft, name, misfits),
        }.From(at);
    }

    private static string[] Lines(ConfigNode block, InstanceDraft draft, string name, List<ConfigNode> misfits)
    {
        string first = Word(block.Words[1]);
        string second = first.StartsWith('"') ? $"\"{name}\"" : name;
        List<string> lines =
        [
            $"vrrp_sync_group {first} {{", "    group {", $"        {first}", $"        {second}", "    }", "}", $"vrrp_instance {second} {{",
        ];
        foreach (ConfigNode node in block.Children)
        {
            string keyword = node.Keyword!.Name;
            if (!node.IsRejected && (s_shared.Contains(keyword) || keyword is "use_vmac"))
            {
                // A device of its own name is the other instance's.
                lines.Add("    " + (keyword == "use_vmac" ? keyword : Line(node)));
            }
        }

        lines.Add("    virtual_ipaddress {");
        misfits.ForEach(line => lines.Add("        " + Line(line)));
        lines.AddRange(["    }", "}"]);
        return lines.ToArray();
    }

    private static string Line(ConfigNode node)
    {
        string text = "";
        foreach (Word word in node.Words)
        {
            text += (text.Length > 0 ? " " : "") + Word(word);
        }

        return text;
    }

    private static string Word(Word word) => WordText.Written(word, isFirst: false, isCommand: false);
}
