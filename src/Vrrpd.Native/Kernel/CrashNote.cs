using System;
using System.Collections.Generic;
using System.Text;

namespace Vrrpd.Native.Kernel;

/// <summary>
/// What must be undone in the kernel should we be killed: a file beside the pid file, one line per thing, written before the thing is done
/// and removed when all is undone. Who starts next reads it and knows what was changed and from what. It is believed only in the network
/// namespace it was written in.
/// </summary>
internal sealed unsafe class CrashNote : IDisposable
{
    /// <summary>Some ten thousand interfaces.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>rw-------.</summary>
    private const uint Mode = 0b110_000_000;

    private readonly string _path;
    private readonly string _namespace = "netns " + NetworkNamespace();
    private int _fd = -1;

    private CrashNote(string path)
    {
        _path = path;
    }

    public string Path => _path;

    /// <summary>The lines of a daemon that was killed, each split into its words.</summary>
    public List<string[]> Left { get; } = [];

    /// <summary>0, or why nothing can be noted: the first errno.</summary>
    public int Error { get; private set; }

    /// <summary>Reads what a killed daemon left. "" notes nothing.</summary>
    public static CrashNote Open(string path)
    {
        CrashNote note = new(path);
        if (path.Length == 0 || FileReader.Read(path, MostBytes, out byte[] bytes) != 0)
        {
            return note;
        }

        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
        if (lines[0] == note._namespace)
        {
            for (int i = 1; i < lines.Length; i++)
            {
                // A last line without its end was never acted upon.
                if (lines[i].Length > 0 && i < lines.Length - 1)
                {
                    note.Left.Add(lines[i].Split(' '));
                }
            }
        }

        return note;
    }

    /// <summary>The note of the daemon with that pid file.</summary>
    public static string PathBeside(string pidFile) =>
        (pidFile.EndsWith(".pid", StringComparison.Ordinal) ? pidFile[..^4] : pidFile) + ".undo";

    /// <summary>Adds a line before what it tells is done. Words have no blanks.</summary>
    public void Add(string line)
    {
        if (_path.Length == 0 || Error != 0)
        {
            return;
        }

        if (_fd < 0)
        {
            // What was left is in the lists of those whom it concerns, and is said anew when they go on with it.
            _fd = Libc.open(_path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND | Libc.O_CLOEXEC | Libc.O_NOFOLLOW, Mode);
            if (_fd < 0)
            {
                Error = Errno.Last;
                return;
            }

            if (Left.Count == 0)
            {
                _ = Libc.ftruncate(_fd, 0);
                Write(_namespace);
            }
        }

        Write(line);
    }

    /// <summary>Everything is undone.</summary>
    public void Remove()
    {
        Dispose();
        if (_path.Length > 0)
        {
            _ = Libc.unlink(_path);
        }
    }

    public void Dispose()
    {
        if (_fd >= 0)
        {
            _ = Libc.close(_fd);
            _fd = -1;
        }
    }

    private void Write(string line)
    {
        byte[] text = Encoding.UTF8.GetBytes(line + "\n");
        fixed (byte* p = text)
        {
            if (Libc.write(_fd, p, (nuint)text.Length) != text.Length && Error == 0)
            {
                Error = Errno.Last;
            }
        }
    }

    /// <summary>The cookie, which no other namespace gets before the machine starts anew; before Linux 5.14 the inode.</summary>
    private static string NetworkNamespace()
    {
        int fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, Libc.NETLINK_ROUTE);
        if (fd >= 0)
        {
            ulong cookie = 0;
            uint length = sizeof(ulong);
            int error = Libc.getsockopt(fd, Libc.SOL_SOCKET, Libc.SO_NETNS_COOKIE, &cookie, &length);
            _ = Libc.close(fd);
            if (error == 0)
            {
                return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cookie {cookie}");
            }
        }

        byte* target = stackalloc byte[64];
        nint size = Libc.readlink("/proc/self/ns/net", target, 64);
        return size < 0 ? "unknown" : Encoding.UTF8.GetString(target, (int)size);
    }
}
