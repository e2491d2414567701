using System;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Lines of addresses, routes, rules and tracks: accepted and rejected forms, in keepalived's words as recorded from it.</summary>
public class LineTests
{
    private const string Vip = "virtual_ipaddress {\n10.0.0.250\n}\n";

    [Theory]
    [InlineData("10.0.0.1/33", "Invalid address prefix len 33 for address 10.0.0.1/33 - using 32")]
    [InlineData("10.0.0.1/-1", "Invalid address prefix len -1 for address 10.0.0.1/-1 - using 32")]
    [InlineData("10.0.0.1/24/24", "Invalid address prefix len 24/24 for address 10.0.0.1/24/24 - using 32")]
    [InlineData("fd00::1/129", "Invalid address prefix len 129 for address fd00::1/129 - using 128")]
    [InlineData("10.0.0.1/")]
    [InlineData("10.0.0.1/0")]
    [InlineData("010.0.0.1", "VRRP parsed invalid IP 010.0.0.1. skipping IP...")]
    [InlineData("10.1", "VRRP parsed invalid IP 10.1. skipping IP...")]
    [InlineData("fe80::2%ens192", "VRRP parsed invalid IP fe80::2%ens192. skipping IP...")]
    [InlineData("10.0.0.1 foo bar", "Unknown configuration entry 'foo' for ip address - ignoring",
        "Unknown configuration entry 'bar' for ip address - ignoring")]
    [InlineData("10.0.0.1 10.0.0.2", "Unknown configuration entry '10.0.0.2' for ip address - ignoring")]
    [InlineData("10.0.0.1 track_group g", "Unknown configuration entry 'track_group' for ip address - ignoring",
        "Unknown configuration entry 'g' for ip address - ignoring")]
    [InlineData("10.0.0.1 broadcast", "No broadcast parameter specified for 10.0.0.1")]
    [InlineData("10.0.0.1 dev e7 dev e8", "Cannot specify ipaddress device more than once for 10.0.0.1")]
    [InlineData("10.0.0.1 scope 256", "Invalid scope '256' specified for 10.0.0.1 - ignoring")]
    [InlineData("10.0.0.1 scope 0x5")]
    [InlineData("10.0.0.1/31 brd +", "Address prefix length 31 too long for broadcast")]
    [InlineData("10.0.0.1/30 brd +")]
    [InlineData("10.0.0.1/32 brd 10.0.0.255")]
    [InlineData("10.0.0.1/24 brd fe80::1", "VRRP is trying to assign invalid broadcast fe80::1. skipping VIP...")]
    [InlineData("fd00::1/64 brd +", "VRRP is trying to assign a broadcast brd to the IPv6 address fd00::1/64 !!?? WTF... skipping VIP...")]
    [InlineData("fd00::1/64 label x", "Cannot specify label for IPv6 addresses (fd00::1/64) - ignoring label")]
    [InlineData("fd00::1/64 scope link", "Cannot specify scope for IPv6 addresses (fd00::1/64) - ignoring scope")]
    [InlineData("fd00::1/64 scope global")]
    [InlineData("10.0.0.1 label abcdefghijklmno")]
    [InlineData("10.0.0.1 label abcdefghijklmnop", "Address label abcdefghijklmnop is longer than maximum length 15 - removing address")]
    [InlineData("10.0.0.1 peer 10.0.0.3/24")]
    [InlineData("10.0.0.1 peer foo", "Invalid peer address foo")]
    [InlineData("10.0.0.1 peer fe80::1", "Peer address fe80::1 does not match address family")]
    [InlineData("10.0.0.1/24 peer 10.0.0.3", "Cannot specify address prefix when specifying peer address - ignoring")]
    [InlineData("10.0.0.1 peer 10.0.0.3 brd 10.0.0.9", "Cannot specify broadcast and peer addresses - ignoring broadcast address")]
    [InlineData("fd00::1/64 preferred_lft forever home -nodad mngtmpaddr noprefixroute autojoin no_track")]
    [InlineData("fd00::1/64 preferred_lft x", "preferred_lft x is invalid")]
    [InlineData("fd00::1/64 preferred_lft 4294967296", "preferred_lft 4294967296 is invalid")]
    [InlineData("fd00::1/64 preferred_lft 4294967295")]
    public void A_line_of_addresses(string line, params string[] expected)
    {
        ConfigResult result = Lines("virtual_ipaddress_excluded", line);

        Assert.Equal(expected, Told(result));
    }

