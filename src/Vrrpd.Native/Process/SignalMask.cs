using System;
using System.Runtime.CompilerServices;

namespace Vrrpd.Native.Process;

/// <summary>
/// Blocks the daemon's signals on every thread, so that signalfd is the only place where they arrive. The runtime's finalizer
/// thread exists before Main and does not inherit Main's mask: a SIGTERM that the kernel gives to it kills the daemon. The mask of
/// a thread can only be set by that thread, so a finalizer does it. Threads that come later inherit from their creator.
/// </summary>
internal static unsafe class SignalMask
{
    /// <summary>What the daemon takes through signalfd. Never SEGV and FPE (the runtime's traps) nor 32..35 (libc's and the GC's).</summary>
    public static SigSet Daemon()
    {
        SigSet set = SigSet.Empty;
        set.Add(Libc.SIGHUP);
        set.Add(Libc.SIGINT);
        set.Add(Libc.SIGTERM);
        set.Add(Libc.SIGUSR1);
        set.Add(Libc.SIGUSR2);
        set.Add(Libc.SignalJson);
        set.Add(Libc.SignalStatsClear);
        set.Add(Libc.SignalThreadDump);

        // Children come by pidfd; CHLD is read only as process 1, which inherits the orphans of the whole machine.
        set.Add(Libc.SIGCHLD);
        return set;
    }

    /// <summary>To be called first in Main, before any other thread can exist.</summary>
    public static void BlockEverywhere()
    {
        BlockHere();
        MakeGarbage();
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static void BlockHere()
    {
        SigSet set = Daemon();
        Libc.sigprocmask(Libc.SIG_BLOCK, &set, null);
    }

    // A frame of its own: a reference left in a register of the caller would keep the object alive over the collection.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeGarbage() => _ = new OnFinalizerThread();

    private sealed class OnFinalizerThread
    {
        ~OnFinalizerThread() => BlockHere();
    }
}
