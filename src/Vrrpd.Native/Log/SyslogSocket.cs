using System;
using System.Runtime.InteropServices;
using System.Text;
using Vrrpd.Core;

namespace Vrrpd.Native.Log;

/// <summary>
/// A datagram socket to the syslog daemon that never waits. The daemon may come later, restart or go: connecting is tried again with the next
/// line, but not more than once a second.
/// </summary>
internal sealed unsafe partial class SyslogSocket : IDisposable
{
    private const int AF_UNIX = 1, SOCK_DGRAM = 2, SOCK_CLOEXEC = 0x80000, SOCK_NONBLOCK = 0x800, MSG_NOSIGNAL = 0x4000, MSG_DONTWAIT = 0x40;
    private const int ENOTCONN = 107;

    /// <summary>sizeof(struct sockaddr_un): family and a path of 108 bytes.</summary>
    private const int AddressLength = 110;

    private readonly byte[] _address = new byte[AddressLength];
    private int _fd = -1;
    private long _triedAt = long.MinValue;

    public SyslogSocket(string path = "/dev/log")
    {
        Invariant.Check(Encoding.UTF8.GetByteCount(path) < AddressLength - 2);
        _address[0] = AF_UNIX;
        Encoding.UTF8.GetBytes(path, _address.AsSpan(2));
    }

    /// <summary>False when the line is lost.</summary>
    public bool Send(ReadOnlySpan<byte> line, long second)
    {
        // Twice: a restarted syslog daemon refuses the old connection once.
        for (int attempt = 0; attempt < 2; attempt++)
        {
            if (_fd < 0 && !Connect(second))
            {
                return false;
            }

            fixed (byte* p = line)
            {
                if (send(_fd, p, (nuint)line.Length, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
                {
                    return true;
                }
            }

            if (Errno.Last is not (Errno.ECONNREFUSED or ENOTCONN or Errno.EPIPE or Errno.ENOENT))
            {
                return false;
            }

            Dispose();
            _triedAt = long.MinValue;
        }

        return false;
    }

    public void Dispose()
    {
        if (_fd >= 0)
        {
            Libc.close(_fd);
            _fd = -1;
        }
    }

    private bool Connect(long second)
    {
        if (second == _triedAt)
        {
            return false;
        }

        _triedAt = second;
        _fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        fixed (byte* address = _address)
        {
            if (_fd >= 0 && connect(_fd, address, AddressLength) != 0)
            {
                Dispose();
            }
        }

        return _fd >= 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int fd, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int fd, byte* buffer, nuint length, int flags);
}
