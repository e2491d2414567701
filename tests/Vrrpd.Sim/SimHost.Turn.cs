using System;
using Vrrpd.Core;
using Vrrpd.Core.Vrrp;

namespace Vrrpd.Sim;

/// <summary>The end of each call and of a turn: who moved, what is carried out, what was refused.</summary>
internal sealed partial class SimHost
{
    /// <summary>Who moved in the call that is just over.</summary>
    private void Observe(Packet? heard)
    {
        foreach (Seat seat in Seats)
        {
            VirtualRouter router = seat.Router;
            if (router.Priority != seat.Priority)
            {
                foreach (Checker checker in _world.Checkers)
                {
                    checker.Ranked(seat, seat.Priority, router.Priority);
                }

                seat.Priority = router.Priority;
                seat.Group.Disturb();
            }

            if (router.State != seat.State)
            {
                RouterState from = seat.State;
                seat.State = router.State;
                seat.Moves++;
                seat.WasMaster |= router.State == RouterState.Master;
                _world.Trace((ulong)router.State + 17, (ulong)Index << 32 | (uint)seat.Index, (ulong)Local.Ticks);
                foreach (Checker checker in _world.Checkers)
                {
                    checker.Moved(seat, from, heard);
                }

                if (from == RouterState.Initialize)
                {
                    seat.Group.Disturb();
                }

                _world.Moved(seat);
            }
        }
    }

    private void MakeRoom(scoped ref EffectSink sink)
    {
        if (!Engine!.HasRoom(sink))
        {
            Carry(ref sink);
        }
    }

    private void Finish(scoped ref EffectSink sink)
    {
        for (int round = 0; round < FailureRounds; round++)
        {
            Carry(ref sink);
            if (_failures.Count == 0)
            {
                return;
            }

            int count = _failures.Count;
            for (int i = 0; i < count; i++)
            {
                TellFailure(_failures[i], ref sink);
            }

            _failures.RemoveRange(0, count);
        }

        Carry(ref sink);
    }

    private void TellFailure(in HostEvent failure, scoped ref EffectSink sink)
    {
        if (Saboteur.Swallows(failure))
        {
            return;
        }

        if (failure.Effect == EffectKind.RunScript)
        {
            _runs.Remove(Config.Scripts[failure.Subject].Name);
            JudgeScript(Config.Scripts[failure.Subject], isGood: false);
        }

        int effects = sink.Effects.Length;
        Recorder?.Add(EngineNow, Words(failure));
        Engine!.HandleHost(failure, EngineNow, ref sink);
        foreach (Checker checker in _world.Checkers)
        {
            checker.Answered(this, failure, sink.Effects[effects..]);
        }

        Observe(null);
        MakeRoom(ref sink);
    }
}
