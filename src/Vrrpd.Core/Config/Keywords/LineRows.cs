using System;

namespace Vrrpd.Core.Config;

/// <summary>Words of lines of data. The columns are explained at <see cref="ConfigKeywords"/>.</summary>
internal static class LineRows
{
    public static ReadOnlySpan<byte> Text => """
        [address]  a line of addresses
        *                           PREFIX                  served                  the address
        dev                         IF                      served                  the interface it is put on, default the instance's
        scope                       TEXT                    served                  global, link, host, site, nowhere or a number
        brd                         TEXT                    served                  broadcast address, + or -
        label                       TEXT                    served                  name of the address

        [track]  a line of track_script
        *                           NAME                    served                  the script
        weight                      int:-253..253           served                  added to the priority while it succeeds or fails
        reverse                     -                       served                  the other way round
        noreverse                   -                       served                  not the other way round

        [peer]  a line of unicast_peer
        *                           ADDR                    refused                 the address
        """u8;
}
