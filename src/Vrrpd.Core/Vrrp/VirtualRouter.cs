using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// The state machine of one virtual router (RFC 3768 section 6.4, with keepalived's FAULT). It reads no clock, keeps nothing it is
/// handed, states when it wants to be woken (<see cref="Deadline"/>), and says what it wants done in order: advert, log, addresses, ARP.
/// </summary>
public sealed partial class VirtualRouter
{
    /// <summary>RFC 3768 6.1: Master_Down_Interval = 3 * Advertisement_Interval + Skew_Time.</summary>
    private const int DownAdverts = 3;

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

    private Ip _source;
    private Instant _heardAt;
    private bool _resigned;
    private Ip _rival;
    private byte _rivalPriority;
    private bool _faultAnnounced;
    private int _refusals;

    internal VirtualRouter(RouterConfig config, short id, Link[] links, Channel[] channels, Instant now)
    {
        Config = config;
        _id = id;
        _links = links;
        _channels = channels;
        _link = links[config.Interface];
        _template = new AdvertTemplate(config);
        _rejects = new RejectLog(config, id);
        _announcer = new Announcer(config, id);
        _addresses = new AddressKeeper(config, id, links);
        _source = config.Source;
        Priority = config.Priority;
        StateSince = now;
        Blockers = Blockers.HostUnknown | Blockers.LinkDown | (config.Source.IsUnspecified ? Blockers.NoSource : Blockers.None)
            | (Array.Exists(config.TrackedScripts, static tracked => tracked.Weight == 0) ? Blockers.ScriptUnknown : Blockers.None);
    }

    public RouterConfig Config { get; private set; }
    public RouterState State { get; private set; }
    public Blockers Blockers { get; private set; }

    /// <summary>Effective priority: what adverts say and Skew_Time is made of.</summary>
    public byte Priority { get; private set; }

    /// <summary>Master: the next advert. Backup: when the master is given up. Never otherwise.</summary>
    public Instant Deadline { get; private set; } = Instant.Never;
    public Instant AnnounceDeadline => _announcer.Deadline;
    public Instant StateSince { get; private set; }
    public TransitionReason LastReason { get; private set; }

    /// <summary>Who was heard as master last; unspecified before the first.</summary>
    public Ip MasterAddress { get; private set; }
    public byte MasterPriority { get; private set; }
    public RouterStats Stats { get; } = new();

    /// <summary>FAULT as the operator sees it: something is wrong, rather than merely not yet known.</summary>
    public bool IsFault => State == RouterState.Initialize && (Blockers & ~(Blockers.HostUnknown | Blockers.ScriptUnknown | Blockers.Stopped)) != 0;

    /// <summary>RFC 3768 6.1: (256 - Priority) / 256 seconds.</summary>
    public TimeSpan Skew => TimeSpan.FromTicks((256 - Priority) * TimeSpan.TicksPerSecond / 256);

    public TimeSpan MasterDownInterval => (Config.AdvertInterval * DownAdverts) + Skew;

    /// <summary>The deadline may have come. Early or repeated calls do nothing.</summary>
    internal void HandleTimer(Instant now, ref EffectSink sink)
    {
        if (now < Deadline)
        {
            return;
        }

        if (State == RouterState.Initialize)
        {
            // The wait after a refused address or a refused socket is over.
            Deadline = Instant.Never;
            Blockers clear = Blockers.AddressRefused | (IsHeardAgain(now, ref sink) ? Blockers.Deaf : Blockers.None);
            Block(Blockers.None, clear, TransitionReason.Recovered, now, ref sink);
        }
        else if (State == RouterState.Master)
        {
            SendAdvert(resign: false, ref sink);
            // From the last deadline, not from now: lateness must not add up. After a stall the missed ones are not made up for.
            do
            {
                Deadline += Config.AdvertInterval;
            }
            while (Deadline <= now);
        }
        else
        {
            sink.Log(LogEvent.AdvertTimeout, _id);
            BecomeMaster(_resigned ? TransitionReason.Resigned : _rivalPriority != 0 ? TransitionReason.Preempted : TransitionReason.Silence, now, ref sink);
        }
    }