    [Theory]
    [InlineData("10.0.0.1/24 dev e7 track_group g use_vmac", "track_group g not found", "Unknown configuration entry 'use_vmac' for ip address - ignoring")]
    [InlineData("10.0.0.1/24 track_group", "No track_group parameter specified for 10.0.0.1/24")]
    [InlineData("10.0.0.1/24 track_group G")]
    public void A_static_address_may_be_tracked(string line, params string[] expected)
    {
        ConfigResult result = ConfigSource.Parse($"static_ipaddress {{\n{line}\n}}\n{ConfigSource.Instance(Vip)}track_group G {{\ngroup {{\nA\n}}\n}}\n");

        string[] told = Told(result);
        Array.Sort(told, StringComparer.Ordinal);
        Array.Sort(expected, StringComparer.Ordinal);
        Assert.Equal(expected, told);
        Assert.Equal(line.EndsWith("track_group", StringComparison.Ordinal) ? 0 : 1, result.Config!.StaticAddresses.Length);
    }

    [Theory]
    [InlineData("10.8.0.0/24 dev e7")]
    [InlineData("src 10.0.0.1 to 10.8.0.0/24 via inet 10.0.0.3 dev e7 table 100 metric 5 scope link tos 0x10 onlink realms 5/6")]
    [InlineData("default via 10.0.0.3")]
    [InlineData("blackhole 10.8.0.0/24 no_track")]
    [InlineData("fd08::/64 dev e7 from fd00::/64 expires 5 pref low")]
    [InlineData("10.8.0.0/24 dev e7 mtu lock 1400 advmss 5 rtt 5ms rttvar lock 1.5s reordering 3 cwnd 4 ssthresh 5 hoplimit 255 window 6 rto_min 7s"
        + " initcwnd 8 initrwnd 9 features ecn quickack 1 congctl lock reno ttl-propagate enabled fastopen_no_cookie 0")]
    [InlineData("10.8.0.0/24 nexthop via 10.0.0.3 dev e7 weight 256 onlink nexthop via 10.0.0.4 encap mpls 100/200 realms 5")]
    [InlineData("10.8.0.0/24 encap ip id 5 dst 10.0.0.9 src 10.0.0.8 tos 4 ttl 5 flags 3 via 10.0.0.3 dev e7")]
    [InlineData("10.8.0.0/24 dev e7 encap ip6 id 5 dst fd00::9 tc 4 hoplimit 5 flags 3")]
    [InlineData("10.8.0.0/24 dev e7 encap ila 1:2:3:4")]
    [InlineData("10.8.0.0/24 dev e7 protocol bgp no_track")]
    [InlineData("dev e7", "Route must have a destination")]
    [InlineData("10.8.0.0/24 foo", "unknown route keyword foo")]
    [InlineData("10.8.0.0/33 dev e7", "Invalid address prefix len 33 for address 10.8.0.0/33 - using 32")]
    [InlineData("10.8.0.0/24 via fd00::1", "Cannot mix IPv4 and IPv6 addresses for route")]
    [InlineData("default6 10.8.0.0/24", "Cannot mix IPv4 and IPv6 addresses for route (10.8.0.0/24)")]
    [InlineData("10.8.0.0/24 via abc", "invalid route via address abc")]
    [InlineData("10.8.0.0/24 gw 10.0.0.3", "\"gw\" for routes is deprecated. Please use \"via\"")]
    [InlineData("10.8.0.0/24 via 10.0.0.3 or 10.0.0.4", "\"or\" for routes is deprecated. Please use \"nexthop\"")]
    [InlineData("10.8.0.0/24 from 10.0.0.0/24", "route from address only supported with IPv6 (10.0.0.0/24)")]
    [InlineData("10.8.0.0/24 expires 5", "expires is only valid for IPv6")]
    [InlineData("10.8.0.0/24 metric 4294967296", "Invalid metric 4294967296 specified for route")]
    [InlineData("10.8.0.0/24 mtu 1400x", "Invalid MTU 1400x specified for route")]
    [InlineData("10.8.0.0/24 rtt 5x", "Invalid rtt 5x for route")]
    [InlineData("10.8.0.0/24 hoplimit 256", "Invalid hoplimit 256 specified for route")]
    [InlineData("10.8.0.0/24 features lock", "feature lock not supported")]
    [InlineData("10.8.0.0/24 ttl-propagate foo", "ttl-propagate value foo not recognised")]
    [InlineData("10.8.0.0/24 tos 256", "TOS value 256 is invalid")]
    [InlineData("10.8.0.0/24 realms 65536", "Invalid realms 65536 for route")]
    [InlineData("10.8.0.0/24 dev e7 protocol 5", "Route cannot be tracked if protocol is not RTPROT_KEEPALIVED(18), resetting protocol")]
    [InlineData("10.8.0.0/24 encap foo", "Unknown encap type - foo")]
    [InlineData("10.8.0.0/24 encap", "Missing encap type")]
    [InlineData("10.8.0.0/24 encap ip ttl 5", "address or id missing for ip encapsulation")]
    [InlineData("10.8.0.0/24 encap ip dst fd00::1", "IPv6 address fd00::1 not valid for ip encapsulation")]
    [InlineData("10.8.0.0/24 encap mpls 1048576", "invalid mpls address 1048576 for encapsulation")]
    [InlineData("10.8.0.0/24 encap ila 1:2:3", "invalid locator 1:2:3 for ila encapsulation")]
    [InlineData("10.8.0.0/24 nexthop via fd00::1", "Address family mismatch for next hop")]
    [InlineData("10.8.0.0/24 nexthop via 10.0.0.3 weight 257", "Invalid weight 257 specified for route")]
    [InlineData("10.8.0.0/24 nexthop via 10.0.0.3 weight 0", "Invalid weight 0 specified for route")]
    [InlineData("10.8.0.0/24 nexthop via 10.0.0.3 mtu 5", "Route has trailing nonsense after nexthops - mtu")]
    [InlineData("10.8.0.0/24 track_group g", "unknown route keyword track_group")]
    [InlineData("10.8.0.0/24 via",
        "*** Configuration line starting `10.8.0.0/24` is missing a parameter after keyword `via` at word position 3")]
    [InlineData("10.8.0.0/24 mtu lock",
        "*** Configuration line starting `10.8.0.0/24` is missing a parameter after keyword `lock` at word position 4")]
    [InlineData("blackhole", "*** Configuration line starting `blackhole` is missing a parameter after keyword `blackhole` at word position 2")]
    public void A_line_of_routes(string line, params string[] expected)
    {
        ConfigResult result = Lines("virtual_routes", line);

        Assert.Equal(expected, Told(result));
        bool isKept = expected.Length == 0 || expected[0].EndsWith("using 32", StringComparison.Ordinal)
            || expected[0].Contains("deprecated", StringComparison.Ordinal) || expected[0].EndsWith("resetting protocol", StringComparison.Ordinal);
        Assert.Equal(isKept ? [line] : [], Array.ConvertAll(result.Config!.Routers[0].Extras.Routes, route => route.Text));
        Assert.Equal(expected.Length == 0 ? 0 : expected[0].StartsWith("***", StringComparison.Ordinal) ? 2 : 5, result.TestExitStatus);
    }

