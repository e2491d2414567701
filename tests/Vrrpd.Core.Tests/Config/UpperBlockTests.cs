using System.Collections.Generic;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>
/// Files, processes, BFD sessions, ARP groups, links, and what global_defs says beyond its rows. The complaints and lines are keepalived 2.2.7's.
/// </summary>
public class UpperBlockTests
{
    [Theory]
    [InlineData("track_file S {\n file /a\n weight -254 reverse\n init_file 3 overwrite\n}")]
    [InlineData("vrrp_track_file S {\n file /a\n}")]
    [InlineData("track_file S {\n weight 2\n}", "(Line 3) No file set for track_file S - ignoring")]
    [InlineData("track_file S {\n file\n}", "(Line 2) track file file name missing", "(Line 3) No file set for track_file S - ignoring")]
    [InlineData("track_file S {\n file /a\n file /b\n}", "(Line 3) File already set for track file S - ignoring /b")]
    [InlineData("track_file S {\n file /a\n weight\n}", "(Line 3) No weight specified for track file S - ignoring")]
    [InlineData("track_file S {\n file /a\n weight 255\n}",
        "(Line 3) number '255' outside range [-254, 254]\n(Line 3) Weight (255) for track_file S must be between [-254..254] inclusive. Ignoring...")]
    [InlineData("track_file S {\n file /a\n weight 2 back\n}", "(Line 3) track_file S unknown weight option back")]
    [InlineData("track_file S {\n file /a\n init_file 255\n}", "(Line 3) Track file S init value 255 is outside sensible range [-254, 254]")]
    [InlineData("track_file S {\n file /a\n init_file 3x\n}", "(Line 3) invalid number '3x'\n(Line 3) Track file S init value 3x is invalid")]
    [InlineData("track_file S {\n file /a\n init_file always\n}", "(Line 3) Unknown track file init option always")]
    public void A_tracked_file(string block, params string[] complaints) => Verdict(block, complaints);

    [Theory]
    [InlineData("vrrp_track_process S {\n process /bin/x a b\n param_match initial\n quorum 2\n quorum_max 2\n delay 0.5\n}")]
    [InlineData("vrrp_track_process S {\n process x\n quorum_max 0\n}")]
    [InlineData("vrrp_track_process S {\n quorum 2\n}", "(Line 3) track process 'S' process name not specified")]
    [InlineData("vrrp_track_process S {\n process x\n process y\n}", "(Line 3) Process already set for track process S - ignoring y")]
    [InlineData("vrrp_track_process S {\n process x\n quorum 5\n quorum_max 3\n}", "(Line 4) quorum_max is less than quorum - ignoring")]
    [InlineData("vrrp_track_process S {\n process x\n quorum_max 0\n quorum 3\n}", "(Line 4) Quorum is greater than quorum_max - ignoring")]
    [InlineData("vrrp_track_process S {\n process x\n param_match all\n}", "(Line 3) Invalid param_match type all - ignoring")]
    [InlineData("vrrp_track_process S {\n process x\n fork_delay 0\n}",
        "(Line 3) number '0' outside range [0.000001, 3600.000000]\n"
        + "(Line 3) fork_delay (0) for vrrp_track_process S must be between [0.000001..3600] inclusive. Ignoring...")]
    public void A_tracked_process(string block, params string[] complaints) => Verdict(block, complaints);

    [Theory]
    [InlineData("bfd_instance S {\n neighbor_ip 10.0.0.9\n source_ip 10.0.0.1\n max_hops 255\n}")]
    [InlineData("bfd_instance S {\n neighbour_ip fe80::9\n hoplimit 255\n max_hops 200\n weight 5 reverse\n multihop\n}")]
    [InlineData("bfd_instance S {\n min_rx 5\n}",
        "(Line 3) Configuration error: BFD instance S has no neighbor address set, disabling instance")]
    [InlineData("bfd_instance S {\n neighbor_ip x\n}",
        "(Line 2) Configuration error: BFD instance S has malformed neighbor address x, ignoring instance")]
    [InlineData("bfd_instance S {\n neighbor_ip 10.0.0.9\n source_ip fe80::1\n}", "(Line 4) Configuration error: BFD instance S source address"
        + " fe80::1 and neighbor address 10.0.0.9 are not of the same family, disabling instance")]
    [InlineData("bfd_instance S {\n neighbor_ip fe80::9\n max_hops 65\n}",
        "(Line 4) BFD instance S: max_hops exceeds ttl/hoplimit - setting to ttl/hoplimit")]
    [InlineData("bfd_instance S {\n neighbor_ip 10.0.0.9\n}\nbfd_instance T {\n neighbor_ip 10.0.0.9\n}",
        "(Line 5) Configuration error: BFD instance T has duplicate neighbor address 10.0.0.9, ignoring instance")]
    [InlineData("bfd_instance S {\n neighbor_ip 10.0.0.9\n}\nbfd_instance S {\n neighbor_ip 10.0.0.8\n}",
        "(Line 4) Configuration error: BFD instance S already configured - ignoring")]
    [InlineData("bfd_instance abcdefghijklmnopqrstuvwxyz12345 {\n neighbor_ip 10.0.0.9\n}")]
    [InlineData("bfd_instance abcdefghijklmnopqrstuvwxyz123456 {\n neighbor_ip 10.0.0.9\n}", "(Line 1) Configuration error: BFD instance"
        + " abcdefghijklmnopqrstuvwxyz123456 name too long (maximum length is 31 characters) - ignoring")]
    public void A_bfd_session(string block, params string[] complaints) => Verdict(block, complaints);

