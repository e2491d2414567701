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

    private RouterConfig _config = config;
    private short _router = router;
    private readonly Instant[] _next = NewNext();
    private readonly long[] _suppressed = new long[AddressList + 1];

    /// <summary>Key of the one remark that is not a refusal: the address list differs.</summary>
    private const int AddressList = WireErrors.Count;

    /// <summary>Reload. Where packets are judged by other rules from now on, the first refusal is worth its line again.</summary>
    public void Adopt(RouterConfig next, short router)
    {
        if (next.Auth != _config.Auth || next.AuthPass != _config.AuthPass || next.AdvertInterval != _config.AdvertInterval)
        {
            Array.Fill(_next, new Instant(long.MinValue));
        }

        (_config, _router) = (next, router);
    }

    /// <summary>A packet was refused. One to a router that does not listen is expected and not worth a line.</summary>
    public void Refuse(WireError error, scoped in Ipv4Header ip, ReadOnlySpan<byte> message, Instant now, ref EffectSink sink)
    {
        if (error == WireError.NotListening || !Allow((int)error, now, out long suppressed))
        {
            return;
        }

        (long expected, long got) = error switch
        {
            WireError.BadTtl => (VrrpPacket.RequiredTtl, ip.Ttl),
            WireError.BadVersion => (VrrpPacket.Version2, message[0] >> 4),
            WireError.BadType => (VrrpPacket.Advertisement, message[0] & 0xf),
            WireError.AuthTypeMismatch or WireError.InvalidAuthType => ((long)_config.Auth, message[4]),
            WireError.IntervalMismatch => ((long)_config.AdvertInterval.TotalSeconds, message[5]),
            WireError.BadLength => (VrrpPacket.Length(VrrpPacket.Version2, false, message[3]), message.Length),
            _ => (0L, 0L),
        };
        sink.Log(LogEvent.Rejected, _router, (long)error | suppressed << 8, expected, got, ip.Source, _config.Interface);
    }

    /// <summary>An accepted advert has other addresses than we.</summary>
    public void Differ(scoped in VrrpPacket packet, Ip source, Instant now, ref EffectSink sink)
    {
        if (Allow(AddressList, now, out long suppressed))
        {
            sink.Log(LogEvent.AddressListDiffers, _router, packet.Count, _config.Addresses.Length, suppressed, source);
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
        Instant[] next = new Instant[AddressList + 1];
        Array.Fill(next, new Instant(long.MinValue));
        return next;
    }
}
