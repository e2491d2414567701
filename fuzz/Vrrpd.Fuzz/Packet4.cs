using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Vrrpd.Core;
using Vrrpd.Core.Wire;

namespace Vrrpd.Fuzz;

/// <summary>
/// Bytes as an IPv4 packet, as a bare VRRP message and as a frame with ARP. Whatever is accepted must come out of our own encoder
/// byte by byte, and its getters must not fail. Random bytes hardly ever have the right lengths and checksum, so each input is
/// tried as it is and again with these repaired.
/// </summary>
internal static class Packet4
{
    private const int VrrpCountAt = 3;
    private const int VrrpChecksumAt = 6;
    private const int SmallestMessage = 16;

    public static int Run(ReadOnlySpan<byte> input)
    {
        int seen = Arp(input, out _);
        seen = seen * 16 + (int)Ip4(input);
        seen = seen * 16 + (int)Message(input);

        byte[] repaired = input.ToArray();
        if (Repair(repaired))
        {
            seen = seen * 16 + (int)Ip4(repaired);
        }

        return seen;
    }

    private static WireError Ip4(ReadOnlySpan<byte> bytes)
    {
        WireError error = Ipv4Header.TryParse(bytes, out Ipv4Header ip);
        if (error != WireError.None)
        {
            return error;
        }

        Must(ip.HeaderLength is >= 20 and <= 60 && ip.TotalLength <= bytes.Length);
        Must(ip.Payload.Length == ip.TotalLength - ip.HeaderLength);
        _ = ip.HasValidChecksum;

        // Options, flags and fragments are not kept by the view: only the rest has to return.
        Span<byte> written = stackalloc byte[Ipv4Header.Length];
        Ipv4Header.Write(written, ip.Source, ip.Destination, ip.Ttl, ip.Protocol, ip.Id, ip.Tos, ip.Payload.Length);
        Must(Ipv4Header.TryParse(bytes[..ip.TotalLength], out Ipv4Header again) == WireError.None);
        Must(written[1..2].SequenceEqual(bytes[1..2]) && written[4..6].SequenceEqual(bytes[4..6]));
        Must(written[8..10].SequenceEqual(bytes[8..10]) && written[12..20].SequenceEqual(bytes[12..20]));
        Must(Checksum.Verify(written) && again.Payload.SequenceEqual(ip.Payload));
        Ipv4Header.PatchId(written, (ushort)~ip.Id);
        Must(Checksum.Verify(written));
        return Message(ip.Payload);
    }

    private static WireError Message(ReadOnlySpan<byte> message)
    {
        WireError viewed = VrrpPacket.TryView(message, out VrrpPacket view);
        WireError error = VrrpPacket.TryParse(message, out VrrpPacket packet);
        Must(VrrpPacket.TryReadVrid(message, out byte vrid) == message.Length >= 8);
        if (viewed != WireError.None)
        {
            Must(error == viewed);
            return error;
        }

        // After TryView no getter may fail.
        int sum = view.Version + view.Type + view.Priority + view.AuthType + view.IntervalSeconds + view.AuthBytes.Length;
        Must(view.Vrid == vrid && view.Addresses.Length == 4 * view.Count && view.AuthBytes.Length == 8 && sum > 0);
        Ip[] addresses = new Ip[view.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = view.Address(i);
        }

        if (error != WireError.None)
        {
            Must(error == (view.Type != VrrpPacket.Advertisement ? WireError.BadType : WireError.BadChecksum));
            return error;
        }

        Advert advert = new()
        {
            Vrid = packet.Vrid,
            Priority = packet.Priority,
            Interval = packet.Interval,
            AuthType = packet.AuthType,
            AuthData = packet.AuthData,
            Addresses = addresses,
        };
        byte[] written = new byte[message.Length];
        Must(VrrpPacket.Write(written, advert) == message.Length);

        // A field of 0xffff is as good as the 0x0000 that we send.
        byte[] given = message.ToArray();
        if (BinaryPrimitives.ReadUInt16BigEndian(given.AsSpan(VrrpChecksumAt)) == 0xffff)
        {
            BinaryPrimitives.WriteUInt16BigEndian(given.AsSpan(VrrpChecksumAt), 0);
        }

        Must(written.AsSpan().SequenceEqual(given));
        VrrpPacket.PatchPriority(written, 0);
        VrrpPacket.PatchPriority(written, packet.Priority);
        Must(written.AsSpan().SequenceEqual(given));
        return WireError.None;
    }

    private static int Arp(ReadOnlySpan<byte> bytes, out WireError error)
    {
        error = EthernetFrame.TryParse(bytes, out EthernetFrame frame);
        if (error != WireError.None)
        {
            return 0;
        }

        error = ArpPacket.TryParse(frame.Payload, out ArpPacket arp);
        if (error != WireError.None)
        {
            return 1 + (int)error;
        }

        byte[] written = new byte[ArpPacket.FrameLength];
        int at = EthernetFrame.Write(written, frame.Destination, frame.Source, frame.EtherType);
        at += ArpPacket.Write(written.AsSpan(at), arp.Operation, arp.SenderMac, arp.SenderIp, arp.TargetMac, arp.TargetIp);
        Must(at == ArpPacket.FrameLength && written.AsSpan().SequenceEqual(bytes[..at]));
        return 15;
    }

    /// <summary>Makes lengths, count, version, type and checksum right, as far as the input is long enough to have them.</summary>
    private static bool Repair(Span<byte> packet)
    {
        if (packet.Length < Ipv4Header.Length + SmallestMessage)
        {
            return false;
        }

        int header = Math.Clamp(packet[0] & 0xf, 5, 15) * 4;
        int room = packet.Length - header - SmallestMessage;
        if (room is < 0 or >= 4 * (VrrpPacket.MaxAddresses + 1))
        {
            return false;
        }

        int count = room / 4;
        int length = VrrpPacket.Length(count);
        packet[0] = (byte)(4 << 4 | header / 4);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(header + length));
        Span<byte> message = packet.Slice(header, length);
        message[0] = VrrpPacket.Version2 << 4 | VrrpPacket.Advertisement;
        message[VrrpCountAt] = (byte)count;
        BinaryPrimitives.WriteUInt16BigEndian(message[VrrpChecksumAt..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[VrrpChecksumAt..], Checksum.Compute(message));
        return true;
    }

    private static void Must(bool holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        if (!holds)
        {
            throw new WrongException(what);
        }
    }
}
