using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>What a lint works with: the file as <see cref="LintModel"/> and a place for its findings.</summary>
internal sealed class LintContext(LintModel model)
{
    /// <summary>Findings of one rule that are shown: a file of ten thousand instances does not need the same advice ten thousand times.</summary>
    private const int MostWarnings = 100, MostNotes = 10;

    private readonly List<Diagnostic> _found = [];
    private readonly Dictionary<LintRule, int> _counts = [];

    public LintModel Model { get; } = model;

    /// <param name="why">Instead of the rule's, where more is known.</param>
    /// <param name="fix">Instead of the rule's, where more is known.</param>
    public void Add(LintRule rule, Word at, string message, string why = "", string fix = "")
    {
        int count = _counts.GetValueOrDefault(rule) + 1;
        _counts[rule] = count;
        if (count > Most(rule))
        {
            return;
        }

        _found.Add(new Diagnostic(at.Where, rule.Severity, ConfigFault.None, message)
        {
            Code = rule.Code,
            Explanation = why.Length > 0 ? why : rule.Why,
            Suggestion = fix.Length > 0 ? fix : rule.Fix,
            SourceLine = at.Line.Shown,
        }.From(at));
    }

    /// <summary>For what is true of many lines and needs saying at the first.</summary>
    public void AddOnce(LintRule rule, Word at, string message, string why = "", string fix = "")
    {
        if (!_counts.ContainsKey(rule))
        {
            Add(rule, at, message, why, fix);
        }
    }

    public Diagnostic[] ToArray()
    {
        foreach ((LintRule rule, int count) in _counts)
        {
            if (count > Most(rule))
            {
                string text = $"{count - Most(rule)} more findings of {rule.Code} are not shown";
                _found.Add(new(SourceSpan.None, Severity.Note, ConfigFault.None, text) { Code = rule.Code, Explanation = rule.Why, Suggestion = rule.Fix });
            }
        }

        return _found.ToArray();
    }

    private static int Most(LintRule rule) => rule.Severity == Severity.Note ? MostNotes : MostWarnings;
}
