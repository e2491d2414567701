using System;
using System.Runtime.InteropServices;
using System.Text;
using Vrrpd.Core;

namespace Vrrpd.Native.Net;

/// <summary>
/// Receives VRRP of one interface: a raw socket bound to the device and member of 224.0.0.18 there. It never sends. All of them read into
/// one <see cref="ReceiveBuffer"/>, because a datagram is handled before the next is read.
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

    /// <summary>224.0.0.18 as its bytes stand in memory on a little-endian machine.</summary>
    private static uint Group => BitConverter.IsLittleEndian ? 0x1200_00e0u : 0xe000_0012u;

    private VrrpSocket(int fd) => Fd = fd;

    public int Fd { get; private set; }

    /// <summary>Opens it for an interface that exists now. Null means errno.</summary>
    public static VrrpSocket? Open(int interfaceIndex, string name, out int errno)
    {
        int fd = Libc.socket(Libc.AF_INET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, Libc.IPPROTO_VRRP);
        if (fd < 0)
        {
            errno = Errno.Last;
            return null;
        }

        errno = Prepare(fd, interfaceIndex, name);
        if (errno != 0)
        {
            _ = Libc.close(fd);
            return null;
        }

        return new VrrpSocket(fd);
    }

    /// <summary>
    /// One datagram into the buffer: its length, cut to the buffer, or -1 when there is none. What is cut has a length that contradicts its
    /// IP header and is refused by the engine. An error of the socket counts as an empty datagram, so that the bound of the turn counts it.
    /// </summary>
    public int Receive(ReceiveBuffer buffer)
    {
        nint length = Libc.recv(Fd, buffer.Pointer, Limits.DatagramBytes, Libc.MSG_TRUNC);
        if (length >= 0)
        {
            return (int)Math.Min(length, Limits.DatagramBytes);
        }

        return Errno.Last == Errno.EAGAIN ? -1 : 0;
    }

    public void Close()
    {
        if (Fd >= 0)
        {
            _ = Libc.close(Fd);
            Fd = -1;
        }
    }

    private static int Prepare(int fd, int interfaceIndex, string name)
    {
        int error = BindToDevice(fd, interfaceIndex, name);
        if (error != 0)
        {
            return error;
        }

        // Without this a raw socket hears every group that any socket of the host has joined.
        error = SocketOptions.Set(fd, Libc.IPPROTO_IP, Libc.IP_MULTICAST_ALL, 0);
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

        MulticastRequest request = new() { Group = Group, InterfaceIndex = interfaceIndex };
        return Libc.setsockopt(fd, Libc.IPPROTO_IP, Libc.IP_ADD_MEMBERSHIP, &request, (uint)sizeof(MulticastRequest)) == 0 ? 0 : Errno.Last;
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

/// <summary>The one buffer that all receive sockets share.</summary>
internal sealed unsafe class ReceiveBuffer
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(Limits.DatagramBytes, pinned: true);

    public byte* Pointer => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);

    public ReadOnlySpan<byte> Bytes(int length) => _bytes.AsSpan(0, length);
}
