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
        }
    }

    /// <summary>Between the halves: configuration, number and interfaces are those of the new engine. Nothing is said or done.</summary>
    internal void Adopt(RouterConfig next, short id, Link[] links, Channel[] channels, ConfigDiff diff, Instant now)
    {
        MoveDeadline(next.AdvertInterval, now);
        bool isMaster = State == RouterState.Master;
        _talk.Adopt(next);
        _check.Adopt(next);
        _template.Adopt(next);
        _rejects.Adopt(next, id);
        _announcer.Adopt(next, id, isMaster, now);
        _addresses.Adopt(next, id, links, diff, isMaster);
        (Config, _id, _links, _channels, _link) = (next, id, links, channels, links[next.Interface]);
        _source = next.Source.IsUnspecified ? _source : next.Source;
        _template.Encode(_source, Priority);
    }

    /// <summary>Between the halves, of a master: an address that another one gave up for it.</summary>
    internal void Receive(VirtualAddress old, ConfigDiff diff, bool isConfirmed) => _addresses.Receive(old, diff, isConfirmed);

    /// <summary>Second half, after priority and links: addresses that came with the new configuration, and what follows from those that went.</summary>
    internal void TakeAddresses(RouterConfig old, ConfigDiff diff, Predicate<VirtualAddress> isHeld, Instant now, ref EffectSink sink)
    {
        if (State == RouterState.Master)
        {
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
    /// last, but never shorter than three from now (unless it waited shorter before): whom it heard then spoke at the old pace.
    /// </summary>
    private void MoveDeadline(TimeSpan interval, Instant now)
    {
        TimeSpan more = interval - Config.AdvertInterval;
        if (more == TimeSpan.Zero)
        {
            return;
        }

        if (State == RouterState.Master)
        {
            Deadline = Instant.Max(now, Deadline + more);
        }
        else if (State == RouterState.Backup && Deadline - _heardAt > Skew)
        {
            Deadline = Instant.Max(Deadline + more * DownAdverts, Instant.Min(Deadline, now + MasterDownInterval + more * DownAdverts));
        }
    }

    private bool HasSameAddresses(RouterConfig old, ConfigDiff diff)
    {
        bool same = old.Addresses.Length == Config.Addresses.Length;
        for (int i = 0; same && i < old.Addresses.Length; i++)
        {
            same = diff.Find(old.Addresses[i], Config, i) >= 0;
        }

        return same;
    }
}
