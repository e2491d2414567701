using System;
using System.IO;
using Vrrpd.Core;
using Vrrpd.Native.Firewall;
using Vrrpd.Native.Kernel;
using Vrrpd.Native.Netlink;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>Macvlans, the sysctls around them and what becomes of both, against the real kernel. Needs root.</summary>
public sealed class VirtualDeviceTests
{
    private static readonly string[] s_wrongLinks =
    [
        "address 00:00:5e:00:01:33 type macvlan mode bridge",
        "address 00:00:5e:00:01:34 type macvlan mode private",
    ];

    [Fact]
    public void A_device_is_made_as_keepalived_makes_it_and_everything_is_as_before_when_it_goes() => Namespace.Run(static () =>
    {
        using Bench bench = new();
        string before = Values();
        Assert.Equal(0, bench.Devices.Create(Wish()));
        string link = Namespace.Ip("-d link show dev vrrp.51");
        Assert.Contains("vrrp.51@near0: <BROADCAST,MULTICAST,UP", link, StringComparison.Ordinal);
        Assert.Contains("link/ether 00:00:5e:00:01:33", link, StringComparison.Ordinal);
        Assert.Contains("macvlan mode private", link, StringComparison.Ordinal);
        Assert.Contains("addrgenmode none", link, StringComparison.Ordinal);
        Assert.Equal((1, 1, 0, 1), (Value("vrrp.51", "arp_ignore"), Value("vrrp.51", "accept_local"), Value("vrrp.51", "rp_filter"),
            Value("vrrp.51", "promote_secondaries")));
        Assert.Equal((1, 1, 2), (Value("near0", "arp_ignore"), Value("near0", "arp_filter"), Value("near0", "arp_announce")));
        Assert.True(Sysctls.TryRead("ipv6/conf/vrrp.51/disable_ipv6", out int off) && off == 1);
        Assert.Equal(0, bench.Devices.Remove("vrrp.51"));
        Assert.Equal(before, Values());
        Assert.DoesNotContain("vrrp", Namespace.Ip("link"), StringComparison.Ordinal);
        Assert.Equal(0, bench.Devices.Remove("vrrp.51"));
        Assert.Equal(2, bench.Lines());
    });

    [Fact]
    public void An_ipv6_device_has_the_link_local_address_of_the_interface_below_and_follows_it() => Namespace.Run(static () =>
    {
        using Bench bench = new();
        DeviceWish wish = Wish() with { IsV6 = true, Mac = new MacAddress(0x00005e000233), LinkLocal = LinkLocal(1) };
        Assert.Equal(0, bench.Devices.Create(wish));
        Assert.Contains("inet6 fe80::1/64 scope link nodad", Namespace.Ip("addr show dev vrrp.51"), StringComparison.Ordinal);
        Assert.Equal((1, 0), (Value("vrrp.51", "arp_ignore"), Value("near0", "arp_ignore")));

        Assert.Equal(0, bench.Devices.SetLinkLocal("vrrp.51", wish.ParentIndex, LinkLocal(2)));
        string addresses = Namespace.Ip("addr show dev vrrp.51");
        Assert.Contains("inet6 fe80::2/64", addresses, StringComparison.Ordinal);
        Assert.DoesNotContain("fe80::1/", addresses, StringComparison.Ordinal);

        Assert.Equal(0, bench.Devices.SetLinkLocal("vrrp.51", wish.ParentIndex, default));
        Assert.DoesNotContain("inet6", Namespace.Ip("addr show dev vrrp.51"), StringComparison.Ordinal);
    });

