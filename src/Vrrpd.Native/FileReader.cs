using System;

namespace Vrrpd.Native;

/// <summary>Whole files by read(2): works the same for /proc, pipes and regular files, and says errno instead of throwing.</summary>
internal static unsafe class FileReader
{
    /// <summary>errno.h: the file is longer than the caller allows.</summary>
    public const int EFBIG = 27;

    public static int Read(string path, int limit, out byte[] bytes) => Read(path, limit, 16 * 1024, out bytes);

    /// <summary>0 and the bytes, or the errno.</summary>
    /// <param name="expected">The length if it is known, so that a regular file costs one read and no copy.</param>
    public static int Read(string path, int limit, int expected, out byte[] bytes)
    {
        bytes = [];

        // Without waiting for a writer, should the path name a FIFO.
        int fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0);
        if (fd < 0)
        {
            return Errno.Last;
        }

        byte[] buffer = GC.AllocateUninitializedArray<byte>(Math.Max(expected, 1));
        int used = 0, error = 0;
        while (true)
        {
            byte more = 0;
            nint got;
            fixed (byte* target = buffer)
            {
                bool isFull = used == buffer.Length;
                got = Libc.read(fd, isFull ? &more : target + used, (nuint)(isFull ? 1 : buffer.Length - used));
            }

            if (got < 0 && Errno.Last == Errno.EINTR)
            {
                continue;
            }

            if (got <= 0 || used + got > limit)
            {
                error = got > 0 ? EFBIG : got < 0 ? Errno.Last : 0;
                break;
            }

            if (used == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2 + 4096, limit));
                buffer[used] = more;
            }

            used += (int)got;
        }

        Libc.close(fd);
        bytes = error != 0 ? [] : used == buffer.Length ? buffer : buffer[..used];
        return error;
    }
}
