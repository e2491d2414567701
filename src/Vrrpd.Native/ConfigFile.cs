using System;
using Vrrpd.Core.Config;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>A configuration file that was read, or the statuses and the lines for one that was not.</summary>
/// <param name="Error">keepalived's line; "" for a file that was read.</param>
/// <param name="Advice">Why, and what to do.</param>
internal readonly record struct ConfigFile(string Path, byte[] Bytes, string Error, string Advice, int TestStatus)
{
    /// <summary>keepalived's status for "no configuration" when it was to run.</summary>
    public const int MissingStatus = 6;

    /// <summary>keepalived's status of -t for a file that is there but cannot be read.</summary>
    private const int UnreadableTestStatus = 4;

    /// <summary>A bound for what is read into memory: a thousand instances make about half a megabyte.</summary>
    private const int MaxBytes = 16 << 20;

    public bool IsRead => Error.Length == 0;

    /// <summary>Reads and understands the file, and adds what the text alone cannot tell: interfaces, users, script files.</summary>
    public ConfigResult Understand(out ScriptCheckResult? scripts)
    {
        ConfigResult result = ConfigParser.Parse(Bytes, Path, Include);
        return result.With(AskHost(result.Config, out scripts));
    }

    /// <summary>What this machine says to a configuration: interfaces, users, script files.</summary>
    public static Diagnostic[] AskHost(DaemonConfig? config, out ScriptCheckResult? scripts)
    {
        scripts = null;
        if (config is null)
        {
            return [];
        }

        Diagnostic[] interfaces = InterfaceCheck.Check(config, InterfaceCheck.KernelFlags, InterfaceCheck.KernelNames());
        scripts = new ScriptSecurity(LinuxFiles.Instance, UserDatabase.Load(), Libc.geteuid(), Libc.getegid()).Check(config);
        return [.. interfaces, .. scripts.Diagnostics];
    }

    /// <summary>The same for a subcommand, which wants to see all of the file; the host's findings apart.</summary>
    public ConfigStudy Study() => ConfigStudy.Of(Bytes, Path, Include);

    public static ConfigFile Load(string path)
    {
        // Followed to its end: a configuration that is a link to a file is usual.
        int error = Libc.Stat(path, true, out FileStatus status) == 0 ? 0 : Errno.Last;
        FileFacts facts = new(status.Mode, status.Uid, status.Gid);
        byte[] bytes = [];

        // keepalived's -t passes for a file that is not there.
        if (error is Errno.ENOENT or Errno.ENOTDIR || path.Length == 0)
        {
            return Bad($"Config files missing '{path}'.", path == CommandLine.DefaultConfigFile ? "write it, or name another with -f"
                : "look at the path after -f", 0);
        }

        if (error == 0 && facts.IsDirectory)
        {
            return Bad($"Configuration file '{path}' is a directory - skipping", "name a file in it after -f", 0);
        }

        if (error == 0 && (!facts.IsRegular || facts.MayExecute(0, 0)))
        {
            return Bad($"Configuration file '{path}' is not a regular non-executable file - skipping",
                facts.IsRegular ? $"take the permission away: chmod a-x {path}" : "copy what it holds to a regular file", 0);
        }

        error = error == 0 ? FileReader.Read(path, MaxBytes, out bytes) : error;
        return error switch
        {
            0 => new ConfigFile(path, bytes, "", "", 0),
            FileReader.EFBIG => Bad($"Unable to read configuration file {path}", $"it is larger than {MaxBytes >> 20} MB", UnreadableTestStatus),
            _ => Bad($"Unable to read configuration file {path}", $"{Errno.Text(error)}, as uid {Libc.geteuid()}", UnreadableTestStatus),
        };

        ConfigFile Bad(string line, string advice, int testStatus) => new(path, [], line, advice, testStatus);
    }

    /// <summary>The same rules hold for included files.</summary>
    private static ReadOnlyMemory<byte>? Include(string path, SourceSpan from)
    {
        ConfigFile file = Load(path);
        return file.IsRead ? file.Bytes : null;
    }
}
