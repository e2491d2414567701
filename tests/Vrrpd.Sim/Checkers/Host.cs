using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;

namespace Vrrpd.Sim;

/// <summary>A virtual address is on a host if and only if its router is master there.</summary>
internal sealed class AddressIfMaster(World world) : Checker(world)
{
    public override string Name => "address if master";

    public override void TurnEnded(SimHost host)
    {
        if (host.HasUnreadNews)
        {
            return;
        }

        Look(host);
    }

    public override void Stopped(SimHost host) => Look(host);

    private void Look(SimHost host)
    {
        foreach (Seat seat in host.Seats)
        {
            foreach (VirtualAddress vip in seat.Config.Addresses)
            {
                if (host.Device(vip.Interface) is not NetDevice device)
                {
                    continue;
                }

                bool isThere = device.Has(vip.Address);
                if (seat.State == RouterState.Master)
                {
                    if (!isThere && !host.IsUnanswered(seat, vip.Address))
                    {
                        Complain(host, $"{seat.Name} is master without {vip.Address} on {device.Name}");
                    }
                }
                else if (isThere && !seat.Config.IsOwner && !host.IsStuck(device, vip.Address))
                {
                    Complain(host, $"{seat.Name} is {seat.State} with {vip.Address} on {device.Name}");
                }
            }
        }
    }
}

/// <summary>
/// The order of effects: advert, address, ARP; nothing is announced that is not there; whoever gives up mastership of its own accord says farewell, once,
/// before its addresses go.
/// </summary>
internal sealed class EffectOrder(World world) : Checker(world)
{
    public override string Name => "order of effects";

    public override void Carried(SimHost host, in Effect effect, ReadOnlySpan<byte> bytes, int errno)
    {
        switch (effect.Kind)
        {
            case EffectKind.SendAdvert:
                Advert(host.Seats[effect.Subject], Packet.PriorityOf(bytes));
                break;
            case EffectKind.AddAddress when !host.Seats[effect.Subject].HasSpoken:
                Complain(host, $"{host.Seats[effect.Subject].Name} took {effect.Address} before it said that it is master");
                break;
            case EffectKind.RemoveAddress:
                Seat seat = host.Seats[effect.Subject];
                if (seat.FarewellsDue > seat.Farewells && seat.State != RouterState.Master)
                {
                    Complain(host, $"{seat.Name} took {effect.Address} off before it said farewell");
                }

                break;
            case EffectKind.SendFrame when errno == 0 && host.Device(effect.Slot) is { IsPresent: true } device && !device.Has(effect.Address):
                Complain(host, $"{host.Seats[effect.Subject].Name} announces {effect.Address} while it is not on {device.Name}");
                break;
            default:
                break;
        }
    }

    public override void Moved(Seat seat, RouterState from, Packet? packet)
    {
        if (from != RouterState.Master)
        {
            return;
        }

        bool isDue = packet is null && seat.Host.IsToldUp(seat.Config);
        seat.FarewellsDue = seat.Moves > 1 ? null : isDue ? 1 : 0;
    }

    public override void TurnEnded(SimHost host)
    {
        foreach (Seat seat in host.Seats)
        {
            Count(seat);
            seat.HasSpoken &= seat.State == RouterState.Master;
        }
    }

    public override void Stopped(SimHost host)
    {
        foreach (Seat seat in host.Seats)
        {
            Count(seat);
        }
    }

    public override void Left(SimHost host, ConfigDiff diff)
    {
        foreach (Seat seat in host.Seats)
        {
            if (diff.RoutersNow[seat.Index] == ConfigDiff.None)
            {
                Count(seat);
            }
        }
    }

    private void Advert(Seat seat, byte priority)
    {
        if (priority == 0)
        {
            seat.Farewells++;
            seat.HasSpoken = false;
        }
        else
        {
            seat.HasSpoken = true;
            if (!seat.WasMaster)
            {
                Complain(seat.Host, $"{seat.Name} speaks as master, which it is not");
            }
        }
    }

    private void Count(Seat seat)
    {
        int copies = Math.Max(1, seat.Config.Peers.Length);
        if (seat.FarewellsDue is int due && seat.Farewells != due * copies)
        {
            Complain(seat.Host, $"{seat.Name} said farewell {seat.Farewells} times, not {due * copies}");
        }
    }
}

/// <summary>The members of a sync group are in one state.</summary>
internal sealed class Together(World world) : Checker(world)
{
    public override string Name => "members together";

