using System.Text;
using Xunit;

namespace Vrrpd.Core.Tests.Config.Check;

/// <summary>For each lint a text that it warns of, with the blamed words between « and », and one of which it has nothing to say.</summary>
internal static class LintCases
{
    public static readonly TheoryData<string, string, string> State = new()
    {
        { "nopreempt-ignored", In("state MASTER", "priority 150", "«nopreempt»"), In("state BACKUP", "priority 150", "nopreempt") },
        { "nopreempt-ignored", In("priority 255", "«nopreempt»"), In("priority 254", "nopreempt") },
        { "state-master-owner", In("state «MASTER»"), In("state MASTER", "priority 255") },
        { "state-master-owner", In("state «MASTER»"), In("state BACKUP") },
        { "state-master-no-effect", In("state «MASTER»", "priority 150"), In("state MASTER", "priority 255") },
        { "state-backup-owner", In("state «BACKUP»", "priority 255"), In("state BACKUP", "priority 254") },
    };

    public static readonly TheoryData<string, string, string> Timing = new()
    {
        { "advert-int-rounded", In("advert_int «0.4»"), In("advert_int 2") },
        { "advert-int-rounded", In("advert_int «1.5»"), In("version 3", "advert_int 1.5") },
        { "advert-int-rounded", In("version 3", "advert_int «0.105»"), In("version 3", "advert_int 0.1") },
        { "advert-int-too-long", In("version 3", "advert_int «41»"), In("version 3", "advert_int 40.95") },
        { "advert-int-too-long", In("version 3", "advert_int «100»"), In("version 2", "advert_int 100") },
        { "advert-int-short", In("version 3", "advert_int «0.01»"), In("version 3", "advert_int 0.05") },
        { "down-timer-one", In("down_timer_adverts «1»"), In("down_timer_adverts 2") },
        { "down-timer-one", Global("vrrp_down_timer_adverts «1»"), Global("vrrp_down_timer_adverts 3") },
        { "preempt-delay-ignored", In("state MASTER", "priority 150", "«preempt_delay» 5"), In("state BACKUP", "priority 150", "preempt_delay 5") },
        { "preempt-delay-ignored", In("nopreempt", "«preempt_delay» 5"), In("nopreempt", "preempt_delay 0") },
    };

    public static readonly TheoryData<string, string, string> Strict = new()
    {
        { "strict-blocks-traffic", Global("«vrrp_strict»") + In(), Global("vrrp_strict off") + In() },
        { "strict-blocks-traffic", In("«strict_mode»"), In("priority 255", "strict_mode") },
        { "strict-blocks-traffic", In("«strict_mode» on", "accept"), In("strict_mode on", "version 3", "accept") },
        { "strict-drops", Global("vrrp_strict") + In("«authentication» {", "auth_type PASS", "}"), In("authentication {", "auth_type PASS", "}") },
        { "strict-drops", In("strict_mode", "«unicast_peer» {", "10.0.0.2", "}"), In("unicast_peer {", "10.0.0.2", "}") },
        { "strict-drops", In("strict_mode", "«preempt_delay» 5"), In("preempt_delay 5") },
        { "strict-drops", In("strict_mode", "«down_timer_adverts» 4"), In("strict_mode", "down_timer_adverts 3") },
        { "strict-drops", In("strict_mode", "«accept»"), In("strict_mode", "version 3", "accept") },
        { "strict-drops", In("strict_mode", "state «MASTER»", "priority 100"), In("strict_mode", "state MASTER", "priority 255") },
        { "strict-drops", In("strict_mode", "state «BACKUP»", "priority 255"), In("strict_mode", "state BACKUP", "priority 254") },
        { "strict-drops", In("strict_mode", "«garp_lower_prio_repeat» 2"), In("garp_lower_prio_repeat 2") },
        { "strict-drops", In("strict_mode", "«higher_prio_send_advert»"), In("strict_mode", "higher_prio_send_advert off") },
        { "strict-drops", In("strict_mode", "«lower_prio_no_advert» off"), In("strict_mode", "lower_prio_no_advert") },
        { "strict-drops", Global("vrrp_strict", "«vrrp_garp_lower_prio_delay» 2"), Global("vrrp_garp_lower_prio_delay 2") },
        { "strict-drops", Global("vrrp_strict", "«vrrp_down_timer_adverts» 4"), Global("vrrp_strict", "vrrp_down_timer_adverts 3") },
    };

