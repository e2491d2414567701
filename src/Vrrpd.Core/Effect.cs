using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core;

/// <summary>Everything that the core may ask of its host.</summary>
public enum EffectKind : byte
{
    /// <summary>
    /// Send the IP packet in the arena (IPv4 or IPv6, header included) out of the interface <see cref="Effect.Slot"/> to
    /// <see cref="Effect.Address"/>, the group or a peer. Subject: router.
    /// </summary>
    SendAdvert,

    /// <summary>Send the Ethernet frame in the arena out of the interface <see cref="Effect.Slot"/>. Subject: router.</summary>
    SendFrame,

    /// <summary>
    /// Start to receive on a channel: socket bound to its interface, member of its groups. Again after the interface was recreated.
    /// Subject: channel.
    /// </summary>
    JoinGroup,

    /// <summary>Stop to receive on a channel. Subject: channel.</summary>
    LeaveGroup,

    /// <summary>
    /// Make the macvlan or ipvlan of the router, or take one that is as it should be, and bring it up; its coming is told as any other
    /// interface's. Subject: router.
    /// </summary>
    CreateLink,

    /// <summary>Delete the device of the router; one that is gone is no failure. Subject: router.</summary>
    RemoveLink,

    /// <summary>From now on traffic to the router's addresses is dropped (no_accept), but for ARP and neighbour discovery. Subject: router.</summary>
    DropTraffic,

    /// <summary>The end of that. Subject: router.</summary>
    AcceptTraffic,

    /// <summary>Put <see cref="Effect.Vip"/> on the interface <see cref="Effect.Slot"/>. Subject: router.</summary>
    AddAddress,

    /// <summary>Take <see cref="Effect.Vip"/> off. An address that is already gone is no failure. Subject: router.</summary>
    RemoveAddress,

    /// <summary>Start the script of that number (its own process group). Subject: script.</summary>
    RunScript,

    /// <summary>Send signal <see cref="Effect.A"/> to the whole process group of the running script. Subject: script.</summary>
    KillScript,

    /// <summary>Say <see cref="Effect.Event"/>; <see cref="LogText"/> makes the words. Subject: by event.</summary>
    Log,
}

/// <summary>One thing the core wants done. Frames lie in the sink's arena; addresses are the immutable records of the configuration.</summary>
public readonly record struct Effect(EffectKind Kind, short Subject)
{
    public LogEvent Event { get; init; }
    public short Slot { get; init; }
    public int Offset { get; init; }
    public int Length { get; init; }
    public VirtualAddress? Vip { get; init; }

    /// <summary>An address for the log, or the address of Vip.</summary>
    public Ip Address { get; init; }

    /// <summary>Numbers whose meaning the kind or the log event gives.</summary>
    public long A { get; init; }
    public long B { get; init; }
    public long C { get; init; }
}

/// <summary>
/// The ordered list of effects of one turn, over memory of the caller. The order in the list is the order on the machine:
/// an ARP after an address in the list leaves after the kernel has the address.
/// </summary>
public ref struct EffectSink(Span<Effect> effects, Span<byte> arena)
{
    private readonly Span<Effect> _effects = effects;
    private readonly Span<byte> _arena = arena;
    private int _count;
    private int _used;

    public readonly ReadOnlySpan<Effect> Effects => _effects[.._count];

    /// <summary>Arena bytes not yet used: frames are written here first and then committed by <see cref="Send"/>.</summary>
    public readonly Span<byte> Free => _arena[_used..];

    public readonly ReadOnlySpan<byte> Bytes(in Effect effect) => _arena.Slice(effect.Offset, effect.Length);

    /// <summary>Effects for which there is still room in this turn.</summary>
    public readonly int Room => _effects.Length - _count;

    public void Add(in Effect effect)
    {
        // Capacity comes from the configuration (Limits.EffectsPerTurn): running out of it is our bug.
        Invariant.Check(_count < _effects.Length);
        _effects[_count++] = effect;
    }

    /// <summary>Commits <paramref name="length"/> bytes that were written to <see cref="Free"/> as a frame to send.</summary>
    public void Send(EffectKind kind, short router, short slot, int length, Ip address = default)
    {
        Add(new Effect(kind, router) { Slot = slot, Offset = _used, Length = length, Address = address });
        _used += length;
    }

    public void Log(LogEvent what, short subject, long a = 0, long b = 0, long c = 0, Ip address = default, short slot = -1) =>
        Add(new Effect(EffectKind.Log, subject) { Event = what, A = a, B = b, C = c, Address = address, Slot = slot });

    public void Clear() => _count = _used = 0;
}
