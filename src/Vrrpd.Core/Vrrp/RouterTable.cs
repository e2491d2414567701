using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>(channel, VRID) to router number, by indexing: two small integers need no hash.</summary>
internal sealed class RouterTable
{
    private const int Vrids = 256;
    private readonly short[] _routers;

    public RouterTable(DaemonConfig config)
    {
        _routers = new short[config.Channels.Length * Vrids];
        Array.Fill(_routers, (short)-1);
        for (short i = 0; i < config.Routers.Length; i++)
        {
            _routers[config.Routers[i].Channel * Vrids + config.Routers[i].Vrid] = i;
        }
    }

    /// <summary>The router, or -1.</summary>
    public short Find(short channel, byte vrid) => _routers[channel * Vrids + vrid];
}
