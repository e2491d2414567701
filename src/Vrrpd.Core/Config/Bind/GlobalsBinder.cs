namespace Vrrpd.Core.Config;

/// <summary>global_defs blocks, of which there may be several anywhere in the file.</summary>
internal sealed class GlobalsBinder(BlockBinder common)
{
    public GlobalConfig Config { get; private set; } = new();

    /// <summary>vrrp_version, for the instances that name none.</summary>
    public int Version { get; private set; } = 2;
    public AnnounceDraft Announce { get; } = new();

    /// <summary>One of the blocks; what several say adds up, the last word wins.</summary>
    public void Read(ConfigNode block)
    {
        Config = Config with { Where = block.First.Where };
        foreach (ConfigNode node in common.Check(block, common.Refuse))
        {
            string value = node.ArgumentCount > 0 ? node.Words[1].Text : "";
            switch (node.Keyword!.Id)
            {
                case KeywordId.RouterId when node.ArgumentCount == 0:
                    common.Findings.Error(node.First, ConfigFault.General, "routerid name missing - ignoring", "router_id takes a name");
                    break;
                case KeywordId.RouterId:
                    Config = Config with { RouterId = value };
                    break;
                case KeywordId.ScriptUser when node.ArgumentCount == 0:
                    common.Findings.Error(node.First, ConfigFault.General, "No script username specified",
                        "script_user takes USER [GROUP]");
                    break;
                case KeywordId.ScriptUser when common.User(node) is { } user:
                    Config = Config with { ScriptUser = user.User, ScriptGroup = user.Group, ScriptUserWhere = node.Words[1].Where };
                    break;
                case KeywordId.ScriptUser:
                    common.Findings.Error(node.Words[1], ConfigFault.General, "Error setting global script uid/gid",
                        "script_user takes USER [GROUP] or USER:GROUP");
                    break;
                case KeywordId.ScriptSecurity:
                    Config = Config with { ScriptSecurity = true };
                    break;
                case KeywordId.Version:
                    Version = (int)(common.Number(node, "VRRP Error: Version must be either 2 or 3") ?? Version);
                    break;
                case KeywordId.DefaultInterface when node.ArgumentCount == 0:
                    common.Findings.Error(node.First, ConfigFault.General, "default_interface requires interface name",
                        "default_interface takes IF");
                    break;
                case KeywordId.DefaultInterface:
                    Config = Config with { DefaultInterface = common.Interface(node.Words[1]) ?? Config.DefaultInterface };
                    break;
                default:
                    AnnounceBinder.Bind(node, Announce, common, "");
                    break;
            }
        }
    }
}
