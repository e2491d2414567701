using System;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Files with a load balancer in them, as they stand on hosts: accepted without a complaint, understood, and said not to be served.</summary>
public class LvsModelTests
{
    private const string WebFarm = """
        global_defs {
            router_id LVS_MAIN
            lvs_flush
        }
        vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            virtual_ipaddress { 10.0.0.100/24 }
        }
        virtual_server 10.0.0.100 80 {
            delay_loop 6
            lb_algo wrr
            lb_kind DR
            persistence_timeout 50
            protocol TCP
            quorum 2
            hysteresis 1
            sorry_server 127.0.0.1 80
            alpha
            real_server 10.0.0.11 80 {
                weight 3
                HTTP_GET {
                    url {
                        path /health
                        status_code 200 301-302
                    }
                    connect_timeout 3
                    retry 3
                    delay_before_retry 2.5
                }
            }
            real_server 10.0.0.12 80 {
                TCP_CHECK { connect_timeout 3 }
                inhibit_on_failure
            }
        }
        virtual_server 10.0.0.100 443 {
            lvs_sched sh
            sh-port
            lvs_method TUN type gue port 6080 csum
            protocol TCP
            real_server 192.168.7.1 443 {
                SSL_GET {
                    url { path / digest 9b3a0c85a887a256d6939da88aabd8cd }
                    enable_sni
                }
            }
        }
        """;

    private static LvsConfig Accepted(string text)
    {
        ConfigResult result = ConfigSource.Parse(text);
        Assert.Empty(LvsSource.Complaints(result));
        Assert.Equal(0, result.TestExitStatus);
        return result.Config!.Lvs!;
    }

    [Fact]
    public void A_router_with_a_web_farm_behind_it_is_accepted_and_one_line_says_what_is_not_served()
    {
        ConfigResult result = ConfigSource.Parse(WebFarm.Replace("path / digest", "path /\n digest", StringComparison.Ordinal));

        Assert.Empty(LvsSource.Complaints(result));
        Assert.True(result.CanRun);
        Assert.Equal((0, 0), (result.TestExitStatus, result.RunExitStatus));
        Assert.Equal([
            "3 Keyword 'lvs_flush' is understood but has no effect yet",
            "10 2 virtual servers with 3 real servers are understood but not served: no load balancing, no health checks",
        ], LvsSource.Advice(result));
        Assert.Single(result.Config!.Routers);
        Assert.Equal(10, result.Config.Lvs!.Where.Line);
    }

    [Fact]
    public void The_farm_binds_to_what_it_says()
    {
        LvsConfig lvs = Accepted(WebFarm.Replace("path / digest", "path /\n digest", StringComparison.Ordinal));

        Assert.Equal(2, lvs.Servers.Length);
        VirtualServer web = lvs.Servers[0], tls = lvs.Servers[1];
        Assert.Equal("[10.0.0.100]:tcp:80", web.Title);
        Assert.Equal((Ip.FromV4(10, 0, 0, 100), 80, LvsProtocol.Tcp, 4, "wrr"), (web.Address, web.Port, web.Protocol, web.Family, web.Scheduler));
        Assert.Equal((2, 1, TimeSpan.FromSeconds(50)), (web.Quorum, web.Hysteresis, web.Persistence));
        Assert.Equal(new(ForwardingMethod.DirectRouting, "ipip", 0, ""), web.Forwarding);
        Assert.Equal((Ip.FromV4(127, 0, 0, 1), 80), (web.Sorry!.Address, web.Sorry.Port));
        Assert.Equal(["delay_loop", "alpha"], Array.ConvertAll(web.Settings, setting => setting.Keyword));
        Assert.Equal(["6"], web.Settings[0].Words);

        RealServer first = web.RealServers[0], second = web.RealServers[1];
        Assert.Equal((3, 1), (first.Weight, second.Weight));
        Assert.Equal(web.Forwarding, second.Forwarding);
        Assert.Equal("inhibit_on_failure", Assert.Single(second.Settings).Keyword);
        Checker page = Assert.Single(first.Checkers);
        Assert.Equal("HTTP_GET", page.Kind);
        Assert.Equal(["connect_timeout", "retry", "delay_before_retry"], Array.ConvertAll(page.Settings, setting => setting.Keyword));
        Assert.Equal(["200", "301-302"], Assert.Single(page.Blocks).Settings[1].Words);
        Assert.Equal("TCP_CHECK", Assert.Single(second.Checkers).Kind);

        Assert.Equal(new(ForwardingMethod.Tunnel, "gue", 6080, "csum"), tls.Forwarding);
        Assert.Equal(["sh-port"], Array.ConvertAll(tls.Settings, setting => setting.Keyword));
    }

