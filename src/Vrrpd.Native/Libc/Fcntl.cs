using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>struct flock of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct FileLock
{
    [FieldOffset(0)]
    public short Type;

    [FieldOffset(2)]
    public short Whence;

    [FieldOffset(8)]
    public long Start;

    [FieldOffset(16)]
    public long Length;

    /// <summary>Must be 0 for open file description locks.</summary>
    [FieldOffset(24)]
    public int Pid;
}

/// <summary>fcntl.h. open and fcntl are variadic in C; declared with their one argument the call is the same on both ABIs.</summary>
internal static unsafe partial class Libc
{
    public const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_APPEND = 0x400, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000;
    public const int F_SETFD = 2, F_GETFD = 1, FD_CLOEXEC = 1, F_OFD_SETLK = 37;
    public const short F_WRLCK = 1;

    /// <summary>CLOSE_RANGE_CLOEXEC of close_range(2): mark instead of close (Linux 5.11).</summary>
    public const int CLOSE_RANGE_CLOEXEC = 4;

    /// <summary>The one open flag here whose value depends on the machine.</summary>
    public static int O_NOFOLLOW => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fcntl(int fd, int command, nint argument);
}
