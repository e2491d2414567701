using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

using static ArgumentKind;
using static ConfigBlock;

/// <summary>
/// The keyword table. To serve a keyword: move its name from the "not yet" lists to a row of its own, and give its
/// <see cref="KeywordId"/> a case in the binder. Parsing, suggestions, docs and the consistency test read the rest from here.
/// </summary>
public static class ConfigKeywords
{
    private const long Second = 1_000_000;
    private const long Ages = uint.MaxValue;
    private const long Longest = 4294;
    private const string NoMail = "no mail is sent";

    private static Keyword[]? s_table;
    private static Dictionary<(ConfigBlock, string), Keyword>? s_index;

    private static Keyword[] MakeTable() =>
    [
        // ---- top level
        Block(Root, "global_defs", KeywordId.GlobalDefs, GlobalDefs, "", 0, "settings of the whole daemon; may occur several times"),
        Block(Root, "vrrp_script", KeywordId.VrrpScript, Script, "NAME", 1, "a check that instances can track"),
        Block(Root, "vrrp_instance", KeywordId.VrrpInstance, Instance, "NAME", 0, "a virtual router on one interface"),
        .. NotYet(Root, "linkbeat_use_polling net_namespace_ipvs namespace_with_ipsets instance use_pid_dir child_wait_time"),
        .. NotYetBlocks(Root, "static_ipaddress static_routes static_rules", "these are not added"),
        .. NotYetBlocks(Root, "vrrp_sync_group", "its instances change state each on its own"),
        .. NotYetBlocks(Root, "vrrp_track_process track_file vrrp_track_file bfd_instance", "what tracks it is not affected"),
        .. NotYetBlocks(Root, "virtual_server virtual_server_group SSL", "there is no load balancer and no health checker here"),
        .. NotYetBlocks(Root, "track_group garp_group linkbeat_interfaces interface_up_down_delays"),
        Refused(Root, "net_namespace", KeywordForm.Statement, "would run in the wrong network"),

        // ---- global_defs
        One(GlobalDefs, "router_id", KeywordId.RouterId, Text, "NAME", 0, 0,
            "name of this host, default the host name") with { Mandatory = 0 },
        One(GlobalDefs, "script_user", KeywordId.ScriptUser, User, "USER [GROUP]", 0, 0, "who runs scripts")
            with { Mandatory = 0, Most = 3 },
        One(GlobalDefs, "enable_script_security", KeywordId.ScriptSecurity, None, "", 0, 0,
            "refuse scripts that others than root can change"),
        One(GlobalDefs, "vrrp_version", KeywordId.Version, Number, "2", 2, 3, "protocol version of instances that name none"),
        One(GlobalDefs, "default_interface", KeywordId.DefaultInterface, ArgumentKind.Interface, "IF", 0, 0,
            "device of addresses that name none, default eth0")
            with { Mandatory = 0 },
        .. Garp(GlobalDefs, "vrrp_garp_"),
        .. NotYet(GlobalDefs, "process_names process_name vrrp_process_name checker_process_name lvs_process_name bfd_process_name"
            + " vrrp_priority checker_priority bfd_priority vrrp_no_swap checker_no_swap bfd_no_swap"
            + " vrrp_rt_priority checker_rt_priority bfd_rt_priority vrrp_cpu_affinity checker_cpu_affinity bfd_cpu_affinity"
            + " vrrp_rlimit_rttime checker_rlimit_rttime bfd_rlimit_rttime vrrp_rlimit_rtime checker_rlimit_rtime bfd_rlimit_rtime"
            + " max_auto_priority min_auto_priority_delay umask random_seed use_symlink_paths set_supplementary_groups"),
        .. NotYet(GlobalDefs, "startup_script shutdown_script startup_script_timeout shutdown_script_timeout", "it is not run"),
        .. NotYet(GlobalDefs, "notify_fifo notify_fifo_script vrrp_notify_fifo vrrp_notify_fifo_script lvs_notify_fifo"
            + " lvs_notify_fifo_script vrrp_notify_priority_changes fifo_write_vrrp_states_on_reload", "nothing is notified"),
        .. NotYetBlocks(GlobalDefs, "notification_email", NoMail),
        .. NotYet(GlobalDefs, "notification_email_from smtp_server smtp_helo_name smtp_connect_timeout smtp_alert smtp_alert_vrrp"
            + " smtp_alert_checker no_email_faults no_checker_emails checker_log_all_failures", NoMail),
        .. NotYet(GlobalDefs, "vrrp_mcast_group6 dynamic_interfaces disable_local_igmp vrrp_startup_delay vrrp_delay_after_boot"
            + " vrrp_down_timer_adverts vrrp_lower_prio_no_advert vrrp_higher_prio_send_advert vrrp_owner_ignore_adverts"
            + " vrrp_check_unicast_src vrrp_skip_check_adv_addr v3_checksum_as_v2 log_unknown_vrids vrrp_rx_bufs_policy"
            + " vrrp_rx_bufs_multiplier vmac_prefix vmac_addr_prefix lvs_sync_daemon lvs_timeouts lvs_flush lvs_flush_on_stop"
            + " lvs_flush_onstop rs_init_notifies"),
        Refused(GlobalDefs, "vrrp_mcast_group4", KeywordForm.Statement,
            "adverts to another group would not be heard") with { Harmless = "224.0.0.18" },
        Refused(GlobalDefs, "vrrp_strict", KeywordForm.Statement, "strict mode changes what is sent") with { Harmless = "off false no" },
        .. NotYet(GlobalDefs, "vrrp_garp_interval vrrp_gna_interval vrrp_min_garp vrrp_garp_extra_if vrrp_vmac_garp_intvl"),
        .. NotYet(GlobalDefs, "nftables nftables_priority nftables_counters nftables_ifindex vrrp_iptables vrrp_ipsets nftables_ipvs"
            + " nftables_ipvs_priority nftables_ipvs_start_fwmark"),
        .. NotYet(GlobalDefs, "snmp_socket enable_traps enable_snmp_vrrp enable_snmp_keepalived enable_snmp_checker enable_snmp_rfc"
            + " enable_snmp_rfcv2 enable_snmp_rfcv3 snmp_vs_stats_update_interval snmp_rs_stats_update_interval enable_dbus"
            + " dbus_service_name dbus_no_interface_name reload_check_config reload_time_file reload_repeat reload_file include_check"
            + " config_save_dir tmp_config_directory data_use_instance json_version state_dump_file stats_dump_file json_dump_file"
            + " state_file_location stats_file_location json_file_location iproute_usr_dir iproute_etc_dir"),
        .. NotYet(GlobalDefs,
            "vrrp_netlink_cmd_rcv_bufs vrrp_netlink_monitor_rcv_bufs lvs_netlink_cmd_rcv_bufs lvs_netlink_monitor_rcv_bufs"
            + " process_monitor_rcv_bufs vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs_force"
            + " lvs_netlink_cmd_rcv_bufs_force lvs_netlink_monitor_rcv_bufs_force process_monitor_rcv_bufs_force"),

        // ---- vrrp_script
        One(Script, "script", KeywordId.Command, Command, "COMMAND", 0, 0,
            "program and arguments, together in quotes; exit status 0 is success")
            with { Mandatory = 0 },
        One(Script, "interval", KeywordId.Interval, Seconds, "SECONDS", 0, Longest * Second, "from start to start, default 1"),
        One(Script, "timeout", KeywordId.Timeout, Seconds, "SECONDS", 0, Longest * Second,
            "then it is stopped and counts as failed, default the interval"),
        One(Script, "weight", KeywordId.Weight, Number, "-253..253 [reverse]", -253, 253,
            "added to the priority; 0, the default, means FAULT on failure")
            with { Most = 2 },
        One(Script, "rise", KeywordId.Rise, LaxNumber, "COUNT", 1, int.MaxValue, "successes in a row until it counts as up, default 1"),
        One(Script, "fall", KeywordId.Fall, LaxNumber, "COUNT", 1, int.MaxValue, "failures in a row until it counts as down, default 1"),
        One(Script, "user", KeywordId.User, User, "USER [GROUP]", 0, 0, "who runs it, default script_user") with { Most = 3 },
        .. NotYet(Script, "init_fail"),

        // ---- vrrp_instance
        One(Instance, "state", KeywordId.State, Choice, "MASTER|BACKUP", 0, 0, "MASTER without a priority means priority 255"),
        One(Instance, "interface", KeywordId.Interface, ArgumentKind.Interface, "IF", 0, 0, "where to speak VRRP; mandatory"),
        One(Instance, "mcast_src_ip", KeywordId.SourceAddress, Address, "ADDR", 0, 0,
            "source of adverts, default the first address of the interface"),
        One(Instance, "unicast_src_ip", KeywordId.SourceAddress, Address, "ADDR", 0, 0, "the same as mcast_src_ip"),
        One(Instance, "virtual_router_id", KeywordId.Vrid, Number, "1..255", 1, 255,
            "the same on all routers that share the addresses; mandatory"),
        One(Instance, "priority", KeywordId.Priority, Number, "1..255", 1, 255,
            "the highest is master, default 100; 255 owns the addresses"),
        One(Instance, "advert_int", KeywordId.AdvertInterval, Seconds, "SECONDS", Second / 100, 255 * Second,
            "whole seconds, default 1; equal on all routers"),
        One(Instance, "version", KeywordId.Version, Number, "2", 2, 3, "protocol version") with { Repeat = RepeatRule.FirstWins },
        Block(Instance, "authentication", KeywordId.Authentication, ConfigBlock.Authentication, "", 0, "password of the adverts"),
        Values(Instance, "virtual_ipaddress", KeywordId.Addresses, Addresses,
            "lines of ADDR[/LEN] [dev IF] [scope S] [brd A|+|-] [label L]: the addresses that the master has"),
        Values(Instance, "track_script", KeywordId.TrackScript, TrackScript,
            "lines of NAME [weight W [reverse|noreverse]]: scripts that decide"),
        .. Garp(Instance, "garp_"),
        Default(Instance, "preempt"),
        Default(Instance, "accept"),
        .. NotYet(Instance, "track_src_ip unicast_ttl unicast_fault_no_peer check_unicast_src old_unicast_checksum v3_checksum_as_v2"
            + " skip_check_adv_addr kernel_rx_buf_size debug linkbeat_use_polling promote_secondaries use_vmac_addr vmac_xmit_base"
            + " no_virtual_ipaddress no_accept down_timer_adverts lower_prio_no_advert higher_prio_send_advert owner_ignore_adverts"
            + " timer_expired_backup thread_timer_expired garp_extra_if vmac_garp_intvl notify_deleted notify_priority_changes"
            + " lvs_sync_daemon_interface"),
        .. NotYet(Instance, "nopreempt preempt_delay", "it takes over at once from a master of lower priority"),
        .. NotYet(Instance, "notify notify_master notify_backup notify_fault notify_stop notify_master_rx_lower_pri",
            "the script is not run"),
        .. NotYet(Instance, "smtp_alert", NoMail),
        .. NotYet(Instance, "dont_track_primary", "it enters FAULT when its interface goes down"),
        .. NotYetBlocks(Instance, "virtual_ipaddress_excluded", "these addresses are not put on the interface"),
        .. NotYetBlocks(Instance, "virtual_routes virtual_rules", "these are not added"),
        .. NotYetBlocks(Instance, "track_interface", "only its own interface takes it to FAULT"),
        .. NotYetBlocks(Instance, "track_file track_process track_bfd", "these change neither priority nor state"),
        Refused(Instance, "unicast_peer", KeywordForm.Values, "peers would not hear multicast"),
        Refused(Instance, "use_vmac", KeywordForm.Statement, "adverts and addresses would come from another MAC address"),
        Refused(Instance, "use_ipvlan", KeywordForm.Statement, "adverts and addresses would come from another interface"),
        Refused(Instance, "native_ipv6", KeywordForm.Statement, "adverts would go out over IPv4"),
        Refused(Instance, "vrf", KeywordForm.Statement, "adverts would go out elsewhere"),
        Refused(Instance, "auth_hmac", KeywordForm.Block, "peers would reject adverts without it"),
        Refused(Instance, "mcast_dst_ip", KeywordForm.Statement,
            "adverts to another group would not be heard") with { Harmless = "224.0.0.18" },
        Refused(Instance, "strict_mode", KeywordForm.Statement, "strict mode changes what is sent") with { Harmless = "off false no" },

        // ---- authentication
        One(ConfigBlock.Authentication, "auth_type", KeywordId.AuthType, Choice, "PASS", 0, 0, "the simple password of RFC 2338"),
        One(ConfigBlock.Authentication, "auth_pass", KeywordId.AuthPass, Text, "PASSWORD", 0, 0,
            "at most 8 bytes; quote it if it has '#', '!' or blanks"),
    ];

