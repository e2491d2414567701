using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Crypto;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// auth_hmac of one router: signs what it sends, judges what it hears. Survives a reload, so that neither a sequence number is used twice nor
/// an old advert accepted because a key was added.
/// </summary>
internal sealed class HmacGuard
{
    private HmacConfig _config;
    private TimeSpan _window;
    private TimeSpan _interval;
    private byte[] _ids = [];
    private HmacSha256[] _keys = [];

    // The clock that numbers are made of: the host's, but for times to which it was set.
    private TimeSpan _offset;
    private bool _hasSent;
    private ulong _last;

    private HmacGuard(RouterConfig router, HmacConfig hmac)
    {
        _config = hmac;
        Adopt(router, hmac);
    }

    /// <summary>What is added to an instant for the time since 1970; the host's to set before each turn. Zero: not known yet.</summary>
    public TimeSpan WallOffset { get; set; }

    /// <summary>An advert without trailer is refused.</summary>
    public bool Enforces => _config.Mode == HmacMode.Enforce;

    /// <summary>Our adverts carry a trailer.</summary>
    public bool Signs => _config.Mode != HmacMode.ReceiveOnly;

    public byte ActiveKey => _config.ActiveKey;

    /// <summary>time_window: how far apart clocks may be.</summary>
    public TimeSpan Window => _window;

    /// <summary>Adverts of that configuration carry a trailer.</summary>
    public static bool SignsFor(RouterConfig router) => IsUsable(router.Hmac) && router.Hmac!.Mode != HmacMode.ReceiveOnly;

    /// <summary>The guard of that configuration, <paramref name="before"/> with what it remembers if there was one; null if it asks for none.</summary>
    public static HmacGuard? Of(RouterConfig router, HmacGuard? before)
    {
        if (!IsUsable(router.Hmac))
        {
            return null;
        }

        before?.Adopt(router, router.Hmac!);
        return before ?? new HmacGuard(router, router.Hmac!);
    }

    /// <summary>Writes the trailer of the next advert behind its message and says how long it is.</summary>
    public int Sign(Span<byte> target, ReadOnlySpan<byte> message, Ip source, Instant now)
    {
        Discipline();
        ulong clock = Clock(now, _offset);
        long ahead = (long)(_last - clock);
        bool isBehind = _hasSent && ahead >= 0 && (_config.IsMonotonic || ahead <= SequenceMark.Units(_window));
        (_last, _hasSent) = (isBehind ? _last + 1 : clock, true);
        return HmacTrailer.Write(target, message, source, _config.ActiveKey, _last, _keys[Array.IndexOf(_ids, _config.ActiveKey)]);
    }

    /// <summary>
    /// Judges the trailer of a message. What it accepts becomes the sender's mark (<see cref="SequenceMark.Set"/>) only when the advert has
    /// passed all other checks. <paramref name="expected"/> and <paramref name="got"/> are for the log.
    /// </summary>
    public WireError Check(
        scoped in HmacTrailer trailer, ReadOnlySpan<byte> message, Ip source, ref SequenceMark mark, Instant now, out long expected, out long got)
    {
        (expected, got) = (0, 0);
        if (!trailer.IsWellFormed)
        {
            return WireError.TrailerMalformed;
        }

        int key = Array.IndexOf(_ids, trailer.KeyId);
        if (key < 0)
        {
            (expected, got) = (_config.ActiveKey, trailer.KeyId);
            return WireError.TrailerUnknownKey;
        }

        // keepalived asks for the time first and spares itself the code; here nothing may follow from a number that nobody has signed.
        if (!trailer.Verify(message, source, _keys[key]))
        {
            got = trailer.KeyId;
            return WireError.TrailerInvalid;
        }

        if (_config.IsMonotonic)
        {
            return mark.Grows(trailer.Sequence) ? WireError.None : WireError.TrailerReplayed;
        }

        Discipline();
        ulong own = Clock(now, _offset), host = Clock(now, WallOffset);
        bool isNearHost = IsNear(trailer.Sequence, host), isFresh = isNearHost || IsNear(trailer.Sequence, own);
        if (mark.Refuses(trailer.Sequence, isFresh, isNearHost ? host : own, _window, _interval, now, out bool isReplay))
        {
            (expected, got) = ((long)_window.TotalSeconds, (int)(trailer.Seconds - (uint)(host >> 32)));

            // Whoever has the key is of another time than we. If the host's clock was set while ours went on, as after a snapshot of two virtual
            // machines, both of which stood still, the host's is what all of them have in common; ours would refuse each other for ever.
            _offset = isReplay ? _offset : WallOffset;
            return isReplay ? WireError.TrailerReplayed : WireError.TrailerStale;
        }

        // Somebody goes by the time to which our clock was set: so it is right, and a keepalived compares with it. From now on we do, too.
        _offset = isNearHost ? WallOffset : _offset;
        return WireError.None;
    }

    private static bool IsUsable(HmacConfig? hmac) =>
        // A key that the host could not read has no bytes.
        hmac is not null && Array.Exists(hmac.Keys, key => key.Id == hmac.ActiveKey && key.Value.Length > 0);

    private void Adopt(RouterConfig router, HmacConfig hmac)
    {
        _config = hmac;
        _interval = router.AdvertInterval;
        TimeSpan usual = router.AdvertInterval * 3;
        TimeSpan least = TimeSpan.FromSeconds(5), most = TimeSpan.FromSeconds(300);
        _window = hmac.Window > TimeSpan.Zero ? hmac.Window : usual < least ? least : usual > most ? most : usual;
        HmacKey[] usable = Array.FindAll(hmac.Keys, static key => key.Value.Length > 0);
        _ids = Array.ConvertAll(usable, static key => key.Id);
        _keys = Array.ConvertAll(usable, static key => new HmacSha256(key.Value));
    }

    /// <summary>
    /// Follows the host's clock as long as it runs. When it is set, our own goes on as before: those who hear us know our numbers and not
    /// that clock, and nobody here knows which of the two times is right.
    /// </summary>
    private void Discipline()
    {
        TimeSpan set = WallOffset - _offset;
        bool isUnknown = _offset == TimeSpan.Zero;
        _offset = isUnknown || (set <= _window && set >= -_window) ? WallOffset : _offset;
    }

    private bool IsNear(ulong sequence, ulong clock)
    {
        long difference = (long)(sequence - clock), most = SequenceMark.Units(_window);
        return difference >= -most && difference <= most;
    }

    /// <summary>The time of day as a sequence number: seconds, 2^-16 s, counter 0.</summary>
    private static ulong Clock(Instant now, TimeSpan offset)
    {
        (long seconds, long ticks) = Math.DivRem(now.Ticks + offset.Ticks, TimeSpan.TicksPerSecond);
        return (ulong)seconds << 32 | (ulong)(ticks * 65_536 / TimeSpan.TicksPerSecond) << 16;
    }
}
