using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vrrpd.Core;

namespace Vrrpd.Native.Net;

/// <summary>
/// The one buffer that all receive sockets share, because a datagram is handled before the next is read: its bytes, and what the kernel
/// says about it.
/// </summary>
internal sealed unsafe class ReceiveBuffer
{
    /// <summary>IPV6_PKTINFO and IPV6_HOPLIMIT, and room for something that nobody asked for.</summary>
    private const int ControlBytes = 128;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(Limits.DatagramBytes, pinned: true);

    // What the kernel reads and writes with each datagram, in memory that never moves.
    private readonly Block* _block;
    private Ip _source;
    private byte _hopLimit;

    public ReceiveBuffer()
    {
        _block = (Block*)NativeMemory.AllocZeroed((nuint)sizeof(Block));
        _block->Vector.Base = (void*)Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);
        _block->Vector.Length = Limits.DatagramBytes;
        _block->Message.Name = &_block->Source;
        _block->Message.Vectors = &_block->Vector;
        _block->Message.VectorCount = 1;
        _block->Message.Control = _block->Control;
    }

    /// <summary>Of the IPv6 datagram that was read last; unspecified for IPv4.</summary>
    public Ip Destination { get; private set; }

    public ReadOnlySpan<byte> Bytes(int length) => _bytes.AsSpan(0, length);

    /// <summary>What was read last.</summary>
    public Datagram Datagram(int length, short channel) => new()
    {
        Bytes = _bytes.AsSpan(0, length),
        Channel = channel,
        Source = _source,
        Destination = Destination,
        HopLimit = _hopLimit,
    };

    /// <summary>
    /// One datagram: its length, cut to the buffer, or -1 when there is none. What is cut contradicts its own length and is refused by the
    /// engine. An error of the socket, or an IPv6 datagram of which the kernel does not say where it came from, counts as an empty datagram,
    /// so that the bound of the turn counts it.
    /// </summary>
    public int Receive(int fd, bool isV6)
    {
        MessageHeader* message = &_block->Message;
        message->NameLength = (uint)sizeof(SocketAddressInet6);
        message->ControlLength = ControlBytes;
        nint length = Libc.recvmsg(fd, message, Libc.MSG_TRUNC | Libc.MSG_DONTWAIT);
        if (length < 0)
        {
            return Errno.Last == Errno.EAGAIN ? -1 : 0;
        }

        if (isV6)
        {
            if (!TryReadControl(message))
            {
                return 0;
            }
        }
        else
        {
            (_source, Destination, _hopLimit) = (default, default, 0);
        }

        return (int)Math.Min(length, Limits.DatagramBytes);
    }

    /// <summary>Source, destination and hop limit of an IPv6 datagram (RFC 3542 section 6).</summary>
    private bool TryReadControl(MessageHeader* message)
    {
        if (message->NameLength < (uint)sizeof(SocketAddressInet6) || _block->Source.Family != Libc.AF_INET6)
        {
            return false;
        }

        _source = Ip.Read(new ReadOnlySpan<byte>(&_block->Source.AddressHigh, 2 * sizeof(ulong)));
        ReadOnlySpan<byte> control = new(_block->Control, (int)Math.Min(message->ControlLength, (nuint)ControlBytes));
        bool hasDestination = false, hasHopLimit = false;
        while (control.Length >= sizeof(ControlHeader))
        {
            ControlHeader header = MemoryMarshal.Read<ControlHeader>(control);
            if (header.Length < (nuint)sizeof(ControlHeader) || header.Length > (nuint)control.Length)
            {
                break;
            }

            ReadOnlySpan<byte> value = control[sizeof(ControlHeader)..(int)header.Length];
            if (header.Level == Libc.IPPROTO_IPV6 && header.Type == Libc.IPV6_PKTINFO && value.Length >= 2 * sizeof(ulong))
            {
                Destination = Ip.Read(value);
                hasDestination = true;
            }
            else if (header.Level == Libc.IPPROTO_IPV6 && header.Type == Libc.IPV6_HOPLIMIT && value.Length >= sizeof(int))
            {
                _hopLimit = (byte)Unsafe.ReadUnaligned<int>(in value[0]);
                hasHopLimit = true;
            }

            control = control[Math.Min(ControlHeader.Align((int)header.Length), control.Length)..];
        }

        return hasDestination && hasHopLimit;
    }

    private struct Block
    {
        public MessageHeader Message;
        public IoVector Vector;
        public fixed byte Control[ControlBytes];
        public SocketAddressInet6 Source;
    }
}
