using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;

namespace Vrrpd.Sim;

/// <summary>Who takes part in one virtual router: its seats on all hosts that run with it.</summary>
internal sealed class Group(World world, int segment, byte vrid, bool isV6)
{
    private bool _isWatched;

    public int Segment => segment;
    public byte Vrid => vrid;
    public bool IsV6 => isV6;
    public List<Seat> Seats { get; } = [];
    public string Name => $"VRID {vrid}{(isV6 ? " IPv6" : "")} on segment {segment}";

    /// <summary>From then on nothing has an excuse any more.</summary>
    public Instant SettledAt { get; private set; } = Instant.Zero;

    public bool IsSettled => world.Now >= SettledAt;

    /// <summary>Times that it was quiet long enough to be judged.</summary>
    public int Judged { get; set; }

    /// <summary>Until then packets may come twice, late, or after later ones.</summary>
    public Instant MixedUpUntil { get; private set; } = Instant.Zero;

    public void MixUp(TimeSpan time) => MixedUpUntil = Instant.Max(MixedUpUntil, world.Now + time);

    /// <summary>What one of its masters said last.</summary>
    public Packet? LastAdvert { get; set; }

    /// <summary>How long a packet may take before it counts as lost for a while.</summary>
    public TimeSpan Prompt { get; private set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Other virtual routers whose fate this one shares.</summary>
    public HashSet<Group> Linked { get; } = [];

    /// <summary>Something happened from which the hosts have to find together again: master-down and two intervals, by the slowest clock.</summary>
    public void Disturb(TimeSpan lasting = default)
    {
        // Who is linked waits for the slowest.
        TimeSpan bound = Bound();
        foreach (Group group in Linked)
        {
            TimeSpan other = group.Bound();
            bound = other > bound ? other : bound;
        }

        DisturbAlone(bound + lasting);
        foreach (Group group in Linked)
        {
            group.DisturbAlone(bound + lasting);
        }
    }

    private TimeSpan Bound()
    {
        TimeSpan bound = TimeSpan.Zero, longest = TimeSpan.Zero;
        TimeSpan prompt = TimeSpan.FromMilliseconds(100);
        foreach (Seat seat in Seats)
        {
            // Of version 3 a backup goes by what the master says of itself: by the slowest of all.
            longest = seat.Config.AdvertInterval > longest ? seat.Config.AdvertInterval : longest;
        }

        foreach (Seat seat in Seats)
        {
            TimeSpan interval = seat.Config.Version == 2 ? seat.Config.AdvertInterval : longest;
            TimeSpan down = (interval * seat.Config.DownTimerAdverts) + seat.Skew(1, interval);

            // The delay begins with the first advert of whoever has become master meanwhile.
            TimeSpan needs = down + (2 * interval) + (seat.Config.PreemptDelay > TimeSpan.Zero ? seat.Config.PreemptDelay + down + interval : default);
            bound = needs > bound ? needs : bound;
            prompt = seat.Config.AdvertInterval / 8 < prompt ? seat.Config.AdvertInterval / 8 : prompt;
        }

        Prompt = prompt;
        return (bound * 1.02) + (2 * prompt);
    }

    private void DisturbAlone(TimeSpan time)
    {
        SettledAt = Instant.Max(SettledAt, world.Now + time);
        if (!_isWatched)
        {
            _isWatched = true;
            world.At(SettledAt, Watch);
        }
    }

    private void Watch()
    {
        _isWatched = IsSettled is false;
        if (_isWatched)
        {
            world.At(SettledAt, Watch);
            return;
        }

        Judged++;
        world.Judge(this);
    }
}

/// <summary>One virtual router on one host, for as long as the daemon there knows it: what watchers know of it.</summary>
internal sealed class Seat(SimHost host, Group group)
{
    public SimHost Host => host;
    public Group Group => group;

    /// <summary>Its number in the engine's configuration in force.</summary>
    public int Index { get; set; }

    /// <summary>As the operator wrote it.</summary>
    public required RouterConfig Config { get; set; }
    public VirtualRouter Router => host.Engine!.Routers[Index];

    /// <summary>As last seen.</summary>
    public RouterState State { get; set; }

    /// <summary>As last seen.</summary>
    public byte Priority { get; set; }

    /// <summary>Changes of state in this turn.</summary>
    public int Moves { get; set; }

    /// <summary>It was master at some time of this turn.</summary>
    public bool WasMaster { get; set; }

    /// <summary>The kernel refused something: until then it may be out of order (local time).</summary>
    public Instant ExcusedUntil { get; set; }

    /// <summary>Local time of the last advert other than a farewell.</summary>
    public Instant LastAdvert { get; set; }