    /// <param name="budget">Announcements that the turn has left.</param>
    internal void HandleAnnounceTimer(Pacer?[] pacers, ref int budget, Instant now, ref EffectSink sink) =>
        _announcer.HandleTimer(_links, pacers, ref budget, now, ref sink);

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

    /// <summary>The effective priority changed: a master tells at once, a backup's running timer shifts by the difference in skew.</summary>
    internal void SetPriority(byte priority, Instant now, ref EffectSink sink)
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
        else if (State == RouterState.Master)
        {
            SendAdvert(resign: false, ref sink);
        }
    }

    /// <summary>Orderly stop (RFC 3768 6.4.3 Shutdown): a master says goodbye and takes its addresses off.</summary>
    internal void Stop(Instant now, ref EffectSink sink)
    {
        if (State == RouterState.Master)
        {
            Release(farewell: true, ref sink);
        }

        Blockers |= Blockers.Stopped;
        Enter(RouterState.Initialize, TransitionReason.Stopped, now);
        Deadline = Instant.Never;
    }

    private void Startup(Instant now, ref EffectSink sink)
    {
        bool first = LastReason == TransitionReason.Started && !_faultAnnounced;
        _faultAnnounced = false;
        if (Config.IsOwner)
        {
            // RFC 3768 6.4.1: the owner does not wait, whatever `state` says.
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
        Enter(RouterState.Backup, reason, now);
    }

    private void BecomeMaster(TransitionReason reason, Instant now, ref EffectSink sink)
    {
        Instant due = Deadline;
        Stats.BecameMaster++;
        // Advert first: the old master must have let go before the address is announced from here.
        SendAdvert(resign: false, ref sink);
        Deadline = now + Config.AdvertInterval;
        sink.Log(LogEvent.EnteringMaster, _id);
        LogMasterReason(reason, due, now, ref sink);
        _addresses.Add(ref sink);
        Enter(RouterState.Master, reason, now);
        // The announcer's own timer is due at once: in this turn, behind the addresses.
        _announcer.Start(now);
    }

    private void BecomeBackup(TransitionReason reason, TimeSpan wait, Instant now, ref EffectSink sink, bool farewell)
    {
        sink.Log(LogEvent.EnteringBackup, _id);
        sink.Log(LogEvent.Reason, _id, (long)reason, Milliseconds(now - StateSince), slot: Config.Interface);
        Release(farewell, ref sink);
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
            Release(farewell: true, ref sink);
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
        else if (Blockers.HasFlag(Blockers.NoSource))
        {
            sink.Log(LogEvent.FaultNoAddress, _id);
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
    private void Release(bool farewell, ref EffectSink sink)
    {
        Stats.ReleasedMaster++;
        _announcer.Stop();
        if (farewell && _link.IsUp)
        {
            SendAdvert(resign: true, ref sink);
            sink.Log(LogEvent.SentZero, _id);
        }

        _addresses.Remove(ref sink);
    }

    private void SendAdvert(bool resign, ref EffectSink sink)
    {
        int length = _template.Write(sink.Free, resign);
        sink.Send(EffectKind.SendAdvert, _id, Config.AdvertSlot, length, VrrpPacket.Group);
        Stats.AdvertsSent++;
        Stats.PriorityZeroSent += resign ? 1 : 0;
    }

    /// <summary>Nothing heard yet in the new state.</summary>
    private void Forget(Instant now)
    {
        _heardAt = now;
        (_resigned, _rival, _rivalPriority) = (false, default, 0);
        (MasterAddress, MasterPriority) = (default, 0);
    }

    private void Enter(RouterState state, TransitionReason reason, Instant now) => (State, LastReason, StateSince) = (state, reason, now);

    private void LogMasterReason(TransitionReason reason, Instant due, Instant now, ref EffectSink sink)
    {
        Ip who = reason == TransitionReason.Preempted ? _rival : MasterAddress;
        long other = reason == TransitionReason.Preempted ? _rivalPriority : Milliseconds(due - _heardAt);
        sink.Log(LogEvent.Reason, _id, (long)reason, Milliseconds(now - _heardAt), other, who, Config.Interface);
    }

    private static long Milliseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMillisecond;
}
