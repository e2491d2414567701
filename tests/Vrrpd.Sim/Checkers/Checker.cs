using System;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;

namespace Vrrpd.Sim;

/// <summary>
/// Somebody who watches the world for one promise, from outside: effects as they are carried out, packets as they were on the wire, tables of the
/// kernel, and the three states. What a watcher expects it works out by itself.
/// </summary>
internal abstract class Checker(World world)
{
    protected World World => world;

    public abstract string Name { get; }

    /// <summary>An effect is about to change the kernel, or was refused.</summary>
    public virtual void Carried(SimHost host, in Effect effect, ReadOnlySpan<byte> bytes, int errno)
    {
    }

    /// <summary>A router was handed a packet.</summary>
    public virtual void Heard(Seat seat, Packet packet, WireError error, in Heard before, in EffectSink sink)
    {
    }

    /// <param name="packet">It did so because of this packet; null: of anything else.</param>
    public virtual void Moved(Seat seat, RouterState from, Packet? packet)
    {
    }

    /// <summary>Its effective priority changed.</summary>
    public virtual void Ranked(Seat seat, byte from, byte to)
    {
    }

    /// <summary>The engine was told of a refusal; this is what it said to that.</summary>
    public virtual void Answered(SimHost host, in HostEvent failure, ReadOnlySpan<Effect> answer)
    {
    }

    public virtual void TurnEnded(SimHost host)
    {
    }

    /// <summary>An orderly stop was carried out.</summary>
    public virtual void Stopped(SimHost host)
    {
    }

    /// <summary>The first half of a reload was carried out.</summary>
    public virtual void Left(SimHost host, ConfigDiff diff)
    {
    }

    public virtual void Reloaded(SimHost host, ConfigDiff diff, int effects, ReloadView before, ReloadView after)
    {
    }

    /// <summary>Nothing has disturbed the group for longer than it needs to find together.</summary>
    public virtual void Settled(Group group)
    {
    }

    public virtual void Allocated(SimHost host, string call, long bytes)
    {
    }

    public static Checker[] All(World world) =>
    [
        new OneMaster(world), new RightMaster(world), new AddressIfMaster(world), new EffectOrder(world), new TakeoverTime(world),
        new Rhythm(world), new NoiseMovesNothing(world), new SilentReload(world), new RefusalsAnswered(world),
        new NoAllocation(world), new Together(world), new Healing(world),
    ];

    protected void Complain(SimHost? host, string text) => world.Complain(Name, host, text);
}
