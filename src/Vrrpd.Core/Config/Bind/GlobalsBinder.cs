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

    public Ip Group4 { get; private set; } = ChannelTable.UsualGroup(isV6: false);
    public Ip Group6 { get; private set; } = ChannelTable.UsualGroup(isV6: true);

    /// <summary>For instances that do not say themselves.</summary>
    public bool LowerPriorityNoAdvert { get; private set; }
    public bool HigherPrioritySendsAdvert { get; private set; }
    public bool OwnersIgnoreAdverts { get; private set; }
    public bool ChecksUnicastSource { get; private set; }
    public bool SkipsSameMaster { get; private set; }
    public bool MessageOnlyChecksum { get; private set; }

    /// <summary>First letters of the names of devices; null: as the instances'.</summary>
    public string DevicePrefix { get; private set; } = "vrrp";
    public string? AddressDevicePrefix { get; private set; }

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
            if (Protocol(node, node.Keyword!.Name) || Filter(node, node.Keyword.Name, value))
            {
                continue;
            }

            switch (node.Keyword.Name)
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

    private bool Protocol(ConfigNode node, string keyword)
    {
        switch (keyword)
        {
            case "vrrp_mcast_group4" or "vrrp_mcast_group6":
                if (!Ip.TryParse(node.Words[1].Text, out Ip group) || group.IsV6 != keyword.EndsWith('6') || !TransportBinder.IsMulticast(group))
                {
                    return true;
                }

                (Group4, Group6) = group.IsV6 ? (Group4, group) : (group, Group6);
                return true;
            case "vrrp_startup_delay":
                Config = Config with { StartupDelay = ConfigNumbers.Time(BlockBinder.Number(node)) };
                return true;
            case "vrrp_delay_after_boot":
                Config = Config with { DelayAfterBoot = ConfigNumbers.Time(BlockBinder.Number(node)) };
                return true;
            case "log_unknown_vrids":
                Config = Config with { LogsUnknownVrids = true };
                return true;
            case "vrrp_lower_prio_no_advert":
                LowerPriorityNoAdvert = BlockBinder.Bool(node);
                return true;
            case "vrrp_higher_prio_send_advert":
                HigherPrioritySendsAdvert = BlockBinder.Bool(node);
                return true;
            case "vrrp_owner_ignore_adverts":
                OwnersIgnoreAdverts = BlockBinder.Bool(node);
                return true;
            case "vrrp_check_unicast_src":
                ChecksUnicastSource = true;
                return true;
            case "vrrp_skip_check_adv_addr":
                SkipsSameMaster = BlockBinder.Bool(node);
                return true;
            case "v3_checksum_as_v2":
                MessageOnlyChecksum = BlockBinder.Bool(node);
                return true;
            case "vmac_prefix":
                DevicePrefix = node.Words[1].Text;
                return true;
            case "vmac_addr_prefix":
                AddressDevicePrefix = node.Words[1].Text;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The words about nftables; those about iptables have none of their own here.</summary>
    private bool Filter(ConfigNode node, string keyword, string value)
    {
        FirewallConfig firewall = Config.Firewall;
        FirewallConfig? next = keyword switch
        {
            "nftables" => firewall with { Table = value.Length == 0 ? FirewallConfig.Usual.Table : value },
            "nftables_priority" => firewall with { Priority = (int)BlockBinder.Number(node) },
            "nftables_counters" => firewall with { HasCounters = true },
            "nftables_ifindex" => firewall with { HasIndexes = true },
            _ => null,
        };
        Config = next is null ? Config : Config with { Firewall = next };
        return next is not null;
    }
}
