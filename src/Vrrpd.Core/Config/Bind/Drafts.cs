using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>The GARP numbers as far as they are written; resolved when the whole file is known, so that order does not
/// matter.</summary>
internal sealed class AnnounceDraft
{
    public long? Repeat { get; set; }
    public long? Delay { get; set; }
    public long? Refresh { get; set; }
    public long? RefreshRepeat { get; set; }
    public long? LowerRepeat { get; set; }
    public long? LowerDelay { get; set; }
    public (long Seconds, bool All)? Extra { get; set; }

    /// <summary>vrrp_min_garp: what is not written comes down to one message.</summary>
    public bool IsMinimal { get; set; }

    /// <summary>
    /// What is written in global_defs. The lower_prio numbers follow the master numbers of the same level only here: an instance that sets
    /// garp_master_delay keeps the global lower_prio_delay (seen on keepalived 2.2.7).
    /// </summary>
    public AnnounceConfig AsDefaults()
    {
        AnnounceConfig built = IsMinimal ? new() { Repeat = 1, Delay = default, RefreshRepeat = 0 } : new();
        AnnounceConfig own = Over(built);
        return own with
        {
            LowerPriorityRepeat = (int)(LowerRepeat ?? own.Repeat),
            LowerPriorityDelay = LowerDelay is { } delay ? TimeSpan.FromSeconds(delay) : own.Delay,
        };
    }

    public AnnounceConfig Over(AnnounceConfig defaults) => new()
    {
        Repeat = (int)(Repeat ?? defaults.Repeat),
        Delay = Delay is { } delay ? TimeSpan.FromSeconds(delay) : defaults.Delay,
        Refresh = Refresh is { } refresh ? TimeSpan.FromSeconds(refresh) : defaults.Refresh,
        RefreshRepeat = (int)(RefreshRepeat ?? defaults.RefreshRepeat),
        LowerPriorityRepeat = (int)(LowerRepeat ?? defaults.LowerPriorityRepeat),
        LowerPriorityDelay = LowerDelay is { } lower ? TimeSpan.FromSeconds(lower) : defaults.LowerPriorityDelay,
        ExtraInterval = Extra is { } extra ? TimeSpan.FromSeconds(extra.Seconds) : defaults.ExtraInterval,
        ExtraOnAll = Extra?.All ?? defaults.ExtraOnAll,
    };
}

/// <summary>
/// A vrrp_instance while it is being read: null, or no word, means not written. There may be thousands, so that a list is made for its first
/// line.
/// </summary>
internal sealed class InstanceDraft(string name, Word where)
{
    /// <summary>Up to here looking through a list is faster than a set of its own.</summary>
    private const int Few = 24;

    private HashSet<Ip>? _seen;
    private AnnounceDraft? _announce;

    public string Name { get; } = name;
    public Word Where { get; } = where;

    public string? Interface { get; set; }
    public SourceSpan InterfaceWhere { get; set; } = SourceSpan.None;
    public string Vrf { get; set; } = "";
    public int? Vrid { get; set; }
    public int? Priority { get; set; }
    public int? Version { get; set; }

    /// <summary>Null until something shows the family.</summary>
    public bool? IsV6 { get; set; }
    public bool? WantMaster { get; set; }
    public long AdvertMicroseconds { get; set; } = 1_000_000;
    public Word AdvertWhere { get; set; }
    public Ip Source { get; set; }
    public Ip Group { get; set; }

    /// <summary>unicast_src_ip and others that make no sense without peers.</summary>
    public bool HasUnicastWord { get; set; }
    public bool HasUnicastTtl { get; set; }
    public bool IsUnicast { get; set; }
    public List<UnicastPeer>? Peers { get; set; }
    public VirtualDevice? Device { get; set; }
    public bool SendsOnBase { get; set; }

    public bool HasAuthType { get; set; }
    public bool HasPassType { get; set; }
    public bool HasAhType { get; set; }
    public Word Password { get; set; }
    public HmacConfig? Hmac { get; set; }

