using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>
/// Takes every row of the keyword table through what its own arguments say: what is accepted, both ends of every range, what lies just
/// outside, and what is something else. A statement is judged by the complaints about its own line, so nothing around it need be complete.
/// </summary>
public class EveryRowTests
{
    /// <summary>Microseconds from which on the bound is what 64 bits hold.</summary>
    private const long Unbounded = 1L << 56;

    /// <summary>Arguments that a row accepts where its kinds alone do not tell.</summary>
    private static readonly Dictionary<string, string> Good = new()
    {
        ["root virtual_server"] = "192.0.2.1 80",
        ["virtual_server_group *"] = "192.0.2.1 80",
        ["global_defs umask"] = "IRWXG|IRWXO",
        ["global_defs include_check"] = "+read",
        ["global_defs lvs_timeouts"] = "tcp 5",
        ["global_defs vrrp_mcast_group4"] = "224.0.0.18",
        ["global_defs vrrp_mcast_group6"] = "ff02::12",
        ["global_defs lvs_sync_daemon"] = "e0 inst A id 3",
        ["vrrp_instance mcast_dst_ip"] = "224.0.0.18",
        ["vrrp_instance use_vmac"] = "name e0 00:00:12:34:56:78 netlink_notify_msg group 1",
        ["auth_hmac key"] = "1 0123456789abcdef0123456789abcdef",
        ["auth_hmac active_key"] = "2",
        ["address scope"] = "link",
        ["address brd"] = "+",
        ["address broadcast"] = "192.0.2.255",
        ["address peer"] = "192.0.2.9",
        ["address preferred_lft"] = "forever",
        ["route nexthop"] = "via 192.0.2.1",
        ["route via"] = "inet 192.0.2.1",
        ["route inet6"] = "2001:db8::/64",
        ["route encap"] = "ip id 5 dst 192.0.2.7",
        ["route pref"] = "high",
        ["route rtt"] = "5ms",
        ["route rttvar"] = "5ms",
        ["route rto_min"] = "5ms",
        ["route from"] = "2001:db8::/64",
        ["nexthop encap"] = "ip id 5 dst 192.0.2.7",
        ["encap_ip id"] = "7",
        ["encap_ip6 id"] = "7",
        ["rule fwmark"] = "0x10/0xff",
        ["rule sport"] = "1-5",
        ["rule dport"] = "1-5",
        ["rule uidrange"] = "1-5",
        ["rule tunnel-id"] = "5",
        ["rule type"] = "blackhole",
        ["virtual_server lb_kind"] = "NAT",
        ["virtual_server lvs_method"] = "DR",
        ["virtual_server sorry_server_lvs_method"] = "DR",
        ["virtual_server ip_family"] = "inet",
        ["virtual_server persistence_granularity"] = "255.255.255.0",
        ["virtual_server_group fwmark"] = "5",
        ["real_server lvs_method"] = "TUN",
        ["UDP_CHECK payload"] = "0102",
        ["UDP_CHECK require_reply"] = "0102",
        ["FILE_CHECK weight"] = "5 reverse",
        ["url status_code"] = "200-299",
        ["url digest"] = "0123456789abcdef0123456789abcdef",
    };

