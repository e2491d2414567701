using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>struct timespec of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;
}

/// <summary>struct itimerspec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimerSpec
{
    public TimeSpec Interval;
    public TimeSpec Value;
}

/// <summary>time.h and sys/timerfd.h.</summary>
internal static unsafe partial class Libc
{
    public const int CLOCK_REALTIME = 0, CLOCK_BOOTTIME = 7;
    public const int TFD_CLOEXEC = 0x80000, TFD_NONBLOCK = 0x800;
    public const int TFD_TIMER_ABSTIME = 1;

    /// <summary>Answered by the vDSO without entering the kernel, so it may hold off the collector. Never fails for a clock that exists.</summary>
    [LibraryImport("libc"), SuppressGCTransition]
    public static partial int clock_gettime(int clock, TimeSpec* time);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int timerfd_create(int clock, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int timerfd_settime(int fd, int flags, TimerSpec* value, TimerSpec* old);
}
