using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;
using Vrrpd.Core.Track;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core;

/// <summary>
/// The daemon as one object: (state, event, now) to (state, effects). This is the whole interface to the world: whoever calls these
/// methods — the epoll loop, a scenario, the simulator, a fuzzer — is the whole difference between production and test.
/// </summary>
public sealed partial class Engine
{
    private readonly Link[] _links;
    private readonly Channel[] _channels;
    private readonly VirtualRouter[] _routers;
    private readonly SyncGroup[] _groups;
    private readonly bool[] _isGroupTouched;
    private readonly ScriptCheck[] _scripts;
    private readonly RouterTable _table;
    private readonly TimerWheel _wheel;

    /// <summary>Announcements have a wheel of their own: they come after everything else that is due, and only so many in a turn.</summary>
    private readonly TimerWheel _announcements;
    private readonly Pacer?[] _pacers;
    private readonly long[] _unmatched = new long[WireErrors.Count];
    private readonly Instant[] _sendFailedQuietUntil;
    private TimeSpan _wallOffset;
    private readonly int _effectsPerCall;
    private readonly int _bytesPerCall;

    /// <summary>vrrp_startup_delay, vrrp_delay_after_boot: nobody is heard or master before that. Never once it is over.</summary>
    private Instant _delayedUntil;
    private bool _isAnyGroupTouched;
    private bool _hostKnown;
    private bool _stopped;
    private bool _isReloading;

    /// <summary>Nothing happens before the host has told what it has (<see cref="HostEventKind.HostKnown"/>).</summary>
    public Engine(DaemonConfig config, Instant now)
    {
        Config = config;
        _links = Array.ConvertAll(config.Interfaces, static name => new Link(name));
        _channels = Array.ConvertAll(config.Channels, static channel => new Channel(channel));
        _delayedUntil = EndOfDelay(config.Globals, now);
        _routers = new VirtualRouter[config.Routers.Length];
        for (short i = 0; i < _routers.Length; i++)
        {
            _routers[i] = new VirtualRouter(config.Routers[i], i, _links, _channels, _delayedUntil != Instant.Never, now);
        }

        _groups = MakeGroups(config, _routers);
        _isGroupTouched = new bool[_groups.Length];

        _scripts = new ScriptCheck[config.Scripts.Length];
        for (short i = 0; i < _scripts.Length; i++)
        {
            _scripts[i] = new ScriptCheck(config.Scripts[i], i);
        }

        Ip[][] virtuals = VirtualsOf(config);
        for (int slot = 0; slot < _links.Length; slot++)
        {
            _links[slot].KnowVirtuals(virtuals[slot]);
        }

        NeedsWallClock = Array.Exists(config.Routers, static router => router.Hmac is not null);
        _table = new RouterTable(config);
        _wheel = new TimerWheel(Math.Max(1, _routers.Length + _scripts.Length), now);
        _announcements = new TimerWheel(Math.Max(1, _routers.Length), now);
        _pacers = Pacer.For(config);
        _sendFailedQuietUntil = new Instant[_routers.Length];
        _effectsPerCall = Limits.EffectsPerCall(config);
        _bytesPerCall = Limits.ArenaBytesPerCall(config);
    }

    public DaemonConfig Config { get; }

    /// <summary>
    /// What has to be added to the time of a call to have the time since 1970; set by the host before each turn if <see cref="NeedsWallClock"/>.
    /// </summary>
    public TimeSpan WallOffset
    {
        get => _wallOffset;
        set
        {
            _wallOffset = value;
            foreach (VirtualRouter router in _routers)
            {
                router.WallOffset = value;
            }
        }
    }

    /// <summary>Some instance signs or checks adverts by the time of day.</summary>
    public bool NeedsWallClock { get; }

    public ReadOnlySpan<VirtualRouter> Routers => _routers;

    /// <summary>When <see cref="HandleTimers"/> wants to be called. Early or repeated calls do nothing.</summary>
    public Instant NextDeadline => Instant.Min(_delayedUntil, Instant.Min(_wheel.NextDeadline, _announcements.NextDeadline));

    /// <summary>Packets that never found their router, by reason.</summary>
    public long Unmatched(WireError error) => _unmatched[(int)error];

