using System;

namespace Vrrpd.Core.Config;

/// <summary>
/// A whole configuration, bound and checked. Immutable: a reload makes a new one. Interfaces are strings here once and slots
/// (indexes into <see cref="Interfaces"/>) everywhere else, because an interface may be absent, return, and change its ifindex.
/// </summary>
public sealed record DaemonConfig
{
    public required GlobalConfig Globals { get; init; }
    public required string[] Interfaces { get; init; }
    public required RouterConfig[] Routers { get; init; }
    public required ScriptConfig[] Scripts { get; init; }
    public SyncGroupConfig[] SyncGroups { get; init; } = [];

    /// <summary>static_ipaddress, static_routes and static_rules.</summary>
    public VirtualAddress[] StaticAddresses { get; init; } = [];
    public KernelLine[] StaticRoutes { get; init; } = [];
    public KernelLine[] StaticRules { get; init; } = [];

    /// <summary>Names besides those of <see cref="Interfaces"/> that mean something only on the host.</summary>
    public HostName[] HostNames { get; init; } = [];

    /// <summary>The load balancer's half; null if there is none.</summary>
    public LvsConfig? Lvs { get; init; }

    /// <summary>Virtual addresses of all instances together: what buffers are sized by.</summary>
    public int AddressCount
    {
        get
        {
            int count = 0;
            foreach (RouterConfig router in Routers)
            {
                count += router.Addresses.Length;
            }

            return count;
        }
    }
}

/// <summary>A vrrp_sync_group that has members.</summary>
public sealed record SyncGroupConfig
{
    public required string Name { get; init; }

    /// <summary>Names of instances of this configuration, each in no other group.</summary>
    public required string[] Members { get; init; }
    public SourceSpan Where { get; init; } = SourceSpan.None;
}

/// <summary>global_defs, as far as it is served.</summary>
public sealed record GlobalConfig
{
    public string RouterId { get; init; } = "";

    /// <summary>script_user: "" means keepalived_script if that user exists, else our own uid.</summary>
    public string ScriptUser { get; init; } = "";
    public string ScriptGroup { get; init; } = "";
    public SourceSpan ScriptUserWhere { get; init; } = SourceSpan.None;
    public bool ScriptSecurity { get; init; }

    /// <summary>default_interface: the device of addresses that name none and belong to no instance.</summary>
    public string DefaultInterface { get; init; } = "eth0";

    /// <summary>dynamic_interfaces: keepalived starts although an interface is absent. Not served.</summary>
    public bool DynamicInterfaces { get; init; }

    /// <summary>The vrrp_garp_* defaults, as they stand after the whole file was read.</summary>
    public AnnounceConfig Announce { get; init; } = AnnounceConfig.Usual;

    /// <summary>A word of vrrp_rx_bufs and the like is not kept here until it has an effect.</summary>
    public SourceSpan Where { get; init; } = SourceSpan.None;
}

public enum AuthType : byte
{
    None = 0,
    Pass = 1,

    /// <summary>IPsec authentication header: not served.</summary>
    Ah = 2,
}

/// <summary>One vrrp_instance: a virtual router of RFC 3768 on one interface.</summary>
public sealed record RouterConfig
{
    public required string Name { get; init; }

    /// <summary>Slot of `interface`.</summary>
    public required short Interface { get; init; }
    public SourceSpan InterfaceWhere { get; init; } = SourceSpan.None;
    public required byte Vrid { get; init; }

    /// <summary>1..254, or 255 for the address owner.</summary>
    public byte Priority { get; init; } = 100;

    /// <summary>`state MASTER` was written. Below 255 it starts as BACKUP all the same (as keepalived).</summary>
    public bool WantMaster { get; init; }

    /// <summary>2 or 3.</summary>
    public byte Version { get; init; } = 2;
    public bool IsV6 { get; init; }

    /// <summary>Version 2: whole seconds, 1..255; version 3: 10 ms to 40.95 s in steps of 10 ms.</summary>
    public TimeSpan AdvertInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>mcast_src_ip; unspecified means the first address of the interface.</summary>
    public Ip Source { get; init; }
    public AuthType Auth { get; init; }

