using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Vrrp;

namespace Vrrpd.Sim.Tests;

/// <summary>Keeps its addresses when its mastership ends.</summary>
internal sealed class KeepsAddresses : Saboteur
{
    public override void Bend(SimHost host, List<Effect> effects) => effects.RemoveAll(static effect => effect.Kind == EffectKind.RemoveAddress);
}

/// <summary>Announces an address and takes it then.</summary>
internal sealed class AnnouncesFirst : Saboteur
{
    public override void Bend(SimHost host, List<Effect> effects)
    {
        int add = effects.FindIndex(static effect => effect.Kind == EffectKind.AddAddress);
        int frame = effects.FindIndex(static effect => effect.Kind == EffectKind.SendFrame);
        if (add >= 0 && frame > add)
        {
            Effect announcement = effects[frame];
            effects.RemoveAt(frame);
            effects.Insert(add, announcement);
        }
    }
}

/// <summary>Takes its addresses and says then that it is master.</summary>
internal sealed class TakesFirst : Saboteur
{
    public override void Bend(SimHost host, List<Effect> effects)
    {
        int add = effects.FindIndex(static effect => effect.Kind == EffectKind.AddAddress);
        int advert = effects.FindIndex(static effect => effect.Kind == EffectKind.SendAdvert);
        if (advert >= 0 && add > advert)
        {
            Effect taking = effects[add];
            effects.RemoveAt(add);
            effects.Insert(advert, taking);
        }
    }
}

/// <summary>Goes without a word.</summary>
internal sealed class SaysNoFarewell : Saboteur
{
    private bool _isGoing;

    public override void Bend(SimHost host, List<Effect> effects)
    {
        _isGoing = host.Engine!.Routers[0].Blockers.HasFlag(Blockers.Stopped);
        if (_isGoing)
        {
            effects.RemoveAll(static effect => effect.Kind == EffectKind.SendAdvert);
        }
    }
}

/// <summary>Does not answer a rival with announcements.</summary>
internal sealed class DoesNotHeal : Saboteur
{
    public override void Bend(SimHost host, List<Effect> effects)
    {
        if (!effects.Exists(static effect => effect.Kind == EffectKind.AddAddress))
        {
            effects.RemoveAll(static effect => effect.Kind == EffectKind.SendFrame);
        }
    }
}

/// <summary>Overlooks the sync group in its configuration.</summary>
internal sealed class OverlooksGroup : Saboteur
{
    public override string Misread(string text) => text[..text.IndexOf("vrrp_sync_group", StringComparison.Ordinal)];
}

/// <summary>Skips every fifth advert: not enough to be given up.</summary>
internal sealed class SkipsAdverts : Saboteur
{
    private int _count;

    public override void Bend(SimHost host, List<Effect> effects)
    {
        int advert = effects.FindIndex(static effect => effect.Kind == EffectKind.SendAdvert);
        if (advert >= 0 && host.Seats[effects[advert].Subject].HasSpoken && ++_count % 5 == 0)
        {
            effects.RemoveAt(advert);
        }
    }
}

/// <summary>Skew_Time in whole seconds, which is none.</summary>
internal sealed class TruncatesSkew : Saboteur
{
    public override TimeSpan Hurries(SimHost host)
    {
        foreach (Seat seat in host.Seats)
        {
            if (seat.State == RouterState.Backup && seat.Router.Deadline == host.Engine!.NextDeadline)
            {
                return seat.Skew(seat.Priority);
            }
        }

        return TimeSpan.Zero;
    }
}

/// <summary>Wakes up 10 ms late as a backup.</summary>
internal sealed class WakesLate : Saboteur
{
    public override TimeSpan Oversleeps(SimHost host) =>
        Array.TrueForAll(host.Seats, static seat => seat.State == RouterState.Backup) ? TimeSpan.FromMilliseconds(10) : TimeSpan.Zero;
}

/// <summary>Its adverts do not leave the host.</summary>
internal sealed class IsMute : Saboteur
{
    public override bool Silences(SimHost host, Packet packet) => host.Now > new Instant(TimeSpan.TicksPerMinute);
}

/// <summary>As a master it takes its equals for higher ones, whatever their addresses.</summary>
internal sealed class YieldsToEquals : Saboteur
{
    public override Packet Replace(SimHost host, Packet packet)
    {
        Seat? seat = Array.Find(host.Seats, candidate => candidate.Config.Vrid == packet.Vrid);
        return packet.Sender is null || seat is null || seat.State != RouterState.Master || packet.Priority != seat.Priority ? packet
            : Forgery.WithPriority(packet, (byte)(packet.Priority + 1));
    }
}

/// <summary>Does not check what it hears.</summary>
internal sealed class BelievesAnything : Saboteur
{
    private Packet? _good;

    public override Packet Replace(SimHost host, Packet packet)
    {
        _good = packet.Sender is null ? _good : packet;
        return _good is not null && _good.Vrid == packet.Vrid && _good.Segment == packet.Segment ? _good : packet;
    }
}

/// <summary>Does something about a reload that changes nothing.</summary>
internal sealed class Babbles : Saboteur
{
    public override bool BabblesOnReload => true;
}

/// <summary>Never learns that an address stays.</summary>
internal sealed class SwallowsRefusals : Saboteur
{
    public override bool Swallows(in HostEvent failure) => failure.Effect == EffectKind.RemoveAddress;
}

/// <summary>Makes garbage on the hot path.</summary>
internal sealed class Litters : Saboteur
{
    private object? _garbage;

    public override void Litter() => _garbage = new byte[_garbage is null ? 1 : 2];
}

/// <summary>Does something else in each run: its own source of chance.</summary>
internal sealed class IsMoody : Saboteur
{
    private static int s_runs;
    private readonly int _run = s_runs++;

    public override void Bend(SimHost host, List<Effect> effects)
    {
        if (_run % 2 == 1)
        {
            effects.RemoveAll(static effect => effect.Kind == EffectKind.SendFrame);
        }
    }
}

internal static class Forgery
{
    /// <summary>The same advert with another priority, its checksum mended.</summary>
    public static Packet WithPriority(Packet packet, byte priority)
    {
        byte[] bytes = (byte[])packet.Bytes.Clone();
        Core.Wire.VrrpPacket.PatchPriority(bytes.AsSpan(packet.PayloadAt), priority);
        return Packet.Of(bytes, packet.Segment, packet.Sender);
    }
}
