using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;
using Capture = Vrrpd.Netns.Tests.Harness.Capture;

namespace Vrrpd.Netns.Tests;

/// <summary>use_vmac and no_accept, end to end: what the wire and the kernel see of them.</summary>
public sealed class VirtualMacTests(ITestOutputHelper output)
{
    private static readonly string[] s_turns = ["use_vmac", "use_vmac other", "use_vmac other\n no_accept", ""];

    private const string Mac = "00:00:5e:00:01:33", Mac6 = "00:00:5e:00:02:33", Device = "vrrp.51";

    [NetnsFact]
    public void A_master_speaks_and_answers_with_the_virtual_mac_and_leaves_everything_as_it_was()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        lan.SitOnBridge(Story.ClientAddress);
        string before = Sysctls(host);
        Capture capture = Capture.Start(lan);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Config(200, "use_vmac"));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => host.Has(Story.Vip + "/24", Device), 2, "the virtual address on the device");
        string link = host.Sh("ip -d link show dev " + Device);
        Assert.Contains($"{Device}@{Story.Nic}", link, StringComparison.Ordinal);
        Assert.Contains("macvlan mode private", link, StringComparison.Ordinal);
        Assert.Equal(("host", Mac), lan.WhoHas(Story.Vip));
        Assert.Contains("1 received", lan.Bridge.Sh($"ping -c1 -W1 {Story.Vip}"), StringComparison.Ordinal);

        // Also when the master has to ask who the client is, which it does by the interface below.
        host.Sh("ip neigh flush all");
        Assert.Equal(("host", Mac), lan.WhoHas(Story.Vip));

        // The interface below keeps its own address for what is its own.
        Assert.NotEqual(Mac, lan.WhoHas(Story.MasterAddress).Mac);
        Wait.Seconds(1.5);
        Assert.Equal(0, daemon.Stop());
        Assert.Equal(before, Sysctls(host));
        Assert.DoesNotContain(Device, host.Sh("ip link"), StringComparison.Ordinal);
        Assert.Equal("", host.Sh("nft list ruleset").Trim());
        Frame[] frames = [.. capture.Judge()];
        Wire.IsWellFormed(frames);
        Frame[] adverts = [.. frames.Where(frame => frame.IsAdvert)];
        Assert.All(adverts, frame => Assert.Equal((Mac, Story.MasterAddress), (frame.Mac, frame.From)));
        Assert.Equal(0, adverts[^1].Priority);
        Frame[] announcements = [.. frames.Where(frame => frame.Announces(Story.Vip))];
        Assert.True(announcements.Length >= 5, $"{announcements.Length} gratuitous ARPs");
        Assert.All(announcements, frame => Assert.Equal((Mac, Mac), (frame.Mac, frame.ArpMac)));
    }

    [NetnsTheory]
    [InlineData(Kind.Vrrpd, Kind.Vrrpd)]
    [InlineData(Kind.Vrrpd, Kind.Keepalived)]
    [InlineData(Kind.Keepalived, Kind.Vrrpd)]
    public void A_takeover_moves_the_mac_and_a_backup_never_uses_it(Kind one, Kind two)
    {
        using Lan lan = new(output);
        Host master = lan.AddHost("one", Story.MasterAddress), backup = lan.AddHost("two", Story.BackupAddress);
        lan.SitOnBridge(Story.ClientAddress);
        Daemon first = Daemon.Start(lan, master, one, Config(200, "use_vmac"));
        first.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => lan.WhoHas(Story.Vip) == ("one", Mac), 3, "the first being asked");

        // Whatever the second says from its start on, none of it is said with the virtual MAC address: the switch would follow.
        Daemon second = Daemon.Start(lan, backup, two, Config(100, "use_vmac"));
        for (int i = 0; i < 40; i++)
        {
            Assert.DoesNotContain("dev p-two", lan.Bridge.Sh($"bridge fdb show br br0 | grep '^{Mac} ' || true"), StringComparison.Ordinal);
            Wait.Seconds(0.1);
        }

        Assert.DoesNotContain("MASTER", second.Text(), StringComparison.Ordinal);
        int mark = second.Mark();
        lan.PowerOff(master);
        second.WaitFor("Entering MASTER STATE", 6, mark);
        Wait.Until(() => lan.WhoHas(Story.Vip) == ("two", Mac), 3, "the same MAC address behind another port");
    }

    [NetnsFact]
    public void Over_ipv6_the_device_has_the_link_local_address_below_and_answers_solicitations()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress, "fe80::1");
        lan.SitOnBridge(Story.ClientAddress, "fe80::9", "fd00::9");
        host.Sh($"ip addr add fd00::1/64 dev {Story.Nic} nodad");
        Capture capture = Capture.Start(lan, "ip6");
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Config6(200, "use_vmac"));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => lan.WhoHas("fd00::100") == ("host", Mac6), 3, "the virtual address being found");
        Assert.Equal(("host", Mac6), lan.WhoHas("fe80::100"));

        // The copied address has one owner: the interface below.
        Assert.NotEqual(Mac6, lan.WhoHas("fe80::1").Mac);
        Assert.Contains("fe80::1/64", host.Sh($"ip -6 addr show dev {Device}"), StringComparison.Ordinal);
        Wait.Seconds(1.5);
        Assert.Equal(0, daemon.Stop());
        IReadOnlyList<IReadOnlyDictionary<string, string>> frames = capture.Table(
            ["eth.src", "ipv6.src", "ipv6.dst", "ipv6.hlim", "vrrp.prio", "icmpv6.type"], "ipv6");
        IReadOnlyDictionary<string, string>[] adverts = [.. frames.Where(frame => frame["vrrp.prio"].Length > 0)];
        Assert.NotEmpty(adverts);
        Assert.All(adverts, frame => Assert.Equal((Mac6, "fe80::1", "ff02::12", "255"),
            (frame["eth.src"], frame["ipv6.src"], frame["ipv6.dst"], frame["ipv6.hlim"])));
        const string RouterSolicitation = "133", Report1 = "131", Report2 = "143";
        Assert.DoesNotContain(frames, frame => frame["eth.src"] == Mac6 && frame["icmpv6.type"] is RouterSolicitation or Report1 or Report2);
    }

    [NetnsFact]
    public void No_accept_answers_arp_and_nothing_else()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        lan.SitOnBridge(Story.ClientAddress);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Config(200, "no_accept"));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => lan.WhoHas(Story.Vip).Host == "host", 3, "ARP being answered");
        Assert.Contains("0 received", lan.Bridge.Sh($"ping -c2 -i0.2 -W1 {Story.Vip} || true"), StringComparison.Ordinal);
        Assert.Contains("1 received", lan.Bridge.Sh($"ping -c1 -W1 {Story.MasterAddress}"), StringComparison.Ordinal);
        Assert.Contains(Story.Vip, host.Sh("nft list set ip keepalived vips"), StringComparison.Ordinal);
        Assert.Equal(0, daemon.Stop());
        Assert.Equal("", host.Sh("nft list ruleset").Trim());
    }

    [NetnsFact]
    public void After_a_kill_the_device_is_used_again_and_nothing_is_left_in_the_end()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        host.Sh("sysctl -qw net.ipv4.conf.all.rp_filter=1");
        string before = Sysctls(host);
        Daemon killed = Daemon.Start(lan, host, Kind.Vrrpd, Config(200, "use_vmac\n no_accept"));
        killed.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => host.Has(Story.Vip + "/24", Device), 2, "the virtual address");
        string index = Index(host);
        killed.Signal("KILL");
        killed.ExitCode();
        Assert.True(host.Has(Story.Vip + "/24", Device));

        Daemon next = Daemon.Start(lan, host, Kind.Vrrpd, Config(200, "use_vmac"));
        next.WaitFor("Entering BACKUP STATE", 3);
        Assert.False(host.Has(Story.Vip + "/24", Device));
        Assert.Equal(index, Index(host));
        next.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => host.Has(Story.Vip + "/24", Device), 2, "the virtual address again");
        Assert.DoesNotContain("vips", host.Sh("nft list ruleset"), StringComparison.Ordinal);
        Assert.Equal(0, next.Stop());
        Assert.Equal(before, Sysctls(host));
        Assert.DoesNotContain(Device, host.Sh("ip link"), StringComparison.Ordinal);
        Assert.Equal("", host.Sh("nft list ruleset").Trim());
        Assert.DoesNotContain(".undo", host.Sh("ls /run"), StringComparison.Ordinal);
    }

    [NetnsFact]
    public void With_xmit_base_adverts_have_the_mac_below_and_the_address_the_virtual_one()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        lan.SitOnBridge(Story.ClientAddress);
        Capture capture = Capture.Start(lan);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Config(200, "use_vmac mine\n vmac_xmit_base"));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => lan.WhoHas(Story.Vip) == ("host", Mac), 3, "the virtual MAC address");
        Assert.True(host.Has(Story.Vip + "/24", "mine"));
        string below = lan.WhoHas(Story.MasterAddress).Mac;
        Wait.Seconds(1.5);
        Assert.Equal(0, daemon.Stop());
        Frame[] frames = [.. capture.Judge()];
        Wire.IsWellFormed(frames);
        Assert.All(frames.Where(frame => frame.IsAdvert), frame => Assert.Equal(below, frame.Mac));
        Assert.Contains(frames, frame => frame.Announces(Story.Vip) && frame.Mac == Mac);
    }

    [NetnsFact]
    public void A_device_that_somebody_deletes_is_made_again()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        lan.SitOnBridge(Story.ClientAddress);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Config(200, "use_vmac"));
        daemon.WaitFor("Entering MASTER STATE", 6);
        int mark = daemon.Mark();
        host.Sh("ip link del " + Device);
        daemon.WaitFor("Entering FAULT STATE", 3, mark);
        daemon.WaitFor("Entering MASTER STATE", 10, mark);
        Wait.Until(() => lan.WhoHas(Story.Vip) == ("host", Mac), 3, "the virtual MAC address again");
        Assert.Equal(0, daemon.Stop());
        Assert.Contains("arp_ignore = 0", host.Sh($"sysctl net.ipv4.conf.{Story.Nic}.arp_ignore"), StringComparison.Ordinal);
    }

    [NetnsFact]
    public void A_reload_gives_an_instance_its_device_and_takes_it_away()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        lan.SitOnBridge(Story.ClientAddress);
        string before = Sysctls(host);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Config(200, ""));
        daemon.WaitFor("Entering MASTER STATE", 6);
        foreach (string words in s_turns)
        {
            int mark = daemon.Mark();
            host.Write("keepalived.conf", Config(200, words));
            daemon.Signal("HUP");
            daemon.WaitFor("Reload complete", 5, mark);
            bool isVirtual = words.Length > 0;
            Wait.Until(() => lan.WhoHas(Story.Vip) is ("host", string mac) && mac == Mac == isVirtual, 8, $"the address after '{words}'");
            Assert.Equal(isVirtual, host.Sh("ip link").Contains("@" + Story.Nic, StringComparison.Ordinal));
            Assert.Equal(isVirtual, host.Sh("nft list ruleset").Contains("vmac_map", StringComparison.Ordinal) && isVirtual);
        }

        Assert.DoesNotContain("FAULT", daemon.Text(), StringComparison.Ordinal);
        Assert.Equal(before, Sysctls(host));
        Assert.Equal(0, daemon.Stop());
        Assert.Equal("", host.Sh("nft list ruleset").Trim());
    }

    [NetnsFact]
    public void With_use_vmac_addr_an_address_on_another_interface_has_a_device_there()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        host.Sh("ip link add b0 type veth peer name b1; ip link set b0 up; ip link set b1 up");
        string config = Config(200, "use_vmac\n use_vmac_addr").Replace(Story.Vip + "/24", Story.Vip + "/24\n 10.7.0.100/24 dev b0", StringComparison.Ordinal);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, config);
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => host.Has("10.7.0.100/24", "vrrp1.51"), 2, "the address on the second device");
        Assert.Contains(Mac, host.Sh("ip link show dev vrrp1.51"), StringComparison.Ordinal);
        host.Sh("ip link del vrrp1.51");
        Wait.Until(() => host.Run("ip", "link", "show", "dev", "vrrp1.51").ExitCode == 0, 3, "the device again");
        Wait.Until(() => host.Has("10.7.0.100/24", "vrrp1.51"), 8, "the address again");
        Assert.Equal(0, daemon.Stop());
        Assert.DoesNotContain("vrrp", host.Sh("ip link"), StringComparison.Ordinal);
    }

    private static string Config(int priority, string words) => $$"""
        vrrp_instance VI_1 {
            state BACKUP
            interface {{Story.Nic}}
            virtual_router_id 51
            version 3
            priority {{priority}}
            advert_int 0.5
            {{words}}
            virtual_ipaddress {
                {{Story.Vip}}/24
            }
        }

        """;

    private static string Config6(int priority, string words) => $$"""
        vrrp_instance VI_6 {
            state BACKUP
            interface {{Story.Nic}}
            virtual_router_id 51
            priority {{priority}}
            advert_int 0.5
            {{words}}
            virtual_ipaddress {
                fe80::100
                fd00::100/64
            }
        }

        """;

    private static string Index(Host host) => Regex.Match(host.Sh("ip -o link show dev " + Device), @"^\d+").Value;

    private static string Sysctls(Host host) => host.Sh(
        "cd /proc/sys/net/ipv4/conf; for f in */arp_ignore */arp_filter */arp_announce */rp_filter */accept_local; do echo $f $(cat $f); done");
}
