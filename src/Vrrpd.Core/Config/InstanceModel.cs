using System;

namespace Vrrpd.Core.Config;

/// <summary>Who sends and receives the adverts of an instance besides multicast.</summary>
/// <param name="MinTtl">-1 for no bound, as <paramref name="MaxTtl"/>.</param>
public readonly record struct UnicastPeer(Ip Address, short MinTtl, short MaxTtl);

/// <summary>use_vmac or use_ipvlan.</summary>
public sealed record VirtualDevice
{
    public bool IsIpvlan { get; init; }

    /// <summary>"" for the usual one (vrrp.51).</summary>
    public string Name { get; init; } = "";

    /// <summary>The six bytes in the low 48 bits; 0 for the MAC address that the standard gives the id.</summary>
    public ulong Mac { get; init; }

    /// <summary>Of an ipvlan.</summary>
    public Ip Address { get; init; }
    public byte PrefixLength { get; init; }

    /// <summary>bridge, private, vepa, or "" for the default.</summary>
    public string Mode { get; init; } = "";
    public bool NotifiesParent { get; init; }

    /// <summary>vmac_xmit_base: adverts go over the interface below.</summary>
    public bool SendsOnBase { get; init; }
    public uint? LinkGroup { get; init; }
}

public enum TrackKind : byte
{
    Interface,
    Script,
    File,
    Process,
    Bfd,
}

/// <summary>A line of track_interface, track_file, track_process or track_bfd.</summary>
/// <param name="Weight">Null: what the thing itself says.</param>
public readonly record struct TrackedThing(TrackKind Kind, string Name, int? Weight, bool? Reverse, SourceSpan Where);

/// <summary>A route or a rule, checked: its words as written, with single blanks between.</summary>
public sealed record KernelLine(string Text, bool IsV6, SourceSpan Where)
{
    /// <summary>Not `no_track`: losing it is losing the master.</summary>
    public bool IsTracked { get; init; } = true;
}

/// <summary>notify_master and the like.</summary>
/// <param name="Event">The keyword without notify_: master, backup, fault, stop, deleted, master_rx_lower_pri; "" for notify.</param>
public sealed record NotifyCommand(string Event, string[] Command, string User, string Group, SourceSpan Where);

/// <summary>auth_hmac, as far as it is usable: <see cref="ActiveKey"/> names one of the keys.</summary>
public sealed record HmacConfig
{
    public byte ActiveKey { get; init; }
    public byte[] KeyIds { get; init; } = [];

    /// <summary>Zero for three times the advert interval, in 5..300 s.</summary>
    public TimeSpan Window { get; init; }
    public bool IsMonotonic { get; init; }
    public string Mode { get; init; } = "enforce";
}

/// <summary>What a name in the configuration means only the host can say.</summary>
public enum HostThing : byte
{
    Interface,
    Vrf,
    RouteTable,
    RouteProtocol,
    RouteScope,
    RouteRealm,
    TypeOfService,
    LinkGroup,
    IpProtocol,

    /// <summary>An interface whose absence is a complaint only.</summary>
    WatchedInterface,
}

/// <summary>
/// A name that the host has to know. If it does not, keepalived says <paramref name="Complaint"/>; where that is about a missing interface
/// it does not run, either.
/// </summary>
public readonly record struct HostName(HostThing Thing, string Name, SourceSpan Where, string Complaint);
