using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests.Protocol;

/// <summary>20,000 wrong packets a second in version 3 of both families; version 2 is among the LoadTests.</summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    [VrrpdTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Twenty_junk_packets_per_millisecond_cost_a_master_of_version_3_neither_time_nor_memory_nor_log(bool isV6)
    {
        Speech speech = new(3, isV6);
        using Arena arena = new(output, speech, $"src host {speech.Address(Arena.Own)}");
        Daemon daemon = arena.StartAsMaster();
        Wait.Seconds(0.5);
        int before = PrivateMemory(daemon), mark = daemon.Mark();
        DateTime start = DateTime.UtcNow;

        int sent = arena.Rival.Floods(20, 5, NoiseScenes.Noise(speech));

        DateTime end = DateTime.UtcNow;
        int after = PrivateMemory(daemon), lines = daemon.Mark() - mark;
        double pause = NoiseScenes.LongestPause(arena.Adverts(), start, end);
        arena.Lan.Say(string.Create(
            CultureInfo.InvariantCulture, $"{sent} packets, {lines} lines, longest pause {pause:F3} s, private memory {before} kB to {after} kB"));
        Assert.True(sent >= 75_000, $"only {sent} junk packets left the rival");
        Assert.True(arena.Holds());
        Assert.True(pause < speech.Interval + 0.5, $"the master was silent for {pause:F3} s");
        Assert.InRange(lines, 4, 40);
        Assert.InRange(after - before, -1000, 256);
        Assert.DoesNotContain(daemon.Lines().Skip(mark), line => line.Text.Contains("Entering", StringComparison.Ordinal));
    }

    /// <summary>In kB.</summary>
    private static int PrivateMemory(Daemon daemon)
    {
        string rollup = File.ReadAllText($"/proc/{daemon.Pid}/smaps_rollup");
        return int.Parse(Regex.Match(rollup, @"^Private_Dirty:\s+(\d+)", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
