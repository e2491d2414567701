namespace Vrrpd.Core.Config;

/// <summary>
/// What a complaint means for <c>--config-test</c>. The order is keepalived's: of all the classes seen the highest decides the
/// exit status (KEEPALIVED.md 1.9), so the numbers matter, not the severity.
/// </summary>
public enum ConfigFault : byte
{
    /// <summary>Advice of our own that keepalived does not give: never changes the exit status.</summary>
    None,
    FileNotFound,
    BadInterface,
    Fatal,
    MultipleFiles,
    UnknownKeyword,
    UnexpectedBrace,
    UnmatchedQuote,
    MissingParameter,
    InvalidNumber,
    General,
    Warning,
    Deprecated,
    Security,
}

public enum Severity : byte
{
    Note,
    Warning,
    Error,
}

/// <summary>Where a piece of text stands. Lines and columns count from 1; columns and lengths are characters.</summary>
public readonly record struct SourceSpan(string File, int Line, int Column, int Length)
{
    public static readonly SourceSpan None = new("", 0, 0, 0);
}

/// <summary>
/// One finding about a configuration. <see cref="Text"/> is the line in keepalived's words (what tools grep for);
/// <see cref="Explanation"/> says what was expected and suggests a mending; <see cref="SourceLine"/> is the line as it stands in the file.
/// </summary>
public sealed record Diagnostic(SourceSpan Where, Severity Severity, ConfigFault Fault, string Text)
{
    public string Explanation { get; init; } = "";
    public string SourceLine { get; init; } = "";
}
