using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;

namespace Vrrpd.Sim;

/// <summary>Reload as the production loop does it, and who sits where afterwards.</summary>
internal sealed partial class SimHost
{
    /// <summary>SIGHUP, with the configuration as it stands in the plan now.</summary>
    public void Reload()
    {
        EffectSink news = new(_effects, _arena);
        while (_news.TryDequeue(out News? item))
        {
            Tell(item, ref news);
        }

        Finish(ref news);
        for (int round = 0; round < FailureRounds && _failures.Count > 0; round++)
        {
            Finish(ref news);
        }

        string text = _world.Plan.Text(Index);
        ConfigDiff diff = ConfigDiff.Compare(Config, Bind(text));
        if (!diff.IsEmpty)
        {
            Disturb();
        }

        Recorder?.Add(EngineNow, "reload\nconfig\n" + text + "end");
        ReloadView before = View();
        EffectSink sink = new(_effects, _arena);
        Engine!.BeginReload(diff, EngineNow, ref sink);
        int effects = CountEffects(sink);
        Observe(null);
        Finish(ref sink);
        for (int round = 0; round < FailureRounds && _failures.Count > 0; round++)
        {
            Finish(ref sink);
        }

        _failures.Clear();
        foreach (Checker checker in _world.Checkers)
        {
            checker.Left(this, diff);
        }

        effects += Succeed(diff, text);
        foreach (Checker checker in _world.Checkers)
        {
            checker.Reloaded(this, diff, effects, before, View());
        }

        if (!diff.IsEmpty)
        {
            Disturb();
        }

        // The next turn follows at once.
        EffectSink sinkAfter = new(_effects, _arena);
        Timers(ref sinkAfter);
        Finish(ref sinkAfter);
        EndTurn();
    }

    private int Succeed(ConfigDiff diff, string text)
    {
        AdoptListeners(diff);
        Engine = Engine!.Succeed(diff, EngineNow);
        (Config, Text) = (diff.Next, text);
        MakeBuffers();
        AdoptScripts(diff);
        Seat?[] stay = new Seat?[Config.Routers.Length];
        for (int i = 0; i < stay.Length; i++)
        {
            stay[i] = diff.RoutersBefore[i] == ConfigDiff.None ? null : Seats[diff.RoutersBefore[i]];
        }

        TakeSeats(stay);
        EffectSink sink = new(_effects, _arena);
        for (short slot = 0; slot < Config.Interfaces.Length; slot++)
        {
            if (diff.SlotsBefore[slot] == ConfigDiff.None)
            {
                TellAll(slot, ref sink);
            }
        }

        Carry(ref sink);
        Engine.EndReload(diff, EngineNow, ref sink);
        int effects = CountEffects(sink);
        if (Saboteur.BabblesOnReload)
        {
            effects++;
            sink.Log(LogEvent.Stalled, -1);
        }

        Observe(null);
        Finish(ref sink);
        return effects;
    }

    private void AdoptListeners(ConfigDiff diff)
    {
        Listener?[] next = new Listener?[diff.Next.Channels.Length];
        for (short i = 0; i < _listeners.Length; i++)
        {
            short now = diff.ChannelsNow[i];
            if (_listeners[i] is Listener listener)
            {
                listener.Number = now;
                if (now != ConfigDiff.None)
                {
                    next[now] = listener;
                }
            }
        }

        _listeners = next;
    }

    private void AdoptScripts(ConfigDiff diff)
    {
        for (short i = 0; i < diff.Old.Scripts.Length; i++)
        {
            string name = diff.Old.Scripts[i].Name;
            short now = diff.ScriptsNow[i];
            if (!diff.IsSameRun(i))
            {
                _runs.Remove(name);
            }

            if (now == ConfigDiff.None)
            {
                _verdicts.Remove(name);
            }
            else if (_verdicts.TryGetValue(name, out ScriptJudge? judge)
                && (diff.Next.Scripts[now].Rise != diff.Old.Scripts[i].Rise || diff.Next.Scripts[now].Fall != diff.Old.Scripts[i].Fall))
            {
                judge.StartOver();
            }
        }
    }

    /// <summary>Who goes on keeps what is known of it.</summary>
    private void TakeSeats(ReadOnlySpan<Seat?> stay)
    {
        foreach (Seat seat in Seats)
        {
            seat.Group.Seats.Remove(seat);
        }

        Seat[] seats = new Seat[Config.Routers.Length];
        for (int i = 0; i < seats.Length; i++)
        {
            RouterConfig config = Config.Routers[i];
            Group group = _world.GroupOf(Device(config.Interface)?.Segment ?? 0, config.Vrid, config.IsV6);
            Seat seat = (stay.IsEmpty ? null : stay[i]) ?? new Seat(this, group) { Config = config, Priority = config.Priority };
            if (seat.Config != config || seat.ConfiguredAt == Instant.Zero)
            {
                seat.ConfiguredAt = _world.Now;
            }

            (seat.Config, seat.Index, seats[i]) = (config, i, seat);
            group.Seats.Add(seat);
        }

        Seats = seats;
        foreach (Seat seat in seats)
        {
            foreach (Seat other in seat.Together)
            {
                _ = other.Group != seat.Group && seat.Group.Linked.Add(other.Group);
            }
        }

        Disturb(_startsAt - Local is { Ticks: > 0 } delay ? delay : default);
    }

    private Seat? SeatOf(Listener listener, byte vrid)
    {
        foreach (Seat seat in Seats)
        {
            if (seat.Config.Channel == listener.Number && seat.Config.Vrid == vrid)
            {
                return seat;
            }
        }

        return null;
    }

    private ReloadView View()
    {
        List<(RouterState, Blockers, byte, Instant, Instant)> routers = [];
        foreach (VirtualRouter router in Engine!.Routers)
        {
            routers.Add((router.State, router.Blockers, router.Priority, router.Deadline, router.AnnounceDeadline));
        }

        return new ReloadView(Engine.NextDeadline, routers);
    }

    /// <summary>The verdicts of scripts, which keepalived says too, do not count.</summary>
    private static int CountEffects(in EffectSink sink)
    {
        int count = 0;
        foreach (ref readonly Effect effect in sink.Effects)
        {
            count += effect.Kind == EffectKind.Log && effect.Event is LogEvent.ScriptConsideredGood or LogEvent.ScriptConsideredBad ? 0 : 1;
        }

        return count;
    }
}

/// <summary>All that a reload between equal configurations must leave alone.</summary>
internal sealed record ReloadView(
    Instant NextDeadline, List<(RouterState State, Blockers Blockers, byte Priority, Instant Deadline, Instant Announce)> Routers);
