using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Vrrpd.Netns.Tests.Harness;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests.Interop;

/// <summary>What became of a cell.</summary>
/// <param name="Faults">What was wrong; empty when it is green.</param>
/// <param name="Story">The whole story, for the log.</param>
internal sealed record Outcome(IReadOnlyList<string> Faults, string Story)
{
    /// <summary>True when nothing was wrong.</summary>
    public bool IsGreen => Faults.Count == 0;
}

/// <summary>
/// Every combination that two daemons could speak, each played on a LAN of its own, many at a time: they mostly wait. The table of all of them is
/// written to <c>artifacts/interop/matrix.txt</c>, the story of each to a file beside it. VRRPD_INTEROP is a regular expression that names fewer.
/// </summary>
public sealed class Matrix : IDisposable
{
    private static readonly int s_atOnce = int.Parse(Environment.GetEnvironmentVariable("VRRPD_INTEROP_AT_ONCE") ?? "12", CultureInfo.InvariantCulture);
    private static readonly Kind[] s_peers = [Kind.Vrrpd, Kind.Keepalived, Kind.Frr];
    private static readonly int[] s_versions = [2, 3];

    private readonly ConcurrentDictionary<string, Task<Outcome>> _outcomes = [];
    private readonly SemaphoreSlim _seats = new(s_atOnce);

    /// <summary>Begins with all of them, the long ones first.</summary>
    public Matrix()
    {
        Requirements.Check();
        if (System.IO.Directory.Exists(Files))
        {
            System.IO.Directory.Delete(Files, recursive: true);
        }

        System.IO.Directory.CreateDirectory(Files);
        foreach (Cell cell in Cells())
        {
            _outcomes[cell.ToString()] = Task.Factory.StartNew(
                () => InTurn(cell), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    private static string Files => Path.Combine(Requirements.Root, "artifacts", "interop");

    /// <summary>The cells to play.</summary>
    internal static IEnumerable<Cell> Cells()
    {
        string only = Environment.GetEnvironmentVariable("VRRPD_INTEROP") ?? "";
        return All().Where(cell => cell.Impossible is null && Regex.IsMatch(cell.ToString(), only));
    }

    /// <summary>Waits for a cell.</summary>
    internal Outcome Of(string cell)
    {
        return _outcomes[cell].GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Task.WaitAll([.. _outcomes.Values]);
        File.WriteAllText(Path.Combine(Files, "matrix.txt"), Table());
        _seats.Dispose();
    }

    private static IEnumerable<Cell> All()
    {
        bool[] both = [false, true];
        return
            from version in s_versions
            from v6 in both
            from unicast in both
            from vmac in both
            from proof in Enum.GetValues<Proof>()
            from peer in s_peers
            select new Cell(version, v6, unicast, vmac, proof, peer);
    }

    private Outcome InTurn(Cell cell)
    {
        _seats.Wait();
        try
        {
            Outcome outcome = Play(cell);
            File.WriteAllText(Path.Combine(Files, cell.ToString().Replace(' ', '-') + ".log"), outcome.Story);
            return outcome;
        }
        finally
        {
            _seats.Release();
        }
    }

    private static Outcome Play(Cell cell)
    {
        Story story = new();
        Stopwatch clock = Stopwatch.StartNew();
        List<string> faults = [];
        try
        {
            using Lan lan = new(story);
            faults.AddRange(Scenario.Play(lan, cell).Faults);
        }
        catch (Exception error)
        {
            // Whatever it is, it is this cell's.
            faults.Add(error is StepException ? error.Message : error.ToString());
        }

        story.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:F1} s; {faults.Count} faults"));
        faults.ForEach(story.WriteLine);
        return new Outcome(faults, story.ToString());
    }

    /// <summary>One row per way to speak, one column per peer; rows that nobody can speak are drawn together.</summary>
    private string Table()
    {
        List<string> notes = [];
        List<string[]> rows = [["VRRP", "family", "mode", "MAC", "auth", "vrrpd", "keepalived", "FRR"]];
        foreach (IGrouping<string, Cell> row in All().GroupBy(cell => string.Join(' ', cell.Words)))
        {
            Cell[] cells = [.. row];
            string[] reasons = [.. cells.Select(cell => cell.Impossible ?? "").Distinct()];
            bool isNobodys = reasons.Length == 1 && reasons[0].Length > 0;
            string[] words = cells[0].Words;
            if (isNobodys)
            {
                words = cells[0] is { Version: 2 } ? [words[0], words[1], "any", "any", "any"] : [words[0], words[1], "any", "any", words[4]];
            }

            string[] line = [.. words, .. cells.Select(cell => Mark(cell, notes))];
            if (!rows.Any(line.SequenceEqual))
            {
                rows.Add(line);
            }
        }

        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        StringBuilder table = new();
        foreach (string[] row in rows)
        {
            table.AppendLine(string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
        }

        table.AppendLine();
        for (int i = 0; i < notes.Count; i++)
        {
            table.AppendLine(CultureInfo.InvariantCulture, $"({i + 1}) {notes[i]}");
        }

        Outcome[] played = [.. _outcomes.Values.Select(task => task.Result)];
        table.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{played.Count(one => one.IsGreen)} green, {played.Count(one => !one.IsGreen)} red");
        return table.ToString();
    }

    private string Mark(Cell cell, List<string> notes)
    {
        if (cell.Impossible is string reason)
        {
            return $"- {Note(reason, notes)}";
        }

        if (!_outcomes.TryGetValue(cell.ToString(), out Task<Outcome>? task))
        {
            return "not asked";
        }

        return task.Result.IsGreen ? "green" : $"RED {Note(task.Result.Faults[0].Split('\n')[0], notes)}";
    }

    private static string Note(string text, List<string> notes)
    {
        int at = notes.IndexOf(text);
        if (at < 0)
        {
            at = notes.Count;
            notes.Add(text);
        }

        return $"({at + 1})";
    }

    /// <summary>Where a LAN tells its story.</summary>
    private sealed class Story : ITestOutputHelper
    {
        private readonly StringBuilder _text = new();

        public void WriteLine(string message)
        {
            lock (_text)
            {
                _text.AppendLine(message);
            }
        }

        public void WriteLine(string format, params object[] args)
        {
            WriteLine(string.Format(CultureInfo.InvariantCulture, format, args));
        }

        public override string ToString()
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }
}
