using System;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// The last sequence number that was accepted of one sender of signed adverts, and when by our monotonic clock. Numbers count 2^-32 s (their
/// low half is 2^-16 s and a counter), wrap in 2106, and are compared as RFC 1982 does.
/// </summary>
internal struct SequenceMark
{
    private const long UnitsPerSecond = 1L << 32;

    private bool _isSet;
    private ulong _last;
    private Instant _at;

    // What a sender said whose clock seems to have been set: it is believed when it goes on from there and no longer from the old mark.
    private bool _mayTurn;
    private ulong _turn;
    private Instant _turnAt;

    /// <summary>A span in units of a sequence number.</summary>
    public static long Units(TimeSpan span)
    {
        (long seconds, long ticks) = Math.DivRem(span.Ticks, TimeSpan.TicksPerSecond);
        return seconds * UnitsPerSecond + ticks * UnitsPerSecond / TimeSpan.TicksPerSecond;
    }

    /// <summary>anti_replay monotonic: nothing but growth counts.</summary>
    public readonly bool Grows(ulong sequence) => !_isSet || (long)(sequence - _last) > 0;

    /// <summary>
    /// anti_replay time. The time of day decides only about a sender of whom nothing is known; from then on it is enough that its numbers
    /// grow as our monotonic clock does, so that setting the clock of the host, forwards or back, refuses nobody.
    /// </summary>
    /// <param name="sequence">Of an advert whose code is right.</param>
    /// <param name="isFresh">It is within the window of our time of day.</param>
    /// <param name="clock">Our time of day as a sequence number.</param>
    /// <param name="window">How far apart clocks may be.</param>
    /// <param name="interval">Between two adverts.</param>
    /// <returns>Stale and replayed are told apart by <paramref name="isReplay"/>; both false means accepted.</returns>
    public bool Refuses(ulong sequence, bool isFresh, ulong clock, TimeSpan window, TimeSpan interval, Instant now, out bool isReplay)
    {
        isReplay = false;
        if (!_isSet)
        {
            return !isFresh;
        }

        long grown = (long)(sequence - _last);
        long elapsed = Units(now - _at);
        if (grown > 0)
        {
            // Less than our clock has run: it was held back. More: the sender's clock was set forwards.
            return !isFresh && !IsWithin(grown - elapsed, window) && (grown < elapsed || !Turns(sequence, window, interval, now));
        }

        // Its clock was ahead of ours and has been set right; or somebody plays what it sent long ago, and then it still speaks itself.
        bool wasAhead = isFresh && (long)(_last - clock) > Units(window);
        isReplay = !wasAhead || !Turns(sequence, window, interval, now);
        return isReplay;
    }

    /// <summary>The advert has passed every other check, too.</summary>
    public void Set(ulong sequence, Instant now) => (_isSet, _last, _at, _mayTurn) = (true, sequence, now, false);

    /// <summary>The second number of a new series, at the right pace, while the old series is silent for longer than it ever is.</summary>
    private bool Turns(ulong sequence, TimeSpan window, TimeSpan interval, Instant now)
    {
        long grown = (long)(sequence - _turn);
        bool isSecond = _mayTurn && grown > 0 && IsWithin(grown - Units(now - _turnAt), window) && now - _at > interval * 1.5;
        (_mayTurn, _turn, _turnAt) = (true, sequence, now);
        return isSecond;
    }

    private static bool IsWithin(long difference, TimeSpan window)
    {
        long most = Units(window);
        return difference >= -most && difference <= most;
    }
}
