using System;
using System.Runtime;
using Vrrpd.Core.Config;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>A configuration file that was read, or the statuses and the lines for one that was not.</summary>
/// <param name="Error">keepalived's line; "" for a file that was read.</param>
/// <param name="Advice">Why, and what to do.</param>
internal readonly record struct ConfigFile(string Path, ReadOnlyMemory<byte> Bytes, string Error, string Advice, int TestStatus)
{
    /// <summary>keepalived's status for "no configuration" when it was to run.</summary>
    public const int MissingStatus = 6;

    /// <summary>keepalived's status of -t for a file that is there but cannot be read.</summary>
    private const int UnreadableTestStatus = 4;

    /// <summary>A file up to this many bytes causes no collection.</summary>
    private const int SmallFile = 16 * 1024;

    /// <summary>What a byte of the file comes to in memory at most, and how much memory in all is left alone.</summary>
    private const int RoomPerByte = 32, MostRoom = 64 << 20;

    /// <summary>What a byte of the file usually comes to: in objects, and in tables with itself.</summary>
    private const int ObjectsPerByte = 6, TablesPerByte = 4;

    /// <summary>An array of so many bytes lies where the tables will.</summary>
    private const int LargeArray = 85_000;

    public bool IsRead => Error.Length == 0;

    /// <summary>Reads and understands the file, and adds what the text alone cannot tell: interfaces, users, script files.</summary>
    public ConfigResult Understand(string? id, bool checksIncludes, out ScriptCheckResult? scripts)
    {
        bool isUnhindered = HoldCollections(Bytes.Length);
        ConfigResult result = ConfigParser.Parse(Input(id, checksIncludes));
        result = result.With(AskHost(result.Config, out scripts));
        if (isUnhindered && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
        {
            GC.EndNoGCRegion();
        }

        return result;
    }

    /// <summary>Nearly all of what is made of a file stays: to collect meanwhile would only move it about.</summary>
    private static bool HoldCollections(long bytes) => bytes > SmallFile && bytes * RoomPerByte < MostRoom
        && GCSettings.LatencyMode != GCLatencyMode.NoGCRegion && GC.TryStartNoGCRegion(bytes * RoomPerByte);

    /// <summary>What the text means on this host.</summary>
    /// <param name="id">The config-id; null for the host's name.</param>
    /// <param name="checksIncludes">An include that finds nothing is a fault.</param>
    private ConfigInput Input(string? id, bool checksIncludes) => new(Bytes, Path)
    {
        Source = HostConfigSource.Instance,
        ConfigId = id ?? NodeName(),
        Directory = Path.StartsWith('/') ? "" : WorkingDirectory(),
        Seed = Now(),
        Checks = checksIncludes ? IncludeChecks.All : IncludeChecks.None,
    };

    /// <summary>What this machine says to a configuration: interfaces, users, script files.</summary>
    public static Diagnostic[] AskHost(DaemonConfig? config, out ScriptCheckResult? scripts)
    {
        scripts = null;
        if (config is null)
        {
            return [];
        }

        // Which names there are is asked when there is somebody to tell.
        Diagnostic[] interfaces = InterfaceCheck.Check(config, InterfaceCheck.KernelFlags, []);
        if (interfaces.Length > 0)
        {
            interfaces = InterfaceCheck.Check(config, InterfaceCheck.KernelFlags, InterfaceCheck.KernelNames());
        }

        scripts = new ScriptSecurity(LinuxFiles.Instance, UserDatabase.OfHost(), Libc.geteuid(), Libc.getegid()).Check(config);
        Diagnostic[] names = RouteNameCheck.Check(config, RouteNameCheck.FromDisk);
        bool isStopped = Array.Exists(interfaces, static found => found.IsBare && found.Where.Line == 0);
        return [.. interfaces, .. names, .. isStopped ? Array.ConvertAll(scripts.Diagnostics, Unjudged) : scripts.Diagnostics];
    }

    /// <summary>keepalived gives up over a missing interface before it looks at scripts: what they are is no verdict then.</summary>
    private static Diagnostic Unjudged(Diagnostic found) =>
        found.Fault == ConfigFault.Security ? found with { Fault = ConfigFault.None } : found;

    /// <summary>The same for a subcommand, which wants to see all of the file; the host's findings apart.</summary>
    public ConfigStudy Study(string? id, bool checksIncludes) => ConfigStudy.Of(Input(id, checksIncludes));

    /// <summary>For a process that ends when it has told what it found: the file and what is made of it get memory all at once.</summary>
    public static ConfigFile LoadBriefly(string path)
    {
        if (Libc.Stat(path, true, out FileStatus status) == 0 && HoldCollections((long)status.Size))
        {
            LargePages.Wish(new byte[1], (long)status.Size * ObjectsPerByte);
            LargePages.Wish(GC.AllocateUninitializedArray<byte>(LargeArray), (long)status.Size * TablesPerByte);
        }

        return Load(path);
    }

    public static ConfigFile Load(string path)
    {
        ConfigFileContent content = HostConfigSource.Instance.Read(path);
        return content.State switch
        {
            ConfigFileState.Read => new(path, content.Bytes, "", "", 0),

            // keepalived's -t passes for a file that is not there.
            ConfigFileState.Missing => Bad($"Config files missing '{path}'.", path == CommandLine.DefaultConfigFile
                ? "write it, or name another with -f" : "look at the path after -f", 0),
            ConfigFileState.Directory => Bad($"Configuration file '{path}' is a directory - skipping", "name a file in it after -f", 0),
            ConfigFileState.NotPlain => Bad($"Configuration file '{path}' is not a regular non-executable file - skipping", content.Reason, 0),
            _ => Bad($"Unable to read configuration file {path}", content.Reason, UnreadableTestStatus),
        };

        ConfigFile Bad(string line, string advice, int testStatus) => new(path, default, line, advice, testStatus);
    }

    /// <summary>The config-id of a host that is not told another: its name up to the first dot.</summary>
    private static unsafe string NodeName()
    {
        Span<byte> names = new byte[6 * Libc.UtsField];
        fixed (byte* p = names)
        {
            // sysname, nodename.
            ReadOnlySpan<byte> name = Libc.uname(p) == 0 ? names.Slice(Libc.UtsField, Libc.UtsField) : [];
            int end = name.IndexOfAny((byte)'.', (byte)0);
            return ConfigText.Decode(end < 0 ? name : name[..end]);
        }
    }

    private static unsafe string WorkingDirectory()
    {
        Span<byte> path = new byte[4096];
        fixed (byte* p = path)
        {
            return Libc.getcwd(p, (nuint)path.Length) == null ? "" : ConfigText.Decode(path[..path.IndexOf((byte)0)]);
        }
    }

    /// <summary>Another seed each time, unless the configuration says random_seed.</summary>
    private static unsafe ulong Now()
    {
        TimeSpec time;
        _ = Libc.clock_gettime(Libc.CLOCK_BOOTTIME, &time);
        return (ulong)time.Seconds * 1_000_000_000 + (ulong)time.Nanoseconds;
    }
}
