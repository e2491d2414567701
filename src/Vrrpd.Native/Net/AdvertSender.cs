using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vrrpd.Native.Net;

/// <summary>
/// Sends ready-made IPv4 packets (IPPROTO_RAW: the header is ours) out of any interface: one socket for all, the interface given with each
/// packet, which needs neither a route nor that the source address is on the interface. It hears nothing.
/// </summary>
internal sealed unsafe class AdvertSender
{
    /// <summary>Fewest bytes that hold a destination address.</summary>
    private const int HeaderBytes = 20;
    private const int DestinationOffset = 16;

    private readonly int _fd;

    // What the kernel reads with each packet, in memory that never moves. Only index, destination and payload change.
    private readonly Block* _block;

    private AdvertSender(int fd)
    {
        _fd = fd;
        _block = (Block*)NativeMemory.AllocZeroed((nuint)sizeof(Block));
        _block->Destination.Family = Libc.AF_INET;
        _block->Control.Length = PacketInfoControl.UsedLength;
        _block->Control.Level = Libc.IPPROTO_IP;
        _block->Control.Type = Libc.IP_PKTINFO;
        _block->Message.Name = &_block->Destination;
        _block->Message.NameLength = (uint)sizeof(SocketAddressInet);
        _block->Message.Vectors = &_block->Vector;
        _block->Message.VectorCount = 1;
        _block->Message.Control = &_block->Control;
        _block->Message.ControlLength = (nuint)sizeof(PacketInfoControl);
    }

    /// <summary>For tests: what this socket holds.</summary>
    internal int Fd => _fd;

    /// <summary>Null means errno.</summary>
    public static AdvertSender? Open(out int errno)
    {
        int fd = Libc.socket(Libc.AF_INET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, Libc.IPPROTO_RAW);
        if (fd < 0)
        {
            errno = Errno.Last;
            return null;
        }

        errno = SocketOptions.Deafen(fd);
        if (errno == 0)
        {
            // We are a member of the group on the same interface and must not hear ourselves.
            errno = SocketOptions.Set(fd, Libc.IPPROTO_IP, Libc.IP_MULTICAST_LOOP, 0);
        }

        if (errno != 0)
        {
            _ = Libc.close(fd);
            return null;
        }

        SocketOptions.SetControlPriority(fd);
        return new AdvertSender(fd);
    }

    /// <summary>Sends one whole IPv4 packet to the destination in its header. 0, or errno.</summary>
    public int Send(int interfaceIndex, ReadOnlySpan<byte> packet)
    {
        if (packet.Length < HeaderBytes)
        {
            return Errno.EINVAL;
        }

        _block->Destination.Address = Unsafe.ReadUnaligned<uint>(in packet[DestinationOffset]);
        _block->Control.InterfaceIndex = interfaceIndex;
        fixed (byte* pointer = packet)
        {
            _block->Vector.Base = pointer;
            _block->Vector.Length = (nuint)packet.Length;
            return Libc.sendmsg(_fd, &_block->Message, Libc.MSG_DONTWAIT) == packet.Length ? 0 : Errno.Last;
        }
    }

    public void Close() => _ = Libc.close(_fd);

    private struct Block
    {
        public MessageHeader Message;
        public IoVector Vector;
        public PacketInfoControl Control;
        public SocketAddressInet Destination;
    }
}
