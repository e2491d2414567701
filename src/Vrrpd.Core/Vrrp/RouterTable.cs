using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>(interface slot, VRID) to router number, by indexing: two small integers need no hash.</summary>
internal sealed class RouterTable
{
    private const int Vrids = 256;
    private readonly short[] _routers;

    public RouterTable(DaemonConfig config)
    {
        _routers = new short[config.Interfaces.Length * Vrids];
        Array.Fill(_routers, (short)-1);
        for (short i = 0; i < config.Routers.Length; i++)
        {
            _routers[config.Routers[i].Interface * Vrids + config.Routers[i].Vrid] = i;
        }
    }

    /// <summary>The router, or -1.</summary>
    public short Find(short slot, byte vrid) => _routers[slot * Vrids + vrid];
}
