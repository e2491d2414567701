using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;
using Vrrpd.Core.Track;
using Vrrpd.Core.Vrrp;

namespace Vrrpd.Core;

/// <summary>
/// Reload, in three calls, because effects name routers, scripts and interfaces by their number in the configuration in force:
/// <see cref="BeginReload"/> on the old engine, whose effects are carried out; <see cref="Succeed"/> makes the new engine, which is told what
/// the host has of interfaces that are new; <see cref="EndReload"/> on the new one.
/// </summary>
public sealed partial class Engine
{
    /// <summary>The slots whose virtual addresses are others than before: the source of adverts may be another. Empty but for a reload.</summary>
    private readonly bool[] _isRelabelled = [];

    private readonly List<HandedOver> _handedOver = [];

    private Engine(Engine old, ConfigDiff diff, Instant now)
    {
        Config = diff.Next;
        _isReloading = true;
        _delayedUntil = old._delayedUntil;
        _hostKnown = old._hostKnown;
        _unmatched = old._unmatched;
        _links = new Link[Config.Interfaces.Length];
        _isRelabelled = new bool[_links.Length];
        Ip[][] virtuals = VirtualsOf(Config);
        for (int slot = 0; slot < _links.Length; slot++)
        {
            short before = diff.SlotsBefore[slot];
            _links[slot] = before == ConfigDiff.None ? new Link(Config.Interfaces[slot]) : old._links[before];
            _isRelabelled[slot] = _links[slot].KnowVirtuals(virtuals[slot]);
        }

        _channels = new Channel[Config.Channels.Length];
        for (short i = 0; i < _channels.Length; i++)
        {
            short before = diff.ChannelsBefore[i];
            _channels[i] = before == ConfigDiff.None ? new Channel(Config.Channels[i]) : old._channels[before];
            if (before != ConfigDiff.None && _channels[i].Adopt(Config.Channels[i]))
            {
                _channels[i].Forget();
            }
        }

        _routers = new VirtualRouter[Config.Routers.Length];
        _sendFailedQuietUntil = new Instant[_routers.Length];
        for (short i = 0; i < _routers.Length; i++)
        {
            short before = diff.RoutersBefore[i];
            if (before == ConfigDiff.None)
            {
                _routers[i] = new VirtualRouter(Config.Routers[i], i, _links, _channels, _delayedUntil != Instant.Never, now);
                continue;
            }

            _routers[i] = old._routers[before];
            _routers[i].Adopt(Config.Routers[i], i, _links, _channels, diff, now);
            _sendFailedQuietUntil[i] = old._sendFailedQuietUntil[before];
        }

        _groups = MakeGroups(Config, _routers);
        _isGroupTouched = new bool[_groups.Length];
        foreach (HandedOver handed in old._handedOver)
        {
            _routers[diff.RoutersNow[handed.Router]].Receive(handed.Vip, diff, handed.IsConfirmed);
        }

        _scripts = new ScriptCheck[Config.Scripts.Length];
        for (short i = 0; i < _scripts.Length; i++)
        {
            short before = diff.ScriptsBefore[i];
            _scripts[i] = before == ConfigDiff.None ? new ScriptCheck(Config.Scripts[i], i) : old._scripts[before];
            if (before != ConfigDiff.None)
            {
                _scripts[i].Adopt(Config.Scripts[i], i, diff.IsSameRun(before), now);
            }
        }

        NeedsWallClock = Array.Exists(Config.Routers, static router => router.Hmac is not null);
        WallOffset = old.WallOffset;
        _table = new RouterTable(Config);
        _wheel = new TimerWheel(Math.Max(1, _routers.Length + _scripts.Length), now);
        _announcements = new TimerWheel(Math.Max(1, _routers.Length), now);
        _pacers = Pacer.For(Config);
        _effectsPerCall = Limits.EffectsPerCall(Config);
        _bytesPerCall = Limits.ArenaBytesPerCall(Config);
        IndexAll();
    }

    /// <summary>
    /// On the engine in force: what the next configuration does not have says farewell, cleans up and is not listened to any more. Its effects have to
    /// be carried out before <see cref="Succeed"/>.
    /// </summary>
    public void BeginReload(ConfigDiff diff, Instant now, ref EffectSink sink)
    {
        for (int i = 0; i < _routers.Length; i++)
        {
            int self = i;
            bool IsTakenOver(VirtualAddress vip, bool isConfirmed) => TakesOver(vip, isConfirmed, self, diff);
            short successor = diff.RoutersNow[i];
            if (successor == ConfigDiff.None)
            {
                _routers[i].Leave(IsTakenOver, now, ref sink);
            }
            else
            {
                _routers[i].Retire(diff.Next.Routers[successor], diff, IsTakenOver, ref sink);
            }
        }

        for (short i = 0; i < _channels.Length; i++)
        {
            if (_channels[i].IsListened && diff.ChannelsNow[i] == ConfigDiff.None)
            {
                _channels[i].Leave(i, ref sink);
            }
        }

        for (short i = 0; i < _scripts.Length; i++)
        {
            if (!diff.IsSameRun(i))
            {
                _scripts[i].Abandon(ref sink);
            }
        }
    }

