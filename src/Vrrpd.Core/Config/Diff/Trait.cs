using System;
using System.Collections.Generic;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>
/// One thing that a block of the configuration says, in the words in which it could be written: the keyword, for lines of a list what tells them
/// apart, and the rest. Two configurations are compared by nothing else, so that what is told as a change is exactly what counts as one.
/// </summary>
/// <param name="key">The address or script that the line is about; "" for a keyword that stands once.</param>
/// <param name="isSecret">The text is compared and never shown.</param>
internal sealed class Trait(string keyword, string key, string text, bool isSecret = false)
{
    /// <summary>What a keyword says that does not stand there and has no default.</summary>
    private const string None = "none";

    /// <summary>The words of <see cref="AddressTraits"/>, lowest bit first.</summary>
    private static readonly string[] s_traits = ["home", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin", "no_track", "use_vmac"];

    public string Keyword => keyword;

    private bool IsListed => key.Length > 0;

    /// <summary>An instance but for its name, interface and VRID. What is served later is one line more here.</summary>
    public static List<Trait> Of(DaemonConfig config, RouterConfig router)
    {
        List<Trait> all =
        [
            new("version", "", Number(router.Version)),
            new("state", "", router.WantMaster ? "MASTER" : "BACKUP"),
            new("priority", "", Number(router.Priority)),
            new("advert_int", "", Seconds(router.AdvertInterval)),
            new("mcast_src_ip", "", Address(router.Source)),
            new("auth_type", "", router.Auth == AuthType.Pass ? "PASS" : router.Auth == AuthType.Ah ? "AH" : None),
            new("auth_pass", "", Number((long)router.AuthPass), isSecret: true),
        ];
        Behaviour(config, router, all);
        Transport(config, router, all);
        Hmac(router.Hmac, all);
        Announce(router.Announce, all);
        Addresses("virtual_ipaddress", router.Addresses, config, router, all);
        Addresses("virtual_ipaddress_excluded", router.Excluded, config, router, all);

        foreach (TrackedScript tracked in router.TrackedScripts)
        {
            string reverse = tracked.Reverse ? " reverse" : "";
            all.Add(new("track_script", config.Scripts[tracked.Script].Name, $"weight {Number(tracked.Weight)}{reverse}"));
        }

        return all;
    }

    /// <summary>A script but for its name.</summary>
    public static List<Trait> Of(ScriptConfig script) =>
    [
        new("script", "", $"'{string.Join("' '", script.Command)}'"),
        new("user", "", User(script.User, script.Group)),
        new("interval", "", Seconds(script.Interval)),
        new("timeout", "", Seconds(script.Timeout)),
        new("weight", "", Number(script.Weight) + (script.Reverse ? " reverse" : "")),
        new("rise", "", Number(script.Rise)),
        new("fall", "", Number(script.Fall)),
    ];

    /// <summary>What of global_defs and garp_group has an effect of its own; defaults of instances show in the instances.</summary>
    public static List<Trait> Of(DaemonConfig config)
    {
        GlobalConfig globals = config.Globals;
        FirewallConfig firewall = globals.Firewall;
        List<Trait> all =
        [
            new("script_user", "", User(globals.ScriptUser, globals.ScriptGroup)),
            new("enable_script_security", "", YesNo(globals.ScriptSecurity)),
            new("log_unknown_vrids", "", YesNo(globals.LogsUnknownVrids)),
            new("nftables", "", firewall.Table),
            new("nftables_priority", "", Number(firewall.Priority)),
            new("nftables_counters", "", YesNo(firewall.HasCounters)),
            new("nftables_ifindex", "", YesNo(firewall.HasIndexes)),
        ];
        foreach (GarpGroupConfig group in config.GarpGroups)
        {
            string names = string.Join(' ', Array.ConvertAll(group.Slots, slot => config.Interfaces[slot]));
            all.Add(new("spacing of announcements on", names, $"{Seconds(group.ArpInterval)} (ARP) {Seconds(group.NeighbourInterval)} (neighbours)"));
        }

        return all;
    }

    /// <summary>The differences in words, in the order of the new text, then what is gone.</summary>
    public static string[] Changes(List<Trait> old, List<Trait> next)
    {
        List<string> changes = [];
        bool[] met = new bool[old.Count];
        for (int i = 0; i < next.Count; i++)
        {
            Trait trait = next[i];
            int before = trait.FindIn(old, met, i);
            if (before < 0)
            {
                changes.Add(trait.Listed('+'));
                continue;
            }

            met[before] = true;
            if (trait.Text != old[before].Text)
            {
                changes.Add(trait.Changed(old[before]));
            }
        }

        for (int i = 0; i < old.Count; i++)
        {
            if (!met[i])
            {
                changes.Add(old[i].Listed('-'));
            }
        }

        return [.. changes];
    }

    private string Key => key;

    private string Text => text;

    /// <summary>How it acts: nothing of this changes what is sent.</summary>
    private static void Behaviour(DaemonConfig config, RouterConfig router, List<Trait> all)
    {
        all.Add(new("strict_mode", "", YesNo(router.IsStrict)));
        all.Add(new("nopreempt", "", YesNo(router.NoPreempt)));
        all.Add(new("preempt_delay", "", Seconds(router.PreemptDelay)));
        all.Add(new("down_timer_adverts", "", Number(router.DownTimerAdverts)));
        all.Add(new("accept", "", YesNo(router.Accepts)));
        all.Add(new("lower_prio_no_advert", "", YesNo(router.IsSilentToLower)));
        all.Add(new("higher_prio_send_advert", "", YesNo(router.AnswersHigher)));
        all.Add(new("owner_ignore_adverts", "", YesNo(router.IgnoresAdverts)));
        all.Add(new("skip_check_adv_addr", "", YesNo(router.SkipsSameMaster)));
        all.Add(new("track_src_ip", "", YesNo(router.TracksSource)));
        all.Add(new("dont_track_primary", "", YesNo(router.IgnoresOwnInterface)));
        all.Add(new("timer_expired_backup", "", router.StandBackPriority == 0 ? None : Number(router.StandBackPriority)));
        all.Add(new("vrrp_sync_group", "", router.SyncGroup < 0 ? None : Group(config.SyncGroups[router.SyncGroup])));
    }

    private static string Group(SyncGroupConfig group) =>
        $"{group.Name} ({string.Join(' ', group.Members)})" + (group.HasWeights ? " sync_group_tracking_weight" : "");

    /// <summary>Whom it speaks to, and from where.</summary>
    private static void Transport(DaemonConfig config, RouterConfig router, List<Trait> all)
    {
        all.Add(new("dual_version", "", YesNo(router.IsDual)));
        all.Add(new("mcast_dst_ip", "", Address(router.Group)));
        all.Add(new("unicast", "", YesNo(router.IsUnicast)));
        all.Add(new("unicast_ttl", "", Number(router.UnicastTtl)));
        all.Add(new("check_unicast_src", "", YesNo(router.ChecksUnicastSource)));
        all.Add(new("unicast_fault_no_peer", "", YesNo(router.FaultsWithoutPeer)));
        all.Add(new("checksum", "", router.Checksum switch
        {
            ChecksumChoice.MessageOnly => "v3_checksum_as_v2",
            ChecksumChoice.OldUnicast => "old_unicast_checksum",
            ChecksumChoice.NeverOldUnicast => "old_unicast_checksum never",
            _ => "usual",
        }));
        foreach (VirtualDevice device in router.AddressDevices)
        {
            all.Add(new("device over", NameOf(config, device.Base), Device(config, device)));
        }

        foreach (UnicastPeer peer in router.Peers)
        {
            string bounds = (peer.MinTtl < 0 ? "" : $" min_ttl {Number(peer.MinTtl)}") + (peer.MaxTtl < 0 ? "" : $" max_ttl {Number(peer.MaxTtl)}");
            all.Add(new("unicast_peer", peer.Address.ToString(), bounds.TrimStart()));
        }
    }

    /// <summary>A device in words.</summary>
    public static string Device(DaemonConfig config, VirtualDevice? device)
    {
        if (device is null)
        {
            return None;
        }

        string text = $"{(device.IsIpvlan ? "ipvlan" : "macvlan")} {NameOf(config, device.Slot)} over {NameOf(config, device.Base)}";
        text += device.Mac == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" address {device.Mac:x12}");
        text += device.Address.IsUnspecified ? "" : $" {device.Address}/{Number(device.PrefixLength)}";
        text += device.Mode.Length == 0 ? "" : " " + device.Mode;
        text += device.NotifiesParent ? " netlink_notify_msg" : "";
        text += device.LinkGroup is { } group ? $" group {Number(group)}" : "";
        return text + (device.Name.Length == 0 ? "" : " name " + device.Name) + (device.SendsOnBase ? " vmac_xmit_base" : "");
    }

