using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>unistd.h. Raw declarations, no logic; -1 means <see cref="Errno.Last"/>.</summary>
internal static unsafe partial class Libc
{
    /// <summary>System calls that are the same number on x64 and arm64 (asm-generic/unistd.h from 424 on).</summary>
    public const int SYS_pidfd_open = 434, SYS_close_range = 436;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int fd, void* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int fd, void* buffer, nuint length);

    /// <summary>1 for a terminal.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int isatty(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getpid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial uint getegid();

    /// <summary>For calls that one of the two libcs has no wrapper for. Unused arguments are ignored by the kernel.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int pipe2(int* fds, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int dup2(int from, int to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlink(string path);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ftruncate(int fd, long length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint readlink(string path, byte* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chdir(string path);

    [LibraryImport("libc", SetLastError = true)]
    public static partial byte* getcwd(byte* buffer, nuint length);

    /// <summary>sys/mman.h.</summary>
    [LibraryImport("libc")]
    public static partial int madvise(void* address, nuint length, int advice);

    /// <summary>stdlib.h. Points into the environment; null if there is none.</summary>
    [LibraryImport("libc")]
    public static partial byte* getenv(byte* name);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int execve(byte* path, byte** argv, byte** envp);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setresgid(uint real, uint effective, uint saved);

    /// <summary>grp.h, but it belongs with the two above.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int setgroups(nuint count, uint* groups);

    /// <summary>sys/prctl.h: PR_SET_NAME names the calling thread (on main: what ps and killall see), cut to 15 characters.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int option, byte* argument);

    public const int PR_SET_NAME = 15;
}
