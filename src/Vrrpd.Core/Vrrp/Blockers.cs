using System;

namespace Vrrpd.Core.Vrrp;

/// <summary>RFC 3768 section 6.4. Operators call Initialize with a blocker FAULT.</summary>
public enum RouterState : byte
{
    Initialize,
    Backup,
    Master,
}

/// <summary>
/// Why a virtual router may not leave Initialize. Operators call Initialize with a blocker FAULT; each bit is cleared by
/// whoever set it, so one recovery never hides another fault.
/// </summary>
[Flags]
public enum Blockers : byte
{
    None = 0,

    /// <summary>The first complete look at the host is not over: nothing is decided before it.</summary>
    HostUnknown = 1,

    /// <summary>A script of weight 0 has not reported yet. Not a fault: waited for in silence.</summary>
    ScriptUnknown = 2,

    /// <summary>The interface is absent, administratively down, or without carrier.</summary>
    LinkDown = 4,

    /// <summary>No source address: none configured and none on the interface.</summary>
    NoSource = 8,

    /// <summary>A script of weight 0 fails.</summary>
    ScriptDown = 16,

    /// <summary>The kernel refused a virtual address: a master without its address would be a black hole.</summary>
    AddressRefused = 32,

    /// <summary>The daemon is stopping.</summary>
    Stopped = 64,

    /// <summary>VRRP cannot be received on the interface: a master that hears nobody would split the pair.</summary>
    Deaf = 128,
}

/// <summary>Why the state changed: the second half of "what state are you in and why".</summary>
public enum TransitionReason : byte
{
    Started,
    Silence,
    Resigned,
    Preempted,
    Owner,
    HigherPriority,
    HigherAddress,
    LinkDown,
    LinkGone,
    NoSource,
    ScriptFailed,
    AddressLost,
    AddressRefused,
    Deaf,
    Recovered,
    Stopped,
}