    private static string NameOf(DaemonConfig config, short slot) => slot < 0 || slot >= config.Interfaces.Length ? None : config.Interfaces[slot];

    /// <summary>Keys are compared by what they are and told by their id.</summary>
    private static void Hmac(HmacConfig? hmac, List<Trait> all)
    {
        all.Add(new("auth_hmac", "", YesNo(hmac is not null)));
        if (hmac is null)
        {
            return;
        }

        all.Add(new("auth_hmac active_key", "", Number(hmac.ActiveKey)));
        all.Add(new("auth_hmac time_window", "", hmac.Window == default ? "usual" : Seconds(hmac.Window)));
        all.Add(new("auth_hmac anti_replay", "", hmac.IsMonotonic ? "monotonic" : "time"));
        all.Add(new("auth_hmac mode", "", hmac.Mode switch
        {
            HmacMode.Permissive => "permissive",
            HmacMode.ReceiveOnly => "receive-only",
            _ => "enforce",
        }));
        foreach (HmacKey key in hmac.Keys)
        {
            all.Add(new("auth_hmac key", Number(key.Id), Convert.ToHexString(key.Value), isSecret: true));
        }
    }

    private static void Addresses(string keyword, VirtualAddress[] addresses, DaemonConfig config, RouterConfig router, List<Trait> all)
    {
        short usual = router.Device is { Slot: >= 0 } device ? device.Slot : router.Interface;
        foreach (VirtualAddress vip in addresses)
        {
            string place = vip.Interface == usual ? "" : " dev " + config.Interfaces[vip.Interface];
            all.Add(new(keyword, $"{vip.Address}/{Number(vip.PrefixLength)}{place}", Details(vip)));
        }
    }

