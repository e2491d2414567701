using System;

namespace Vrrpd.Core.Config;

/// <summary>Top level. The columns are explained at <see cref="ConfigKeywords"/>.</summary>
internal static class RootRows
{
    public static ReadOnlySpan<byte> Text => """
        [root]  the top level
        global_defs                 -                       served block              settings of the whole daemon; may occur several times
        vrrp_instance               NAME                    served block need=0 free  a virtual router on one interface
        vrrp_script                 NAME                    served block              a check that instances can track
        vrrp_sync_group             NAME                    served block soft free    instances that change state together ?vrrp_sync_group must have a name -
            skipping
        track_file                  NAME                    block opens=vrrp_track_file  a file whose number changes priorities ~what tracks it is not affected
        vrrp_track_file             NAME                    block same=track_file     old name of track_file ~what tracks it is not affected
        vrrp_track_process          NAME                    block                     programs that must run ~what tracks it is not affected
        bfd_instance                NAME                    block                     a BFD session with a neighbour ~there is no BFD here: what tracks it is
            not affected
        garp_group                  -                       served block              interfaces whose gratuitous ARPs are spaced together
        linkbeat_interfaces         -                       lines                     interfaces whose link is asked for instead of listened to ~the kernel
            tells of all links
        interface_up_down_delays    -                       lines                     how long a link must be up or down until that counts ~it counts at once
        track_group                 NAME                    block soft free           instances that static addresses and routes can name ~these are not added
            ?track_group must have a name - skipping
        static_ipaddress            -                       lines opens=address       addresses that are there all the time ~these are not added
        static_routes               -                       lines opens=route         routes that are there all the time ~these are not added
        static_rules                -                       lines opens=rule          rules that are there all the time ~these are not added
        linkbeat_use_polling        -                       -                         ask all interfaces for their link instead of listening to the kernel ~the
            kernel tells of all links
        net_namespace               NAME                    refused soft first        network namespace to run in ~would run in the wrong network ?%k name
            missing - ignoring
        net_namespace_ipvs          [NAME]                  first                     network namespace of the load balancer ~there is no load balancer here
        namespace_with_ipsets       -                       -                         use ipsets in a namespace of an old kernel too ~no filter rules are made
        instance                    NAME                    soft first                name of this daemon among several; names of pid files, log and dumps hold
            it ~they have the usual names ?%k name missing - ignoring
        use_pid_dir                 -                       -                         pid files in /run/keepalived ~they are where the command line says
        child_wait_time             int:0..maxs             default=5                 how long to wait for child processes at the stop ~there are none !Invalid
            child_wait_time %v
        """u8;
}
