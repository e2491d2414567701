using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// The state machine of one virtual router (RFC 9568 section 6.4, with keepalived's FAULT). It reads no clock, keeps nothing it is
/// handed, states when it wants to be woken (<see cref="Deadline"/>), and says what it wants done in order: advert, log, addresses, ARP.
/// </summary>
public sealed partial class VirtualRouter
{
    /// <summary>Not known yet or asked to wait: nothing is wrong.</summary>
    internal const Blockers NoFault = Blockers.HostUnknown | Blockers.ScriptUnknown | Blockers.Stopped | Blockers.Delayed | Blockers.GroupWait
        | Blockers.DeviceUnknown;

    /// <summary>What the group says, rather than the router itself.</summary>
    internal const Blockers OfGroup = Blockers.GroupFault | Blockers.GroupWait;

    /// <summary>From a refused address to the next attempt: the peer serves meanwhile, so there is no hurry, only no forgetting.</summary>
    private static readonly TimeSpan RefusedRetry = TimeSpan.FromSeconds(10);

    /// <summary>From asking again to listen to believing that it was granted: a refusal comes in the same turn.</summary>
    private static readonly TimeSpan DeafGrace = TimeSpan.FromMilliseconds(100);

    private short _id;
    private Link _link;
    private Link[] _links;
    private Channel[] _channels;
    private readonly AdvertTemplate _template;
    private readonly Announcer _announcer;
    private readonly AddressKeeper _addresses;
    private readonly RejectLog _rejects;
    private readonly TalkState _talk;
    private readonly AdvertCheck _check;

    private Ip _source;
    private Instant _heardAt;
    private bool _resigned;
    private Ip _rival;
    private byte _rivalPriority;
    private bool _faultAnnounced;
    private int _refusals;

    /// <summary>Version 3: what the master said last, while it is ours to follow. Zero before that.</summary>
    private TimeSpan _learnt;

    /// <summary>Of a master: whose silence made it one.</summary>
    private Ip _lost;

    /// <summary>preempt_delay: adverts of lower priority are heard until then. Never while none has come.</summary>
    private Instant _preemptAt = Instant.Never;

    internal VirtualRouter(RouterConfig config, short id, Link[] links, Channel[] channels, bool isDelayed, Instant now)
    {
        Config = config;
        _id = id;
        _links = links;
        _channels = channels;
        _link = links[config.Interface];
        _talk = new TalkState(config);
        _template = new AdvertTemplate(config, _talk);
        _rejects = new RejectLog(config, id);
        _check = new AdvertCheck(config, _talk, Stats, _rejects);
        _announcer = new Announcer(config, id);
        _addresses = new AddressKeeper(config, id, links);
        _source = OwnSource(config);
        Priority = config.Priority;
        StateSince = now;
        Blockers = Blockers.HostUnknown | Blockers.LinkDown | (_source.IsUnspecified ? Blockers.NoSource : Blockers.None)
            | (Array.Exists(config.TrackedScripts, static tracked => tracked.Weight == 0) ? Blockers.ScriptUnknown : Blockers.None)
            | (isDelayed ? Blockers.Delayed : Blockers.None) | (config.SyncGroup >= 0 ? Blockers.GroupWait : Blockers.None);
    }

    public RouterConfig Config { get; private set; }
    public RouterState State { get; private set; }
    public Blockers Blockers { get; private set; }

    /// <summary>Effective priority: what adverts say and Skew_Time is made of.</summary>
    public byte Priority { get; private set; }

    /// <summary>Master: the next advert. Backup: when the master is given up. In FAULT: when what was refused is tried again.</summary>
    public Instant Deadline { get; private set; } = Instant.Never;
    public Instant AnnounceDeadline => _addresses.IsAdding ? StateSince : _announcer.Deadline;
    public Instant StateSince { get; private set; }
    public TransitionReason LastReason { get; private set; }

    /// <summary>Who was heard as master last; unspecified before the first.</summary>
    public Ip MasterAddress { get; private set; }
    public byte MasterPriority { get; private set; }
    public RouterStats Stats { get; } = new();

    /// <summary>FAULT as the operator sees it: something is wrong, rather than merely not yet known.</summary>
    public bool IsFault => State == RouterState.Initialize && (Blockers & ~NoFault) != 0;

    /// <summary>Active_Adver_Interval: in version 3 what the master says of itself, in version 2 what is configured.</summary>
    public TimeSpan MasterInterval => Config.Version != VrrpPacket.Version2 && _learnt > TimeSpan.Zero ? _learnt : Config.AdvertInterval;

