namespace Vrrpd.Core.Config;

/// <summary>
/// One trap: what it looks like, what comes of it and how to mend it. A lint is advice of our own; it never changes what the daemon does
/// or the verdict of -t.
/// </summary>
/// <param name="Code">For programs and for looking it up; never changed once published.</param>
/// <param name="Severity">A note tells something worth knowing, a warning something that is hardly meant.</param>
/// <param name="What">The trap in a few words, for the list of all.</param>
public sealed record LintRule(string Code, Severity Severity, string What, string Why, string Fix)
{
    /// <summary>keepalived complains of the same word too: the two become one finding, its line and our explanation.</summary>
    public bool IsComplaint { get; init; }

    /// <summary>Parts of keepalived's lines about the same, where it finds that after reading and names the instance only.</summary>
    public string[] Says { get; init; } = [];
}
