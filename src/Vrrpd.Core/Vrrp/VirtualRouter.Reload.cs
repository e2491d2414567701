using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// Reload. A router goes on in place: whatever it knows (state, blockers, counters, whom it heard and when) stays, and only what the two
/// configurations say differently is acted on, so that between equal ones nothing happens at all.
/// </summary>
public sealed partial class VirtualRouter
{
    /// <summary>First half, of a router that is gone: the end of it, but for addresses that another master goes on with.</summary>
    internal void Leave(Handover isTakenOver, Instant now, ref EffectSink sink)
    {
        _addresses.HandOver(isTakenOver);
        Stop(now, ref sink);
    }

    /// <summary>First half, of a router that goes on: addresses that it does not have any more are taken off.</summary>
    internal void Retire(RouterConfig next, ConfigDiff diff, Handover isTakenOver, ref EffectSink sink)
    {
        if (State == RouterState.Master)
        {
            _addresses.Retire(next, diff, isTakenOver, ref sink);
            if (!diff.IsSameTraffic(Config, next))
            {
                TakeTraffic(true, ref sink);
            }
        }
    }

    /// <summary>Between the halves: configuration, number and interfaces are those of the new engine. Nothing is said or done.</summary>
    internal void Adopt(RouterConfig next, short id, Link[] links, Channel[] channels, ConfigDiff diff, Instant now)
    {
        bool isMaster = State == RouterState.Master;
        TimeSpan interval = next.AdvertInterval - Config.AdvertInterval, down = MasterDownInterval, skew = Skew;
        bool isDelayed = Config.PreemptDelay != next.PreemptDelay;
        _talk.Adopt(next);
        _check.Adopt(next);
        _template.Adopt(next);
        _rejects.Adopt(next, id);
        _announcer.Adopt(next, id, isMaster, now);
        _addresses.Adopt(next, id, links, diff, isMaster);
        (Config, _id, _links, _channels, _link) = (next, id, links, channels, links[next.Interface]);
        _source = OwnSource(next).IsUnspecified ? _source : OwnSource(next);
        _preemptAt = isDelayed ? Instant.Never : _preemptAt;
        IsLowered &= next.IsOwner;
        MoveDeadline(interval, down, skew, now);
        _template.Encode(_source, Priority);
    }

    /// <summary>Between the halves, of a master: an address that another one gave up for it.</summary>
    internal void Receive(VirtualAddress old, ConfigDiff diff, bool isConfirmed) => _addresses.Receive(old, diff, isConfirmed);

    /// <summary>Second half, after priority and links: addresses that came with the new configuration, and what follows from those that went.</summary>
    internal void TakeAddresses(RouterConfig old, ConfigDiff diff, Predicate<VirtualAddress> isHeld, Instant now, ref EffectSink sink)
    {
        if (State == RouterState.Master)
        {
            if (!diff.IsSameTraffic(old, Config))
            {
                TakeTraffic(false, ref sink);
            }

            if (_addresses.AddNew(ref sink))
            {
                _announcer.Start(now);
            }
        }
        else if (old.IsOwner && !Config.IsOwner)
        {
            // What was the interface's own is a virtual address now, and the master's.
            _addresses.RemoveLeftovers(isHeld, ref sink);
        }

        if (Blockers.HasFlag(Blockers.AddressRefused) && !HasSameAddresses(old, diff))
        {
            // The one that was refused may be among those that are gone.
            _refusals = 0;
            Block(Blockers.None, Blockers.AddressRefused, TransitionReason.Recovered, now, ref sink);
        }
    }

    /// <summary>
    /// The interval changed. A master's next advert is one new interval after its last. A backup waits three new ones from what it heard
    /// last, but never shorter than three from now (unless it waited shorter before): whom it heard then spoke at the old pace. In version 3 it
    /// goes on with what it has learnt of the master.
    /// </summary>
    private void MoveDeadline(TimeSpan interval, TimeSpan down, TimeSpan skew, Instant now)
    {
        if (State == RouterState.Master && !IsListening)
        {
            Deadline = interval == TimeSpan.Zero ? Deadline : Instant.Max(now, Deadline + interval);
        }
        else if (State == RouterState.Backup && MasterDownInterval != down && Deadline - _heardAt > skew)
        {
            Deadline = Instant.Max(Deadline + (MasterDownInterval - down), Instant.Min(Deadline, now + MasterDownInterval));
        }
    }

    private bool HasSameAddresses(RouterConfig old, ConfigDiff diff)
    {
        bool same = old.AddressTotal == Config.AddressTotal;
        for (int i = 0; same && i < old.AddressTotal; i++)
        {
            same = diff.Find(old.AddressAt(i), Config, i) >= 0;
        }

        return same;
    }
}
