using System;
using System.Text;

namespace Vrrpd.Native.Process;

/// <summary>What the security checks need to know of a file.</summary>
/// <param name="Mode">Type and permission bits of stat(2).</param>
internal readonly record struct FileFacts(ushort Mode, uint Uid, uint Gid)
{
    public bool IsDirectory => (Mode & Libc.S_IFMT) == Libc.S_IFDIR;
    public bool IsLink => (Mode & Libc.S_IFMT) == Libc.S_IFLNK;
    public bool IsRegular => (Mode & Libc.S_IFMT) == Libc.S_IFREG;

    /// <summary>Whether that user may execute the file or search the directory. Root needs only one of the three bits, and none for a directory.</summary>
    public bool MayExecute(uint uid, uint gid)
    {
        int bits = Mode & 0x1ff;
        if (uid == 0)
        {
            return IsDirectory || (bits & 0b001_001_001) != 0;
        }

        int shift = uid == Uid ? 6 : gid == Gid ? 3 : 0;
        return (bits >> shift & 1) != 0;
    }
}

/// <summary>The view of the file system that the checks are made on: the kernel's, or a table in tests.</summary>
internal interface IFiles
{
    /// <summary>Without following a link at the end. 0, or the errno.</summary>
    public int Look(string path, out FileFacts facts);

    public string? LinkTarget(string path);

    /// <summary>PATH of the environment.</summary>
    public string SearchPath { get; }
}

/// <summary>The real file system.</summary>
internal sealed unsafe class LinuxFiles : IFiles
{
    public static readonly LinuxFiles Instance = new();

    /// <summary>What execvp searches when PATH is not set (confstr of both libcs).</summary>
    private const string DefaultPath = "/usr/local/bin:/bin:/usr/bin";

    public string SearchPath => Environment.GetEnvironmentVariable("PATH") ?? DefaultPath;

    public int Look(string path, out FileFacts facts)
    {
        facts = default;
        if (Libc.Stat(path, false, out FileStatus status) != 0)
        {
            return Errno.Last;
        }

        facts = new FileFacts(status.Mode, status.Uid, status.Gid);
        return 0;
    }

    public string? LinkTarget(string path)
    {
        byte* buffer = stackalloc byte[4096];
        nint length = Libc.readlink(path, buffer, 4096);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
    }
}

/// <summary>execvp's search for a name without `/`.</summary>
internal static class PathSearch
{
    public static string? Find(string name, IFiles files)
    {
        foreach (string directory in files.SearchPath.Split(':'))
        {
            // An empty entry means the working directory, which a daemon does not have.
            if (directory.StartsWith('/') && name.Length > 0)
            {
                string path = directory.TrimEnd('/') + "/" + name;
                PathWalk walk = PathWalk.Follow(path, files);
                if (walk.Error == 0 && walk.End.IsRegular && walk.End.MayExecute(0, 0))
                {
                    return path;
                }
            }
        }

        return null;
    }
}
