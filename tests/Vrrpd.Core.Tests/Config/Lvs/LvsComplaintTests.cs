using System;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>
/// What keepalived 2.2.7 says of mistakes in the load balancer's blocks, in its words and with its line numbers: recorded by running its -t.
/// "LEAD / TEXT" are two lines of the same number.
/// </summary>
public class LvsComplaintTests
{
    private const string Invalid = "invalid number";

    [Theory]
    [InlineData("lb_algo foo", "5 Invalid lvs_scheduler 'foo' - ignoring")]
    [InlineData("lvs_sched RR", "5 Invalid lvs_scheduler 'RR' - ignoring")]
    [InlineData("lb_kind nat", "5 PARSER : unknown [nat] routing method for virtual server.")]
    [InlineData("lb_kind TUN type", "5 Missing tunnel type for virtual server.")]
    [InlineData("lb_kind TUN type foo", "5 Unknown tunnel type foo for virtual server.")]
    [InlineData("lb_kind TUN type gue", "5 gue tunnels require port, otherwise cannot have port.")]
    [InlineData("lb_kind TUN type ipip port 5", "5 gue tunnels require port, otherwise cannot have port.")]
    [InlineData("lb_kind TUN type gue port", "5 Missing port for virtual server gue tunnel.")]
    [InlineData("lb_kind TUN type gue port 0", "5 number '0' outside range [1, 65535] / Invalid gue tunnel port 0 for virtual server.")]
    [InlineData("lb_kind TUN csum", "5 ipip tunnels do not support checksum option.")]
    [InlineData("lb_kind TUN type gre remcsum", "5 gre tunnels do not support remote checksum option.")]
    [InlineData("lb_kind NAT extra", "5 Invalid tunnel option extra for virtual server.")]
    [InlineData("hashed", "5 hashed only applies to sh scheduler - ignoring")]
    [InlineData("sh-port\nlb_algo sh", "5 sh-port only applies to sh scheduler - ignoring")]
    [InlineData("mh-fallback", "5 mh-fallback only applies to sh scheduler - ignoring")]
    [InlineData("protocol FOO", "5 Unknown protocol FOO - ignoring")]
    [InlineData("ip_family foo", "5 unknown address family foo")]
    [InlineData("ip_family inet6", "5 Virtual server specified family inet6 conflicts with server family")]
    [InlineData("persistence_engine abcdefghijklmnopq", "5 persistence_name too long, truncating - abcdefghijklmnopq")]
    [InlineData("persistence_timeout 0", "5 number '0' outside range [1, 2678400] / persistence_timeout invalid")]
    [InlineData("persistence_timeout 10x", "5 invalid number '10x' / persistence_timeout invalid")]
    [InlineData("persistence_granularity foo", "5 Invalid IPv4 persistence_granularity specified - foo")]
    [InlineData("smtp_alert x", "5 Invalid virtual_server smtp_alert parameter x")]
    [InlineData("virtualhost", "5 virtual server virtualhost missing")]
    [InlineData("snmp_name", "5 virtual server snmp_name missing or extra parameters")]
    [InlineData("snmp_name a b", "5 virtual server snmp_name missing or extra parameters")]
    [InlineData("quorum 0", "5 number '0' outside range [1, 4294967295] / Quorum 0 must be in [1, 4294967295]. Setting to 1.")]
    [InlineData("quorum x", $"5 {Invalid} 'x' / Quorum x must be in [1, 4294967295]. Setting to 1.")]
    [InlineData("hysteresis -1", "5 negative number '-1' / Hysteresis -1 must be in [0, 4294967295] - ignoring")]
    [InlineData("weight 0", "5 number '0' outside range [1, 2147483647] / Virtual server weight 0 is outside range 1-2147483647")]
    [InlineData("retry 0", "5 number '0' outside range [1, 4294967295] / retry value invalid - 0")]
    [InlineData("delay_loop 0", "5 number '0' outside range [0.000001, 18446744073709.551614] / virtual server delay loop '0' invalid - ignoring")]
    [InlineData("delay_loop 10x", "5 invalid number '10x'")]
    [InlineData("delay_loop 1.2345678", "5 number '1.2345678' has too many decimal places")]
    [InlineData("delay_before_retry -1", "5 negative number '-1' / virtual server delay before retry '-1' invalid - ignoring")]
    [InlineData("warmup -1", "5 negative number '-1' / virtual server warmup '-1' invalid - ignoring")]
    [InlineData("connect_timeout 5000", "5 number '5000' outside range [0.000001, 4294.967295] / virtual server connect_timeout 5000 invalid - ignoring")]
    [InlineData("sorry_server 1.2.3 80", "5 Invalid sorry server IP address 1.2.3 - skipping")]
    [InlineData("sorry_server 1.2.3.4 99999", "5 number '99999' outside range [1, 65535] / Invalid sorry server IP address 1.2.3.4 - skipping")]
    [InlineData("sorry_server 2001:db8::1 80", "10 Address family of virtual server and sorry server 2001:db8::1 don't match - skipping sorry server.")]
    [InlineData("sorry_server_inhibit", "5 Ignoring sorry_server inhibit used before or without sorry_server")]
    [InlineData("sorry_server_lvs_method DR", "5 sorry_server forwarding used without sorry_server")]
    [InlineData("sorry_server 1.2.3.4\nsorry_server_lvs_method FOO", "6 PARSER : unknown [FOO] routing method for sorry server.")]
    [InlineData("real_server 1.2.3 80 {\n}", "5 Invalid real server ip address/port 1.2.3/80 - skipping")]
    [InlineData("real_server 1.2.3.4:80 {\n}", "5 Invalid real server ip address/port 1.2.3.4:80/(null) - skipping")]
    [InlineData("real_server 1.2.3.4 http {\n}", $"5 {Invalid} 'http' / Invalid real server ip address/port 1.2.3.4/http - skipping")]
    [InlineData("real_server fe80::1 80 {\n}", "6 Address family of virtual server and real server fe80::1 don't match - skipping real server.")]
    [InlineData("log_all_failures", "5 Unknown keyword 'log_all_failures'")]
    public void A_virtual_server_complains(string lines, string complaint)
    {
        ConfigResult result = ConfigSource.Parse(LvsSource.Server(lines));

        Assert.Equal([complaint], LvsSource.Complaints(result));
        Assert.Equal(5, result.TestExitStatus);
        Assert.True(result.CanRun);
    }