    /// <summary>(256 - Priority) / 256 seconds in version 2 (RFC 3768 6.1), that part of the master's interval in version 3 (RFC 9568 6.1).</summary>
    public TimeSpan Skew => SkewOf(Priority, MasterInterval);

    /// <summary>Three adverts missed (down_timer_adverts), and the skew time.</summary>
    public TimeSpan MasterDownInterval => new((MasterInterval.Ticks * Config.DownTimerAdverts) + Skew.Ticks);

    /// <summary>The sync group, if it has one.</summary>
    internal SyncGroup? Group { get; set; }

    /// <summary>Its timer ran out, but the group does not become master yet.</summary>
    internal bool WantsMaster { get; private set; }

    /// <summary>`state MASTER` and an owner preempt whatever else is written.</summary>
    private bool AlwaysPreempts => Config.IsOwner || Config.WantMaster;

    private Link AdvertLink => _links[Config.AdvertSlot];

    /// <summary>The deadline may have come. Early or repeated calls do nothing.</summary>
    internal void HandleTimer(Instant now, ref EffectSink sink)
    {
        if (now < Deadline)
        {
            return;
        }

        if (State == RouterState.Initialize)
        {
            // The wait after a refused address, socket or device is over.
            Deadline = Instant.Never;
            MakeDeviceAgain(ref sink);
            Blockers clear = Blockers.AddressRefused | (IsHeardAgain(now, ref sink) ? Blockers.Deaf : Blockers.None);
            Block(Blockers.None, clear, TransitionReason.Recovered, now, ref sink);
        }
        else if (State == RouterState.Master)
        {
            if (StandsBack(now, ref sink))
            {
                return;
            }

            WatchRogue(now, ref sink);
            SendAdvert(resign: false, now, ref sink);
            // From the last deadline, not from now: lateness must not add up. After a stall the missed ones are not made up for.
            do
            {
                Deadline += Config.AdvertInterval;
            }
            while (Deadline <= now);
        }
        else if (!ListensAgain(now, ref sink))
        {
            sink.Log(LogEvent.AdvertTimeout, _id);
            if (Group is { } group && !group.Admits(this))
            {
                // The wish is remembered; when the last of the group has it, the group becomes master.
                WantsMaster = true;
                Deadline = now + MasterDownInterval;
                return;
            }

            BecomeMaster(_resigned ? TransitionReason.Resigned : _rivalPriority != 0 ? TransitionReason.Preempted : TransitionReason.Silence, now, ref sink);
        }
    }

    /// <param name="budget">Announcements that the turn has left.</param>
    internal void HandleAnnounceTimer(Pacer?[] pacers, ref int budget, Instant now, ref EffectSink sink)
    {
        if (!_addresses.IsAdding)
        {
            _announcer.HandleTimer(_links, pacers, ref budget, now, ref sink);
            return;
        }

        // A portion is a turn's work, of whichever router.
        budget = 0;
        _addresses.Continue(ref sink);
        AnnounceIfAdded(now);
    }

    /// <summary>Sets and clears blockers; the state follows.</summary>
    internal void Block(Blockers set, Blockers clear, TransitionReason reason, Instant now, ref EffectSink sink, short script = -1)
    {
        Blockers before = Blockers;
        Blockers = (before & ~clear) | set;
        if (Blockers == before)
        {
            return;
        }

        if (State != RouterState.Initialize)
        {
            if (Blockers != Blockers.None)
            {
                LeaveToFault(reason, script, now, ref sink);
            }
        }
        else if (Blockers == Blockers.None)
        {
            Startup(now, ref sink);
        }
        else if (IsFault && (Blockers & Blockers.HostUnknown) == 0 && !_faultAnnounced)
        {
            AnnounceFault(script, now, ref sink);
        }
    }

    /// <summary>What is tracked gives another effective priority: a master tells at once, a backup's running timer shifts by the difference in skew.</summary>
    internal void SetPriority(byte priority, Instant now, ref EffectSink sink) =>
        ChangePriority(IsLowered && Config.IsOwner ? Lowered : priority, now, ref sink);

    /// <summary>Orderly stop (RFC 9568 6.4.3 Shutdown): a master says goodbye and takes its addresses off.</summary>
    internal void Stop(Instant now, ref EffectSink sink)
    {
        if (State == RouterState.Master)
        {
            Release(farewell: true, now, ref sink);
        }

        RemoveDevice(ref sink);
        Blockers |= Blockers.Stopped;
        Enter(RouterState.Initialize, TransitionReason.Stopped, now);
        Deadline = Instant.Never;
    }