    [Fact]
    public void What_is_there_and_right_is_reused_without_its_addresses_and_what_is_wrong_is_made_anew() => Namespace.Run(static () =>
    {
        using Bench bench = new();
        Namespace.Ip("link add vrrp.51 link near0 group 7 address 00:00:5e:00:01:33 type macvlan mode private");
        Namespace.Ip("addr add 10.9.0.77/24 dev vrrp.51");
        Namespace.Ip("addr add 10.8.0.77/32 dev vrrp.51");
        int index = Namespace.Index("vrrp.51");
        Assert.Equal(0, bench.Devices.Create(Wish()));
        string link = Namespace.Ip("-d addr show dev vrrp.51");
        Assert.Equal(index, Namespace.Index("vrrp.51"));
        Assert.DoesNotContain("inet ", link, StringComparison.Ordinal);
        Assert.Contains("group default", link, StringComparison.Ordinal);
        Assert.Contains("addrgenmode none", Namespace.Ip("-d link show dev vrrp.51"), StringComparison.Ordinal);
        Assert.Equal(0, bench.Devices.Remove("vrrp.51"));

        foreach (string wrong in s_wrongLinks)
        {
            Namespace.Ip("link add vrrp.51 link near0 " + wrong);
            index = Namespace.Index("vrrp.51");
            Assert.Equal(0, bench.Devices.Create(Wish()));
            Assert.NotEqual(index, Namespace.Index("vrrp.51"));
            Assert.Contains("00:00:5e:00:01:33", Namespace.Ip("link show dev vrrp.51"), StringComparison.Ordinal);
            Assert.Equal(0, bench.Devices.Remove("vrrp.51"));
        }

        // Somebody's interface is not ours to delete.
        Namespace.Ip("link add vrrp.51 type veth peer name other");
        Assert.Equal(Errno.EEXIST, bench.Devices.Create(Wish()));
        Assert.Contains("an interface of another kind has that name", bench.Text(), StringComparison.Ordinal);
        Assert.NotEqual(0, Namespace.Index("vrrp.51"));
    });

    [Fact]
    public void Group_and_notification_are_those_that_were_asked_for() => Namespace.Run(static () =>
    {
        using Bench bench = new();
        Namespace.Ip("link set near0 group 5");
        Assert.Equal(0, bench.Devices.Create(Wish()));
        Assert.Contains("group 5", Namespace.Ip("link show dev vrrp.51"), StringComparison.Ordinal);
        NetlinkSocket? watch = NetlinkSocket.Open(Libc.RTMGRP_LINK, out int _);
        Assert.NotNull(watch);
        Assert.Equal(0, bench.Devices.Create(Wish() with { LinkGroup = 9, NotifiesParent = true }));
        Assert.Contains("group 9", Namespace.Ip("link show dev vrrp.51"), StringComparison.Ordinal);
        bool told = false;
        while (watch.Receive(wait: false) == NetlinkRead.Datagram)
        {
            NetlinkReader reader = new(watch.Bytes);
            while (reader.TryNext(out NetlinkMessage message))
            {
                told |= LinkRequests.TryRead(message, out LinkFacts facts) && facts.Index == Namespace.Index("near0") && facts.Group == 5;
            }
        }

        watch.Close();
        Assert.True(told);
    });

    [Fact]
    public void After_a_kill_the_original_values_are_still_known_and_leftovers_go() => Namespace.Run(static () =>
    {
        string note = Path.Combine(Path.GetTempPath(), $"vrrpd-note-{Guid.NewGuid():N}.undo");
        Set("ipv4/conf/all/rp_filter", 2);
        string before = Values();
        Bench killed = new(note);
        Assert.Equal(0, killed.Devices.Create(Wish()));
        Assert.Equal(0, killed.Devices.Create(Wish() with { Name = "vrrp.52", Mac = new MacAddress(0x00005e000134) }));
        Assert.Equal((0, 2), (Value("all", "rp_filter"), Value("near0", "rp_filter")));
        killed.Abandon();

        // The next one has only one of the two; and is killed as well.
        Bench second = new(note);
        Assert.Equal(0, second.Devices.Create(Wish()));
        second.Devices.RemoveLeftovers();
        Assert.Equal(0, Namespace.Index("vrrp.52"));
        Assert.Equal((1, 1, 0, 2), (Value("near0", "arp_ignore"), Value("near0", "arp_filter"), Value("all", "rp_filter"), Value("near0", "rp_filter")));
        second.Abandon();

        // And the third has none.
        using (Bench third = new(note))
        {
            third.Devices.RemoveLeftovers();
            Assert.Equal(before, Values());
            Assert.Equal(0, Namespace.Index("vrrp.51"));
        }

        Assert.False(File.Exists(note));
    });

