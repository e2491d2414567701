using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;

namespace Vrrpd.Sim;

/// <summary>What the scripts of a host do when they are run.</summary>
internal struct ScriptMood
{
    public bool Fails;
    public bool Hangs;
}

/// <summary>So many good ones in a row, so many bad ones in a row; the first decides alone.</summary>
internal sealed class ScriptJudge
{
    private int _row;
    private bool _last;

    public bool? IsUp { get; private set; }

    /// <summary>Rise or fall are others from now on.</summary>
    public void StartOver() => _row = 0;

    public void Count(bool isGood, ScriptConfig config)
    {
        _row = isGood == _last ? _row + 1 : 1;
        _last = isGood;
        if (IsUp is null || _row >= (isGood ? config.Rise : config.Fall))
        {
            IsUp = isGood;
        }
    }
}

/// <summary>Children of a host's daemon.</summary>
internal sealed partial class SimHost
{
    private static readonly TimeSpan RunTime = TimeSpan.FromMilliseconds(20), DeathTime = TimeSpan.FromMilliseconds(1);

    private readonly HashSet<string> _overdue = [];

    /// <summary>How scripts that are started from now on go.</summary>
    public ScriptMood Mood { get; set; }

    private int Run(ScriptConfig script)
    {
        int run = ++_lastRun;
        _runs[script.Name] = run;
        _overdue.Remove(script.Name);
        if (!Mood.Hangs)
        {
            Exit(script.Name, run, Mood.Fails ? 1 : 0, RunTime);
        }

        return 0;
    }

    private void Kill(string script, int signal)
    {
        // TERM comes when it is over its time, which is when it counts as failed.
        if (_runs.TryGetValue(script, out int run))
        {
            if (signal != SIGKILL && _overdue.Add(script) && Array.Find(Config.Scripts, candidate => candidate.Name == script) is ScriptConfig config)
            {
                JudgeScript(config, isGood: false);
            }

            // A hanging one is deaf to TERM half of the time.
            if (signal == SIGKILL || run % 2 == 0)
            {
                Exit(script, run, HostEvent.KilledBySignal + signal, DeathTime);
            }
        }
    }

    private void Exit(string script, int run, int status, TimeSpan after)
    {
        int incarnation = Incarnation;
        _newsUnderWay++;
        _world.At(_world.Now + after, () =>
        {
            _newsUnderWay--;
            if (incarnation == Incarnation)
            {
                _news.Enqueue(new News(HostEventKind.ScriptExited, null) { Script = script, Run = run, Status = status });
                Turn();
            }
        });
    }

    private void JudgeScript(ScriptConfig script, bool isGood)
    {
        if (!_verdicts.TryGetValue(script.Name, out ScriptJudge? judge))
        {
            _verdicts.Add(script.Name, judge = new ScriptJudge());
        }

        bool? before = judge.IsUp;
        judge.Count(isGood, script);
        if (judge.IsUp != before)
        {
            Disturb();
        }
    }
}
