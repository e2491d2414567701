using System;
using System.Globalization;
using System.Text;

namespace Vrrpd.Native;

/// <summary>How taking a pid file ended.</summary>
internal enum PidFileOutcome : byte
{
    Taken,

    /// <summary>Somebody else holds the lock.</summary>
    Running,

    /// <summary>keepalived, which does not lock, lives and has written its pid there.</summary>
    Keepalived,

    /// <summary>The file cannot be made or written.</summary>
    Refused,
}

/// <summary>
/// A pid file that is locked for as long as we live. The lock belongs to the open file (OFD), so it ends with us however we end, and a
/// file without lock is a leftover.
/// </summary>
internal sealed unsafe class PidFile : IDisposable
{
    /// <summary>rw-r--r--: service managers of other users read it.</summary>
    private const uint Mode = 0b110_100_100;

    private int _fd;

    private PidFile(string path, int fd, bool wasStale)
    {
        (Path, _fd, WasStale) = (path, fd, wasStale);
    }

    public string Path { get; }

    /// <summary>A daemon that was killed had left it.</summary>
    public bool WasStale { get; }

    /// <summary>Makes, locks and writes the file; <paramref name="errno"/> says why it was refused.</summary>
    public static PidFileOutcome Take(string path, int pid, out PidFile? file, out int errno)
    {
        file = null;
        while (true)
        {
            bool existed = Libc.Stat(path, false, out _) == 0;
            int fd = Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC | Libc.O_NOFOLLOW, Mode);
            errno = fd < 0 ? Errno.Last : 0;
            if (fd < 0)
            {
                return PidFileOutcome.Refused;
            }

            FileLock whole = new() { Type = Libc.F_WRLCK };
            if (Libc.fcntl(fd, Libc.F_OFD_SETLK, (nint)(&whole)) != 0)
            {
                errno = Errno.Last;
                Libc.close(fd);
                return errno is Errno.EAGAIN or Errno.EACCES ? PidFileOutcome.Running : PidFileOutcome.Refused;
            }

            // A daemon that was stopping may have removed the file between our open and our lock: then ours is nobody's file any more.
            if (Libc.Stat(path, false, out FileStatus named) != 0 || Libc.Stat(fd, out FileStatus opened) != 0
                || named.Inode != opened.Inode || named.DeviceMajor != opened.DeviceMajor || named.DeviceMinor != opened.DeviceMinor)
            {
                Libc.close(fd);
                continue;
            }

            if (existed && IsKeepalived(path))
            {
                Libc.close(fd);
                return PidFileOutcome.Keepalived;
            }

            if (!Write(fd, pid))
            {
                errno = Errno.Last;
                Libc.close(fd);
                return PidFileOutcome.Refused;
            }

            file = new PidFile(path, fd, existed);
            return PidFileOutcome.Taken;
        }
    }

    /// <summary>Removes the file while it is still locked, so that nobody can take it in between.</summary>
    public void Dispose()
    {
        if (_fd >= 0)
        {
            Libc.unlink(Path);
            Libc.close(_fd);
            _fd = -1;
        }
    }

    /// <summary>Taking over from a daemon that still runs would make two masters of one host.</summary>
    private static bool IsKeepalived(string path)
    {
        const int Enough = 64;
        return FileReader.Read(path, Enough, out byte[] text) == 0
            && int.TryParse(Encoding.ASCII.GetString(text).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            && FileReader.Read($"/proc/{pid}/comm", Enough, out byte[] name) == 0 && name.AsSpan().SequenceEqual("keepalived\n"u8);
    }

    private static bool Write(int fd, int pid)
    {
        byte[] text = Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture) + "\n");
        fixed (byte* p = text)
        {
            // The mode again: our umask hides the file from others.
            return Libc.ftruncate(fd, 0) == 0 && Libc.write(fd, p, (nuint)text.Length) == text.Length && Libc.fchmod(fd, Mode) == 0;
        }
    }
}
