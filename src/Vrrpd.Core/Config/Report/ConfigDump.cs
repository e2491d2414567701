using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>
/// The lines that -d logs: a parsed configuration in keepalived's words and order. Left out is what is not served; what keepalived lets be
/// set and is fixed here is said. Passwords are masked, as keepalived does since 2.4.0.
/// </summary>
public static class ConfigDump
{
    /// <param name="defaultUser">uid:gid of scripts without a user of their own; "" if nobody has looked.</param>
    /// <param name="users">uid:gid of each script, in their order; may be empty.</param>
    public static string[] Lines(DaemonConfig config, string defaultUser = "", string[]? users = null)
    {
        List<string> lines = [];
        Globals(config.Globals, defaultUser, lines);
        lines.Add("------< VRRP Topology >------");
        foreach (RouterConfig router in config.Routers)
        {
            Router(config, router, lines);
        }

        if (config.Scripts.Length > 0)
        {
            lines.Add("------< VRRP Scripts >------");
        }

        for (int i = 0; i < config.Scripts.Length; i++)
        {
            Script(config, i, users is { Length: > 0 } ? users[i] : "", lines);
        }

        return lines.ToArray();
    }

    private static void Globals(GlobalConfig globals, string defaultUser, List<string> lines)
    {
        lines.Add("------< Global definitions >------");
        lines.Add(" Network namespace = (default)");
        lines.Add($" Router ID = {globals.RouterId}");
        lines.Add($" Default interface = {globals.DefaultInterface}");
        lines.Add(" VRRP IPv4 mcast group = 224.0.0.18");
        Announce(globals.Announce, " ", " timer", lines);
        Fixed(" ", "Num adverts before down", lines);
        lines.Add(" VRRP default protocol version = 2");
        lines.Add(" VRRP check unicast_src = false");
        lines.Add(" VRRP skip check advert addresses = false");
        lines.Add(" VRRP strict mode = false");
        lines.Add($" Script security {(globals.ScriptSecurity ? "enabled" : "disabled")}");
        if (defaultUser.Length > 0)
        {
            lines.Add($" Default script uid:gid {defaultUser}");
        }
    }

    private static void Announce(AnnounceConfig announce, string indent, string timer, List<string> lines)
    {
        lines.Add($"{indent}Gratuitous ARP delay = {Seconds(announce.Delay)}");
        lines.Add($"{indent}Gratuitous ARP repeat = {Number(announce.Repeat)}");
        lines.Add($"{indent}Gratuitous ARP refresh{timer} = {Seconds(announce.Refresh)}");
        lines.Add($"{indent}Gratuitous ARP refresh repeat = {Number(announce.RefreshRepeat)}");
        lines.Add($"{indent}Gratuitous ARP lower priority delay = {Seconds(announce.LowerPriorityDelay)}");
        lines.Add($"{indent}Gratuitous ARP lower priority repeat = {Number(announce.LowerPriorityRepeat)}");
    }

    /// <summary>Numbers that keepalived can change and that are its defaults here.</summary>
    private static void Fixed(string indent, string adverts, List<string> lines)
    {
        lines.Add($"{indent}{adverts} = 3");
        lines.Add($"{indent}Send advert after receive lower priority advert = true");
        lines.Add($"{indent}Send advert after receive higher priority advert = false");
    }

    private static void Router(DaemonConfig config, RouterConfig router, List<string> lines)
    {
        lines.Add($" VRRP Instance = {router.Name}");
        lines.Add("   VRRP Version = 2");
        lines.Add($"   Wantstate = {(router.WantMaster ? "MASTER" : "BACKUP")}");
        lines.Add($"   Interface = {config.Interfaces[router.Interface]}");
        if (!router.Source.IsUnspecified)
        {
            lines.Add($"   Using src_ip = {router.Source} (from configuration)");
        }

        lines.Add("   Multicast address 224.0.0.18");
        Announce(router.Announce, "   ", "", lines);
        Fixed("   ", "Down timer adverts", lines);
        lines.Add($"   Virtual Router ID = {Number(router.Vrid)}");
        lines.Add($"   Priority = {Number(router.Priority)}");
        lines.Add($"   Advert interval = {Seconds(router.AdvertInterval)} sec");
        lines.Add("   Accept = enabled");
        lines.Add("   Preempt = enabled");
        if (router.Auth == AuthType.Pass)
        {
            lines.Add("   Authentication type = SIMPLE_PASSWORD");
            lines.Add("   Password = ********");
        }

        lines.Add($"   Virtual IP ({Number(router.Addresses.Length)}):");
        foreach (VirtualAddress address in router.Addresses)
        {
            lines.Add("     " + Address(config, address));
        }

        if (router.TrackedScripts.Length > 0)
        {
            lines.Add("   Tracked scripts :");
        }

        foreach (TrackedScript tracked in router.TrackedScripts)
        {
            lines.Add($"     {config.Scripts[tracked.Script].Name} weight {Number(tracked.Weight)}{(tracked.Reverse ? " reverse" : "")}");
        }
    }

    private static string Address(DaemonConfig config, VirtualAddress address)
    {
        StringBuilder text = new(address.Address.ToString());
        if (address.PrefixLength != 32)
        {
            text.Append('/').Append(Number(address.PrefixLength));
        }

        if (!address.Broadcast.IsUnspecified)
        {
            text.Append(" brd ").Append(address.Broadcast.ToString());
        }

        string scope = address.Scope switch
        {
            0 => "global",
            200 => "site",
            253 => "link",
            254 => "host",
            255 => "nowhere",
            _ => Number(address.Scope),
        };
        text.Append(" dev ").Append(config.Interfaces[address.Interface]).Append(" scope ").Append(scope);
        return address.Label.Length == 0 ? text.ToString() : text.Append(" label ").Append(address.Label).ToString();
    }

    private static void Script(DaemonConfig config, int index, string user, List<string> lines)
    {
        ScriptConfig script = config.Scripts[index];
        lines.Add($" VRRP Script = {script.Name}");
        lines.Add($"   Command = '{string.Join("' '", script.Command)}'");
        lines.Add($"   Interval = {Seconds(script.Interval)} sec");
        lines.Add($"   Timeout = {Seconds(script.Timeout)} sec");
        lines.Add($"   Weight = {Number(script.Weight)}{(script.Reverse ? " reverse" : "")}");
        lines.Add($"   Rise = {Number(script.Rise)}");
        lines.Add($"   Fall = {Number(script.Fall)}");
        if (user.Length > 0)
        {
            lines.Add($"   Script uid:gid = {user}");
        }

        lines.Add("   Tracking instances :");
        foreach (RouterConfig router in config.Routers)
        {
            foreach (TrackedScript tracked in router.TrackedScripts)
            {
                if (tracked.Script == index)
                {
                    lines.Add($"     {router.Name}, weight {Number(tracked.Weight)}{(tracked.Reverse ? " reverse" : "")}");
                }
            }
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.Ticks % TimeSpan.TicksPerSecond == 0
        ? Number(time.Ticks / TimeSpan.TicksPerSecond) : ConfigNumbers.Decimal(time.Ticks / TimeSpan.TicksPerMicrosecond);
}
