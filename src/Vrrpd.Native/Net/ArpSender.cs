using System;
using System.Buffers.Binary;

namespace Vrrpd.Native.Net;

/// <summary>Sends ready-made Ethernet frames out of any interface. Protocol 0 and a filter make sure that it hears nothing.</summary>
internal sealed unsafe class ArpSender
{
    private readonly int _fd;

    private ArpSender(int fd) => _fd = fd;

    /// <summary>For tests: what this socket holds.</summary>
    internal int Fd => _fd;

    /// <summary>Null means errno.</summary>
    public static ArpSender? Open(out int errno)
    {
        int fd = Libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        if (fd < 0)
        {
            errno = Errno.Last;
            return null;
        }

        errno = SocketOptions.Deafen(fd);
        if (errno != 0)
        {
            _ = Libc.close(fd);
            return null;
        }

        SocketOptions.SetControlPriority(fd);
        return new ArpSender(fd);
    }

    /// <summary>0, or errno.</summary>
    public int Send(int interfaceIndex, ReadOnlySpan<byte> frame)
    {
        // The destination is in the frame; the kernel wants the interface, and the protocol for its queueing rules.
        SocketAddressLink to = new()
        {
            Family = Libc.AF_PACKET,
            Protocol = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(Libc.ETH_P_ARP) : Libc.ETH_P_ARP,
            InterfaceIndex = interfaceIndex,
        };
        fixed (byte* pointer = frame)
        {
            nint sent = Libc.sendto(_fd, pointer, (nuint)frame.Length, Libc.MSG_DONTWAIT, &to, (uint)sizeof(SocketAddressLink));
            return sent == frame.Length ? 0 : Errno.Last;
        }
    }

    public void Close() => _ = Libc.close(_fd);
}
