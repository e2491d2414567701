using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Kernel;
using Vrrpd.Native.Net;

namespace Vrrpd.Native;

/// <summary>
/// The turn: wait, read the clock once, read what is ready, then timers, then effects. Sockets come before timers always: after a stall
/// the adverts that wait in a socket must be heard before a master-down timer is believed.
/// </summary>
internal sealed partial class EventLoop
{
    /// <summary>From this lateness on the list of ready sockets is not trusted to be fresh: all of them are asked.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(Limits.StallMilliseconds);

    /// <summary>keepalived takes about a second to stop; scripts get half of it to obey.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>A look at the links that the kernel could not start is tried again after this.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>Rounds of "effect refused, engine answers, effects carried out" in one turn; what is left over waits for the next.</summary>
    private const int FailureRounds = 8;

    /// <summary>Signals taken in one turn: more cannot be pending than there are numbers.</summary>
    private const int SignalsPerTurn = 64;

    private readonly Host _host;
    private readonly Poller _poller;
    private readonly HostClock _clock;
    private readonly SignalSource _signals;
    private readonly LogWriter _log;
    private readonly Executor _executor;
    private readonly Process.ChildTable _children;
    private readonly Reloader? _reloader;
    private readonly RouterDevices? _devices;

    private Engine _engine;
    private Effect[] _effects;
    private byte[] _arena;

    private bool _stopping;

    /// <summary>
    /// Makes the engine, tells it of the host (<see cref="Host.Open"/> has looked already) and carries out its first wishes: after this it
    /// is running, and <see cref="Run"/> keeps it so. Scripts are watched through the same poller.
    /// </summary>
    /// <param name="reloader">Reads the configuration anew on SIGHUP.</param>
    /// <param name="devices">Makes what routers need in the kernel besides addresses; without it such wishes are refused.</param>
    public EventLoop(DaemonConfig config, Host host, Poller poller, HostClock clock, SignalSource signals,
        Process.ChildTable children, LogWriter log, Reloader? reloader = null, RouterDevices? devices = null)
    {
        _host = host;
        _poller = poller;
        _clock = clock;
        _signals = signals;
        _log = log;
        _reloader = reloader;
        _children = children;
        _devices = devices;
        _executor = new Executor(config, host, children, log, devices);

        MakeBuffers(config);
        int error = poller.Add(signals.Fd, PollKind.Signal, 0);
        Invariant.Check(error == 0);
        EffectSink sink = new(_effects, _arena);
        Instant now = clock.Now();
        _engine = new Engine(config, now);
        SetWallClock(now);
        TellHost(now, ref sink);
        Finish(now, ref sink);
        _devices?.Settle();
    }

    public Engine Engine => _engine;

    /// <summary>Datagrams handed to the engine so far.</summary>
    public long Datagrams { get; private set; }

    /// <summary>Turns until a signal asks to stop, then an orderly end. The exit code of the daemon.</summary>
    public int Run()
    {
        while (Turn())
        {
        }

        Stop();
        return 0;
    }

    /// <summary>One turn; false when it is time to stop.</summary>
    internal bool Turn()
    {
        Instant deadline = Instant.Min(_engine.NextDeadline, _children.KillDue);
        bool lookDue = _host.Monitor.IsLookDue || _host.Failures.Count > 0 || _host.Events.Count > 0;
        int ready = _poller.Wait(lookDue ? Instant.Min(deadline, _clock.Now() + LookAgain) : deadline);
        Instant now = _clock.Now();
        SetWallClock(now);
        EffectSink sink = new(_effects, _arena);
        _children.KillOrphans(now);

        // A reload makes late too, but it has ended before this turn's wait, which told everything that was ready then.
        TimeSpan late = deadline == Instant.Never ? TimeSpan.Zero : now - Instant.Max(deadline, _resumedAt);

        for (int i = 0; i < ready; i++)
        {
            Read(_poller.Kind(i), _poller.Index(i), now, ref sink);
        }

        if (lookDue)
        {
            Read(PollKind.NetlinkMonitor, 0, now, ref sink);
        }

        if (late > Late)
        {
            CatchUp(late, now, ref sink);
        }

        if (_stopping)
        {
            _executor.Run(ref sink);
            return false;
        }

        _engine.HandleTimers(now, ref sink);
        Finish(now, ref sink);
        if (_isReloadWanted && _host.Failures.Count == 0)
        {
            _isReloadWanted = false;
            Reload();
        }

        return true;
    }