    private static void Announce(AnnounceConfig announce, List<Trait> all)
    {
        all.Add(new("garp_master_delay", "", Seconds(announce.Delay)));
        all.Add(new("garp_master_repeat", "", Number(announce.Repeat)));
        all.Add(new("garp_master_refresh", "", Seconds(announce.Refresh)));
        all.Add(new("garp_master_refresh_repeat", "", Number(announce.RefreshRepeat)));
        all.Add(new("garp_lower_prio_delay", "", Seconds(announce.LowerPriorityDelay)));
        all.Add(new("garp_lower_prio_repeat", "", Number(announce.LowerPriorityRepeat)));
        all.Add(new("garp_extra_if", "", (announce.ExtraOnAll ? "all " : "") + Seconds(announce.ExtraInterval)));
        all.Add(new("garp_extra_if", "", (announce.ExtraOnAll ? "all " : "") + Seconds(announce.ExtraInterval)));
    }

    private static string Details(VirtualAddress vip)
    {
        string text = vip.Broadcast.IsUnspecified ? "" : $" brd {vip.Broadcast}";
        text += vip.Scope == 0 ? "" : $" scope {Number(vip.Scope)}";
        text += vip.Label.Length == 0 ? "" : $" label {vip.Label}";
        AddressExtras extras = vip.Words.Extras;
        if (ReferenceEquals(extras, AddressExtras.None))
        {
            return text.TrimStart();
        }

        text += extras.Peer.IsUnspecified ? "" : $" peer {extras.Peer}/{Number(extras.PeerLength)}";
        text += extras.PreferredLifetime is { } lifetime ? $" preferred_lft {Number(lifetime)}" : "";
        text += extras.TrackGroup.Length == 0 ? "" : $" track_group {extras.TrackGroup}";
        return (text + Words(extras.Traits)).TrimStart();
    }

    private static string Words(AddressTraits traits)
    {
        string text = "";
        for (int i = 0; i < s_traits.Length; i++)
        {
            text += ((int)traits >> i & 1) != 0 ? " " + s_traits[i] : "";
        }

        return text;
    }

    /// <summary>Both lists nearly always have the same order: the same place is looked at first.</summary>
    private int FindIn(List<Trait> others, bool[] met, int guess)
    {
        if (guess < others.Count && !met[guess] && IsAbout(others[guess]))
        {
            return guess;
        }

        for (int i = 0; i < others.Count; i++)
        {
            if (!met[i] && IsAbout(others[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private bool IsAbout(Trait other) => keyword == other.Keyword && key == other.Key;

    private string Listed(char sign) => text.Length == 0 || isSecret ? $"{keyword} {sign}{key}" : $"{keyword} {sign}{key} {text}";

    private string Changed(Trait old)
    {
        string about = IsListed ? $"{keyword} {key}" : keyword;
        return isSecret ? $"{about} changed" : $"{about} {Shown(old.Text)} -> {Shown(text)}";
    }

    private static string User(string user, string group) => Shown($"{user} {group}".Trim());

    private static string Shown(string text) => text.Length == 0 ? None : text;

    private static string Address(Ip address) => address.IsUnspecified ? None : address.ToString();

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time)
    {
        (long whole, long rest) = Math.DivRem(time.Ticks / TimeSpan.TicksPerMicrosecond, 1_000_000);
        string text = $"{whole}.{rest:000000}";
        return text.TrimEnd('0').TrimEnd('.');
    }
}
