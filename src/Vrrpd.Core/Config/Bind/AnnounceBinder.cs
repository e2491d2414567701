namespace Vrrpd.Core.Config;

/// <summary>The GARP numbers, which global_defs and vrrp_instance share under different names.</summary>
internal static class AnnounceBinder
{
    /// <summary>A day, in seconds.</summary>
    private const long LongestExtra = 86400;

    /// <summary>A keyword that is none of them is left alone. The prefix is keepalived's: "(VI_1): " in an instance, "" in
    /// global_defs.</summary>
    public static void Bind(ConfigNode node, AnnounceDraft draft, BlockBinder common, string prefix)
    {
        switch (node.Keyword!.Name)
        {
            case "garp_master_delay" or "vrrp_garp_master_delay":
                draft.Delay = BlockBinder.Number(node);
                break;
            case "garp_master_repeat" or "vrrp_garp_master_repeat":
                draft.Repeat = AtLeastOne(node, common, prefix);
                break;
            case "garp_master_refresh" or "vrrp_garp_master_refresh":
                draft.Refresh = BlockBinder.Number(node);
                break;
            case "garp_master_refresh_repeat" or "vrrp_garp_master_refresh_repeat":
                draft.RefreshRepeat = AtLeastOne(node, common, prefix);
                break;
            case "garp_lower_prio_delay" or "vrrp_garp_lower_prio_delay":
                draft.LowerDelay = BlockBinder.Number(node);
                break;
            case "garp_lower_prio_repeat" or "vrrp_garp_lower_prio_repeat":
                draft.LowerRepeat = BlockBinder.Number(node);
                break;
            case "garp_extra_if" or "vrrp_garp_extra_if" or "vmac_garp_intvl" or "vrrp_vmac_garp_intvl" when node.ArgumentCount > 0:
                draft.Extra = Extra(node) ?? draft.Extra;
                break;
            case "vrrp_min_garp":
                draft.IsMinimal = BlockBinder.Bool(node);
                break;
            default:
                break;
        }
    }

    /// <summary>[all] SECONDS, which the check has found good.</summary>
    private static (long Seconds, bool All)? Extra(ConfigNode node)
    {
        Word last = node.Words[^1];
        ParsedNumber number = ConfigNumbers.Whole(last.Text, 0, LongestExtra, isLax: true);
        return number.IsUsable ? (number.Value, node.Words[1].Is("all"u8)) : null;
    }

    private static long AtLeastOne(ConfigNode node, BlockBinder common, string prefix)
    {
        long value = BlockBinder.Number(node);
        if (value == 0)
        {
            common.Findings.Error(node.Words[1], ConfigFault.General, $"{prefix}{node.First.Text} must be greater than 0, setting to 1",
                "at least one is sent");
            return 1;
        }

        return value;
    }
}
