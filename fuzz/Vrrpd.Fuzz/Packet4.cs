using System;
using System.Buffers.Binary;
using Vrrpd.Core;
using Vrrpd.Core.Wire;
using static Vrrpd.Fuzz.MessageRules;

namespace Vrrpd.Fuzz;

/// <summary>
/// Bytes as an IPv4 packet, as a bare VRRP message and as a frame with ARP. Whatever is accepted must come out of our own encoder
/// byte by byte, and its getters must not fail. Random bytes hardly ever have the right lengths and checksum, so each input is
/// tried as it is and again with these repaired.
/// </summary>
internal static class Packet4
{
    public static int Run(ReadOnlySpan<byte> input)
    {
        int seen = Arp(input, out _);
        seen = seen * 16 + (int)Ip4(input);
        seen = seen * 16 + (int)MessageRules.Hold(new IpPacket { Destination = VrrpPacket.Group, Payload = input });
        for (byte version = VrrpPacket.Version2; version <= VrrpPacket.Version3; version++)
        {
            byte[] repaired = input.ToArray();
            if (Repair(repaired, version))
            {
                seen = seen * 16 + (int)Ip4(repaired);
            }
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
        Must(IpPacket.TryParse(bytes, out IpPacket packet) == WireError.None && packet.Payload.SequenceEqual(ip.Payload));
        return ip.Protocol == AuthHeader.Protocol ? MessageRules.HoldSigned(packet) : MessageRules.Hold(packet);
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
    private static bool Repair(Span<byte> packet, byte version)
    {
        int smallest = VrrpPacket.Length(version, false, 0);
        if (packet.Length < Ipv4Header.Length + smallest)
        {
            return false;
        }

        int header = Math.Clamp(packet[0] & 0xf, 5, 15) * 4;
        int room = packet.Length - header - smallest;
        if (room is < 0 or >= 4 * (VrrpPacket.MaxAddresses + 1))
        {
            return false;
        }

        packet[0] = (byte)(4 << 4 | header / 4);
        int length = MessageRules.Repair(packet[header..], version, isV6: false, room / 4);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(header + length));
        Ip source = Ip.Read(packet.Slice(12, 4)), destination = Ip.Read(packet.Slice(16, 4));
        ChecksumForm form = version == VrrpPacket.Version2 ? ChecksumForm.Message : (ChecksumForm)(1 + packet[4] % 3);
        VrrpPacket.Seal(packet.Slice(header, length), VrrpPacket.Seed(form, source, destination, length));
        return true;
    }
}