    public static readonly TheoryData<string, string, string> Authentication = new()
    {
        { "auth-pass-cut", Auth("auth_pass «123456789»"), Auth("auth_pass 12345678") },
        { "auth-pass-cut", Auth("auth_pass «äöüää»"), Auth("auth_pass äöüä") },
        { "auth-plain", In("authentication {", "auth_type «PASS»", "auth_pass x", "}"), In() },
        { "auth-plain", In("authentication {", "auth_type «AH»", "auth_pass x", "}"), In("version 3", "authentication {", "auth_type AH", "}") },
        { "auth-version-3", In("version 3", "«authentication» {", "auth_type PASS", "}"), In("version 2", "authentication {", "auth_type PASS", "}") },
        { "auth-version-3", Global("vrrp_version 3") + In("«authentication» {", "auth_type PASS", "}"), Global("vrrp_version 2") + Auth("auth_pass x") },
        { "auth-twice", In("auth_hmac {", "}", "«authentication» {", "auth_type PASS", "}"), In("auth_hmac {", "}") },
    };

    public static readonly TheoryData<string, string, string> Unicast = new()
    {
        { "unicast-without-peers", In("«unicast_src_ip» 10.0.0.1"), In("unicast_src_ip 10.0.0.1", "unicast_peer {", "10.0.0.2", "}") },
        { "unicast-without-peers", In("«check_unicast_src»"), In("mcast_src_ip 10.0.0.1") },
        { "unicast-peer-empty", In("«unicast_peer» {", "}"), In("unicast_peer {", "10.0.0.2", "}") },
        {
            "unicast-peer-self", In("unicast_src_ip 10.0.0.1", "unicast_peer {", "10.0.0.2", "«10.0.0.1»", "}"),
            In("unicast_src_ip 10.0.0.1", "unicast_peer {", "10.0.0.2", "}")
        },
        { "unicast-without-source", In("«unicast_peer» {", "10.0.0.2", "}"), In("unicast_src_ip 10.0.0.1", "unicast_peer {", "10.0.0.2", "}") },
    };

    public static readonly TheoryData<string, string, string> Link = new()
    {
        { "vrid-shared", In() + Named("B", "eth0", "«5»"), In() + Named("B", "eth1", "5") },
        { "vrid-shared", In() + Named("B", "eth0", "«5»"), In() + Named("B", "eth0", "6") },
        {
            "vrid-shared", In(Vips("10.0.0.1/24")) + Named("B", "eth1", "«5»", Vips("10.0.0.2/24")),
            In(Vips("10.0.0.1/24")) + Named("B", "eth1", "5", Vips("10.0.1.2/24"))
        },
        { "vrid-shared", In() + Named("B", "eth0", "«5»"), In(Vips("10.0.0.1/24")) + Named("B", "eth0", "5", Vips("2001:db8::1/64")) },
        { "router-id-twice", Global("router_id a", "«router_id» b"), Global("router_id a") },
        { "both-ends", In().Replace("vrrp_instance A", "vrrp_instance «A»", System.StringComparison.Ordinal), Global("router_id a") },
    };