    [Fact]
    public void A_note_of_another_namespace_is_not_believed() => Namespace.Run(static ns =>
    {
        string note = Path.Combine(Path.GetTempPath(), $"vrrpd-note-{Guid.NewGuid():N}.undo");
        ns.Far(() =>
        {
            using CrashNote far = CrashNote.Open(note);
            far.Add("sysctl ipv4/conf/near0/arp_ignore 0 1");
        });
        Set("ipv4/conf/near0/arp_ignore", 1);
        using (Bench bench = new(note))
        {
            bench.Devices.RemoveLeftovers();
            Assert.Equal(1, Value("near0", "arp_ignore"));
        }

        File.Delete(note);
    });

    [Fact]
    public void What_somebody_else_has_decided_meanwhile_is_left_alone() => Namespace.Run(static () =>
    {
        using Bench bench = new();
        Assert.Equal(0, bench.Devices.Create(Wish()));
        Set("ipv4/conf/near0/arp_ignore", 2);
        Assert.Equal(0, bench.Devices.Remove("vrrp.51"));
        Assert.Equal((2, 0), (Value("near0", "arp_ignore"), Value("near0", "arp_filter")));
    });

    [Fact]
    public void The_last_of_two_devices_gives_back_what_both_needed() => Namespace.Run(static () =>
    {
        using Bench bench = new();
        Set("ipv4/conf/all/rp_filter", 1);
        Assert.Equal(0, bench.Devices.Create(Wish()));
        Assert.Equal(0, bench.Devices.Create(Wish() with { Name = "other", Mac = new MacAddress(0x020000000001) }));
        Assert.Equal(0, bench.Devices.Remove("vrrp.51"));
        Assert.Equal((1, 0, 1), (Value("near0", "arp_ignore"), Value("all", "rp_filter"), Value("near0", "rp_filter")));
        Assert.Equal(0, bench.Devices.Remove("other"));
        Assert.Equal((0, 1, 0), (Value("near0", "arp_ignore"), Value("all", "rp_filter"), Value("near0", "rp_filter")));
    });

    [Fact]
    public void A_device_over_an_interface_that_is_down_or_gone_is_an_errno_and_a_line() => Namespace.Run(static () =>
    {
        using Bench bench = new();
        Assert.Equal(Errno.ENODEV, bench.Devices.Create(Wish() with { ParentIndex = 9999 }));
        Assert.Contains("(VI_1) VMAC interface vrrp.51 over near0: the interface below: No such device", bench.Text(), StringComparison.Ordinal);
        Namespace.Ip("link set near0 down");
        Assert.Equal(0, bench.Devices.Create(Wish()));
        Namespace.Ip("link set near0 up");
        Assert.Contains("state UP", Namespace.Ip("link show dev vrrp.51"), StringComparison.Ordinal);

        // Deleted by somebody: made again under the same name, and nothing is claimed twice.
        Namespace.Ip("link del vrrp.51");
        Assert.Equal(0, bench.Devices.Create(Wish()));
        Assert.Equal(0, bench.Devices.Remove("vrrp.51"));
        Assert.Equal(0, Value("near0", "arp_ignore"));
    });

