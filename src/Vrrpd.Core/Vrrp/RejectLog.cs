using System;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// Rate limit for lines about refused packets: the first of each kind is said at once, then at most one a minute that tells how
/// many were not shown. A flood costs two array accesses a packet.
/// </summary>
internal sealed class RejectLog
{
    /// <summary>Long enough that a day of junk stays under 1,500 lines a cause, short enough to see that it goes on.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Instant[] _next = NewNext();
    private readonly long[] _suppressed = new long[(int)WireError.IntervalMismatch + 2];

    /// <summary>Key of the one remark that is not a refusal: the address list differs.</summary>
    public const int AddressList = (int)WireError.IntervalMismatch + 1;

    /// <summary>True when a line may be written now; <paramref name="suppressed"/> says how many were swallowed since the last.</summary>
    public bool Allow(int key, Instant now, out long suppressed)
    {
        suppressed = _suppressed[key];
        if (now < _next[key])
        {
            _suppressed[key]++;
            return false;
        }

        _next[key] = now + Quiet;
        _suppressed[key] = 0;
        return true;
    }

    private static Instant[] NewNext()
    {
        Instant[] next = new Instant[AddressList + 1];
        Array.Fill(next, new Instant(long.MinValue));
        return next;
    }
}
