using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Track;

/// <summary>Base priority and weights to effective priority. Pure arithmetic.</summary>
internal static class PriorityRule
{
    /// <summary>What one tracked thing adds: a positive weight while it is up, a negative one while it is down; `reverse` swaps up and down.</summary>
    public static int Contribution(int weight, bool reverse, TrackerState state)
    {
        if (state == TrackerState.Unknown)
        {
            return 0;
        }

        bool up = (state == TrackerState.Up) != reverse;
        return weight > 0 == up ? weight : 0;
    }

    /// <summary>Clamped to 1..254: 0 means "I stop" and 255 is the owner's. An owner never changes.</summary>
    public static byte Effective(byte basePriority, int sum) =>
        basePriority == 255 ? basePriority : (byte)Math.Clamp(basePriority + sum, 1, 254);
}
