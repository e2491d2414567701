using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// Collects diagnostics. A file of junk has a complaint on every line: after <see cref="Capacity"/> of them only the first of a
/// fault class not seen yet is kept, so that memory stays bounded and the exit status is right all the same.
/// </summary>
internal sealed class Findings
{
    public const int Capacity = 1000;

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
        List<(bool IsLate, int File, int Line, int Index)> order = new(_all.Count);
        for (int i = 0; i < _all.Count; i++)
        {
            SourceSpan where = _all[i].Where;
            files.TryAdd(where.File, files.Count);
            order.Add((_all[i].IsBare || where.Line == 0, files[where.File], where.Line, i));
        }

        order.Sort();
        Diagnostic[] sorted = new Diagnostic[_all.Count];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = _all[order[i].Index];
        }

        return sorted;
    }
}
