using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// Collects diagnostics. A file of junk has a complaint on every line: after <see cref="Capacity"/> of them only the first of a
/// fault class not seen yet is kept, so that memory stays bounded and the exit status is right all the same.
/// </summary>
internal sealed class Findings
{
    public const int Capacity = 1000;

    /// <summary>The order of complaints as one number each: 1 bit, 17 bits for the file, 26 for the line, 20 for when it was found.</summary>
    private const int LateShift = 63, FileShift = 46, LineShift = 20;

    private readonly List<Diagnostic> _all = [];
    private readonly bool[] _seen = new bool[(int)ConfigFault.Security + 1];
    private bool _stopSeen;
    private int _left;

    /// <summary>No more explanations are wanted: they cost more than they tell.</summary>
    public bool IsFull => _all.Count >= Capacity;

    public void Add(Diagnostic found)
    {
        bool isNews = !_seen[(int)found.Fault] || (found.PreventsRun && !_stopSeen);
        if (IsFull && !isNews)
        {
            _left++;
            return;
        }

        _seen[(int)found.Fault] = true;
        _stopSeen |= found.PreventsRun;
        _all.Add(found);
    }

    /// <summary>Lines of which there is a complaint that keepalived has too.</summary>
    public HashSet<(string File, int Line)> ComplainedLines()
    {
        HashSet<(string, int)> lines = [];
        foreach (Diagnostic found in _all)
        {
            if (found.Fault != ConfigFault.None && !found.IsBare)
            {
                lines.Add((found.Where.File, found.Where.Line));
            }
        }

        return lines;
    }

    /// <summary>Something keepalived complains about too.</summary>
    public void Error(Word at, ConfigFault fault, string text, string explanation = "") =>
        Add(new Diagnostic(at.Where, Severity.Error, fault, text) { Explanation = explanation, SourceLine = at.Line.Shown }.From(at));

    /// <summary>The line behind which keepalived reads no further: a statement, or a line of data, ends before an argument it must have.</summary>
    public void MissingArgument(ConfigNode line, Word at, string explanation) => Error(at, ConfigFault.MissingParameter,
        $"*** Configuration line starting `{line.First.Text}` is missing a parameter after keyword `{line.Words[^1].Text}`"
            + $" at word position {line.Words.Length + 1}", explanation);

    /// <summary>Advice of our own, which never changes the exit status.</summary>
    public void Advise(Word at, string text, string explanation = "", string code = "") =>
        Add(new Diagnostic(at.Where, Severity.Warning, ConfigFault.None, text)
        {
            Code = code,
            Explanation = explanation,
            SourceLine = at.Line.Shown,
        }.From(at));

    /// <summary>Everything in the order of the file; what keepalived finds only after reading comes last.</summary>
    public Diagnostic[] ToArray()
    {
        if (_left > 0)
        {
            string more = $"{_left} more complaints are not shown";
            _all.Add(new(SourceSpan.None, Severity.Note, ConfigFault.None, more) { IsBare = true });
        }

        Dictionary<string, int> files = [];
        ulong[] order = new ulong[_all.Count];
        for (int i = 0; i < order.Length; i++)
        {
            SourceSpan where = _all[i].Where;
            files.TryAdd(where.File, files.Count);
            ulong late = _all[i].IsBare || where.Line == 0 ? 1UL : 0;
            order[i] = late << LateShift | (ulong)(uint)files[where.File] << FileShift | (ulong)(uint)where.Line << LineShift | (uint)i;
        }

        Array.Sort(order);
        Diagnostic[] sorted = new Diagnostic[_all.Count];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = _all[(int)(order[i] & (1UL << LineShift) - 1)];
        }

        return sorted;
    }
}