    [Theory]
    [InlineData("weight -1", "6 negative number '-1' / Real server weight -1 is outside range 0-2147483647")]
    [InlineData("weight 2147483648", "6 number '2147483648' outside range [0, 2147483647] / Real server weight 2147483648 is outside range 0-2147483647")]
    [InlineData("lvs_method FOO", "6 PARSER : unknown [FOO] routing method for real server.")]
    [InlineData("uthreshold x", $"6 {Invalid} 'x' / Invalid real_server uthreshold 'x' - ignoring")]
    [InlineData("lthreshold -1", "6 negative number '-1' / Invalid real_server lthreshold '-1' - ignoring")]
    [InlineData("inhibit_on_failure x", "6 Invalid inhibit_on_failure parameter x")]
    [InlineData("alpha x", "6 Invalid alpha parameter x")]
    [InlineData("retry 0", "6 number '0' outside range [1, 4294967295] / retry value invalid - 0")]
    [InlineData("connect_timeout 0", "6 number '0' outside range [0.000001, 4294.967295] / real server connect_timeout 0 invalid - ignoring")]
    [InlineData("delay_loop x", $"6 {Invalid} 'x' / real server delay_loop 'x' invalid - ignoring")]
    [InlineData("smtp_alert x", "6 Invalid real_server smtp_alert parameter x")]
    [InlineData("virtualhost", "6 real server virtualhost missing")]
    [InlineData("snmp_name x y", "6 real server snmp_name missing or extra parameters")]
    [InlineData("notify_up /a\nnotify_up /b", "7 ([192.168.0.1]:tcp:80) notify_up script already specified - ignoring /b")]
    [InlineData("lb_kind DR", "6 Unknown keyword 'lb_kind'")]
    [InlineData("quorum 3", "6 Unknown keyword 'quorum'")]
    public void A_real_server_complains(string lines, string complaint)
    {
        ConfigResult result = ConfigSource.Parse(LvsSource.Member(lines));

        Assert.Equal([complaint], LvsSource.Complaints(result));
        Assert.Equal(5, result.TestExitStatus);
    }