    private static Keyword[] Table => s_table ??= MakeTable();

    private static Dictionary<(ConfigBlock, string), Keyword> Index => s_index ??= MakeIndex();

    public static ReadOnlySpan<Keyword> All => Table;

    public static Keyword? Find(ConfigBlock where, string name) => Index.GetValueOrDefault((where, name));

    /// <summary>Forgets the table until it is asked for again: some 45 kB that a running daemon has no use for.</summary>
    public static void Release() => (s_table, s_index) = (null, null);

    /// <summary>The keyword that opens a block of this kind, as a user would call the block.</summary>
    public static string NameOf(ConfigBlock block)
    {
        foreach (Keyword keyword in Table)
        {
            if (block != Root && keyword.Form != KeywordForm.Statement && keyword.Opens == block && block != Skipped)
            {
                return keyword.Name;
            }
        }

        return "the top level";
    }

    private static Keyword One(ConfigBlock where, string name, KeywordId id, ArgumentKind kind, string arguments, long min, long max,
        string help)
    {
        int words = kind == None ? 0 : 1;
        return new(where, name)
        {
            Id = id,
            Kind = kind,
            Arguments = arguments,
            Min = min,
            Max = max,
            Mandatory = words,
            Most = words,
            Help = help
        };
    }

    private static Keyword Block(ConfigBlock where, string name, KeywordId id, ConfigBlock opens, string arguments, int mandatory,
        string help) =>
        new(where, name)
        {
            Id = id,
            Form = KeywordForm.Block,
            Opens = opens,
            Arguments = arguments,
            Mandatory = mandatory,
            Most = arguments.Length == 0 ? 0 : 1,
            Repeat = RepeatRule.Adds,
            Help = help,
        };

