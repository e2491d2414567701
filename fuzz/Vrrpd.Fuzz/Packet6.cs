using System;
using System.Buffers.Binary;
using Vrrpd.Core;
using Vrrpd.Core.Wire;
using static Vrrpd.Fuzz.MessageRules;

namespace Vrrpd.Fuzz;

/// <summary>Bytes as an IPv6 packet, as a bare VRRP message behind one, and as a frame with a neighbour advertisement; as it is and repaired.</summary>
internal static class Packet6
{
    private const int TrailerEvery = 4;

    public static int Run(ReadOnlySpan<byte> input)
    {
        int seen = Neighbor(input);
        seen = seen * 32 + (int)Ip6(input);
        seen = seen * 32 + (int)Hold(IpPacket.FromV6(Ip.FromV6(0, 1), VrrpPacket.Group6, 255, VrrpPacket.Protocol, input));
        for (byte version = VrrpPacket.Version2; version <= VrrpPacket.Version3; version++)
        {
            byte[] repaired = input.ToArray();
            if (Repair(repaired, version))
            {
                seen = seen * 32 + (int)Ip6(repaired);
            }
        }

        return seen;
    }

    private static WireError Ip6(ReadOnlySpan<byte> bytes)
    {
        WireError error = Ipv6Header.TryParse(bytes, out Ipv6Header ip);
        if (error != WireError.None)
        {
            return error;
        }

        Span<byte> written = stackalloc byte[Ipv6Header.Length];
        Ipv6Header.Write(written, ip.Source, ip.Destination, ip.HopLimit, ip.NextHeader, ip.TrafficClass, ip.PayloadLength);
        BinaryPrimitives.WriteUInt32BigEndian(written, BinaryPrimitives.ReadUInt32BigEndian(written) | (uint)ip.FlowLabel);
        Must(written.SequenceEqual(bytes[..Ipv6Header.Length]) && ip.Payload.Length == ip.PayloadLength);
        Must(IpPacket.TryParse(bytes, out IpPacket packet) == WireError.None);
        return Hold(packet);
    }

    private static int Neighbor(ReadOnlySpan<byte> frame)
    {
        if (EthernetFrame.TryParse(frame, out EthernetFrame ethernet) != WireError.None
            || Ipv6Header.TryParse(ethernet.Payload, out _) != WireError.None)
        {
            return 0;
        }

        Must(IpPacket.TryParse(ethernet.Payload, out IpPacket ip) == WireError.None);
        WireError error = NeighborAdvert.TryParse(ip, out NeighborAdvert advert);
        if (error == WireError.None)
        {
            byte[] written = new byte[NeighborAdvert.FrameLength];
            NeighborAdvert.WriteUnsolicited(written, advert.TargetMac, advert.Target);
            Must(EthernetFrame.TryParse(written, out EthernetFrame ours) == WireError.None);
            Must(IpPacket.TryParse(ours.Payload, out IpPacket again) == WireError.None);
            Must(NeighborAdvert.TryParse(again, out NeighborAdvert copy) == WireError.None);
            Must(copy.Target == advert.Target && copy.TargetMac == advert.TargetMac && copy.IsRouter && copy.IsOverride && !copy.IsSolicited);
        }

        return 1 + (int)error;
    }

    /// <summary>Makes lengths, count, version, type and checksum right; every fourth input keeps room for a trailer.</summary>
    private static bool Repair(Span<byte> packet, byte version)
    {
        int room = packet.Length - Ipv6Header.Length - VrrpPacket.HeaderLength;
        int trailer = packet.Length % TrailerEvery == 0 && room >= HmacTrailer.Length ? HmacTrailer.Length : 0;
        int count = Math.Min((room - trailer) / 16, VrrpPacket.MaxAddresses);
        if (room < 0 || Ipv6Header.Length + VrrpPacket.Length(version, true, count) + trailer != packet.Length)
        {
            return false;
        }

        packet[0] = 6 << 4;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - Ipv6Header.Length));
        Span<byte> payload = packet[Ipv6Header.Length..];
        MessageRules.Repair(payload, version, isV6: true, count);
        Ip source = Ip.Read(packet.Slice(8, 16)), destination = Ip.Read(packet.Slice(24, 16));
        VrrpPacket.Seal(payload, VrrpPacket.Seed(ChecksumForm.PseudoHeader, source, destination, payload.Length));
        return true;
    }
}
