using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Vrrpd.Core.Config;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>The host's files and environment, as the configuration sees them.</summary>
internal sealed unsafe class HostConfigSource : IConfigSource
{
    public static readonly HostConfigSource Instance = new();

    /// <summary>Names that a pattern may match: each is a file that is read.</summary>
    private const int MostNames = 10_000;

    /// <summary>Mode bits: the group or others may read.</summary>
    private const int ForOthers = 0b000_100_100;

    public ConfigFileContent Read(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            return new(ConfigFileState.Missing, default);
        }

        // Followed to its end: a configuration that is a link to a file is usual.
        if (Libc.Stat(path, true, out FileStatus status) != 0)
        {
            int error = Errno.Last;
            return error is Errno.ENOENT or Errno.ENOTDIR ? new(ConfigFileState.Missing, default) : Unreadable(error);
        }

        FileFacts facts = new(status.Mode, status.Uid, status.Gid);
        if (facts.IsDirectory)
        {
            return new(ConfigFileState.Directory, default);
        }

        if (!facts.IsRegular || facts.MayExecute(0, 0))
        {
            return new(ConfigFileState.NotPlain, default, facts.IsRegular ? $"take the permission away: chmod a-x {path}"
                : "copy what it holds to a regular file");
        }

        int failure = FileReader.Read(path, ConfigParser.MaxFileBytes, (int)Math.Min(status.Size, ConfigParser.MaxFileBytes), out byte[] bytes);
        return failure == 0 ? new(ConfigFileState.Read, bytes, IsShared: (status.Mode & ForOthers) != 0) : Unreadable(failure);
    }

    public string[]? Match(string directory, string pattern)
    {
        List<string> found = [];
        string[] parts = pattern.Split('/');
        if (!Match(directory, "", parts, 0, found))
        {
            return null;
        }

        string[] names = found.ToArray();
        Array.Sort(names, string.CompareOrdinal);
        return names;
    }

    byte[]? IConfigSource.Environment(string name)
    {
        fixed (byte* p = NativeText.Terminated(name))
        {
            byte* value = Libc.getenv(p);
            return value == null ? null : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(value).ToArray();
        }
    }

    private static ConfigFileContent Unreadable(int error) => new(ConfigFileState.Unreadable, default,
        error == FileReader.EFBIG ? $"it is larger than {ConfigParser.MaxFileBytes >> 20} MB" : $"{Errno.Text(error)}, as uid {Libc.geteuid()}");

    /// <summary>False if the place where the first wildcard looks does not exist.</summary>
    private static bool Match(string directory, string path, string[] parts, int at, List<string> found)
    {
        while (at < parts.Length && !PathPattern.HasWildcards(parts[at]))
        {
            path += parts[at].Replace("\\", "", StringComparison.Ordinal) + (at + 1 < parts.Length ? "/" : "");
            at++;
        }

        if (at == parts.Length)
        {
            if (Libc.Stat(Full(path), true, out _) == 0 && found.Count < MostNames)
            {
                found.Add(path);
            }

            return true;
        }

        List<string>? names = Names(Full(path));
        foreach (string name in names ?? [])
        {
            if (!PathPattern.Matches(parts[at], name) || found.Count >= MostNames)
            {
                continue;
            }

            if (at + 1 == parts.Length)
            {
                found.Add(path + name);
            }
            else
            {
                _ = Match(directory, path + name + "/", parts, at + 1, found);
            }
        }

        return names is not null;

        string Full(string path) => path.StartsWith('/') ? path : directory.Length + path.Length == 0 ? "." : directory + path;
    }

    /// <summary>What stands in a directory; null if it cannot be read.</summary>
    private static List<string>? Names(string directory)
    {
        int fd = Libc.open(directory, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_DIRECTORY, 0);
        if (fd < 0)
        {
            return null;
        }

        List<string> names = [];
        Span<byte> buffer = new byte[32 * 1024];
        while (true)
        {
            int length;
            fixed (byte* p = buffer)
            {
                length = Libc.GetDirectoryEntries(fd, p, buffer.Length);
            }

            if (length <= 0)
            {
                Libc.close(fd);
                return names;
            }

            for (int at = 0; at < length; at += BitConverter.ToUInt16(buffer[(at + Libc.DirentLength)..]))
            {
                ReadOnlySpan<byte> name = buffer[(at + Libc.DirentName)..];
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    names.Add(ConfigText.Decode(name));
                }
            }
        }
    }
}
