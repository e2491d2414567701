using System;

namespace Vrrpd.Core.Wire;

/// <summary>What a VRRPv2 advertisement says, as a value to write. <see cref="VrrpPacket"/> is the view to read one.</summary>
public readonly ref struct Advert
{
    public byte Vrid { get; init; }
    public byte Priority { get; init; }

    /// <summary>Whole seconds, 0..255.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>0 none, 1 simple password, 2 IP authentication header (RFC 2338 section 5.3.6).</summary>
    public byte AuthType { get; init; }

    /// <summary>The 8 bytes behind the addresses, first byte in the most significant; 0 without password.</summary>
    public ulong AuthData { get; init; }

    /// <summary>At most 255 IPv4 addresses, in the order of the configuration.</summary>
    public ReadOnlySpan<Ip> Addresses { get; init; }
}
