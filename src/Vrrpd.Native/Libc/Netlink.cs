using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>struct nlmsghdr (linux/netlink.h), host byte order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetlinkHeader
{
    public uint Length;
    public ushort Type;
    public ushort Flags;
    public uint Sequence;
    public uint Port;
}

/// <summary>struct sockaddr_nl (linux/netlink.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketAddressNetlink
{
    public ushort Family;
    public ushort Padding;
    public uint Port;
    public uint Groups;
}

/// <summary>struct ifinfomsg (linux/rtnetlink.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkHeader
{
    public byte Family;
    public byte Padding;
    public ushort HardwareType;
    public int Index;
    public uint Flags;
    public uint Change;
}

/// <summary>struct ifaddrmsg (linux/if_addr.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AddressHeader
{
    public byte Family;
    public byte PrefixLength;
    public byte Flags;
    public byte Scope;
    public int Index;
}

/// <summary>struct ifa_cacheinfo (linux/if_addr.h): lifetimes in seconds, 0xffffffff for ever; the stamps are the kernel's.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AddressLifetimes
{
    public uint Preferred;
    public uint Valid;
    public uint Created;
    public uint Updated;
}

/// <summary>linux/netlink.h, linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h, linux/if.h: numbers only.</summary>
internal static partial class Libc
{
    public const int NETLINK_ROUTE = 0, NETLINK_NETFILTER = 12;
    public const int SOL_NETLINK = 270, NETLINK_CAP_ACK = 10;
    public const ushort NLMSG_ERROR = 2, NLMSG_DONE = 3;
    public const ushort NLM_F_REQUEST = 1, NLM_F_ACK = 4, NLM_F_DUMP_INTR = 0x10, NLM_F_REPLACE = 0x100, NLM_F_EXCL = 0x200, NLM_F_DUMP = 0x300,
        NLM_F_CREATE = 0x400, NLM_F_APPEND = 0x800;
    public const ushort NLA_F_NESTED = 0x8000;
    public const ushort RTM_NEWLINK = 16, RTM_DELLINK = 17, RTM_GETLINK = 18, RTM_NEWADDR = 20, RTM_DELADDR = 21, RTM_GETADDR = 22;
    public const uint RTMGRP_LINK = 1, RTMGRP_IPV4_IFADDR = 0x10, RTMGRP_IPV6_IFADDR = 0x100;
    public const ushort IFLA_ADDRESS = 1, IFLA_IFNAME = 3, IFLA_LINK = 5, IFLA_MASTER = 10, IFLA_LINKINFO = 18, IFLA_AF_SPEC = 26, IFLA_GROUP = 27;
    public const ushort IFLA_INFO_KIND = 1, IFLA_INFO_DATA = 2, IFLA_INFO_SLAVE_KIND = 4, IFLA_MACVLAN_MODE = 1, IFLA_IPVLAN_MODE = 1,
        IFLA_IPVLAN_FLAGS = 2, IFLA_INET6_ADDR_GEN_MODE = 8;
    public const uint MACVLAN_MODE_PRIVATE = 1;
    public const ushort IPVLAN_MODE_L2 = 0, IPVLAN_F_PRIVATE = 1, IPVLAN_F_VEPA = 2;
    public const byte IN6_ADDR_GEN_MODE_NONE = 1;
    public const ushort IFA_ADDRESS = 1, IFA_LOCAL = 2, IFA_LABEL = 3, IFA_BROADCAST = 4, IFA_CACHEINFO = 6, IFA_FLAGS = 8, IFA_PROTO = 11;
    public const uint IFA_F_NODAD = 2, IFA_F_OPTIMISTIC = 4, IFA_F_DADFAILED = 8, IFA_F_HOMEADDRESS = 0x10, IFA_F_TENTATIVE = 0x40,
        IFA_F_MANAGETEMPADDR = 0x100, IFA_F_NOPREFIXROUTE = 0x200, IFA_F_MCAUTOJOIN = 0x400;
    public const ushort ARPHRD_ETHER = 1, ARPHRD_LOOPBACK = 772;
    public const uint IFF_UP = 1, IFF_RUNNING = 0x40, IFF_NOARP = 0x80;

    /// <summary>IFNAMSIZ, terminator included.</summary>
    public const int IFNAMSIZ = 16;
}