    /// <summary>What stands on a line of data in front of a word, by row or by block; where it is missing, the entry alone.</summary>
    private static readonly Dictionary<string, string> Before = new()
    {
        ["address"] = "192.0.2.1/24",
        ["address home"] = "2001:db8::1/64",
        ["address -nodad"] = "2001:db8::1/64",
        ["address mngtmpaddr"] = "2001:db8::1/64",
        ["address preferred_lft"] = "2001:db8::1/64",
        ["address peer"] = "192.0.2.1",
        ["route"] = "192.0.2.0/24 dev e0",
        ["route *"] = "",
        ["route dev"] = "192.0.2.0/24",
        ["route oif"] = "192.0.2.0/24",
        ["route nexthop"] = "192.0.2.0/24",
        ["route expires"] = "2001:db8::/64",
        ["route from"] = "2001:db8::/64",
        ["route pref"] = "2001:db8::/64",
        ["route inet6"] = "",
        ["route protocol"] = "192.0.2.0/24 dev e0 no_track",
        ["nexthop"] = "192.0.2.0/24 nexthop via 192.0.2.1",
        ["nexthop via"] = "192.0.2.0/24 nexthop",
        ["encap_ip"] = "192.0.2.0/24 encap ip id 5 dst 192.0.2.7",
        ["encap_ip6"] = "192.0.2.0/24 encap ip6 id 5 dst 2001:db8::7",
        ["rule"] = "from 192.0.2.0/24 lookup 5 preference 100",
        ["rule from"] = "lookup 5 preference 100",
        ["rule inet6"] = "lookup 5 preference 100",
        ["rule protocol"] = "from 192.0.2.0/24 lookup 5 preference 100 no_track",
        ["rule track_group"] = "from 192.0.2.0/24 iif e0 lookup 5 preference 100",
        ["rule lookup"] = NoAction,
        ["rule table"] = NoAction,
        ["rule goto"] = NoAction,
        ["rule nop"] = NoAction,
        ["rule type"] = NoAction,
        ["rule blackhole"] = NoAction,
        ["rule unreachable"] = NoAction,
        ["rule prohibit"] = NoAction,
        ["rule l3mdev"] = NoAction,
        ["virtual_server_group fwmark"] = "",
        ["track reverse"] = "name weight 5",
        ["track noreverse"] = "name weight 5",
        ["track_file reverse"] = "name weight 5",
        ["track_file noreverse"] = "name weight 5",
        ["track_interface reverse"] = "e0 weight 5",
    };

    private const string NoAction = "from 192.0.2.0/24 preference 1";

    /// <summary>A line that must stand in front in the same block.</summary>
    private static readonly Dictionary<string, string> Beside = new()
    {
        ["virtual_server sh-port"] = "lb_algo sh",
        ["virtual_server sh-fallback"] = "lb_algo sh",
        ["virtual_server mh-port"] = "lb_algo mh",
        ["virtual_server mh-fallback"] = "lb_algo mh",
        ["virtual_server hashed"] = "lb_algo sh",
        ["virtual_server sorry_server_lvs_method"] = "sorry_server 192.0.2.9 80",
        ["virtual_server sorry_server_inhibit"] = "sorry_server 192.0.2.9 80",
        ["auth_hmac active_key"] = "key 2 0123456789abcdef0123456789abcdef",
    };

    /// <summary>Values inside a range that are put right with a complaint, as keepalived does.</summary>
    private static readonly HashSet<string> PutRight =
    [
        "global_defs smtp_connect_timeout 0",
        "global_defs vrrp_garp_master_repeat 0",
        "global_defs vrrp_garp_master_refresh_repeat 0",
        "nexthop weight 0",
        "rule goto 0",
        "rule goto 1",
        "vrrp_instance auth_hmac ",
        "vrrp_instance garp_master_repeat 0",
        "vrrp_instance garp_master_refresh_repeat 0",
        "vrrp_script interval 0",
        "vrrp_script timeout 0",
    ];

    /// <summary>What lines refer to; order does not matter.</summary>
    private const string Definitions = """
        vrrp_script name {
         script /bin/true
        }
        track_file name {
         file /tmp/x
        }
        vrrp_track_process name {
         process x
        }
        bfd_instance name {
         neighbor_ip 192.0.2.9
        }
        track_group name {
         group {
          name
         }
        }

        """;

