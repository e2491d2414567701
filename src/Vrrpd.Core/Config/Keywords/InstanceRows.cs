using System;

namespace Vrrpd.Core.Config;

/// <summary>vrrp_instance and what stands in it. The columns are explained at <see cref="ConfigKeywords"/>.</summary>
internal static class InstanceRows
{
    public static ReadOnlySpan<byte> Text => """
        [vrrp_instance]  a virtual router on one interface
        state                       MASTER|BACKUP           served free                  MASTER without a priority means priority 255
        interface                   IF                      served                  where to speak VRRP; mandatory
        mcast_src_ip                ADDR                    served free                  source of adverts, default the first address of the interface
        unicast_src_ip              ADDR                    served free                  the same as mcast_src_ip
        virtual_router_id  int:1..255  served  the same on all routers that share the addresses; mandatory !(%n): VRID '%v' not valid - must be
            between 1 & 255
        priority  int:1..255  served default=100  the highest is master; 255 owns the addresses !(%n) Priority not valid! must be between 1 & 255.
            Using default 100
        advert_int  sec:0.01..255  served lax default=1  seconds between adverts; equal on all routers !(%n) Advert interval (%v) not valid! Must be
            > 0 - ignoring
        version                     int:2..3                served first from=vrrp_version  protocol version !(%n): Version must be either 2 or 3
        authentication              -                       served block            password of the adverts
        virtual_ipaddress           -                       served lines opens=address  the addresses that the master has
        track_script                -                       served lines opens=track  scripts that decide
        garp_master_delay           int:0..4294s            served lax from=vrrp_garp_master_delay  second burst this long after becoming master; 0 for none
        garp_master_repeat          COUNT=int:0..2147483647  served lax from=vrrp_garp_master_repeat  gratuitous ARPs for each address in a burst
        garp_master_refresh         int:0..maxs             served lax from=vrrp_garp_master_refresh  repeat them this often while master; 0 for never
        garp_master_refresh_repeat  COUNT=int:0..2147483647  served lax from=vrrp_garp_master_refresh_repeat  ARPs for each address in a refresh
        garp_lower_prio_delay       int:0..4294s            served lax from=vrrp_garp_lower_prio_delay  second burst after an advert of lower priority
        garp_lower_prio_repeat  COUNT=int:0..2147483647  served lax from=vrrp_garp_lower_prio_repeat  ARPs for each address after an advert of lower
            priority; 0 for none !(%n): Invalid %k '%v'
        preempt                     -                       default free            take over from a master of lower priority
        accept                      -                       default free            accept traffic to the addresses
        unicast_peer                -                       refused lines opens=peer  send to these routers only ~peers would not hear multicast
        use_vmac                    -                       refused free            ~adverts and addresses would come from another MAC address
        use_ipvlan                  -                       refused free            ~adverts and addresses would come from another interface
        native_ipv6                 -                       refused free            ~adverts would go out over IPv4
        vrf                         IF                      refused                 ~adverts would go out elsewhere
        auth_hmac                   -                       refused block           ~peers would reject adverts without it
        mcast_dst_ip                ADDR                    refused harmless=224.0.0.18  ~adverts to another group would not be heard
        strict_mode                 [BOOL]                  refused harmless=off,false,no  ~strict mode changes what is sent
        track_src_ip                [REST]                  -
        unicast_ttl                 [REST]                  -
        unicast_fault_no_peer       [REST]                  -
        check_unicast_src           [REST]                  -
        old_unicast_checksum        [REST]                  -
        v3_checksum_as_v2           [REST]                  -
        skip_check_adv_addr         [REST]                  -
        kernel_rx_buf_size          [REST]                  -
        debug                       [REST]                  -
        linkbeat_use_polling        [REST]                  -
        promote_secondaries         [REST]                  -
        use_vmac_addr               [REST]                  -
        vmac_xmit_base              [REST]                  -
        no_virtual_ipaddress        [REST]                  -
        no_accept                   [REST]                  -
        down_timer_adverts          [REST]                  -
        lower_prio_no_advert        [REST]                  -
        higher_prio_send_advert     [REST]                  -
        owner_ignore_adverts        [REST]                  -
        timer_expired_backup        [REST]                  -
        thread_timer_expired        [REST]                  -
        garp_extra_if               [REST]                  -
        vmac_garp_intvl             [REST]                  -
        notify_deleted              [REST]                  -
        notify_priority_changes     [REST]                  -
        lvs_sync_daemon_interface   [REST]                  -
        nopreempt                   [REST]                  -                       ~it takes over at once from a master of lower priority
        preempt_delay               [REST]                  -                       ~it takes over at once from a master of lower priority
        notify                      [REST]                  -                       ~the script is not run
        notify_master               [REST]                  -                       ~the script is not run
        notify_backup               [REST]                  -                       ~the script is not run
        notify_fault                [REST]                  -                       ~the script is not run
        notify_stop                 [REST]                  -                       ~the script is not run
        notify_master_rx_lower_pri  [REST]                  -                       ~the script is not run
        smtp_alert                  [REST]                  -                       ~no mail is sent
        dont_track_primary          [REST]                  -                       ~it enters FAULT when its interface goes down
        virtual_ipaddress_excluded  [REST]                  block                   ~these addresses are not put on the interface
        virtual_routes              [REST]                  block                   ~these are not added
        virtual_rules               [REST]                  block                   ~these are not added
        track_interface             [REST]                  block                   ~only its own interface takes it to FAULT
        track_file                  [REST]                  block                   ~these change neither priority nor state
        track_process               [REST]                  block                   ~these change neither priority nor state
        track_bfd                   [REST]                  block                   ~these change neither priority nor state

        [authentication]  password of the adverts
        auth_type                   PASS|AH                 served free                  the simple password of RFC 2338
        auth_pass                   PASSWORD=TEXT           served secret           at most 8 bytes; quote it if it has '#', '!' or blanks
        """u8;
}