    [Theory]
    [InlineData("garp_group {\n garp_interval 1\n interface e0\n interfaces {\n  e2\n  e4\n }\n}")]
    [InlineData("garp_group {\n interface e0\n}", "(Line 3) garp group 0 does not have any delay set - removing")]
    [InlineData("garp_group {\n gna_interval 1\n interfaces {\n  e0\n  e0\n }\n}", "(Line 6) garp_group already specified for e0 - ignoring")]
    [InlineData("garp_group {\n garp_interval 1\n interface e0\n}\ngarp_group {\n garp_interval 1\n interface e0\n}",
        "(Line 7) garp_group already specified for e0 - ignoring")]
    [InlineData("linkbeat_interfaces {\n e0\n e2 MII\n e4 mii\n}", "(Line 4) extra characters mii in linkbeat interface")]
    [InlineData("interface_up_down_delays {\n e0\n e2 1\n e4 0 255\n}")]
    [InlineData("interface_up_down_delays {\n e0 256\n e2 1 x\n e4 -1\n}", "(Line 2) number '256' outside range [0.000000, 255.000000]",
        "(Line 3) invalid number 'x'", "(Line 4) negative number '-1'")]
    public void Links(string block, params string[] complaints) => Verdict(block, complaints);

    [Theory]
    [InlineData("umask 027")]
    [InlineData("umask 0x1ff")]
    [InlineData("umask IRWXG | IRWXO|IXUSR")]
    [InlineData("umask 01000", "(Line 2) invalid umask value 01000")]
    [InlineData("umask 088", "(Line 2) invalid umask value 088")]
    [InlineData("umask 7|IRUSR", "(Line 2) invalid umask value 7|IRUSR")]
    [InlineData("umask 1 2", "(Line 2) Extra parameter(s) to umask option")]
    [InlineData("umask irusr", "(Line 2) Unknown umask bit irusr")]
    [InlineData("umask IRUSR IWUSR", "(Line 2) Invalid umask syntax IWUSR")]
    [InlineData("umask IRUSR|", "(Line 2) umask missing bit value")]
    [InlineData("process_name abcdefghijklmnop", "(Line 2) Process name abcdefghijklmnop more than 15 characters, truncating")]
    [InlineData("vrrp_rt_priority 0", "(Line 2) vrrp process real-time priority 0 less than minimum 1 - setting to minimum")]
    [InlineData("bfd_rt_priority 100", "(Line 2) bfd process real-time priority 100 greater than maximum 99 - setting to maximum")]
    [InlineData("vrrp_priority", "(Line 2) No vrrp process priority specified")]
    [InlineData("vrrp_priority 20", "(Line 2) number '20' outside range [-20, 19]\n(Line 2) Invalid vrrp process priority specified")]
    [InlineData("nftables_priority -2147483648")]
    [InlineData("nftables_priority -2147483649",
        "(Line 2) number '-2147483649' outside integer range\n(Line 2) invalid nftables chain priority '-2147483649'")]
    [InlineData("notify_fifo /a\nnotify_fifo /b", "(Line 3) notify_fifo already specified - ignoring /b")]
    [InlineData("startup_script /a\nstartup_script /b", "(Line 3) startup script already specified")]
    [InlineData("notification_email {\n a@b\n Some Body <a@b>\n}")]
    [InlineData("notification_email {\n}", "(Line 3) Warning - empty notification_email block")]
    [InlineData("smtp_server ::1 25")]
    [InlineData("smtp_server ::1 0", "(Line 2) number '0' outside range [1, 65535]\n(Line 2) Invalid smtp server ::1 0")]
    [InlineData("smtp_connect_timeout 0", "(Line 2) smtp_conect_timeout must be greater than 0, setting to 1")]
    [InlineData("vrrp_mcast_group4 10.0.0.1", "(Line 2) vrrp_mcast_group4 [10.0.0.1] is not multicast. Skipping")]
    [InlineData("vrrp_mcast_group4 ff02::12", "(Line 2) vrrp_mcast_group4 [ff02::12] is not IPv4. Skipping")]
    [InlineData("vrrp_mcast_group6 224.0.0.18", "(Line 2) vrrp_mcast_group6 [224.0.0.18] is not IPv6. Skipping")]
    [InlineData("vrrp_mcast_group6 fe80::1", "(Line 2) vrrp_mcast_group6 [fe80::1] is not multicast. Skipping")]
    [InlineData("vrrp_mcast_group4 x", "(Line 2) Can't parse vrrp_mcast_group4 [x]. Skipping")]
    [InlineData("vrrp_rx_bufs_policy mtu")]
    [InlineData("vrrp_rx_bufs_policy", "(Line 2) vrrp_rx_bufs_policy missing")]
    [InlineData("vrrp_rx_bufs_policy MTU ADVERT", "(Line 2) Cannot set both vrrp_rx_bufs_policy MTU and ADVERT, ignoring ADVERT")]
    [InlineData("vrrp_rx_bufs_policy MTU\nvrrp_rx_bufs_policy 5000",
        "(Line 3) Cannot set vrrp_rx_bufs_policy size and policy, ignoring policy")]
    [InlineData("vrrp_rx_bufs_multiplier 1 2", "(Line 2) Invalid vrrp_rx_bufs_multiplier")]
    [InlineData("snmp_socket a b", "(Line 2) Too many parameters specified for snmp_socket - ignoring")]
    [InlineData("reload_time_file a b", "(Line 2) reload_time_file invalid")]
    [InlineData("vrrp_garp_extra_if all 5")]
    [InlineData("vrrp_garp_extra_if all", "(Line 2) vrrp_garp_extra_if specified without time - ignoring")]
    [InlineData("vrrp_garp_extra_if ALL 7", "(Line 2) invalid number 'ALL'\n(Line 2) vrrp_garp_extra_if 'ALL' invalid - ignoring")]
    [InlineData("vrrp_vmac_garp_intvl 5", "(Line 2) Keyword \"vrrp_vmac_garp_intvl\" is deprecated - please use \"vrrp_garp_extra_if\"")]
    [InlineData("vrrp_skip_check_adv_addr off\nvrrp_owner_ignore_adverts false\nv3_checksum_as_v2 no")]
    [InlineData("state_dump_file /a\nstate_file_location /a\njson_version 2")]
    public void Settings(string lines, params string[] complaints) => Verdict($"global_defs {{\n{lines}\n}}", complaints);