    [Fact]
    public void Every_check_and_every_setting_that_the_table_knows_may_stand_in_one_real_server()
    {
        LvsConfig lvs = Accepted("""
            SSL {
                password secret
                ca /etc/ssl/ca.pem
                certificate /etc/ssl/cert.pem
                key /etc/ssl/key.pem
            }
            track_file load { file /run/load }
            bfd_instance b1 { neighbor_ip 10.0.0.9 }
            virtual_server fwmark 7 {
                ip_family inet
                lb_algo mh
                mh-port
                mh-fallback
                flag-1
                lb_kind NAT
                persistence_engine sip
                persistence_granularity 255.255.255.0
                persistence_timeout
                smtp_alert off
                virtualhost www.example.org
                snmp_name farm
                omega
                quorum_up "/etc/keepalived/up.sh a b" nobody
                quorum_down /etc/keepalived/down.sh
                weight 10
                retry 3
                delay_before_retry 0
                warmup 0
                connect_timeout 4294.967295
                inhibit_on_failure
                sorry_server 10.9.9.9
                sorry_server_inhibit
                sorry_server_lvs_method DR
                real_server 10.1.1.1 8080 {
                    uthreshold 100
                    lthreshold 80
                    notify_up /etc/keepalived/rs.sh
                    notify_down "/etc/keepalived/rs.sh down" nobody nogroup
                    alpha on
                    smtp_alert
                    virtualhost a.example.org
                    snmp_name first
                    delay_loop 0.5
                    HTTP_GET {
                        url {
                            path /
                            virtualhost b.example.org
                            regex "hello world"
                            regex_no_match
                            regex_options caseless dotall
                            regex_min_offset 5
                            regex_max_offset 500
                            regex_stack 1024 4096
                            tls_compliant
                        }
                        url { path /second }
                        http_protocol 1.0c
                        sni_name c.example.org
                        tls_compliant
                        fast_recovery
                        virtualhost d.example.org
                    }
                    TCP_CHECK {
                        connect_ip 10.1.1.2
                        connect_port 9
                        bindto 10.1.1.3
                        bind_port 1024
                        bind_if eth1
                        fwmark 0
                        alpha
                        connect_timeout 1
                        retry 0
                        delay_before_retry 1
                        warmup 1
                        delay_loop 1
                        log_all_failures
                    }
                    SMTP_CHECK {
                        helo_name "mail check"
                        host { connect_ip 10.1.1.4 }
                        host { connect_port 26 }
                    }
                    DNS_CHECK {
                        type aaaa
                        name example.org
                    }
                    MISC_CHECK {
                        misc_path "/usr/lib/check.sh -v 'a b'"
                        misc_timeout 5
                        misc_dynamic
                        user nobody nogroup
                    }
                    BFD_CHECK {
                        name b1
                        alpha
                    }
                    PING_CHECK { retry 2 }
                    UDP_CHECK {
                        payload Ab12f 3 456 546443123
                        require_reply 01xX ff
                        min_reply_length 4
                        max_reply_length 65535
                    }
                    FILE_CHECK {
                        track_file load
                        weight -3 reverse
                    }
                }
            }
            """);

        VirtualServer server = Assert.Single(lvs.Servers);
        Assert.Equal(("FWM 7", 7u, LvsProtocol.None, 4), (server.Title, server.Mark!.Value, server.Protocol, server.Family));
        Assert.Equal(TimeSpan.FromMinutes(6), server.Persistence);
        Assert.Equal(ForwardingMethod.DirectRouting, server.Sorry!.Forwarding.Method);
        Assert.Equal("sorry_server_inhibit", Assert.Single(server.Sorry.Settings).Keyword);
        RealServer member = Assert.Single(server.RealServers);
        Assert.Equal(10, member.Weight);
        Assert.Equal(["HTTP_GET", "TCP_CHECK", "SMTP_CHECK", "DNS_CHECK", "MISC_CHECK", "BFD_CHECK", "PING_CHECK", "UDP_CHECK", "FILE_CHECK"],
            Array.ConvertAll(member.Checkers, checker => checker.Kind));
        Assert.Equal(2, member.Checkers[0].Blocks.Length);
        Assert.Equal(2, member.Checkers[2].Blocks.Length);
        Assert.Equal(13, member.Checkers[1].Settings.Length);
        Assert.Equal(["/usr/lib/check.sh -v 'a b'"], member.Checkers[4].Settings[0].Words);
        Assert.Equal(["password", "ca", "certificate", "key"], Array.ConvertAll(lvs.Ssl!, setting => setting.Keyword));
    }

