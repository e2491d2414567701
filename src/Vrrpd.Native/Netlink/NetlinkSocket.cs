using System;
using System.Runtime.InteropServices;
using Vrrpd.Core;
using Vrrpd.Native.Net;

namespace Vrrpd.Native.Netlink;

/// <summary>What a read from a netlink socket found.</summary>
internal enum NetlinkRead : byte
{
    /// <summary>A datagram of the kernel is in the buffer.</summary>
    Datagram,

    /// <summary>Nothing waits.</summary>
    Empty,

    /// <summary>Something was lost: the socket's buffer ran over, or the datagram was larger than ours.</summary>
    Overrun,

    /// <summary>Not from the kernel, or a passing error: read on.</summary>
    Ignored,
}

/// <summary>A netlink socket (rtnetlink, or netfilter's) with a fixed buffer.</summary>
internal sealed unsafe class NetlinkSocket
{
    /// <summary>The kernel makes no dump datagram larger than this (netlink_dump: min(max_recvmsg_len, 32 KiB)).</summary>
    private const int BufferBytes = 32768;

    /// <summary>Room for a burst: some thousand link and address events, or acknowledgements.</summary>
    private const int ReceiveBufferBytes = 1 << 20;

    /// <summary>Answers to earlier requests that may come before the one that is waited for.</summary>
    private const int MostOtherAnswers = 256;

    // Outside the collector's heap, which would write to all of it: most of this is never touched and costs no memory.
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(BufferBytes);
    private int _length;

    private NetlinkSocket(int fd, uint port)
    {
        Fd = fd;
        Port = port;
    }

    public int Fd { get; private set; }

    /// <summary>Our port id: notifications of what we asked for ourselves carry it.</summary>
    public uint Port { get; }

    /// <summary>The last datagram.</summary>
    public ReadOnlySpan<byte> Bytes => new(_buffer, _length);

    /// <summary>Of rtnetlink, member of these multicast groups (RTMGRP_*). Null means errno.</summary>
    public static NetlinkSocket? Open(uint groups, out int errno) => Open(Libc.NETLINK_ROUTE, groups, out errno);

    /// <summary>Of that protocol (NETLINK_*).</summary>
    public static NetlinkSocket? Open(int protocol, uint groups, out int errno)
    {
        // Blocking by itself, for the first look at start; every later read and write asks for MSG_DONTWAIT.
        int fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol);
        if (fd < 0)
        {
            errno = Errno.Last;
            return null;
        }

        SocketAddressNetlink address = new() { Family = Libc.AF_NETLINK, Groups = groups };
        uint length = (uint)sizeof(SocketAddressNetlink);
        if (Libc.bind(fd, &address, length) != 0 || Libc.getsockname(fd, &address, &length) != 0)
        {
            errno = Errno.Last;
            _ = Libc.close(fd);
            return null;
        }

        SocketOptions.GrowReceiveBuffer(fd, ReceiveBufferBytes);

        // Errors come back without a copy of the request. Older than Linux 4.3 does not know it; then they are merely longer.
        _ = SocketOptions.Set(fd, Libc.SOL_NETLINK, Libc.NETLINK_CAP_ACK, 1);

        // A kernel that does not answer while we wait for it must not hang the start.
        TimeSpec timeout = new() { Seconds = 5 };
        _ = Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, &timeout, (uint)sizeof(TimeSpec));
        errno = 0;
        return new NetlinkSocket(fd, address.Port);
    }

    /// <summary>Sends messages to the kernel, which carries them out before this returns. 0, or errno.</summary>
    public int Send(ReadOnlySpan<byte> messages)
    {
        SocketAddressNetlink kernel = new() { Family = Libc.AF_NETLINK };
        fixed (byte* pointer = messages)
        {
            nint sent = Libc.sendto(Fd, pointer, (nuint)messages.Length, Libc.MSG_DONTWAIT, &kernel, (uint)sizeof(SocketAddressNetlink));
            return sent == messages.Length ? 0 : Errno.Last;
        }
    }

    /// <summary>Asks for all objects of a kind; false if the kernel refuses just now.</summary>
    public bool RequestDump(ushort type, byte family, uint sequence)
    {
        Span<byte> request = stackalloc byte[64];
        NetlinkWriter writer = new(request);
        writer.Begin(type, Libc.NLM_F_REQUEST | Libc.NLM_F_DUMP, sequence);
        if (type == Libc.RTM_GETLINK)
        {
            writer.Append(new LinkHeader { Family = family });
        }
        else
        {
            writer.Append(new AddressHeader { Family = family });
        }

        bool fits = writer.End();
        Invariant.Check(fits);
        return Send(request[..writer.Length]) == 0;
    }

    /// <summary>
    /// The answer to a request: 0 when the kernel has done it, or errno. What answers other requests is passed over.
    /// </summary>
    public int Await(uint sequence)
    {
        for (int i = 0; i < MostOtherAnswers && Receive(wait: true) is NetlinkRead.Datagram or NetlinkRead.Ignored; i++)
        {
            NetlinkReader reader = new(Bytes);
            while (reader.TryNext(out NetlinkMessage message))
            {
                if (message.Header.Type is Libc.NLMSG_ERROR or Libc.NLMSG_DONE && message.Header.Sequence == sequence)
                {
                    return message.Error;
                }
            }
        }

        return Errno.ENOBUFS;
    }

    /// <summary>Reads one datagram.</summary>
    public NetlinkRead Receive(bool wait)
    {
        SocketAddressNetlink from = default;
        uint fromLength = (uint)sizeof(SocketAddressNetlink);
        int flags = Libc.MSG_TRUNC | (wait ? 0 : Libc.MSG_DONTWAIT);
        _length = 0;
        nint length = Libc.recvfrom(Fd, _buffer, BufferBytes, flags, &from, &fromLength);
        if (length < 0)
        {
            return Errno.Last switch
            {
                Errno.EAGAIN => NetlinkRead.Empty,
                Errno.ENOBUFS => NetlinkRead.Overrun,
                _ => NetlinkRead.Ignored,
            };
        }

        // Any process may send to our port; only the kernel is believed.
        if (from.Family != Libc.AF_NETLINK || from.Port != 0)
        {
            return NetlinkRead.Ignored;
        }

        if (length > BufferBytes)
        {
            return NetlinkRead.Overrun;
        }

        _length = (int)length;
        return NetlinkRead.Datagram;
    }

    public void Close()
    {
        if (Fd >= 0)
        {
            _ = Libc.close(Fd);
            NativeMemory.Free(_buffer);
            _length = 0;
            Fd = -1;
        }
    }
}
