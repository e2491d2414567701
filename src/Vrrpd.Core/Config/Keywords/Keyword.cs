namespace Vrrpd.Core.Config;

/// <summary>Where a keyword may stand.</summary>
public enum ConfigBlock : byte
{
    Root,
    GlobalDefs,
    Script,
    Instance,
    Authentication,
    Addresses,
    TrackScript,

    /// <summary>The inside of a block that is not served: only its braces are counted.</summary>
    Skipped,
}

public enum KeywordForm : byte
{
    Statement,

    /// <summary>Holds keywords.</summary>
    Block,

    /// <summary>Holds data, one entry a line.</summary>
    Values,
}

public enum ArgumentKind : byte
{
    None,
    Text,
    Choice,
    Interface,
    Address,
    User,

    /// <summary>A whole number; trailing junk makes it worthless.</summary>
    Number,

    /// <summary>A whole number; trailing junk is reported and cut off, as keepalived does when it runs.</summary>
    LaxNumber,

    /// <summary>Seconds with decimals; bounds in microseconds; trailing junk as with <see cref="LaxNumber"/>.</summary>
    Seconds,

    /// <summary>A command with quoting of its own, see <see cref="ScriptCommand"/>.</summary>
    Command,
}

/// <summary>What happens when a keyword that may stand once is written again.</summary>
public enum RepeatRule : byte
{
    LastWins,
    FirstWins,
    Adds,
}

public enum KeywordSupport : byte
{
    Served,

    /// <summary>Asks for what is done anyway.</summary>
    Default,

    /// <summary>Understood, reported once, without effect.</summary>
    NotYet,

    /// <summary>Going on would put wrong things on the wire: the configuration cannot be served.</summary>
    Refused,
}

/// <summary>What the binder does with a served keyword. The same number in two blocks means the same thing at two levels.</summary>
public enum KeywordId : byte
{
    None,
    GlobalDefs,
    RouterId,
    ScriptUser,
    ScriptSecurity,
    Version,
    DefaultInterface,
    GarpDelay,
    GarpRepeat,
    GarpRefresh,
    GarpRefreshRepeat,
    GarpLowerDelay,
    GarpLowerRepeat,
    VrrpScript,
    Command,
    Interval,
    Timeout,
    Weight,
    Rise,
    Fall,
    User,
    VrrpInstance,
    State,
    Interface,
    SourceAddress,
    Vrid,
    Priority,
    AdvertInterval,
    Authentication,
    AuthType,
    AuthPass,
    Addresses,
    TrackScript,
}

/// <summary>A row of the keyword table: everything there is to know about a keyword except what it does.</summary>
public sealed record Keyword(ConfigBlock Where, string Name)
{
    public KeywordId Id { get; init; }
    public KeywordForm Form { get; init; }

    /// <summary>What the braces hold, for a block.</summary>
    public ConfigBlock Opens { get; init; } = ConfigBlock.Skipped;
    public ArgumentKind Kind { get; init; }

    /// <summary>The arguments as a manual would show them.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Words without which keepalived gives up (exit 2).</summary>
    public int Mandatory { get; init; }

    /// <summary>Words that are read; more are reported and ignored.</summary>
    public int Most { get; init; }
    public long Min { get; init; }
    public long Max { get; init; }
    public RepeatRule Repeat { get; init; }
    public KeywordSupport Support { get; init; }

    /// <summary>Of a refused keyword: the first arguments with which it asks for nothing new, separated by blanks.</summary>
    public string Harmless { get; init; } = "";

    /// <summary>What it is for; of one that is not served, what follows from that.</summary>
    public string Help { get; init; } = "";
}
