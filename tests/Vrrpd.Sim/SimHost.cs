using System;
using System.Collections.Generic;
using System.Text;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;

namespace Vrrpd.Sim;

/// <summary>
/// A host: a kernel with interfaces, addresses, sockets and children, and a daemon, which is one real engine and the turn around it as the
/// production loop makes it (news of the kernel, sockets, timers, effects, refusals). The kernel outlives the daemon.
/// </summary>
internal sealed partial class SimHost
{
    /// <summary>Rounds of "effect refused, engine answers, effects carried out" in one turn, as in production.</summary>
    private const int FailureRounds = 8;

    /// <summary>Unix time, in ticks, when the world begins: 2026.</summary>
    private const long Epoch = 1_770_000_000 * TimeSpan.TicksPerSecond;

    /// <summary>A turn that needs more calls than this does not end.</summary>
    private const int CallsPerTurn = 10_000;

    private readonly World _world;
    private readonly Queue<News> _news = [];
    private readonly Queue<(Listener Listener, Packet Packet)> _inbox = [];
    private readonly List<HostEvent> _failures = [];
    private readonly List<Effect> _bent = [];
    private Effect[] _effects = [];
    private byte[] _arena = [];
    private Instant _wakeAt = Instant.Never;
    private TimeSpan _engineAhead;
    private Instant _startsAt = Instant.Zero;

    public SimHost(World world, int index, SimClock clock, Saboteur saboteur)
    {
        (_world, Index, Clock, Saboteur) = (world, index, clock, saboteur);
        MakeInterfaces(world.Plan.Segments);
    }

    public int Index { get; }
    public string Name => $"host{Index}";
    public SimClock Clock { get; }
    public Saboteur Saboteur { get; }
    public Engine? Engine { get; private set; }
    public DaemonConfig Config { get; private set; } = null!;
    public string Text { get; private set; } = "";
    public Seat[] Seats { get; private set; } = [];
    public bool IsRunning => Engine is not null;

    /// <summary>The daemon, or the machine, stands still.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>The machine with it: nothing arrives.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>Time of the world.</summary>
    public Instant Now => _world.Now;

    /// <summary>What its clock says.</summary>
    public Instant Local => Clock.At(_world.Now);

    /// <summary>What the engine is told that it says.</summary>
    public Instant EngineNow => Local + _engineAhead;

    /// <summary>This turn comes after a freeze: what was due meanwhile is late, and nobody can help it.</summary>
    public bool IsLate { get; private set; }

    /// <summary>How wrong the clock on the wall is.</summary>
    public TimeSpan WallError
    {
        get;
        set
        {
            HasStepped |= field != TimeSpan.Zero;
            field = value;
        }
    }

    /// <summary>The clock on the wall was set. Who is started later signs by what it was set to.</summary>
    public bool HasStepped { get; private set; }

    /// <summary>vrrp_startup_delay is not over.</summary>
    public bool IsDelayed => Local < _startsAt;

    /// <summary>Counts daemons: what was meant for an earlier one is for nobody.</summary>
    public int Incarnation { get; private set; }

    public Recorder? Recorder { get; private set; }

    /// <summary>The daemon starts with the configuration as it stands in the plan; whatever the last one left behind is still there.</summary>
    public void Start()
    {
        Incarnation++;
        Text = _world.Plan.Text(Index);
        Config = Bind(Text);
        Engine = new Engine(Bind(Saboteur.Misread(Text)), EngineNow);
        SetWallClock();
        _engineAhead = TimeSpan.Zero;
        Recorder = _world.Options.IsRecording ? new Recorder(Name, Text, EngineNow) : null;
        MakeBuffers();
        FindStrays();
        _listeners = new Listener[Config.Channels.Length];
        Forget();
        _startsAt = Local + Config.Globals.StartupDelay;
        TakeSeats([]);
        EffectSink sink = new(_effects, _arena);
        for (short slot = 0; slot < Config.Interfaces.Length; slot++)
        {
            TellAll(slot, ref sink);
        }

        Tell(HostEvent.HostKnown(), "known", ref sink);
        Finish(ref sink);
        EndTurn();
    }

    /// <summary>SIGKILL: no farewell, addresses stay where they are, children are reaped by init.</summary>
    public void Crash()
    {
        Disturb();
        End();
    }

    /// <summary>SIGTERM.</summary>
    public void Stop()
    {
        Disturb();
        EffectSink sink = new(_effects, _arena);
        Recorder?.Add(EngineNow, "stop");
        Engine!.Stop(EngineNow, ref sink);
        Observe(null);
        Carry(ref sink);
        _failures.Clear();
        foreach (Checker checker in _world.Checkers)
        {
            checker.Stopped(this);
        }

        End();
    }

