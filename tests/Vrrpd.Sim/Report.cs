using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Vrrpd.Sim;

/// <summary>What came of a world, in words.</summary>
internal static class Report
{
    public static string Of(World world)
    {
        Tally tally = world.Tally;
        return $"{world.HostCount} hosts, {world.Plan.Segments} segments, {world.Groups.Count} virtual routers; faults {world.Chaos.Faults}; "
            + $"{world.Events} events, "
            + $"{tally.Adverts} adverts, {tally.Takeovers} takeovers, {tally.Judged} judgements, {tally.Refusals} refusals, {tally.Reloads} reloads; "
            + $"trace {world.TraceHash:x16}; {(world.Complaints.Count == 0 ? "well" : $"{world.Complaints.Count} complaints")}";
    }

    /// <summary>The failing seed again, with as few kinds of faults as show it, and the story of the node that failed.</summary>
    public static string Failure(ulong seed, TimeSpan time, WorldOptions options)
    {
        World world = Run(seed, time, options);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"seed {seed} failed\n");
        foreach (Complaint complaint in world.Complaints)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {complaint.Checker}, {Seconds(complaint.At.Ticks)}: {complaint.Text}\n");
        }

        Fault faults = Shrink(seed, time, options, world);
        WorldOptions small = options with { Faults = faults, Without = Fault.None, IsRecording = true };
        World last = Run(seed, time, small);
        Complaint found = last.Complaints[0];
        string only = faults == Fault.None ? "None" : faults.ToString().Replace(" ", "", StringComparison.Ordinal);
        string again = $"--seed {seed} --hours {time.TotalHours.ToString(CultureInfo.InvariantCulture)} --only {only}";
        text.Append(CultureInfo.InvariantCulture, $"with these faults only: {faults}\n  {found.Checker}, {Seconds(found.At.Ticks)}: {found.Text}\n");
        text.Append(CultureInfo.InvariantCulture, $"again: dotnet run --project tests/Vrrpd.Sim -c Release -- {again}\n");
        if (found.Host?.Recorder is Recorder recorder)
        {
            recorder.Add(found.Host.EngineNow, "wait");
            string story = recorder.Story($"{found.Checker}: {found.Text.Split('\n')[0]} ({again})");
            string file = Path.Combine(Path.GetTempPath(), $"vrrpd-sim-{seed}-{found.Host.Name}.scn");
            File.WriteAllText(file, story);
            string[] lines = story.Split('\n');
            text.Append(CultureInfo.InvariantCulture, $"what {found.Host.Name} was told ({file}, {lines.Length} lines):\n");
            int config = Array.IndexOf(lines, "end") + 1;
            int from = Math.Max(config, lines.Length - 60);
            text.Append(string.Join('\n', lines[..config])).Append(from > config ? "\n...\n" : "\n").Append(string.Join('\n', lines[from..]));
        }

        return text.ToString();
    }

    private static World Run(ulong seed, TimeSpan time, WorldOptions options)
    {
        World world = new(seed, options);
        world.Run(time);
        return world;
    }

    /// <summary>Leaves out one kind of fault after the other, as long as the same watcher goes on complaining.</summary>
    private static Fault Shrink(ulong seed, TimeSpan time, WorldOptions options, World failing)
    {
        Fault faults = failing.Chaos.Faults;
        string checker = failing.Complaints[0].Checker;
        for (int bit = 0; 1 << bit < (int)Fault.All; bit++)
        {
            Fault less = faults & ~(Fault)(1 << bit);
            if (less == faults)
            {
                continue;
            }

            World world = Run(seed, time, options with { Faults = less, Without = Fault.None });
            faults = world.Complaints.Count > 0 && world.Complaints[0].Checker == checker ? less : faults;
        }

        return faults;
    }

    private static string Seconds(long ticks) => ((decimal)ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture) + " s";
}
