using System;

namespace Vrrpd.Core;

/// <summary>
/// One received datagram, borrowed from the host's buffer for the length of the call. IPv4: <see cref="Bytes"/> is the whole
/// packet from its IP header on, as a raw socket delivers it.
/// </summary>
public readonly ref struct Datagram
{
    public ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>Slot of the interface whose socket read it.</summary>
    public short Slot { get; init; }
}
