using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>sys/capability.h, the kernel's part.</summary>
internal static unsafe partial class Libc
{
    /// <summary>_LINUX_CAPABILITY_VERSION_3: two words of each set.</summary>
    private const uint CapabilityVersion3 = 0x20080522;

    public const int CAP_KILL = 5, CAP_SETGID = 6, CAP_SETUID = 7, CAP_NET_ADMIN = 12, CAP_NET_RAW = 13;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int capget(uint* header, uint* data);

    /// <summary>The effective capabilities as bits; none when the kernel does not say.</summary>
    public static ulong EffectiveCapabilities()
    {
        uint* header = stackalloc uint[2] { CapabilityVersion3, 0 };
        uint* data = stackalloc uint[6];
        return capget(header, data) == 0 ? (ulong)data[3] << 32 | data[0] : 0;
    }
}
