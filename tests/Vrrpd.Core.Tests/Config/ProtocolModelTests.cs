using System;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>What versions, families, unicast, devices, groups and keys become in the model.</summary>
public class ProtocolModelTests
{
    private const string Vip = "virtual_ipaddress {\n10.0.0.1/24\n}\n", Vip6 = "virtual_ipaddress {\nfe80::51\n}\n";
    private const string Peer = "unicast_peer {\n10.0.0.3\n}\n";

    [Fact]
    public void Every_setting_of_the_protocol_reaches_the_model()
    {
        RouterConfig router = One(Vip + "version 3\nlower_prio_no_advert\nhigher_prio_send_advert yes\nskip_check_adv_addr\ntrack_src_ip\n"
            + "mcast_src_ip 10.0.0.9\nmcast_dst_ip 224.0.0.99\nnopreempt\ntimer_expired_backup 150\ndown_timer_adverts 4\ndual_version\nadvert_int 2");
        Assert.True(router is { Version: 3, IsSilentToLower: true, AnswersHigher: true, SkipsSameMaster: true, TracksSource: true, IsDual: true });
        Assert.Equal((150, 4, TimeSpan.FromSeconds(2)), (router.StandBackPriority, router.DownTimerAdverts, router.AdvertInterval));
        Assert.Equal("224.0.0.99", router.Group.ToString());
    }

    [Fact]
    public void A_global_word_holds_wherever_it_stands_and_an_instance_has_the_last_one()
    {
        const string Globals = "global_defs {\nvrrp_version 3\nvrrp_mcast_group4 224.0.0.77\nvrrp_mcast_group6 ff02::77\nvrrp_lower_prio_no_advert\n"
            + "vrrp_higher_prio_send_advert\nvrrp_check_unicast_src\nvrrp_skip_check_adv_addr\nv3_checksum_as_v2\nvrrp_startup_delay 2.5\n"
            + "vrrp_delay_after_boot 60\nlog_unknown_vrids\nvrrp_down_timer_adverts 5\nnftables mine\nnftables_priority 7\nnftables_counters\n"
            + "nftables_ifindex\n}\n";
        DaemonConfig config = Read(ConfigSource.Instance(Vip) + ConfigSource.Instance(Vip6, "B") + ConfigSource.Instance(Vip + Peer, "C", 6)
            + ConfigSource.Instance(Vip + "lower_prio_no_advert off\nhigher_prio_send_advert no\nskip_check_adv_addr off\nv3_checksum_as_v2 off\n"
            + "version 2\nmcast_dst_ip 224.0.0.18\ndown_timer_adverts 3", "D", 7) + Globals);
        (RouterConfig a, RouterConfig b, RouterConfig c, RouterConfig d) = (config.Routers[0], config.Routers[1], config.Routers[2], config.Routers[3]);
        Assert.True(a is { Version: 3, IsSilentToLower: true, AnswersHigher: true, SkipsSameMaster: true, ChecksUnicastSource: false });
        Assert.Equal((ChecksumChoice.MessageOnly, ChecksumChoice.PseudoHeader), (a.Checksum, b.Checksum));
        Assert.Equal(("224.0.0.77", "ff02::77"), (a.Group.ToString(), b.Group.ToString()));
        Assert.True(c is { IsUnicast: true, ChecksUnicastSource: true } && c.Group == default);
        Assert.True(d is { Version: 2, IsSilentToLower: false, AnswersHigher: false, SkipsSameMaster: false, DownTimerAdverts: 3 });
        Assert.Equal((TimeSpan.FromSeconds(2.5), TimeSpan.FromMinutes(1), true),
            (config.Globals.StartupDelay, config.Globals.DelayAfterBoot, config.Globals.LogsUnknownVrids));
        Assert.Equal(new FirewallConfig { Table = "mine", Priority = 7, HasCounters = true, HasIndexes = true }, config.Globals.Firewall);
    }

