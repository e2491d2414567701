using System;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// Standing back after a freeze (SIGSTOP, a snapshot, a suspended machine). Who was not run for longer than others wait for it has to expect that
/// somebody else is master by now, and that what was said meanwhile was lost.
/// </summary>
public sealed partial class VirtualRouter
{
    private Instant _sentAt;

    /// <summary>Master that says nothing for a while, to hear whether there is another.</summary>
    internal bool IsListening { get; private set; }

    /// <summary>How long one may be silent as master before the best of the others has taken over.</summary>
    private TimeSpan Patience => Config.StandBackPriority == 0 ? MasterDownInterval
        : new((Config.AdvertInterval.Ticks * Config.DownTimerAdverts) + SkewOf(Config.StandBackPriority, Config.AdvertInterval).Ticks);

    /// <summary>A living master is heard within an interval, if it is there, and it is given the skew time that it takes to become one.</summary>
    private TimeSpan Listening => MasterInterval + Skew;

    private bool IsFrozen(Instant now) => IsListening || now - _sentAt > Patience;

    /// <summary>The advert timer of a master. True if it is silent this time.</summary>
    private bool StandsBack(Instant now, ref EffectSink sink)
    {
        if (IsListening)
        {
            // Nobody was heard. What the neighbours have learnt meanwhile is anybody's guess.
            IsListening = false;
            sink.Log(LogEvent.StandBackOver, _id, Milliseconds(now - _sentAt));
            _announcer.Renew(now);
            Deadline = now;
            return false;
        }

        if (!IsFrozen(now))
        {
            return false;
        }

        if (Config.StandBackPriority > 0 && Config.NoPreempt && !AlwaysPreempts)
        {
            // timer_expired_backup
            BecomeBackup(TransitionReason.StoodBack, MasterDownInterval, now, ref sink, farewell: false);
            return true;
        }

        // The addresses stay: if there is nobody else, the service goes on meanwhile.
        IsListening = true;
        Deadline = now + Listening;
        sink.Log(LogEvent.StandingBack, _id, Milliseconds(now - _sentAt), Milliseconds(Listening));
        return true;
    }

    /// <summary>The timer of a backup. True if it was itself away for so long that the silence of others says nothing: it listens once more.</summary>
    private bool ListensAgain(Instant now, ref EffectSink sink)
    {
        if (now - Deadline <= MasterDownInterval)
        {
            return false;
        }

        sink.Log(LogEvent.ListeningAgain, _id, Milliseconds(now - Deadline), Milliseconds(Listening));
        Deadline = now + Listening;
        return true;
    }
}