    private static Keyword Values(ConfigBlock where, string name, KeywordId id, ConfigBlock opens, string help) =>
        new(where, name) { Id = id, Form = KeywordForm.Values, Opens = opens, Repeat = RepeatRule.Adds, Help = help };

    /// <summary>The same six numbers stand in an instance, and with a prefix as defaults in global_defs.</summary>
    private static Keyword[] Garp(ConfigBlock where, string prefix) =>
    [
        One(where, prefix + "master_delay", KeywordId.GarpDelay, LaxNumber, "SECONDS", 0, Longest,
            "second burst this long after becoming master, default 5; 0 for none"),
        One(where, prefix + "master_repeat", KeywordId.GarpRepeat, LaxNumber, "COUNT", 0, int.MaxValue,
            "gratuitous ARPs for each address in a burst, default 5"),
        One(where, prefix + "master_refresh", KeywordId.GarpRefresh, LaxNumber, "SECONDS", 0, Ages,
            "repeat them this often while master, default 0: never"),
        One(where, prefix + "master_refresh_repeat", KeywordId.GarpRefreshRepeat, LaxNumber, "COUNT", 0, int.MaxValue,
            "ARPs for each address in a refresh, default 1"),
        One(where, prefix + "lower_prio_delay", KeywordId.GarpLowerDelay, LaxNumber, "SECONDS", 0, Longest,
            "second burst after an advert of lower priority, default as vrrp_garp_master_delay"),
        One(where, prefix + "lower_prio_repeat", KeywordId.GarpLowerRepeat, LaxNumber, "COUNT", 0, int.MaxValue,
            "ARPs for each address after an advert of lower priority, default as vrrp_garp_master_repeat; 0 for none"),
    ];

