using System;
using Vrrpd.Core;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;

namespace Vrrpd.Sim;

/// <summary>A group that was left alone has one master, and one only.</summary>
internal sealed class OneMaster(World world) : Checker(world)
{
    public override string Name => "one master";

    public override void Settled(Group group)
    {
        int masters = 0, eligible = 0;
        string who = "";
        foreach (Seat seat in group.Seats)
        {
            if (!seat.Host.IsRunning || seat.Host.IsFrozen)
            {
                continue;
            }

            eligible += seat.IsEligible() ? 1 : 0;
            if (seat.State == RouterState.Master)
            {
                masters++;
                who += $" {seat.Name} with priority {seat.Priority}";
            }
            else if (seat.State == RouterState.Initialize && seat.IsEligible())
            {
                Complain(seat.Host, $"{seat.Name} is idle ({seat.Router.Blockers}) though nothing stands in its way");
            }
        }

        if (masters > 1)
        {
            Complain(group.Seats[0].Host, $"{group.Name} has {masters} masters:{who}");
        }
        else if (masters == 0 && eligible > 0)
        {
            Complain(group.Seats[0].Host, $"{group.Name} has no master, though {eligible} could be");
        }
    }
}

/// <summary>With preemption the master is the one with the highest priority, and of two that meet the one with the higher (priority, address) stays.</summary>
internal sealed class RightMaster(World world) : Checker(world)
{
    public override string Name => "right master";

    public override void Settled(Group group)
    {
        Seat? master = null;
        Seat? best = null;
        int masters = 0;
        foreach (Seat seat in group.Seats)
        {
            if (!seat.Host.IsRunning || seat.Host.IsFrozen)
            {
                continue;
            }

            master = seat.State == RouterState.Master ? seat : master;
            masters += seat.State == RouterState.Master ? 1 : 0;
            if (seat.IsEligible() && !seat.Config.NoPreempt && (best is null || seat.TruePriority() > best.TruePriority()))
            {
                best = seat;
            }
        }

        if (masters != 1 || master is null)
        {
            return;
        }

        if (best is not null && best.TruePriority() > master.TruePriority())
        {
            Complain(master.Host, $"{master.Name} is master with priority {master.TruePriority()}, though {best.Name} has {best.TruePriority()}");
        }
        else if (!master.IsEligible() && !master.IsExcused && !master.Host.HasStrays)
        {
            Complain(master.Host, $"{master.Name} is master, though it cannot be");
        }
    }

    public override void Heard(Seat seat, Packet packet, WireError error, in Heard before, in EffectSink sink)
    {
        if (error != WireError.None || before.State != RouterState.Master || packet.Sender is null || seat.Host.HasStrays)
        {
            return;
        }

        Ip source = seat.Host.SourceOf(seat);
        bool isHigher = packet.Priority > seat.Priority || (packet.Priority == seat.Priority && packet.Source.CompareTo(source) > 0);
        if (seat.Host.Local < seat.ListensUntil)
        {
            // It was away, so whoever speaks is master now.
            isHigher = packet.Priority > 0;
        }

        bool hasYielded = seat.Router.State == RouterState.Backup;
        if (isHigher != hasYielded)
        {
            string did = hasYielded ? "yielded to" : "did not yield to";
            Complain(seat.Host, $"{seat.Name} ({seat.Priority}, {source}) {did} ({packet.Priority}, {packet.Source})");
        }
    }

    public override void TurnEnded(SimHost host)
    {
        foreach (Seat seat in host.Seats)
        {
            if (seat.Priority != seat.TruePriority())
            {
                Complain(host, $"{seat.Name} has priority {seat.Priority}, though its scripts make {seat.TruePriority()} of {seat.Config.Priority}");
            }
        }
    }
}

/// <summary>Nothing that is refused moves anything; and no good advert is refused.</summary>
internal sealed class NoiseMovesNothing(World world) : Checker(world)
{
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(10);

    public override string Name => "noise moves nothing";

    public override void Heard(Seat seat, Packet packet, WireError error, in Heard before, in EffectSink sink)
    {
        VirtualRouter router = seat.Router;
        if (packet.Sender is null)
        {
            World.Tally.Junk++;
            if (error == WireError.None)
            {
                Complain(seat.Host, $"{seat.Name} believed a packet of a stranger: {Convert.ToHexString(packet.Bytes)}");
            }
        }
        else if (error is not (WireError.None or WireError.NotListening))
        {
            // What came late, twice or out of order looks like a replay, and is refused as one.
            // And where a clock was set, a sender is known by the pace of its numbers only, which a silence or a new start interrupts.
            bool isStepped = seat.Host.HasStepped || packet.Sender.Host.HasStepped;

            // So does, with AH, a new master that has missed the last ones of the old: they count on from what they have heard.
            bool isOld = error == WireError.ReplayedSequence || (error is WireError.TrailerReplayed or WireError.TrailerStale
                && (seat.Host.IsLate || isStepped || World.Now < seat.Group.MixedUpUntil));
            bool agree = !isOld && seat.AgreesWith(packet.Sender) && World.Now - Recent > seat.ConfiguredAt && World.Now - Recent > packet.Sender.ConfiguredAt;
            if (agree)
            {
                Complain(seat.Host, $"{seat.Name} refused a good advert of {packet.Sender.Name} ({error}): {Convert.ToHexString(packet.Bytes)}");
            }
            else
            {
                seat.Group.Disturb();
            }
        }

        if (error == WireError.None)
        {
            return;
        }

        if ((before.State, before.Deadline, before.Announce, before.Blockers) != (router.State, router.Deadline, router.AnnounceDeadline, router.Blockers))
        {
            Complain(seat.Host, $"{seat.Name} was moved by a packet that it refused ({error}), from {before.Deadline} to {router.Deadline}");
        }

        foreach (ref readonly Effect effect in sink.Effects[before.Effects..])
        {
            if (effect.Kind != EffectKind.Log)
            {
                Complain(seat.Host, $"{seat.Name} answered with {effect.Kind} to a packet that it refused ({error})");
            }
        }
    }
}
