using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>What must hold of everything a VRRP daemon puts on the wire.</summary>
internal static class Wire
{
    /// <summary>
    /// Every advertisement with a good checksum, TTL 255 and a good IP header, to the group's MAC; every announcement as
    /// RFC 5227 wants it; nothing tshark complains about.
    /// </summary>
    public static void IsWellFormed(IReadOnlyList<Frame> frames)
    {
        Assert.Contains(frames, frame => frame.IsAdvert);
        foreach (Frame frame in frames)
        {
            Assert.True(frame.Complaints.Length == 0, $"frame {frame.Number}: tshark says {frame.Complaints}");
        }

        foreach (Frame frame in frames.Where(frame => frame.IsAdvert))
        {
            Assert.True(frame.VrrpSum == 1, $"frame {frame.Number}: VRRP checksum status {frame.VrrpSum}");
            Assert.True(frame.IpSum == 1, $"frame {frame.Number}: IP checksum status {frame.IpSum}");
            Assert.True(frame.Ttl == 255, $"frame {frame.Number}: TTL {frame.Ttl}");
            Assert.Equal("01:00:5e:00:00:12", frame.Destination);
        }

        foreach (Frame frame in frames.Where(frame => frame.Announces(Story.Vip)))
        {
            Assert.Equal("ff:ff:ff:ff:ff:ff", frame.Destination);
            Assert.Equal(frame.Mac, frame.ArpMac);
        }
    }

    /// <summary>Five announcements at once and five more five seconds later.</summary>
    public static void IsTwoBursts(DateTime[] times, string what)
    {
        Assert.True(times.Length == 10, $"{what}: {times.Length}, not 10");
        Assert.InRange((times[4] - times[0]).TotalSeconds, 0, 0.3);
        Assert.InRange((times[9] - times[5]).TotalSeconds, 0, 0.3);
        Assert.InRange((times[5] - times[0]).TotalSeconds, 4.9, 5.5);
    }
}
