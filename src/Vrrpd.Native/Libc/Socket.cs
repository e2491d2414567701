using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public void* Base;
    public nuint Length;
}

/// <summary>
/// struct msghdr as the 64-bit kernel and glibc have it. musl has 32-bit lengths with padding beside them, which is the same bytes on a
/// little-endian machine.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}

/// <summary>struct sockaddr_in; port and address in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketAddressInet
{
    public ushort Family;
    public ushort Port;
    public uint Address;
    public ulong Zero;
}

/// <summary>struct sockaddr_in6, 28 bytes: port, flow and address in network order, the scope (an interface index) in that of the host.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct SocketAddressInet6
{
    public ushort Family;
    public ushort Port;
    public uint FlowInfo;
    public ulong AddressHigh;
    public ulong AddressLow;
    public uint Scope;
}

/// <summary>struct sockaddr_ll (linux/if_packet.h), 20 bytes; protocol in network order.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct SocketAddressLink
{
    public ushort Family;
    public ushort Protocol;
    public int InterfaceIndex;
    public ushort HardwareType;
    public byte PacketType;
    public byte AddressLength;
    public ulong Address;
}

/// <summary>struct ip_mreqn (netinet/in.h); addresses in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MulticastRequest
{
    public uint Group;
    public uint Address;
    public int InterfaceIndex;
}

/// <summary>struct ipv6_mreq (linux/in6.h); the address in network order.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct MulticastRequest6
{
    public ulong GroupHigh;
    public ulong GroupLow;
    public int InterfaceIndex;
}

/// <summary>struct cmsghdr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlHeader
{
    public nuint Length;
    public int Level;
    public int Type;

    /// <summary>CMSG_ALIGN.</summary>
    public static int Align(int length) => (length + sizeof(ulong) - 1) & ~(sizeof(ulong) - 1);
}

/// <summary>struct cmsghdr with a struct in6_pktinfo in it, padded to CMSG_SPACE(20) = 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PacketInfo6Control
{
    public ControlHeader Header;
    public ulong AddressHigh;
    public ulong AddressLow;
    public int InterfaceIndex;
    public uint Padding;

    /// <summary>CMSG_LEN(sizeof(struct in6_pktinfo)).</summary>
    public const int UsedLength = 36;
}

/// <summary>struct cmsghdr with a struct in_pktinfo in it, padded to CMSG_SPACE(12) = 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PacketInfoControl
{
    public nuint Length;
    public int Level;
    public int Type;
    public int InterfaceIndex;
    public uint SpecificDestination;
    public uint Address;
    public uint Padding;

    /// <summary>CMSG_LEN(sizeof(struct in_pktinfo)).</summary>
    public const int UsedLength = 28;
}

/// <summary>struct sock_filter (linux/filter.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FilterInstruction
{
    public ushort Code;
    public byte JumpTrue;
    public byte JumpFalse;
    public uint Operand;
}

/// <summary>struct sock_fprog (linux/filter.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FilterProgram
{
    public ushort Length;
    public FilterInstruction* Instructions;
}

/// <summary>sys/socket.h, netinet/in.h, linux/if_packet.h, linux/filter.h.</summary>
internal static unsafe partial class Libc
{
    public const int AF_INET = 2, AF_INET6 = 10, AF_NETLINK = 16, AF_PACKET = 17;
    public const int SOCK_RAW = 3, SOCK_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000;
    public const int IPPROTO_IP = 0, IPPROTO_IPV6 = 41, IPPROTO_AH = 51, IPPROTO_VRRP = 112, IPPROTO_RAW = 255;

    public const int SOL_SOCKET = 1;
    public const int SO_RCVBUF = 8, SO_PRIORITY = 12, SO_RCVTIMEO = 20, SO_BINDTODEVICE = 25, SO_ATTACH_FILTER = 26,
        SO_RCVBUFFORCE = 33, SO_MEMINFO = 55, SO_BINDTOIFINDEX = 62, SO_NETNS_COOKIE = 71;

    public const int IP_PKTINFO = 8, IP_MULTICAST_LOOP = 34, IP_ADD_MEMBERSHIP = 35, IP_DROP_MEMBERSHIP = 36, IP_MULTICAST_ALL = 49;
    public const int IPV6_MULTICAST_LOOP = 19, IPV6_ADD_MEMBERSHIP = 20, IPV6_DROP_MEMBERSHIP = 21, IPV6_RECVPKTINFO = 49,
        IPV6_PKTINFO = 50, IPV6_RECVHOPLIMIT = 51, IPV6_HOPLIMIT = 52, IPV6_FREEBIND = 78;

    public const int MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40;

    /// <summary>BPF_RET | BPF_K: the verdict is the operand; 0 drops the packet.</summary>
    public const ushort BPF_RET_K = 0x06;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int bind(int fd, void* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getsockname(int fd, void* address, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsockopt(int fd, int level, int name, void* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getsockopt(int fd, int level, int name, void* value, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint recv(int fd, void* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint recvfrom(int fd, void* buffer, nuint length, int flags, void* address, uint* addressLength);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint send(int fd, void* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint sendto(int fd, void* buffer, nuint length, int flags, void* address, uint addressLength);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint sendmsg(int fd, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint recvmsg(int fd, MessageHeader* message, int flags);
}
