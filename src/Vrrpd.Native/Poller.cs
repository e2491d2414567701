using System;
using System.Runtime.InteropServices;
using Vrrpd.Core;

namespace Vrrpd.Native;

/// <summary>Who a ready descriptor belongs to.</summary>
internal enum PollKind : byte
{
    Timer,
    Signal,
    Vrrp,
    NetlinkMonitor,
    NetlinkRequest,
    Child,
}

/// <summary>
/// The epoll set and its one timer: descriptors carry a kind and an index, so that the loop needs no look-up. The deadline is a timerfd on
/// the clock that <see cref="HostClock"/> reads, because the timeout of epoll_wait is in milliseconds and that of epoll_pwait2 has 50 us of
/// slack.
/// </summary>
internal sealed unsafe class Poller : IDisposable
{
    /// <summary>Ready descriptors told by one wait. What does not fit comes first in the next one: the kernel rotates its list.</summary>
    private const int Capacity = 256;

    private const long TicksPerSecond = 10_000_000;
    private const long NanosecondsPerTick = 100;
    private const int KindShift = 32;

    private readonly int _epoll;
    private readonly int _timer;
    private readonly byte* _events;
    private readonly bool _packed = RuntimeInformation.ProcessArchitecture is Architecture.X64;
    private Instant _armed = Instant.Never;
    private bool _disposed;

    public Poller()
    {
        // A wrong layout would hand one socket's events to another: sizes are asserted, and then one event is read back for real.
        Invariant.Check(sizeof(EpollEventPacked) == 12 && sizeof(EpollEventAligned) == 16);
        _events = (byte*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(EpollEventAligned));
        _epoll = Libc.epoll_create1(Libc.EPOLL_CLOEXEC);
        _timer = Libc.timerfd_create(Libc.CLOCK_BOOTTIME, Libc.TFD_CLOEXEC | Libc.TFD_NONBLOCK);
        Invariant.Check(_epoll >= 0 && _timer >= 0);

        const int Cookie = 0x5a17_c0de;
        Invariant.Check(Add(_timer, PollKind.Timer, Cookie) == 0);
        int ready = Wait(Instant.Zero);
        Invariant.Check(ready == 1 && Kind(0) == PollKind.Timer && Index(0) == Cookie);
        Arm(Instant.Never);
    }

    /// <summary>Watches for readability (level-triggered). 0, or the errno why not.</summary>
    public int Add(int fd, PollKind kind, int index) => Control(Libc.EPOLL_CTL_ADD, fd, kind, index);

    /// <summary>A watched descriptor goes by another index from now on; what is ready stays so.</summary>
    public void Renumber(int fd, PollKind kind, int index)
    {
        int error = Control(Libc.EPOLL_CTL_MOD, fd, kind, index);
        Invariant.Check(error == 0);
    }

    /// <summary>Forgets a descriptor; one that is not watched (or closed already) is no error.</summary>
    public void Remove(int fd)
    {
        // Kernels before 2.6.9 wanted a pointer here; it costs nothing to give one.
        EpollEventAligned ignored = default;
        _ = Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_DEL, fd, &ignored);
    }

    /// <summary>
    /// Waits until something is ready or the deadline has come; says how many are ready, the timer among them. A signal handler that
    /// interrupts makes it 0. A deadline that has passed returns at once, with what is ready in the order in which it became so.
    /// </summary>
    public int Wait(Instant deadline)
    {
        if (deadline != _armed)
        {
            Arm(deadline);
        }

        int ready = Libc.epoll_wait(_epoll, _events, Capacity, -1);
        if (ready >= 0)
        {
            return ready;
        }

        // Anything else is a wrong descriptor or pointer: ours.
        Invariant.Check(Errno.Last == Errno.EINTR);
        return 0;
    }

    public PollKind Kind(int ready) => (PollKind)(byte)(Data(ready) >> KindShift);

    public int Index(int ready) => (int)(uint)Data(ready);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _ = Libc.close(_timer);
        _ = Libc.close(_epoll);
        NativeMemory.Free(_events);
    }

    private int Control(int operation, int fd, PollKind kind, int index)
    {
        ulong data = (ulong)kind << KindShift | (uint)index;
        EpollEventPacked packed = new() { Events = Libc.EPOLLIN, Data = data };
        EpollEventAligned aligned = new() { Events = Libc.EPOLLIN, Data = data };
        void* wanted = _packed ? &packed : &aligned;
        return Libc.epoll_ctl(_epoll, operation, fd, wanted) == 0 ? 0 : Errno.Last;
    }

    private ulong Data(int ready) => _packed ? ((EpollEventPacked*)_events)[ready].Data : ((EpollEventAligned*)_events)[ready].Data;

    /// <summary>
    /// Setting a timerfd also takes back an expiry that was not read, so it is never read: it stays ready exactly as long as the deadline
    /// that the engine states lies in the past.
    /// </summary>
    private void Arm(Instant deadline)
    {
        TimerSpec spec = default;
        if (deadline != Instant.Never)
        {
            // All zero would disarm; the origin of the clock is long past anyway.
            long ticks = Math.Max(deadline.Ticks, 1);
            spec.Value.Seconds = ticks / TicksPerSecond;
            spec.Value.Nanoseconds = ticks % TicksPerSecond * NanosecondsPerTick;
        }

        int result = Libc.timerfd_settime(_timer, Libc.TFD_TIMER_ABSTIME, &spec, null);
        Invariant.Check(result == 0);
        _armed = deadline;
    }
}
