using System;
using System.Text;

namespace Vrrpd.Native;

/// <summary>
/// The way to whoever started us, for what ends a start. Where the log goes to the console it is there already; otherwise standard error,
/// and for the daemon in the background, until it is ready, the pipe to the process that was started.
/// </summary>
internal sealed unsafe class Terminal(CommandLine line)
{
    private const int StandardError = 2;

    /// <summary>No text ends with it.</summary>
    public const byte ReadyByte = 1;

    private int _fd = line.ReadyFd >= 0 ? line.ReadyFd : line.Console && line.Foreground ? -1 : StandardError;

    /// <summary>A line or lines, without the last end of line.</summary>
    public void Say(string text)
    {
        if (_fd >= 0)
        {
            Write(_fd, text + "\n");
        }
    }

    /// <summary>From now on the log is all there is; the first process may go.</summary>
    public void Ready()
    {
        if (_fd > StandardError)
        {
            byte word = ReadyByte;
            Libc.write(_fd, &word, 1);
            Libc.close(_fd);
        }

        _fd = -1;
    }

    public static void Write(int fd, string text) => Write(fd, Encoding.UTF8.GetBytes(text));

    public static void Write(int fd, ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 0)
        {
            fixed (byte* p = rest)
            {
                nint written = Libc.write(fd, p, (nuint)rest.Length);
                if (written <= 0 && Errno.Last != Errno.EINTR)
                {
                    return;
                }

                rest = rest[(int)Math.Max(written, 0)..];
            }
        }
    }
}
