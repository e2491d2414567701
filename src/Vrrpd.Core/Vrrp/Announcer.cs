using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// Tells the neighbours of one master where its addresses are, by gratuitous ARP and unsolicited neighbour advertisements: a burst at once, a
/// second after a delay, refreshes, and bursts after whatever may have taught somebody otherwise. The engine lets all routers together send no
/// more than a portion in a turn, so that announcing never holds up an advert.
/// </summary>
internal sealed class Announcer
{
    private AnnounceConfig _config;
    private short _router;
    private readonly AnnouncementBurst _v4;
    private readonly AnnouncementBurst _v6;
    private VirtualAddress[] _extras;
    private Instant _secondAt = Instant.Never;
    private int _secondRounds;
    private Instant _refreshAt = Instant.Never;
    private Instant _extraAt = Instant.Never;
    private bool _isHeld;

    public Announcer(RouterConfig config, short router)
    {
        _config = config.Announce;
        _router = router;
        _v4 = new AnnouncementBurst(Of(config, isV6: false));
        _v6 = new AnnouncementBurst(Of(config, isV6: true));
        _extras = ExtrasOf(config);
    }

    public Instant Deadline =>
        Instant.Min(Instant.Min(_v4.Deadline, _v6.Deadline), Instant.Min(_secondAt, Instant.Min(_refreshAt, _extraAt)));

    /// <summary>Nothing is announced, whatever happens, before <see cref="Start"/>: the addresses are not all there yet.</summary>
    public void Hold() => _isHeld = true;

    /// <summary>We became master: the addresses are on the interface, say so to everybody.</summary>
    public void Start(Instant now)
    {
        _isHeld = false;
        Renew(now);
        _refreshAt = _config.Refresh > TimeSpan.Zero ? now + _config.Delay + _config.Refresh : Instant.Never;
        _extraAt = _config.ExtraInterval > TimeSpan.Zero && _extras.Length > 0 ? now + _config.ExtraInterval : Instant.Never;
    }

    /// <summary>
    /// We are master as before, but the neighbours may think otherwise: the link was away, an address came back, we were frozen, or somebody else
    /// was master too. As at the beginning, but the rhythm of refreshes stays.
    /// </summary>
    public void Renew(Instant now)
    {
        if (_isHeld)
        {
            return;
        }

        Burst(_config.Repeat, now);
        Second(_config.Repeat, _config.Delay, now);
    }

    /// <summary>Somebody of lower priority claimed to be master; whoever believed it must hear us again.</summary>
    public void Contest(Instant now)
    {
        if (_isHeld)
        {
            return;
        }

        Burst(_config.LowerPriorityRepeat, now);
        if (_config.LowerPriorityRepeat > 0 && _config.LowerPriorityDelay > TimeSpan.Zero)
        {
            // The second burst after the take-over, if it is still to come, is part of this one; without this one it stays.
            int rounds = _secondAt == Instant.Never ? 0 : _secondRounds;
            Second(Math.Max(rounds, _config.LowerPriorityRepeat), _config.LowerPriorityDelay, now);
        }
    }

    public void Stop()
    {
        _v4.Stop();
        _v6.Stop();
        _secondAt = _refreshAt = _extraAt = Instant.Never;
        _isHeld = false;
    }

    /// <summary>Reload: a burst goes on, over the addresses that there are now; the next refresh is counted from the last.</summary>
    public void Adopt(RouterConfig next, short router, bool isMaster, Instant now)
    {
        (AnnounceConfig was, _config, _router, _extras) = (_config, next.Announce, router, ExtrasOf(next));
        _v4.Adopt(Of(next, isV6: false));
        _v6.Adopt(Of(next, isV6: true));
        if (isMaster)
        {
            _refreshAt = Moved(_refreshAt, was.Refresh, _config.Refresh, now);
            _extraAt = _extras.Length == 0 ? Instant.Never : Moved(_extraAt, was.ExtraInterval, _config.ExtraInterval, now);
        }
    }

    /// <summary>What is due now, or the next portion of it. Early or repeated calls do nothing.</summary>
    /// <param name="pacers">By slot.</param>
    /// <param name="budget">Announcements that the turn has left.</param>
    public void HandleTimer(Link[] links, Pacer?[] pacers, ref int budget, Instant now, ref EffectSink sink)
    {
        if (now >= _secondAt)
        {
            _secondAt = Instant.Never;
            Burst(_secondRounds, now);
        }

        if (now >= _refreshAt)
        {
            _refreshAt = now + _config.Refresh;
            Burst(_config.RefreshRepeat, now);
        }

        if (now >= _extraAt)
        {
            _extraAt = now + _config.ExtraInterval;
            foreach (VirtualAddress vip in _extras)
            {
                budget--;
                _ = Announcement.TrySend(vip.Address, vip.Interface, links[vip.Interface], _router, isQueued: false, ref sink);
            }
        }

        _v4.Continue(_router, links, pacers, ref budget, now, ref sink);
        _v6.Continue(_router, links, pacers, ref budget, now, ref sink);
    }

    private void Burst(int rounds, Instant now)
    {
        _v4.Begin(rounds, now);
        _v6.Begin(rounds, now);
    }

    private void Second(int rounds, TimeSpan delay, Instant now)
    {
        _secondRounds = rounds;
        _secondAt = delay > TimeSpan.Zero ? now + delay : Instant.Never;
    }

    /// <summary>A rhythm after its interval has changed: counted from the last time it was due.</summary>
    private static Instant Moved(Instant at, TimeSpan was, TimeSpan will, Instant now) =>
        was == will ? at : will == TimeSpan.Zero ? Instant.Never : at == Instant.Never ? now + will : Instant.Max(now, at - was + will);

    private static VirtualAddress[] Of(RouterConfig config, bool isV6)
    {
        List<VirtualAddress> all = [];
        Take(config.Addresses, vip => vip.Address.IsV6 == isV6, all);
        Take(config.Excluded, vip => vip.Address.IsV6 == isV6, all);
        return all.ToArray();
    }

    /// <summary>
    /// The first address on each interface where no adverts go: nothing else would show its switch where the MAC address is. Without `all` that
    /// is a question of virtual MAC addresses only.
    /// </summary>
    private static VirtualAddress[] ExtrasOf(RouterConfig config)
    {
        if (config.Announce.ExtraInterval == TimeSpan.Zero)
        {
            return [];
        }

        List<VirtualAddress> firsts = [];
        bool IsWanted(VirtualAddress vip) => vip.Interface != config.AdvertSlot && (config.Announce.ExtraOnAll || IsOnVirtualMac(vip))
            && !firsts.Exists(first => first.Interface == vip.Interface);
        bool IsOnVirtualMac(VirtualAddress vip) => config.IsOwnDevice(vip.Interface);
        Take(config.Addresses, IsWanted, firsts);
        Take(config.Excluded, IsWanted, firsts);
        return firsts.ToArray();
    }

    private static void Take(VirtualAddress[] from, Predicate<VirtualAddress> isWanted, List<VirtualAddress> to)
    {
        foreach (VirtualAddress vip in from)
        {
            if (isWanted(vip))
            {
                to.Add(vip);
            }
        }
    }
}
