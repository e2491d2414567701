using System;

namespace Vrrpd.Core.Wire;

/// <summary>What a VRRP advertisement says, as a value to write. <see cref="VrrpPacket"/> is the view to read one.</summary>
public readonly ref struct Advert
{
    /// <summary>Version 2, IPv4, all else zero.</summary>
    public Advert()
    {
    }

    /// <summary>2 or 3.</summary>
    public byte Version { get; init; } = VrrpPacket.Version2;

    /// <summary>Family of the addresses and of the IP header before it.</summary>
    public bool IsV6 { get; init; }
    public byte Vrid { get; init; }
    public byte Priority { get; init; }

    /// <summary>Version 2: whole seconds, 0..255. Version 3: whole centiseconds, 0..4095.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>Version 2: 0 none, 1 simple password, 2 IP authentication header (RFC 2338 section 5.3.6). Version 3: 0.</summary>
    public byte AuthType { get; init; }

    /// <summary>Version 2 over IPv4: the 8 bytes behind the addresses, first byte in the most significant; 0 without password.</summary>
    public ulong AuthData { get; init; }

    /// <summary>At most 255 addresses of the family, in the order of the configuration.</summary>
    public ReadOnlySpan<Ip> Addresses { get; init; }
}