    public List<AddressDraft> Addresses { get; } = [];
    public List<AddressDraft>? Excluded { get; set; }
    public List<KernelLine>? Routes { get; set; }
    public List<KernelLine>? Rules { get; set; }
    public List<TrackDraft>? Tracks { get; set; }
    public List<NotifyCommand>? Notify { get; set; }

    /// <summary>Nearly no instance writes one of its numbers: then they all share the defaults.</summary>
    public AnnounceDraft Announce => _announce ??= new();

    public bool? Strict { get; set; }
    public bool NoPreempt { get; set; }
    public long PreemptMicroseconds { get; set; }
    public int? DownTimerAdverts { get; set; }
    public bool? Accept { get; set; }
    public bool? LowerPriorityNoAdvert { get; set; }
    public bool? HigherPrioritySendsAdvert { get; set; }
    public Word OwnerIgnoresAdverts { get; set; }
    public Word TimerExpired { get; set; }
    public bool IgnoresOwnInterface { get; set; }
    public Word PromotesSecondaries { get; set; }
    public bool HasNoAddressOnPurpose { get; set; }

    public byte? Ttl { get; set; }
    public bool ChecksUnicastSource { get; set; }
    public bool FaultsWithoutPeer { get; set; }

    /// <summary>old_unicast_checksum.</summary>
    public ChecksumChoice UnicastChecksum { get; set; }
    public bool? MessageOnlyChecksum { get; set; }
    public bool? SkipsSameMaster { get; set; }
    public bool TracksSource { get; set; }
    public bool? IgnoresAdverts { get; set; }

    /// <summary>timer_expired_backup; 0 if it is not written.</summary>
    public byte StandBackPriority { get; set; }

    /// <summary>use_vmac_addr.</summary>
    public bool HasAddressDevices { get; set; }

    /// <summary>dual_version.</summary>
    public Word Dual { get; set; }

    /// <summary>Addresses of the other family, which were dropped.</summary>
    public List<ConfigNode>? Misfits { get; set; }

    /// <summary>Whether neither list has an address.</summary>
    public bool IsNew(Ip address)
    {
        if (Addresses.Count + (Excluded?.Count ?? 0) < Few)
        {
            return !Contains(Addresses, address) && (Excluded is null || !Contains(Excluded, address));
        }

        if (_seen is null)
        {
            _seen = [];
            Addresses.ForEach(known => _seen.Add(known.Address));
            Excluded?.ForEach(known => _seen.Add(known.Address));
        }

        return _seen.Add(address);
    }

    private static bool Contains(List<AddressDraft> list, Ip address)
    {
        foreach (AddressDraft known in list)
        {
            if (known.Address == address)
            {
                return true;
            }
        }

        return false;
    }

    public AnnounceConfig AnnounceOver(AnnounceConfig defaults) => _announce?.Over(defaults) ?? defaults;

    public bool IsOwner => (Priority ?? (WantMaster == true ? 255 : 100)) == 255;
}

/// <summary>A line of addresses; Interface null means the instance's.</summary>
internal sealed class AddressDraft(Ip address, byte prefixLength, Word where)
{
    public Ip Address { get; } = address;
    public byte PrefixLength { get; set; } = prefixLength;
    public Word Where { get; } = where;
    public string? Interface { get; set; }
    public AddressWords Words { get; set; } = AddressWords.None;

    public VirtualAddress At(short slot) => new()
    {
        Address = Address,
        PrefixLength = PrefixLength,
        Interface = slot,
        Words = Words,
        Where = Where.Where,
    };
}

/// <summary>A line of track_script and its kin. The name is looked up when all names are known; Weight null means the thing's own.</summary>
internal sealed record TrackDraft(TrackKind Kind, Word Name, int? Weight, bool? Reverse);

/// <summary>A garp_group. Which of its interfaces matter is known when all instances are.</summary>
internal sealed class GarpDraft
{
    public long ArpMicroseconds { get; set; }
    public long NeighbourMicroseconds { get; set; }
    public List<string> Interfaces { get; } = [];
}
