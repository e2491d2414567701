using System;
using System.Globalization;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>
/// What an instance comes to when its lines contradict each other or the rest of the file: keepalived's words and its verdict of -t, as
/// recorded from it, and the settled model. Line 1 is the instance's; its own lines begin at 4.
/// </summary>
public class InstanceTests
{
    private const string Vip = "virtual_ipaddress {\n10.0.0.1\n}\n";
    private const string NoEffect = " is understood but has no effect yet";

    [Theory]
    [InlineData("advert_int 0.5", 5, "VRRPv2 advertisement interval 0.500000s must be an integer. rounding")]
    [InlineData("version 3\nadvert_int 0.015", 5, "VRRPv3 advertisement interval 0.015000s must be in units of 10ms - rounding")]
    [InlineData("version 3\nadvert_int 41", 5, "VRRPv3 advertisement interval 41.00s is out of range. Must be less than 40.96s. Setting to 40.95s")]
    [InlineData("version 3\nadvert_int 40.95", 0)]
    [InlineData("advert_int 0.5\nversion 3", 0)]
    [InlineData("state MASTER\npriority 100\nnopreempt", 5, "Warning - nopreempt will not work with initial state MASTER - clearing")]
    [InlineData("state MASTER\nnopreempt", 5, "nopreempt is incompatible with priority 255. resetting nopreempt")]
    [InlineData("state BACKUP\npriority 255\nnopreempt", 5, "nopreempt is incompatible with priority 255. resetting nopreempt")]
    [InlineData("nopreempt\npreempt", 0)]
    [InlineData("state MASTER\npriority 100\npreempt_delay 5", 5, "Warning - preempt delay will not work with initial state MASTER - clearing")]
    [InlineData("priority 255\npreempt_delay 5", 5, "Warning - preempt delay will not work with initial state MASTER - clearing")]
    [InlineData("state BACKUP\npriority 255\npreempt_delay 5", 0)]
    [InlineData("nopreempt\npreempt_delay 5", 5, "preempt_delay is incompatible with nopreempt mode - resetting")]
    [InlineData("version 3\nauthentication {\nauth_type PASS\nauth_pass x\n}", 5, "VRRP version 3 does not support authentication. Ignoring.")]
    [InlineData("version 3\nauthentication {\nauth_type PASS\n}", 5, "VRRP version 3 does not support authentication. Ignoring.")]
    [InlineData("authentication {\nauth_type AH\n}", 5, "Authentication specified but no password given. Ignoring")]
    [InlineData("state MASTER\npriority 9\nauthentication {\nauth_type AH\nauth_pass x\n}", 5,
        "Initial state master is incompatible with AH authentication - clearing")]
    [InlineData("vmac_xmit_base", 5, "vmac_xmit_base is only valid with a vmac")]
    [InlineData("use_ipvlan", 5, "IPv4 ipvlan requires a source ip address to be configured. setting instance to fault state")]
    [InlineData("use_ipvlan 10.0.0.9/24 bridge", 0)]
    [InlineData("use_vmac\npromote_secondaries", 5, "promote_secondaries is automatically set for vmacs - ignoring")]
    [InlineData("mcast_dst_ip 224.0.0.19\nunicast_peer {\n10.0.0.3\n}", 5, "multicast destination specified with unicast - ignoring")]
    [InlineData("unicast_src_ip 10.0.0.9", 5, InstanceRules.NoPeers)]
    [InlineData("check_unicast_src", 5, InstanceRules.NoPeers)]
    [InlineData("unicast_fault_no_peer", 0)]
    [InlineData("track_interface {\nens192\n}", 5, "Ignoring track_interface ens192 since own interface")]
    [InlineData("priority 255\ntrack_interface {\ne7 weight 5\n}", 5, "ignoring e7 tracked interface due to address owner")]
    public void What_contradicts_itself_is_settled_in_keepaliveds_words(string lines, int testStatus, params string[] expected)
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(Vip + lines));

        Assert.Equal(testStatus, result.TestExitStatus);
        Assert.Equal(Array.ConvertAll(expected, text => $"(A) {text}"), Array.ConvertAll(Complaints(result), found => found.Text));
        Assert.All(Complaints(result), found => Assert.True(found.IsBare));
    }

    [Theory]
    [InlineData("state MASTER\npriority 100", "State MASTER must match being address owner")]
    [InlineData("state BACKUP\npriority 255", "State MASTER must match being address owner")]
    [InlineData("authentication {\nauth_type PASS\nauth_pass x\n}", "Strict mode does not support authentication. Ignoring.")]
    [InlineData("preempt_delay 5", "preempt_delay is incompatible with strict mode - resetting")]
    [InlineData("down_timer_adverts 5", "down_timer_adverts is incompatible with strict mode - resetting")]
    [InlineData("accept", "warning - accept mode for VRRP version 2 does not comply with RFC3768 - resetting")]
    [InlineData("garp_lower_prio_repeat 3", "Strict mode requires no repeat garps. resetting")]
    [InlineData("garp_lower_prio_delay 3", "Strict mode requires no repeat garp delay. resetting")]
    [InlineData("lower_prio_no_advert off", "Strict mode requires no lower priority advert. resetting")]
    [InlineData("higher_prio_send_advert", "strict mode requires higher_prio_send_advert to be clear. resetting")]
    [InlineData("use_vmac\nvmac_xmit_base", "xmit_base is incompatible with strict mode - resetting")]
    [InlineData("use_vmac vr1 02:00:00:00:00:11", "cannot specify MAC address with strict mode - clearing")]
    [InlineData("unicast_peer {\n10.0.0.3\n}", "Unicast peers are not supported in strict mode")]
    public void Strict_mode_drops_what_the_standard_does_not_know(string lines, string expected)
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance($"strict_mode\n{Vip}{lines}"));
        ConfigResult off = ConfigSource.Parse(ConfigSource.Instance($"strict_mode off\n{Vip}{lines}"));

        Assert.Equal($"(A) {expected}", Assert.Single(Complaints(result)).Text);
        Assert.Equal(5, result.TestExitStatus);
        Assert.DoesNotContain(Complaints(off), found => found.Text == $"(A) {expected}");
        ConfigResult global = ConfigSource.Parse("global_defs {\nvrrp_strict\n}\n" + ConfigSource.Instance(Vip + lines));
        Assert.Contains(Complaints(global), found => found.Text == $"(A) {expected}");
    }

    [Fact]
    public void In_strict_mode_version_3_may_accept_and_nothing_is_said_of_what_is_unset()
    {
        Assert.Equal(0, ConfigSource.Parse(ConfigSource.Instance($"strict_mode\nversion 3\naccept\n{Vip}")).TestExitStatus);
        Assert.Equal(0, ConfigSource.Parse(ConfigSource.Instance($"strict_mode\n{Vip}")).TestExitStatus);
        Assert.Equal(0, ConfigSource.Parse(ConfigSource.Instance($"strict_mode\nstate MASTER\n{Vip}")).TestExitStatus);
    }

    [Theory]
    [InlineData("", 5, 0, "No VIP specified; at least one is sensible")]
    [InlineData("no_virtual_ipaddress", 0, 0)]
    [InlineData("version 3", 5, 2, "No VIP specified; at least one is required")]
    [InlineData("version 3\nno_virtual_ipaddress", 0, 0)]
    [InlineData("native_ipv6", 5, 2, "No VIP specified; at least one is required")]
    [InlineData("strict_mode\nno_virtual_ipaddress", 5, 2, "No VIP specified; at least one is required")]
    [InlineData("virtual_ipaddress_excluded {\n10.0.0.2\n}", 5, 0, "No VIP specified; at least one is sensible")]
    public void An_instance_needs_an_address_more_or_less(string lines, int testStatus, int runStatus, params string[] expected)
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(lines));

        Assert.Equal(Array.ConvertAll(expected, text => $"(A) {text}"), Array.ConvertAll(Complaints(result), found => found.Text));
        Assert.Equal((testStatus, runStatus), (result.TestExitStatus, result.RunExitStatus));
    }

    [Theory]
    [InlineData("virtual_ipaddress {\nfd00::1\n}", true, 3)]
    [InlineData("native_ipv6\nvirtual_ipaddress {\nfd00::1\n}", true, 3)]
    [InlineData("mcast_src_ip fe80::1\nvirtual_ipaddress {\nfd00::1\n}", true, 3)]
    [InlineData("unicast_peer {\nfe80::3\n}\nvirtual_ipaddress {\nfd00::1\n}", true, 3)]
    [InlineData("version 2\nvirtual_ipaddress {\nfd00::1\n}", true, 2)]
    [InlineData("virtual_ipaddress_excluded {\nfd00::1\n}\nvirtual_ipaddress {\n10.0.0.1\n}", false, 2)]
    [InlineData("virtual_ipaddress {\n10.0.0.1\n}\nversion 3", false, 3)]
    public void The_family_is_that_of_the_first_address_and_decides_the_version(string lines, bool isV6, int version)
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(lines));
        RouterConfig router = Assert.Single(result.Config!.Routers);

        Assert.Equal((isV6, version), (router.IsV6, router.Version));
        Assert.Equal(0, result.TestExitStatus);
        Assert.True(result.CanRun);
    }

    [Theory]
    [InlineData("virtual_ipaddress {\nfd00::1\n}\nversion 2", "7:9 (A) vrrp_version 2 conflicts with configured or deduced version 3; ignoring.")]
    [InlineData("virtual_ipaddress {\n10.0.0.1\n}\nnative_ipv6", "7:1 (A) Cannot specify native_ipv6 with IPv4 addresses")]
    [InlineData("virtual_ipaddress {\n10.0.0.1\nfd00::1\n}", "6:1 (A): address family must match VRRP instance [fd00::1] - ignoring")]
    [InlineData("mcast_src_ip fd00::9\nmcast_dst_ip 224.0.0.19\nno_virtual_ipaddress",
        "5:14 (A) mcast dest address 224.0.0.19 MUST match VRRP instance family. Skipping...")]
    [InlineData("virtual_ipaddress {\n10.0.0.1\n}\nmcast_src_ip fe80::9",
        "7:14 Configuration error: VRRP instance[A] and src address[fe80::9] MUST be of the same family !!! Skipping...")]
    [InlineData("virtual_ipaddress {\n10.0.0.1\n}\nunicast_peer {\nfe80::9\n}",
        "8:1 Configuration error: VRRP instance[A] and unicast peer address[fe80::9] MUST be of the same family !!! Skipping...")]
    [InlineData("virtual_ipaddress {\n10.0.0.1\n}\nuse_ipvlan fe80::9",
        "7:12 (A) ipvlan address[fe80::9] MUST match vrrp instance family !!! Skipping...",
        "1:15 (A) IPv4 ipvlan requires a source ip address to be configured. setting instance to fault state")]
    public void Families_are_not_mixed(string lines, params string[] expected)
    {
        Assert.Equal(expected, Told(ConfigSource.Parse(ConfigSource.Instance(lines))));
    }

    [Theory]
    [InlineData("10.0.0.3\n10.0.0.3", "9:1 (A) duplicate unicast peer 10.0.0.3 - ignoring")]
    [InlineData("10.0.0.300", "8:1 Configuration error: VRRP instance[A] malformed unicast peer address[10.0.0.300]. Skipping...")]
    [InlineData("10.0.0.3 min_ttl 256", "8:18 number '256' outside range [0, 255]")]
    [InlineData("10.0.0.3 max_ttl", "8:10 (A) max_ttl is missing a value")]
    [InlineData("10.0.0.3 foo 5", "8:10 (A) unknown unicast_peer option foo")]
    [InlineData("10.0.0.3 min_ttl 5 max_ttl 4", "8:1 (A) min_ttl 5 > max_ttl 4 - all packets will be discarded")]
    [InlineData("10.0.0.3/24 min_ttl 1 max_ttl 255")]
    public void Peers_are_read_line_by_line(string peers, params string[] expected)
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance($"{Vip}unicast_peer {{\n{peers}\n}}"));

        Assert.Equal(expected, Told(result));
        Assert.True(result.Config!.Routers[0].IsUnicast);
        Assert.Equal(peers.Contains("300", StringComparison.Ordinal) ? 0 : 1, result.Config.Routers[0].Peers.Length);
    }

    [Theory]
    [InlineData("unicast_ttl 5", "8:1 (A): Cannot use unicast_ttl without unicast peers - resetting")]
    [InlineData("use_vmac\nunicast_peer {\n10.0.0.3\n}", "11:1 (A) unicast with use_vmac requires vmac_xmit_base - setting")]
    public void What_shows_at_the_end_of_the_block_is_told_at_its_brace(string lines, string expected)
    {
        Assert.Equal([expected], Told(ConfigSource.Parse(ConfigSource.Instance(Vip + lines))));
    }

    [Theory]
    [InlineData("vr1", "")]
    [InlineData("name vr1 group 5 netlink_notify_msg 02:00:00:00:00:11", "")]
    [InlineData("02:00:00:00:00", "")]
    [InlineData("abcdefghijklmnopq", "VMAC interface name 'abcdefghijklmnopq' too long or invalid characters - ignoring")]
    [InlineData("vr1 vr2", "VMAC interface name already specified")]
    [InlineData("01:00:00:00:00:11", "VMAC MAC address is multicast 01:00:00:00:00:11 - ignoring")]
    [InlineData("00:00:5e:00:01:11", "VMAC MAC address not allowed to be RFC5798 address (00:00:5e:00:01:11) - ignoring")]
    [InlineData("02:00:00:00:00:zz", "VMAC invalid MAC address 02:00:00:00:00:zz")]
    public void A_macvlan_takes_a_name_and_an_address(string words, string expected)
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance($"{Vip}use_vmac {words}"));

        Assert.Equal(expected.Length == 0 ? [] : [expected], Array.ConvertAll(Complaints(result), found => found.Text));
        VirtualDevice device = result.Config!.Routers[0].Device!;
        Assert.Equal(words.Contains("vr1", StringComparison.Ordinal) ? "vr1" : "", device.Name);
        Assert.Equal(words.StartsWith("name", StringComparison.Ordinal) ? 0x020000000011UL : words == "02:00:00:00:00" ? 0x020000000005UL
            : 0x00005e000105UL, device.Mac);
    }

    [Fact]
    public void A_device_belongs_to_one_instance()
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(Vip + "use_vmac vr1") + ConfigSource.Instance(Vip + "use_vmac vr1", "B", 6));

        Assert.Equal(["15:1 (B) VRRP instance A is already using vr1 - ignoring name"], Told(result));
    }

    [Fact]
    public void Instances_that_hear_each_other_need_different_ids()
    {
        string peers = "unicast_peer {\n10.0.0.3\n}\n";
        string a = ConfigSource.Instance(Vip), d = ConfigSource.Instance(Vip, "D");
        string v6 = ConfigSource.Instance("virtual_ipaddress {\nfd00::1\n}", "C");
        string group = ConfigSource.Instance(Vip + "mcast_dst_ip 224.0.0.99", "E");
        string one = ConfigSource.Instance(Vip + peers, "F"), two = ConfigSource.Instance(Vip + peers, "G");
        string other = ConfigSource.Instance(Vip + peers.Replace(".3", ".4", StringComparison.Ordinal), "H");

        Assert.Empty(Told(ConfigSource.Parse(a + v6 + group + one + other)));
        Assert.Equal(["9:15 A and D both use VRID 5 with IPv4 on interface ens192"], Told(ConfigSource.Parse(a + d)));
        Assert.Equal(["12:15 (F) duplicate VRID conflict with G VRID 5"], Told(ConfigSource.Parse(one + two)));
        Assert.Equal(2, Told(ConfigSource.Parse(a + d + ConfigSource.Instance(Vip, "I"))).Length - 1);
    }

    [Fact]
    public void Unicast_with_a_source_needs_no_interface()
    {
        string text = "vrrp_instance A {\nvirtual_router_id 5\nunicast_src_ip 10.0.0.9\nunicast_peer {\n10.0.0.3\n}\n"
            + "virtual_ipaddress {\n10.0.0.1 dev e7\n}\n}\n";

        Assert.Empty(Told(ConfigSource.Parse(text)));
        ConfigResult without = ConfigSource.Parse(text.Replace("unicast_src_ip 10.0.0.9", "", StringComparison.Ordinal));
        Assert.Equal(["1:15 (A) Unknown interface!"], Told(without));
        Assert.Equal((5, 2), (without.TestExitStatus, without.RunExitStatus));
    }

    [Fact]
    public void What_an_instance_without_a_name_holds_is_not_looked_at()
    {
        ConfigResult result = ConfigSource.Parse("vrrp_instance {\npriority x\nvirtual_ipaddress {\nfoo\n}\n}\n" + ConfigSource.Instance(Vip)
            + ConfigSource.Instance("priority x\n" + Vip));

        Assert.Equal(["1:1 vrrp_instance must have a name", "15:15 vrrp instance A already defined"], Told(result));
        Assert.Single(result.Config!.Routers);
    }

    [Fact]
    public void Addresses_beyond_the_room_of_a_packet_go_on_as_excluded_ones()
    {
        StringBuilder v4 = new("virtual_ipaddress {\n"), v6 = new("virtual_ipaddress {\n");
        for (int i = 0; i < 260; i++)
        {
            v4.Append(CultureInfo.InvariantCulture, $"10.1.{i / 200}.{i % 200}\n");
            v6.Append(CultureInfo.InvariantCulture, $"fd00::{i:x}\n");
        }

        RouterConfig four = Assert.Single(ConfigSource.Parse(ConfigSource.Instance(v4.Append('}').ToString())).Config!.Routers);
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(v6.Append('}').ToString()));
        RouterConfig six = Assert.Single(result.Config!.Routers);

        Assert.Equal((255, 5), (four.Addresses.Length, four.Excluded.Length));
        Assert.Equal((89, 171), (six.Addresses.Length, six.Excluded.Length));
        Assert.Equal("fd00::59", six.Excluded[0].Address.ToString());
        Assert.Equal(["94:1 (A) Number of VIPs (260) exceeds maximum/space available in packet (max 89 addresses) - excess moved to eVIPs"], Told(result));
    }

    [Fact]
    public void Each_event_has_one_command()
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(Vip + "notify_master \"/bin/a b\" root adm\nnotify_master /bin/c\nnotify /bin/d"
            + "\nnotify_deleted"));

        Assert.Equal(["8:1 (A) notify_master script already specified - ignoring /bin/c"], Told(result));
        NotifyCommand[] notify = result.Config!.Routers[0].Extras.Notify;
        Assert.Equal(["master", "", "deleted"], Array.ConvertAll(notify, one => one.Event));
        Assert.Equal(["/bin/a", "b"], notify[0].Command);
        Assert.Equal(("root", "adm"), (notify[0].User, notify[0].Group));
        Assert.Empty(notify[2].Command);
    }

    [Theory]
    [InlineData("key 1 abcdefghabcdefghabcdefghabcdefgh\nactive_key 1")]
    [InlineData("key 1 hex:000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f\nactive_key 1\n"
        + "mode permissive\nanti_replay monotonic\ntime_window 300")]
    [InlineData("key 1 short\nactive_key 1", "8:5 (A) auth_hmac key 1 has 5 bytes - ignoring",
        "9:12 (A) auth_hmac active_key 1 is not a configured key - disabling auth_hmac")]
    [InlineData("key 1 hex:zz\nkey 300 file:/x", "8:5 (A) auth_hmac key 1 is not hexadecimal - ignoring",
        "9:5 (A) auth_hmac key id '300' invalid - ignoring key", "7:1 (A) auth_hmac has no active_key - disabling auth_hmac")]
    public void A_signature_needs_a_key_that_is_there(string lines, params string[] expected)
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance($"{Vip}auth_hmac {{\n{lines}\n}}"));

        string[] told = Told(result);
        Array.Sort(told, StringComparer.Ordinal);
        Array.Sort(expected, StringComparer.Ordinal);
        Assert.Equal(expected, told);
        Assert.Equal(expected.Length == 0, result.Config!.Routers[0].Hmac is not null);
        Assert.All(result.Diagnostics, found => Assert.DoesNotContain("abcdefgh", DiagnosticText.Full(found, true, true), StringComparison.Ordinal));
    }

    [Fact]
    public void The_rest_of_the_settings_reaches_the_model()
    {
        RouterConfig router = ConfigSource.Parse(ConfigSource.Instance(Vip + "nopreempt\ndown_timer_adverts 5\nno_accept\ndont_track_primary\n"
            + "mcast_dst_ip 224.0.0.19\nvirtual_ipaddress_excluded {\nfd00::7/64 dev e7 home -nodad preferred_lft 7\n}\n"
            + "track_interface {\ne7 weight -5 reverse\n}"))
            .Config!.Routers[0];

        Assert.Equal((true, 5, false, true, Ip.FromV4(224, 0, 0, 19)), (router.NoPreempt, router.DownTimerAdverts, router.Accepts,
            router.IgnoresOwnInterface, router.Group));
        VirtualAddress address = Assert.Single(router.Excluded);
        Assert.Equal((AddressTraits.Home | AddressTraits.DetectsDuplicates, (uint?)7), (address.Words.Extras.Traits, address.Words.Extras.PreferredLifetime));
        TrackedThing thing = Assert.Single(router.Extras.Tracked);
        Assert.Equal((TrackKind.Interface, "e7", -5, true), (thing.Kind, thing.Name, thing.Weight, thing.Reverse));
        Assert.True(ConfigSource.Parse(ConfigSource.Instance(Vip + "preempt_delay 0.5")).Config!.Routers[0].PreemptDelay == TimeSpan.FromSeconds(0.5));
    }

    /// <summary>What keepalived complains of, too.</summary>
    private static Diagnostic[] Complaints(ConfigResult result) => Array.FindAll(result.Diagnostics, found => found.Fault != ConfigFault.None
        && !found.Text.EndsWith(NoEffect, StringComparison.Ordinal));

    private static string[] Told(ConfigResult result) =>
        Array.ConvertAll(Complaints(result), found => $"{found.Where.Line}:{found.Where.Column} {found.Text}");
}