    public static TheoryData<string> Rows()
    {
        TheoryData<string> rows = [];
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            rows.Add($"{keyword.Where.Name} {keyword.Name}");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_accepts_what_it_says_up_to_both_ends(string row)
    {
        Keyword keyword = Find(row);
        foreach (string arguments in AcceptedForms(row, keyword))
        {
            Diagnostic? complaint = ComplaintAbout(keyword, arguments);
            bool isDeprecated = complaint?.Text.Contains("deprecated", StringComparison.Ordinal) == true;
            bool isPutRight = complaint is not null && PutRight.Contains($"{row} {arguments}");
            Assert.True(complaint is null || isDeprecated || isPutRight, $"'{keyword.Name} {arguments}': {complaint?.Text}");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_complains_of_what_lies_outside(string row)
    {
        Keyword keyword = Find(row);
        foreach (string arguments in RejectedForms(row, keyword))
        {
            bool isHeard = AllAbout(keyword, arguments).Exists(found => found.Fault is not (ConfigFault.None or ConfigFault.Deprecated));
            Assert.True(isHeard, $"'{keyword.Name} {arguments}' is swallowed");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_says_so_when_words_are_left_over(string row)
    {
        Keyword keyword = Find(row);
        if (keyword.Most > 10 || keyword.Form == KeywordForm.Values || IsWordOfLine(keyword))
        {
            return;
        }

        StringBuilder words = new(Join(row, keyword, _ => null, withOptional: true));
        for (int i = 0; i < 3; i++)
        {
            words.Append(" left-over");
        }

        Assert.NotEmpty(AllAbout(keyword, words.ToString()));
    }

    private static Keyword Find(string row)
    {
        string[] names = row.Split(' ');
        return ConfigKeywords.Find(ConfigKeywords.Block(names[0])!, names[1])!;
    }

    /// <summary>Nothing optional, everything, and each number at its ends; each choice.</summary>
    private static IEnumerable<string> AcceptedForms(string row, Keyword keyword)
    {
        yield return Join(row, keyword, _ => null, withOptional: false);
        if (Good.ContainsKey(row))
        {
            yield break;
        }

        yield return Join(row, keyword, _ => null, withOptional: true);
        for (int i = 0; i < keyword.Arguments.Length; i++)
        {
            int at = i;
            Argument argument = keyword.Arguments[i];
            string[] values = argument.Kind switch
            {
                ArgumentKind.Whole or ArgumentKind.Seconds => [Number(argument, argument.Min), Number(argument, argument.Max)],
                ArgumentKind.Choice => argument.Choices,
                ArgumentKind.Bool => ["on", "off", "true", "false", "yes", "no"],
                ArgumentKind.Interface => ["x", "abcdefghijklmno"],
                _ => [],
            };
            foreach (string value in values)
            {
                yield return Join(row, keyword, index => index == at ? value : null, withOptional: true);
            }
        }
    }

    /// <summary>Too few words, each number just outside its ends and no number at all; none of the choices.</summary>
    private static IEnumerable<string> RejectedForms(string row, Keyword keyword)
    {
        if (keyword.Expected > 0 && (keyword.IsSoft || keyword.Mandatory == keyword.Expected) && !IsEntry(keyword))
        {
            yield return "";
        }

        for (int i = 0; i < keyword.Arguments.Length && !Good.ContainsKey(row); i++)
        {
            int at = i;
            Argument argument = keyword.Arguments[i];
            List<string> values = argument.Kind switch
            {
                ArgumentKind.Whole => [Number(argument, argument.Min - 1), Number(argument, argument.Max + 1), "x", "1x", "99999999999999999999"],
                ArgumentKind.Seconds when argument.Max >= Unbounded => ["-1", "18446744073710", "x", "1.5x"],
                ArgumentKind.Seconds => [argument.Min == 0 ? "-1" : Number(argument, argument.Min - 1), Number(argument, argument.Max + 1), "x", "1.5x"],
                ArgumentKind.Choice or ArgumentKind.Bool => ["none-of-these"],
                ArgumentKind.Interface => ["abcdefghijklmnop"],
                ArgumentKind.Address or ArgumentKind.Address4 or ArgumentKind.Address6 or ArgumentKind.Prefix => ["1.2.3", "1.2.3.4.5", "x"],
                _ => [],
            };
            foreach (string value in values)
            {
                // A word that is left out makes room for the next one: what is none of these must be in the last place to be wrong.
                bool isSkipped = argument.IsOptional && argument.Kind == ArgumentKind.Choice && i + 1 < keyword.Arguments.Length;
                bool isForHost = argument.Kind == ArgumentKind.Interface && (IsWordOfLine(keyword) || keyword.Name is "vrf" or "lvs_sync_daemon_interface");
                if (!isSkipped && !isForHost)
                {
                    yield return Join(row, keyword, index => index == at ? value : null, withOptional: true);
                }
            }
        }
    }

    private static string Join(string row, Keyword keyword, Func<int, string?> replace, bool withOptional)
    {
        if (Good.TryGetValue(row, out string? good))
        {
            return good;
        }

        StringBuilder text = new();
        for (int i = 0; i < keyword.Arguments.Length; i++)
        {
            Argument argument = keyword.Arguments[i];
            string? value = replace(i);
            if (!argument.IsOptional || withOptional || value is not null)
            {
                text.Append(text.Length > 0 ? " " : "").Append(value ?? Sample(argument));
            }
        }

        return text.ToString();
    }

    private static string Sample(Argument argument) => argument.Kind switch
    {
        ArgumentKind.Whole => Number(argument, Math.Clamp(argument.Min + 1, argument.Min, argument.Max)),
        ArgumentKind.Seconds => Number(argument, Math.Clamp(1_000_000, argument.Min, argument.Max)),
        ArgumentKind.Choice => argument.Choices[0],
        ArgumentKind.Interface => "e0",
        ArgumentKind.Address or ArgumentKind.Address4 => "192.0.2.1",
        ArgumentKind.Address6 => "2001:db8::1",
        ArgumentKind.Prefix => "192.0.2.1/24",
        ArgumentKind.Path or ArgumentKind.Command => "/bin/true",
        ArgumentKind.User => "root",
        ArgumentKind.Bool => "on",
        ArgumentKind.Mac => "00:00:5e:00:01:05",
        _ => "name",
    };

    private static string Number(Argument argument, long value)
    {
        if (argument.Kind == ArgumentKind.Whole)
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        string decimals = (value / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);
        return decimals;
    }

    private static bool IsEntry(Keyword keyword) => keyword.Name == "*";

    /// <summary>It stands behind another word on a line of data.</summary>
    private static bool IsWordOfLine(Keyword keyword) => Opener(keyword.Where) is not { Form: KeywordForm.Block } && keyword.Where != ConfigKeywords.Root;

    private static string EntryBefore(Keyword keyword)
    {
        string block = keyword.Where.Name;
        return Before.TryGetValue($"{block} {keyword.Name}", out string? text) ? text : IsEntry(keyword) ? ""
            : Before.TryGetValue(block, out text) ? text
            : Join($"{block} *", ConfigKeywords.Find(keyword.Where, "*")!, _ => null, withOptional: false);
    }

    /// <param name="avoided">A block in which the word has no business, though others of the same lines have.</param>
    private static Keyword? Opener(KeywordBlock block, string avoided = "static_ipaddress")
    {
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            if (keyword.Opens == block && keyword.Name != avoided)
            {
                return keyword;
            }
        }

        return null;
    }

    private static Diagnostic? ComplaintAbout(Keyword keyword, string arguments)
    {
        foreach (Diagnostic found in AllAbout(keyword, arguments))
        {
            if (found.Fault != ConfigFault.None && found.Fault != ConfigFault.Security && !found.IsBare)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Everything said about the line with the statement, in the smallest file where it may stand.</summary>
    private static List<Diagnostic> AllAbout(Keyword keyword, string arguments)
    {
        string statement = $"{keyword.Name} {arguments}".TrimEnd();
        KeywordBlock where = keyword.Where.Name is "nexthop" or "encap_ip" or "encap_ip6" ? ConfigKeywords.Block("route")! : keyword.Where;
        if (IsWordOfLine(keyword))
        {
            statement = $"{EntryBefore(keyword)} {(IsEntry(keyword) ? arguments : statement)}".Trim();
        }

        string text = keyword.Form == KeywordForm.Statement ? statement : $"{statement} {{\n}}";
        int line = 1;
        if (Beside.TryGetValue($"{keyword.Where.Name} {keyword.Name}", out string? beside))
        {
            text = $"{beside}\n{text}";
            line++;
        }

        string avoided = keyword.Name == "track_group" ? "virtual_ipaddress" : "static_ipaddress";
        for (Keyword? at = Opener(where, avoided); at is not null; at = Opener(at.Where))
        {
            text = $"{at.Name} {Join($"{at.Where.Name} {at.Name}", at, _ => null, withOptional: false)} {{\n{text}\n}}";
            line++;
        }

        List<Diagnostic> found = [];
        foreach (Diagnostic diagnostic in ConfigSource.Parse(text + "\n" + Definitions).Diagnostics)
        {
            if (diagnostic.Where.Line == line)
            {
                found.Add(diagnostic);
            }
        }

        return found;
    }
}
