using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>errno.h: the numbers that are the same on x64 and arm64 Linux.</summary>
internal static class Errno
{
    public const int EPERM = 1, ENOENT = 2, ESRCH = 3, EINTR = 4, EBADF = 9, ECHILD = 10, EAGAIN = 11, ENOMEM = 12, EACCES = 13, EEXIST = 17,
        ENODEV = 19, ENOTDIR = 20, EISDIR = 21, EINVAL = 22, EPIPE = 32, EADDRNOTAVAIL = 99, ENETDOWN = 100, ENETUNREACH = 101, ENOBUFS = 105,
        ECONNREFUSED = 111, ENXIO = 6, EROFS = 30, EPROTONOSUPPORT = 93, EOPNOTSUPP = 95, EAFNOSUPPORT = 97, ETIMEDOUT = 110;

    /// <summary>errno of the last call that was declared with SetLastError.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The libc's own words, for messages (allocates: not on the timing path).</summary>
    public static string Text(int errno) => Marshal.GetPInvokeErrorMessage(errno);
}