    [Theory]
    [InlineData("TCP_CHECK", "bogus 3", "7 Unknown keyword 'bogus'")]
    [InlineData("TCP_CHECK", "virtualhost x", "7 Unknown keyword 'virtualhost'")]
    [InlineData("MISC_CHECK", "misc_path /a\nconnect_ip 1.2.3.4", "8 Unknown keyword 'connect_ip'")]
    [InlineData("TCP_CHECK", "connect_ip foo", "7 Invalid connect_ip address foo - ignoring")]
    [InlineData("TCP_CHECK", "connect_port 0", "7 number '0' outside range [1, 65535] / Invalid checker connect_port '0'")]
    [InlineData("TCP_CHECK", "bindto foo", "7 Invalid bindto address foo - ignoring")]
    [InlineData("DNS_CHECK", "bindto 2001:db8::1", "7 bindto address 2001:db8::1 does not match address family of connect_ip - skipping")]
    [InlineData("PING_CHECK", "connect_ip 2001:db8::1\nbindto 1.2.3.4", "8 bindto address 1.2.3.4 does not match address family of connect_ip - skipping")]
    [InlineData("TCP_CHECK", "connect_ip fe80::1", "8 Checker link local address fe80::1 requires a bind_if")]
    [InlineData("TCP_CHECK", "bind_port 99999", "7 number '99999' outside range [1, 65535] / Invalid checker bind_port '99999'")]
    [InlineData("TCP_CHECK", "bind_if verylonginterfacename", "7 Interface name verylonginterfacename is too long - ignoring")]
    [InlineData("UDP_CHECK", "fwmark 0x10", $"7 {Invalid} '0x10' / Invalid fwmark connection value '0x10'")]
    [InlineData("TCP_CHECK", "connect_timeout 0", "7 number '0' outside range [0.000001, 4294.967295] / connect_timeout 0 invalid - ignoring")]
    [InlineData("TCP_CHECK", "connect_timeout 5x", "7 invalid number '5x'")]
    [InlineData("TCP_CHECK", "retry x", $"7 {Invalid} 'x' / Invalid retry connection value 'x'")]
    [InlineData("TCP_CHECK", "delay_before_retry -1", "7 negative number '-1' / Invalid delay_before_retry connection value '-1'")]
    [InlineData("TCP_CHECK", "warmup -1", "7 negative number '-1' / Invalid warmup connection value '-1'")]
    [InlineData("TCP_CHECK", "delay_loop x", $"7 {Invalid} 'x' / delay_loop 'x' is invalid - ignoring")]
    [InlineData("TCP_CHECK", "alpha x", "7 Invalid alpha parameter x")]
    [InlineData("TCP_CHECK", "log_all_failures x", "7 Invalid log_all_failures parameter x")]
    [InlineData("MISC_CHECK", "misc_timeout 5", "8 No script path has been specified for MISC_CHECKER - skipping")]
    [InlineData("MISC_CHECK", "misc_path \"\"", "8 No script path has been specified for MISC_CHECKER - skipping")]
    [InlineData("MISC_CHECK", "misc_path /a\nmisc_timeout 4295", "8 number '4295' outside range [0, 4294] / Invalid misc_timeout value '4295'")]
    [InlineData("DNS_CHECK", "type SRV", "7 Unknown DNS check type SRV - ignoring")]
    [InlineData("DNS_CHECK", "name a..b", "7 DNS_CHECK name 'a..b' has empty label - ignoring")]
    [InlineData("DNS_CHECK", "name a.", "7 DNS_CHECK name 'a.' has empty label - ignoring")]
    [InlineData("SMTP_CHECK", "helo_name", "7 SMTP_CHECK helo name missing")]
    [InlineData("SMTP_CHECK", "host {\nconnect_ip foo\n}", "8 Invalid connect_ip address foo - ignoring")]
    [InlineData("SMTP_CHECK", "host {\nhelo_name a\n}", "8 Unknown keyword 'helo_name'")]
    [InlineData("BFD_CHECK", "alpha", "8 ([192.168.0.1]:tcp:80) No name has been specified for BFD_CHECKER - skipping")]
    [InlineData("BFD_CHECK", "name", "7 ([192.168.0.1]:tcp:80) BFD_CHECK - No or too many names specified - skipping checker")]
    [InlineData("BFD_CHECK", "name foo", "7 ([192.168.0.1]:tcp:80) BFD_CHECK - BFD foo not configured")]
    [InlineData("UDP_CHECK", "payload zz", "7 Invalid hex string for UDP_CHECK payload")]
    [InlineData("UDP_CHECK", "payload 01xx", "7 Invalid hex string for UDP_CHECK payload")]
    [InlineData("UDP_CHECK", "payload", "7 UDP_CHECK payload requires a payload")]
    [InlineData("UDP_CHECK", "require_reply 01 zz", "7 Invalid hex string for UDP_CHECK reply")]
    [InlineData("UDP_CHECK", "min_reply_length x", $"7 {Invalid} 'x' / UDP_CHECK min length x not valid - must be between 0 & 65535")]
    [InlineData("UDP_CHECK", "min_reply_length 256", "8 UDP_CHECK min_reply length 256 > max_reply_length 255 - will always fail")]
    [InlineData("FILE_CHECK", "weight 5", "8 FILE_CHECK has no track_file specified - ignoring")]
    [InlineData("HTTP_GET", "url {\n}", "8 HTTP/SSL_GET checker url has no path - ignoring|9 HTTP/SSL_GET checker has no urls specified - ignoring")]
    [InlineData("SSL_GET", "retry 3", "8 HTTP/SSL_GET checker has no urls specified - ignoring")]
    [InlineData("HTTP_GET", "url {\npath /\n}\nvirtualhost", "10 HTTP_GET virtualhost name missing")]
    [InlineData("HTTP_GET", "url {\npath /\n}\nhttp_protocol", "10 Missing http_protocol version")]
    [InlineData("HTTP_GET", "url {\npath /\n}\nhttp_protocol 1.1C", "10 Invalid http_protocol version 1.1C")]
    [InlineData("HTTP_GET", "url {\npath /\n}\nfast_recovery x", "10 Invalid fast_recovery parameter x")]
    [InlineData("FILE_CHECK", "track_file foo", "7 track_file foo not found|8 FILE_CHECK has no track_file specified - ignoring")]
    [InlineData("FILE_CHECK", "weight\ntrack_file f",
        "7 track file weight missing|8 track_file f not found|9 FILE_CHECK has no track_file specified - ignoring")]
    public void A_checker_complains(string kind, string lines, string complaints)
    {
        ConfigResult result = ConfigSource.Parse(LvsSource.Check(kind, lines));

        Assert.Equal(complaints.Split('|'), LvsSource.Complaints(result));
        Assert.Equal(5, result.TestExitStatus);
    }