    private static Keyword Default(ConfigBlock where, string name) =>
        new(where, name) { Support = KeywordSupport.Default, Most = int.MaxValue, Help = "the default" };

    private static Keyword Refused(ConfigBlock where, string name, KeywordForm form, string why) =>
        new(where, name) { Support = KeywordSupport.Refused, Form = form, Most = int.MaxValue, Help = why };

    private static Keyword[] NotYet(ConfigBlock where, string names, string consequence = "") =>
        NotYet(where, names, consequence, KeywordForm.Statement);

    private static Keyword[] NotYetBlocks(ConfigBlock where, string names, string consequence = "") =>
        NotYet(where, names, consequence, KeywordForm.Block);

    private static Keyword[] NotYet(ConfigBlock where, string names, string consequence, KeywordForm form)
    {
        string[] all = names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Keyword[] rows = new Keyword[all.Length];
        for (int i = 0; i < all.Length; i++)
        {
            rows[i] = new(where, all[i])
            {
                Support = KeywordSupport.NotYet,
                Form = form,
                Most = int.MaxValue,
                Repeat = RepeatRule.Adds,
                Help = consequence,
            };
        }

        return rows;
    }

    private static Dictionary<(ConfigBlock, string), Keyword> MakeIndex()
    {
        Dictionary<(ConfigBlock, string), Keyword> index = new(Table.Length);
        foreach (Keyword keyword in Table)
        {
            index.TryAdd((keyword.Where, keyword.Name), keyword);
        }

        return index;
    }
}
