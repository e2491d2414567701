using System;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>The names of routing that need no file of the host, and numbers as iproute2 writes them.</summary>
internal static class RouteNames
{
    /// <summary>Null for a name that only rt_scopes may know, or none.</summary>
    public static byte? Scope(string text) => text switch
    {
        "global" => 0,
        "site" => 200,
        "link" => 253,
        "host" => 254,
        "nowhere" => 255,
        _ => Number(text) is { } number and <= byte.MaxValue ? (byte)number : null,
    };

    /// <summary>Whether a word says something without the host's files.</summary>
    public static bool IsKnown(HostThing thing, string text) => thing switch
    {
        HostThing.RouteTable => text is "main" or "local" or "default" || Number(text) is not null,
        HostThing.RouteProtocol => text is "kernel" or "boot" or "static" or "redirect" or "ra" or "dhcp" or "keepalived"
            || Number(text) is <= byte.MaxValue,
        HostThing.RouteScope => Scope(text) is not null,
        HostThing.RouteRealm => IsRealms(text),
        HostThing.TypeOfService => Number(text) is <= byte.MaxValue,
        HostThing.LinkGroup => text == "default" || Number(text) is not null,
        HostThing.IpProtocol => text is "tcp" or "udp" or "icmp" or "ipv6-icmp" or "vrrp" or "esp" or "ah" or "gre" or "sctp"
            || Number(text) is <= byte.MaxValue,
        _ => false,
    };

    /// <summary>Whether a word can be a name at all: what starts with a digit or a sign is a number that went wrong.</summary>
    public static bool IsName(string text) => text.Length > 0 && char.IsAsciiLetter(text[0]);

    /// <summary>Decimal, or hexadecimal with 0x in front; null for anything else.</summary>
    public static uint? Number(ReadOnlySpan<char> text)
    {
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return uint.TryParse(isHex ? text[2..] : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture, out uint number) ? number : null;
    }

    /// <summary>REALM or FROM/TO, of numbers that fit 16 bits.</summary>
    private static bool IsRealms(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? IsRealm(text) : IsRealm(text.AsSpan(0, slash)) && IsRealm(text.AsSpan(slash + 1));
    }

    private static bool IsRealm(ReadOnlySpan<char> text) => text is "cosmos" || Number(text) is <= ushort.MaxValue;
}