    /// <summary>
    /// True when the sink has room for the effects of one more call of whatever kind. The host carries effects out and clears the
    /// sink when it has not.
    /// </summary>
    public bool HasRoom(in EffectSink sink) => sink.Room >= _effectsPerCall && sink.Free.Length >= _bytesPerCall;

    /// <summary>
    /// Everything that is due, in order of its deadline, as far as the sink has room, and then a portion of the announcements; the rest stays due.
    /// </summary>
    public void HandleTimers(Instant now, ref EffectSink sink)
    {
        Span<int> due = stackalloc int[1];
        EndDelay(now, ref sink);
        while (HasRoom(sink) && _wheel.Expire(now, due) == 1)
        {
            int id = due[0];
            if (id < _routers.Length)
            {
                _routers[id].HandleTimer(now, ref sink);
                Index(id);
                Settle(now, ref sink);
                continue;
            }

            short script = (short)(id - _routers.Length);
            if (_scripts[script].HandleTimer(now, ref sink))
            {
                HandleVerdict(script, now, ref sink);
            }

            IndexScript(script);
            Settle(now, ref sink);
        }

        int budget = Limits.AnnouncementsPerTurn;
        while (budget > 0 && HasRoom(sink) && _announcements.Expire(now, due) == 1)
        {
            _routers[due[0]].HandleAnnounceTimer(_pacers, ref budget, now, ref sink);
            SetTimers(due[0]);
        }
    }

    /// <summary>Orderly stop: every master says goodbye with priority 0 and takes its addresses off; running scripts are ended.</summary>
    public void Stop(Instant now, ref EffectSink sink)
    {
        _stopped = true;
        _delayedUntil = Instant.Never;
        for (int i = 0; i < _routers.Length; i++)
        {
            _routers[i].Stop(now, ref sink);
            Index(i);
        }

        for (short i = 0; i < _scripts.Length; i++)
        {
            _scripts[i].Stop(ref sink);
            IndexScript(i);
        }
    }

    /// <summary>A script changed its verdict: whoever tracks it follows.</summary>
    private void HandleVerdict(short script, Instant now, ref EffectSink sink)
    {
        for (int i = 0; i < _routers.Length; i++)
        {
            foreach (TrackedScript tracked in _routers[i].Config.TrackedScripts)
            {
                if (tracked.Script == script)
                {
                    Judge(_routers[i], script, now, ref sink);
                    Index(i);
                    break;
                }
            }
        }
    }

    /// <summary>What its scripts say about a router: priority and faults.</summary>
    private void Judge(VirtualRouter router, short because, Instant now, ref EffectSink sink)
    {
        Blockers blockers = Blockers.None;
        int sum = 0;
        foreach (TrackedScript tracked in router.Config.TrackedScripts)
        {
            TrackerState state = _scripts[tracked.Script].State;
            if (tracked.Weight != 0)
            {
                sum += PriorityRule.Contribution(tracked.Weight, tracked.Reverse, state);
            }
            else if (state != TrackerState.Unknown)
            {
                blockers |= (state == TrackerState.Up) == tracked.Reverse ? Blockers.ScriptDown : Blockers.None;
            }
            else
            {
                // Still waited for; but who has run already, because the script came with a reload, does not begin to wait.
                blockers |= router.Blockers & Blockers.ScriptUnknown;
            }
        }

        router.SetPriority(PriorityRule.Effective(router.Config.Priority, sum), now, ref sink);
        Blockers clear = (Blockers.ScriptUnknown | Blockers.ScriptDown) & ~blockers;
        router.Block(blockers, clear, TransitionReason.ScriptFailed, now, ref sink, because);
    }

    /// <summary>By slot, in one pass: a configuration may have a thousand of each.</summary>
    private static Ip[][] VirtualsOf(DaemonConfig config)
    {
        List<Ip>[] all = Array.ConvertAll(config.Interfaces, static _ => new List<Ip>());
        foreach (RouterConfig router in config.Routers)
        {
            foreach (VirtualAddress vip in router.Addresses)
            {
                if (!router.IsOwner)
                {
                    all[vip.Interface].Add(vip.Address);
                }
            }
        }

        return Array.ConvertAll(all, static list => list.ToArray());
    }

    private void SetTimers(int router)
    {
        _wheel.Set(router, _routers[router].Deadline);
        _announcements.Set(router, _routers[router].AnnounceDeadline);
    }

    private void IndexScript(short script) => _wheel.Set(_routers.Length + script, _scripts[script].Deadline);
}
