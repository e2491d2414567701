using System;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>Adverts of others, and what follows from them (RFC 3768 sections 6.4.2 and 6.4.3).</summary>
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

        if (!AdvertCheck.SameAddresses(packet, Config))
        {
            Stats.AddressListErrors++;
            _rejects.Differ(packet, ip.Source, now, ref sink);
        }

        if (State == RouterState.Master)
        {
            HearAsMaster(packet.Priority, ip.Source, now, ref sink);
        }
        else
        {
            HearAsBackup(packet.Priority, ip.Source, now, ref sink);
        }

        return WireError.None;
    }

    private void HearAsBackup(byte priority, Ip source, Instant now, ref EffectSink sink)
    {
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
        else if (priority >= Priority)
        {
            if (MasterAddress != source)
            {
                sink.Log(MasterAddress.IsUnspecified ? LogEvent.MasterSet : LogEvent.MasterChanged, _id, address: source, a: MasterAddress.V4);
            }

            (MasterAddress, MasterPriority, _heardAt) = (source, priority, now);
            (_resigned, _rival, _rivalPriority) = (false, default, 0);
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

    private void HearAsMaster(byte priority, Ip source, Instant now, ref EffectSink sink)
    {
        if (priority == 0)
        {
            // 6.4.3: somebody stopped; whoever listened to it must hear us now.
            sink.Log(LogEvent.MasterHeardZero, _id, address: source);
            Reassert(now, ref sink);
        }
        else if (priority > Priority || (priority == Priority && source.CompareTo(_source) > 0))
        {
            bool higher = priority > Priority;
            sink.Log(higher ? LogEvent.MasterHeardHigher : LogEvent.MasterHeardSame, _id, priority, Priority, address: source);
            BecomeBackup(higher ? TransitionReason.HigherPriority : TransitionReason.HigherAddress, MasterDownInterval, now, ref sink, farewell: false);
            (MasterAddress, MasterPriority) = (source, priority);
        }
        else if (priority == Priority && source == _source)
        {
            sink.Log(LogEvent.HeardOurself, _id, priority, address: source);
        }
        else
        {
            // RFC 9568 6.4.3 (and keepalived in every version): tell at once, and make good what ARP caches may have learnt.
            sink.Log(LogEvent.MasterHeardLower, _id, priority, Priority, address: source);
            Reassert(now, ref sink);
            _announcer.Contest(now);
        }
    }

    private void Reassert(Instant now, ref EffectSink sink)
    {
        SendAdvert(resign: false, now, ref sink);
        Deadline = now + Config.AdvertInterval;
    }
}