    [Theory]
    [InlineData("digest 9b3a", "9 digest '9b3a' character length should be 32 rather than 4")]
    [InlineData("digest zz3a0c85a887a256d6939da88aabd8cd", "9 Unable to interpret hex digit in 'zz' at offset 0/1")]
    [InlineData("status_code 99", "9 Invalid HTTP_GET status code '99'")]
    [InlineData("status_code 600", "9 Invalid HTTP_GET status code '600'")]
    [InlineData("status_code 299-200", "9 Invalid HTTP_GET status code '299-200'")]
    [InlineData("status_code 200,300", "9 Invalid HTTP_GET status code '200,300'")]
    [InlineData("status_code 200 x 300", "9 Invalid HTTP_GET status code 'x'")]
    [InlineData("virtualhost", "9 Missing HTTP_GET virtualhost name")]
    [InlineData("bogus", "9 Unknown keyword 'bogus'")]
    public void A_page_complains(string lines, string complaint)
    {
        Assert.Equal([complaint], LvsSource.Complaints(ConfigSource.Parse(LvsSource.Page(lines))));
    }

    [Theory]
    [InlineData("10.0.0 80", "Invalid virtual server group IP address 10.0.0 /port/80 - skipping")]
    [InlineData("foo", "Invalid virtual server group IP address foo  - skipping")]
    [InlineData("10.0.0.1 99999", "number '99999' outside range [1, 65535] / Invalid virtual server group IP address 10.0.0.1 /port/99999 - skipping")]
    [InlineData("10.0.0.5-1 80", "Address range end is not greater than address range start - 10.0.0.5-1 - skipping")]
    [InlineData("10.0.0.1-256 80", "Virtual server group range '10.0.0.1-256' end '256' too large")]
    [InlineData("10.0.0.1-x 80", "Virtual server group range '10.0.0.1-x' has extra characters at end 'x'")]
    [InlineData("2001:db8::1-10000 80", "Virtual server group range '2001:db8::1-10000' end '10000' too large")]
    [InlineData("10.0.0.1-5.6 80", "Invalid range end 10.0.0.1-5.6 - skipping")]
    [InlineData("10.0.1.5-10.0.0.5 80", "Address range end is less than address range start - 10.0.1.5-10.0.0.5 - skipping")]
    [InlineData("10.0.0.1/33 80", "Invalid netmask - 10.0.0.1/33 - skipping")]
    [InlineData("10.0.0.1/0 80", "Invalid netmask - 10.0.0.1/0 - skipping")]
    [InlineData("10.0.0.1/8 80", "Address mask bits not empty - 10.0.0.1/8 - skipping")]
    [InlineData("2001:db8::1/64 80", "Address mask bits not empty - 2001:db8::1/64 - skipping")]
    [InlineData("fwmark x", "invalid number 'x' / (g): fwmark 'x' must be in [0, 4294967295] - ignoring")]
    [InlineData("fwmark 5 foo", "(g): fwmark '5' family foo unknown - ignoring")]
    public void A_line_of_a_group_complains(string line, string complaint)
    {
        Assert.Equal(["3 " + complaint], LvsSource.Complaints(ConfigSource.Parse(LvsSource.Group("10.0.0.9 80\n" + line))));
        Assert.Equal(["2 " + complaint, "3 virtual server group g has no entries - removing"],
            LvsSource.Complaints(ConfigSource.Parse(LvsSource.Group(line))));
    }

