using System;

namespace Vrrpd.Core.Wire;

/// <summary>
/// A received IP packet of either family as the checks need it, over borrowed bytes: a raw socket gives the whole packet for IPv4, and
/// for IPv6 only the payload with the rest beside it.
/// </summary>
public readonly ref struct IpPacket
{
    public Ip Source { get; init; }
    public Ip Destination { get; init; }

    /// <summary>TTL or hop limit as it arrived.</summary>
    public byte HopLimit { get; init; }

    /// <summary>IPv4 protocol; IPv6: of the payload, extension headers already taken off.</summary>
    public byte Protocol { get; init; }

    /// <summary>Exactly what the header announces: padding of the link is not part of it.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The IPv4 header with its options, which an authentication header signs; empty for IPv6.</summary>
    public ReadOnlySpan<byte> Header { get; init; }
    public bool IsV6 => Source.IsV6;

    /// <summary>A whole packet from its IP header on, of either family; errors as those of <see cref="Ipv4Header"/> and <see cref="Ipv6Header"/>.</summary>
    public static WireError TryParse(ReadOnlySpan<byte> packet, out IpPacket ip)
    {
        ip = default;
        if (!packet.IsEmpty && packet[0] >> 4 == 6)
        {
            WireError bad = Ipv6Header.TryParse(packet, out Ipv6Header six);
            if (bad == WireError.None)
            {
                ip = FromV6(six.Source, six.Destination, six.HopLimit, six.NextHeader, six.Payload);
            }

            return bad;
        }

        WireError error = Ipv4Header.TryParse(packet, out Ipv4Header four);
        if (error == WireError.None)
        {
            ip = new IpPacket
            {
                Source = four.Source,
                Destination = four.Destination,
                HopLimit = four.Ttl,
                Protocol = four.Protocol,
                Payload = four.Payload,
                Header = four.Bytes,
            };
        }

        return error;
    }

    /// <summary>What an IPv6 raw socket delivers, with the addresses and the hop limit of its ancillary data.</summary>
    public static IpPacket FromV6(Ip source, Ip destination, byte hopLimit, byte protocol, ReadOnlySpan<byte> payload)
    {
        Invariant.Check(source.IsV6 && destination.IsV6);
        return new IpPacket { Source = source, Destination = destination, HopLimit = hopLimit, Protocol = protocol, Payload = payload };
    }
}
