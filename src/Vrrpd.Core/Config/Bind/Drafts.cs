using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>The six GARP numbers as far as they are written; resolved when the whole file is known, so that order does not
/// matter.</summary>
internal sealed class AnnounceDraft
{
    public long? Repeat { get; set; }
    public long? Delay { get; set; }
    public long? Refresh { get; set; }
    public long? RefreshRepeat { get; set; }
    public long? LowerRepeat { get; set; }
    public long? LowerDelay { get; set; }

    /// <summary>
    /// What is written in global_defs. The lower_prio numbers follow the master numbers of the same level only here: an instance that sets
    /// garp_master_delay keeps the global lower_prio_delay (seen on keepalived 2.2.7).
    /// </summary>
    public AnnounceConfig AsDefaults()
    {
        AnnounceConfig built = new();
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
    };
}

/// <summary>A vrrp_instance while it is being read: null means not written.</summary>
internal sealed class InstanceDraft(string name, Word where)
{
    public string Name { get; } = name;
    public Word Where { get; } = where;
    public string? Interface { get; set; }
    public SourceSpan InterfaceWhere { get; set; }
    public int? Vrid { get; set; }
    public int? Priority { get; set; }
    public int? Version { get; set; }
    public bool? WantMaster { get; set; }
    public long AdvertMicroseconds { get; set; } = 1_000_000;
    public Word? AdvertWhere { get; set; }
    public Ip Source { get; set; }
    public bool HasAuthType { get; set; }
    public bool HasPassType { get; set; }
    public Word? Password { get; set; }
    public List<AddressDraft> Addresses { get; } = [];
    public HashSet<Ip> AddressesSeen { get; } = [];
    public List<TrackDraft> Scripts { get; } = [];
    public HashSet<string> ScriptsSeen { get; } = [];
    public AnnounceDraft Announce { get; } = new();

    /// <summary>Something was asked that this build cannot do; the reason has been reported.</summary>
    public bool IsRefused { get; set; }
}

/// <summary>A line of virtual_ipaddress; Interface null means the instance's.</summary>
internal sealed record AddressDraft(Ip Address, byte PrefixLength, Word Where)
{
    public string? Interface { get; init; }
    public SourceSpan DeviceWhere { get; init; } = SourceSpan.None;
    public byte Scope { get; init; }
    public Ip Broadcast { get; init; }
    public string Label { get; init; } = "";
}

/// <summary>A line of track_script. The name is looked up when all scripts are known; Weight null means the script's own.</summary>
internal sealed record TrackDraft(Word Name, int? Weight, bool? Reverse, Word? WeightWhere);