    [Theory]
    [InlineData("10.0.0 80", "1 Invalid virtual server IP address/port 10.0.0/80 - skipping")]
    [InlineData("10.0.0.1:80", "1 Invalid virtual server IP address 10.0.0.1:80 - skipping")]
    [InlineData("10.0.0.1 65536", "1 number '65536' outside range [1, 65535] / Invalid virtual server IP address/port 10.0.0.1/65536 - skipping")]
    [InlineData("fwmark x", "1 invalid number 'x' / virtual server fwmark 'x' must be in [0, 4294967295] - ignoring")]
    public void A_virtual_server_that_cannot_be_known_is_skipped(string key, string complaint)
    {
        ConfigResult result = ConfigSource.Parse(LvsSource.Server("").Replace("10.0.0.1 80", key, StringComparison.Ordinal));

        Assert.Equal([complaint], LvsSource.Complaints(result));
        Assert.Empty(result.Config!.Lvs!.Servers);
    }

    [Theory]
    [InlineData("lb_algo")]
    [InlineData("lb_kind")]
    [InlineData("protocol")]
    [InlineData("quorum")]
    [InlineData("sorry_server")]
    [InlineData("quorum_up")]
    [InlineData("persistence_granularity")]
    public void A_missing_argument_ends_it_at_once(string keyword)
    {
        ConfigResult result = ConfigSource.Parse(LvsSource.Server(keyword));

        Assert.Equal([$"5 *** Configuration line starting `{keyword}` is missing a parameter after keyword `{keyword}` at word position 2"],
            LvsSource.Complaints(result));
        Assert.Equal((2, 2), (result.TestExitStatus, result.RunExitStatus));
    }

