using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// Spacing of announcements on interfaces whose switch or neighbours take no more (garp_interval and gna_interval of a garp_group, or of
/// global_defs for each interface alone). The devices over an interface share its wire and its spacing.
/// </summary>
internal sealed class Pacer(TimeSpan arpInterval, TimeSpan neighbourInterval)
{
    private Instant _arpAt = new(long.MinValue);
    private Instant _neighbourAt = new(long.MinValue);

    /// <summary>When the next may leave.</summary>
    public Instant FreeAt(bool isV6) => isV6 ? _neighbourAt : _arpAt;

    /// <summary>One leaves now.</summary>
    public void Take(bool isV6, Instant now)
    {
        if (isV6)
        {
            _neighbourAt = now + neighbourInterval;
        }
        else
        {
            _arpAt = now + arpInterval;
        }
    }

    /// <summary>For each slot of the configuration the spacing that it is under, or null.</summary>
    public static Pacer?[] For(DaemonConfig config)
    {
        Pacer?[] pacers = new Pacer?[config.Interfaces.Length];
        foreach (GarpGroupConfig group in config.GarpGroups)
        {
            Pacer pacer = new(group.ArpInterval, group.NeighbourInterval);
            foreach (short slot in group.Slots)
            {
                pacers[slot] = pacer;
            }
        }

        return pacers;
    }
}