    [Theory]
    [InlineData("", 255, false, ChecksumChoice.PseudoHeader)]
    [InlineData("unicast_ttl 64", 64, false, ChecksumChoice.PseudoHeader)]
    [InlineData("check_unicast_src", 255, true, ChecksumChoice.PseudoHeader)]
    [InlineData("old_unicast_checksum", 255, false, ChecksumChoice.OldUnicast)]
    [InlineData("old_unicast_checksum never", 255, false, ChecksumChoice.NeverOldUnicast)]
    [InlineData("old_unicast_checksum\nv3_checksum_as_v2", 255, false, ChecksumChoice.MessageOnly)]
    [InlineData("v3_checksum_as_v2 off", 255, false, ChecksumChoice.PseudoHeader)]
    [InlineData("unicast_peer {\n10.0.0.4 min_ttl 60 max_ttl 64\n}", 255, true, ChecksumChoice.PseudoHeader)]
    public void Unicast_has_a_ttl_a_check_of_senders_and_a_checksum(string lines, int ttl, bool isChecked, ChecksumChoice checksum)
    {
        RouterConfig router = One($"version 3\n{Vip}{Peer}{lines}");
        Assert.Equal((ttl, isChecked, checksum, false), (router.UnicastTtl, router.ChecksUnicastSource, router.Checksum, router.FaultsWithoutPeer));
        Assert.Equal(64, One(Vip6 + "unicast_peer {\nfe80::3\n}").UnicastTtl);
    }

    [Theory]
    [InlineData("priority 255", false)]
    [InlineData("priority 255\nowner_ignore_adverts", true)]
    [InlineData("priority 255\nstate MASTER\nstrict_mode", true)]
    [InlineData("priority 255\nstate MASTER\nstrict_mode\nowner_ignore_adverts off", false)]
    [InlineData("priority 254\nowner_ignore_adverts", false)]
    public void Only_an_owner_ignores_adverts_and_off_means_off(string lines, bool ignores)
    {
        Assert.Equal(ignores, One(Vip + lines).IgnoresAdverts);
    }

