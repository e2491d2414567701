using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>sigset_t: 1024 bits in both libcs, of which the kernel knows 64. Bit n-1 stands for signal n.</summary>
[InlineArray(16)]
internal struct SigSet
{
    private ulong _word;

    public static SigSet Empty => default;

    /// <summary>All 64, also the libc's own (32..34): sigfillset leaves those out, and a child would then inherit them ignored.</summary>
    public static SigSet Full
    {
        get
        {
            SigSet set = default;
            set[0] = ulong.MaxValue;
            return set;
        }
    }

    public void Add(int signal) => this[0] |= 1UL << (signal - 1);

    public readonly bool Has(int signal) => (this[0] & 1UL << (signal - 1)) != 0;
}

/// <summary>signal.h and sys/signalfd.h.</summary>
internal static unsafe partial class Libc
{
    public const int SIGHUP = 1, SIGINT = 2, SIGKILL = 9, SIGUSR1 = 10, SIGUSR2 = 12, SIGPIPE = 13, SIGTERM = 15, SIGCHLD = 17;

    /// <summary>keepalived's numbers: SIGRTMIN + 2 of glibc (JSON), SIGRTMAX - 1 (STATS_CLEAR), SIGRTMAX (thread dump).</summary>
    public const int SignalJson = 36, SignalStatsClear = 63, SignalThreadDump = 64;

    public const int SIG_BLOCK = 0, SIG_SETMASK = 2;
    public const nint SIG_DFL = 0;
    public const int SFD_CLOEXEC = 0x80000, SFD_NONBLOCK = 0x800;

    /// <summary>sizeof(struct signalfd_siginfo); ssi_signo is its first 32 bits.</summary>
    public const int SignalfdInfoSize = 128;

    /// <summary>Of the calling thread only.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int sigprocmask(int how, SigSet* set, SigSet* old);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int signalfd(int fd, SigSet* set, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint signal(int number, nint handler);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int signal);
}
