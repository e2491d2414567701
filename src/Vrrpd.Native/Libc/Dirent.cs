using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>dirent.h, at the level of the kernel: the records are the same for every libc.</summary>
internal static unsafe partial class Libc
{
    public const int O_DIRECTORY_X64 = 0x10000, O_DIRECTORY_ARM64 = 0x4000;

    /// <summary>struct linux_dirent64: where the record's length and the name are.</summary>
    public const int DirentLength = 16, DirentName = 19;

    public static int O_DIRECTORY => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? O_DIRECTORY_ARM64 : O_DIRECTORY_X64;

    private static int SYS_getdents64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 61 : 217;

    /// <summary>Bytes of records, 0 at the end.</summary>
    public static int GetDirectoryEntries(int fd, byte* buffer, int length) => (int)syscall(SYS_getdents64, fd, (nint)buffer, length, 0, 0);
}
