using System;
using System.Collections.Generic;
using System.Threading;
using Vrrpd.Core;
using Vrrpd.Native.Firewall;
using Vrrpd.Native.Kernel;
using Vrrpd.Native.Net;
using Vrrpd.Native.Netlink;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>Our nf_tables rules by what they do to packets, and by what `nft` says of them. Needs root.</summary>
public sealed unsafe class PacketFilterTests
{
    private static readonly Ip s_vip = Ip.FromV4(10, 9, 0, 100);

    [Fact]
    public void Traffic_to_an_ipv4_address_is_dropped_while_arp_is_answered() => Namespace.Run(static ns =>
    {
        using Bench bench = new();
        Addresses(ns);
        Assert.True(Pings(ns, "10.9.0.100"));
        bench.Filter.Drop(s_vip, 0);
        Assert.Equal(0, bench.Filter.Flush());
        ns.Far(static () => Namespace.Ip("neigh flush all"));
        Assert.False(Pings(ns, "10.9.0.100"));
        Assert.True(Pings(ns, "10.9.0.1"));
        ns.Far(static () => Assert.Contains("10.9.0.100 dev far0 lladdr", Namespace.Ip("neigh"), StringComparison.Ordinal));
        Assert.False(Namespace.Try("ping", "-c1 -W1 -I 10.9.0.100 10.9.0.2", out _));

        bench.Filter.Accept(s_vip, 0);
        Assert.Equal(0, bench.Filter.Flush());
        Assert.True(Pings(ns, "10.9.0.100"));
        bench.Filter.Close();
        Assert.Equal("", Namespace.Tool("nft", "list ruleset"));
        Assert.Equal("", bench.Text());
    });

    [Fact]
    public void Traffic_to_ipv6_addresses_is_dropped_while_solicitations_are_answered() => Namespace.Run(static ns =>
    {
        using Bench bench = new();
        Addresses(ns);
        Assert.True(Ip.TryParse("fd00::100", out Ip vip));
        Assert.True(Ip.TryParse("fe80::100", out Ip linkLocal));
        Assert.True(Pings(ns, "fd00::100") && Pings(ns, "fe80::100%far0"));
        bench.Filter.Drop(vip, Namespace.Index("near0"));
        bench.Filter.Drop(linkLocal, Namespace.Index("near0"));
        Assert.Equal(0, bench.Filter.Flush());
        ns.Far(static () => Namespace.Ip("neigh flush all"));
        Assert.False(Pings(ns, "fd00::100"));
        Assert.False(Pings(ns, "fe80::100%far0"));
        Assert.True(Pings(ns, "fd00::1"));
        ns.Far(static () =>
        {
            string neighbors = Namespace.Ip("-6 neigh");
            Assert.Contains("fd00::100 dev far0 lladdr", neighbors, StringComparison.Ordinal);
            Assert.Contains("fe80::100 dev far0 lladdr", neighbors, StringComparison.Ordinal);
        });

        // The same link-local address on another interface is another address.
        bench.Filter.Accept(linkLocal, Namespace.Index("near0") + 1);
        Assert.Equal(0, bench.Filter.Flush());
        Assert.False(Pings(ns, "fe80::100%far0"));
        bench.Filter.Accept(linkLocal, Namespace.Index("near0"));
        Assert.Equal(0, bench.Filter.Flush());
        Assert.True(Pings(ns, "fe80::100%far0"));
        Assert.False(Pings(ns, "fd00::100"));
        Assert.Equal("", bench.Text());
    });