    /// <summary>A packet is on the wire of one of our interfaces.</summary>
    public void Arrive(Packet packet)
    {
        if (!IsRunning || IsSuspended)
        {
            return;
        }

        foreach (Listener? listener in _listeners)
        {
            if (listener is not null && listener.Hears(packet))
            {
                if (_inbox.Count >= InboxBound)
                {
                    packet.Sender?.Group.Disturb();
                    continue;
                }

                _inbox.Enqueue((listener, packet));
            }
        }

        Turn();
    }

    /// <summary>The wake-up that was planned, or one that was planned before it.</summary>
    public void Wake()
    {
        if (_wakeAt <= _world.Now)
        {
            _wakeAt = Instant.Never;
            Turn();
        }
    }

    /// <summary>The daemon stands still (SIGSTOP); with the machine, nothing arrives either.</summary>
    public void Freeze(bool withMachine)
    {
        Disturb();
        (IsFrozen, IsSuspended) = (true, withMachine);
        Recorder?.Add(EngineNow, "wait");
    }

    /// <param name="standing">So long the clock stood still, too (a snapshot).</param>
    public void Thaw(TimeSpan standing)
    {
        Clock.StandStill(standing);
        if (standing > TimeSpan.Zero)
        {
            // The clock on the wall stood still with the other one, until somebody sets it.
            TimeSpan wait = TimeSpan.FromSeconds(2 + (standing.Ticks % 18));
            WallError -= standing;
            _world.At(_world.Now + wait, () => WallError += standing);
            MixUp(wait + TimeSpan.FromSeconds(20));
        }

        (IsFrozen, IsSuspended) = (false, false);
        Disturb();
        foreach (Seat seat in Seats)
        {
            // Who was listening already goes on with that.
            bool listens = seat.ListensUntil > seat.LastAdvert;
            if (seat.State == RouterState.Master && !listens && Local - seat.LastAdvert > seat.MasterDown(seat.Priority))
            {
                seat.ListensUntil = Local + seat.Listening;
            }

            seat.Group.Disturb(seat.Listening);
        }

        _wakeAt = Instant.Never;
        IsLate = true;
        Recorder?.Add(EngineNow, "frozen");
        Turn();
        IsLate = false;
    }

    /// <summary>The groups of all its routers are to be judged later.</summary>
    public void Disturb(TimeSpan lasting = default)
    {
        foreach (Seat seat in Seats)
        {
            seat.Group.Disturb(lasting);
        }
    }

    private void MixUp(TimeSpan time)
    {
        foreach (Seat seat in Seats)
        {
            seat.Group.MixUp(time);
        }
    }

    /// <summary>One turn of the loop.</summary>
    private void Turn()
    {
        if (!IsRunning || IsFrozen)
        {
            return;
        }

        SetWallClock();

        EffectSink sink = new(_effects, _arena);
        bool stalled = IsLate && Engine!.NextDeadline + TimeSpan.FromMilliseconds(Limits.StallMilliseconds) < EngineNow;
        TimeSpan late = stalled ? EngineNow - Engine!.NextDeadline : TimeSpan.Zero;
        while (_news.TryDequeue(out News? news))
        {
            Tell(news, ref sink);
        }

        while (_inbox.TryDequeue(out (Listener Listener, Packet Packet) heard))
        {
            Hear(heard.Listener, heard.Packet, ref sink);
        }

        if (stalled)
        {
            int milliseconds = (int)Math.Min(late.TotalMilliseconds, int.MaxValue);
            Tell(HostEvent.Stalled(milliseconds), $"stalled {milliseconds}", ref sink);
        }
        else if (IsLate)
        {
            Recorder?.Add(EngineNow, "awake");
        }

        Timers(ref sink);
        Finish(ref sink);
        EndTurn();
    }

    /// <summary>NTP keeps it near the truth, but for what an operator does to it.</summary>
    private void SetWallClock()
    {
        if (Engine!.NeedsWallClock)
        {
            Engine.WallOffset = TimeSpan.FromTicks(Epoch) + TimeSpan.FromTicks(_world.Now.Ticks) + WallError - TimeSpan.FromTicks(EngineNow.Ticks);
        }
    }

