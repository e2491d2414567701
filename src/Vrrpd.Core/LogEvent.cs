namespace Vrrpd.Core;

/// <summary>Every message that the core can say. <see cref="LogText"/> has the words, the level, and whether -D is needed for it.</summary>
public enum LogEvent : byte
{
    // A virtual router; Subject is its number.
    EnteringBackup,
    EnteringMaster,
    EnteringFault,

    /// <summary>Why and after how long: A is a TransitionReason, B milliseconds, C by reason.</summary>
    Reason,
    FaultLinkDown,
    FaultNoAddress,
    FaultScript,
    FaultNoPeer,
    AdvertTimeout,
    SettingVips,
    RemovingVips,
    SentZero,
    BackupHeardZero,
    BackupHeardLower,
    MasterHeardZero,
    MasterHeardHigher,
    MasterHeardSame,
    MasterHeardLower,
    MasterSet,
    MasterChanged,
    HeardOurself,
    PriorityChanged,
    QueueingArp,
    SendingArp,
    QueueingNeighborAdvert,
    SendingNeighborAdvert,
    AddressTaken,
    AddressRefused,
    AddressStuck,

    /// <summary>A reload took an address off: A is its prefix length.</summary>
    AddressRetired,
    AddressListDiffers,

    /// <summary>Version 3: A is the interval of the sender in milliseconds, B ours.</summary>
    IntervalDiffers,

    /// <summary>The device could not be made: A is the errno.</summary>
    DeviceRefused,

    /// <summary>The firewall would not: A is the errno, B 1 for dropping traffic.</summary>
    FirewallRefused,

    /// <summary>Another address owner: A 1 if its address is higher than ours.</summary>
    TwoOwners,
    RogueStays,
    RogueGone,

    /// <summary>A master that was not run: A milliseconds silent, B milliseconds to listen.</summary>
    StandingBack,
    StandBackOver,

    /// <summary>A master that was not run heard another: A is the other's priority, B milliseconds silent.</summary>
    YieldingAfterFreeze,

    /// <summary>A backup that was not run when its timer ran out: A milliseconds late, B milliseconds to listen.</summary>
    ListeningAgain,

    // A sync group; Subject is its number.

    /// <summary>A is the RouterState that all its members go to.</summary>
    GroupSyncing,

    /// <summary>A refused packet: A is the WireError, with the number of swallowed lines above its low 8 bits; B expected, C got.</summary>
    Rejected,

    /// <summary>An advert for nobody here: A is its VRID, B swallowed lines.</summary>
    UnknownVrid,

    /// <summary>How a sender of version 3 over IPv4 sums its adverts: A is the ChecksumForm, B our ChecksumChoice, C swallowed lines.</summary>
    ChecksumUsual,
    ChecksumUnusual,

    /// <summary>An advert or ARP could not be sent: A is the errno.</summary>
    SendFailed,

    // An interface; Slot is its slot.
    LinkUp,
    LinkDown,
    LinkGone,
    AddressAssigned,
    AddressDeassigned,

    /// <summary>The interface cannot be listened on: A is the errno.</summary>
    JoinFailed,

    // A script; Subject is its number.
    ScriptSucceeded,
    ScriptFailed,
    ScriptFailedBySignal,
    ScriptTimedOut,
    ScriptOverdue,
    ScriptReturning,
    ScriptNotStarted,
    ScriptNotKilled,
    ScriptStillRunning,

    /// <summary>A reload kept the verdict of a script.</summary>
    ScriptConsideredGood,
    ScriptConsideredBad,

    // The daemon.
    Stalled,
}
