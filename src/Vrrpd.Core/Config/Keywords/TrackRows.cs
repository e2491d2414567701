using System;

namespace Vrrpd.Core.Config;

/// <summary>What instances depend on. The columns are explained at <see cref="ConfigKeywords"/>.</summary>
internal static class TrackRows
{
    public static ReadOnlySpan<byte> Text => """
        [vrrp_script]  a check that instances can track
        script                      CMD                     served need=0           program and arguments, together in quotes; exit status 0 is success
        interval  sec:0..4294  served lax default=1  from start to start !(%n): vrrp script interval '%v' must be between 1 and 4294 - ignoring
        timeout  sec:0..4294  served lax  then it is stopped and counts as failed, default the interval !(%n): vrrp script timeout '%v' invalid - ignoring
        weight                      int:-253..253 [reverse]  served free default=0        added to the priority; 0 means FAULT on failure
        rise  COUNT=int:1..2147483647  served lax default=1  successes in a row until it counts as up !(%n): vrrp script %k value '%v' invalid,
            defaulting to 1
        fall  COUNT=int:1..2147483647  served lax default=1  failures in a row until it counts as down !(%n): vrrp script %k value '%v' invalid,
            defaulting to 1
        user                        USER                    served                  who runs it, default script_user
        init_fail                   [REST]                  -
        """u8;
}
