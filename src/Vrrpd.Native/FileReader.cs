using System;

namespace Vrrpd.Native;

/// <summary>Whole files by read(2): works the same for /proc, pipes and regular files, and says errno instead of throwing.</summary>
internal static unsafe class FileReader
{
    /// <summary>errno.h: the file is longer than the caller allows.</summary>
    public const int EFBIG = 27;

    /// <summary>0 and the bytes, or the errno.</summary>
    public static int Read(string path, int limit, out byte[] bytes)
    {
        bytes = [];

        // Without waiting for a writer, should the path name a FIFO.
        int fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0);
        if (fd < 0)
        {
            return Errno.Last;
        }

        byte[] buffer = new byte[Math.Min(16 * 1024, limit + 1)];
        int used = 0;
        while (true)
        {
            if (used == buffer.Length)
            {
                // One byte more than allowed tells that there is more; a file of any length costs no more memory than that.
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, limit + 1));
            }

            nint got;
            fixed (byte* target = &buffer[used])
            {
                got = Libc.read(fd, target, (nuint)(buffer.Length - used));
            }

            if (got > 0)
            {
                used += (int)got;
                if (used <= limit)
                {
                    continue;
                }
            }

            int error = got > 0 ? EFBIG : got < 0 ? Errno.Last : 0;
            if (error == Errno.EINTR)
            {
                continue;
            }

            Libc.close(fd);
            bytes = error == 0 ? buffer[..used] : [];
            return error;
        }
    }
}