    public static readonly TheoryData<string, string, string> Address = new()
    {
        { "vip-prefix-differs", In(Vips("10.0.0.1/24", "«10.0.0.1/32»")), In(Vips("10.0.0.1/24", "10.0.0.2/32")) },
        {
            "vip-prefix-differs", In(Vips("10.0.0.1/24")) + Named("B", "eth0", "6", Vips("«10.0.0.1»")),
            In(Vips("10.0.0.1/24")) + Named("B", "eth1", "6", Vips("10.0.0.1"))
        },
        {
            "vip-twice", In(Vips("10.0.0.1/24")) + Named("B", "eth0", "6", Vips("«10.0.0.1/24»")),
            In(Vips("10.0.0.1/24")) + Named("B", "eth0", "6", Vips("10.0.0.3/24"))
        },
        {
            "vip-mixed-family", In(Vips("10.0.0.1/24", "«2001:db8::1/64»")),
            In(Vips("10.0.0.1/24"), "virtual_ipaddress_excluded {", "2001:db8::1/64", "}")
        },
        { "vip-mixed-family", In(Vips("2001:db8::1/64", "«10.0.0.1/24»")), In(Vips("2001:db8::1/64", "2001:db8::2/64")) },
        { "vip-too-many", In(Vips(Range("10.0.{0}.{1}", 255) + "\n«10.9.9.9»")), In(Vips(Range("10.0.{0}.{1}", 255))) },
        {
            "vip-too-many", In(Vips(Range("2001:db8:{0}::{1}", 90) + "\n«2001:db9::1»")),
            In(Vips(Range("2001:db8:{0}::{1}", 90)))
        },
        { "vip-no-host", In(Vips("«10.0.0.0/24»")), In(Vips("10.0.0.0/31")) },
        { "vip-no-host", In(Vips("«10.0.0.255/24»")), In(Vips("10.0.0.255/16")) },
        { "vip-no-host", In(Vips("«224.0.0.18»")), In(Vips("10.0.0.0")) },
        { "vip-no-host", In(Vips("«ff02::12»")), In(Vips("fe80::12")) },
        {
            "vip-device-untracked", In(Vips("10.0.0.1/24 dev «eth1»")),
            In(Vips("10.0.0.1/24 dev eth1"), "track_interface {", "eth1", "}")
        },
        { "vip-device-untracked", In(Vips("10.0.0.1/24 dev «eth1»")), In(Vips("10.0.0.1/24 dev eth0")) },
        { "vip-is-source", In("mcast_src_ip «10.0.0.1»", Vips("10.0.0.1/24")), In("mcast_src_ip 10.0.0.2", Vips("10.0.0.1/24")) },
        { "vip-is-source", In("unicast_peer {", "«10.0.0.1»", "}", Vips("10.0.0.1/24")), In("unicast_peer {", "10.0.0.3", "}", Vips("10.0.0.1/24")) },
    };

    public static readonly TheoryData<string, string, string> Weight = new()
    {
        { "weight-no-effect", Script() + In("priority 255", "track_script {", "s weight «-20»", "}"), Script() + In("track_script {", "s weight -20", "}") },
        {
            "weight-no-effect", Script() + In("priority 254", "track_script {", "s weight «20»", "}"),
            Script() + In("priority 254", "track_script {", "s weight -20", "}")
        },
        {
            "weight-no-effect", Script("weight -5") + In("priority 1", "track_script {", "«s»", "}"),
            Script("weight -5") + In("priority 9", "track_script {", "s", "}")
        },
        {
            "weight-no-effect", In("track_interface {", "eth0 weight «-20»", "}"),
            In("dont_track_primary", "track_interface {", "eth0 weight -20", "}")
        },
        { "weight-too-small", Script() + In("track_script {", "«s» weight -1", "}"), Script() + In("track_script {", "s weight -2", "}") },
        {
            "weight-window", "vrrp_track_process p {\nprocess x\nweight 9\n}\n" + In("track_process {", "«p»", "}"),
            "vrrp_track_process p {\nprocess x\n}\n" + In("track_process {", "p", "}")
        },
        { "weight-window", Script() + In("track_script {", "«s» weight -20", "}"), Script() + In("track_script {", "s", "}") },
        {
            "weight-in-group", Script() + In("track_script {", "s weight «-20»", "}") + Group("A", "B"),
            Script() + In("track_script {", "s weight -20", "}") + Group("A", "B", "sync_group_tracking_weight")
        },
        { "weight-nopreempt", Script() + In("«nopreempt»", "track_script {", "s weight -20", "}"), Script() + In("nopreempt", "track_script {", "s", "}") },
    };

    public static readonly TheoryData<string, string, string> Groups = new()
    {
        {
            "group-priorities", In() + Named("B", "eth1", "6", "priority 90") + Group("A", "B", name: "«G»"),
            In() + Named("B", "eth1", "6", "priority 100") + Group("A", "B")
        },
        {
            "group-priorities", In() + Named("B", "eth1", "6", "priority 90") + Group("A", "B", name: "«G»"),
            In() + Named("B", "eth1", "6", "priority 90") + Group("A", "B", "sync_group_tracking_weight")
        },
        {
            "group-blind", In("dont_track_primary") + Named("B", "eth1", "6", "dont_track_primary") + Group("A", "B", name: "«G»"),
            In("dont_track_primary") + Named("B", "eth1", "6") + Group("A", "B")
        },
        {
            "group-nopreempt", In("«nopreempt»") + Named("B", "eth1", "6") + Group("A", "B"),
            In("nopreempt") + Named("B", "eth1", "6", "nopreempt") + Group("A", "B")
        },
    };

