using System;
using Vrrpd.Core;

namespace Vrrpd.Native;

/// <summary>
/// CLOCK_BOOTTIME as <see cref="Instant"/>: monotonic like CLOCK_MONOTONIC, but it counts the time a machine was suspended, so that an old
/// master that resumes notices. The loop reads it once per turn.
/// </summary>
internal sealed class HostClock
{
    private const long TicksPerSecond = 10_000_000;
    private const long NanosecondsPerTick = 100;

    private Instant _last = Instant.Zero;

    /// <summary>CLOCK_REALTIME: time since 1970, which may jump either way.</summary>
    public static TimeSpan Wall() => new(Ticks(Libc.CLOCK_REALTIME));

    public Instant Now()
    {
        Instant now = new(Ticks(Libc.CLOCK_BOOTTIME));

        // Deadlines of every machine rest on this clock; one that runs backwards leaves nothing to trust.
        Invariant.Check(now >= _last);
        _last = now;
        return now;
    }

    private static unsafe long Ticks(int clock)
    {
        TimeSpec time;
        int result = Libc.clock_gettime(clock, &time);
        Invariant.Check(result == 0);
        return time.Seconds * TicksPerSecond + time.Nanoseconds / NanosecondsPerTick;
    }
}
