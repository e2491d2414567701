using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;

namespace Vrrpd.Sim;

/// <summary>
/// A master tells the neighbours where each of its addresses is: when it becomes master, and again when it has heard of a rival or has come back from
/// a freeze, for whatever they may have learnt from another.
/// </summary>
internal sealed class Healing(World world) : Checker(world)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Seat, (Instant From, Instant Until)> _due = [];
    private readonly Dictionary<(Seat Seat, Ip Address), Instant> _announced = [];

    public override string Name => "neighbours healed";

    public override void Carried(SimHost host, in Effect effect, ReadOnlySpan<byte> bytes, int errno)
    {
        if (effect.Kind == EffectKind.SendFrame)
        {
            _announced[(host.Seats[effect.Subject], effect.Address)] = host.Local;
        }
    }

    public override void Moved(Seat seat, RouterState from, Packet? packet)
    {
        if (seat.State == RouterState.Master)
        {
            Owe(seat);
        }
        else
        {
            _due.Remove(seat);
        }
    }

    public override void Heard(Seat seat, Packet packet, WireError error, in Heard before, in EffectSink sink)
    {
        bool isRival = error == WireError.None && packet.Sender is not null && before.State == RouterState.Master && seat.Router.State == RouterState.Master;
        if (isRival && packet.Priority > 0 && packet.Priority < seat.Priority && seat.Config.Announce.LowerPriorityRepeat > 0)
        {
            Owe(seat);
        }
    }

    public override void TurnEnded(SimHost host)
    {
        foreach (Seat seat in host.Seats)
        {
            if (host.Local < seat.ListensUntil)
            {
                // It listens before it speaks, and announces when that is over.
                _due[seat] = (seat.ListensUntil, seat.ListensUntil + Soon);
            }

            if (_due.TryGetValue(seat, out (Instant From, Instant Until) due) && host.Local >= due.Until)
            {
                _due.Remove(seat);
                Look(seat, due.From);
            }
        }
    }

    /// <summary>What was owed and not looked at is looked at then, too: here only how often the client is wrong all the same.</summary>
    public override void Settled(Group group)
    {
        foreach (Seat seat in group.Seats)
        {
            if (seat.Host.IsRunning && seat.State == RouterState.Master && seat.Host.Device(seat.Config.Addresses[0].Interface) is { } device)
            {
                int believed = World.Lan.Neighbour(device.Segment, seat.Config.Addresses[0].Address);
                World.Tally.Neighbours++;
                World.Tally.WrongNeighbours += believed == seat.Host.Index ? 0 : 1;
            }
        }
    }

    private void Owe(Seat seat)
    {
        if (!_due.ContainsKey(seat))
        {
            _due[seat] = (seat.Host.Local, seat.Host.Local + Soon);
        }
    }

    private void Look(Seat seat, Instant from)
    {
        foreach (VirtualAddress vip in seat.Config.Addresses)
        {
            bool isSaid = _announced.TryGetValue((seat, vip.Address), out Instant at) && at >= from;
            if (!isSaid && seat.Host.Device(vip.Interface) is { IsUp: true } device && seat.Host.IsToldUp(device) && seat.ConfiguredAt < World.Now - Soon)
            {
                Complain(seat.Host, $"{seat.Name} does not announce {vip.Address} on {device.Name}, which it owes since {seat.Host.Local - from}");
            }
        }
    }
}
