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

    /// <summary>What is listened on.</summary>
    public ChannelConfig[] Channels { get; init; } = [];

    /// <summary>Interfaces whose announcements are spaced; those of no group send as they please.</summary>
    public GarpGroupConfig[] GarpGroups { get; init; } = [];

    /// <summary>static_ipaddress, static_routes and static_rules.</summary>
    public VirtualAddress[] StaticAddresses { get; init; } = [];
    public KernelLine[] StaticRoutes { get; init; } = [];
    public KernelLine[] StaticRules { get; init; } = [];

    /// <summary>Names besides those of <see cref="Interfaces"/> that mean something only on the host.</summary>
    public HostName[] HostNames { get; init; } = [];

    /// <summary>The load balancer's half; null if there is none.</summary>
    public LvsConfig? Lvs { get; init; }

    /// <summary>Number of a channel, or -1.</summary>
    public short ChannelOf(short slot, bool isV6, bool isAh = false) =>
        (short)Array.FindIndex(Channels, channel => channel.Slot == slot && channel.IsV6 == isV6 && channel.IsAh == isAh);

    /// <summary>Virtual addresses of all instances together: what buffers are sized by.</summary>
    public int AddressCount
    {
        get
        {
            int count = 0;
            foreach (RouterConfig router in Routers)
            {
                count += router.Addresses.Length + router.Excluded.Length;
            }

            return count;
        }
    }
}

/// <summary>
/// What one raw socket listens on: an interface, a family and a protocol. Multicast of all its groups and unicast to the host arrive there.
/// </summary>
/// <param name="Slot">Interface.</param>
/// <param name="IsAh">IP protocol 51 instead of 112.</param>
/// <param name="Groups">Multicast groups to be a member of; empty if all its instances are unicast.</param>
public sealed record ChannelConfig(short Slot, bool IsV6, bool IsAh, Ip[] Groups);

/// <summary>
/// A queue of announcements: a garp_group, or one interface when vrrp_garp_interval or vrrp_gna_interval is written. A device over an interface
/// is in the interface's group.
/// </summary>
/// <param name="Slots">Interfaces, each in no other group.</param>
/// <param name="ArpInterval">From one gratuitous ARP to the next; zero for no pause.</param>
/// <param name="NeighbourInterval">The same of unsolicited neighbour advertisements.</param>
public sealed record GarpGroupConfig(short[] Slots, TimeSpan ArpInterval, TimeSpan NeighbourInterval);

/// <summary>Checksum of version 3 over IPv4, where the standards differ (RFC 5798 and RFC 9568, section 5.2.8 of each).</summary>
public enum ChecksumChoice : byte
{
    /// <summary>With the pseudo header; to a unicast peer that sums the group into it, the same.</summary>
    PseudoHeader,

    /// <summary>v3_checksum_as_v2: the message only.</summary>
    MessageOnly,

    /// <summary>old_unicast_checksum: with the group in the pseudo header, as keepalived up to 1.3.6 did.</summary>
    OldUnicast,

    /// <summary>old_unicast_checksum never: with the pseudo header, and no peer that does otherwise is followed.</summary>
    NeverOldUnicast,
}

/// <summary>A vrrp_sync_group that has members.</summary>
public sealed record SyncGroupConfig
{
    public required string Name { get; init; }

    /// <summary>Numbers of its instances, as far as they can run.</summary>
    public short[] Routers { get; init; } = [];

    /// <summary>sync_group_tracking_weight: effective priorities in the group may differ.</summary>
    public bool HasWeights { get; init; }

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

    /// <summary>vrrp_startup_delay: nothing is heard and nobody becomes master for so long.</summary>
    public TimeSpan StartupDelay { get; init; }

    /// <summary>vrrp_delay_after_boot: the same, counted from the start of the host.</summary>
    public TimeSpan DelayAfterBoot { get; init; }

    /// <summary>nftables and its kin.</summary>
    public FirewallConfig Firewall { get; init; } = FirewallConfig.Usual;

    /// <summary>log_unknown_vrids.</summary>
    public bool LogsUnknownVrids { get; init; }

    /// <summary>The vrrp_garp_* defaults, as they stand after the whole file was read.</summary>
    public AnnounceConfig Announce { get; init; } = AnnounceConfig.Usual;

    /// <summary>A word of vrrp_rx_bufs and the like is not kept here until it has an effect.</summary>
    public SourceSpan Where { get; init; } = SourceSpan.None;
}

/// <summary>How the rules are kept that drop traffic (no_accept) and what a virtual MAC address must not send.</summary>
public sealed record FirewallConfig
{
    public static readonly FirewallConfig Usual = new();

    public string Table { get; init; } = "keepalived";

    /// <summary>Of its chains.</summary>
    public int Priority { get; init; } = -1;
    public bool HasCounters { get; init; }

    /// <summary>nftables_ifindex: sets hold numbers of interfaces, not names.</summary>
    public bool HasIndexes { get; init; }
}

public enum AuthType : byte
{
    None = 0,
    Pass = 1,

    /// <summary>IPsec authentication header (RFC 2338 section 5.3.6.3).</summary>
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

    /// <summary>virtual_ipaddress_excluded: not advertised, and of either family.</summary>
    public VirtualAddress[] Excluded { get; init; } = [];

