namespace Vrrpd.Core.Config;

/// <summary>global_defs blocks, of which there may be several anywhere in the file.</summary>
internal sealed class GlobalsBinder(BlockBinder common)
{
    private readonly GlobalChecks _checks = new(common);

    public GlobalConfig Config { get; private set; } = new();

    /// <summary>vrrp_version, for the instances that name none.</summary>
    public int Version { get; private set; } = 2;
    public AnnounceDraft Announce { get; } = new();

    /// <summary>vrrp_strict, for the instances that do not say themselves.</summary>
    public bool IsStrict { get; private set; }

    /// <summary>vrrp_down_timer_adverts, likewise.</summary>
    public int DownTimerAdverts { get; private set; } = 3;

    /// <summary>vrrp_garp_interval and vrrp_gna_interval, in microseconds.</summary>
    public long ArpMicroseconds { get; private set; }
    public long NeighbourMicroseconds { get; private set; }

    /// <summary>A statement of the top level.</summary>
    public void CheckRoot(ConfigNode node) => _checks.Check(node);

    /// <summary>One of the blocks; what several say adds up, the last word wins.</summary>
    public void Read(ConfigNode block)
    {
        Config = Config with { Where = block.First.Where };
        foreach (ConfigNode node in BlockBinder.Accepted(block, common.Refuse))
        {
            _checks.Check(node);
            string value = node.ArgumentCount > 0 ? node.Words[1].Text : "";
            switch (node.Keyword!.Name)
            {
                case "router_id":
                    Config = Config with { RouterId = value };
                    break;
                case "script_user" when BlockBinder.User(node) is { } user:
                    Config = Config with { ScriptUser = user.User, ScriptGroup = user.Group, ScriptUserWhere = node.Words[1].Where };
                    break;
                case "script_user":
                    common.Findings.Error(node.Words[1], ConfigFault.General, "Error setting global script uid/gid",
                        "script_user takes USER [GROUP] or USER:GROUP");
                    break;
                case "enable_script_security":
                    Config = Config with { ScriptSecurity = true };
                    break;
                case "vrrp_version":
                    Version = (int)BlockBinder.Number(node);
                    break;
                case "vrrp_down_timer_adverts":
                    DownTimerAdverts = (int)BlockBinder.Number(node);
                    break;
                case "dynamic_interfaces":
                    Config = Config with { DynamicInterfaces = true };
                    break;
                case "vrrp_strict":
                    IsStrict = BlockBinder.Bool(node);
                    break;
                case "vrrp_garp_interval":
                    ArpMicroseconds = BlockBinder.Number(node);
                    break;
                case "vrrp_gna_interval":
                    NeighbourMicroseconds = BlockBinder.Number(node);
                    break;
                case "default_interface":
                    Config = Config with { DefaultInterface = value };
                    break;
                default:
                    AnnounceBinder.Bind(node, Announce, common, "");
                    break;
            }
        }
    }
}
