using System;

namespace Vrrpd.Core.Config;

/// <summary>What became of opening a file of the configuration.</summary>
public enum ConfigFileState : byte
{
    Read,
    Missing,
    Directory,

    /// <summary>Not a regular file, or one that somebody may execute: not taken for a configuration.</summary>
    NotPlain,
    Unreadable,
}

/// <param name="Bytes">Empty unless it was read.</param>
/// <param name="Reason">Of an unreadable file: why, in words.</param>
/// <param name="IsShared">Others than its owner may read it, which matters to a key.</param>
public readonly record struct ConfigFileContent(ConfigFileState State, ReadOnlyMemory<byte> Bytes, string Reason = "", bool IsShared = false);

/// <summary>Where included files and environment variables come from: the host's file system, or a test's dictionary.</summary>
public interface IConfigSource
{
    public ConfigFileContent Read(string path);

    /// <summary>
    /// The names in (or relative to) a directory that a pattern of '*', '?' and '[]' matches, sorted by their bytes, each written as the
    /// pattern is; braces have been resolved. The directory has a '/' at its end, or is empty. Null if the place to look in does not exist.
    /// </summary>
    public string[]? Match(string directory, string pattern);

    /// <summary>The bytes of an environment variable; null if there is none of that name.</summary>
    public byte[]? Environment(string name);
}

/// <summary>What an include checks, and what include_check and -e say of all of them.</summary>
[Flags]
public enum IncludeChecks : byte
{
    None = 0,

    /// <summary>A file that matches can be read.</summary>
    Read = 1,

    /// <summary>A name without wildcards exists.</summary>
    Match = 2,

    /// <summary>A pattern with wildcards matches something.</summary>
    WildcardMatch = 4,

    /// <summary>Each alternative in braces matches something.</summary>
    BraceMatch = 8,
    All = Read | Match | WildcardMatch | BraceMatch,
}

/// <summary>Everything that the meaning of a configuration text depends on.</summary>
/// <param name="Text">The main file.</param>
/// <param name="File">Its name, as complaints call it; included files are looked for beside it.</param>
public sealed record ConfigInput(ReadOnlyMemory<byte> Text, string File)
{
    /// <summary>Null: an include is an error.</summary>
    public IConfigSource? Source { get; init; }

    /// <summary>Lines that begin with @ID are for this id only: -i, else the host's node name up to its first '.'.</summary>
    public string ConfigId { get; init; } = "";

    /// <summary>What a relative <see cref="File"/> is relative to, for ${_PWD}.</summary>
    public string Directory { get; init; } = "";

    /// <summary>For ${_RANDOM}, unless random_seed says another.</summary>
    public ulong Seed { get; init; }

    /// <summary>From the start: all of them with -e.</summary>
    public IncludeChecks Checks { get; init; }
}
