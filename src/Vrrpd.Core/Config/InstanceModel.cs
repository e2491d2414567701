using System;

namespace Vrrpd.Core.Config;

/// <summary>What an instance says and has no effect yet, settled as keepalived settles it.</summary>
public sealed record InstanceExtras
{
    public static readonly InstanceExtras None = new();

    public KernelLine[] Routes { get; init; } = [];
    public KernelLine[] Rules { get; init; } = [];
    public TrackedThing[] Tracked { get; init; } = [];
    public NotifyCommand[] Notify { get; init; } = [];
}

[Flags]
public enum AddressTraits : byte
{
    None = 0,
    Home = 1,

    /// <summary>-nodad was written, which asks for duplicate address detection.</summary>
    DetectsDuplicates = 2,
    ManagesTemporary = 4,
    NoPrefixRoute = 8,
    AutoJoin = 16,
    NoTrack = 32,
    UsesVmac = 64,
}

/// <summary>Words of an address line besides those that are served.</summary>
public sealed record AddressExtras
{
    public static readonly AddressExtras None = new();

    /// <summary>The far end of a point-to-point link; unspecified for none.</summary>
    public Ip Peer { get; init; }
    public byte PeerLength { get; init; }

    /// <summary>Seconds, the largest number for ever; null for the default: none for a whole IPv6 address (/128), else for ever.</summary>
    public uint? PreferredLifetime { get; init; }
    public AddressTraits Traits { get; init; }

    /// <summary>track_group; "" for none.</summary>
    public string TrackGroup { get; init; } = "";
}

/// <summary>Who sends and receives the adverts of an instance besides multicast.</summary>
/// <param name="MinTtl">-1 for no bound, as <paramref name="MaxTtl"/>.</param>
public readonly record struct UnicastPeer(Ip Address, short MinTtl, short MaxTtl);

/// <summary>A macvlan or ipvlan of an instance: of use_vmac or use_ipvlan, or for the addresses on another interface.</summary>
public sealed record VirtualDevice
{
    /// <summary>Its own slot: once it is made it is an interface like any other.</summary>
    public short Slot { get; init; } = -1;

    /// <summary>Slot of the interface below it.</summary>
    public short Base { get; init; } = -1;
    public bool IsIpvlan { get; init; }

    /// <summary>As written; "" for the usual one: vrrp.51, or what is free. The name that it gets is that of <see cref="Slot"/>.</summary>
    public string Name { get; init; } = "";

    /// <summary>The six bytes in the low 48 bits, first one highest; 0 of an ipvlan, which has that of the interface below.</summary>
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

public enum HmacMode : byte
{
    /// <summary>Adverts without a valid trailer are refused.</summary>
    Enforce,

    /// <summary>Signs, and accepts adverts without a trailer.</summary>
    Permissive,

    /// <summary>Does not sign, and accepts adverts without a trailer.</summary>
    ReceiveOnly,
}

/// <summary>auth_hmac, as far as it is usable: <see cref="ActiveKey"/> names one of the keys.</summary>
public sealed record HmacConfig
{
    public byte ActiveKey { get; init; }
    public HmacKey[] Keys { get; init; } = [];

    /// <summary>Zero for three times the advert interval, in 5..300 s.</summary>
    public TimeSpan Window { get; init; }
    public bool IsMonotonic { get; init; }
    public HmacMode Mode { get; init; }
}

/// <summary>A key of auth_hmac: 32 to 64 bytes, never shown.</summary>
/// <param name="File">Where the value was read; "" when it is written in the configuration.</param>
public sealed record HmacKey(byte Id, byte[] Value, string File);

/// <summary>What a name in the configuration means only the host can say.</summary>
public enum HostThing : byte
{
    Interface,

    /// <summary>Where an instance speaks.</summary>
    Vrf,

    /// <summary>Whose table a route is put into.</summary>
    RouteVrf,
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
