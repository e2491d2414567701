using System;
using System.Text;
using Vrrpd.Core;
using Vrrpd.Core.Config;

namespace Vrrpd.Native.Net;

/// <summary>
/// Receives the VRRP of one channel: a raw socket of one family and protocol, bound to its device and member of its groups there. Unicast to
/// the host arrives too. It never sends. Checksums of VRRP are not verified here, so that a wrong one can be counted.
/// </summary>
internal sealed unsafe class VrrpSocket
{
    /// <summary>
    /// Room for what arrives during a stall: the kernel counts about 768 bytes for a small packet and doubles this number, so some 2,700
    /// adverts, i.e. ten seconds of all 255 routers of a segment.
    /// </summary>
    public const int ReceiveBufferBytes = 1 << 20;

    /// <summary>More than can wait in that buffer: the bound for reading it empty after a stall.</summary>
    public const int DatagramsAfterStall = 4096;

    private readonly int _interfaceIndex;
    private ChannelConfig _channel;

    private VrrpSocket(int fd, ChannelConfig channel, int interfaceIndex) => (Fd, _channel, _interfaceIndex) = (fd, channel, interfaceIndex);

    public int Fd { get; private set; }

    /// <summary>Opens it for an interface that exists now. Null means errno.</summary>
    public static VrrpSocket? Open(ChannelConfig channel, int interfaceIndex, string name, out int errno)
    {
        int fd = Libc.socket(channel.IsV6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK,
            channel.IsAh ? Libc.IPPROTO_AH : Libc.IPPROTO_VRRP);
        if (fd < 0)
        {
            errno = Errno.Last;
            return null;
        }

        errno = Prepare(fd, channel, interfaceIndex, name);
        if (errno != 0)
        {
            _ = Libc.close(fd);
            return null;
        }

        return new VrrpSocket(fd, channel, interfaceIndex);
    }

    /// <summary>
    /// One datagram into the buffer, as <see cref="ReceiveBuffer.Receive"/>; one of a foreign group counts as empty. A raw socket of IPv4 does
    /// not hear groups that it has not joined (IP_MULTICAST_ALL); one of IPv6 hears whatever any socket of the host has joined.
    /// </summary>
    public int Receive(ReceiveBuffer buffer)
    {
        int length = buffer.Receive(Fd, _channel.IsV6);
        return length > 0 && buffer.Destination.IsMulticast && Array.IndexOf(_channel.Groups, buffer.Destination) < 0 ? 0 : length;
    }

    /// <summary>
    /// Goes on as another channel without losing a packet. False if it cannot: the interface is another, or a group was refused; then it is
    /// of no more use.
    /// </summary>
    public bool TryAdopt(ChannelConfig channel, int interfaceIndex)
    {
        if (interfaceIndex != _interfaceIndex || channel.IsV6 != _channel.IsV6 || channel.IsAh != _channel.IsAh)
        {
            return false;
        }

        // First what goes: the number of memberships is limited.
        foreach (Ip group in _channel.Groups)
        {
            if (Array.IndexOf(channel.Groups, group) < 0 && Membership(Fd, group, interfaceIndex, join: false) != 0)
            {
                return false;
            }
        }

        foreach (Ip group in channel.Groups)
        {
            if (Array.IndexOf(_channel.Groups, group) < 0 && Membership(Fd, group, interfaceIndex, join: true) != 0)
            {
                return false;
            }
        }

        _channel = channel;
        return true;
    }

    public void Close()
    {
        if (Fd >= 0)
        {
            _ = Libc.close(Fd);
            Fd = -1;
        }
    }

    private static int Prepare(int fd, ChannelConfig channel, int interfaceIndex, string name)
    {
        int error = BindToDevice(fd, interfaceIndex, name);
        error = error != 0 ? error : channel.IsV6 ? Prepare6(fd) : SocketOptions.Set(fd, Libc.IPPROTO_IP, Libc.IP_MULTICAST_ALL, 0);
        if (error != 0)
        {
            return error;
        }

        SocketOptions.GrowReceiveBuffer(fd, ReceiveBufferBytes);

        // Before it was bound it heard all interfaces: those datagrams would be booked on the wrong slot.
        byte ignored;
        for (int i = 0; i < DatagramsAfterStall && Libc.recv(fd, &ignored, 1, Libc.MSG_DONTWAIT) >= 0; i++)
        {
        }

        foreach (Ip group in channel.Groups)
        {
            error = Membership(fd, group, interfaceIndex, join: true);
            if (error != 0)
            {
                return error;
            }
        }

        return 0;
    }

    private static int Prepare6(int fd)
    {
        int error = SocketOptions.Set(fd, Libc.IPPROTO_IPV6, Libc.IPV6_RECVPKTINFO, 1);
        return error != 0 ? error : SocketOptions.Set(fd, Libc.IPPROTO_IPV6, Libc.IPV6_RECVHOPLIMIT, 1);
    }

    /// <summary>Joins a group or leaves it. 0, or errno.</summary>
    private static int Membership(int fd, Ip group, int interfaceIndex, bool join)
    {
        if (group.IsV6)
        {
            MulticastRequest6 request6 = new() { InterfaceIndex = interfaceIndex };
            _ = group.Write(new Span<byte>(&request6.GroupHigh, 2 * sizeof(ulong)));
            int name6 = join ? Libc.IPV6_ADD_MEMBERSHIP : Libc.IPV6_DROP_MEMBERSHIP;
            return Libc.setsockopt(fd, Libc.IPPROTO_IPV6, name6, &request6, (uint)sizeof(MulticastRequest6)) == 0 ? 0 : Errno.Last;
        }

        MulticastRequest request = new() { InterfaceIndex = interfaceIndex };
        _ = group.Write(new Span<byte>(&request.Group, sizeof(uint)));
        int name = join ? Libc.IP_ADD_MEMBERSHIP : Libc.IP_DROP_MEMBERSHIP;
        return Libc.setsockopt(fd, Libc.IPPROTO_IP, name, &request, (uint)sizeof(MulticastRequest)) == 0 ? 0 : Errno.Last;
    }

    private static int BindToDevice(int fd, int interfaceIndex, string name)
    {
        if (SocketOptions.Set(fd, Libc.SOL_SOCKET, Libc.SO_BINDTOIFINDEX, interfaceIndex) == 0)
        {
            return 0;
        }

        // SO_BINDTOIFINDEX is Linux 5.0; before that only the name is taken.
        Span<byte> text = stackalloc byte[Libc.IFNAMSIZ];
        text.Clear();
        if (!Encoding.UTF8.TryGetBytes(name, text[..^1], out int length))
        {
            return Errno.ENODEV;
        }

        fixed (byte* pointer = text)
        {
            return Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, pointer, (uint)length + 1) == 0 ? 0 : Errno.Last;
        }
    }
}