    /// <summary>Farewell, addresses off, scripts ended; never longer than a second.</summary>
    internal void Stop()
    {
        Instant now = _clock.Now();
        SetWallClock(now);
        EffectSink sink = new(_effects, _arena);
        _log.WriteParent(LogLevel.Info, "Stopping");
        _engine.Stop(now, ref sink);
        _executor.Run(ref sink);
        _host.StopListening();

        // Nothing that still happens is told to the engine: it has stopped. First patience, then force, then patience again.
        AwaitScripts(now + Patience);
        if (_executor.RunningScripts > 0)
        {
            _executor.KillScripts(Libc.SIGKILL);
            AwaitScripts(_clock.Now() + Patience);
        }

        _host.Requests.ReadAnswers();
    }

    /// <summary>For authentication by time: the clock on the wall may be set at any moment.</summary>
    private void SetWallClock(Instant now)
    {
        if (_engine.NeedsWallClock)
        {
            _engine.WallOffset = HostClock.Wall() - (now - Instant.Zero);
        }
    }

    private void AwaitScripts(Instant until)
    {
        while (_executor.RunningScripts > 0 && _clock.Now() < until)
        {
            int ready = _poller.Wait(until);
            for (int i = 0; i < ready; i++)
            {
                switch (_poller.Kind(i))
                {
                    case PollKind.Child:
                        _ = _executor.TryReap(_poller.Index(i), out _);
                        break;
                    case PollKind.NetlinkRequest:
                        _host.Requests.ReadAnswers();
                        break;
                    case PollKind.Signal:
                        // A second SIGTERM changes nothing; unread it would keep us spinning.
                        _ = _signals.TryRead(out _);
                        break;
                    default:
                        break;
                }
            }
        }
    }

    private void Read(PollKind kind, int index, Instant now, scoped ref EffectSink sink)
    {
        switch (kind)
        {
            case PollKind.Vrrp:
                ReadDatagrams((short)index, Limits.DatagramsPerTurn, now, ref sink);
                break;
            case PollKind.NetlinkMonitor:
                _host.Monitor.Read();
                _devices?.Follow();
                TellHost(now, ref sink);
                break;
            case PollKind.NetlinkRequest:
                _host.Requests.ReadAnswers();
                break;
            case PollKind.Child:
                if (_executor.TryReap(index, out HostEvent e))
                {
                    Tell(e, now, ref sink);
                }

                break;
            case PollKind.Signal:
                ReadSignals();
                break;
            case PollKind.Timer:
                // The engine is asked about timers in every turn anyway.
                break;
            default:
                Invariant.Fail("a descriptor of a kind that the loop does not know");
                break;
        }
    }

    /// <summary>
    /// The loop comes late: whatever happened on the host and on the wire meanwhile is heard before the timers that are overdue. After a
    /// real stall the sockets are read empty, since the advert that keeps us backup may be the last of hundreds.
    /// </summary>
    private void CatchUp(TimeSpan late, Instant now, scoped ref EffectSink sink)
    {
        bool stalled = late > Stall;
        Read(PollKind.NetlinkMonitor, 0, now, ref sink);
        for (short channel = 0; channel < _host.Channels; channel++)
        {
            ReadDatagrams(channel, stalled ? VrrpSocket.DatagramsAfterStall : Limits.DatagramsPerTurn, now, ref sink);
        }

        if (stalled)
        {
            Tell(HostEvent.Stalled((int)Math.Min(late.TotalMilliseconds, int.MaxValue)), now, ref sink);
        }
    }

    private void ReadDatagrams(short channel, int bound, Instant now, scoped ref EffectSink sink)
    {
        for (int i = 0; i < bound; i++)
        {
            // Looked up each time: an effect of the datagram before may have closed the socket.
            int length = _host.Receiver(channel) is VrrpSocket socket ? socket.Receive(_host.Buffer) : -1;
            if (length < 0)
            {
                return;
            }

            if (length == 0)
            {
                continue;
            }

            Datagrams++;
            _ = _engine.HandleDatagram(_host.Buffer.Datagram(length, channel), now, ref sink);
            MakeRoom(ref sink);
        }
    }