    /// <summary>The 8 bytes of auth_pass as they stand in the packet, first character in the most significant byte, zero padded.</summary>
    public ulong AuthPass { get; init; }

    public VirtualAddress[] Addresses { get; init; } = [];

    /// <summary>What is read and checked and has no effect yet.</summary>
    public InstanceExtras Extras { get; init; } = InstanceExtras.None;
    public TrackedScript[] TrackedScripts { get; init; } = [];

    /// <summary>Where each of <see cref="TrackedScripts"/> is named.</summary>
    public SourceSpan[] TrackedWhere { get; init; } = [];
    public AnnounceConfig Announce { get; init; } = AnnounceConfig.Usual;
    public SourceSpan Where { get; init; } = SourceSpan.None;
    public bool IsOwner => Priority == 255;

    /// <summary>The line of the instance that names its tracked script number <paramref name="index"/>.</summary>
    public SourceSpan WhereTracked(int index) => index < TrackedWhere.Length ? TrackedWhere[index] : Where;
}

/// <summary>A line of virtual_ipaddress, virtual_ipaddress_excluded or static_ipaddress.</summary>
public sealed record VirtualAddress
{
    public required Ip Address { get; init; }
    public required byte PrefixLength { get; init; }

    /// <summary>Slot of `dev`, or of the instance's interface.</summary>
    public required short Interface { get; init; }

    /// <summary>What follows the address; nearly all lines share the one that says nothing.</summary>
    public AddressWords Words { get; init; } = AddressWords.None;
    public SourceSpan Where { get; init; } = SourceSpan.None;

    /// <summary>rtnetlink scope: 0 global, 253 link, 254 host, 200 site, 255 nowhere.</summary>
    public byte Scope => Words.Scope;
    public Ip Broadcast => Words.Broadcast;

    /// <summary>IFA_LABEL, at most 15 characters; "" for none.</summary>
    public string Label => Words.Label;
}

/// <summary>The words behind an address.</summary>
public sealed record AddressWords
{
    public static readonly AddressWords None = new();

    /// <summary>The name after `dev`; no line when the instance's interface is meant.</summary>
    public SourceSpan DeviceWhere { get; init; } = SourceSpan.None;
    public byte Scope { get; init; }
    public Ip Broadcast { get; init; }
    public string Label { get; init; } = "";

    /// <summary>What is read and checked and has no effect yet.</summary>
    public AddressExtras Extras { get; init; } = AddressExtras.None;
}

/// <summary>Gratuitous ARP: defaults are keepalived's (garp_master_*).</summary>
public sealed record AnnounceConfig
{
    public static readonly AnnounceConfig Usual = new();

    public int Repeat { get; init; } = 5;
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan Refresh { get; init; }
    public int RefreshRepeat { get; init; } = 1;

    /// <summary>After an advert of lower priority was heard as master.</summary>
    public int LowerPriorityRepeat { get; init; } = 5;
    public TimeSpan LowerPriorityDelay { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>A line of track_script: index into <see cref="DaemonConfig.Scripts"/>; weight 0 means FAULT while the script fails.</summary>
public readonly record struct TrackedScript(short Script, int Weight, bool Reverse);

/// <summary>One vrrp_script.</summary>
public sealed record ScriptConfig
{
    public required string Name { get; init; }

    /// <summary>Program and arguments, quoting already undone.</summary>
    public required string[] Command { get; init; }
    public SourceSpan CommandWhere { get; init; } = SourceSpan.None;
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Never zero: the interval when none was written.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);
    public int Weight { get; init; }
    public bool Reverse { get; init; }
    public int Rise { get; init; } = 1;
    public int Fall { get; init; } = 1;

    /// <summary>`user`; "" for the global script_user.</summary>
    public string User { get; init; } = "";
    public string Group { get; init; } = "";
    public SourceSpan UserWhere { get; init; } = SourceSpan.None;
    public SourceSpan Where { get; init; } = SourceSpan.None;
}
