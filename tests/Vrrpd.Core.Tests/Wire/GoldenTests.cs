using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Wire;

public class GoldenTests
{
    public static TheoryData<string> Adverts => Names("advert");
    public static TheoryData<string> Arps => Names("arp");

    [Theory]
    [MemberData(nameof(Adverts))]
    public void An_advert_of_keepalived_means_to_us_what_it_means_to_tshark(string line)
    {
        string[] words = line.Split(' ');
        Assert.Equal(WireError.None, EthernetFrame.TryParse(Golden.Frame(words[1]), out EthernetFrame frame));
        Assert.Equal(EthernetFrame.TypeIpv4, frame.EtherType);
        Assert.Equal(WireError.None, Ipv4Header.TryParse(frame.Payload, out Ipv4Header ip));
        Assert.True(ip.HasValidChecksum);
        Assert.Equal(VrrpPacket.Protocol, ip.Protocol);
        Assert.Equal(WireError.None, VrrpPacket.TryParse(Golden.Packet(Golden.Frame(words[1])), out VrrpPacket packet));
        List<string> addresses = [];
        for (int i = 0; i < packet.Count; i++)
        {
            addresses.Add(packet.Address(i).ToString());
        }

        string password = packet.AuthType == VrrpPacket.AuthPass ? Encoding.ASCII.GetString(packet.AuthBytes.TrimEnd((byte)0)) : "-";
        Assert.Equal(line, string.Create(CultureInfo.InvariantCulture,
            $"advert {words[1]} {frame.Source} {frame.Destination} {ip.Source} {ip.Destination} {ip.Id} {ip.Tos} {ip.Ttl} "
            + $"{packet.Vrid} {packet.Priority} {packet.AuthType} {packet.IntervalUnits} {password} "
            + $"{(addresses.Count == 0 ? "-" : string.Join(',', addresses))}"));
    }

    [Theory]
    [MemberData(nameof(Adverts))]
    public void The_same_meaning_becomes_the_same_bytes(string line)
    {
        string[] words = line.Split(' ');
        byte[] golden = Golden.Frame(words[1]);
        byte[] written = new byte[golden.Length + 9];
        Array.Fill(written, (byte)0xa5);

        byte[] password = new byte[8];
        if (words[13] != "-")
        {
            Encoding.ASCII.GetBytes(words[13], password);
        }

        Advert advert = new()
        {
            Vrid = Number(words[9]),
            Priority = Number(words[10]),
            AuthType = Number(words[11]),
            Interval = TimeSpan.FromSeconds(Number(words[12])),
            AuthData = BinaryPrimitives.ReadUInt64BigEndian(password),
            Addresses = words[14] == "-" ? [] : Array.ConvertAll(words[14].Split(','), Address),
        };
        int at = EthernetFrame.Write(written, Mac(words[3]), Mac(words[2]), EthernetFrame.TypeIpv4);
        at += Ipv4Header.Write(
            written.AsSpan(at), Address(words[4]), Address(words[5]), Number(words[8]), VrrpPacket.Protocol, Number(words[6]),
            Number(words[7]), VrrpPacket.Length(2, false, advert.Addresses.Length));
        at += VrrpPacket.Write(written.AsSpan(at), advert);

        Assert.Equal(golden.Length, at);
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(written, 0, at));
        Assert.All(written[at..], b => Assert.Equal(0xa5, b));
    }

    [Theory]
    [MemberData(nameof(Arps))]
    public void A_gratuitous_ARP_is_read_and_written_as_keepalived_sends_it(string line)
    {
        string[] words = line.Split(' ');
        byte[] golden = Golden.Frame(words[1]);
        Assert.Equal(WireError.None, EthernetFrame.TryParse(golden, out EthernetFrame frame));
        Assert.Equal(EthernetFrame.TypeArp, frame.EtherType);
        Assert.Equal(WireError.None, ArpPacket.TryParse(frame.Payload, out ArpPacket arp));
        Assert.Equal(line, $"arp {words[1]} {frame.Source} {frame.Destination} {arp.Operation} {arp.SenderMac} {arp.SenderIp} {arp.TargetMac} {arp.TargetIp}");

        byte[] written = new byte[64];
        Array.Fill(written, (byte)0xa5);
        Assert.Equal(ArpPacket.FrameLength, ArpPacket.WriteGratuitous(written, Mac(words[2]), Address(words[6])));
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(written, 0, ArpPacket.FrameLength));
        Assert.All(written[ArpPacket.FrameLength..], b => Assert.Equal(0xa5, b));
    }

    [Fact]
    public void The_goodbye_is_the_last_advert_with_priority_and_identification_patched()
    {
        byte[] packet = Golden.Frame(Golden.Plain)[EthernetFrame.HeaderLength..];
        VrrpPacket.PatchPriority(packet.AsSpan(Ipv4Header.Length), 0);
        Ipv4Header.PatchId(packet, 8);
        Assert.Equal(Convert.ToHexString(Golden.Frame("v2_noauth_prio0_adv1_vip1")[EthernetFrame.HeaderLength..]), Convert.ToHexString(packet));
    }

    private static TheoryData<string> Names(string kind)
    {
        TheoryData<string> names = [];
        foreach (string[] words in Golden.Lines(kind))
        {
            names.Add(string.Join(' ', words));
        }

        return names;
    }

    private static byte Number(string word) => byte.Parse(word, CultureInfo.InvariantCulture);

    private static Ip Address(string word)
    {
        Assert.True(Ip.TryParse(word, out Ip ip));
        return ip;
    }

    private static MacAddress Mac(string word) => MacAddress.Read(Convert.FromHexString(word.Replace(":", "", StringComparison.Ordinal)));
}