    [Theory]
    [InlineData("virtual_server fwmark {\n}",
        "1 *** Configuration line starting `virtual_server` is missing a parameter after keyword `fwmark` at word position 3")]
    [InlineData("virtual_server {\n}",
        "1 *** Configuration line starting `virtual_server` is missing a parameter after keyword `virtual_server` at word position 2")]
    [InlineData("SSL {\n}\nSSL {\n}", "3 SSL context already specified - replacing")]
    [InlineData("SSL {\npassword\n}", "2 SSL password missing")]
    [InlineData("SSL {\nca\ncertificate\nkey\n}", "2 SSL cafile missing|3 SSL certfile missing|4 SSL keyfile missing")]
    public void The_blocks_themselves_complain(string text, string complaints) =>
        Assert.Equal(complaints.Split('|'), LvsSource.Complaints(ConfigSource.Parse(text)));

    [Theory]
    [InlineData("lvs_timeouts", "lvs_timeouts requires at least one option")]
    [InlineData("lvs_timeouts tcp", "lvs_timeouts requires at least one option")]
    [InlineData("lvs_timeouts tcp x", "invalid number 'x' / Invalid lvs_timeout tcp (x) - ignoring")]
    [InlineData("lvs_timeouts udp 2678401", "number '2678401' outside range [0, 2678400] / Invalid lvs_timeout udp (2678401) - ignoring")]
    [InlineData("lvs_timeouts tcp 5 foo", "Unknown option foo specified for lvs_timeouts")]
    [InlineData("lvs_timeouts tcp 5 udp", "No value specified for lvs_timeout udp - ignoring")]
    [InlineData("lvs_sync_daemon averyverylonginterface", "lvs_sync_daemon interface name 'averyverylonginterface' too long - ignoring")]
    [InlineData("lvs_sync_daemon lo inst V1 id 256", "number '256' outside range [0, 255] / Invalid syncid (256) - defaulting to vrid")]
    [InlineData("lvs_sync_daemon lo V1 255", "Please use keyword \"id\" before lvs_sync_daemon SYNCID")]
    [InlineData("lvs_sync_daemon lo inst V1 id", "No value specified for lvs_sync_daemon id, defaulting to vrid")]
    [InlineData("lvs_sync_daemon lo maxlen 65508", "number '65508' outside range [1, 65507] / Invalid lvs_sync_daemon maxlen (65508) - ignoring")]
    [InlineData("lvs_sync_daemon lo port 0", "number '0' outside range [1, 65535] / Invalid lvs_sync_daemon port (0) - ignoring")]
    [InlineData("lvs_sync_daemon lo ttl 0", "number '0' outside range [1, 255] / Invalid lvs_sync_daemon ttl (0) - ignoring")]
    [InlineData("lvs_sync_daemon lo group foo", "Invalid lvs_sync_daemon group (foo) - ignoring")]
    [InlineData("lvs_sync_daemon lo group 1.2.3.4", "lvs_sync_daemon group address 1.2.3.4 is not multicast - ignoring")]
    [InlineData("lvs_sync_daemon lo inst V1 bogus", "Unknown option bogus specified for lvs_sync_daemon")]
    public void The_settings_of_global_defs_complain(string line, string complaint)
    {
        ConfigResult result = ConfigSource.Parse($"global_defs {{\n{line}\n}}\n");

        Assert.Equal(["2 " + complaint], LvsSource.Complaints(result));
        Assert.Equal(5, result.TestExitStatus);
    }

    [Theory]
    [InlineData("lvs_timeouts tcp 0 tcpfin 5 udp 2678400")]
    [InlineData("lvs_sync_daemon lo")]
    [InlineData("lvs_sync_daemon lo V1 id 5")]
    [InlineData("lvs_sync_daemon lo inst V1 id 0 maxlen 65507 port 8848 ttl 255 group ff02::81")]
    public void And_good_ones_do_not(string line) => Assert.Empty(LvsSource.Complaints(ConfigSource.Parse($"global_defs {{\n{line}\n}}\n")));

    [Fact]
    public void The_second_sync_daemon_is_ignored() => Assert.Equal(["3 lvs_sync_daemon has already been specified as lo V1 - ignoring"],
        LvsSource.Complaints(ConfigSource.Parse("global_defs {\nlvs_sync_daemon lo V1\nlvs_sync_daemon lo\n}\n")));
}
