using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Track;

/// <summary>What is known of a tracked thing.</summary>
public enum TrackerState : byte
{
    Unknown,
    Up,
    Down,
}

/// <summary>
/// One vrrp_script: when it runs, how long it may, and what its exits mean. A run that is over its time counts as a failure at that
/// moment, and its whole process group is sent TERM, then KILL until it is gone.
/// </summary>
internal sealed class ScriptCheck(ScriptConfig config, short id)
{
    /// <summary>From TERM to KILL, and from one KILL to the next (keepalived's 2 s).</summary>
    private static readonly TimeSpan KillDelay = TimeSpan.FromSeconds(2);
    private const int SIGTERM = 15;
    private const int SIGKILL = 9;

    private ScriptConfig _config = config;
    private short _id = id;
    private Instant _nextRun = Instant.Never;
    private Instant _killAt = Instant.Never;
    private bool _overdue;
    private bool _skipped;
    private int _lastStatus;

    /// <summary>The next result decides alone: the first of all, or the first of another program after a reload.</summary>
    private bool _isFirst = true;

    /// <summary>0..rise+fall-1; up from <c>rise</c> on.</summary>
    private int _counter;

    public TrackerState State { get; private set; }
    public bool Running { get; private set; }
    public Instant Deadline => Instant.Min(_nextRun, _killAt);

    /// <summary>Runs at once, and then every interval counted from here: a late turn does not shift the later ones.</summary>
    public void Start(Instant now) => _nextRun = now;

    /// <summary>True when <see cref="State"/> changed.</summary>
    public bool HandleTimer(Instant now, ref EffectSink sink)
    {
        bool changed = false;
        if (now >= _killAt)
        {
            changed = HandleOverdue(now, ref sink);
        }

        if (now >= _nextRun)
        {
            while (_nextRun <= now)
            {
                _nextRun += _config.Interval;
            }

            if (Running)
            {
                // Once for each run that hangs, not once an interval.
                if (!_skipped)
                {
                    sink.Log(LogEvent.ScriptStillRunning, _id);
                }

                _skipped = true;
            }
            else
            {
                (Running, _overdue, _skipped, _killAt) = (true, false, false, now + _config.Timeout);
                sink.Add(new Effect(EffectKind.RunScript, _id));
            }
        }

        return changed;
    }

    /// <summary>The script ended with this wait status (exit code, or 256 + signal). True when <see cref="State"/> changed.</summary>
    public bool HandleExit(int status, ref EffectSink sink)
    {
        if (!Running)
        {
            return false;
        }

        bool counted = _overdue;
        (Running, _overdue, _killAt) = (false, false, Instant.Never);
        if (counted)
        {
            return false;
        }

        if (status != _lastStatus && status < HostEvent.KilledBySignal)
        {
            sink.Log(LogEvent.ScriptReturning, _id, status);
        }

        _lastStatus = status;
        LogEvent words = status >= HostEvent.KilledBySignal ? LogEvent.ScriptFailedBySignal : LogEvent.ScriptFailed;
        return Count(status == 0, words, status % HostEvent.KilledBySignal, ref sink);
    }

    /// <summary>The host could not start it: no different from a failure for whoever depends on it.</summary>
    public bool HandleNotStarted(int errno, ref EffectSink sink)
    {
        (Running, _overdue, _killAt) = (false, false, Instant.Never);
        return Count(false, LogEvent.ScriptNotStarted, errno, ref sink);
    }

    /// <summary>The daemon stops: nothing runs on behind it.</summary>
    public void Stop(ref EffectSink sink)
    {
        _nextRun = _killAt = Instant.Never;
        if (Running)
        {
            sink.Add(new Effect(EffectKind.KillScript, _id) { A = SIGTERM });
        }
    }

    /// <summary>Reload, first half: this program is not run any more. Whether a run of it ends is the host's care from here on.</summary>
    public void Abandon(ref EffectSink sink)
    {
        if (Running)
        {
            sink.Add(new Effect(EffectKind.KillScript, _id) { A = SIGTERM });
        }
    }

    /// <summary>
    /// Reload, second half. The verdict stays in any case: if it is another program now, until that one has said something, since
    /// whoever depends on it should not move merely because nobody has looked yet.
    /// </summary>
    /// <param name="isSameRun">What runs, runs on and counts.</param>
    public void Adopt(ScriptConfig next, short id, bool isSameRun, Instant now)
    {
        if (!isSameRun)
        {
            (Running, _overdue, _skipped, _isFirst) = (false, false, false, true);
            _killAt = _nextRun = Instant.Never;
        }

        if (_nextRun != Instant.Never && next.Interval != _config.Interval)
        {
            _nextRun = Instant.Max(now, _nextRun - _config.Interval + next.Interval);
        }

        if (Running && !_overdue)
        {
            _killAt += next.Timeout - _config.Timeout;
        }

        if (next.Rise != _config.Rise || next.Fall != _config.Fall)
        {
            _counter = State == TrackerState.Up ? next.Rise + next.Fall - 1 : 0;
        }

        (_config, _id) = (next, id);
    }

    /// <summary>Reload, second half: says which verdict was kept, if there is one.</summary>
    public void SayVerdict(ref EffectSink sink)
    {
        if (State != TrackerState.Unknown && !_isFirst)
        {
            sink.Log(State == TrackerState.Up ? LogEvent.ScriptConsideredGood : LogEvent.ScriptConsideredBad, _id);
        }
    }

    private bool HandleOverdue(Instant now, ref EffectSink sink)
    {
        bool first = !_overdue;
        _killAt = now + KillDelay;
        sink.Add(new Effect(EffectKind.KillScript, _id) { A = first ? SIGTERM : SIGKILL });
        if (!first)
        {
            return false;
        }

        _overdue = true;
        sink.Log(LogEvent.ScriptOverdue, _id, (long)_config.Timeout.TotalMilliseconds);
        return Count(false, LogEvent.ScriptTimedOut, 0, ref sink);
    }

    /// <summary>The first result decides alone; later ones need rise or fall in a row.</summary>
    private bool Count(bool success, LogEvent failureWords, int detail, ref EffectSink sink)
    {
        int top = _config.Rise + _config.Fall - 1;
        bool first = _isFirst;
        _isFirst = false;
        if (first)
        {
            _counter = success ? top : 0;
        }
        else if (success)
        {
            _counter = _counter + 1 >= _config.Rise ? top : _counter + 1;
        }
        else
        {
            _counter = _counter > _config.Rise ? _counter - 1 : 0;
        }

        TrackerState next = _counter >= _config.Rise ? TrackerState.Up : TrackerState.Down;
        bool changed = next != State;
        if (!changed && !first)
        {
            return false;
        }

        State = next;
        sink.Log(success ? LogEvent.ScriptSucceeded : failureWords, _id, detail);
        return changed;
    }
}