    private void Timers(scoped ref EffectSink sink)
    {
        if (Engine!.NextDeadline > EngineNow && Saboteur.Hurries(this) is { Ticks: > 0 } early && Engine.NextDeadline - early <= EngineNow)
        {
            _engineAhead += Engine.NextDeadline - EngineNow;
        }

        for (int call = 0; Engine!.NextDeadline <= EngineNow; call++)
        {
            Invariant.Check(call < CallsPerTurn);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Engine.HandleTimers(EngineNow, ref sink);
            Saboteur.Litter();
            _world.Allocated(this, "timers", GC.GetAllocatedBytesForCurrentThread() - before);
            Observe(null);
            MakeRoom(ref sink);
        }
    }

    private void Hear(Listener listener, Packet packet, scoped ref EffectSink sink)
    {
        if (listener.Number < 0)
        {
            return;
        }

        Seat? seat = SeatOf(listener, packet.Vrid);
        Heard before = seat is null ? default : Heard.Of(seat, sink.Effects.Length);
        Packet heard = Saboteur.Replace(this, packet);
        Datagram datagram = heard.Source.IsV6
            ? new() { Bytes = heard.Payload, Channel = listener.Number, Source = heard.Source, Destination = heard.Destination, HopLimit = heard.HopLimit }
            : new() { Bytes = heard.Bytes, Channel = listener.Number };
        Recorder?.Hear(EngineNow, Config.Interfaces[Config.Channels[listener.Number].Slot], heard);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        WireError error = Engine!.HandleDatagram(datagram, EngineNow, ref sink);
        _world.Allocated(this, "packet", GC.GetAllocatedBytesForCurrentThread() - allocated);
        if (seat is not null)
        {
            foreach (Checker checker in _world.Checkers)
            {
                checker.Heard(seat, packet, error, before, sink);
            }
        }

        Observe(packet);
        MakeRoom(ref sink);
    }

    private void Tell(in HostEvent e, string words, scoped ref EffectSink sink)
    {
        Recorder?.Add(EngineNow, words);
        Engine!.HandleHost(e, EngineNow, ref sink);
        Observe(null);
        MakeRoom(ref sink);
    }

    private void EndTurn()
    {
        foreach (Checker checker in _world.Checkers)
        {
            checker.TurnEnded(this);
        }

        foreach (Seat seat in Seats)
        {
            (seat.Moves, seat.Farewells, seat.FarewellsDue, seat.WasMaster) = (0, 0, 0, seat.State == RouterState.Master);
        }

        PlanWake();
        _world.TurnIsOver();
    }

    /// <summary>A wake-up is planned only if none is that comes soon enough: deadlines mostly move on.</summary>
    private void PlanWake()
    {
        Instant deadline = Engine!.NextDeadline;
        if (deadline == Instant.Never)
        {
            return;
        }

        Instant at = Instant.Max(_world.Now, Clock.WorldTime(deadline - _engineAhead - Saboteur.Hurries(this) + Saboteur.Oversleeps(this)));
        if (at < _wakeAt)
        {
            _wakeAt = at;
            _world.WakeAt(at, this);
        }
    }

    private void End()
    {
        foreach (Seat seat in Seats)
        {
            seat.Group.Seats.Remove(seat);
        }

        Recorder?.Close(_world.Now);
        (Engine, Seats, IsFrozen, IsSuspended, _wakeAt) = (null, [], false, false, Instant.Never);
        Forget();
        Incarnation++;
    }

    /// <summary>Sockets, children and unread news are the daemon's.</summary>
    private void Forget()
    {
        Array.Clear(_listeners);
        _news.Clear();
        _inbox.Clear();
        _failures.Clear();
        _runs.Clear();
        _verdicts.Clear();
    }

    private static DaemonConfig Bind(string text)
    {
        ConfigResult result = ConfigParser.Parse(Encoding.UTF8.GetBytes(text), "keepalived.conf");
        return result.CanRun ? result.Config! : throw new InvalidOperationException("the plan's configuration does not run:\n" + text + "\n"
            + string.Join('\n', Array.ConvertAll(result.Diagnostics, static found => found.Text)));
    }

    private void MakeBuffers()
    {
        _effects = new Effect[Limits.CallsPerTurn * Limits.EffectsPerCall(Config)];
        _arena = new byte[Limits.CallsPerTurn * Limits.ArenaBytesPerCall(Config)];
    }
}

/// <summary>A router before it heard a packet, and how many effects there were.</summary>
internal readonly record struct Heard(RouterState State, Instant Deadline, Instant Announce, Blockers Blockers, int Effects)
{
    public static Heard Of(Seat seat, int effects) =>
        new(seat.State, seat.Router.Deadline, seat.Router.AnnounceDeadline, seat.Router.Blockers, effects);
}
