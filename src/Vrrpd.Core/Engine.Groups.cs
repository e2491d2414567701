using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;

namespace Vrrpd.Core;

/// <summary>What routers have in common: their sync group, and the delay before they begin.</summary>
public sealed partial class Engine
{
    private static SyncGroup[] MakeGroups(DaemonConfig config, VirtualRouter[] routers)
    {
        SyncGroup[] groups = new SyncGroup[config.SyncGroups.Length];
        for (short i = 0; i < groups.Length; i++)
        {
            groups[i] = new SyncGroup(config.SyncGroups[i], i, routers);
        }

        foreach (VirtualRouter router in routers)
        {
            router.Group = router.Config.SyncGroup >= 0 ? groups[router.Config.SyncGroup] : null;
        }

        return groups;
    }

    /// <summary>Two delays, of which the later end counts. The clock counts from the start of the host.</summary>
    private static Instant EndOfDelay(GlobalConfig globals, Instant now)
    {
        Instant start = globals.StartupDelay > TimeSpan.Zero ? now + globals.StartupDelay : now;
        Instant boot = globals.DelayAfterBoot > TimeSpan.Zero ? Instant.Zero + globals.DelayAfterBoot : now;
        Instant end = Instant.Max(start, boot);
        return end > now ? end : Instant.Never;
    }

    private void EndDelay(Instant now, ref EffectSink sink)
    {
        if (now < _delayedUntil)
        {
            return;
        }

        _delayedUntil = Instant.Never;
        for (int i = 0; i < _routers.Length; i++)
        {
            _routers[i].Block(Blockers.None, Blockers.Delayed, TransitionReason.Started, now, ref sink);
            Index(i);
        }

        Settle(now, ref sink);
    }

    /// <summary>The end of every call: members of a group follow those to whom something has happened.</summary>
    private void Settle(Instant now, ref EffectSink sink)
    {
        if (!_isAnyGroupTouched)
        {
            return;
        }

        _isAnyGroupTouched = false;
        for (int i = 0; i < _groups.Length; i++)
        {
            if (_isGroupTouched[i])
            {
                _isGroupTouched[i] = false;
                _groups[i].Settle(now, ref sink);
                foreach (short member in Config.SyncGroups[i].Routers)
                {
                    SetTimers(member);
                }
            }
        }
    }

    private void Index(int router)
    {
        SetTimers(router);
        short group = _routers[router].Config.SyncGroup;
        if (group >= 0)
        {
            _isGroupTouched[group] = _isAnyGroupTouched = true;
        }
    }
}
