using System;

namespace Vrrpd.Sim;

/// <summary>What may go wrong. Each run has a random subset switched on: bugs hide where one fault drowns another.</summary>
[Flags]
internal enum Fault
{
    None = 0,
    Loss = 1 << 0,
    Delay = 1 << 1,
    Duplicate = 1 << 2,

    /// <summary>Packets that overtake each other.</summary>
    Straggle = 1 << 3,
    Partition = 1 << 4,

    /// <summary>One hears the other, who does not hear it.</summary>
    OneWay = 1 << 5,

    /// <summary>The process stands still, its sockets fill.</summary>
    Freeze = 1 << 6,

    /// <summary>The machine stands still; sometimes its clock with it.</summary>
    Suspend = 1 << 7,

    /// <summary>Clocks that go too fast or too slow, by up to 0.5 %.</summary>
    Drift = 1 << 8,
    LinkDown = 1 << 9,
    LinkGone = 1 << 10,

    /// <summary>Somebody takes a virtual address off a master.</summary>
    Theft = 1 << 11,

    /// <summary>Somebody takes a host's own address off, and puts it back.</summary>
    Source = 1 << 12,
    ScriptFails = 1 << 13,
    ScriptHangs = 1 << 14,
    RefuseAdd = 1 << 15,
    RefuseRemove = 1 << 16,
    RefuseJoin = 1 << 17,
    RefuseSend = 1 << 18,
    RefuseRun = 1 << 19,

    /// <summary>SIGHUP without a change.</summary>
    EqualReload = 1 << 20,
    Edit = 1 << 21,
    Crash = 1 << 22,
    Stop = 1 << 23,

    /// <summary>Packets that nobody may believe.</summary>
    Junk = 1 << 24,

    /// <summary>Somebody sets a clock on the wall: seconds, or days, in either direction.</summary>
    ClockStep = 1 << 25,
    All = (1 << 26) - 1,
}
