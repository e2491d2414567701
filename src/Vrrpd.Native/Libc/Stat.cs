using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>struct statx: unlike struct stat the same on every machine and in every libc.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    [FieldOffset(20)]
    public uint Uid;

    [FieldOffset(24)]
    public uint Gid;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public ulong Size;

    [FieldOffset(136)]
    public uint DeviceMajor;

    [FieldOffset(140)]
    public uint DeviceMinor;
}

/// <summary>sys/stat.h.</summary>
internal static unsafe partial class Libc
{
    public const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_EMPTY_PATH = 0x1000;
    public const int STATX_BASIC_STATS = 0x7ff;
    public const ushort S_IFMT = 0xf000, S_IFDIR = 0x4000, S_IFREG = 0x8000, S_IFLNK = 0xa000;

    private static int SYS_statx => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 291 : 332;

    public static int Stat(string path, bool follow, out FileStatus status)
    {
        byte[] name = NativeText.Terminated(path);
        fixed (byte* p = name)
        fixed (FileStatus* s = &status)
        {
            return (int)syscall(SYS_statx, AT_FDCWD, (nint)p, follow ? 0 : AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, (nint)s);
        }
    }

    public static int Stat(int fd, out FileStatus status)
    {
        byte empty = 0;
        fixed (FileStatus* s = &status)
        {
            return (int)syscall(SYS_statx, fd, (nint)(&empty), AT_EMPTY_PATH, STATX_BASIC_STATS, (nint)s);
        }
    }

    [LibraryImport("libc")]
    public static partial uint umask(uint mask);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmod(int fd, uint mode);
}