    [Fact]
    public void Strict_mode_settles_what_the_standard_knows_only_one_way()
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(Vip + "strict_mode\nhigher_prio_send_advert\nlower_prio_no_advert off\n"
            + "down_timer_adverts 7\npreempt_delay 9\nuse_vmac\nvmac_xmit_base"));
        RouterConfig router = result.Config!.Routers[0];
        Assert.True(router is { IsStrict: true, Accepts: false, IsSilentToLower: true, AnswersHigher: false, DownTimerAdverts: 3 });
        Assert.Equal((TimeSpan.Zero, false), (router.PreemptDelay, router.Device!.SendsOnBase));
        Assert.True(One(Vip + "version 3\nstrict_mode\naccept").Accepts);
        Assert.False(One(Vip + "version 2\nstrict_mode\naccept").Accepts);
        Assert.True(One(Vip + "strict_mode\npriority 255\nstate MASTER").Accepts);
    }

    [Fact]
    public void Devices_get_the_next_name_that_nothing_has()
    {
        DaemonConfig config = Read(ConfigSource.Instance(Vip + "use_vmac") + ConfigSource.Instance(Vip6 + "use_vmac", "B")
            + ConfigSource.Instance(Vip + "use_vmac\ninterface eth2", "C") + ConfigSource.Instance(Vip6 + "use_vmac\ninterface eth2", "D")
            + ConfigSource.Instance(Vip + "use_vmac vrrp.9", "E", 7) + ConfigSource.Instance(Vip + "use_vmac", "F", 9)
            + ConfigSource.Instance(Vip + "use_ipvlan 10.0.0.7/24", "G", 10));
        Assert.Equal(["vrrp.5", "vrrp6.5", "vrrp1.5", "vrrp2.5", "vrrp.9", "vrrp1.9", "vrrp.10"],
            Array.ConvertAll(config.Routers, router => config.Interfaces[router.Device!.Slot]));
        Assert.Equal([0x00005e000105UL, 0x00005e000205UL, 0x00005e000105UL, 0x00005e000205UL, 0x00005e000107UL, 0x00005e000109UL, 0UL],
            Array.ConvertAll(config.Routers, router => router.Device!.Mac));
        Assert.All(config.Routers, router => Assert.Equal((router.Interface, router.Device!.Slot), (router.Device.Base, router.AdvertSlot)));
        Assert.All(config.Routers, router => Assert.Equal(router.AdvertSlot, config.Channels[router.Channel].Slot));
        Assert.All(config.Routers, router => Assert.Equal(router.Device!.Slot, router.Addresses[0].Interface));
        Assert.Equal("10.0.0.7", config.Routers[6].Source.ToString());
    }

    [Theory]
    [InlineData("", "vrrp.5")]
    [InlineData("vmac_prefix lb", "lb.5")]
    [InlineData("vmac_prefix verylongprefix", "verylongprefi.5")]
    public void The_prefix_of_device_names_is_a_setting(string line, string name)
    {
        DaemonConfig config = Read($"global_defs {{\n{line}\n}}\n" + ConfigSource.Instance(Vip + "use_vmac"));
        Assert.Equal(name, config.Interfaces[config.Routers[0].Device!.Slot]);
    }

    [Fact]
    public void Unicast_from_a_macvlan_speaks_on_the_interface_below()
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(Vip + Peer + "use_vmac"));
        RouterConfig router = result.Config!.Routers[0];
        Assert.Equal((true, router.Interface), (router.Device!.SendsOnBase, router.AdvertSlot));
        Assert.Equal(router.Device.Slot, router.Addresses[0].Interface);
    }

    [Theory]
    [InlineData("use_vmac\nuse_vmac_addr", "10.0.0.1/24", "vrrp.5")]
    [InlineData("use_vmac\nuse_vmac_addr", "10.0.0.1/24 dev eth2", "vrrp1.5")]
    [InlineData("use_vmac", "10.0.0.1/24 dev eth2", "eth2")]
    [InlineData("use_vmac", "10.0.0.1/24 dev eth2 use_vmac", "vrrp1.5")]
    [InlineData("", "10.0.0.1/24 use_vmac", "vrrp.5")]
    public void Single_addresses_can_ask_for_a_macvlan(string lines, string address, string device)
    {
        DaemonConfig config = Read(ConfigSource.Instance($"{lines}\nvirtual_ipaddress {{\n{address}\n}}\nvirtual_ipaddress_excluded {{\n"
            + "10.9.0.1/24 dev eth2\n}"));
        RouterConfig router = config.Routers[0];
        Assert.Equal(device, config.Interfaces[router.Addresses[0].Interface]);
        Assert.All(router.AddressDevices, made => Assert.Equal(0x00005e000105UL, made.Mac));
        bool isShared = lines.Contains("use_vmac_addr", StringComparison.Ordinal);
        Assert.Equal(isShared ? "vrrp1.5" : "eth2", config.Interfaces[router.Excluded[0].Interface]);
        Assert.All(router.AddressDevices, made => Assert.NotEqual(router.Device?.Slot, made.Slot));
    }

    [Theory]
    [InlineData("use_vmac", "10.0.0.1/24 use_vmac", "use_vmac specified for VIP/eVIP 10.0.0.1/24 and vrrp instance")]
    [InlineData("use_vmac", "10.0.0.1/24 dev ens192 use_vmac", "use_vmac specified for VIP/eVIP 10.0.0.1/24 and vrrp instance")]
    [InlineData("use_vmac\nuse_vmac_addr", "10.0.0.1 dev eth2 use_vmac", "use_vmac_addr specified and use_vmac specified for VIP/eVIP 10.0.0.1")]
    [InlineData("version 2\nauthentication {\nauth_type AH\nauth_pass x\n}", "fe80::1", "Cannot use AH authentication with IPv6. ignoring")]
    public void What_is_asked_for_twice_or_cannot_be_is_told(string lines, string address, string expected)
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance($"{lines}\nvirtual_ipaddress {{\n{address}\n}}"));
        Assert.Equal([$"(A) {expected}"], Array.ConvertAll(result.Diagnostics, found => found.Text));
        Assert.Equal((5, 0), (result.TestExitStatus, result.RunExitStatus));
        Assert.Equal(AuthType.None, result.Config!.Routers[0].Auth);
        Assert.Equal(0, result.Config.Routers[0].Addresses[0].Words.DeviceWhere.Line * (lines == "use_vmac" ? 1 : 0));
    }

    [Fact]
    public void Scripts_of_a_group_are_those_of_its_members_each_once()
    {
        const string Scripts = "vrrp_script s {\nscript /bin/s\nweight -5\n}\nvrrp_script t {\nscript /bin/t\n}\n";
        string members = ConfigSource.Instance(Vip + "track_script {\ns weight 7\n}", "A") + ConfigSource.Instance(Vip6 + "track_script {\ns weight 0\n}", "B")
            + ConfigSource.Instance("virtual_ipaddress {\n10.0.0.2\n}\n", "C", 6);
        string text = $"{Scripts}{members}vrrp_sync_group G {{\ngroup {{\nA\nB\n}}\nsync_group_tracking_weight\ntrack_script {{\ns\nt\n}}\n}}\n";
        DaemonConfig config = Read(text);
        Assert.Equal([new TrackedScript(0, -5, false), new(1, 0, false)], config.Routers[0].TrackedScripts);
        Assert.Equal([new TrackedScript(0, 0, false), new(1, 0, false)], config.Routers[1].TrackedScripts);
        Assert.Empty(config.Routers[2].TrackedScripts);
        SyncGroupConfig group = Assert.Single(config.SyncGroups);
        Assert.True(group.HasWeights);
        Assert.Equal([(short)0, (short)1], group.Routers);
        Assert.Equal([0, 0, -1], Array.ConvertAll(config.Routers, router => (int)router.SyncGroup));
        Assert.Equal("sync_group_tracking_weight", text.Split('\n')[config.Routers[0].WhereTracked(0).Line - 3]);
    }

    [Fact]
    public void Without_weights_a_member_drops_its_own_and_follows_the_group()
    {
        const string Script = "vrrp_script s {\nscript /bin/s\nweight 9\n}\n";
        string members = ConfigSource.Instance(Vip + "track_script {\ns\n}", "A") + ConfigSource.Instance(Vip6, "B");
        ConfigResult result = ConfigSource.Parse($"{Script}{members}vrrp_sync_group G {{\ngroup {{\nA\nB\n}}\n}}\n");
        Assert.Empty(result.Config!.Routers[0].TrackedScripts);
        result = ConfigSource.Parse($"{Script}{members}vrrp_sync_group G {{\ngroup {{\nA\nB\n}}\ntrack_script {{\ns\n}}\n}}\n");
        Assert.All(result.Config!.Routers, router => Assert.Equal([new TrackedScript(0, 9, false)], router.TrackedScripts));
        string owner = members.Replace("fe80::51\n}\n", "fe80::51\n}\npriority 255\n", StringComparison.Ordinal);
        result = ConfigSource.Parse($"{Script}{owner}vrrp_sync_group G {{\ngroup {{\nA\nB\n}}\ntrack_script {{\ns\n}}\n}}\n");
        Assert.All(result.Config!.Routers, router => Assert.Equal([new TrackedScript(0, 0, false)], router.TrackedScripts));
    }

    [Theory]
    [InlineData("dual_version\nversion 2", 2, false, "dual_version is ignored with version 2")]
    [InlineData("dual_version", 3, true, "")]
    [InlineData("dual_version off", 2, false, "")]
    [InlineData("dual_version\nadvert_int 0.5", 3, true, "advert_int 0.500000 is rounded to 1 because of dual_version")]
    [InlineData("dual_version\nadvert_int 1.5", 3, true, "advert_int 1.500000 is rounded to 2 because of dual_version")]
    [InlineData("dual_version\nadvert_int 200", 3, true, "advert_int 200.000000 is rounded to 40 because of dual_version")]
    public void Dual_version_is_version_3_with_seconds_that_version_2_can_say(string lines, int version, bool isDual, string advice)
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(Vip + lines));
        RouterConfig router = result.Config!.Routers[0];
        Assert.Equal((version, isDual), (router.Version, router.IsDual));
        Assert.Equal(advice.Length == 0 ? [] : [$"(A) {advice}"], Array.ConvertAll(result.Diagnostics, found => found.Text));
        Assert.Equal((0, 0L), (result.TestExitStatus, router.AdvertInterval.Ticks % TimeSpan.TicksPerSecond));
    }

    [Fact]
    public void There_is_no_version_2_of_ipv6_to_speak_besides()
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(Vip6 + "dual_version"));
        Assert.Equal("(A) dual_version is ignored with IPv6", Assert.Single(result.Diagnostics).Text);
        Assert.False(result.Config!.Routers[0].IsDual);
    }

    [Fact]
    public void Announcements_are_spaced_in_groups_of_interfaces()
    {
        string instances = ConfigSource.Instance(Vip + "use_vmac") + ConfigSource.Instance(Vip + "interface eth2", "B")
            + ConfigSource.Instance(Vip + "interface eth3", "C");
        DaemonConfig config = Read($"{instances}garp_group {{\ngarp_interval 0.1\ninterfaces {{\nens192 eth9\n}}\n}}\n"
            + "global_defs {\nvrrp_gna_interval 0.25\n}\n");
        Assert.Equal(["ens192 vrrp.5: 0.1 0", "eth2: 0 0.25", "eth3: 0 0.25"], Array.ConvertAll(config.GarpGroups, group => string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{string.Join(' ', Array.ConvertAll(group.Slots, slot => config.Interfaces[slot]))}: "
            + $"{group.ArpInterval.TotalSeconds} {group.NeighbourInterval.TotalSeconds}")));
        Assert.Empty(Read(instances).GarpGroups);
    }

    [Fact]
    public void Least_garp_changes_what_nobody_has_written()
    {
        AnnounceConfig least = Read(ConfigSource.Instance(Vip) + "global_defs {\nvrrp_min_garp\nvrrp_garp_extra_if all 30\n}\n").Routers[0].Announce;
        Assert.Equal(new()
        {
            Repeat = 1,
            Delay = default,
            RefreshRepeat = 0,
            LowerPriorityRepeat = 1,
            LowerPriorityDelay = default,
            ExtraInterval = TimeSpan.FromSeconds(30),
            ExtraOnAll = true,
        }, least);
        AnnounceConfig written = Read(ConfigSource.Instance(Vip + "garp_master_repeat 4\ngarp_extra_if 0")
            + "global_defs {\nvrrp_min_garp\nvrrp_garp_master_delay 2\nvrrp_garp_extra_if 30\n}\n").Routers[0].Announce;
        Assert.Equal((4, TimeSpan.FromSeconds(2), TimeSpan.Zero), (written.Repeat, written.Delay, written.ExtraInterval));
    }

    [Fact]
    public void A_key_can_stand_in_a_file_of_its_own()
    {
        MemorySource source = new MemorySource().With("/etc/key", "0123456789abcdef0123456789abcdef\n").With("/etc/k/near", new string('x', 64));
        source.Shared.Add("/etc/k/near");
        ConfigResult result = WithKeys(source, "key 1 file:/etc/key\nkey 2 file:k/near\nactive_key 2");
        HmacKey[] keys = result.Config!.Routers[0].Hmac!.Keys;
        Assert.Equal(("0123456789abcdef0123456789abcdef", 64), (Encoding.ASCII.GetString(keys[0].Value), keys[1].Value.Length));
        Diagnostic found = Assert.Single(result.Diagnostics);
        Assert.Equal(("(A) auth_hmac key file /etc/k/near can be read by others than its owner", ConfigFault.Security), (found.Text, found.Fault));
        Assert.True(result.CanRun);
    }

    [Theory]
    [InlineData("/etc/none", "is to be read from /etc/none, which does not exist")]
    [InlineData("/etc/k", "is to be read from /etc/k, which is a directory")]
    [InlineData("/etc/closed", "cannot be read from /etc/closed: Permission denied")]
    [InlineData("/etc/short", "has 5 bytes in /etc/short")]
    public void A_key_that_cannot_be_had_keeps_the_daemon_from_going_unsigned(string path, string expected)
    {
        MemorySource source = new MemorySource().With("/etc/short", "short\n");
        source.Secret.Add("/etc/closed");
        ConfigResult result = WithKeys(source, $"key 1 file:{path}\nactive_key 1");
        Assert.Contains($"(A) auth_hmac key 1 {expected}", Array.ConvertAll(result.Diagnostics, found => found.Text));
        Assert.Equal((5, 2), (result.TestExitStatus, result.RunExitStatus));
    }

    [Theory]
    [InlineData("10.0.0.1/24", "fe80::51", "2001:db8::1/64", "IPv6", "A_6")]
    [InlineData("fe80::51", "10.0.0.1/24", "10.0.0.2", "IPv4", "A_4")]
    public void A_mixed_list_comes_with_the_instance_for_the_others(string first, string second, string third, string family, string name)
    {
        string lines = $"state BACKUP\npriority 120\nnopreempt\nuse_vmac vx\nauth_hmac {{\nkey 1 {new string('k', 32)}\nactive_key 1\n}}\n";
        string own = ConfigSource.Instance($"{lines}virtual_ipaddress {{\n{first}\n}}");
        ConfigResult mixed = ConfigSource.Parse(ConfigSource.Instance($"{lines}virtual_ipaddress {{\n{first}\n{second}\n{third}\n}}"));
        Diagnostic advice = Assert.Single(mixed.Diagnostics, found => found.Code == FindingCode.DualStack);
        Assert.Equal($"(A) {family} needs an instance of its own: 2 addresses are not served", advice.Text);
        Assert.Equal(5, mixed.TestExitStatus);
        Assert.Contains("\n    vrrp_sync_group A {\n", DiagnosticText.Full(advice, true, true), StringComparison.Ordinal);
        Assert.DoesNotContain("kkkk", string.Concat(advice.Paste), StringComparison.Ordinal);

        DaemonConfig config = Read(own + string.Join('\n', advice.Paste) + "\n");
        RouterConfig other = config.Routers[1];
        Assert.Equal((name, 2, config.Routers[0].Interface), (other.Name, other.Addresses.Length, other.Interface));
        Assert.True(other is { Priority: 120, NoPreempt: true, SyncGroup: 0, Device: not null } && other.IsV6 != config.Routers[0].IsV6);
        Assert.Equal(["A", name], Assert.Single(config.SyncGroups).Members);
    }

    [Fact]
    public void One_address_of_the_other_family_is_one()
    {
        ConfigResult mixed = ConfigSource.Parse(ConfigSource.Instance("virtual_ipaddress {\n10.0.0.1\nfe80::51\n}"));
        Assert.Contains("(A) IPv6 needs an instance of its own: 1 address is not served", Array.ConvertAll(mixed.Diagnostics, found => found.Text));
    }

    private static ConfigResult WithKeys(MemorySource source, string lines) => ConfigParser.Parse(
        new ConfigInput(Encoding.UTF8.GetBytes(ConfigSource.Instance($"{Vip}auth_hmac {{\n{lines}\n}}")), "/etc/main.conf") { Source = source });

    private static DaemonConfig Read(string text)
    {
        ConfigResult result = ConfigSource.Parse(text);
        Assert.True(result.CanRun, string.Join('\n', ConfigSource.Found(result)));
        return result.Config!;
    }

    private static RouterConfig One(string lines) => Assert.Single(Read(ConfigSource.Instance(lines)).Routers);
}
