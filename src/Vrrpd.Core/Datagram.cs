using System;

namespace Vrrpd.Core;

/// <summary>
/// One received datagram, borrowed from the host's buffer for the length of the call. IPv4: <see cref="Bytes"/> is the whole
/// packet from its IP header on, as a raw socket delivers it. IPv6: only what follows the header, with source, destination and hop limit
/// beside it, which the socket tells as ancillary data (RFC 3542 section 6).
/// </summary>
public readonly ref struct Datagram
{
    public ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>Number of the channel whose socket read it.</summary>
    public short Channel { get; init; }

    /// <summary>IPv6 only.</summary>
    public Ip Source { get; init; }

    /// <summary>IPv6 only.</summary>
    public Ip Destination { get; init; }

    /// <summary>IPv6 only.</summary>
    public byte HopLimit { get; init; }
}
