using System;
using System.Buffers.Binary;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using Vrrpd.Netns.Tests.Harness;

namespace Vrrpd.Netns.Tests.Protocol;

/// <summary>What is spoken in a test.</summary>
/// <param name="Version">VRRP version.</param>
/// <param name="IsV6">IPv6 instead of IPv4.</param>
public sealed record Speech(int Version, bool IsV6)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        return $"v{Version} {(IsV6 ? "IPv6" : "IPv4")}";
    }

    /// <summary>Our interval, in seconds.</summary>
    public double Interval => Version == 2 ? 1 : 0.6;

    /// <summary>Another interval, which a backup of version 3 learns; version 2 has to have the same.</summary>
    public double Other => Version == 2 ? 1 : 0.9;

    /// <summary>The virtual addresses.</summary>
    public string[] Addresses => IsV6 ? ["fe80::51", "fd00:30::100"] : ["10.10.30.100"];

    /// <summary>The own address with this number: the higher number is the higher address.</summary>
    public string Address(int number)
    {
        return IsV6 ? $"fe80::{number}" : $"10.10.30.{number}";
    }

    /// <summary>Skew_Time at a learnt interval.</summary>
    public double Skew(int priority, double interval)
    {
        return (256 - priority) / 256.0 * (Version == 2 ? 1 : interval);
    }

    /// <summary>Active_Down_Interval at a learnt interval.</summary>
    public double Down(int priority, double interval)
    {
        return (3 * interval) + Skew(priority, interval);
    }
}

/// <summary>An advert, each of whose fields can be wrong; -1 is for what is right.</summary>
/// <param name="Priority">Its priority.</param>
/// <param name="From">The number of its host.</param>
internal sealed record Word(int Priority, int From)
{
    /// <summary>Seconds.</summary>
    public double Interval { get; init; } = -1;

    /// <summary>VRRP version.</summary>
    public int Version { get; init; } = -1;

    /// <summary>VRRP type.</summary>
    public int Type { get; init; } = 1;

    /// <summary>Virtual router.</summary>
    public int Vrid { get; init; } = 51;

    /// <summary>Count of addresses, as it says.</summary>
    public int Count { get; init; } = -1;

    /// <summary>Of version 2.</summary>
    public string Password { get; init; } = "";

    /// <summary>TTL or hop limit.</summary>
    public int HopLimit { get; init; } = 255;

    /// <summary>Added to the checksum.</summary>
    public int Spoil { get; init; }

    /// <summary>A bit of the message that was turned on the way.</summary>
    public int FlippedBit { get; init; } = -1;

    /// <summary>Bytes that are missing at the end; the IP header agrees.</summary>
    public int Cut { get; init; }
}

/// <summary>Another router on the LAN that says whatever it is told to, in frames made by hand.</summary>
internal sealed class Rival(Lan lan, Host host, Speech speech) : IDisposable
{
    private readonly Injector _injector = new(host);
    private readonly byte[] _mac = Convert.FromHexString(host.Sh($"cat /sys/class/net/{Story.Nic}/address").Trim().Replace(":", "", StringComparison.Ordinal));

    /// <summary>One advert.</summary>
    public void Says(int priority, int from, double interval = 0)
    {
        lan.Say($"rival: advert {priority} from {speech.Address(from)}");
        _injector.Send(Frame(new Word(priority, from) { Interval = Usual(interval) }));
    }

    /// <summary>Adverts at this pace until disposed: a master.</summary>
    public IDisposable Reigns(int priority, int from, double interval = 0, double pace = 0)
    {
        byte[] frame = Frame(new Word(priority, from) { Interval = Usual(interval) });
        lan.Say($"rival: adverts {priority} from {speech.Address(from)} begin");
        return new Timer(_ => _injector.Send(frame), null, TimeSpan.Zero, TimeSpan.FromSeconds(pace == 0 ? Usual(interval) : pace));
    }

    /// <summary>Words in turn, at this pace, until disposed.</summary>
    public IDisposable Shouts(double pace, params Word[] words)
    {
        byte[][] frames = [.. words.Select(Frame)];
        int next = 0;
        lan.Say("rival: noise begins");
        return new Timer(_ => _injector.Send(frames[(uint)Interlocked.Increment(ref next) % frames.Length]), null, TimeSpan.Zero, TimeSpan.FromSeconds(pace));
    }

    /// <summary>One word, whatever is wrong with it.</summary>
    public void Says(Word word)
    {
        _injector.Send(Frame(word));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _injector.Dispose();
    }

    private double Usual(double interval)
    {
        return interval == 0 ? speech.Interval : interval;
    }

    private byte[] Frame(Word word)
    {
        byte[] source = IPAddress.Parse(speech.Address(word.From)).GetAddressBytes();
        byte[] group = IPAddress.Parse(speech.IsV6 ? "ff02::12" : "224.0.0.18").GetAddressBytes();
        byte[] message = Message(word, source, group);
        byte[] header = speech.IsV6
            ? [0x6c, 0, 0, 0, .. Number(message.Length), 112, (byte)word.HopLimit, .. source, .. group]
            : HeaderV4(source, group, message.Length, word.HopLimit);
        byte[] to = Convert.FromHexString(speech.IsV6 ? "333300000012" : "01005e000012");
        return [.. to, .. _mac, .. Number(speech.IsV6 ? 0x86dd : 0x0800), .. header, .. message];
    }

    private byte[] Message(Word word, byte[] source, byte[] group)
    {
        int version = word.Version < 0 ? speech.Version : word.Version;
        byte[][] addresses = [.. speech.Addresses.Select(address => IPAddress.Parse(address).GetAddressBytes())];
        double interval = word.Interval < 0 ? speech.Interval : word.Interval;
        byte[] time = version == 2 ? [(byte)(word.Password.Length > 0 ? 1 : 0), (byte)interval] : Number((int)Math.Round(interval * 100));
        byte[] password = version == 2 && !speech.IsV6 ? Encoding.ASCII.GetBytes(word.Password.PadRight(8, '\0')) : [];
        byte[] message =
        [
            (byte)((version << 4) | word.Type), (byte)word.Vrid, (byte)word.Priority, (byte)(word.Count < 0 ? addresses.Length : word.Count), .. time, 0, 0,
            .. addresses.SelectMany(address => address), .. password,
        ];
        byte[] pseudo = version == 2 && !speech.IsV6 ? []
            : speech.IsV6 ? [.. source, .. group, 0, 0, .. Number(message.Length), 0, 0, 0, 112]
            : [.. source, .. group, 0, 112, .. Number(message.Length)];
        Number(Sum([.. pseudo, .. message]) + word.Spoil).CopyTo(message, 6);
        if (word.FlippedBit >= 0)
        {
            message[word.FlippedBit / 8] ^= (byte)(1 << (word.FlippedBit % 8));
        }

        return message[..(message.Length - Math.Min(word.Cut, message.Length))];
    }

    private static byte[] HeaderV4(byte[] source, byte[] group, int length, int hopLimit)
    {
        byte[] header = [0x45, 0xc0, .. Number(20 + length), 0, 1, 0, 0, (byte)hopLimit, 112, 0, 0, .. source, .. group];
        Number(Sum(header)).CopyTo(header, 10);
        return header;
    }

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }

    private static int Sum(byte[] bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(i));
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (int)(~sum & 0xffff);
    }
}
