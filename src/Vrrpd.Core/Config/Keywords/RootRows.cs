using System;

namespace Vrrpd.Core.Config;

/// <summary>Top level. The columns are explained at <see cref="ConfigKeywords"/>.</summary>
internal static class RootRows
{
    public static ReadOnlySpan<byte> Text => """
        [root]  the top level
        global_defs                 -                       served block            settings of the whole daemon; may occur several times
        vrrp_script                 NAME                    served block            a check that instances can track
        vrrp_instance               NAME                    served block need=0     a virtual router on one interface
        net_namespace               NAME                    refused                 network namespace to run in ~would run in the wrong network
        linkbeat_use_polling        [REST]                  -
        net_namespace_ipvs          [REST]                  -
        namespace_with_ipsets       [REST]                  -
        instance                    [REST]                  -
        use_pid_dir                 [REST]                  -
        child_wait_time             [REST]                  -
        static_ipaddress            [REST]                  block                   ~these are not added
        static_routes               [REST]                  block                   ~these are not added
        static_rules                [REST]                  block                   ~these are not added
        vrrp_sync_group             [REST]                  block                   ~its instances change state each on its own
        vrrp_track_process          [REST]                  block                   ~what tracks it is not affected
        track_file                  [REST]                  block                   ~what tracks it is not affected
        vrrp_track_file             [REST]                  block                   ~what tracks it is not affected
        bfd_instance                [REST]                  block                   ~what tracks it is not affected
        virtual_server              [REST]                  block                   ~there is no load balancer and no health checker here
        virtual_server_group        [REST]                  block                   ~there is no load balancer and no health checker here
        SSL                         [REST]                  block                   ~there is no load balancer and no health checker here
        track_group                 [REST]                  block
        garp_group                  [REST]                  block
        linkbeat_interfaces         [REST]                  block
        interface_up_down_delays    [REST]                  block
        """u8;
}
