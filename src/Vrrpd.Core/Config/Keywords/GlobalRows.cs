using System;

namespace Vrrpd.Core.Config;

/// <summary>global_defs. The columns are explained at <see cref="ConfigKeywords"/>.</summary>
internal static class GlobalRows
{
    public static ReadOnlySpan<byte> Text => """
        [global_defs]  settings of the whole daemon
        router_id                   NAME                    served need=0           name of this host, default the host name
        script_user                 USER                    served need=0           who runs scripts
        enable_script_security      -                       served                  refuse scripts that others than root can change
        vrrp_version  int:2..3  served default=2  protocol version of instances that name none !VRRP Error: Version must be either 2 or 3
        default_interface           IF                      served need=0 default=eth0  device of addresses that name none
        vrrp_garp_master_delay      int:0..4294s            served lax default=5    second burst this long after becoming master; 0 for none
        vrrp_garp_master_repeat     COUNT=int:0..2147483647  served lax default=5    gratuitous ARPs for each address in a burst
        vrrp_garp_master_refresh    int:0..maxs             served lax default=0    repeat them this often while master; 0 for never
        vrrp_garp_master_refresh_repeat  COUNT=int:0..2147483647  served lax default=1    ARPs for each address in a refresh
        vrrp_garp_lower_prio_delay  int:0..4294s            served lax from=vrrp_garp_master_delay  second burst after an advert of lower priority
        vrrp_garp_lower_prio_repeat  COUNT=int:0..2147483647  served lax from=vrrp_garp_master_repeat  ARPs for each address after an advert of lower
            priority; 0 for none !Invalid %k '%v'
        vrrp_mcast_group4           ADDR4                   refused harmless=224.0.0.18  where IPv4 adverts go ~adverts to another group would not be heard
        vrrp_strict                 [BOOL]                  refused harmless=off,false,no  only what RFC 9568 allows ~strict mode changes what is sent
        process_names               [REST]                  -
        process_name                [REST]                  -
        vrrp_process_name           [REST]                  -
        checker_process_name        [REST]                  -
        lvs_process_name            [REST]                  -
        bfd_process_name            [REST]                  -
        vrrp_priority               [REST]                  -
        checker_priority            [REST]                  -
        bfd_priority                [REST]                  -
        vrrp_no_swap                [REST]                  -
        checker_no_swap             [REST]                  -
        bfd_no_swap                 [REST]                  -
        vrrp_rt_priority            [REST]                  -
        checker_rt_priority         [REST]                  -
        bfd_rt_priority             [REST]                  -
        vrrp_cpu_affinity           [REST]                  -
        checker_cpu_affinity        [REST]                  -
        bfd_cpu_affinity            [REST]                  -
        vrrp_rlimit_rttime          [REST]                  -
        checker_rlimit_rttime       [REST]                  -
        bfd_rlimit_rttime           [REST]                  -
        vrrp_rlimit_rtime           [REST]                  -
        checker_rlimit_rtime        [REST]                  -
        bfd_rlimit_rtime            [REST]                  -
        max_auto_priority           [REST]                  -
        min_auto_priority_delay     [REST]                  -
        umask                       [REST]                  -
        random_seed                 [REST]                  -
        use_symlink_paths           [REST]                  -
        set_supplementary_groups    [REST]                  -
        startup_script              [REST]                  -                       ~it is not run
        shutdown_script             [REST]                  -                       ~it is not run
        startup_script_timeout      [REST]                  -                       ~it is not run
        shutdown_script_timeout     [REST]                  -                       ~it is not run
        notify_fifo                 [REST]                  -                       ~nothing is notified
        notify_fifo_script          [REST]                  -                       ~nothing is notified
        vrrp_notify_fifo            [REST]                  -                       ~nothing is notified
        vrrp_notify_fifo_script     [REST]                  -                       ~nothing is notified
        lvs_notify_fifo             [REST]                  -                       ~nothing is notified
        lvs_notify_fifo_script      [REST]                  -                       ~nothing is notified
        vrrp_notify_priority_changes  [REST]                  -                       ~nothing is notified
        fifo_write_vrrp_states_on_reload  [REST]                  -                       ~nothing is notified
        notification_email          -                       block                   ~no mail is sent
        notification_email_from     [REST]                  -                       ~no mail is sent
        smtp_server                 [REST]                  -                       ~no mail is sent
        smtp_helo_name              [REST]                  -                       ~no mail is sent
        smtp_connect_timeout        [REST]                  -                       ~no mail is sent
        smtp_alert                  [REST]                  -                       ~no mail is sent
        smtp_alert_vrrp             [REST]                  -                       ~no mail is sent
        smtp_alert_checker          [REST]                  -                       ~no mail is sent
        no_email_faults             [REST]                  -                       ~no mail is sent
        no_checker_emails           [REST]                  -                       ~no mail is sent
        checker_log_all_failures    [REST]                  -                       ~no mail is sent
        vrrp_mcast_group6           [REST]                  -
        dynamic_interfaces          [REST]                  -
        disable_local_igmp          [REST]                  -
        vrrp_startup_delay          [REST]                  -
        vrrp_delay_after_boot       [REST]                  -
        vrrp_down_timer_adverts     [REST]                  -
        vrrp_lower_prio_no_advert   [REST]                  -
        vrrp_higher_prio_send_advert  [REST]                  -
        vrrp_owner_ignore_adverts   [REST]                  -
        vrrp_check_unicast_src      [REST]                  -
        vrrp_skip_check_adv_addr    [REST]                  -
        v3_checksum_as_v2           [REST]                  -
        log_unknown_vrids           [REST]                  -
        vrrp_rx_bufs_policy         [REST]                  -
        vrrp_rx_bufs_multiplier     [REST]                  -
        vmac_prefix                 [REST]                  -
        vmac_addr_prefix            [REST]                  -
        lvs_sync_daemon             [REST]                  -
        lvs_timeouts                [REST]                  -
        lvs_flush                   [REST]                  -
        lvs_flush_on_stop           [REST]                  -
        lvs_flush_onstop            [REST]                  -
        rs_init_notifies            [REST]                  -
        vrrp_garp_interval          [REST]                  -
        vrrp_gna_interval           [REST]                  -
        vrrp_min_garp               [REST]                  -
        vrrp_garp_extra_if          [REST]                  -
        vrrp_vmac_garp_intvl        [REST]                  -
        nftables                    [REST]                  -
        nftables_priority           [REST]                  -
        nftables_counters           [REST]                  -
        nftables_ifindex            [REST]                  -
        vrrp_iptables               [REST]                  -
        vrrp_ipsets                 [REST]                  -
        nftables_ipvs               [REST]                  -
        nftables_ipvs_priority      [REST]                  -
        nftables_ipvs_start_fwmark  [REST]                  -
        snmp_socket                 [REST]                  -
        enable_traps                [REST]                  -
        enable_snmp_vrrp            [REST]                  -
        enable_snmp_keepalived      [REST]                  -
        enable_snmp_checker         [REST]                  -
        enable_snmp_rfc             [REST]                  -
        enable_snmp_rfcv2           [REST]                  -
        enable_snmp_rfcv3           [REST]                  -
        snmp_vs_stats_update_interval  [REST]                  -
        snmp_rs_stats_update_interval  [REST]                  -
        enable_dbus                 [REST]                  -
        dbus_service_name           [REST]                  -
        dbus_no_interface_name      [REST]                  -
        reload_check_config         [REST]                  -
        reload_time_file            [REST]                  -
        reload_repeat               [REST]                  -
        reload_file                 [REST]                  -
        include_check               [REST]                  -
        config_save_dir             [REST]                  -
        tmp_config_directory        [REST]                  -
        data_use_instance           [REST]                  -
        json_version                [REST]                  -
        state_dump_file             [REST]                  -
        stats_dump_file             [REST]                  -
        json_dump_file              [REST]                  -
        state_file_location         [REST]                  -
        stats_file_location         [REST]                  -
        json_file_location          [REST]                  -
        iproute_usr_dir             [REST]                  -
        iproute_etc_dir             [REST]                  -
        vrrp_netlink_cmd_rcv_bufs   [REST]                  -
        vrrp_netlink_monitor_rcv_bufs  [REST]                  -
        lvs_netlink_cmd_rcv_bufs    [REST]                  -
        lvs_netlink_monitor_rcv_bufs  [REST]                  -
        process_monitor_rcv_bufs    [REST]                  -
        vrrp_netlink_cmd_rcv_bufs_force  [REST]                  -
        vrrp_netlink_monitor_rcv_bufs_force  [REST]                  -
        lvs_netlink_cmd_rcv_bufs_force  [REST]                  -
        lvs_netlink_monitor_rcv_bufs_force  [REST]                  -
        process_monitor_rcv_bufs_force  [REST]                  -
        """u8;
}