    public override void TurnEnded(SimHost host)
    {
        foreach (Seat seat in host.Seats)
        {
            foreach (Seat member in seat.Together)
            {
                if (member.State != seat.State)
                {
                    Complain(host, $"{seat.Name} is {seat.State}, but {member.Name} {member.State}");
                }
            }
        }
    }
}

/// <summary>A reload between equal configurations does nothing at all.</summary>
internal sealed class SilentReload(World world) : Checker(world)
{
    public override string Name => "silent reload";

    public override void Reloaded(SimHost host, ConfigDiff diff, int effects, ReloadView before, ReloadView after)
    {
        World.Tally.Reloads++;
        if (!diff.IsEmpty)
        {
            return;
        }

        World.Tally.EqualReloads++;
        if (effects > 0)
        {
            Complain(host, $"{effects} effects of a reload that changes nothing");
        }

        bool isSame = before.NextDeadline == after.NextDeadline;
        for (int i = 0; i < before.Routers.Count; i++)
        {
            isSame &= before.Routers[i] == after.Routers[i];
        }

        if (!isSame)
        {
            Complain(host, "a reload that changes nothing moved a router or a deadline");
        }
    }
}

/// <summary>Whatever the kernel refuses is told to the engine in the same turn, and the engine acts on it or says so.</summary>
internal sealed class RefusalsAnswered(World world) : Checker(world)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private readonly List<(SimHost Host, int Incarnation, Effect Effect)> _open = [];
    private readonly Dictionary<Seat, Instant> _saidAt = [];

    public override string Name => "refusals answered";

    public override void Carried(SimHost host, in Effect effect, ReadOnlySpan<byte> bytes, int errno)
    {
        if (errno != 0)
        {
            World.Tally.Refusals++;
            _open.Add((host, host.Incarnation, effect));
        }
    }

    public override void Answered(SimHost host, in HostEvent failure, ReadOnlySpan<Effect> answer)
    {
        (EffectKind kind, short subject) = (failure.Effect, failure.Subject);
        int index = _open.FindIndex(open => open.Host == host && open.Effect.Kind == kind && open.Effect.Subject == subject);
        if (index >= 0)
        {
            _open.RemoveAt(index);
        }

        switch (kind)
        {
            case EffectKind.AddAddress when host.Seats[subject].Router.State == RouterState.Master:
                Complain(host, $"{host.Seats[subject].Name} stays master although {failure.Address} was refused");
                break;
            case EffectKind.JoinGroup:
                foreach (Seat seat in host.Seats)
                {
                    if (seat.Config.Channel == subject && seat.Router.State != RouterState.Initialize)
                    {
                        Complain(host, $"{seat.Name} goes on although it cannot hear");
                    }
                }

                break;
            case EffectKind.SendAdvert or EffectKind.SendFrame:
                Seat sender = host.Seats[subject];
                if (Says(answer, LogEvent.SendFailed))
                {
                    _saidAt[sender] = host.EngineNow;
                }
                else if (!_saidAt.TryGetValue(sender, out Instant at) || host.EngineNow - at > Quiet)
                {
                    Complain(host, $"{sender.Name} does not say that it cannot send");
                }

                break;
            case EffectKind.RemoveAddress when !Says(answer, LogEvent.AddressStuck):
                Complain(host, $"{host.Seats[subject].Name} does not say that {failure.Address} is stuck");
                break;
            default:
                break;
        }
    }

    public override void TurnEnded(SimHost host)
    {
        foreach ((SimHost at, int incarnation, Effect effect) in _open)
        {
            if (at == host && incarnation == host.Incarnation)
            {
                Complain(host, $"nobody was told that {effect.Kind} {effect.Address} was refused");
            }
        }

        _open.RemoveAll(open => open.Host == host);
    }

    public override void Stopped(SimHost host) => _open.RemoveAll(open => open.Host == host);

    public override void Left(SimHost host, ConfigDiff diff) => _open.RemoveAll(open => open.Host == host);

    private static bool Says(ReadOnlySpan<Effect> answer, LogEvent what)
    {
        foreach (ref readonly Effect effect in answer)
        {
            if (effect.Kind == EffectKind.Log && effect.Event == what)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Adverts and timers cost no memory.</summary>
internal sealed class NoAllocation(World world) : Checker(world)
{
    public override string Name => "no allocation";

    public override void Allocated(SimHost host, string call, long bytes)
    {
        if (bytes != 0)
        {
            Complain(host, $"{bytes} bytes allocated by a {call} call");
        }
    }
}
