namespace Vrrpd.Core.Config;

/// <summary>The six GARP numbers, which global_defs and vrrp_instance share under different names.</summary>
internal static class AnnounceBinder
{
    /// <summary>A keyword that is none of the six is left alone. The prefix is keepalived's: "(VI_1): " in an instance, "" in
    /// global_defs.</summary>
    public static void Bind(ConfigNode node, AnnounceDraft draft, BlockBinder common, string prefix)
    {
        switch (node.Keyword!.Id)
        {
            case KeywordId.GarpDelay:
                draft.Delay = Read(node, common, prefix) ?? draft.Delay;
                break;
            case KeywordId.GarpRepeat:
                draft.Repeat = AtLeastOne(node, common, prefix) ?? draft.Repeat;
                break;
            case KeywordId.GarpRefresh:
                draft.Refresh = Read(node, common, prefix) ?? draft.Refresh;
                break;
            case KeywordId.GarpRefreshRepeat:
                draft.RefreshRepeat = AtLeastOne(node, common, prefix) ?? draft.RefreshRepeat;
                break;
            case KeywordId.GarpLowerDelay:
                draft.LowerDelay = Read(node, common, prefix) ?? draft.LowerDelay;
                break;
            case KeywordId.GarpLowerRepeat:
                draft.LowerRepeat = common.Number(node, $"{prefix}Invalid {node.First.Text} '{node.Words[1].Text}'") ?? draft.LowerRepeat;
                break;
            default:
                break;
        }
    }

    private static long? Read(ConfigNode node, BlockBinder common, string prefix) =>
        common.Number(node, $"{prefix}{node.First.Text} '{node.Words[1].Text}' invalid - ignoring");

    private static long? AtLeastOne(ConfigNode node, BlockBinder common, string prefix)
    {
        long? value = Read(node, common, prefix);
        if (value == 0)
        {
            common.Findings.Error(node.Words[1], ConfigFault.General, $"{prefix}{node.First.Text} must be greater than 0, setting to 1",
                "at least one is sent");
            return 1;
        }

        return value;
    }
}
