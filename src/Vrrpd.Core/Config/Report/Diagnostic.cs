namespace Vrrpd.Core.Config;

/// <summary>
/// What a complaint means for <c>--config-test</c>. The order is keepalived's: of all the classes seen the highest decides the
/// exit status, so the numbers matter, not the severity.
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

/// <summary>A station on the way by which text came to where it stands: "from $NAME, defined" or "included", and the place.</summary>
public sealed record TraceStep(string Text, SourceSpan Where)
{
    /// <summary>The text of a step into a file.</summary>
    public const string Included = "included";
}

/// <summary>
/// One finding about a configuration. <see cref="Text"/> is the line in keepalived's words (what tools grep for);
/// <see cref="Explanation"/> says what was expected and suggests a mending; <see cref="SourceLine"/> is the line as it stands in the file.
/// </summary>
public sealed record Diagnostic(SourceSpan Where, Severity Severity, ConfigFault Fault, string Text)
{
    /// <summary>
    /// What kind of finding this is, for programs: lower-case words with '-' between, never changed once published. Without one of its own
    /// a complaint has that of its <see cref="Fault"/>.
    /// </summary>
    public string Code
    {
        get => field.Length > 0 ? field : FindingCode.Of(Fault, StopsRun);
        init;
    } = "";

    public string Explanation { get; init; } = "";

    /// <summary>What to write or do instead; "" when <see cref="Explanation"/> says it or nobody can know.</summary>
    public string Suggestion { get; init; } = "";
    public string SourceLine { get; init; } = "";

    /// <summary>Lines of configuration that do what was meant, to be put into the file; they follow <see cref="Explanation"/>.</summary>
    public string[] Paste { get; init; } = [];

    /// <summary>The line after expansion, if variables or sequences made the word in question; <see cref="Where"/> and
    /// <see cref="SourceLine"/> are then where they were used.</summary>
    public string Expanded { get; init; } = "";

    /// <summary>The word in <see cref="Expanded"/>: first character, from 1, and how many.</summary>
    public int ExpandedColumn { get; init; }
    public int ExpandedLength { get; init; }

    /// <summary>How the text came to where it is used, innermost first.</summary>
    public TraceStep[] Trace { get; init; } = [];

    /// <summary>The complaint about the number itself that keepalived logs one line before <see cref="Text"/>; "" for none.</summary>
    public string Lead { get; init; } = "";

    /// <summary>
    /// A complaint about a number of which keepalived takes what it can: when it is to run, it puts "WARNING - " in front of the line
    /// about the number; under -t the word is absent.
    /// </summary>
    public bool IsLax { get; init; }

    /// <summary>
    /// What only keepalived trips over, because it reads on in the wrong place: said under -t for tools that compare lines, and to nobody
    /// who has to mend the file.
    /// </summary>
    public bool IsEcho { get; init; }

    /// <summary>keepalived says it too, though it is no fault to it: a file to include that is not there.</summary>
    public bool IsTheirs { get; init; }

    /// <summary>keepalived logs <see cref="Text"/> without "(Line N)" in front, because it finds the fault after reading.</summary>
    public bool IsBare { get; init; }

    /// <summary>
    /// The daemon cannot run with this. Apart from <see cref="Fault"/>, because keepalived reports some of these under -t as mere
    /// "errors, but it would run" (a missing virtual_router_id gives 5) and still exits 2 when it is to run.
    /// </summary>
    public bool StopsRun { get; init; }

    internal bool PreventsRun => StopsRun || Fault is ConfigFault.Fatal or ConfigFault.MissingParameter or ConfigFault.FileNotFound;

    /// <summary>The same with the history of the word that it is about.</summary>
    /// <param name="hidesRest">What follows the word may be a password.</param>
    internal Diagnostic From(Word at, bool hidesRest = false)
    {
        if (!at.HasTrace)
        {
            return this;
        }

        Diagnostic traced = this with { Trace = at.Trace };
        return !at.Line.IsExpanded ? traced : traced with
        {
            Expanded = hidesRest ? at.Line.ExpandedUpTo(at.End) : at.Line.Expanded,
            ExpandedColumn = at.ExpandedColumn,
            ExpandedLength = at.ExpandedLength,
        };
    }
}