    [Theory]
    [InlineData("from 10.8.0.0/24 to all table 100 priority 5")]
    [InlineData("not fwmark 0x5/0xff iif e7 lookup main preference 5 tos 4 realms 1/2 tunnel-id 7 sup_pl 3 sup_group default uidrange 5-6"
        + " ipproto tcp sport 5 dport 80-90 protocol 18")]
    [InlineData("from 10.8.0.0/24 type goto 6 order 5")]
    [InlineData("inet6 l3mdev priority 5 no_track")]
    [InlineData("from 10.8.0.0/24 priority 5", "No action specified for rule - ignoring")]
    [InlineData("from 10.8.0.0/24 table 5", "Rule has no preference specified - setting to 16384. This is probably not what you want.")]
    [InlineData("from 10.8.0.0/24 goto 6", "Invalid rule - goto target 6 specified without preference")]
    [InlineData("from 10.8.0.0/24 goto 5 priority 5", "Invalid rule - preference 5 >= goto target 5")]
    [InlineData("blackhole table 5 priority 5", "Cannot specify more than one of table/nop/goto/blackhole/prohibit/unreachable for rule")]
    [InlineData("table 5 l3mdev priority 5", "Cannot specify l3mdev with other action")]
    [InlineData("from 10.8.0.0/24 to fd00::/64 table 5", "rule specification has mixed IPv4 and IPv6")]
    [InlineData("from abc table 5", "Invalid rule from address abc")]
    [InlineData("table 0 priority 5", "Table 0 is not valid")]
    [InlineData("table 5 foo", "Unknown rule option foo")]
    [InlineData("table 5 track_group g", "Unknown rule option track_group")]
    [InlineData("table 5 type foo", "Unknown rule option foo")]
    [InlineData("table 5 priority x", "Invalid rule preference priority specified")]
    [InlineData("table 5 fwmark x", "Invalid rule fwmark x specified")]
    [InlineData("table 5 tunnel-id -1", "Invalid tunnel-id tunnel-id specified")]
    [InlineData("table 5 uidrange 5", "Invalid uidrange uidrange specified")]
    [InlineData("table 5 sport 5-x", "invalid sport range 5-x")]
    [InlineData("table 5 protocol 256", "Invalid protocol 256")]
    [InlineData("table 5 priority 5 protocol 4", "Rule cannot be tracked if protocol is not RTPROT_KEEPALIVED(18), resetting protocol")]
    [InlineData("from", "*** Configuration line starting `from` is missing a parameter after keyword `from` at word position 2")]
    public void A_line_of_rules(string line, params string[] expected)
    {
        Assert.Equal(expected, Told(Lines("virtual_rules", line)));
    }

