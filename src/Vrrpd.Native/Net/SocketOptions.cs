namespace Vrrpd.Native.Net;

/// <summary>Socket options that several sockets of the daemon share. 0, or errno.</summary>
internal static unsafe class SocketOptions
{
    public static int Set(int fd, int level, int name, int value) =>
        Libc.setsockopt(fd, level, name, &value, sizeof(int)) == 0 ? 0 : Errno.Last;

    /// <summary>
    /// Makes a socket that only sends deaf: a filter that drops everything, and the smallest buffer the kernel grants. Raw and packet sockets
    /// get copies of whatever arrives for their protocol, and one that nobody reads keeps megabytes for ever.
    /// </summary>
    public static int Deafen(int fd)
    {
        FilterInstruction dropAll = new() { Code = Libc.BPF_RET_K, Operand = 0 };
        FilterProgram program = new() { Length = 1, Instructions = &dropAll };
        if (Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, &program, (uint)sizeof(FilterProgram)) != 0)
        {
            return Errno.Last;
        }

        // 0 becomes SOCK_MIN_RCVBUF.
        int error = Set(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, 0);
        if (error != 0)
        {
            return error;
        }

        // What came between socket() and the filter is thrown away. Bounded: nothing new can arrive.
        byte ignored;
        for (int i = 0; i < 4096 && Libc.recv(fd, &ignored, 1, Libc.MSG_DONTWAIT) >= 0; i++)
        {
        }

        return 0;
    }

    /// <summary>A receive buffer beyond net.core.rmem_max if we may (CAP_NET_ADMIN), else what the limit grants.</summary>
    public static void GrowReceiveBuffer(int fd, int bytes)
    {
        if (Set(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, bytes) != 0)
        {
            _ = Set(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, bytes);
        }
    }

    /// <summary>TC_PRIO_CONTROL (linux/pkt_sched.h): adverts and ARPs go before bulk traffic in the queue of the interface.</summary>
    public static void SetControlPriority(int fd) => _ = Set(fd, Libc.SOL_SOCKET, Libc.SO_PRIORITY, 7);
}
