using System;
using System.Collections.Generic;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests.Interop;

/// <summary>The judge of the matrix is judged: it finds nothing wrong with what happened, and every single thing that is made wrong in it.</summary>
public sealed class JudgeTests(ITestOutputHelper output)
{
    [NetnsTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_one_frame_says_wrongly_is_seen(bool isV6)
    {
        using Lan lan = new(output);
        Played played = Scenario.Play(lan, new Cell(3, isV6, IsUnicast: false, IsVmac: false, Proof.None, Kind.Keepalived));
        Assert.Empty(played.Faults);
        Sight[] sights = [.. played.Sights];

        // A frame in the middle, when we were master for the second time.
        Change change = played.Changes[2];
        int advert = Array.FindLastIndex(sights, sight => sight.IsAdvert && sight.Source == played.Ours.Address && sight.At < change.To);
        int announcement = Array.FindIndex(sights, sight => sight.Announces(played.Cell.Addresses[0]) && sight.At > change.From);
        int goodbye = Array.FindIndex(sights, sight => sight.IsAdvert && sight.Priority == 0);
        List<(string What, IReadOnlyList<Sight> Sights)> wrong =
        [
            .. Wrong(isV6 ? AdvertV6 : AdvertV4, advert, sights),
            .. Wrong(isV6 ? AnnouncementV6 : AnnouncementV4, announcement, sights),
            ("no goodbye", [.. sights.Where((_, at) => at != goodbye)]),
            ("two goodbyes", [.. sights.Take(goodbye), sights[goodbye], .. sights.Skip(goodbye)]),
            ("a goodbye too early", Replace(sights, goodbye, "frame.time_epoch", Seconds(sights[goodbye], -0.4))),
            ("an address not announced", [.. sights.Where(sight => !sight.Announces(played.Cell.Addresses[^1]))]),
            ("a rival", Replace(sights, advert, isV6 ? "ipv6.src" : "ip.src", played.Theirs.Address)),
            ("a stranger", Replace(sights, advert, isV6 ? "ipv6.src" : "ip.src", isV6 ? "fe80::77" : "10.10.30.77")),
            ("nothing at all", []),
        ];

        string[] unseen = [.. wrong.Where(one => !(played with { Sights = one.Sights }).Faults.Any()).Select(one => one.What)];
        output.WriteLine($"{wrong.Count} wrongs");
        Assert.Empty(unseen);
    }

    private static readonly (string Field, string Text)[] s_advert =
    [
        ("eth.src", "02:00:00:00:00:77"), ("eth.dst", "01:00:5e:00:00:13"), ("vrrp.version", "2"), ("vrrp.type", "2"), ("vrrp.virt_rtr_id", "52"),
        ("vrrp.prio", "151"), ("vrrp.addr_count", "1"), ("vrrp.short_adver_int", "31"), ("vrrp.checksum.status", "0"), ("frame.len", "90"),
        ("_ws.expert.message", "something"), ("_ws.malformed", "malformed"),
    ];

    private static (string Field, string Text)[] AdvertV4 =>
    [
        .. s_advert, ("ip.dst", "224.0.0.19"), ("ip.dsfield", "0x00"), ("ip.ttl", "254"), ("ip.flags.df", "1"), ("ip.checksum.status", "0"),
        ("ip.id", "0x7777"), ("vrrp.ip_addr", "10.10.30.101;10.10.30.100"),
    ];

    private static (string Field, string Text)[] AdvertV6 =>
        [.. s_advert, ("ipv6.dst", "ff02::13"), ("ipv6.tclass", "0x00"), ("ipv6.hlim", "254"), ("vrrp.ipv6_addr", "fd00:30::100;fe80::51")];

    private static (string Field, string Text)[] AnnouncementV4 =>
    [
        ("eth.dst", "02:00:00:00:00:77"), ("arp.src.hw_mac", "02:00:00:00:00:77"), ("arp.dst.hw_mac", "00:00:00:00:00:00"), ("frame.len", "60"),
    ];

    private static (string Field, string Text)[] AnnouncementV6 =>
    [
        ("eth.dst", "33:33:00:00:00:02"), ("ipv6.src", "fe80::1"), ("ipv6.hlim", "64"), ("icmpv6.checksum.status", "0"), ("icmpv6.nd.na.flag.s", "1"),
        ("icmpv6.nd.na.flag.o", "0"), ("icmpv6.opt.linkaddr", ""),
    ];

    private static IEnumerable<(string What, IReadOnlyList<Sight> Sights)> Wrong((string Field, string Text)[] wrongs, int at, Sight[] sights)
    {
        return wrongs.Select(wrong => ($"{wrong.Field} {wrong.Text}", Replace(sights, at, wrong.Field, wrong.Text)));
    }

    private static IReadOnlyList<Sight> Replace(Sight[] sights, int at, string field, string text)
    {
        return [.. sights.Take(at), sights[at].With(field, text), .. sights.Skip(at + 1)];
    }

    private static string Seconds(Sight sight, double later)
    {
        decimal time = decimal.Parse(sight["frame.time_epoch"], System.Globalization.CultureInfo.InvariantCulture);
        return (time + (decimal)later).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
