using System;
using System.Collections.Generic;
using Vrrpd.Core;

namespace Vrrpd.Sim;

/// <summary>
/// What makes a node wrong on purpose, so that it can be seen who notices: it stands between one host's engine and the world. The honest one does
/// nothing.
/// </summary>
internal class Saboteur
{
    /// <summary>The effects of a turn before they are carried out, to be bent.</summary>
    public virtual void Bend(SimHost host, List<Effect> effects)
    {
    }

    /// <summary>The configuration as the engine takes it, unlike what the operator wrote.</summary>
    public virtual string Misread(string text) => text;

    /// <summary>The packet never leaves the host, and nobody is told.</summary>
    public virtual bool Silences(SimHost host, Packet packet) => false;

    /// <summary>What the engine hears instead of the packet.</summary>
    public virtual Packet Replace(SimHost host, Packet packet) => packet;

    /// <summary>The engine is never told of the refusal.</summary>
    public virtual bool Swallows(in HostEvent failure) => false;

    /// <summary>So much before its deadline the engine is woken and made to believe that it has come.</summary>
    public virtual TimeSpan Hurries(SimHost host) => TimeSpan.Zero;

    /// <summary>So much after its deadline the engine is woken.</summary>
    public virtual TimeSpan Oversleeps(SimHost host) => TimeSpan.Zero;

    /// <summary>Effects of a reload besides its own.</summary>
    public virtual bool BabblesOnReload => false;

    /// <summary>Called around each call of the engine that must not allocate.</summary>
    public virtual void Litter()
    {
    }
}
