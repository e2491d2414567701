using Vrrpd.Core;

namespace Vrrpd.Native.Net;

/// <summary>An interface that is member of a group, for as long as this socket is open; nothing is received.</summary>
internal sealed unsafe class GroupMembership
{
    private int _fd;

    private GroupMembership(int fd)
    {
        _fd = fd;
    }

    /// <summary>Null means errno.</summary>
    public static GroupMembership? Join(Ip group, int interfaceIndex, out int errno)
    {
        const int SOCK_DGRAM = 2, IPPROTO_IPV6 = 41, IPV6_JOIN_GROUP = 20, IPV6_REQUEST_BYTES = 20;
        int fd = Libc.socket(group.IsV6 ? Libc.AF_INET6 : Libc.AF_INET, SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0)
        {
            errno = Errno.Last;
            return null;
        }

        // struct ipv6_mreq: the group, and the index behind it; struct ip_mreqn: the group first.
        byte* request = stackalloc byte[IPV6_REQUEST_BYTES];
        int length = group.Write(new System.Span<byte>(request, IPV6_REQUEST_BYTES));
        MulticastRequest v4 = new() { Group = *(uint*)request, InterfaceIndex = interfaceIndex };
        if (group.IsV6)
        {
            *(int*)(request + length) = interfaceIndex;
        }

        errno = 0;
        if ((group.IsV6 ? Libc.setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, request, IPV6_REQUEST_BYTES)
            : Libc.setsockopt(fd, Libc.IPPROTO_IP, Libc.IP_ADD_MEMBERSHIP, &v4, (uint)sizeof(MulticastRequest))) != 0)
        {
            errno = Errno.Last;
            _ = Libc.close(fd);
            return null;
        }

        return new GroupMembership(fd);
    }

    public void Close()
    {
        if (_fd >= 0)
        {
            _ = Libc.close(_fd);
            _fd = -1;
        }
    }
}
