using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>Where a value comes from.</summary>
internal enum ValueSource : byte
{
    Written,
    Default,

    /// <summary>A keyword of global_defs.</summary>
    Inherited,
}

/// <summary>A statement, a block or a line of data that counts.</summary>
internal sealed class EffectiveNode
{
    /// <summary>"" for a line of data.</summary>
    public string Keyword { get; init; } = "";

    /// <summary>The words behind the keyword, or all of a line of data, as a configuration has to write them: with quotes.</summary>
    public string[] Written { get; init; } = [];

    /// <summary>The stretch of its line that they come from; "" if there is none, or it must not be shown.</summary>
    public string Raw { get; init; } = "";

    /// <summary>The same as they are meant.</summary>
    public string[] Meant { get; init; } = [];
    public bool IsBlock { get; init; }
    public ValueSource Source { get; init; }

    /// <summary>Where it stands, or the inherited value; none for a default.</summary>
    public SourceSpan Where { get; init; } = SourceSpan.None;

    /// <summary>The variables and included files by which it came to stand there.</summary>
    public TraceStep[] Trace { get; init; } = [];

    /// <summary>The keyword that it was inherited from, or what a default depends on; "" for none.</summary>
    public string From { get; init; } = "";
    public List<EffectiveNode> Children { get; } = [];
}
