using System;

namespace Vrrpd.Core.Config;

/// <summary>vrrp_instance and what stands in it. The columns are explained at <see cref="ConfigKeywords"/>.</summary>
internal static class InstanceRows
{
    public static ReadOnlySpan<byte> Text => """
        [vrrp_instance]  a virtual router on one interface
        # identity and transport
        interface  IF  served  where to speak VRRP; mandatory, except for unicast with a unicast_src_ip
        virtual_router_id  int:1..255  served  the same on all routers that share the addresses, different from all others on the link;
            mandatory !(%n): VRID '%v' not valid - must be between 1 & 255
        version  int:2..3  served first from=vrrp_version  protocol version; with IPv6 addresses 3 !(%n): Version must be either 2 or 3
        dual_version  [BOOL]  served default=off  vrrpd's own, which keepalived reports as an unknown keyword and ignores: with version 3 over IPv4
            adverts of version 2 are sent and heard too, while routers of both versions are on the link (RFC 9568 section 8.4)
        native_ipv6  -  served first  an instance for IPv6 although no address shows it
        state  MASTER|BACKUP  served free default=BACKUP  what to start as; MASTER without a priority means priority 255, with one below 255
            it only clears nopreempt and preempt_delay
        priority  int:1..255  served default=100  the highest is master; 255 owns the addresses
            !(%n) Priority not valid! must be between 1 & 255. Using default 100
        advert_int  sec:0.01..255  served lax default=1  time between adverts, equal on all routers; version 2 has whole seconds, version 3 at
            most 40.95 in steps of 0.01 !(%n) Advert interval (%v) not valid! Must be > 0 - ignoring
        vrf  IF  refused free  the VRF to speak in, for an instance without an interface ~adverts would go out elsewhere
        mcast_src_ip  ADDR  served free  source of adverts, default the first address of the interface (IPv6: its link-local address)
        unicast_src_ip  ADDR  served free  the same as mcast_src_ip
        track_src_ip  -  served  FAULT while the interface does not have the source address
        mcast_dst_ip  ADDR  served free from=vrrp_mcast_group4  the group to send adverts to
        unicast_peer  -  served lines opens=peer  send to these routers instead of to the multicast group
        unicast_ttl  int:0..255  served  TTL or hop limit of adverts to peers, default 255, over IPv6 64
            !(%n): TTL '%v' not valid - must be between 0 & 255
        unicast_fault_no_peer  -  served  FAULT when no unicast peer is configured
        check_unicast_src  -  served from=vrrp_check_unicast_src  drop adverts that come from no configured peer
        old_unicast_checksum  [never]  served  checksums of version 3 unicast as keepalived 1.3.6 and older made them; never: not even for peers that send such
            !(%n) Unknown old_unicast_chksum mode %v - ignoring
        v3_checksum_as_v2  [BOOL]  served since=2.3 from=v3_checksum_as_v2  version 3 checksum over IPv4 without the pseudo header !(%n) invalid
            v3_checksum_as_v2 %v specified
        skip_check_adv_addr  [BOOL]  served from=vrrp_skip_check_adv_addr  do not compare the addresses of adverts of the same master again !(%n) invalid
            skip_check_adv_addr %v specified
        kernel_rx_buf_size  int:0..maxbytes  noeffect soft  receive buffer of the socket !(%n) invalid kernel_rx_buf_size specified
        debug  int:0..4  noeffect default=0  more logging in debug builds of keepalived !(%n) Debug value '%v' not valid; must be between 0-4
        linkbeat_use_polling  -  noeffect  poll the state of the interface; deprecated, now a block linkbeat_interfaces at the top level
        promote_secondaries  -  noeffect  set the kernel's promote_secondaries on the interface, so that removing its first address keeps the
            others ~the kernel's setting stays
        # virtual MAC and ipvlan
        use_vmac  [name] [IF] [MAC] [netlink_notify_msg] [group] [GROUP=int:0..max]  served free  a macvlan with the virtual MAC address of the VRID, or with
            MAC (five octets: the VRID is the sixth)
        use_vmac_addr  -  served  put addresses that name another device on macvlans over it
        vmac_xmit_base  -  served  send and receive adverts on the interface below the macvlan
        use_ipvlan  [name] [IF] [PREFIX] [bridge|private|vepa] [group] [GROUP=int:0..max]  served free  an ipvlan device with an address of its own
        # addresses, routes, acceptance
        virtual_ipaddress  -  served lines opens=address  the addresses that the master has and advertises, all of one family
        virtual_ipaddress_excluded  -  served lines opens=address  more addresses of either family, which are not advertised
        no_virtual_ipaddress  -  served since=2.3  the instance has no address on purpose
        virtual_routes  -  noeffect lines opens=route  routes that the master has ~these are not added
        virtual_rules  -  noeffect lines opens=rule  routing rules that the master has ~these are not added
        accept  -  served  the master accepts traffic to the addresses
        no_accept  -  served  a master that does not own the addresses accepts no traffic to them
        strict_mode  [BOOL]  served from=vrrp_strict  hold to the letter of the standard !(%n) invalid strict_mode %v specified
        # preemption, timing
        preempt  -  served  take over from a master of lower priority
        nopreempt  -  served  stay backup although the priority is higher than the master's
        preempt_delay  sec:0..1000  served lax default=0  wait this long before taking over from a master of lower priority !(%n) Preempt_delay not valid! must
            be between 0-1000
        down_timer_adverts  int:1..100  served from=vrrp_down_timer_adverts default=3  adverts that must be missed before taking over !(%n): Invalid
            down_timer_adverts [1:100] '%v'
        lower_prio_no_advert  [BOOL]  served from=vrrp_lower_prio_no_advert  a master does not answer an advert of lower priority at once !(%n) invalid
            lower_prio_no_advert %v specified
        higher_prio_send_advert  [BOOL]  served from=vrrp_higher_prio_send_advert  a master sends one more advert before it yields to a higher priority !(%n)
            invalid higher_prio_send_advert %v specified
        owner_ignore_adverts  [BOOL]  served since=2.3.3 from=vrrp_owner_ignore_adverts  the owner of the addresses ignores what it hears !(%n) invalid
            owner_ignore_adverts %v specified
        timer_expired_backup  [PRIORITY=int:1..254]  served since=2.3.3  a master that slept longer than a backup with this priority would wait
            becomes backup first; only with nopreempt
        thread_timer_expired  [PRIORITY=int:1..254]  served since=2.3.2 same=timer_expired_backup deprecated  the old name
        # tracking
        dont_track_primary  -  served  ignore the state of its interface
        track_interface  -  noeffect lines opens=track_interface  more interfaces that decide ~only its own interface takes it to FAULT
        track_script  -  served lines opens=track  scripts that decide
        track_file  -  noeffect lines opens=track_file  files that decide, see the block track_file at the top level
            ~these change neither priority nor state
        track_process  -  noeffect lines opens=track_file  processes that decide, see vrrp_track_process
            ~these change neither priority nor state
        track_bfd  -  noeffect lines opens=track  BFD sessions that decide, see bfd_instance ~these change neither priority nor state
        # gratuitous ARP and neighbour advertisements
        garp_master_delay  int:0..4294s  served lax from=vrrp_garp_master_delay  second burst this long after becoming master; 0 for none
        garp_master_repeat  COUNT=int:0..2147483647  served lax from=vrrp_garp_master_repeat  gratuitous ARPs for each address in a burst
        garp_master_refresh  int:0..maxs  served lax from=vrrp_garp_master_refresh  repeat them this often while master; 0 for never
            !(%n): Invalid %k '%v' - ignoring
        garp_master_refresh_repeat  COUNT=int:0..2147483647  served lax from=vrrp_garp_master_refresh_repeat  ARPs for each address in a
            refresh
        garp_lower_prio_delay  int:0..4294s  served lax from=vrrp_garp_lower_prio_delay  second burst after an advert of lower priority
        garp_lower_prio_repeat  COUNT=int:0..2147483647  served lax from=vrrp_garp_lower_prio_repeat  ARPs for each address after an advert of
            lower priority; 0 for none !(%n): Invalid %k '%v'
        garp_extra_if  [all] int:0..86400s  served soft from=vrrp_garp_extra_if  with a macvlan: refresh the tables of switches on the interface below it this
            often, all: for every address ?(%n): %k specified without time - ignoring
        vmac_garp_intvl  [all] int:0..86400s  served soft same=garp_extra_if deprecated  the old name ?(%n): %k specified without time - ignoring
        # notification
        notify_master  CMD [USER]  noeffect first  run this on becoming master ~the script is not run
        notify_backup  CMD [USER]  noeffect first  run this on becoming backup ~the script is not run
        notify_fault  CMD [USER]  noeffect first  run this on entering FAULT ~the script is not run
        notify_stop  CMD [USER]  noeffect first  run this when the daemon stops ~the script is not run
        notify  CMD [USER]  noeffect first  run this on every change, with INSTANCE, the name, the state and the priority behind its arguments
            ~the script is not run
        notify_master_rx_lower_pri  CMD [USER]  noeffect first  run this when a master hears an advert of lower priority
            ~the script is not run
        notify_deleted  [CMD] [USER]  noeffect first  run this when a reload removes the instance; without a command: report DELETED instead of
            FAULT ~the script is not run
        smtp_alert  [BOOL]  noeffect from=smtp_alert_vrrp  send mail on changes of state ~no mail is sent
            !Invalid vrrp_instance smtp_alert parameter %v
        notify_priority_changes  [BOOL]  noeffect from=vrrp_notify_priority_changes  write changes of the priority to the FIFO, too
            ~nothing is notified !(%n) Invalid value '%v' for notify_priority_changes specified
        lvs_sync_daemon_interface  IF  noeffect free  the interface of the IPVS sync daemon; deprecated, now lvs_sync_daemon in global_defs
        # authentication
        authentication  -  served block  password of the adverts; version 2 only, and no protection against anybody who can listen
        auth_hmac  -  served block since=2.4.0  signed adverts

        [authentication]  password of the adverts
        auth_type  PASS|AH  served free  PASS is the simple password of RFC 2338, AH an authentication header
        auth_pass  PASSWORD=TEXT  served secret  at most 8 bytes; quote it if it has '#', '!' or blanks

        [auth_hmac]  HMAC-SHA256 signatures behind the adverts
        key  ID=int:1..255 VALUE=TEXT  served secret adds free  a key of 32 to 64 bytes: the bytes themselves, hex:DIGITS or file:PATH
        active_key  ID=int:1..255  served  the key to sign with; mandatory
        time_window  int:1..300s  served  how far clocks may be apart, default three times advert_int, at least 5 and at most 300
        anti_replay  time|monotonic  served default=time  how old adverts are recognised: by the clock, or only by a rising count
        mode  enforce|permissive|receive-only  served default=enforce  permissive accepts adverts without a signature, receive-only sends none either
        """u8;
}