    /// <summary>Of <see cref="Addresses"/> and <see cref="Excluded"/> together, which differ on the wire only.</summary>
    public int AddressTotal => Addresses.Length + Excluded.Length;

    /// <summary>Number of its channel in <see cref="DaemonConfig.Channels"/>.</summary>
    public short Channel { get; init; } = -1;

    /// <summary>Where adverts go: the multicast group. With unicast the peers have them and this is unspecified.</summary>
    public Ip Group { get; init; }
    public bool IsUnicast { get; init; }
    public UnicastPeer[] Peers { get; init; } = [];

    /// <summary>TTL or hop limit of adverts to peers.</summary>
    public byte UnicastTtl { get; init; } = 255;

    /// <summary>check_unicast_src: adverts of others than the peers are refused.</summary>
    public bool ChecksUnicastSource { get; init; }

    /// <summary>unicast_fault_no_peer: FAULT without a peer, instead of multicast.</summary>
    public bool FaultsWithoutPeer { get; init; }

    /// <summary>Which checksum is sent over IPv4 in version 3.</summary>
    public ChecksumChoice Checksum { get; init; }

    /// <summary>Null without use_vmac and use_ipvlan.</summary>
    public VirtualDevice? Device { get; init; }

    /// <summary>More macvlans, over the interfaces that single addresses name: of use_vmac_addr, and of `use_vmac` behind an address.</summary>
    public VirtualDevice[] AddressDevices { get; init; } = [];
    public HmacConfig? Hmac { get; init; }
    public bool IsStrict { get; init; }
    public bool NoPreempt { get; init; }
    public TimeSpan PreemptDelay { get; init; }

    /// <summary>Adverts that must be missed before taking over.</summary>
    public int DownTimerAdverts { get; init; } = 3;

    /// <summary>A master takes traffic to the addresses. An owner always does.</summary>
    public bool Accepts { get; init; } = true;

    /// <summary>lower_prio_no_advert: a master does not answer an advert of lower priority at once.</summary>
    public bool IsSilentToLower { get; init; }

    /// <summary>higher_prio_send_advert: a master sends one more advert before it yields.</summary>
    public bool AnswersHigher { get; init; }

    /// <summary>owner_ignore_adverts, of an owner.</summary>
    public bool IgnoresAdverts { get; init; }

    /// <summary>skip_check_adv_addr: the addresses of the same master are compared once.</summary>
    public bool SkipsSameMaster { get; init; }

    /// <summary>track_src_ip: FAULT while the configured source is not on the interface.</summary>
    public bool TracksSource { get; init; }

    /// <summary>dont_track_primary.</summary>
    public bool IgnoresOwnInterface { get; init; }

    /// <summary>
    /// timer_expired_backup: the highest priority of any other router. 0 without the word, where a master stands back after its own master-down
    /// interval.
    /// </summary>
    public byte StandBackPriority { get; init; }

    /// <summary>Version 3 that speaks version 2 too (RFC 9568 section 8.4.2).</summary>
    public bool IsDual { get; init; }

    /// <summary>Number of its group in <see cref="DaemonConfig.SyncGroups"/>, or -1.</summary>
    public short SyncGroup { get; init; } = -1;
    public TrackedScript[] TrackedScripts { get; init; } = [];

    /// <summary>Where each of <see cref="TrackedScripts"/> is named.</summary>
    public SourceSpan[] TrackedWhere { get; init; } = [];
    public AnnounceConfig Announce { get; init; } = AnnounceConfig.Usual;
    public SourceSpan Where { get; init; } = SourceSpan.None;
    public bool IsOwner => Priority == 255;

    /// <summary>Slot where adverts are sent and heard.</summary>
    public short AdvertSlot => Device is { SendsOnBase: false } device && device.Slot >= 0 ? device.Slot : Interface;

    /// <summary>Advertised ones first.</summary>
    public VirtualAddress AddressAt(int index) => index < Addresses.Length ? Addresses[index] : Excluded[index - Addresses.Length];

    /// <summary>Whether a slot is that of a device of the instance.</summary>
    public bool IsOwnDevice(short slot) => slot >= 0 && (Device?.Slot == slot || Array.Exists(AddressDevices, device => device.Slot == slot));

    /// <summary>The line of the instance that names its tracked script number <paramref name="index"/>.</summary>
    public SourceSpan WhereTracked(int index) => index < TrackedWhere.Length ? TrackedWhere[index] : Where;
}

/// <summary>A line of virtual_ipaddress, virtual_ipaddress_excluded or static_ipaddress.</summary>
public sealed record VirtualAddress
{
    public required Ip Address { get; init; }
    public required byte PrefixLength { get; init; }

    /// <summary>Where it is put: `dev` or the macvlan over it, else the device of the instance or its interface.</summary>
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

    /// <summary>
    /// garp_extra_if: this often one announcement, of its first address, on every interface that has addresses of the instance and is not where its
    /// adverts go; zero for never.
    /// </summary>
    public TimeSpan ExtraInterval { get; init; }

    /// <summary>garp_extra_if all: not on virtual MAC devices only.</summary>
    public bool ExtraOnAll { get; init; }
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
