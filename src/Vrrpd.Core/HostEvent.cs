using System;

namespace Vrrpd.Core;

/// <summary>What the host may tell the engine besides datagrams and time.</summary>
public enum HostEventKind : byte
{
    /// <summary>An interface of the configuration is present, with these flags and this MAC; again whenever one of them changes.</summary>
    LinkChanged,

    /// <summary>An interface was deleted (or was not there when the host first looked).</summary>
    LinkGone,

    /// <summary>An address is on an interface (again is harmless).</summary>
    AddressAdded,

    /// <summary>An address is no longer on an interface.</summary>
    AddressRemoved,

    /// <summary>The first complete look at links and addresses is over: what was not told is not there.</summary>
    HostKnown,

    /// <summary>A script ended; <see cref="HostEvent.Value"/> is the wait status (exit code, or 256 + signal number).</summary>
    ScriptExited,

    /// <summary>An effect was refused; <see cref="HostEvent.Value"/> is the errno.</summary>
    EffectFailed,

    /// <summary>The loop came late by <see cref="HostEvent.Value"/> milliseconds.</summary>
    Stalled,
}

/// <summary>State of a link as the kernel tells it (IFF_UP, IFF_RUNNING, IFF_NOARP).</summary>
[Flags]
public enum LinkFlags : byte
{
    None = 0,
    Up = 1,
    Running = 2,
    NoArp = 4,
}

/// <summary>One thing that happened on the host. Interfaces are named by their slot in the configuration, never by ifindex.</summary>
public readonly record struct HostEvent(HostEventKind Kind, short Subject)
{
    /// <summary>Link flags, for <see cref="HostEventKind.LinkChanged"/>.</summary>
    public LinkFlags Flags { get; init; }

    /// <summary>Hardware address, for <see cref="HostEventKind.LinkChanged"/>.</summary>
    public MacAddress Mac { get; init; }

    /// <summary>The address of AddressAdded/AddressRemoved, or of the address effect that failed.</summary>
    public Ip Address { get; init; }

    public byte PrefixLength { get; init; }

    /// <summary>Of an IPv6 address that was added: duplicate address detection is not over, nothing can be sent from it yet (RFC 4862).</summary>
    public bool IsTentative { get; init; }

    /// <summary>Wait status, errno or milliseconds, by kind.</summary>
    public int Value { get; init; }

    /// <summary>Which effect failed, for <see cref="HostEventKind.EffectFailed"/>; Subject is then the effect's Subject.</summary>
    public EffectKind Effect { get; init; }

    public const int KilledBySignal = 256;

    public static HostEvent Link(short slot, LinkFlags flags, MacAddress mac) => new(HostEventKind.LinkChanged, slot) { Flags = flags, Mac = mac };
    public static HostEvent LinkGone(short slot) => new(HostEventKind.LinkGone, slot);
    public static HostEvent AddressAdded(short slot, Ip address, byte prefix, bool isTentative = false) =>
        new(HostEventKind.AddressAdded, slot) { Address = address, PrefixLength = prefix, IsTentative = isTentative };
    public static HostEvent AddressRemoved(short slot, Ip address, byte prefix) =>
        new(HostEventKind.AddressRemoved, slot) { Address = address, PrefixLength = prefix };
    public static HostEvent HostKnown() => new(HostEventKind.HostKnown, -1);
    public static HostEvent ScriptExited(short script, int status) => new(HostEventKind.ScriptExited, script) { Value = status };
    public static HostEvent Failed(in Effect effect, int errno) =>
        new(HostEventKind.EffectFailed, effect.Subject) { Effect = effect.Kind, Value = errno, Address = effect.Address };
    public static HostEvent Stalled(int milliseconds) => new(HostEventKind.Stalled, -1) { Value = milliseconds };
}
