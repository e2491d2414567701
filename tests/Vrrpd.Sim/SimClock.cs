using System;
using Vrrpd.Core;

namespace Vrrpd.Sim;

/// <summary>
/// The monotonic clock of one host against the time of the world: another origin, perhaps a drift, and it may have stood still (a virtual
/// machine that was resumed from a snapshot).
/// </summary>
/// <param name="sinceBoot">What it says when the world begins.</param>
/// <param name="partsPerMillion">How much faster than the world it goes.</param>
internal sealed class SimClock(TimeSpan sinceBoot, int partsPerMillion)
{
    private const long Million = 1_000_000;
    private long _stood;

    public int Drift => partsPerMillion;

    public Instant At(Instant world)
    {
        long went = world.Ticks - _stood;
        return new(sinceBoot.Ticks + went + (went * partsPerMillion / Million));
    }

    /// <summary>The first moment of the world at which the clock says so or more.</summary>
    public Instant WorldTime(Instant local)
    {
        if (local == Instant.Never)
        {
            return Instant.Never;
        }

        long went = local.Ticks - sinceBoot.Ticks;
        Instant world = new(_stood + (long)((Int128)went * Million / (Million + partsPerMillion)));
        while (At(world) < local)
        {
            world += TimeSpan.FromTicks(1);
        }

        while (At(world - TimeSpan.FromTicks(1)) >= local)
        {
            world -= TimeSpan.FromTicks(1);
        }

        return world;
    }

    public void StandStill(TimeSpan time) => _stood += time.Ticks;
}
