using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vrrpd.Native.Net;

/// <summary>
/// Sends ready-made IP packets of either family (IPPROTO_RAW: the header is ours) out of any interface: one socket for each family, the
/// interface given with each packet. To a group that needs neither a route nor that the source address is on the interface. To a peer
/// the routing table is asked, source address included, but only for ways through that interface, as keepalived does. They hear nothing.
/// </summary>
internal sealed unsafe class AdvertSender
{
    /// <summary>Fewest bytes that hold both addresses, of each family.</summary>
    private const int HeaderBytes = 20, HeaderBytes6 = 40;
    private const int SourceOffset = 12, DestinationOffset = 16;
    private const int SourceOffset6 = 8, DestinationOffset6 = 24;

    private readonly int _fd;

    /// <summary>-1 on a machine without IPv6.</summary>
    private readonly int _fd6;

    /// <summary>Linux 4.15: the kernel takes the source of a packet into account without having the address.</summary>
    private readonly bool _hasFreeBind6;

    // What the kernel reads with each packet, in memory that never moves. Only index, addresses and payload change.
    private readonly Block* _block;

    private AdvertSender(int fd, int fd6)
    {
        (_fd, _fd6) = (fd, fd6);
        _hasFreeBind6 = fd6 >= 0 && SocketOptions.Set(fd6, Libc.IPPROTO_IPV6, Libc.IPV6_FREEBIND, 1) == 0;
        _block = (Block*)NativeMemory.AllocZeroed((nuint)sizeof(Block));
        _block->Destination.Family = Libc.AF_INET;
        _block->Control.Length = PacketInfoControl.UsedLength;
        _block->Control.Level = Libc.IPPROTO_IP;
        _block->Control.Type = Libc.IP_PKTINFO;
        Fill(ref _block->Message, &_block->Destination, sizeof(SocketAddressInet), &_block->Control, sizeof(PacketInfoControl));
        _block->Destination6.Family = Libc.AF_INET6;
        _block->Control6.Header.Length = PacketInfo6Control.UsedLength;
        _block->Control6.Header.Level = Libc.IPPROTO_IPV6;
        _block->Control6.Header.Type = Libc.IPV6_PKTINFO;
        Fill(ref _block->Message6, &_block->Destination6, sizeof(SocketAddressInet6), &_block->Control6, sizeof(PacketInfo6Control));
    }

    /// <summary>For tests: what these sockets hold.</summary>
    internal int Fd => _fd;

    internal int Fd6 => _fd6;

    /// <summary>Null means errno.</summary>
    public static AdvertSender? Open(out int errno)
    {
        // We are a member of the group on the same interface and must not hear ourselves: no loop.
        int fd = Open(Libc.AF_INET, Libc.IPPROTO_IP, Libc.IP_MULTICAST_LOOP, out errno);
        if (fd < 0)
        {
            return null;
        }

        int fd6 = Open(Libc.AF_INET6, Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_LOOP, out errno);
        if (fd6 < 0 && errno != Errno.EAFNOSUPPORT)
        {
            _ = Libc.close(fd);
            return null;
        }

        errno = 0;
        return new AdvertSender(fd, fd6);
    }

    /// <summary>Sends one whole IP packet to the destination in its header. 0, or errno.</summary>
    public int Send(int interfaceIndex, ReadOnlySpan<byte> packet)
    {
        bool v6 = !packet.IsEmpty && packet[0] >> 4 == 6;
        if (packet.Length < (v6 ? HeaderBytes6 : HeaderBytes))
        {
            return Errno.EINVAL;
        }

        return v6 ? Send6(interfaceIndex, packet) : Send4(interfaceIndex, packet);
    }

    public void Close()
    {
        _ = Libc.close(_fd);
        if (_fd6 >= 0)
        {
            _ = Libc.close(_fd6);
        }
    }

    /// <summary>-1 means errno.</summary>
    private static int Open(int family, int level, int loop, out int errno)
    {
        int fd = Libc.socket(family, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, Libc.IPPROTO_RAW);
        if (fd < 0)
        {
            errno = Errno.Last;
            return -1;
        }

        errno = SocketOptions.Deafen(fd);
        if (errno == 0)
        {
            errno = SocketOptions.Set(fd, level, loop, 0);
        }

        if (errno != 0)
        {
            _ = Libc.close(fd);
            return -1;
        }

        SocketOptions.SetControlPriority(fd);
        return fd;
    }

    private void Fill(ref MessageHeader message, void* name, int nameLength, void* control, int controlLength)
    {
        message.Name = name;
        message.NameLength = (uint)nameLength;
        message.Vectors = &_block->Vector;
        message.VectorCount = 1;
        message.Control = control;
        message.ControlLength = (nuint)controlLength;
    }

    private int Send4(int interfaceIndex, ReadOnlySpan<byte> packet)
    {
        _block->Destination.Address = Unsafe.ReadUnaligned<uint>(in packet[DestinationOffset]);
        _block->Control.InterfaceIndex = interfaceIndex;
        _block->Control.SpecificDestination = Unsafe.ReadUnaligned<uint>(in packet[SourceOffset]);
        return Send(_fd, &_block->Message, packet);
    }

    private int Send6(int interfaceIndex, ReadOnlySpan<byte> packet)
    {
        if (_fd6 < 0)
        {
            return Errno.EAFNOSUPPORT;
        }

        _block->Destination6.AddressHigh = Unsafe.ReadUnaligned<ulong>(in packet[DestinationOffset6]);
        _block->Destination6.AddressLow = Unsafe.ReadUnaligned<ulong>(in packet[DestinationOffset6 + sizeof(ulong)]);
        _block->Control6.InterfaceIndex = interfaceIndex;
        if (_hasFreeBind6)
        {
            _block->Control6.AddressHigh = Unsafe.ReadUnaligned<ulong>(in packet[SourceOffset6]);
            _block->Control6.AddressLow = Unsafe.ReadUnaligned<ulong>(in packet[SourceOffset6 + sizeof(ulong)]);
        }

        return Send(_fd6, &_block->Message6, packet);
    }

    private int Send(int fd, MessageHeader* message, ReadOnlySpan<byte> packet)
    {
        fixed (byte* pointer = packet)
        {
            _block->Vector.Base = pointer;
            _block->Vector.Length = (nuint)packet.Length;
            return Libc.sendmsg(fd, message, Libc.MSG_DONTWAIT) == packet.Length ? 0 : Errno.Last;
        }
    }

    private struct Block
    {
        public MessageHeader Message;
        public MessageHeader Message6;
        public IoVector Vector;
        public PacketInfoControl Control;
        public PacketInfo6Control Control6;
        public SocketAddressInet Destination;
        public SocketAddressInet6 Destination6;
    }
}
