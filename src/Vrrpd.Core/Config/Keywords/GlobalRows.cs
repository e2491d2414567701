using System;

namespace Vrrpd.Core.Config;

/// <summary>global_defs. The columns are explained at <see cref="ConfigKeywords"/>.</summary>
internal static class GlobalRows
{
    public static ReadOnlySpan<byte> Text => """
        [global_defs]  settings of the whole daemon; may occur several times
        # ---- who we are
        router_id                   NAME                    served soft               name of this host, default the host name ?routerid name missing - ignoring
        process_names               -                       -                         name our processes keepalived_vrrp and so on, for ps ~they are called
            vrrpd
        process_name                NAME                    -                         name of the parent process for ps, at most 15 characters ~it is called
            vrrpd
        vrrp_process_name           NAME                    -                         name of the VRRP process for ps, at most 15 characters ~it is called vrrpd
        checker_process_name        NAME                    -                         name of the checker process for ps, at most 15 characters ~there is no
            checker process
        lvs_process_name            NAME                    same=checker_process_name  old name of checker_process_name ~there is no checker process
        bfd_process_name            NAME                    -                         name of the BFD process for ps, at most 15 characters ~there is no BFD
            process
        # ---- scheduling
        vrrp_priority               NICE=int:-20..19        soft default=0            nice value of the VRRP process; lower is served first ~the process keeps
            the priority that it was started with ?No vrrp process priority specified !Invalid vrrp process priority specified
        checker_priority            NICE=int:-20..19        soft default=0            nice value of the checker process ~there is no checker process ?No checker
            process priority specified !Invalid checker process priority specified
        bfd_priority                NICE=int:-20..19        soft default=0            nice value of the BFD process ~there is no BFD process ?No bfd process
            priority specified !Invalid bfd process priority specified
        vrrp_no_swap                -                       -                         keep the memory of the VRRP process from being swapped out ~it may be
            swapped
        checker_no_swap             -                       -                         keep the memory of the checker process from being swapped out ~there is no
            checker process
        bfd_no_swap                 -                       -                         keep the memory of the BFD process from being swapped out ~there is no BFD
            process
        vrrp_rt_priority            int:1..99               soft free                 real-time priority (SCHED_RR) of the VRRP process ~it is scheduled like
            any other process ?No vrrp process real-time priority specified !vrrp process real-time priority '%v' invalid
        checker_rt_priority         int:1..99               soft free                 real-time priority of the checker process ~there is no checker process ?No
            checker process real-time priority specified !checker process real-time priority '%v' invalid
        bfd_rt_priority             int:1..99               soft free                 real-time priority of the BFD process ~there is no BFD process ?No bfd
            process real-time priority specified !bfd process real-time priority '%v' invalid
        vrrp_cpu_affinity           CPU=int:0..1023...      soft                      processors on which the VRRP process may run ~it runs on any of them ?No
            vrrp cpu_id set specified !Invalid cpu_id:%v specified for vrrp process
        checker_cpu_affinity        CPU=int:0..1023...      soft                      processors on which the checker process may run ~there is no checker
            process ?No checker cpu_id set specified !Invalid cpu_id:%v specified for checker process
        bfd_cpu_affinity            CPU=int:0..1023...      soft                      processors on which the BFD process may run ~there is no BFD process ?No
            bfd cpu_id set specified !Invalid cpu_id:%v specified for bfd process
        vrrp_rlimit_rttime          int:1..maxus            default=10000             processor time that a real-time VRRP process may use without sleeping
            ~there is no such limit !Invalid vrrp real-time limit - %v
        checker_rlimit_rttime       int:1..maxus            default=10000             the same for the checker process ~there is no checker process !Invalid
            checker real-time limit - %v
        bfd_rlimit_rttime           int:1..maxus            default=10000             the same for the BFD process ~there is no BFD process !Invalid bfd
            real-time limit - %v
        vrrp_rlimit_rtime           int:1..maxus            same=vrrp_rlimit_rttime   old name of vrrp_rlimit_rttime ~there is no such limit !Invalid vrrp
            real-time limit - %v
        checker_rlimit_rtime        int:1..maxus            same=checker_rlimit_rttime  old name of checker_rlimit_rttime ~there is no checker process !Invalid
            checker real-time limit - %v
        bfd_rlimit_rtime            int:1..maxus            same=bfd_rlimit_rttime    old name of bfd_rlimit_rttime ~there is no BFD process !Invalid bfd
            real-time limit - %v
        max_auto_priority           [int:-1..99]            default=0                 highest real-time priority that a process scheduled late may give itself;
            without a number 99, 0 or -1 for none ~no process raises its priority !%k '%v' must be in [0, 99] (or -1 to disable) - ignoring
        min_auto_priority_delay     int:1..10000000us       soft default=1000000      how late is late for max_auto_priority ~no process raises its priority ?%k
            requires delay time !%k '%v' must be in [1, 10000000] - ignoring
        umask                       MASK=TEXT...            free default=0177         permissions that new files do not get: a number, or IRUSR IWUSR IXUSR
            IRWXU and so on with '|' between ~files are made with the modes they need
        random_seed                 int:0..max              -                         seed of ${_RANDOM} and of random numbers ~nothing here is random !%k %v
            invalid
        # ---- scripts and pipes
        script_user                 USER                    served soft               who runs scripts, default keepalived_script if there is such a user ?No
            script username specified !Error setting global script uid/gid
        enable_script_security      -                       served                    refuse scripts that others than root can change
        use_symlink_paths           [BOOL]                  since=2.3 default=off     run scripts by the path that is written, not by the one it leads to ~the
            path is used as written !Invalid value '%v' for global %k specified
        set_supplementary_groups    [BOOL]                  since=2.3 default=off     scripts get the supplementary groups of their user ~they get its first
            group only !Invalid value '%v' for global %k specified
        startup_script              CMD [USER]              soft first                run before anything else at the start ~it is not run ?startup script
            missing !Invalid startup script
        shutdown_script             CMD [USER]              soft first                run last of all at the stop ~it is not run ?shutdown script missing
            !Invalid shutdown script
        startup_script_timeout      int:1..1000s            soft default=10           how long startup_script may take ~it is not run ?%k requires value !%k
            '%v' must be in [1, 1000] - ignoring
        shutdown_script_timeout     int:1..1000s            soft default=10           how long shutdown_script may take ~it is not run ?%k requires value !%k
            '%v' must be in [1, 1000] - ignoring
        notify_fifo                 PATH [USER]             soft first                pipe to which every change of state is written ~nothing is notified ?No %k
            name specified
        notify_fifo_script          CMD [USER]              soft first                program that reads notify_fifo; gets its path as last argument ~nothing is
            notified ?No %k specified
        vrrp_notify_fifo            PATH [USER]             soft first                pipe for changes of state of VRRP ~nothing is notified ?No %k name
            specified
        vrrp_notify_fifo_script     CMD [USER]              soft first                program that reads vrrp_notify_fifo ~nothing is notified ?No %k specified
        lvs_notify_fifo             PATH [USER]             soft first                pipe for changes of real servers ~there is no load balancer and no health
            checker here ?No %k name specified
        lvs_notify_fifo_script      CMD [USER]              soft first                program that reads lvs_notify_fifo ~there is no load balancer and no
            health checker here ?No %k specified
        vrrp_notify_priority_changes  [BOOL]                  default=off               write changes of the priority to the pipes too ~nothing is notified
            !Invalid value '%v' for global %k specified
        fifo_write_vrrp_states_on_reload  -                       -                         after a reload, write the states of instances that did not change
            too ~nothing is notified
        # ---- mail
        notification_email          -                       lines                     who gets mail ~no mail is sent
        notification_email_from     ADDRESS=REST            soft                      sender of mail, default user@host ~no mail is sent ?emailfrom missing -
            ignoring
        smtp_server                 HOST=TEXT [PORT=int:1..65535]  free                      server that takes mail, port 25 if none is given ~no mail is sent
        smtp_helo_name              [NAME]                  -                         how we call ourselves to the mail server, default the host name ~no mail
            is sent
        smtp_connect_timeout        int:0..4294s            default=30                how long a mail server may take to answer ~no mail is sent !%k '%v' must
            be in [0, 4294] - ignoring
        smtp_alert                  [BOOL]                  -                         send mail for every change of state, unless said otherwise there ~no mail
            is sent !Invalid value '%v' for global %k specified
        smtp_alert_vrrp             [BOOL]                  -                         the same for VRRP ~no mail is sent !Invalid value '%v' for global %k
            specified
        smtp_alert_checker          [BOOL]                  -                         the same for real servers ~no mail is sent !Invalid value '%v' for global
            %k specified
        no_email_faults             -                       -                         no mail when an instance enters FAULT ~no mail is sent
        no_checker_emails           [BOOL]                  default=off               no mail for single checks of real servers ~no mail is sent !Invalid value
            '%v' for global %k specified
        checker_log_all_failures    [BOOL]                  default=off               log every failed check of real servers ~there is no load balancer and no
            health checker here !Invalid value for %k specified
        # ---- VRRP
        vrrp_version                int:2..3                served default=2          protocol version of instances that name none; IPv6 is always 3 !VRRP
            Error: Version must be either 2 or 3
        vrrp_mcast_group4           GROUP=ADDR              served default=224.0.0.18  where IPv4 adverts go !Can't parse %k [%v]. Skipping
        vrrp_mcast_group6           GROUP=ADDR              served default=ff02::12   where IPv6 adverts go !Can't parse %k [%v]. Skipping
        default_interface           IF                      served soft default=eth0  device of addresses that name none ?%k requires interface name
        dynamic_interfaces          [allow_if_changes]      -                         interfaces may come after the start; allow_if_changes: and come back as
            another kind ~an interface that comes later is waited for in any case !Unknown %k option '%v'
        disable_local_igmp          -                       -                         no IGMP reports for link-local groups while running ~the kernel sends them
            as it is set to
        vrrp_startup_delay          sec:0.001..4294.967295  served lax default=0      stay silent and passive this long after the start !%k '%v' is invalid
        vrrp_delay_after_boot       sec:0.001..4294.967295  served lax since=2.4 default=0  the same, counted from the boot of the host; the later end counts
            !%k '%v' is invalid
        vrrp_down_timer_adverts     int:1..100              served default=3          adverts that must be missing until a backup takes over !Invalid %k [1:100]
            '%v'
        vrrp_lower_prio_no_advert   [BOOL]                  served default=off        a master does not answer an advert of lower priority at once !Invalid
            value for %k specified
        vrrp_higher_prio_send_advert  [BOOL]                  served default=off        a master that yields sends one more advert, so that switches learn
            !Invalid value for %k specified
        vrrp_owner_ignore_adverts   [BOOL]                  served since=2.3 default=off  the owner of the addresses (priority 255) takes no notice of adverts
            !Invalid value for %k specified
        vrrp_check_unicast_src      -                       served                    drop unicast adverts that do not come from a peer
        vrrp_skip_check_adv_addr    [BOOL]                  served default=off        look at the addresses of an advert only when the master changes !Invalid
            value for %k specified
        vrrp_strict                 [BOOL]                  served default=off        nothing that RFC 9568 does not allow !Invalid value for %k specified
        v3_checksum_as_v2           [BOOL]                  served since=2.3 default=off  checksum of VRRPv3 over IPv4 without the addresses, as some routers do
        log_unknown_vrids           -                       served                    log adverts for virtual routers that are not ours
        vrrp_rx_bufs_policy         POLICY=MTU|ADVERT...    soft free                 size of receive buffers: MTU, ADVERT or a number of bytes ~the size of the
            kernel is used ?%k missing
        vrrp_rx_bufs_multiplier     int:1..max              soft default=3            how many adverts vrrp_rx_bufs_policy makes room for ~the size of the
            kernel is used ?Invalid %k !Invalid %k %v
        vmac_prefix                 NAME                    served default=vrrp       first letters of the names of virtual MAC interfaces
        vmac_addr_prefix            NAME                    served from=vmac_prefix   the same for those that a single address asks for
        # ---- gratuitous ARP and neighbour advertisements
        vrrp_garp_master_delay      int:0..4294s            served lax default=5      second burst this long after becoming master; 0 for none !%k '%v' invalid
            - ignoring
        vrrp_garp_master_repeat     COUNT=int:0..max        served lax default=5      gratuitous ARPs for each address in a burst !%k '%v' invalid - ignoring
        vrrp_garp_master_refresh    int:0..maxs             served lax default=0      repeat them this often while master; 0 for never !Invalid %k '%v' -
            ignoring
        vrrp_garp_master_refresh_repeat  COUNT=int:0..max        served lax default=1      ARPs for each address in a refresh !%k '%v' invalid - ignoring
        vrrp_garp_lower_prio_delay  int:0..4294s            served lax from=vrrp_garp_master_delay  second burst after an advert of lower priority !%k '%v'
            invalid - ignoring
        vrrp_garp_lower_prio_repeat  COUNT=int:0..2147483647  served lax from=vrrp_garp_master_repeat  ARPs for each address after an advert of lower priority;
            0 for none !Invalid %k '%v'
        vrrp_garp_interval          sec:0.000001..4294.967295  served lax default=0      pause between two gratuitous ARPs on one interface !%k '%v' is invalid
        vrrp_gna_interval           sec:0.000001..4294.967295  served lax default=0      the same for neighbour advertisements of IPv6 !%k '%v' is invalid
        vrrp_min_garp               [BOOL]                  served default=off        one ARP and no second burst, where nothing else is written !Invalid value
            for %k specified
        vrrp_garp_extra_if          [all] int:1..86400s     served soft default=0     one ARP this often on every other interface that has addresses; without
            'all' on virtual MAC interfaces only ?%k specified without time - ignoring !%k '%v' invalid - ignoring
        vrrp_vmac_garp_intvl        [all] int:1..86400s     served soft same=vrrp_garp_extra_if deprecated  old name of vrrp_garp_extra_if ?%k specified without
            time - ignoring !%k '%v' invalid - ignoring
        # ---- firewall
        nftables                    [TABLE=NAME]            served default=keepalived  the table for our filter rules
        nftables_priority           int:-2147483648..2147483647  served default=-1         priority of its chains !invalid nftables chain priority '%v'
        nftables_counters           -                       served                    rules count what they match
        nftables_ifindex            -                       served                    sets hold interface numbers, not names
        vrrp_iptables               [INCHAIN=NAME] [OUTCHAIN=NAME]  -                         chains for our filter rules with iptables, without names INPUT and
            OUTPUT ~nftables is used, which needs no chains of others
        vrrp_ipsets                 [SET=NAME...]           free                      names of up to six sets for vrrp_iptables; without names: use no sets
            ~nftables is used, which has sets of its own
        nftables_ipvs               [TABLE=NAME]            default=keepalived_ipvs   the table for marks of the load balancer ~there is no load balancer here
        nftables_ipvs_priority      int:-2147483648..2147483647  -                         priority of its chains ~there is no load balancer here !invalid ipvs
            nftables chain priority '%v'
        nftables_ipvs_start_fwmark  MARK=int:1..max         default=1000              first mark to use ~there is no load balancer here !invalid ipvs nftables
            start_fwmark priority '%v'
        # ---- load balancer
        lvs_sync_daemon             IF [REST]               soft free first           connections are told to the other host while INSTANCE is master: IF
            [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDR] ~there is no load balancer here ?%k requires interface
        lvs_timeouts                [REST]                  free                      tcp N, tcpfin N, udp N: how long idle connections are kept, in seconds
            ~there is no load balancer here
        lvs_flush                   -                       -                         remove all virtual servers at the start ~there is no load balancer here
        lvs_flush_on_stop           [VS]                    -                         remove all virtual servers at the stop; VS: ours only ~there is no load
            balancer here !Unknown %k type %v
        lvs_flush_onstop            [VS]                    same=lvs_flush_on_stop    old name of lvs_flush_on_stop ~there is no load balancer here !Unknown
            lvs_flush_on_stop type %v
        rs_init_notifies            [BOOL]                  default=off               run the notify scripts of real servers at the start too ~there is no load
            balancer here !Invalid value '%v' for global %k specified
        # ---- SNMP and D-Bus
        snmp_socket                 ADDRESS=TEXT            soft default=unix:/var/agentx/master  where the SNMP agent listens ~there is no SNMP here ?SNMP
            error : snmp socket name missing
        enable_traps                -                       -                         send SNMP traps ~there is no SNMP here
        enable_snmp_vrrp            -                       -                         the VRRP part of the keepalived MIB ~there is no SNMP here
        enable_snmp_keepalived      -                       same=enable_snmp_vrrp     old name of enable_snmp_vrrp ~there is no SNMP here
        enable_snmp_checker         -                       -                         the checker part of the keepalived MIB ~there is no SNMP here
        enable_snmp_rfc             -                       -                         the MIBs of RFC 2787 and RFC 6527 ~there is no SNMP here
        enable_snmp_rfcv2           -                       -                         the MIB of RFC 2787 ~there is no SNMP here
        enable_snmp_rfcv3           -                       -                         the MIB of RFC 6527 ~there is no SNMP here
        snmp_vs_stats_update_interval  sec:0.001..30           lax since=2.3 default=5   how long numbers of virtual servers are kept ~there is no SNMP here !%k
            '%v' is invalid
        snmp_rs_stats_update_interval  sec:0.001..30           lax since=2.3 default=5   how long numbers of real servers are kept ~there is no SNMP here !%k
            '%v' is invalid
        enable_dbus                 -                       -                         serve D-Bus ~there is no D-Bus here
        dbus_service_name           NAME                    soft default=org.keepalived.Vrrp1  our name on D-Bus ~there is no D-Bus here ?%k missing - ignoring
        dbus_no_interface_name      NAME                    soft since=2.3 default=none  how instances without an interface are called on D-Bus ~there is no
            D-Bus here ?%k missing - ignoring
        # ---- files and reload
        reload_check_config         [LOGFILE=PATH]          -                         test the file before a reload and keep the old one if it is bad ~a bad
            file is never loaded
        reload_time_file            PATH                    soft                      a file that holds the time of the next reload, YYYY-MM-DD HH:MM:SS or
            HH:MM:SS ~only signals reload ?%k invalid
        reload_repeat               -                       -                         the time of reload_time_file is a time of every day ~only signals reload
        reload_file                 [PATH]                  -                         a file that is there while a reload goes on ~it is not made
        include_check               [CHECK=TEXT...]         free                      which faults of include lines are fatal: read match wildcard_match
            brace_match, each with + or - to change; without a word all ~only includer and its kin are strict
        config_save_dir             PATH                    -                         directory for copies of the configuration ~none are kept
        tmp_config_directory        PATH                    soft                      directory for a passing copy of the configuration ~it is kept in memory
            ?%k missing directory name
        data_use_instance           [BOOL]                  default=off               names of dumps hold the names of instance and network namespace ~they have
            one name !Invalid value '%v' for global date_use_instance specified
        json_version                int:1..2                since=2.3 default=1       outermost form of the JSON dump ~there is no JSON dump !Invalid %k '%v'
        state_dump_file             PATH                    since=2.3                 where the dump of states goes; a directory if it ends in '/' ~there is no
            dump
        stats_dump_file             PATH                    since=2.3                 where the dump of numbers goes ~there is no dump
        json_dump_file              PATH                    since=2.3                 where the JSON dump goes ~there is no dump
        state_file_location         PATH                    since=2.3 same=state_dump_file  what the manual calls state_dump_file ~there is no dump
        stats_file_location         PATH                    since=2.3 same=stats_dump_file  what the manual calls stats_dump_file ~there is no dump
        json_file_location          PATH                    since=2.3 same=json_dump_file  what the manual calls json_dump_file ~there is no dump
        iproute_usr_dir             PATH                    since=2.3                 where iproute2 keeps rt_tables and the like ~names are not looked up
        iproute_etc_dir             PATH                    since=2.3                 where the host keeps rt_tables and the like ~names are not looked up
        # ---- netlink buffers
        vrrp_netlink_cmd_rcv_bufs   int:0..maxbytes         soft default=0            receive buffer for requests; 0 for what the kernel gives ~the size is
            found out while running ?%k size missing !%k size (%v) invalid
        vrrp_netlink_cmd_rcv_bufs_force  [BOOL]                  default=off               it may be larger than the kernel allows others ~the size is found out
            while running !Invalid value '%v' for global %k specified
        vrrp_netlink_monitor_rcv_bufs  int:0..maxbytes         soft default=0            receive buffer for news of interfaces and addresses; 0 for what the
            kernel gives ~the size is found out while running ?%k size missing !%k size (%v) invalid
        vrrp_netlink_monitor_rcv_bufs_force  [BOOL]                  default=off               it may be larger than the kernel allows others ~the size is found
            out while running !Invalid value '%v' for global %k specified
        lvs_netlink_cmd_rcv_bufs    int:0..maxbytes         soft default=0            receive buffer for requests of the checker process; 0 for what the kernel
            gives ~there is no checker process ?%k size missing !%k size (%v) invalid
        lvs_netlink_cmd_rcv_bufs_force  [BOOL]                  default=off               it may be larger than the kernel allows others ~there is no checker
            process !Invalid value '%v' for global %k specified
        lvs_netlink_monitor_rcv_bufs  int:0..maxbytes         soft default=0            receive buffer for news for the checker process; 0 for what the kernel
            gives ~there is no checker process ?%k size missing !%k size (%v) invalid
        lvs_netlink_monitor_rcv_bufs_force  [BOOL]                  default=off               it may be larger than the kernel allows others ~there is no
            checker process !Invalid value '%v' for global %k specified
        process_monitor_rcv_bufs    int:0..maxbytes         soft default=0            receive buffer for news of processes; 0 for what the kernel gives
            ~processes are not watched ?%k size missing !%k size (%v) invalid
        process_monitor_rcv_bufs_force  [BOOL]                  default=off               it may be larger than the kernel allows others ~processes are not
            watched !Invalid value '%v' for global %k specified

        [notification_email]  who gets mail, one a line
        *                           ADDRESS=REST            -                         an address, or a name and <address>
        """u8;
}