    private void ReadSignals()
    {
        for (int i = 0; i < SignalsPerTurn && _signals.TryRead(out int signal); i++)
        {
            switch (signal)
            {
                case Libc.SIGTERM:
                case Libc.SIGINT:
                    _stopping = true;
                    break;
                case Libc.SIGHUP:
                    // However many come before it is done, or while it is: what they ask for is one reading of the file after the last.
                    _isReloadWanted = _reloader is not null;
                    break;
                case Libc.SIGCHLD:
                    // Scripts end through their pidfd; this is about orphans of others when we are process 1.
                    _executor.ReapStrays();
                    break;
                case Libc.SIGUSR1:
                case Libc.SIGUSR2:
                case Libc.SignalJson:
                    _log.Write(LogLevel.Warning, "the dump of data that this signal asks for is not served yet - nothing was written");
                    break;
                default:
                    _log.Write(LogLevel.Warning, "a signal that means nothing here was ignored");
                    break;
            }
        }
    }

    /// <summary>Whenever less than one call's worth of room is left, the effects so far are carried out first.</summary>
    [MemberNotNull(nameof(_effects), nameof(_arena))]
    private void MakeBuffers(DaemonConfig config)
    {
        _effects = new Effect[Limits.CallsPerTurn * Limits.EffectsPerCall(config)];
        _arena = GC.AllocateArray<byte>(Limits.CallsPerTurn * Limits.ArenaBytesPerCall(config), pinned: true);
    }

    /// <summary>
    /// Devices are made before the first decision, so that it finds them up: else every start would be a fault, with all that is told of one.
    /// </summary>
    private void MakeDevicesFirst(RouterDevices devices, bool isReload, Instant now, scoped ref EffectSink sink)
    {
        const int Patience = 50, MillisecondsAtOnce = 10;
        devices.CreateEarly(isReload);
        for (int i = 0; i < Patience; i++)
        {
            _host.Monitor.Read();
            if (!devices.IsAwaited())
            {
                break;
            }

            _ = Libc.Poll(_host.Monitor.Fd, Libc.POLLIN, MillisecondsAtOnce);
        }

        TellHost(now, ref sink);
    }

    /// <summary>What the monitor has heard, in order.</summary>
    private void TellHost(Instant now, scoped ref EffectSink sink)
    {
        while (_host.Events.TryTake(out HostEvent e))
        {
            if (e.Kind == HostEventKind.HostKnown && _devices is not null)
            {
                MakeDevicesFirst(_devices, isReload: false, now, ref sink);
            }

            Tell(e, now, ref sink);
            if (e.Kind == HostEventKind.LinkChanged && _host.Monitor.Interfaces[e.Subject].TryTakeForeign(out ushort type))
            {
                _log.Write(LogLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"{_host.Monitor.Interfaces[e.Subject].Name} is no Ethernet (link "
                    + $"type {type}): neither gratuitous ARP nor neighbour advertisements are sent there - neighbours follow when their caches expire"));
            }
        }
    }

    private void Tell(in HostEvent e, Instant now, scoped ref EffectSink sink)
    {
        _engine.HandleHost(e, now, ref sink);
        MakeRoom(ref sink);
    }

    /// <summary>Carries out what has gathered if the next call might not find room for its own.</summary>
    private void MakeRoom(scoped ref EffectSink sink)
    {
        if (!_engine.HasRoom(sink))
        {
            _executor.Run(ref sink);
            sink.Clear();
        }
    }

    /// <summary>Carries out the effects of the turn, and lets the engine answer to those that were refused.</summary>
    private void Finish(Instant now, scoped ref EffectSink sink)
    {
        for (int round = 0; round < FailureRounds; round++)
        {
            _executor.Run(ref sink);
            sink.Clear();
            if (_host.Failures.Count == 0)
            {
                return;
            }

            // Only those of this round: an answer that is refused again waits for the next.
            for (int i = _host.Failures.Count; i > 0 && _host.Failures.TryTake(out HostEvent e); i--)
            {
                Tell(e, now, ref sink);
            }
        }

        _executor.Run(ref sink);
        sink.Clear();
    }
}