    [Fact]
    public void The_table_is_what_keepalived_has() => Namespace.Run(static () =>
    {
        using Bench bench = new(options: new FirewallOptions { Table = "mine", Priority = -7, Counts = true });
        Assert.True(Ip.TryParse("fd00::100", out Ip vip));
        Assert.True(Ip.TryParse("fe80::100", out Ip linkLocal));
        foreach (Ip address in new[] { s_vip, vip, linkLocal })
        {
            bench.Filter.Drop(address, Namespace.Index("near0"));
        }

        Assert.Equal(0, bench.Filter.Flush());
        DeviceWish wish = VirtualDeviceTests.Wish();
        Assert.Equal(0, bench.Devices.Create(wish));
        DeviceWish second = wish with { Name = "vrrp.52", IsV6 = true, Mac = new MacAddress(0x00005e000234), LinkLocal = VirtualDeviceTests.LinkLocal(1) };
        Assert.Equal(0, bench.Devices.Create(second));
        Assert.Equal(Expected, Namespace.Tool("nft", "--stateless list ruleset").Replace('\t', ' ').Trim().ReplaceLineEndings("\n"));
    });

    [Fact]
    public void A_killed_daemon_s_table_is_replaced_by_what_is_needed_now() => Namespace.Run(static ns =>
    {
        string note = System.IO.Path.GetTempFileName();
        Bench killed = new(note);
        Addresses(ns);
        killed.Filter.Drop(s_vip, 0);
        Assert.Equal(0, killed.Filter.Flush());
        killed.Abandon();
        Assert.False(Pings(ns, "10.9.0.100"));

        // At once, although the new one needs no rules.
        using Bench next = new(note);
        Assert.True(Pings(ns, "10.9.0.100"));
        Assert.Equal("", Namespace.Tool("nft", "list ruleset"));
    });

    [Fact]
    public void A_ruleset_that_somebody_flushed_is_made_again_with_the_next_change() => Namespace.Run(static ns =>
    {
        using Bench bench = new();
        Addresses(ns);
        bench.Filter.Drop(s_vip, 0);
        Assert.Equal(0, bench.Filter.Flush());
        Namespace.Tool("nft", "flush ruleset");
        Ip other = Ip.FromV4(10, 9, 0, 101);
        bench.Filter.Drop(other, 0);
        Assert.Equal(0, bench.Filter.Flush());
        Assert.False(Pings(ns, "10.9.0.100"));
        Namespace.Tool("nft", "flush ruleset");
        bench.Filter.Accept(other, 0);
        Assert.Equal(0, bench.Filter.Flush());
        Assert.False(Pings(ns, "10.9.0.100"));
        Namespace.Tool("nft", "flush ruleset");
        bench.Filter.Close();
        Assert.Equal("", bench.Text());
    });

