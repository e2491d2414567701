using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// Gratuitous ARP of one master: a burst at once, a second after a delay, refreshes, and bursts after a rival of lower priority.
/// A burst of many addresses is cut into portions of one turn each, so that announcing never holds up an advert.
/// </summary>
internal sealed class Announcer(RouterConfig config, short router)
{
    private RouterConfig _config = config;
    private short _router = router;
    private int _rounds;
    private int _next;
    private bool _newBurst;
    private Instant _continueAt = Instant.Never;
    private Instant _secondAt = Instant.Never;
    private int _secondRounds;
    private Instant _refreshAt = Instant.Never;

    public Instant Deadline => Instant.Min(_continueAt, Instant.Min(_secondAt, _refreshAt));

    /// <summary>We became master: the addresses are on the interface, say so to everybody.</summary>
    public void Start(Instant now)
    {
        AnnounceConfig announce = _config.Announce;
        Burst(announce.Repeat, now);
        Second(announce.Repeat, announce.Delay, now);
        _refreshAt = announce.Refresh > TimeSpan.Zero ? now + announce.Delay + announce.Refresh : Instant.Never;
    }

    /// <summary>Somebody of lower priority claimed to be master; whoever believed it must hear us again.</summary>
    public void Contest(Instant now)
    {
        Burst(_config.Announce.LowerPriorityRepeat, now);
        if (_config.Announce.LowerPriorityRepeat > 0 && _config.Announce.LowerPriorityDelay > TimeSpan.Zero)
        {
            // The second burst after the take-over, if it is still to come, is part of this one; without this one it stays.
            int rounds = _secondAt == Instant.Never ? 0 : _secondRounds;
            Second(Math.Max(rounds, _config.Announce.LowerPriorityRepeat), _config.Announce.LowerPriorityDelay, now);
        }
    }

    public void Stop()
    {
        _rounds = _next = 0;
        _continueAt = _secondAt = _refreshAt = Instant.Never;
    }

    /// <summary>Reload: a burst goes on, over the addresses that there are now; the next refresh is counted from the last.</summary>
    public void Adopt(RouterConfig next, short router, bool isMaster, Instant now)
    {
        (TimeSpan was, TimeSpan will) = (_config.Announce.Refresh, next.Announce.Refresh);
        if (isMaster && was != will)
        {
            _refreshAt = will == TimeSpan.Zero ? Instant.Never : was == TimeSpan.Zero ? now + will : Instant.Max(now, _refreshAt - was + will);
        }

        if (_rounds > 0 && !IsSameList(next.Addresses))
        {
            _next = 0;
            _rounds = next.Addresses.Length == 0 ? 0 : _rounds;
            _continueAt = _rounds == 0 ? Instant.Never : _continueAt;
        }

        (_config, _router) = (next, router);
    }

    /// <summary>What is due now, or the next portion of it. Early or repeated calls do nothing.</summary>
    public void HandleTimer(Link[] links, Instant now, ref EffectSink sink)
    {
        if (now >= _secondAt)
        {
            _secondAt = Instant.Never;
            Burst(_secondRounds, now);
        }

        if (now >= _refreshAt)
        {
            _refreshAt = now + _config.Announce.Refresh;
            Burst(_config.Announce.RefreshRepeat, now);
        }

        if (now >= _continueAt)
        {
            Emit(links, now, ref sink);
        }
    }

    private void Burst(int rounds, Instant now)
    {
        if (rounds == 0 || _config.Addresses.Length == 0)
        {
            return;
        }

        if (_rounds == 0)
        {
            _next = 0;
            _newBurst = true;
        }

        _rounds = Math.Max(_rounds, rounds);
        _continueAt = now;
    }

    private bool IsSameList(VirtualAddress[] next)
    {
        bool same = next.Length == _config.Addresses.Length;
        for (int i = 0; same && i < next.Length; i++)
        {
            same = next[i].Address == _config.Addresses[i].Address;
        }

        return same;
    }

    private void Second(int rounds, TimeSpan delay, Instant now)
    {
        _secondRounds = rounds;
        _secondAt = delay > TimeSpan.Zero ? now + delay : Instant.Never;
    }

    /// <summary>For each round, each address (A B A B, not A A B B): one frame lost hurts no address more than another.</summary>
    private void Emit(Link[] links, Instant now, ref EffectSink sink)
    {
        for (int budget = Limits.AnnouncementsPerTurn; _rounds > 0 && budget > 0; budget--)
        {
            VirtualAddress vip = _config.Addresses[_next];
            Link link = links[vip.Interface];
            if (link.IsUp && !link.NoArp)
            {
                if (_newBurst)
                {
                    sink.Log(LogEvent.QueueingArp, _router, address: vip.Address, slot: vip.Interface);
                }

                sink.Log(LogEvent.SendingArp, _router, address: vip.Address, slot: vip.Interface);
                int length = ArpPacket.WriteGratuitous(sink.Free, link.Mac, vip.Address);
                sink.Send(EffectKind.SendFrame, _router, vip.Interface, length, vip.Address);
            }

            if (++_next == _config.Addresses.Length)
            {
                _next = 0;
                _rounds--;
                _newBurst = false;
            }
        }

        _continueAt = _rounds > 0 ? now : Instant.Never;
    }
}
