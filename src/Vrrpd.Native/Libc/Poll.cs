using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>struct pollfd.</summary>
internal struct PollFd
{
    public int Fd;
    public short Events;
    public short Ready;
}

/// <summary>poll.h.</summary>
internal static unsafe partial class Libc
{
    public const short POLLIN = 1, POLLOUT = 4;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(PollFd* fds, ulong count, int milliseconds);

    /// <summary>Waits for one descriptor; 0 milliseconds only looks.</summary>
    public static bool Poll(int fd, short events, int milliseconds)
    {
        PollFd one = new() { Fd = fd, Events = events };
        return poll(&one, 1, milliseconds) > 0;
    }
}
