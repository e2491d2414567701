using System;

namespace Vrrpd.Core.Config;

/// <summary>
/// What became of a configuration text. The host adds what only it can know (<see cref="With"/>: interfaces, users, script files) and
/// then asks the same questions again.
/// </summary>
public sealed record ConfigResult
{
    /// <summary>Everything that could be understood, for showing even if it cannot run.</summary>
    public DaemonConfig? Config { get; init; }
    public required Diagnostic[] Diagnostics { get; init; }
    public bool CanRun => Config is not null && RunExitStatus == 0;

    /// <summary>
    /// A brace or a quote is missing or too many, so that what follows may have been taken for something else: half a file, or one that is
    /// being written. A daemon that starts makes the best of it, as keepalived does; one that runs has something better.
    /// </summary>
    public bool IsMisread => Array.Exists(Diagnostics, static found => found.Fault is ConfigFault.UnexpectedBrace or ConfigFault.UnmatchedQuote);

    /// <summary>0, or the status with which the daemon refuses to start: 6 for missing files, 2 for the rest.</summary>
    public int RunExitStatus
    {
        get
        {
            int status = 0;
            foreach (Diagnostic found in Diagnostics)
            {
                if (found.PreventsRun)
                {
                    status = Math.Max(status, found.Fault == ConfigFault.FileNotFound ? 6 : 2);
                }
            }

            return status;
        }
    }

    /// <summary>
    /// keepalived's status for -t: a missing parameter ends it at once with 2, a failing include check with 6;
    /// otherwise the class with the highest number decides, whether or not it is the worst.
    /// </summary>
    public int TestExitStatus
    {
        get
        {
            ConfigFault highest = ConfigFault.None;
            foreach (Diagnostic found in Diagnostics)
            {
                if (found.Fault is ConfigFault.MissingParameter or ConfigFault.FileNotFound)
                {
                    return found.Fault == ConfigFault.MissingParameter ? 2 : 6;
                }

                highest = found.Fault > highest ? found.Fault : highest;
            }

            return highest switch
            {
                ConfigFault.None => 0,
                ConfigFault.FileNotFound or ConfigFault.BadInterface or ConfigFault.Fatal => 4,
                ConfigFault.Security => 6,
                _ => 5,
            };
        }
    }

    /// <summary>The same with more findings behind those of the text.</summary>
    public ConfigResult With(ReadOnlySpan<Diagnostic> more)
    {
        Diagnostic[] all = new Diagnostic[Diagnostics.Length + more.Length];
        Diagnostics.CopyTo(all, 0);
        more.CopyTo(all.AsSpan(Diagnostics.Length));
        return this with { Diagnostics = all };
    }
}

/// <summary>Configuration text to model. Never throws for bad input and finds all problems in one go.</summary>
public static class ConfigParser
{
    /// <summary>A bound for what is read into memory: a thousand instances make a third of a megabyte.</summary>
    public const int MaxFileBytes = 16 << 20;

    /// <summary>Reads one file; included files come from the reader, and without a reader an include is an error.</summary>
    public static ConfigResult Parse(ReadOnlyMemory<byte> text, string file, ConfigReader? reader = null) =>
        Parse(Input(text, file, reader), out _);

    public static ConfigResult Parse(ConfigInput input) => Parse(input, out _);

    /// <summary>The same, and the tree that it was made from.</summary>
    internal static ConfigResult Parse(ConfigInput input, out ConfigNode root)
    {
        Findings findings = new();
        root = ConfigLexer.Read(input, findings).Root;
        DaemonConfig config = ConfigBinder.Bind(root, input, findings);
        return new() { Config = config, Diagnostics = findings.ToArray() };
    }

    internal static ConfigInput Input(ReadOnlyMemory<byte> text, string file, ConfigReader? reader) =>
        new(text, file) { Source = reader is null ? null : new ReaderSource(reader) };

    /// <summary>Files by name only.</summary>
    private sealed class ReaderSource(ConfigReader reader) : IConfigSource
    {
        public ConfigFileContent Read(string path) =>
            reader(path) is { } bytes ? new(ConfigFileState.Read, bytes) : new(ConfigFileState.Missing, default);

        public string[]? Match(string directory, string pattern) => null;

        public byte[]? Environment(string name) => null;
    }
}