    [Fact]
    public void A_group_of_addresses_ranges_networks_and_marks_is_understood()
    {
        LvsConfig lvs = Accepted("""
            virtual_server_group web {
                10.0.0.1 80
                10.0.0.10-19 80
                10.0.0.250-10.0.1.5 80
                10.0.2.0/28 80
                2001:db8::1 80
                2001:db8::10-ff 80
                2001:db8:1::/64 80
                fwmark 5 inet6
                fwmark 4294967295 inet
            }
            virtual_server group web {
                lb_algo rr
                lb_kind TUN
                protocol TCP
                real_server 10.9.0.1 { TCP_CHECK { } }
                real_server 2001:db8:9::1 { TCP_CHECK { } }
            }
            """);

        ServerRange[] ranges = Assert.Single(lvs.Groups).Ranges;
        Assert.Equal(["10.0.0.1", "10.0.0.10-10.0.0.19", "10.0.0.250-10.0.1.5", "10.0.2.0-10.0.2.15", "2001:db8::1", "2001:db8::10-2001:db8::ff",
            "2001:db8:1::-2001:db8:1:0:ffff:ffff:ffff:ffff"], Array.ConvertAll(ranges[..7], range => range.ToString()));
        Assert.Equal((80, 6), (ranges[6].Port, ranges[6].Family));
        Assert.Equal(((uint?)5, 6), (ranges[7].Mark, ranges[7].Family));
        Assert.Equal(((uint?)uint.MaxValue, 4), (ranges[8].Mark, ranges[8].Family));
        Assert.Equal(("[web]:0", "web"), (lvs.Servers[0].Title, lvs.Servers[0].Group));
        Assert.Equal(2, lvs.Servers[0].RealServers.Length);
    }

    [Fact]
    public void An_ipv6_service_keeps_to_its_family()
    {
        LvsConfig lvs = Accepted("""
            virtual_server 2001:db8::100 53 {
                lb_algo rr
                lb_kind NAT
                protocol UDP
                ops
                persistence_granularity 64
                real_server 2001:db8::1 53 { DNS_CHECK { } }
            }
            """);

        Assert.Equal(("[2001:db8::100]:udp:53", 6), (lvs.Servers[0].Title, lvs.Servers[0].Family));
    }

    [Theory]
    [InlineData("virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 1.1.1.1 80 {\nTCP_CHECK {\n}\n}\n}",
        "1 1 virtual server with 1 real server is understood but not served: no load balancing, no health checks")]
    [InlineData("\nvirtual_server_group g {\n10.0.0.1 80\n}", "2 virtual_server_group is understood but not served: no load balancing, no health checks")]
    [InlineData("\n\nSSL {\n}", "3 SSL is understood but not served: no load balancing, no health checks")]
    public void The_one_line_counts_and_names_the_first_place(string text, string line)
    {
        Assert.Contains(line, LvsSource.Advice(ConfigSource.Parse(text)));
    }

    [Fact]
    public void A_file_without_a_load_balancer_says_nothing_about_one()
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Story);

        Assert.Null(result.Config!.Lvs);
        Assert.Empty(LvsSource.Advice(result));
    }

    [Fact]
    public void A_thousand_virtual_servers_are_still_one_line()
    {
        string text = "";
        for (int i = 0; i < 1000; i++)
        {
            text += LvsSource.Server($"delay_loop {i + 1}").Replace("10.0.0.1 80", $"10.0.{i / 250}.{i % 250} 80", StringComparison.Ordinal);
        }

        ConfigResult result = ConfigSource.Parse(text);

        Assert.Equal(1000, result.Config!.Lvs!.Servers.Length);
        Assert.Equal(["1 1000 virtual servers with 1000 real servers are understood but not served: no load balancing, no health checks"],
            LvsSource.Advice(result));
    }
}