    /// <summary>As a backup: when, by the book, the master is given up (local time).</summary>
    public Instant Expected { get; set; } = Instant.Never;

    /// <summary>The master said goodbye.</summary>
    public bool HasResigned { get; set; }

    /// <summary>What the master it follows says of its interval; version 3 only, zero before that.</summary>
    public TimeSpan Learnt { get; set; }

    /// <summary>As a backup with preempt_delay: until then it puts up with a master of lower priority (local time).</summary>
    public Instant PreemptAt { get; set; } = Instant.Never;

    /// <summary>As a backup in a sync group: its time has come, but not that of the others.</summary>
    public bool Wants { get; set; }

    /// <summary>As a master that was away for so long that another may have taken over: until then it listens (local time).</summary>
    public Instant ListensUntil { get; set; } = Instant.Zero;

    /// <summary>It told its neighbours that it is master, and has not taken that back.</summary>
    public bool HasSpoken { get; set; }
    public int Farewells { get; set; }

    /// <summary>Farewells that the moves of this turn ask for; null when they cannot be told apart.</summary>
    public int? FarewellsDue { get; set; } = 0;

    public string Name => $"{host.Name} ({Config.Name})";

    public bool IsExcused => host.Local < ExcusedUntil && (Router.Blockers & (Blockers.AddressRefused | Blockers.Deaf)) != 0;

    /// <summary>When it got the configuration that it has (time of the world).</summary>
    public Instant ConfiguredAt { get; set; }

    /// <summary>Adverts of one are good for the other.</summary>
    public bool AgreesWith(Seat other) => Config.Version == other.Config.Version && Config.Auth == other.Config.Auth && Config.AuthPass == other.Config.AuthPass
        && (Config.Hmac is null) == (other.Config.Hmac is null)
        && (Config.Version == 3 || Config.AdvertInterval == other.Config.AdvertInterval);

    /// <summary>RFC 3768 6.1, RFC 9568 6.1: of version 2 a second, of version 3 the interval, times (256 - Priority) / 256.</summary>
    public TimeSpan Skew(int priority, TimeSpan interval)
    {
        TimeSpan unit = Config.Version == 2 ? TimeSpan.FromSeconds(1) : interval;
        return new(unit.Ticks * (256 - priority) / 256);
    }

    public TimeSpan Skew(int priority) => Skew(priority, Interval);

    /// <summary>Active_Adver_Interval.</summary>
    public TimeSpan Interval => Config.Version == 3 && Learnt > TimeSpan.Zero ? Learnt : Config.AdvertInterval;

    public TimeSpan MasterDown(int priority) => (Interval * Config.DownTimerAdverts) + Skew(priority);

    /// <summary>How long one listens who was away: an interval in which a living master is heard, and the skew time.</summary>
    public TimeSpan Listening => Interval + Skew(Priority);

    /// <summary>A master of lower priority is put up with, for now or altogether.</summary>
    public bool Tolerates(Instant now)
    {
        if (Config.IsOwner || Config.WantMaster)
        {
            return false;
        }

        if (!Config.NoPreempt && Config.PreemptDelay > TimeSpan.Zero && PreemptAt == Instant.Never)
        {
            PreemptAt = now + Config.PreemptDelay;
        }

        return Config.NoPreempt || (Config.PreemptDelay > TimeSpan.Zero && now < PreemptAt);
    }

    /// <summary>Base and weights, by what the scripts really returned.</summary>
    public byte TruePriority()
    {
        if (Config.Priority == 255)
        {
            return 255;
        }

        int sum = Config.Priority;
        foreach (TrackedScript tracked in Config.TrackedScripts)
        {
            if (tracked.Weight != 0 && host.Verdict(tracked.Script) is bool isUp && (isUp != tracked.Reverse) == tracked.Weight > 0)
            {
                sum += tracked.Weight;
            }
        }

        return (byte)Math.Clamp(sum, 1, 254);
    }

    /// <summary>Other seats of its sync group on this host, and itself.</summary>
    public Seat[] Together => Config.SyncGroup < 0 ? [this] : Array.ConvertAll(host.Config.SyncGroups[Config.SyncGroup].Routers, member => host.Seats[member]);

    /// <summary>Nothing stands in its way: it can be master if it is the best.</summary>
    public bool IsEligible() => Array.TrueForAll(Together, static seat => seat.IsEligibleAlone());

    private bool IsEligibleAlone()
    {
        if (host.IsDelayed || !host.IsRunning || host.IsFrozen || IsExcused || !host.CanSpeak(Config))
        {
            return false;
        }

        foreach (TrackedScript tracked in Config.TrackedScripts)
        {
            if (tracked.Weight == 0 && host.Verdict(tracked.Script) != !tracked.Reverse)
            {
                return false;
            }
        }

        return true;
    }
}
