using System;
using System.Runtime.CompilerServices;

namespace Vrrpd.Native.Net;

/// <summary>
/// Sends ready-made Ethernet frames (gratuitous ARP, unsolicited neighbour advertisements) out of any interface. Protocol 0 and a filter
/// make sure that it hears nothing.
/// </summary>
internal sealed unsafe class FrameSender
{
    /// <summary>Where an Ethernet header says what is behind it, and where it ends.</summary>
    private const int TypeOffset = 12, HeaderBytes = 14;

    private readonly int _fd;

    private FrameSender(int fd) => _fd = fd;

    /// <summary>For tests: what this socket holds.</summary>
    internal int Fd => _fd;

    /// <summary>Null means errno.</summary>
    public static FrameSender? Open(out int errno)
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
        return new FrameSender(fd);
    }

    /// <summary>0, or errno.</summary>
    public int Send(int interfaceIndex, ReadOnlySpan<byte> frame)
    {
        if (frame.Length < HeaderBytes)
        {
            return Errno.EINVAL;
        }

        // The destination is in the frame; the kernel wants the interface, and the protocol for its queueing rules and for whoever listens.
        SocketAddressLink to = new()
        {
            Family = Libc.AF_PACKET,
            Protocol = Unsafe.ReadUnaligned<ushort>(in frame[TypeOffset]),
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
