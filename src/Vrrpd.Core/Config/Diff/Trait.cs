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
        Announce(router.Announce, all);
        foreach (VirtualAddress vip in router.Addresses)
        {
            string device = vip.Interface == router.Interface ? "" : " dev " + config.Interfaces[vip.Interface];
            all.Add(new("virtual_ipaddress", $"{vip.Address}/{Number(vip.PrefixLength)}{device}", Details(vip)));
        }

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

    /// <summary>What of global_defs has an effect of its own; defaults of instances show in the instances.</summary>
    public static List<Trait> Of(GlobalConfig globals) =>
    [
        new("script_user", "", User(globals.ScriptUser, globals.ScriptGroup)),
        new("enable_script_security", "", globals.ScriptSecurity ? "yes" : "no"),
    ];

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

    private static void Announce(AnnounceConfig announce, List<Trait> all)
    {
        all.Add(new("garp_master_delay", "", Seconds(announce.Delay)));
        all.Add(new("garp_master_repeat", "", Number(announce.Repeat)));
        all.Add(new("garp_master_refresh", "", Seconds(announce.Refresh)));
        all.Add(new("garp_master_refresh_repeat", "", Number(announce.RefreshRepeat)));
        all.Add(new("garp_lower_prio_delay", "", Seconds(announce.LowerPriorityDelay)));
        all.Add(new("garp_lower_prio_repeat", "", Number(announce.LowerPriorityRepeat)));
        all.Add(new("garp_extra_if", "", (announce.ExtraOnAll ? "all " : "") + Seconds(announce.ExtraInterval)));
    }

    private static string Details(VirtualAddress vip)
    {
        string text = vip.Broadcast.IsUnspecified ? "" : $" brd {vip.Broadcast}";
        text += vip.Scope == 0 ? "" : $" scope {Number(vip.Scope)}";
        return (text + (vip.Label.Length == 0 ? "" : $" label {vip.Label}")).TrimStart();
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

    private string Listed(char sign) => text.Length == 0 ? $"{keyword} {sign}{key}" : $"{keyword} {sign}{key} {text}";

    private string Changed(Trait old)
    {
        if (isSecret)
        {
            return $"{keyword} changed";
        }

        string about = IsListed ? $"{keyword} {key}" : keyword;
        return $"{about} {Shown(old.Text)} -> {Shown(text)}";
    }

    private static string User(string user, string group) => Shown($"{user} {group}".Trim());

    private static string Shown(string text) => text.Length == 0 ? None : text;

    private static string Address(Ip address) => address.IsUnspecified ? None : address.ToString();

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time)
    {
        (long whole, long rest) = Math.DivRem(time.Ticks / TimeSpan.TicksPerMicrosecond, 1_000_000);
        string text = $"{whole}.{rest:000000}";
        return text.TrimEnd('0').TrimEnd('.');
    }
}