    /// <summary>The sync group becomes master or backup, and this member with it.</summary>
    /// <param name="cause">Of the member that went first.</param>
    internal void Follow(RouterState state, TransitionReason cause, Instant now, ref EffectSink sink)
    {
        if (state == RouterState.Master)
        {
            BecomeMaster(TransitionReason.Group, now, ref sink);
            return;
        }

        // Whoever took over does so as a group, too: a farewell would only be noise. Where nobody did, it saves the others the long wait.
        bool farewell = cause == TransitionReason.AddressLost;
        _learnt = default;
        BecomeBackup(TransitionReason.Group, farewell ? Skew : MasterDownInterval, now, ref sink, farewell);
    }

    /// <summary>Another member of the sync group had a rival: whoever believed it there believes it here.</summary>
    internal void AnnounceAgain(Instant now)
    {
        if (State == RouterState.Master)
        {
            _announcer.Contest(now);
        }
    }

    private void ChangePriority(byte priority, Instant now, ref EffectSink sink)
    {
        if (priority == Priority)
        {
            return;
        }

        sink.Log(LogEvent.PriorityChanged, _id, Priority, priority);
        TimeSpan downBefore = MasterDownInterval;
        Priority = priority;
        _template.Encode(_source, Priority);
        if (State == RouterState.Backup)
        {
            Deadline += MasterDownInterval - downBefore;
        }
        else if (State == RouterState.Master && !IsFrozen(now))
        {
            // Who was away says nothing before it has listened.
            SendAdvert(resign: false, now, ref sink);
        }
    }

    private void Startup(Instant now, ref EffectSink sink)
    {
        bool first = LastReason == TransitionReason.Started && !_faultAnnounced;
        _faultAnnounced = false;
        _learnt = default;
        if (Config.IsOwner && !IsLowered && Group is not { IsOfOwners: false })
        {
            // RFC 9568 6.4.1: the owner does not wait, whatever `state` says.
            Forget(now);
            sink.Log(LogEvent.AdvertTimeout, _id);
            BecomeMaster(TransitionReason.Owner, now, ref sink);
            return;
        }

        bool plainStart = first && Config.TrackedScripts.Length == 0;
        sink.Log(LogEvent.EnteringBackup, _id, plainStart ? 1 : 0);
        TransitionReason reason = first ? TransitionReason.Started : TransitionReason.Recovered;
        Forget(now);
        Deadline = now + MasterDownInterval;
        sink.Log(LogEvent.Reason, _id, (long)reason, Milliseconds(first ? MasterDownInterval : now - StateSince), Priority, slot: Config.Interface);
        if (Config.IsUnicast && reason == TransitionReason.Recovered)
        {
            // Who was away may be elsewhere now: the routers on the way to the peers are told. So does keepalived.
            _ = Announcement.TrySend(_source, Config.AdvertSlot, AdvertLink, _id, isQueued: false, ref sink);
        }

        Enter(RouterState.Backup, reason, now);
    }

    private void BecomeMaster(TransitionReason reason, Instant now, ref EffectSink sink)
    {
        Instant due = Deadline;
        _lost = reason is TransitionReason.Silence or TransitionReason.Group && !_resigned ? MasterAddress : default;
        Restore(now, ref sink);
        Stats.BecameMaster++;
        // Advert first: the old master must have let go before the address is announced from here.
        SendAdvert(resign: false, now, ref sink);
        Deadline = now + Config.AdvertInterval;
        sink.Log(LogEvent.EnteringMaster, _id);
        LogMasterReason(reason, due, now, ref sink);
        Enter(RouterState.Master, reason, now);
        _learnt = default;
        TakeTraffic(false, ref sink);
        _addresses.Add(ref sink);
        AnnounceIfAdded(now);
    }

    /// <summary>The announcer's own timer is due at once: in this turn, behind the last of the addresses.</summary>
    private void AnnounceIfAdded(Instant now)
    {
        if (_addresses.IsAdding)
        {
            _announcer.Hold();
        }
        else
        {
            _announcer.Start(now);
        }
    }

    private void BecomeBackup(TransitionReason reason, TimeSpan wait, Instant now, ref EffectSink sink, bool farewell)
    {
        sink.Log(LogEvent.EnteringBackup, _id);
        sink.Log(LogEvent.Reason, _id, (long)reason, Milliseconds(now - StateSince), slot: Config.Interface);
        Release(farewell, now, ref sink);
        Forget(now);
        Deadline = now + wait;
        Enter(RouterState.Backup, reason, now);
    }

