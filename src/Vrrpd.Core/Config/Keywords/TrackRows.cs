using System;

namespace Vrrpd.Core.Config;

/// <summary>What instances depend on: scripts, files, processes, groups, BFD. The columns are explained at <see cref="ConfigKeywords"/>.</summary>
internal static class TrackRows
{
    public static ReadOnlySpan<byte> Text => """
        [vrrp_script]  a check that instances and groups can track
        script                      CMD                     served need=0             program and arguments, together in quotes; exit status 0 is success
        interval                    sec:0..4294             served lax default=1      from start to start !(%n): vrrp script interval '%v' must be between 1 and
            4294 - ignoring
        timeout                     sec:0..4294             served lax                then it is stopped and counts as failed, default the interval !(%n): vrrp
            script timeout '%v' invalid - ignoring
        weight                      int:-253..253 [reverse]  served free default=0     added to the priority; 0 means FAULT on failure
        rise                        COUNT=int:1..2147483647  served lax default=1      successes in a row until it counts as up !(%n): vrrp script %k value '%v'
            invalid, defaulting to 1
        fall                        COUNT=int:1..2147483647  served lax default=1      failures in a row until it counts as down !(%n): vrrp script %k value
            '%v' invalid, defaulting to 1
        user                        USER                    served                    who runs it, default script_user
        init_fail                   -                       -                         it counts as failed until it has succeeded ~nothing is said until its
            first end

        [vrrp_track_file]  a file whose number is added to priorities
        file                        PATH                    soft first                the file; it holds a whole number ?track file file name missing
        weight                      int:-254..254 [reverse]  soft free default=1       the number times this is added; 0 means FAULT when the number is not 0
            ?No weight specified for track file %n - ignoring
        init_file                   [VALUE=int:-254..254] [overwrite]  free                      make the file if there is none, with this number or 0;
            overwrite: in any case

        [vrrp_track_process]  programs that must run
        process                     PROGRAM=CMD [PARAMETER=TEXT...]  first                     name of the program, or its path with full_command, and its
            parameters
        param_match                 [initial|partial]       -                         its parameters count too: all of them, the first ones, or the beginning of
            the last too !Invalid %k type %v - ignoring
        full_command                -                       -                         look at the command line and not at the name that the process gives itself
        weight                      int:-254..254 [reverse]  soft free default=0       added to the priority; 0 means FAULT when there are too few ?No weight
            specified for track process %n - ignoring
        quorum                      COUNT=int:1..65535      default=1                 how many must run !Quorum (%v) for vrrp_track_process %n must be between
            [1..65535] inclusive. Ignoring...
        quorum_max                  COUNT=int:0..65535      -                         how many may run; 0: none may !%k (%v) for vrrp_track_process %n must be
            between [0..65535] inclusive. Ignoring...
        delay                       sec:0.000001..3600      lax default=0             how long a change must last until it counts !%k (%v) for
            vrrp_track_process %n must be between [0.000001..3600] inclusive. Ignoring...
        terminate_delay             sec:0.000001..3600      lax                       the same for processes that end, default the delay !%k (%v) for
            vrrp_track_process %n must be between [0.000001..3600] inclusive. Ignoring...
        fork_delay                  sec:0.000001..3600      lax                       the same for processes that start, default the delay !%k (%v) for
            vrrp_track_process %n must be between [0.000001..3600] inclusive. Ignoring...

        [vrrp_sync_group]  instances that change state together
        group                       -                       served lines              the instances, one a line; at least two make sense
        track_interface             -                       lines                     interfaces that decide for all of them
        track_script                -                       served lines opens=track  scripts that decide for all of them
        track_file                  -                       lines                     files that decide for all of them
        track_process               -                       lines opens=track_file    programs that decide for all of them
        track_bfd                   -                       lines opens=track         BFD sessions that decide for all of them
        notify_master               CMD [USER]              first                     run when the group becomes MASTER ~the script is not run
        notify_backup               CMD [USER]              first                     run when the group becomes BACKUP ~the script is not run
        notify_fault                CMD [USER]              first                     run when the group enters FAULT ~the script is not run
        notify_stop                 CMD [USER]              first                     run when the daemon stops ~the script is not run
        notify_deleted              CMD [USER]              first                     run when a reload removes the group; the manual knows it, keepalived does
            not ~the script is not run
        notify                      CMD [USER]              first                     run at every change with GROUP, the name, the state and the priority 0
            ~the script is not run
        smtp_alert                  [BOOL]                  -                         send mail for every change ~no mail is sent !Invalid vrrp_group smtp_alert
            parameter %v
        sync_group_tracking_weight  -                       served                    weights of what is tracked may make the priorities in the group differ
        global_tracking             -                       served same=sync_group_tracking_weight  old name of sync_group_tracking_weight
        notify_priority_changes     [BOOL]                  default=off               write priority changes of its instances to the pipes !(%n) Invalid value
            '%v' for sync group %k specified

        [group]  the instances of a group
        *                           NAME...                 served                    a vrrp_instance

        [track_group]  instances that static addresses and routes can name
        group                       -                       lines                     the instances, one a line

        [garp_group]  interfaces whose gratuitous ARPs are spaced together
        garp_interval               sec:0..2147.483647      served lax                pause between two gratuitous ARPs on these interfaces !garp_group %k '%v'
            invalid
        gna_interval                sec:0..2147.483647      served lax                the same for neighbour advertisements of IPv6 !garp_group %k '%v' invalid
        interface                   IF                      served adds               an interface of the group
        interfaces                  -                       served lines              several of them, one a line

        [interfaces]  the interfaces of a garp_group
        *                           IF...                   served                    an interface

        [bfd_instance]  a BFD session with a neighbour
        neighbor_ip                 ADDR                    -                         the neighbour !Configuration error: BFD instance %n has malformed neighbor
            address %v, ignoring instance
        neighbour_ip                ADDR                    same=neighbor_ip          the neighbour !Configuration error: BFD instance %n has malformed neighbor
            address %v, ignoring instance
        source_ip                   ADDR                    -                         our address, of the same family !Configuration error: BFD instance %n has
            malformed source address %v, ignoring
        min_rx                      int:1..4294967ms        default=10                the shortest time between two packets that we can stand !Configuration
            error: BFD instance %n min_rx value %v is not valid (must be in range [1-4294967]), ignoring
        min_tx                      int:1..4294967ms        default=10                the shortest time between two packets that we send !Configuration error:
            BFD instance %n min_tx value %v is not valid (must be in range [1-4294967]), ignoring
        idle_tx                     int:1000..4294967ms     default=1000              the same while the session is down !Configuration error: BFD instance %n
            idle_tx value %v is not valid (must be in range [1000-4294967]), ignoring
        multiplier                  COUNT=int:1..255        default=5                 packets that must be missing until the session is down !Configuration
            error: BFD instance %n multiplier value %v not valid (must be in range [1-255]), ignoring
        passive                     -                       -                         wait for the neighbour to begin
        ttl                         int:1..255              -                         TTL of our packets, default 255, and 64 with IPv6 !Configuration error:
            BFD instance %n ttl/hoplimit value %v not valid (must be in range [1-255]), ignoring
        hoplimit                    int:1..255              same=ttl                  the same for IPv6 !Configuration error: BFD instance %n ttl/hoplimit value
            %v not valid (must be in range [1-255]), ignoring
        max_hops                    int:-1..255             default=0                 hops that packets of the neighbour may have behind them; -1 for any number
            !Configuration error: BFD instance %n max_hops value %v not valid (must be in range [-1-255]), ignoring
        multihop                    [BOOL]                  since=2.3 default=off     use the port for neighbours behind routers
        weight                      int:-253..253 [reverse]  free default=0            added to the priority while the session is up; 0 means FAULT when it is
            down
        vrrp                        -                       -                         only VRRP takes notice of it
        checker                     -                       -                         only the checker takes notice of it
        """u8;
}
