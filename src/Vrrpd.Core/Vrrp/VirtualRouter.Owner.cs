using System;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// Two routers that both say they own the addresses (RFC 9568 section 8.3.2). The one with the lower address yields, as at any tie; if it goes on
/// nevertheless, the other one becomes a backup of priority 254 rather than fight for ever. So does keepalived.
/// </summary>
public sealed partial class VirtualRouter
{
    private const byte Owner = 255, Lowered = 254;

    /// <summary>A rival that heard two adverts of ours has had its chance to yield.</summary>
    private const int Chances = 2;

    private Ip _rogue;
    private long _ownAdverts;
    private long _adverts;
    private Instant _rogueUntil = Instant.Never;
    private TimeSpan _rogueInterval;

    /// <summary>An owner that has stepped down to 254.</summary>
    internal bool IsLowered { get; private set; }

    /// <summary>Another owner with a lower address was heard by an owner that is master.</summary>
    private void HearRogue(Ip source, TimeSpan interval, Instant now, ref EffectSink sink)
    {
        if (_rogue != source)
        {
            (_rogue, _rogueInterval, _adverts, _rogueUntil) = (source, interval, _ownAdverts, Instant.Never);
            sink.Log(LogEvent.TwoOwners, _id, address: source);
        }
        else if (_rogueUntil == Instant.Never)
        {
            CountChances(now);
        }
        else if (now < _rogueUntil)
        {
            sink.Log(LogEvent.RogueStays, _id, address: source);
            IsLowered = true;
            _rogueUntil = Instant.Never;
            ChangePriority(Lowered, now, ref sink);
        }
        else
        {
            // It is back, or slower than it says: from the beginning.
            (_adverts, _rogueUntil) = (_ownAdverts, Instant.Never);
        }
    }

    /// <summary>With each advert of our own: has the other one had its chances, and did it take them?</summary>
    private void WatchRogue(Instant now, ref EffectSink sink)
    {
        if (_rogue.IsUnspecified || IsLowered)
        {
            return;
        }

        if (_rogueUntil == Instant.Never)
        {
            CountChances(now);
        }
        else if (now >= _rogueUntil)
        {
            sink.Log(LogEvent.RogueGone, _id, address: _rogue);
            ForgetRogue();
        }
    }

    private void CountChances(Instant now)
    {
        if (_ownAdverts - _adverts >= Chances)
        {
            // 1.2 of the longer interval.
            _rogueUntil = now + new TimeSpan(Math.Max(_rogueInterval.Ticks, Config.AdvertInterval.Ticks) * 6 / 5);
        }
    }

    private void ForgetRogue() => (_rogue, _rogueUntil) = (IsLowered ? _rogue : default, Instant.Never);

    /// <summary>The address of the other owner is a backup's or somebody else's: ours is the owner again.</summary>
    private void RestoreIfRogueIsGone(byte priority, Ip source, Instant now, ref EffectSink sink)
    {
        if (IsLowered && priority > 0 && (priority < Owner || source != _rogue))
        {
            Restore(now, ref sink);
        }
    }

    private void Restore(Instant now, ref EffectSink sink)
    {
        if (IsLowered)
        {
            IsLowered = false;
            ForgetRogue();
            ChangePriority(Config.Priority, now, ref sink);
        }
    }
}
