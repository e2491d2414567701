using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// Everything there is to say about a configuration, as `vrrpd check` says it: keepalived's complaints and our lints in the order of the
/// file, with the weight they have for whoever wrote it. That is not always what -t makes of them: keepalived goes on after an unknown
/// keyword, so here that is a warning, and an error when warnings count.
/// </summary>
public sealed class CheckReport
{
    /// <summary>Exit statuses of `vrrpd check`; they are documented and stay.</summary>
    public const int CleanStatus = 0, WarningStatus = 1, ErrorStatus = 2, UnreadableStatus = 6;

    private CheckReport(string file, Diagnostic[] findings, bool isStrict, bool isUnreadable, bool canRun)
    {
        (File, Findings, CanRun) = (file, findings, canRun);
        foreach (Diagnostic found in findings)
        {
            Errors += found.Severity == Severity.Error ? 1 : 0;
            Warnings += found.Severity == Severity.Warning ? 1 : 0;
            Notes += found.Severity == Severity.Note ? 1 : 0;
        }

        ExitStatus = isUnreadable ? UnreadableStatus : Errors > 0 ? ErrorStatus : isStrict && Warnings > 0 ? WarningStatus : CleanStatus;
    }

    /// <summary>The configuration that was asked for.</summary>
    public string File { get; }
    public Diagnostic[] Findings { get; }
    public int Errors { get; }
    public int Warnings { get; }
    public int Notes { get; }

    /// <summary>The daemon would start with it.</summary>
    public bool CanRun { get; }
    public int ExitStatus { get; }

    /// <param name="traps">What the lints found, here and on the host.</param>
    public static CheckReport Of(string file, ConfigResult result, ReadOnlySpan<Diagnostic> traps, bool isStrict)
    {
        List<Diagnostic> all = [];
        bool isMissing = false;
        foreach (Diagnostic found in result.Diagnostics)
        {
            bool isUnknown = found.Fault == ConfigFault.UnknownKeyword && !isStrict;
            if (found.IsEcho)
            {
                continue;
            }

            isMissing |= found.Fault == ConfigFault.FileNotFound;
            all.Add(isUnknown ? found with { Severity = Severity.Warning } : found);
        }

        int said = all.Count;
        foreach (Diagnostic trap in traps)
        {
            Join(all, said, trap);
        }

        return new(file, InOrder(all), isStrict, isMissing, result.CanRun);
    }

    /// <summary>For a file that cannot be read at all.</summary>
    public static CheckReport OfUnreadable(string file, string message, string advice) =>
        new(file, [new(new(file, 0, 0, 0), Severity.Error, ConfigFault.FileNotFound, message) { Explanation = advice, IsBare = true }], false, true, false);

    /// <summary>What keepalived complains of and a lint explains is one finding, not two.</summary>
    private static void Join(List<Diagnostic> all, int complaints, Diagnostic trap)
    {
        LintRule? rule = Lints.Find(trap.Code);
        for (int i = 0; rule is { IsComplaint: true } && i < complaints; i++)
        {
            if (all[i].Where == trap.Where && all[i].Code is not FindingCode.UnknownKeyword && !all[i].Code.Equals(trap.Code, StringComparison.Ordinal))
            {
                all[i] = all[i] with
                {
                    Code = trap.Code,
                    Lead = "",
                    Explanation = $"{trap.Text}: {trap.Explanation}",
                    Suggestion = trap.Suggestion,
                    SourceLine = trap.SourceLine,
                    Expanded = trap.Expanded,
                    ExpandedColumn = trap.ExpandedColumn,
                    ExpandedLength = trap.ExpandedLength,
                    Trace = trap.Trace,
                };
                return;
            }
        }

        all.Add(trap);
    }

    /// <summary>By file, as each is met first, line and column; what has no place comes last.</summary>
    private static Diagnostic[] InOrder(List<Diagnostic> all)
    {
        Dictionary<string, int> files = [];
        Ordered[] order = new Ordered[all.Count];
        for (int i = 0; i < order.Length; i++)
        {
            SourceSpan where = all[i].Where;
            files.TryAdd(where.File, files.Count);
            order[i] = new(where.Line == 0 ? int.MaxValue : files[where.File], i, all[i]);
        }

        Array.Sort(order, Compare);
        return Array.ConvertAll(order, one => one.Found);
    }

    private static int Compare(Ordered a, Ordered b)
    {
        SourceSpan first = a.Found.Where, second = b.Found.Where;
        return a.File != b.File ? a.File.CompareTo(b.File) : first.Line != second.Line ? first.Line.CompareTo(second.Line)
            : first.Column != second.Column ? first.Column.CompareTo(second.Column) : a.Index.CompareTo(b.Index);
    }

    /// <summary>A class, because sorting one more kind of struct costs the binary more than it saves here.</summary>
    private sealed class Ordered(int file, int index, Diagnostic found)
    {
        public int File => file;
        public int Index => index;
        public Diagnostic Found => found;
    }
}