    /// <summary>
    /// The engine of the next configuration, with everything that this one knows; this one is not to be called again. Interfaces that it did not
    /// know are absent until the host tells of them, which should be before <see cref="EndReload"/>.
    /// </summary>
    public Engine Succeed(ConfigDiff diff, Instant now)
    {
        _stopped = true;
        return new Engine(this, diff, now);
    }

    /// <summary>On the new engine: changed routers act on their changes, new ones start as at start-up, new scripts run.</summary>
    public void EndReload(ConfigDiff diff, Instant now, ref EffectSink sink)
    {
        _isReloading = false;
        for (int i = 0; i < _scripts.Length; i++)
        {
            _scripts[i].SayVerdict(ref sink);
        }

        if (_hostKnown)
        {
            ListenToNew(now, ref sink);
        }

        for (int i = 0; i < _routers.Length; i++)
        {
            VirtualRouter router = _routers[i];
            int self = i;
            bool IsHeld(VirtualAddress vip) => Holds(vip, self);
            short before = diff.RoutersBefore[i];
            if (before == ConfigDiff.None)
            {
                Judge(router, because: -1, now, ref sink);
                if (_hostKnown)
                {
                    StartRouter(router, IsHeld, now, ref sink);
                }

                continue;
            }

            RouterConfig old = diff.Old.Routers[before];
            if (_hostKnown && (_isRelabelled[router.Config.Interface] || old.Source != router.Config.Source))
            {
                router.HandleLink(-1, gone: false, Blockers.None, now, ref sink);
            }

            Judge(router, FailingScript(router), now, ref sink);
            if (router.Group is null)
            {
                router.Block(Blockers.None, VirtualRouter.OfGroup, TransitionReason.Recovered, now, ref sink);
            }

            router.TakeAddresses(old, diff, IsHeld, now, ref sink);
        }

        for (short i = 0; i < _scripts.Length && _hostKnown; i++)
        {
            short before = diff.ScriptsBefore[i];
            if (before == ConfigDiff.None || !diff.IsSameRun(before))
            {
                _scripts[i].Start(now);
            }
        }

        IndexAll();
        Settle(now, ref sink);
    }

    private void StartRouter(VirtualRouter router, Predicate<VirtualAddress> isHeld, Instant now, ref EffectSink sink)
    {
        router.HandleLink(-1, gone: false, Blockers.None, now, ref sink);
        if (_channels[router.Config.Channel].IsDeaf)
        {
            router.HandleDeaf(now, ref sink);
        }

        router.HandleHostKnown(isHeld, FailingScript(router), now, ref sink);
    }

    /// <summary>An address that one router gives up is another's from now on, who is master and stays: then it is never off.</summary>
    private bool TakesOver(VirtualAddress vip, bool isConfirmed, int self, ConfigDiff diff)
    {
        for (int i = 0; i < _routers.Length; i++)
        {
            short successor = diff.RoutersNow[i];
            if (i != self && successor != ConfigDiff.None && _routers[i].State == RouterState.Master
                && diff.Find(vip, diff.Next.Routers[successor], 0) >= 0)
            {
                _handedOver.Add(new HandedOver(vip, isConfirmed, i));
                return true;
            }
        }

        return false;
    }

    private bool Holds(VirtualAddress vip, int self)
    {
        for (int i = 0; i < _routers.Length; i++)
        {
            if (i != self && _routers[i].State == RouterState.Master && _routers[i].Owns(vip.Interface, vip.Address))
            {
                return true;
            }
        }

        return false;
    }

    private short FailingScript(VirtualRouter router)
    {
        foreach (TrackedScript tracked in router.Config.TrackedScripts)
        {
            TrackerState state = _scripts[tracked.Script].State;
            if (tracked.Weight == 0 && state != TrackerState.Unknown && (state == TrackerState.Up) == tracked.Reverse)
            {
                return tracked.Script;
            }
        }

        return -1;
    }

    /// <summary>An address that stays on the host under another router, whose number is of the old configuration.</summary>
    private sealed class HandedOver(VirtualAddress vip, bool isConfirmed, int router)
    {
        public VirtualAddress Vip => vip;
        public bool IsConfirmed => isConfirmed;
        public int Router => router;
    }

    private void IndexAll()
    {
        for (int i = 0; i < _routers.Length; i++)
        {
            Index(i);
        }

        for (short i = 0; i < _scripts.Length; i++)
        {
            IndexScript(i);
        }
    }
}