    private void LeaveToFault(TransitionReason reason, short script, Instant now, ref EffectSink sink)
    {
        bool wasMaster = State == RouterState.Master;
        sink.Log(LogEvent.EnteringFault, _id);
        sink.Log(LogEvent.Reason, _id, (long)reason | (long)script << 8, Milliseconds(now - StateSince), wasMaster ? 1 : 0, slot: Config.Interface);
        if (wasMaster)
        {
            Release(farewell: true, now, ref sink);
        }

        _faultAnnounced = true;
        // Each attempt interrupts the peer's service for a moment: 10 s, 20 s, ... up to some ten minutes apart.
        Deadline = Blockers.HasFlag(Blockers.AddressRefused) ? now + (RefusedRetry * (1 << Math.Min(_refusals++, 6))) : Instant.Never;
        Enter(RouterState.Initialize, reason, now);
    }

    private void AnnounceFault(short script, Instant now, ref EffectSink sink)
    {
        if (Blockers.HasFlag(Blockers.LinkDown))
        {
            sink.Log(LogEvent.FaultLinkDown, _id, slot: Config.Interface);
        }
        else if (Blockers.HasFlag(Blockers.DeviceDown))
        {
            sink.Log(LogEvent.FaultLinkDown, _id, slot: Config.Device!.Slot);
        }
        else if (Blockers.HasFlag(Blockers.NoSource))
        {
            sink.Log(LogEvent.FaultNoAddress, _id);
        }
        else if (Blockers.HasFlag(Blockers.NoPeer))
        {
            sink.Log(LogEvent.FaultNoPeer, _id);
        }
        else if (Blockers.HasFlag(Blockers.ScriptDown))
        {
            sink.Log(LogEvent.FaultScript, _id, script);
        }

        sink.Log(LogEvent.EnteringFault, _id, LastReason == TransitionReason.Started ? 1 : 0);
        _faultAnnounced = true;
        StateSince = now;
    }

    /// <summary>Mastership ends: goodbye on the wire if wanted and possible, addresses off, announcements stopped.</summary>
    private void Release(bool farewell, Instant now, ref EffectSink sink)
    {
        Stats.ReleasedMaster++;
        _announcer.Stop();
        ForgetRogue();
        IsListening = false;
        if (farewell && _link.IsUp && AdvertLink.IsUp)
        {
            SendAdvert(resign: true, now, ref sink);
            sink.Log(LogEvent.SentZero, _id);
        }

        _addresses.Remove(ref sink);
        TakeTraffic(true, ref sink);
    }

    /// <summary>no_accept: dropped before there is an address that it could come for, and until there is none any more.</summary>
    private void TakeTraffic(bool isTaken, ref EffectSink sink)
    {
        if (!Config.Accepts && !Config.IsOwner)
        {
            sink.Add(new Effect(isTaken ? EffectKind.AcceptTraffic : EffectKind.DropTraffic, _id));
        }
    }

    private void SendAdvert(bool resign, Instant now, ref EffectSink sink)
    {
        _template.Send(resign, _id, now, ref sink);
        _sentAt = now;
        _ownAdverts++;
        Stats.AdvertsSent++;
        Stats.PriorityZeroSent += resign ? 1 : 0;
    }

    /// <summary>What the host adds to an instant to have the time since 1970: auth_hmac signs it.</summary>
    internal TimeSpan WallOffset
    {
        set
        {
            if (_talk.Hmac is { } hmac)
            {
                hmac.WallOffset = value;
            }
        }
    }

    /// <summary>Nothing heard yet in the new state.</summary>
    private void Forget(Instant now)
    {
        _heardAt = now;
        _preemptAt = Instant.Never;
        (_resigned, _rival, _rivalPriority) = (false, default, 0);
        (MasterAddress, MasterPriority) = (default, 0);
    }

    private void Enter(RouterState state, TransitionReason reason, Instant now) =>
        (State, LastReason, StateSince, WantsMaster) = (state, reason, now, false);

    private void LogMasterReason(TransitionReason reason, Instant due, Instant now, ref EffectSink sink)
    {
        Ip who = reason == TransitionReason.Preempted ? _rival : MasterAddress;
        long other = reason == TransitionReason.Preempted ? _rivalPriority : Milliseconds(due - _heardAt);
        sink.Log(LogEvent.Reason, _id, (long)reason, Milliseconds(now - _heardAt), other, who, Config.Interface);
    }

    private TimeSpan SkewOf(byte priority, TimeSpan interval) =>
        new((256 - priority) * (Config.Version == VrrpPacket.Version2 ? TimeSpan.TicksPerSecond : interval.Ticks) / 256);

    private static long Milliseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMillisecond;
}