    [Fact]
    public void An_ipvlan_is_refused_with_its_reason_where_the_kernel_has_none() => Namespace.Run(static () =>
    {
        using Bench bench = new();
        DeviceWish wish = Wish() with { IsIpvlan = true, Address = Ip.FromV4(10, 9, 0, 9), PrefixLength = 24 };
        if (bench.Devices.Create(wish) is int error and not 0)
        {
            Assert.Equal(Errno.EOPNOTSUPP, error);
            Assert.Contains("this kernel has no such devices", bench.Text(), StringComparison.Ordinal);
            Assert.Equal(0, Value("near0", "arp_ignore"));
            return;
        }

        Assert.Contains("ipvlan  mode l2 bridge", Namespace.Ip("-d link show dev vrrp.51"), StringComparison.Ordinal);
        Assert.Contains("10.9.0.9/24", Namespace.Ip("addr show dev vrrp.51"), StringComparison.Ordinal);
        Assert.Equal(0, bench.Devices.Remove("vrrp.51"));
    });

    [Fact]
    public void A_value_that_cannot_be_set_is_a_line_that_says_what_does_not_work() => Namespace.Run(static () =>
    {
        using Bench bench = new();
        Assert.False(bench.Sysctls.Set("ipv4/conf/near0/no_such_value", 1, "nothing works"));
        Assert.Contains("cannot set sysctl net.ipv4.conf.near0.no_such_value to 1: No such file or directory - nothing works", bench.Text(),
            StringComparison.Ordinal);

        // The kernel takes this one and keeps another.
        Assert.False(bench.Sysctls.Set("ipv4/conf/near0/mc_forwarding", 1, "nothing works"));
        Assert.Contains("mc_forwarding to 1: ", bench.Text(), StringComparison.Ordinal);
    });

    internal static DeviceWish Wish() => new()
    {
        Router = "VI_1",
        Name = "vrrp.51",
        Parent = "near0",
        ParentIndex = Namespace.Index("near0"),
        Mac = new MacAddress(0x00005e000133),
        Group = Ip.FromV4(224, 0, 0, 18),
    };

    internal static Ip LinkLocal(byte last) => Ip.FromV6(0xfe80_0000_0000_0000, last);

    private static int Value(string name, string key) => Sysctls.TryRead($"ipv4/conf/{name}/{key}", out int value) ? value : -1;

    private static void Set(string path, int value) => File.WriteAllText("/proc/sys/net/" + path, $"{value}\n");

    private static string Values()
    {
        string values = "";
        foreach (string name in new[] { "all", "default", "near0" })
        {
            foreach (string key in new[] { "arp_ignore", "arp_filter", "arp_announce", "rp_filter", "accept_local", "promote_secondaries" })
            {
                values += $"{name}.{key}={Value(name, key)} ";
            }
        }

        return values;
    }
}

/// <summary>The room's parts put together as the daemon does, with a console that can be read.</summary>
internal sealed class Bench : IDisposable
{
    private readonly Pipe _pipe = new();
    private readonly LogWriter _log;
    private readonly CrashNote _note;

    public Bench(string note = "", FirewallOptions? options = null)
    {
        _log = new LogWriter(new LogOptions { Console = true, Detail = true, ConsoleFd = _pipe.WriteFd });
        _note = CrashNote.Open(note);
        Sysctls = new Sysctls(_log, _note);
        Filter = new PacketFilter(options ?? new FirewallOptions(), _log, _note);
        Devices = new VirtualDevices(LinkRequests.Open(out int _)!, Sysctls, Filter, _note, _log);
    }

    public Sysctls Sysctls { get; }

    public PacketFilter Filter { get; }

    public VirtualDevices Devices { get; }

    public string Text() => _pipe.Read();

    public int Lines() => Text().Split('\n').Length - 1;

    /// <summary>As after kill -9: nothing is undone.</summary>
    public void Abandon()
    {
        _note.Dispose();
        _log.Dispose();
        _pipe.Dispose();
    }

    public void Dispose()
    {
        Devices.Close();
        Filter.Close();
        Sysctls.Close();
        _note.Remove();
        Abandon();
    }
}
