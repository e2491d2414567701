using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// Rate limit for lines about refused packets: the first of each kind is said at once, then at most one a minute that tells how
/// many were not shown. A flood costs two array accesses a packet.
/// </summary>
internal sealed class RejectLog(RouterConfig config, short router)
{
    /// <summary>Long enough that a day of junk stays under 1,500 lines a cause, short enough to see that it goes on.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    // Keys of what is said of adverts that are accepted.
    private const int AddressList = WireErrors.Count;
    private const int UsualForm = WireErrors.Count + 1;
    private const int UnusualForm = WireErrors.Count + 2;
    private const int Interval = WireErrors.Count + 3;
    private const int Keys = WireErrors.Count + 4;

    private RouterConfig _config = config;
    private short _router = router;
    private readonly Instant[] _next = NewNext();
    private readonly long[] _suppressed = new long[Keys];

    /// <summary>Reload. Where packets are judged by other rules from now on, the first refusal is worth its line again.</summary>
    public void Adopt(RouterConfig next, short router)
    {
        if (next.Auth != _config.Auth || next.AuthPass != _config.AuthPass || next.AdvertInterval != _config.AdvertInterval
            || next.Version != _config.Version || next.Hmac != _config.Hmac || next.IsUnicast != _config.IsUnicast)
        {
            Array.Fill(_next, new Instant(long.MinValue));
        }

        (_config, _router) = (next, router);
    }

    /// <summary>A packet was refused. What is expected to come and to be refused is not worth a line.</summary>
    public void Refuse(WireError error, Ip source, long expected, long got, Instant now, ref EffectSink sink)
    {
        if (error is not (WireError.OwnerIgnores or WireError.OlderVersion) && Allow((int)error, now, out long suppressed))
        {
            sink.Log(LogEvent.Rejected, _router, (long)error | suppressed << 8, expected, got, source, _config.AdvertSlot);
        }
    }

    /// <summary>An accepted advert has other addresses than we.</summary>
    public void Differ(scoped VrrpPacket packet, Ip source, Instant now, ref EffectSink sink)
    {
        if (Allow(AddressList, now, out long suppressed))
        {
            sink.Log(LogEvent.AddressListDiffers, _router, packet.Count, _config.Addresses.Length, suppressed, source);
        }
    }

    /// <summary>Version 3: the sender of an accepted advert speaks at another pace than we would.</summary>
    public void DifferInInterval(TimeSpan interval, Ip source, Instant now, ref EffectSink sink)
    {
        if (Allow(Interval, now, out long suppressed))
        {
            sink.Log(LogEvent.IntervalDiffers, _router, interval.Ticks / TimeSpan.TicksPerMillisecond,
                _config.AdvertInterval.Ticks / TimeSpan.TicksPerMillisecond, suppressed, source);
        }
    }

    /// <summary>How a sender sums its adverts, when it is first known or has changed.</summary>
    public void SayForm(ChecksumForm form, Ip source, Instant now, ref EffectSink sink)
    {
        bool isUsual = form == ChecksumForm.PseudoHeader;
        if (Allow(isUsual ? UsualForm : UnusualForm, now, out long suppressed))
        {
            sink.Log(isUsual ? LogEvent.ChecksumUsual : LogEvent.ChecksumUnusual, _router, (long)form, (long)_config.Checksum, suppressed, source);
        }
    }

    /// <summary>True when a line may be written now; <paramref name="suppressed"/> says how many were swallowed since the last.</summary>
    private bool Allow(int key, Instant now, out long suppressed)
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
        Instant[] next = new Instant[Keys];
        Array.Fill(next, new Instant(long.MinValue));
        return next;
    }
}
