using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// (channel, VRID) to router number, by indexing: two small integers need no hash. Several unicast instances may have one VRID: they are told
/// apart by who is a peer of theirs, and by the address that is theirs.
/// </summary>
internal sealed class RouterTable
{
    private const int Vrids = 256;
    private readonly RouterConfig[] _configs;
    private readonly short[] _routers;

    /// <summary>The next router with the same key, or -1.</summary>
    private readonly short[] _next;

    public RouterTable(DaemonConfig config)
    {
        _configs = config.Routers;
        _routers = new short[config.Channels.Length * Vrids];
        _next = new short[_configs.Length];
        Array.Fill(_routers, (short)-1);
        for (short i = (short)(_configs.Length - 1); i >= 0; i--)
        {
            ref short first = ref _routers[_configs[i].Channel * Vrids + _configs[i].Vrid];
            (_next[i], first) = (first, i);
        }
    }

    /// <summary>The router, or -1.</summary>
    public short Find(short channel, byte vrid, Ip source, Ip destination)
    {
        short found = _routers[channel * Vrids + vrid];
        if (found < 0 || _next[found] < 0)
        {
            return found;
        }

        short best = -1;
        for (; found >= 0; found = _next[found])
        {
            RouterConfig config = _configs[found];
            if (destination.IsMulticast != config.IsUnicast && (!config.IsUnicast || IsPeer(config, source)))
            {
                // Two may have the same peer, who then speaks to one address of ours for each.
                best = best < 0 || config.Source == destination ? found : best;
            }
        }

        return best;
    }

    private static bool IsPeer(RouterConfig config, Ip address)
    {
        foreach (UnicastPeer peer in config.Peers)
        {
            if (peer.Address == address)
            {
                return true;
            }
        }

        return false;
    }
}