    public static readonly TheoryData<string, string, string> Scripts = new()
    {
        { "script-interval", Script("interval 2", "timeout «5»"), Script("interval 5", "timeout 5") },
        { "script-interval", Script("timeout «2»"), Script("interval 3") },
        { "script-unused", "vrrp_script «s» {\nscript /bin/true\n}\n", Script() + In("track_script {", "s", "}") },
        {
            "tracked-before-defined", In("track_script {", "«s»", "}") + Script(),
            Script() + In("track_script {", "s", "}")
        },
        { "script-finds-process", Script("script «\"/usr/bin/killall -0 nginx\"»"), Script("script \"/usr/bin/killall nginx\"") },
        { "script-finds-process", Script("script «\"pidof nginx\"»"), Script("script \"/bin/check nginx\"") },
        { "script-no-shell", Script("script «\"/bin/check && /bin/true\"»"), Script("script \"/bin/sh -c '/bin/check && /bin/true'\"") },
        { "script-no-shell", Script("script «\"/bin/check $HOST\"»"), Script("script \"/bin/check HOST\"") },
        { "script-no-shell", In("notify_master «\"/bin/n | /bin/logger\"»"), In("notify_master \"/bin/n master\"") },
        { "script-arguments-dropped", Script("script /bin/test «-f» /tmp/x"), Script("script \"/bin/test -f /tmp/x\"") },
        { "script-arguments-dropped", In("notify_master /bin/n «MASTER»"), In("notify_master /bin/n nobody nogroup") },
    };

    public static readonly TheoryData<string, string, string> Words = new()
    {
        { "comment-in-word", Auth("auth_pass «foo»#bar"), Auth("auth_pass foo #bar") },
        { "comment-in-word", Auth("auth_pass «foo»!"), Auth("auth_pass \"foo!\"") },
        { "variable-not-expanded", Global("router_id «$NET.1»"), Global("router_id NET.1") },
        { "trailing-backslash", In(Vips("«10.0.0.1\\»")), In(Vips("10.0.0.1")) },
        { "typographic-quote", Global("router_id «“name”»"), Global("router_id \"name\"") },
        { "single-quotes", Global("router_id «'name'»"), Global("router_id n'ame") },
        { "single-quotes", Global("router_id «'my» name'"), Global("router_id \"'name'\"") },
    };

    /// <summary>The tables one after the other.</summary>
    public static readonly TheoryData<string, string, string>[] All =
        [State, Timing, Strict, Authentication, Unicast, Link, Address, Weight, Groups, Scripts, Words];

    /// <summary>An instance A on eth0 with id 5.</summary>
    public static string In(params string[] lines) => Named("A", "eth0", "5", lines);

    private static string Named(string name, string device, string vrid, params string[] lines) =>
        $"vrrp_instance {name} {{\ninterface {device}\nvirtual_router_id {vrid}\n{string.Join('\n', lines)}\n}}\n";

    private static string Global(params string[] lines) => $"global_defs {{\n{string.Join('\n', lines)}\n}}\n";

    private static string Auth(string line) => In("authentication {", "auth_type PASS", line, "}");

    private static string Vips(params string[] lines) => $"virtual_ipaddress {{\n{string.Join('\n', lines)}\n}}";

    private static string Script(params string[] lines)
    {
        bool hasCommand = lines.Length > 0 && lines[0].StartsWith("script", System.StringComparison.Ordinal);
        return $"vrrp_script s {{\n{(hasCommand ? "" : "script /bin/true\n")}{string.Join('\n', lines)}\n}}\n";
    }

    private static string Group(string one, string two, string more = "", string name = "G") =>
        $"vrrp_sync_group {name} {{\ngroup {{\n{one}\n{two}\n}}\n{more}\n}}\n";

    private static string Range(string form, int count)
    {
        StringBuilder text = new();
        for (int i = 0; i < count; i++)
        {
            text.Append(i == 0 ? "" : "\n").AppendFormat(System.Globalization.CultureInfo.InvariantCulture, form, i / 200, i % 200 + 1);
        }

        return text.ToString();
    }
}
