using System;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>Adverts of others, and what follows from them (RFC 9568 sections 6.4.2 and 6.4.3).</summary>
public sealed partial class VirtualRouter
{
    /// <summary>An advert for our VRID arrived on our interface. Nothing that is refused moves a timer or any state.</summary>
    internal WireError HandleAdvert(scoped in IpPacket ip, Instant now, ref EffectSink sink)
    {
        if (State == RouterState.Initialize)
        {
            return _check.Ignore();
        }

        WireError error = _check.Check(ip, now, ref sink, out VrrpPacket packet);
        if (error != WireError.None)
        {
            return error;
        }

        bool isCompared = Config.SkipsSameMaster && MasterAddress == ip.Source;
        if (!isCompared && !AdvertCheck.SameAddresses(packet, Config))
        {
            Stats.AddressListErrors++;
            _rejects.Differ(packet, ip.Source, now, ref sink);
        }

        if (packet.Interval != Config.AdvertInterval && packet.Priority > 0)
        {
            _rejects.DifferInInterval(packet.Interval, ip.Source, now, ref sink);
        }

        if (State == RouterState.Master)
        {
            HearAsMaster(packet.Priority, ip.Source, packet.Interval, now, ref sink);
        }
        else
        {
            HearAsBackup(packet.Priority, ip.Source, packet.Interval, now, ref sink);
        }

        return WireError.None;
    }

    private void HearAsBackup(byte priority, Ip source, TimeSpan interval, Instant now, ref EffectSink sink)
    {
        RestoreIfRogueIsGone(priority, source, now, ref sink);
        if (priority == 0)
        {
            // 6.4.2: the master resigned; wait only for whoever has less skew than us. Heard twice, the first one counts.
            sink.Log(LogEvent.BackupHeardZero, _id, address: source);
            if (!_resigned)
            {
                (_resigned, _heardAt, MasterAddress) = (true, now, source);
                Deadline = now + Skew;
            }
        }
        else if (priority >= Priority || Tolerates(now))
        {
            if (MasterAddress != source)
            {
                Ip was = MasterAddress;
                sink.Log(was.IsUnspecified ? LogEvent.MasterSet : LogEvent.MasterChanged, _id,
                    (long)was.High, (long)was.Low, was.IsV6 ? 1 : 0, source);
            }

            (MasterAddress, MasterPriority, _heardAt) = (source, priority, now);
            (_resigned, _rival, _rivalPriority) = (false, default, 0);
            _preemptAt = priority >= Priority ? Instant.Never : _preemptAt;
            _learnt = interval;
            WantsMaster = false;
            Deadline = now + MasterDownInterval;
        }
        else
        {
            // 6.4.2, Preempt_Mode: not heard, so that the timer runs out and we take over.
            sink.Log(LogEvent.BackupHeardLower, _id, priority, address: source);
            (_rival, _rivalPriority) = (source, priority);
            (MasterAddress, MasterPriority) = (source, priority);
        }
    }

    /// <summary>An advert of lower priority is followed all the same: we do not preempt, or not yet.</summary>
    private bool Tolerates(Instant now)
    {
        if (AlwaysPreempts || Config.NoPreempt || Config.PreemptDelay == TimeSpan.Zero)
        {
            return Config.NoPreempt && !AlwaysPreempts;
        }

        _preemptAt = _preemptAt == Instant.Never ? now + Config.PreemptDelay : _preemptAt;
        return now < _preemptAt;
    }

    private void HearAsMaster(byte priority, Ip source, TimeSpan interval, Instant now, ref EffectSink sink)
    {
        if (priority == Priority && source == _source)
        {
            sink.Log(LogEvent.HeardOurself, _id, priority, address: source);
        }
        else if (IsFrozen(now))
        {
            HearAfterFreeze(priority, source, interval, now, ref sink);
        }
        else if (priority == 0)
        {
            // 6.4.3: somebody stopped; whoever listened to it must hear us now, and whoever had its addresses from it.
            sink.Log(LogEvent.MasterHeardZero, _id, address: source);
            Reassert(now, ref sink);
            _announcer.Contest(now);
        }
        else if (priority > Priority || (priority == Priority && source.CompareTo(_source) > 0))
        {
            bool higher = priority > Priority;
            if (Config.AnswersHigher || IsPartitionHealed(source))
            {
                SendAdvert(resign: false, now, ref sink);
            }

            sink.Log(higher ? LogEvent.MasterHeardHigher : LogEvent.MasterHeardSame, _id, priority, Priority, address: source);
            if (Config.IsOwner && priority == Owner && !higher)
            {
                sink.Log(LogEvent.TwoOwners, _id, 1, address: source);
            }

            Yield(higher ? TransitionReason.HigherPriority : TransitionReason.HigherAddress, priority, source, interval, now, ref sink);
        }
        else
        {
            // RFC 9568 6.4.3 (and keepalived in every version): tell at once, and make good what ARP caches may have learnt.
            sink.Log(LogEvent.MasterHeardLower, _id, priority, Priority, Config.IsSilentToLower ? 1 : 0, source);
            if (!Config.IsSilentToLower)
            {
                Reassert(now, ref sink);
            }

            _announcer.Contest(now);
            Group?.AnnounceAgain(this, now);
            if (Config.IsOwner && priority == Owner)
            {
                HearRogue(source, interval, now, ref sink);
            }
        }
    }

    /// <summary>
    /// Whom we took over from, because nothing was heard of it, is master: perhaps it was so all the time, behind a broken link, and does not know
    /// that neighbours believe us. One more advert tells it, and it announces its addresses anew.
    /// </summary>
    private bool IsPartitionHealed(Ip source) => source == _lost && !Config.IsStrict;

    /// <summary>Whoever speaks after we were away lives, and was master while we were not.</summary>
    private void HearAfterFreeze(byte priority, Ip source, TimeSpan interval, Instant now, ref EffectSink sink)
    {
        if (priority == 0)
        {
            sink.Log(LogEvent.MasterHeardZero, _id, address: source);
            return;
        }

        sink.Log(LogEvent.YieldingAfterFreeze, _id, priority, Milliseconds(now - _sentAt), address: source);
        Yield(TransitionReason.StoodBack, priority, source, interval, now, ref sink);
    }

    private void Yield(TransitionReason reason, byte priority, Ip source, TimeSpan interval, Instant now, ref EffectSink sink)
    {
        _learnt = interval;
        BecomeBackup(reason, MasterDownInterval, now, ref sink, farewell: false);
        (MasterAddress, MasterPriority) = (source, priority);
    }

    private void Reassert(Instant now, ref EffectSink sink)
    {
        SendAdvert(resign: false, now, ref sink);
        Deadline = now + Config.AdvertInterval;
    }
}
