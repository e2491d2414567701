using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>sys/utsname.h.</summary>
internal static unsafe partial class Libc
{
    /// <summary>Each of the six fields of struct utsname, terminator included (Linux: __NEW_UTS_LEN + 1).</summary>
    public const int UtsField = 65;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int uname(byte* sixFields);
}
