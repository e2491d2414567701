using System;
using System.Buffers.Binary;
using System.Linq;
using System.Net;
using System.Text;

namespace Vrrpd.Core.Tests.Conformance;

/// <summary>
/// An advert field by field, each of which can be wrong: made from the standards' pictures and not by the code under test. What is not given is
/// as a peer with the same configuration has it.
/// </summary>
internal sealed record Words(Speech Speech)
{
    public int Number { get; init; } = Speech.Above;
    public int Priority { get; init; } = Speech.Higher;

    /// <summary>Null: our own.</summary>
    public TimeSpan? Interval { get; init; }
    public int? Version { get; init; }
    public int Type { get; init; } = 1;
    public int Vrid { get; init; } = 51;
    public int? Count { get; init; }
    public string[]? Addresses { get; init; }
    public int AuthType { get; init; }
    public string Password { get; init; } = "";

    /// <summary>The upper half of the fifth byte, which means nothing in version 3.</summary>
    public int Reserved { get; init; }
    public int HopLimit { get; init; } = 255;
    public int Protocol { get; init; } = 112;
    public string? Destination { get; init; }

    /// <summary>What is summed besides the message: "" for what the standard says, "none", "group" (keepalived to 1.3.6).</summary>
    public string Sum { get; init; } = "";

    /// <summary>Added to the checksum.</summary>
    public int Spoil { get; init; }

    /// <summary>Bytes that are missing at the end, or superfluous ones if negative.</summary>
    public int Cut { get; init; }

    public string Source => Speech.Host(Number);

    public string To => Destination ?? (Speech.IsUnicast ? Speech.Host(Speech.Own) : Speech.Group);

    /// <summary>From the VRRP header on.</summary>
    public byte[] Message()
    {
        int version = Version ?? Speech.Version;
        byte[][] addresses = [.. (Addresses ?? Speech.Addresses).Select(Bytes)];
        TimeSpan interval = Interval ?? Speech.Interval;
        byte[] time = version == 2
            ? [(byte)AuthType, (byte)interval.TotalSeconds]
            : Short(Reserved << 12 | (int)(interval.TotalMilliseconds / 10));
        byte[] authentication = version == 2 && !Speech.IsV6 ? Encoding.ASCII.GetBytes(Password.PadRight(8, '\0')) : [];
        byte[] message =
        [
            (byte)(version << 4 | Type), (byte)Vrid, (byte)Priority, (byte)(Count ?? addresses.Length), .. time, 0, 0,
            .. addresses.SelectMany(static bytes => bytes), .. authentication,
        ];
        string group = Sum == "group" ? Speech.Group : To;
        byte[] pseudo = Sum == "none" || (version == 2 && !Speech.IsV6) ? []
            : Speech.IsV6 ? [.. Bytes(Source), .. Bytes(group), 0, 0, .. Short(message.Length), 0, 0, 0, 112]
            : [.. Bytes(Source), .. Bytes(group), 0, 112, .. Short(message.Length)];
        Short(SumOf([.. pseudo, .. message]) + Spoil).CopyTo(message, 6);
        return Cut >= 0 ? message[..^Math.Min(Cut, message.Length)] : [.. message, .. new byte[-Cut]];
    }

    /// <summary>As the socket of its family delivers it: IPv4 with its header, IPv6 without.</summary>
    public byte[] Delivered()
    {
        byte[] message = Message();
        if (Speech.IsV6)
        {
            return message;
        }

        byte[] header = [0x45, 0xc0, .. Short(20 + message.Length), 0, 1, 0, 0, (byte)HopLimit, (byte)Protocol, 0, 0, .. Bytes(Source), .. Bytes(To)];
        Short(SumOf(header)).CopyTo(header, 10);
        return [.. header, .. message];
    }

    public static byte[] Bytes(string address) => IPAddress.Parse(address).GetAddressBytes();

    /// <summary>RFC 1071, as slowly as it is written there.</summary>
    public static int SumOf(byte[] bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8 | (i + 1 < bytes.Length ? bytes[i + 1] : 0));
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (int)(~sum & 0xffff);
    }

    private static byte[] Short(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