    [Theory]
    [InlineData("instance a\ninstance b", "(Line 2) Duplicate instance definition b - ignoring")]
    [InlineData("instance", "(Line 1) instance name missing - ignoring")]
    [InlineData("net_namespace_ipvs a\nnet_namespace_ipvs b")]
    [InlineData("child_wait_time x", "(Line 1) invalid number 'x'\n(Line 1) Invalid child_wait_time x")]
    [InlineData("use_pid_dir\nnamespace_with_ipsets\nlinkbeat_use_polling")]
    public void Words_of_the_top_level(string lines, params string[] complaints) => Verdict(lines, complaints);

    [Fact]
    public void What_a_block_without_effect_holds_is_not_reported_line_by_line()
    {
        ConfigResult result = ConfigSource.Parse("vrrp_track_process S {\n process x\n quorum 2\n delay 3\n}\n"
            + ConfigSource.Instance("virtual_ipaddress { 10.0.0.1 }"));

        Assert.Equal(["1:1 Keyword 'vrrp_track_process' is understood but has no effect yet"], ConfigSource.Found(result));
    }

    [Fact]
    public void A_bfd_session_for_the_checker_alone_cannot_be_tracked()
    {
        string instance = ConfigSource.Instance("virtual_ipaddress { 10.0.0.1 }\ntrack_bfd {\n S\n}");

        Verdict("bfd_instance S {\n neighbor_ip 10.0.0.9\n checker\n vrrp\n}\n" + instance);
        Verdict("bfd_instance S {\n neighbor_ip 10.0.0.9\n checker\n}\n" + instance, "(Line 10) (A) track bfd S not found, ignoring...");
    }

    /// <summary>The complaints of a file with these lines and a good instance, and the status that goes with them.</summary>
    private static void Verdict(string text, params string[] complaints)
    {
        ConfigResult result = ConfigSource.Parse($"{text}\n{ConfigSource.Instance("virtual_ipaddress { 10.0.0.7 }", "Z", 77)}");
        List<string> lines = [];
        foreach (Diagnostic found in result.Diagnostics)
        {
            if (found.Fault != ConfigFault.None)
            {
                lines.Add(DiagnosticText.Keepalived(found, withFile: false));
            }
        }

        Assert.Equal(complaints, lines);
        Assert.Equal(complaints.Length > 0 ? 5 : 0, result.TestExitStatus);
    }
}
