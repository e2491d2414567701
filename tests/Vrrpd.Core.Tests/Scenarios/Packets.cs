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
    /// `10.0.0.2 prio=200 [vrid=] [ttl=] [version=] [type=] [interval=SECONDS] [auth=none|PASS:xyz] [vips=a,b|none] [dst=] [proto=]
    /// [checksum=bad|message] [cut=N]`; what is not given agrees with the first router of that interface and family. A whole IP packet.
    /// Or `hex DIGITS`, as the simulator writes it.
    /// </summary>
    public static byte[] Build(DaemonConfig config, short slot, ReadOnlySpan<string> words)
    {
        if (words[0] == "hex")
        {
            return Convert.FromHexString(words[1]);
        }

        Assert.True(Ip.TryParse(words[0], out Ip source));
        bool isV6 = source.IsV6;
        RouterConfig router = Array.Find(config.Routers, r => r.AdvertSlot == slot && r.IsV6 == isV6) ?? config.Routers[0];
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

        byte vrid = Number("vrid", router.Vrid, words);
        router = Array.Find(config.Routers, r => r.AdvertSlot == slot && r.IsV6 == isV6 && r.Vrid == vrid) ?? router;
        Ip[] addresses = Array.ConvertAll(router.Addresses, static vip => vip.Address);
        if (Get("vips", words) is { Length: > 0 } vips)
        {
            addresses = vips == "none" ? []
                : Array.ConvertAll(vips.Split(','), static text => Ip.TryParse(text, out Ip ip) ? ip : throw new FormatException(text));
        }

        (byte authType, ulong authData) = Get("auth", words) switch
        {
            "" => ((byte)router.Auth, router.AuthPass),
            "none" => ((byte)0, 0UL),
            string pass => ((byte)1, Password(pass["PASS:".Length..])),
        };
        byte version = Number("version", router.Version, words);
        Ip destination = Get("dst", words) is { Length: > 0 } to && Ip.TryParse(to, out Ip other) ? other
            : router.IsUnicast ? router.Source : isV6 ? VrrpPacket.Group6 : VrrpPacket.Group;
        TimeSpan interval = Get("interval", words) is { Length: > 0 } seconds
            ? TimeSpan.FromTicks((long)(decimal.Parse(seconds, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond)) : router.AdvertInterval;
        interval = version == 2 ? TimeSpan.FromSeconds(Math.Ceiling(interval.TotalSeconds)) : interval;
        int header = isV6 ? Ipv6Header.Length : Ipv4Header.Length;
        byte[] packet = new byte[header + VrrpPacket.Length(version, isV6, addresses.Length)];
        Span<byte> message = packet.AsSpan(header);
        ChecksumForm form = version == 2 && !isV6 || Get("checksum", words) == "message" ? ChecksumForm.Message : ChecksumForm.PseudoHeader;
        ushort seed = VrrpPacket.Seed(form, source, destination, message.Length);
        VrrpPacket.Write(message, new Advert
        {
            Version = version,
            IsV6 = isV6,
            Vrid = vrid,
            Priority = Number("prio", 100, words),
            Interval = interval,
            AuthType = version == 2 ? authType : (byte)0,
            AuthData = version == 2 ? authData : 0,
            Addresses = addresses,
        });
        message[0] = (byte)(version << 4 | Number("type", 1, words));
        VrrpPacket.Seal(message, seed);
        message[7] ^= Get("checksum", words) == "bad" ? (byte)1 : (byte)0;
        byte ttl = Number("ttl", 255, words), protocol = Number("proto", 112, words);
        _ = isV6 ? Ipv6Header.Write(packet, source, destination, ttl, protocol, 0xc0, message.Length)
            : Ipv4Header.Write(packet, source, destination, ttl, protocol, 1, 0xc0, message.Length);
        return packet[..^Number("cut", 0, words)];
    }

    /// <summary>A whole packet as a raw socket of its family hands it over.</summary>
    public static Datagram AsHeard(ReadOnlySpan<byte> packet, short channel) => packet[0] >> 4 != 6
        ? new Datagram { Bytes = packet, Channel = channel }
        : new Datagram
        {
            Bytes = packet[Ipv6Header.Length..],
            Channel = channel,
            HopLimit = packet[7],
            Source = Ip.Read(packet.Slice(8, 16)),
            Destination = Ip.Read(packet.Slice(24, 16)),
        };

    public static string Describe(ReadOnlySpan<byte> packet)
    {
        Assert.Equal(WireError.None, IpPacket.TryParse(packet, out IpPacket ip));
        Assert.Equal(WireError.None, VrrpPacket.TryParse(ip, out VrrpPacket advert));
        Assert.Equal((255, VrrpPacket.Protocol), (ip.HopLimit, ip.Protocol));
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"from {ip.Source} ");
        if (ip.Destination != VrrpPacket.Group && ip.Destination != VrrpPacket.Group6)
        {
            text.Append(CultureInfo.InvariantCulture, $"to {ip.Destination} ");
        }

        if (!ip.IsV6)
        {
            Assert.Equal(WireError.None, Ipv4Header.TryParse(packet, out Ipv4Header header));
            Assert.True(header.HasValidChecksum);
            text.Append(CultureInfo.InvariantCulture, $"id={header.Id} ");
        }

        text.Append(advert.Version == VrrpPacket.Version3 ? "v3 " : "");
        text.Append(CultureInfo.InvariantCulture, $"vrid={advert.Vrid} prio={advert.Priority} interval={advert.IntervalUnits}");
        for (int i = 0; i < advert.Count; i++)
        {
            text.Append(i == 0 ? " vips=" : ",").Append(advert.Address(i));
        }

        return text.ToString();
    }

    /// <summary>`garp` or `na` and what it says.</summary>
    public static string DescribeFrame(ReadOnlySpan<byte> frame, string device)
    {
        Assert.Equal(WireError.None, EthernetFrame.TryParse(frame, out EthernetFrame ethernet));
        if (ethernet.EtherType != EthernetFrame.TypeIpv6)
        {
            return $"garp {device} {DescribeArp(frame)}";
        }

        Assert.Equal(WireError.None, IpPacket.TryParse(ethernet.Payload, out IpPacket ip));
        Assert.Equal(WireError.None, NeighborAdvert.TryParse(ip, out NeighborAdvert advert));
        Assert.Equal((ethernet.Source, advert.Target), (advert.TargetMac, ip.Source));
        return $"na {device} {advert.Target} is at {advert.TargetMac}";
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
