using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>siginfo_t as waitid fills it; the same offsets on x64 and arm64 in both libcs.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct WaitInfo
{
    [FieldOffset(8)]
    public int Code;

    [FieldOffset(16)]
    public int Pid;

    [FieldOffset(24)]
    public int Status;
}

/// <summary>sys/wait.h.</summary>
internal static unsafe partial class Libc
{
    public const int P_ALL = 0, P_PID = 1, P_PIDFD = 3;
    public const int WNOHANG = 1, WEXITED = 4, WNOWAIT = 0x1000000;

    /// <summary>si_code of a child that called exit; the others were ended by a signal.</summary>
    public const int CLD_EXITED = 1;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int waitid(int idType, int id, WaitInfo* info, int options);
}
