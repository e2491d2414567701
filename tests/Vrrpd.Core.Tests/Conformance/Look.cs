using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Conformance;

/// <summary>Reads what was sent, by the standards' pictures and not by the code under test, and says it in a few words.</summary>
internal static class Look
{
    private const int VersionAndIhl = 0x45;
    private const int ClassOfControl = 0xc0;

    /// <summary>`advert PRIORITY to DESTINATION`; everything else must be as configured.</summary>
    public static string AtAdvert(Speech speech, RouterConfig config, string destination, ReadOnlySpan<byte> packet)
    {
        string source, target;
        int hops;
        byte[] message;
        if (speech.IsV6)
        {
            Assert.Equal(0x6, packet[0] >> 4);
            Assert.Equal(112, packet[6]);
            hops = packet[7];
            (source, target) = (Text(packet.Slice(8, 16)), Text(packet.Slice(24, 16)));
            message = packet[40..].ToArray();
            Assert.Equal(message.Length, BinaryPrimitives.ReadUInt16BigEndian(packet[4..]));
        }
        else
        {
            Assert.Equal((VersionAndIhl, ClassOfControl, 112), (packet[0], packet[1], packet[9]));
            hops = packet[8];
            (source, target) = (Text(packet.Slice(12, 4)), Text(packet.Slice(16, 4)));
            message = packet[20..].ToArray();
            Assert.Equal(packet.Length, BinaryPrimitives.ReadUInt16BigEndian(packet[2..]));
        }

        // keepalived leaves the hop limit of unicast over IPv6 to the kernel, which has 64.
        int limit = speech is { IsV6: true, IsUnicast: true } ? 64 : 255;
        Assert.Equal((limit, speech.Host(Speech.Own), destination), (hops, source, target));
        byte[] password = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(password, config.AuthPass);
        Words same = new(speech)
        {
            Number = Speech.Own,
            Priority = message[2],
            Vrid = config.Vrid,
            Destination = destination,
            AuthType = (int)config.Auth,
            Password = Encoding.ASCII.GetString(password),
        };
        Assert.Equal(Convert.ToHexString(same.Message()), Convert.ToHexString(message));
        return string.Create(CultureInfo.InvariantCulture, $"advert {message[2]} to {destination}");
    }

    /// <summary>`announce ADDRESS`: a gratuitous ARP request, or an unsolicited neighbour advertisement with R and O and without S.</summary>
    public static string AtAnnouncement(ReadOnlySpan<byte> frame)
    {
        int type = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        string mac = Convert.ToHexString(frame.Slice(6, 6));
        if (type == 0x0806)
        {
            Assert.Equal("FFFFFFFFFFFF", Convert.ToHexString(frame[..6]));
            Assert.Equal("0001080006040001", Convert.ToHexString(frame.Slice(14, 8)));
            Assert.Equal(mac, Convert.ToHexString(frame.Slice(22, 6)));
            Assert.Equal(Text(frame.Slice(28, 4)), Text(frame.Slice(38, 4)));
            return "announce " + Text(frame.Slice(28, 4));
        }

        Assert.Equal(0x86dd, type);
        Assert.Equal("333300000001", Convert.ToHexString(frame[..6]));
        ReadOnlySpan<byte> packet = frame[14..];
        ReadOnlySpan<byte> message = packet[40..];
        Assert.Equal((58, 255, "ff02::1"), (packet[6], packet[7], Text(packet.Slice(24, 16))));
        Assert.Equal((136, 0, 0xa0), (message[0], message[1], message[4]));
        Assert.Equal(Text(packet.Slice(8, 16)), Text(message.Slice(8, 16)));
        Assert.Equal("0201" + mac, Convert.ToHexString(message.Slice(24, 8)));
        byte[] pseudo = [.. packet.Slice(8, 32), 0, 0, 0, (byte)message.Length, 0, 0, 0, 58];
        Assert.Equal(0, Words.SumOf([.. pseudo, .. message]));
        return "announce " + Text(message.Slice(8, 16));
    }

    private static string Text(ReadOnlySpan<byte> address) => new IPAddress(address).ToString();
}
