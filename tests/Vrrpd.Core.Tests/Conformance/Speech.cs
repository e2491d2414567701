using System;
using System.Globalization;
using Xunit;

namespace Vrrpd.Core.Tests.Conformance;

/// <summary>What is spoken in a test: version, family, and whether to a group or to peers. Ours is host number 5.</summary>
public sealed record Speech(string Name, int Version, bool IsV6, bool IsUnicast)
{
    /// <summary>Our host's number: there is room below and above.</summary>
    public const int Own = 5;

    /// <summary>A rival with a lower address.</summary>
    public const int Below = 2;

    /// <summary>A rival with a higher address.</summary>
    public const int Above = 8;

    /// <summary>Our priority, where a test wants no other.</summary>
    public const int Priority = 100;
    public const int Higher = 200;
    public const int Lower = 50;

    internal static readonly string[] Names = ["v2 IPv4", "v2 IPv6", "v3 IPv4", "v3 IPv6", "v2 IPv4 unicast", "v3 IPv4 unicast", "v3 IPv6 unicast"];

    /// <summary>Every version over every family that it has, to the group and to peers.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>Those of version 3.</summary>
    public static TheoryData<string> OfVersion3 => ["v3 IPv4", "v3 IPv6", "v3 IPv4 unicast", "v3 IPv6 unicast"];

    /// <summary>Our interval.</summary>
    public TimeSpan Interval => Version == 2 ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(0.5);

    /// <summary>Another interval, which a backup of version 3 learns; version 2 has to have the same.</summary>
    public TimeSpan Other => Version == 2 ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(2);

    /// <summary>The virtual addresses.</summary>
    public string[] Addresses => IsV6 ? ["fe80::100", "fd00::100"] : ["10.0.0.100", "10.0.0.101"];

    /// <summary>Where adverts go: the group, or each peer.</summary>
    public string[] Destinations => IsUnicast ? [Host(Below), Host(Above)] : [Group];

    public string Group => IsV6 ? "ff02::12" : "224.0.0.18";

    public static Speech Of(string name) =>
        new(name, name[1] - '0', name.Contains("IPv6", StringComparison.Ordinal), name.EndsWith("unicast", StringComparison.Ordinal));

    /// <summary>The address of a host: the higher number is the higher address.</summary>
    public string Host(int number) => (IsV6 ? "fe80::" : "10.0.0.") + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Skew_Time (RFC 3768 and RFC 9568, 6.1) at the interval that the master has.</summary>
    public TimeSpan Skew(int priority, TimeSpan interval) => new((Version == 2 ? TimeSpan.TicksPerSecond : interval.Ticks) * (256 - priority) / 256);

    /// <summary>Active_Down_Interval.</summary>
    public TimeSpan Down(int priority, TimeSpan interval) => interval * 3 + Skew(priority, interval);

    /// <summary>A configuration of one instance.</summary>
    public string Config(int priority = Priority, string more = "", string state = "BACKUP", string global = "") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        global_defs {
            {{global}}
        }
        {{Instance("VI_1", 51, priority, more, state)}}
        """);

    /// <summary>An instance that announces once and not again later.</summary>
    public string Instance(string name, int vrid, int priority = Priority, string more = "", string state = "BACKUP") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        vrrp_instance {{name}} {
            state {{state}}
            interface eth0
            version {{Version}}
            virtual_router_id {{vrid}}
            priority {{priority}}
            advert_int {{Interval.TotalSeconds}}
            garp_master_repeat 1
            garp_master_delay 0
            garp_lower_prio_repeat 1
            garp_lower_prio_delay 0
            {{(IsUnicast ? $"unicast_src_ip {Host(Own)}\nunicast_peer {{\n{Host(Below)}\n{Host(Above)}\n}}" : "")}}
            {{more}}
            virtual_ipaddress {
                {{string.Join("\n        ", Addresses)}}
            }
        }

        """);
}
