using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>What a lint works with: the file as <see cref="LintModel"/> and a place for its findings.</summary>
internal sealed class LintContext(LintModel model)
{
    private readonly List<Diagnostic> _found = [];
    private readonly HashSet<string> _once = [];

    public LintModel Model { get; } = model;

    /// <summary>A file of ten thousand instances does not need the same advice ten thousand times.</summary>
    public bool IsFull => _found.Count >= Findings.Capacity;

    /// <param name="why">Instead of the rule's, where more is known.</param>
    /// <param name="fix">Instead of the rule's, where more is known.</param>
    public void Add(LintRule rule, Word at, string message, string why = "", string fix = "")
    {
        if (IsFull)
        {
            return;
        }

        _found.Add(new(at.Where, rule.Severity, ConfigFault.None, message)
        {
            Code = rule.Code,
            Explanation = why.Length > 0 ? why : rule.Why,
            Suggestion = fix.Length > 0 ? fix : rule.Fix,
            SourceLine = at.Line.Shown,
        });
    }

    /// <summary>For what is true of many lines and needs saying at the first.</summary>
    public void AddOnce(LintRule rule, Word at, string message, string why = "", string fix = "")
    {
        if (_once.Add(rule.Code))
        {
            Add(rule, at, message, why, fix);
        }
    }

    public Diagnostic[] ToArray() => _found.ToArray();
}
