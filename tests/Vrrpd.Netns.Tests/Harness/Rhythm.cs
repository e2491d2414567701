using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Xunit;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>Whether adverts keep their time on the wire.</summary>
internal static class Rhythm
{
    /// <summary>An interval of a second, and half of one for the stalls of a busy machine: still far from the three that a backup waits.</summary>
    public const double Longest = 1.5;

    /// <summary>
    /// Asserts that from <paramref name="start"/> to <paramref name="end"/> every virtual router heard from one source spoke without a
    /// longer pause than that, and says what the longest was.
    /// </summary>
    public static double IsKept(Lan lan, IEnumerable<Frame> frames, DateTime start, DateTime end, int routers = 1, double longest = Longest)
    {
        double worst = 0;
        IEnumerable<Frame> meanwhile = frames.Where(frame => frame.Priority > 0 && frame.At >= start && frame.At <= end);
        List<IGrouping<int, Frame>> voices = [.. meanwhile.GroupBy(frame => frame.Vrid)];
        Assert.Equal(routers, voices.Count);
        foreach (IGrouping<int, Frame> voice in voices)
        {
            DateTime[] times = [start, .. voice.Select(frame => frame.At), end];
            worst = Math.Max(worst, times.Zip(times.Skip(1)).Max(pair => (pair.Second - pair.First).TotalSeconds));
        }

        lan.Say(string.Create(CultureInfo.InvariantCulture, $"longest pause between adverts: {worst:F3} s of {routers} routers"));
        Assert.True(worst < longest, string.Create(CultureInfo.InvariantCulture, $"a pause of {worst:F3} s between adverts"));
        return worst;
    }
}