    [Fact]
    public void Thousands_of_addresses_take_as_many_batches_as_they_need() => Namespace.Run(static () =>
    {
        using Bench bench = new();
        for (int i = 0; i < 3000; i++)
        {
            bench.Filter.Drop(i % 3 == 0 ? Ip.FromV6(0xfe80_0000_0000_0000, (ulong)i + 5) : i % 3 == 1 ? Ip.FromV6(0xfd00_0000_0000_0000, (ulong)i)
                : Ip.FromV4(10, 8, (byte)(i >> 8), (byte)i), 2);
        }

        Assert.Equal(0, bench.Filter.Flush());
        string rules = Namespace.Tool("nft", "list ruleset");
        Assert.Contains("10.8.11.183", rules, StringComparison.Ordinal);
        Assert.Contains("fd00::bb6 }", rules, StringComparison.Ordinal);
        Assert.Contains("fe80::bba . ", rules, StringComparison.Ordinal);
        for (int i = 0; i < 3000; i++)
        {
            bench.Filter.Accept(i % 3 == 0 ? Ip.FromV6(0xfe80_0000_0000_0000, (ulong)i + 5) : i % 3 == 1 ? Ip.FromV6(0xfd00_0000_0000_0000, (ulong)i)
                : Ip.FromV4(10, 8, (byte)(i >> 8), (byte)i), 2);
        }

        Assert.Equal(0, bench.Filter.Flush());
        Assert.DoesNotContain("elements = { 1", Namespace.Tool("nft", "list set ip keepalived vips"), StringComparison.Ordinal);
        Assert.DoesNotContain("elements", Namespace.Tool("nft", "list set ip6 keepalived vips_link_local"), StringComparison.Ordinal);
        Assert.Equal("", bench.Text());
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Group_reports_leave_by_the_interface_below_and_never_with_the_virtual_mac(bool canDuplicate) => Namespace.Run(ns =>
    {
        using Bench bench = new();
        bench.Filter.CanDuplicate = canDuplicate;
        Addresses(ns);
        int sniffer = -1;
        ns.Far(() => sniffer = Sniffer());
        DeviceWish v4 = VirtualDeviceTests.Wish();
        Assert.True(Ip.TryParse("ff02::12", out Ip group6));
        DeviceWish v6 = v4 with
        {
            Name = "vrrp.52",
            IsV6 = true,
            Mac = new MacAddress(0x00005e000234),
            LinkLocal = VirtualDeviceTests.LinkLocal(7),
            Group = group6,
        };
        Namespace.Ip("-6 addr add fe80::7/64 dev near0 nodad");
        Assert.Equal(0, bench.Devices.Create(v4));
        Assert.Equal(0, bench.Devices.Create(v6));
        GroupMembership? one = GroupMembership.Join(v4.Group, Namespace.Index("vrrp.51"), out int _);
        GroupMembership? two = GroupMembership.Join(group6, Namespace.Index("vrrp.52"), out int _);
        Assert.True(one is not null && two is not null);

        // Who asks for the link-local address that both have gets one answer.
        ns.Far(static () => Namespace.Ip("neigh flush all"));
        Assert.True(Pings(ns, "fe80::7%far0"));
        Thread.Sleep(1500);
        one.Close();
        two.Close();
        Assert.Equal(0, bench.Devices.Remove("vrrp.51"));
        Assert.Equal(0, bench.Devices.Remove("vrrp.52"));
        Thread.Sleep(300);
        int reports4 = 0, reports6 = 0;
        ulong own = MacOf("near0");
        foreach ((ulong source, byte[] frame) in Frames(sniffer))
        {
            Assert.False(source >> 16 == 0x00005e00, Convert.ToHexString(frame));
            reports4 += source == own && frame[12] == 8 && frame[23] == 2 && Contains(frame, [224, 0, 0, 18]) ? 1 : 0;
            reports6 += source == own && frame[12] == 0x86 && frame[20] == 0 && Contains(frame, [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12])
                ? 1 : 0;
        }

        Assert.True(reports4 > 0 && reports6 > 0, $"{reports4} IGMP, {reports6} MLD");
    });

    [Fact]
    public void A_kernel_that_refuses_is_one_line_that_says_what_is_lost() => Namespace.Run(static () =>
    {
        // A name that no kernel takes stands for a kernel that has no nf_tables at all.
        using Bench bench = new(options: new FirewallOptions { Table = new string('x', 300) });
        for (int i = 0; i < 3; i++)
        {
            bench.Filter.Drop(Ip.FromV4(10, 9, 1, (byte)i), 0);
            Assert.NotEqual(0, bench.Filter.Flush());
        }

        string text = bench.Text();
        Assert.Contains("no_accept is not enforced: virtual addresses take traffic while we are master", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split('\n').Length);
    });

    private const string Expected = """
        table ip mine {
         map vmac_map {
          type iface_index : iface_index
          elements = { "vrrp.51" : "near0" }
         }

         set vips {
          type ipv4_addr
          elements = { 10.9.0.100 }
         }

         chain out {
          type filter hook output priority filter - 7; policy accept;
          ip protocol igmp counter dup to ip daddr device oif map @vmac_map drop
          ip saddr @vips counter drop
         }

         chain in {
          type filter hook input priority filter - 7; policy accept;
          ip daddr @vips counter drop
         }
        }
        table ip6 mine {
         map vmac_map {
          type iface_index : iface_index
          elements = { "vrrp.52" : "near0" }
         }

         set vmac_set {
          type iface_index
          elements = { "vrrp.52" }
         }

         set parent_link_local {
          type ipv6_addr . iface_index
          elements = { fe80::1 . "vrrp.52" }
         }

         set mld-report {
          type icmpv6_type
          flags constant
          elements = { mld-listener-report,
                mld-listener-done,
                mld2-listener-report }
         }

         set vips {
          type ipv6_addr
          elements = { fd00::100 }
         }

         set vips_link_local {
          type ipv6_addr . iface_index
          elements = { fe80::100 . "near0" }
         }

         set neighbor-discovery {
          type icmpv6_type
          flags constant
          elements = { nd-neighbor-solicit,
                nd-neighbor-advert }
         }

         chain out {
          type filter hook output priority filter - 7; policy accept;
          icmpv6 type @mld-report counter dup to ip6 daddr device oif map @vmac_map drop
          icmpv6 type nd-router-solicit oif @vmac_set counter drop
          icmpv6 type nd-neighbor-advert ip6 saddr . oif @parent_link_local counter drop
          icmpv6 type @neighbor-discovery accept
          ip6 saddr fe80::/10 goto out_link_local
          ip6 saddr @vips counter drop
         }

         chain in {
          type filter hook input priority filter - 7; policy accept;
          icmpv6 type @neighbor-discovery accept
          ip6 daddr fe80::/10 goto in_link_local
          ip6 daddr @vips counter drop
         }

         chain in_link_local {
          ip6 daddr . iif @vips_link_local counter drop
         }

         chain out_link_local {
          ip6 saddr . oif @vips_link_local counter drop
         }
        }
        """;

    private static void Addresses(Namespace ns)
    {
        Namespace.Ip("addr add 10.9.0.1/24 dev near0");
        Namespace.Ip("addr add 10.9.0.100/24 dev near0");
        Namespace.Ip("addr add fd00::1/64 dev near0 nodad");
        Namespace.Ip("addr add fd00::100/64 dev near0 nodad");
        Namespace.Ip("addr add fe80::100/64 dev near0 nodad");
        ns.Far(static () =>
        {
            Namespace.Ip("addr add 10.9.0.2/24 dev far0");
            Namespace.Ip("addr add fd00::2/64 dev far0 nodad");
            Namespace.Ip("addr add fe80::2/64 dev far0 nodad");
        });
    }

    private static bool Pings(Namespace ns, string address)
    {
        bool answered = false;
        ns.Far(() => answered = Namespace.Try("ping", "-c2 -i0.2 -W1 " + address, out _));
        return answered;
    }

    private static ulong MacOf(string name)
    {
        LinkRequests links = LinkRequests.Open(out int _)!;
        Assert.Equal(0, links.Look(0, name, out LinkFacts facts));
        links.Close();
        return facts.Mac.Value;
    }

    private static bool Contains(byte[] frame, ReadOnlySpan<byte> bytes) => frame.AsSpan().IndexOf(bytes) >= 0;

    /// <summary>Every frame that arrives at far0.</summary>
    private static int Sniffer()
    {
        const ushort EverythingSwapped = 0x0300;
        int fd = Libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, EverythingSwapped);
        SocketAddressLink address = new() { Family = Libc.AF_PACKET, Protocol = EverythingSwapped, InterfaceIndex = Namespace.Index("far0") };
        Assert.Equal(0, Libc.bind(fd, &address, (uint)sizeof(SocketAddressLink)));
        return fd;
    }

    private static List<(ulong Source, byte[] Frame)> Frames(int fd)
    {
        List<(ulong, byte[])> frames = [];
        byte* buffer = stackalloc byte[2048];
        while (Libc.recv(fd, buffer, 2048, Libc.MSG_DONTWAIT) is nint length and > 14)
        {
            byte[] frame = new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
            frames.Add((MacAddress.Read(frame.AsSpan(6)).Value, frame));
        }

        _ = Libc.close(fd);
        return frames;
    }
}
