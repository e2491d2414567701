using System;
using System.Globalization;
using System.Text;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Scenarios;

/// <summary>Packets in words and words from packets, for scenarios.</summary>
internal static class Packets
{
    /// <summary>
    /// `10.0.0.2 prio=200 [vrid=] [ttl=] [version=] [type=] [interval=] [auth=none|PASS:xyz] [vips=a,b] [dst=] [proto=] [checksum=bad]
    /// [cut=N]`; what is not given agrees with the first router.
    /// </summary>
    public static byte[] Build(DaemonConfig config, short slot, ReadOnlySpan<string> words)
    {
        RouterConfig router = Array.Find(config.Routers, r => r.Interface == slot)!;
        Assert.True(Ip.TryParse(words[0], out Ip source));
        string Get(string key, ReadOnlySpan<string> from)
        {
            foreach (string word in from)
            {
                if (word.StartsWith(key + "=", StringComparison.Ordinal))
                {
                    return word[(key.Length + 1)..];
                }
            }

            return "";
        }

        byte Number(string key, int otherwise, ReadOnlySpan<string> from) =>
            Get(key, from) is { Length: > 0 } text ? byte.Parse(text, CultureInfo.InvariantCulture) : (byte)otherwise;

        Ip[] addresses = Array.ConvertAll(router.Addresses, static vip => vip.Address);
        if (Get("vips", words) is { Length: > 0 } vips)
        {
            addresses = Array.ConvertAll(vips.Split(','), static text => Ip.TryParse(text, out Ip ip) ? ip : throw new FormatException(text));
        }

        (byte authType, ulong authData) = Get("auth", words) switch
        {
            "" => ((byte)router.Auth, router.AuthPass),
            "none" => ((byte)0, 0UL),
            string pass => ((byte)1, Password(pass["PASS:".Length..])),
        };
        byte[] packet = new byte[Ipv4Header.Length + VrrpPacket.Length(VrrpPacket.Version2, false, addresses.Length)];
        Span<byte> message = packet.AsSpan(Ipv4Header.Length);
        VrrpPacket.Write(message, new Advert
        {
            Vrid = Number("vrid", router.Vrid, words),
            Priority = Number("prio", 100, words),
            Interval = TimeSpan.FromSeconds(Number("interval", (int)router.AdvertInterval.TotalSeconds, words)),
            AuthType = authType,
            AuthData = authData,
            Addresses = addresses,
        });
        message[0] = (byte)(Number("version", 2, words) << 4 | Number("type", 1, words));
        message[6] = message[7] = 0;
        ushort sum = Checksum.Compute(message);
        sum = Get("checksum", words) == "bad" ? (ushort)(sum ^ 0x0101) : sum;
        (message[6], message[7]) = ((byte)(sum >> 8), (byte)sum);
        Ip destination = Get("dst", words) is { Length: > 0 } to && Ip.TryParse(to, out Ip other) ? other : VrrpPacket.Group;
        Ipv4Header.Write(packet, source, destination, Number("ttl", 255, words), Number("proto", 112, words), 1, 0xc0, message.Length);
        return packet[..^Number("cut", 0, words)];
    }

    public static string Describe(ReadOnlySpan<byte> packet)
    {
        Assert.Equal(WireError.None, Ipv4Header.TryParse(packet, out Ipv4Header ip));
        Assert.Equal(WireError.None, IpPacket.TryParse(packet, out IpPacket whole));
        Assert.Equal(WireError.None, VrrpPacket.TryParse(whole, out VrrpPacket advert));
        Assert.True(ip.HasValidChecksum);
        Assert.Equal((255, VrrpPacket.Protocol, VrrpPacket.Group), (ip.Ttl, ip.Protocol, ip.Destination));
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"from {ip.Source} id={ip.Id} vrid={advert.Vrid} prio={advert.Priority} interval={advert.IntervalUnits}");
        for (int i = 0; i < advert.Count; i++)
        {
            text.Append(i == 0 ? " vips=" : ",").Append(advert.Address(i));
        }

        return text.ToString();
    }

    public static string DescribeArp(ReadOnlySpan<byte> frame)
    {
        Assert.Equal(WireError.None, EthernetFrame.TryParse(frame, out EthernetFrame ethernet));
        Assert.Equal(WireError.None, ArpPacket.TryParse(ethernet.Payload, out ArpPacket arp));
        Assert.Equal((MacAddress.Broadcast, MacAddress.Broadcast), (ethernet.Destination, arp.TargetMac));
        Assert.Equal((ethernet.Source, arp.SenderIp), (arp.SenderMac, arp.TargetIp));
        return $"{arp.SenderIp} is at {arp.SenderMac}";
    }

    private static ulong Password(string text)
    {
        ulong value = 0;
        for (int i = 0; i < 8; i++)
        {
            value = value << 8 | (i < text.Length ? text[i] : 0u);
        }

        return value;
    }
}
