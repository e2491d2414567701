using System;

namespace Vrrpd.Core.Config;

/// <summary>
/// Words of lines of data. The columns are explained at <see cref="ConfigKeywords"/>; in a complaint %a is the line's first word and %k the
/// word before the value.
/// </summary>
internal static class LineRows
{
    public static ReadOnlySpan<byte> Text => """
        [address]  a line of addresses: ADDR[/LEN] and words in any order
        *  PREFIX  served  the address; without a length /32 or /128
        dev  IF  served  the interface it is put on, default the instance's (of a static address: default_interface)
        scope  SCOPE=TEXT  served  IPv4: global, link, host, site, nowhere, 0..255 or a name of rt_scopes
            !Invalid scope '%v' specified for %a - ignoring
        brd  ADDR=TEXT  served  IPv4 broadcast address; + sets all bits of the host part, - clears them; not with peer
        broadcast  ADDR=TEXT  served same=brd  the same as brd
        label  TEXT  served  IPv4: name of the address, at most 15 characters
        peer  ADDR=PREFIX  served  the far end of a point-to-point link
        home  -  served  IPv6: a home address
        -nodad  -  served  IPv6: do look for duplicates (without this word it is not done)
        mngtmpaddr  -  served  IPv6: the kernel makes temporary addresses of it
        noprefixroute  -  served  the kernel adds no route for its network
        autojoin  -  served  the kernel joins the group, for a multicast address
        no_track  -  served  the master stays master when somebody removes the address
        preferred_lft  [forever] [int:0..maxs]  served  IPv6: seconds or forever; 0: no new connections come from it !preferred_lft %v is invalid
        track_group  NAME  noeffect  static addresses: instances of this group go to FAULT with its interface !track_group %v not found
        use_vmac  -  served  a macvlan on the named device

        [peer]  a line of unicast_peer
        *  ADDR  served  where to send adverts to
        min_ttl  int:0..255  served  drop adverts of this peer with a smaller TTL; switches check_unicast_src on
        max_ttl  int:0..255  served  drop adverts of this peer with a greater TTL; switches check_unicast_src on

        [track]  a line of track_script or track_bfd
        *  NAME  served  what is tracked
        weight  int:-253..253  served  added to the priority while it is up (negative: while it is down); 0: FAULT while it is down
        reverse  -  served  behind the weight: the other way round
        noreverse  -  served  behind the weight: not the other way round

        [track_file]  a line of track_file or track_process
        *  NAME  noeffect  what is tracked
        weight  int:-254..254  noeffect  what a file says counts this often; of a process as for a script
        reverse  -  noeffect  behind the weight: the other way round
        noreverse  -  noeffect  behind the weight: not the other way round

        [track_interface]  a line of track_interface
        *  IF  noeffect  the interface
        weight  int:-253..253  noeffect  added to the priority while it is up (negative: while it is down); 0: FAULT while it is down
        reverse  -  noeffect  behind the weight: the other way round

        [linkbeat_interfaces]  interfaces whose state is polled every second
        *  IF  noeffect  the interface
        MII  -  noeffect  ask the MII registers
        ETHTOOL  -  noeffect  ask ethtool
        IOCTL  -  noeffect  ask for the interface's flags

        [interface_up_down_delays]  interfaces whose changes count late
        *  IF DOWN=sec:0..255 [UP=sec:0..255]  noeffect  going down and coming up count this many seconds later; UP is 0 if left out

        [route]  a line of routes: words as of `ip route`
        *  PREFIX  noeffect  the destination, also default, any or all
        inet  -  noeffect  what follows is IPv4
        inet6  -  noeffect  what follows is IPv6
        unicast  PREFIX  noeffect  type of the route, and its destination: the usual one
        local  PREFIX  noeffect  to this host
        broadcast  PREFIX  noeffect  link broadcast
        anycast  PREFIX  noeffect  not implemented by kernels
        multicast  PREFIX  noeffect  for multicast routing
        blackhole  PREFIX  noeffect  drop silently
        unreachable  PREFIX  noeffect  answer with ICMP host unreachable
        prohibit  PREFIX  noeffect  answer with ICMP administratively prohibited
        throw  PREFIX  noeffect  go on with the next table
        nat  PREFIX  noeffect  not implemented by kernels
        to  PREFIX  noeffect  the destination !unknown route keyword %v
        src  ADDR  noeffect  source address of what this host sends !invalid route src address %v
        from  PREFIX  noeffect  IPv6: for packets from here !invalid route from address %v
        via  [inet|inet6] ADDR  noeffect  the gateway !invalid route via address %v
        gw  ADDR  noeffect same=via deprecated  the old name !invalid route gw address %v
        or  ADDR  noeffect deprecated  a second gateway; now nexthop !invalid route or address %v
        dev  IF  noeffect  the interface
        oif  IF  noeffect same=dev  the same as dev
        vrf  IF  noeffect  use the table of this VRF
        table  TABLE=TEXT  noeffect default=main  a number or a name of rt_tables !Routing table %v not found for route
        protocol  PROTOCOL=TEXT  noeffect default=18  who made it: a number or a name of rt_protos; other than 18 only with no_track
            !Protocol %v not found or invalid for route
        scope  SCOPE=TEXT  noeffect  global, link, host, site, nowhere, 0..255 or a name of rt_scopes !Scope %v not found or invalid for route
        tos  TOS=TEXT  noeffect  0..255 or a name of rt_dsfield !TOS value %v is invalid
        dsfield  TOS=TEXT  noeffect same=tos  the same as tos !TOS value %v is invalid
        metric  int:0..max  noeffect  of routes that are alike the one with the least counts !Invalid metric %v specified for route
        priority  int:0..max  noeffect same=metric  the same as metric !Invalid metric %v specified for route
        preference  int:0..max  noeffect same=metric  the same as metric !Invalid metric %v specified for route
        onlink  -  noeffect  the gateway is on the link although no route says so
        realms  REALMS=TEXT  noeffect  [FROM/]TO, numbers or names of rt_realms !Invalid realms %v for route
        expires  int:0..maxs  noeffect  IPv6: goes away after this time !Invalid expires time %v specified for route
        encap  ip|ip6|mpls|ila REST  noeffect  lightweight tunnel
        mtu  [lock] int:0..maxbytes  noeffect  largest packet; lock: no path MTU discovery !Invalid MTU %v specified for route
        advmss  [lock] int:0..maxbytes  noeffect  segment size to advertise !Invalid advmss %v specified for route
        rtt  [lock] TIME=TEXT  noeffect  first guess of the round trip time, in ms, or with s or ms behind it !Invalid rtt %v for route
        rttvar  [lock] TIME=TEXT  noeffect  its first variance !Invalid rttvar %v for route
        reordering  [lock] int:0..max  noeffect  packets that may overtake !Invalid reordering value %v specified for route
        cwnd  [lock] int:0..max  noeffect  bound of the congestion window !Invalid cwnd value %v specified for route
        ssthresh  [lock] int:0..max  noeffect  slow start threshold !Invalid ssthresh value %v specified for route
        hoplimit  int:0..255  noeffect  hop limit of what is sent !Invalid hoplimit %v specified for route
        window  int:0..max  noeffect  largest window to advertise !Invalid window value %v specified for route
        rto_min  [lock] TIME=TEXT  noeffect  least retransmission time, in ms, or with s or ms !Invalid rto_min value %v specified for route
        initcwnd  int:0..max  noeffect  first congestion window !Invalid initcwnd value %v specified for route
        initrwnd  int:0..max  noeffect  first receive window !Invalid initrwnd value %v specified for route
        features  ecn  noeffect  explicit congestion notification !feature %v not supported
        quickack  int:0..1  noeffect  acknowledge at once !Invalid quickack value %v specified for route
        congctl  [lock] NAME  noeffect  congestion control
        pref  PREF=TEXT  noeffect  IPv6: low, medium, high or a number !Invalid pref value %v specified for route
        ttl-propagate  enabled|disabled  noeffect  MPLS: copy the TTL !ttl-propagate value %v not recognised
        fastopen_no_cookie  int:0..1  noeffect  TCP fast open without a cookie !Invalid fastopen_no_cookie value %v specified for route
        add  -  noeffect  only if there is no such route
        prepend  -  noeffect  in front of routes alike; the default
        append  -  noeffect  behind routes alike
        no_track  -  noeffect  the master stays master when the route goes away
        track_group  NAME  noeffect  static routes with a device: instances of this group go to FAULT with it !track_group %v not found
        nexthop  [REST]  noeffect adds  one of several gateways, words of their own

        [nexthop]  what follows nexthop in a route
        via  [inet|inet6] ADDR  noeffect  the gateway !invalid nexthop address %v
        dev  IF  noeffect  the interface
        oif  IF  noeffect same=dev  the same as dev
        weight  int:0..256  noeffect  1..256: its share !Invalid weight %v specified for route
        onlink  -  noeffect  the gateway is on the link although no route says so
        encap  ip|ip6|mpls|ila REST  noeffect  lightweight tunnel
        realms  REALMS=TEXT  noeffect  [FROM/]TO !Invalid realms %v for route

        [encap_ip]  what follows encap ip
        id  ID=TEXT  noeffect  key of the tunnel !encap id %v value is invalid
        dst  ADDR4  noeffect  far end !Invalid encap ip dst %v
        src  ADDR4  noeffect  near end !Invalid encap ip src %v
        tos  TOS=TEXT  noeffect  0..255 or a name of rt_dsfield !dsfield %v not valid for ip encapsulation
        ttl  int:0..255  noeffect  TTL of the outer header !ttl %v is not valid for ip encapsulation
        flags  int:0..65535  noeffect  flags of the tunnel !flags %v is not valid for ip encapsulation

        [encap_ip6]  what follows encap ip6
        id  ID=TEXT  noeffect  key of the tunnel !encap id %v value is invalid
        dst  ADDR6  noeffect  far end !Invalid encap ip6 dst %v
        src  ADDR6  noeffect  near end !Invalid encap ip6 src %v
        tc  TC=TEXT  noeffect  traffic class, 0..255 or a name of rt_dsfield !tc value %k is invalid for ip6 encapsulation
        hoplimit  int:0..255  noeffect  hop limit of the outer header !Invalid hoplimit %v specified for ip6 encapsulation
        flags  int:0..65535  noeffect  flags of the tunnel !flags %v is not valid for ip6 encapsulation

        [rule]  a line of rules: words as of `ip rule`
        inet  -  noeffect  an IPv4 rule
        inet6  -  noeffect  an IPv6 rule
        not  -  noeffect  for all packets that do not match
        from  PREFIX  noeffect  source of the packet, also all or any !Invalid rule from address %v
        to  PREFIX  noeffect  destination of the packet, also all or any !Invalid rule to address %v
        table  TABLE=TEXT  noeffect  action: look there; a number or a name of rt_tables !Routing table %v not found for rule
        lookup  TABLE=TEXT  noeffect same=table  the same as table !Routing table %v not found for rule
        type  ACTION=TEXT  noeffect  in front of an action
        goto  int:0..max  noeffect  action: go on with the rule of this preference, greater than its own !Invalid target %k specified
        nop  -  noeffect  action: nothing
        blackhole  -  noeffect  action: drop silently
        unreachable  -  noeffect  action: answer with ICMP network unreachable
        prohibit  -  noeffect  action: answer with ICMP administratively prohibited
        l3mdev  -  noeffect  action: look into the table of the VRF
        preference  int:0..max  noeffect  its place; rules without one get 16384, 16383, ... !Invalid rule preference %k specified
        order  int:0..max  noeffect same=preference  the same as preference !Invalid rule preference %k specified
        priority  int:0..max  noeffect same=preference  the same as preference !Invalid rule preference %k specified
        tos  TOS=TEXT  noeffect  0..255 or a name of rt_dsfield !TOS value %v is invalid
        dsfield  TOS=TEXT  noeffect same=tos  the same as tos !TOS value %v is invalid
        fwmark  MARK=TEXT  noeffect  MARK or MARK/MASK: mark of the firewall !Invalid rule fwmark %v specified
        realms  REALMS=TEXT  noeffect  [FROM/]TO, numbers or names of rt_realms !invalid realms %v for rule
        dev  IF  noeffect same=iif  the same as iif
        iif  IF  noeffect  the interface it came in by
        oif  IF  noeffect  the interface of the socket that sends
        tunnel-id  ID=TEXT  noeffect  id of the tunnel !Invalid tunnel-id %k specified
        suppress_prefixlength  int:0..max  noeffect  not if the route found is this short !Invalid suppress_prefixlength %k specified
        sup_pl  int:0..max  noeffect same=suppress_prefixlength  the same !Invalid suppress_prefixlength %k specified
        suppress_ifgroup  GROUP=TEXT  noeffect  not if the route found leaves by this group !suppress_group %v is invalid
        sup_group  GROUP=TEXT  noeffect same=suppress_ifgroup  the same !suppress_group %v is invalid
        uidrange  RANGE=TEXT  noeffect  A-B: user who sends !Invalid uidrange %k specified
        ipproto  PROTOCOL=TEXT  noeffect  0..255 or a name of /etc/protocols !Invalid ipproto %v
        sport  RANGE=TEXT  noeffect  source port A or A-B !invalid sport range %v
        dport  RANGE=TEXT  noeffect  destination port A or A-B !invalid dport range %v
        protocol  int:0..255  noeffect default=18  who made it; other than 18 only with no_track !Invalid protocol %v
        no_track  -  noeffect  the master stays master when the rule goes away
        track_group  NAME  noeffect  static rules with iif: instances of this group go to FAULT with it !track_group %v not found
        """u8;
}