    [Fact]
    public void Rules_without_a_preference_count_down_in_each_family()
    {
        ConfigResult result = ConfigSource.Parse("static_rules {\nfrom 10.0.0.1 table 5\nfrom 10.0.0.2 table 5\nfrom fd00::1 table 5\n}\n"
            + ConfigSource.Instance(Vip + "virtual_rules {\nfrom 10.0.0.3 table 5\n}"));

        Assert.Equal(["16384", "16383", "16384", "16382"], Array.ConvertAll(Told(result), text => text.Split("to ")[1][..5]));
    }

    [Fact]
    public void Names_of_tables_and_interfaces_are_for_the_host_to_know()
    {
        ConfigResult result = Lines("virtual_routes", "10.8.0.0/24 dev e7 table vpn scope 7 tos lowdelay\n10.9.0.0/24 dev e8 vrf red");

        Assert.Empty(Told(result));
        Assert.Equal(
            [
                "Interface e7 WARNING - interface e7 for VROUTE nexthop doesn't exist", "RouteTable vpn Routing table vpn not found for route",
                "TypeOfService lowdelay TOS value lowdelay is invalid", "Interface e8 WARNING - interface e8 for VROUTE nexthop doesn't exist",
                "RouteVrf red VRF red not found for route",
            ],
            Array.ConvertAll(result.Config!.HostNames, name => $"{name.Thing} {name.Name} {name.Complaint}"));
        Assert.Equal((8, 26), (result.Config.HostNames[1].Where.Line, result.Config.HostNames[1].Where.Column));
    }

    [Theory]
    [InlineData("track_interface", "e7 weight 5 reverse")]
    [InlineData("track_interface", "e7\ne7", "duplicate track_interface e7 - ignoring")]
    [InlineData("track_interface", "e7 foo", "unknown track_interface e7 option foo - ignoring")]
    [InlineData("track_interface", "e7 weight 254", "weight for e7 cannot be +/-254. Setting to +/-253")]
    [InlineData("track_interface", "e7 weight 255", "weight 255 for e7 must be between [-253..253] inclusive. Ignoring...")]
    [InlineData("track_interface", "e7 weight", "weight without value specified for track_interface e7 - ignoring")]
    [InlineData("track_interface", "e7 weight 5 noreverse", "unknown track_interace e7 weight option noreverse - ignoring")]
    [InlineData("track_script", "s weight -254", "weight for s cannot be +/-254. Setting to +/-253")]
    [InlineData("track_script", "s reverse", "unknown track script option reverse - ignoring")]
    [InlineData("track_script", "s weight 5 foo", "unknown track_script s weight option foo - ignoring")]
    [InlineData("track_file", "f weight 254 reverse")]
    [InlineData("track_file", "f weight 255", "weight for track file f must be in [-254..254] inclusive. Ignoring...")]
    [InlineData("track_file", "g", "track file g not found, ignoring...")]
    [InlineData("track_file", "f\nf", "duplicate track_file f - ignoring")]
    [InlineData("track_process", "p weight x", "weight for track process p must be in [-254..254] inclusive. Ignoring...")]
    [InlineData("track_process", "p weight 5 foo", "unknown track_process p weight option foo - ignoring")]
    [InlineData("track_process", "q", "track process q not found, ignoring...")]
    [InlineData("track_bfd", "b weight 254", "weight for track bfd b must be in [-253..253] inclusive. Ignoring...")]
    [InlineData("track_bfd", "b foo", "unknown track bfd b option foo - ignoring")]
    [InlineData("track_bfd", "c", "track bfd c not found, ignoring...")]
    public void What_is_tracked_may_be_defined_anywhere_and_has_a_weight(string block, string lines, params string[] expected)
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance($"{Vip}{block} {{\n{lines}\n}}")
            + "vrrp_script s {\nscript /bin/true\n}\ntrack_file f {\nfile /tmp/f\n}\nvrrp_track_process p {\nprocess p\n}\n"
            + "bfd_instance b {\nneighbor_ip 10.0.0.9\n}\n");

        Assert.Equal(Array.ConvertAll(expected, text => $"(A) {text}"), Told(result));
    }

    private static ConfigResult Lines(string block, string lines) => ConfigSource.Parse(ConfigSource.Instance($"{Vip}{block} {{\n{lines}\n}}"));

    private static string[] Told(ConfigResult result) =>
        Array.ConvertAll(Array.FindAll(result.Diagnostics, found => found.Fault != ConfigFault.None), found => found.Text);
}
