using System;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;

namespace Vrrpd.Sim;

/// <summary>
/// A backup takes over when Active_Down_Interval (or Skew_Time, where the book says so) is over by its own clock, to the tick: never earlier, and later
/// only where it was not running.
/// </summary>
internal sealed class TakeoverTime(World world) : Checker(world)
{
    /// <summary>Reading a clock that drifts rounds.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    public override string Name => "takeover time";

    public override void Heard(Seat seat, Packet packet, WireError error, in Heard before, in EffectSink sink)
    {
        if (error != WireError.None || before.State != RouterState.Backup || packet.Sender is null)
        {
            return;
        }

        Instant now = seat.Host.Local;
        if (packet.Priority == 0)
        {
            // Heard twice, the first counts.
            seat.Expected = seat.HasResigned ? seat.Expected : now + seat.Skew(seat.Priority);
            seat.HasResigned = true;
        }
        else if (packet.Priority >= seat.Priority || seat.Tolerates(now))
        {
            seat.PreemptAt = packet.Priority >= seat.Priority ? Instant.Never : seat.PreemptAt;
            seat.Learnt = packet.Interval;
            seat.Expected = now + seat.MasterDown(seat.Priority);
            seat.HasResigned = false;
            seat.Wants = false;
        }
    }

    public override void Moved(Seat seat, RouterState from, Packet? packet)
    {
        Instant now = seat.Host.Local;
        if (seat.State == RouterState.Backup)
        {
            // From FAULT or start-up, or yielding: the whole interval. After a theft only the skew.
            bool isTheft = from == RouterState.Master && packet is null;
            seat.Learnt = packet?.Sender?.Group == seat.Group ? packet!.Interval : TimeSpan.Zero;
            seat.Wants = false;
            seat.PreemptAt = Instant.Never;
            seat.ListensUntil = Instant.Zero;
            seat.Expected = now + (isTheft ? seat.Skew(seat.Priority) : seat.MasterDown(seat.Priority));
            seat.HasResigned = false;
            return;
        }

        if (seat.State == RouterState.Master && from == RouterState.Backup)
        {
            World.Tally.Takeovers++;
            Seat? last = null;
            foreach (Seat member in seat.Together)
            {
                // With a group the last of them decides.
                last = !member.Wants && (last is null || member.Expected > last.Expected) ? member : last;
            }

            if (last != seat)
            {
                // Judged with the last one; unless all have waited for each other for long.
                if (last is not null && now < last.Expected && last.State != RouterState.Master)
                {
                    Complain(seat.Host, $"{seat.Name} took over {last.Expected - now} before {last.Name} could");
                }
            }
            else if (now < seat.Expected)
            {
                Complain(seat.Host, $"{seat.Name} took over {seat.Expected - now} too early");
            }
            else if (now > seat.Expected + Tick && !seat.Host.IsLate)
            {
                Complain(seat.Host, $"{seat.Name} took over {now - seat.Expected} too late");
            }
            else if (now - seat.Expected > seat.MasterDown(seat.Priority))
            {
                Complain(seat.Host, $"{seat.Name} was away for {now - seat.Expected} and took over without listening first");
            }
        }

        (seat.Expected, seat.Learnt, seat.ListensUntil) = (Instant.Never, TimeSpan.Zero, Instant.Zero);
    }

    public override void Ranked(Seat seat, byte from, byte to)
    {
        if (seat.State == RouterState.Backup && seat.Expected != Instant.Never)
        {
            // What by the new priority would have been over already is over now.
            seat.Expected += seat.Skew(to) - seat.Skew(from);
            seat.Expected = seat.Host.IsLate ? seat.Expected : Instant.Max(seat.Host.Local, seat.Expected);
        }
    }

    public override void TurnEnded(SimHost host)
    {
        foreach (Seat seat in host.Seats)
        {
            if (host.IsLate && seat.State == RouterState.Backup && host.Local - seat.Expected > seat.MasterDown(seat.Priority))
            {
                // It was itself away for so long that the silence says nothing.
                seat.Expected = host.Local + seat.Listening;
            }

            if (seat.State == RouterState.Backup && seat.Together.Length > 1 && host.Local >= seat.Expected)
            {
                seat.Wants = true;
                seat.Expected = host.Local + seat.MasterDown(seat.Priority);
            }

            if (seat.State == RouterState.Backup && host.Local > seat.Expected + Tick)
            {
                Complain(host, $"{seat.Name} has not taken over {host.Local - seat.Expected} after it should have");
            }
        }
    }

    public override void Reloaded(SimHost host, ConfigDiff diff, int effects, ReloadView before, ReloadView after)
    {
        foreach (Seat seat in host.Seats)
        {
            // An interval that was edited while waiting: what then is right is the reload tests' business.
            short was = diff.RoutersBefore[seat.Index];
            if (was != ConfigDiff.None && diff.Old.Routers[was].AdvertInterval != seat.Config.AdvertInterval && seat.State == RouterState.Backup)
            {
                seat.Expected = seat.Router.Deadline;
            }
        }
    }
}

/// <summary>A master's adverts are never further apart than its interval, whatever else it has to do and whatever it hears.</summary>
internal sealed class Rhythm(World world) : Checker(world)
{
    public override string Name => "rhythm";

    public override void Carried(SimHost host, in Effect effect, ReadOnlySpan<byte> bytes, int errno)
    {
        if (effect.Kind == EffectKind.SendAdvert)
        {
            World.Tally.Adverts++;
            if (Packet.PriorityOf(bytes) != 0)
            {
                host.Seats[effect.Subject].LastAdvert = host.Local;
            }
        }
    }

    public override void TurnEnded(SimHost host)
    {
        foreach (Seat seat in host.Seats)
        {
            if (seat.State == RouterState.Master && host.Local - seat.LastAdvert >= seat.Config.AdvertInterval && host.Local >= seat.ListensUntil)
            {
                Complain(host, $"{seat.Name} is master and has been silent for {host.Local - seat.LastAdvert}");
            }
        }
    }
}
