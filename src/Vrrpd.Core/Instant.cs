using System;

namespace Vrrpd.Core;

/// <summary>
/// A point on the monotonic clock of the host: 100 ns ticks from an arbitrary origin (CLOCK_BOOTTIME on Linux, so
/// that a machine that was suspended notices; a world clock in the simulator). Spans between instants are <see cref="TimeSpan"/>.
/// </summary>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>Later than every other instant: the deadline of whoever waits for nothing.</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>The origin of the clock.</summary>
    public static readonly Instant Zero = new(0);

    public static Instant operator +(Instant t, TimeSpan d) => new(t.Ticks + d.Ticks);
    public static Instant operator -(Instant t, TimeSpan d) => new(t.Ticks - d.Ticks);
    public static TimeSpan operator -(Instant a, Instant b) => new(a.Ticks - b.Ticks);
    public static bool operator <(Instant a, Instant b) => a.Ticks < b.Ticks;
    public static bool operator >(Instant a, Instant b) => a.Ticks > b.Ticks;
    public static bool operator <=(Instant a, Instant b) => a.Ticks <= b.Ticks;
    public static bool operator >=(Instant a, Instant b) => a.Ticks >= b.Ticks;

    /// <summary>The earlier of two instants.</summary>
    public static Instant Min(Instant a, Instant b) => a.Ticks <= b.Ticks ? a : b;

    /// <summary>The later of two instants.</summary>
    public static Instant Max(Instant a, Instant b) => a.Ticks >= b.Ticks ? a : b;

    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);
}
