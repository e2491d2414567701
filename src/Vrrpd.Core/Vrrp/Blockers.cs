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
public enum Blockers : ushort
{
    None = 0,

    /// <summary>The first complete look at the host is not over: nothing is decided before it.</summary>
    HostUnknown = 1,

    /// <summary>A script of weight 0 has not reported yet. Not a fault: waited for in silence.</summary>
    ScriptUnknown = 2,

    /// <summary>The interface is absent, administratively down, or without carrier; with dont_track_primary, absent.</summary>
    LinkDown = 4,

    /// <summary>No source address: none configured and none on the interface, or track_src_ip and the configured one is not there.</summary>
    NoSource = 8,

    /// <summary>A script of weight 0 fails.</summary>
    ScriptDown = 16,

    /// <summary>The kernel refused a virtual address: a master without its address would be a black hole.</summary>
    AddressRefused = 32,

    /// <summary>The daemon is stopping.</summary>
    Stopped = 64,

    /// <summary>VRRP cannot be received on the interface: a master that hears nobody would split the pair.</summary>
    Deaf = 128,

    /// <summary>The virtual device (use_vmac, use_ipvlan) is not there yet, or not up.</summary>
    DeviceDown = 256,

    /// <summary>unicast_fault_no_peer, and there is no peer.</summary>
    NoPeer = 512,

    /// <summary>vrrp_startup_delay or vrrp_delay_after_boot is not over. Not a fault.</summary>
    Delayed = 1024,

    /// <summary>The sync group is in FAULT: a member of it is.</summary>
    GroupFault = 2048,

    /// <summary>A member of the sync group is waited for. Not a fault.</summary>
    GroupWait = 4096,

    /// <summary>The virtual device has been asked for at the start and is not up for the first time yet. Not a fault.</summary>
    DeviceUnknown = 8192,
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
    DeviceDown,
    NoPeer,

    /// <summary>The rest of the sync group went there; which of the three states it is, the line before it says.</summary>
    Group,

    /// <summary>This process was not run for longer than its own master-down interval, and somebody else is master meanwhile.</summary>
    StoodBack,
}
