using System;
using System.Collections.Generic;
using System.IO;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Wire;

/// <summary>The frames captured from keepalived 2.2.7 and their meanings (tests/golden).</summary>
internal static class Golden
{
    /// <summary>10.10.30.1 says to the group: VRID 51, priority 150, no authentication, 1 s, address 10.10.30.0.</summary>
    public const string Plain = "v2_noauth_prio150_adv1_vip1";

    /// <summary>Ethernet header included.</summary>
    public static byte[] Frame(string name) => Convert.FromHexString(File.ReadAllText(PathOf(name + ".hex")).Trim());

    /// <summary>The VRRP message of a frame whose IP header has no options.</summary>
    public static byte[] Message(string name) => Frame(name)[34..];

    /// <summary>The IP packet of a frame, of either family.</summary>
    public static IpPacket Packet(byte[] frame)
    {
        Assert.Equal(WireError.None, EthernetFrame.TryParse(frame, out EthernetFrame ethernet));
        Assert.Equal(WireError.None, IpPacket.TryParse(ethernet.Payload, out IpPacket ip));
        Assert.Equal(ip.IsV6 ? EthernetFrame.TypeIpv6 : EthernetFrame.TypeIpv4, ethernet.EtherType);
        return ip;
    }

    /// <summary>Lines of meanings.txt that begin with this word, split at blanks.</summary>
    public static List<string[]> Lines(string kind)
    {
        List<string[]> lines = [];
        foreach (string line in File.ReadAllLines(PathOf("meanings.txt")))
        {
            if (line.StartsWith(kind + " ", StringComparison.Ordinal))
            {
                lines.Add(line.Split(' '));
            }
        }

        return lines;
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "golden", file);
}
