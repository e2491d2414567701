using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Vrrpd.Netns.Tests.Interop;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests.Protocol;

/// <summary>A LAN with one router under test, a rival who says what the test wants, and a neighbour on the bridge. Ours is number 5.</summary>
internal sealed class Arena : IDisposable
{
    /// <summary>The number of our address: there is room below and above.</summary>
    public const int Own = 5;

    /// <summary>A rival with a lower address.</summary>
    public const int Below = 2;

    /// <summary>A rival with a higher address.</summary>
    public const int Above = 8;

    /// <summary>Our priority, where the test does not want another.</summary>
    public const int Priority = 100;

    private readonly Capture _capture;
    private Sight[]? _sights;

    /// <summary>Builds it and begins to listen.</summary>
    public Arena(ITestOutputHelper output, Speech speech)
    {
        Speech = speech;
        Lan = new Lan(output);
        Lan.SitOnBridge("10.10.30.9", speech.IsV6 ? ["fe80::9", "fd00:30::9"] : []);
        Host = Lan.AddHost("router", $"10.10.30.{Own}", speech.IsV6 ? $"fe80::{Own}" : "");
        if (speech.IsV6)
        {
            Host.Sh($"ip addr add fd00:30::{Own}/64 dev {Story.Nic} nodad");
        }

        Mac = Host.Sh($"cat /sys/class/net/{Story.Nic}/address").Trim();
        Rival = Lan.Keep(new Rival(Lan, Lan.AddHost("rival", ""), speech));
        _capture = Capture.Start(Lan, "ip proto 112 or arp or ip6");
    }

    /// <summary>What is spoken.</summary>
    public Speech Speech { get; }

    /// <summary>The LAN.</summary>
    public Lan Lan { get; }

    /// <summary>The router's machine.</summary>
    public Host Host { get; }

    /// <summary>Its hardware address.</summary>
    public string Mac { get; }

    /// <summary>The other router.</summary>
    public Rival Rival { get; }

    /// <summary>Starts the router.</summary>
    public Daemon Start(int priority = Priority, string more = "")
    {
        return Daemon.Start(Lan, Host, Kind.Vrrpd, string.Create(CultureInfo.InvariantCulture, $$"""
            global_defs {
                router_id protocol
            }
            vrrp_instance VI_1 {
                state {{(priority == 255 ? "MASTER" : "BACKUP")}}
                interface {{Story.Nic}}
                version {{Speech.Version}}
                virtual_router_id 51
                priority {{priority}}
                advert_int {{Speech.Interval}}
                {{more}}
                virtual_ipaddress {
                    {{string.Join("\n        ", Speech.Addresses)}}
                }
            }

            """));
    }

    /// <summary>Starts the router and waits until it is a backup that has heard a master of this priority; dispose to silence that one.</summary>
    public (Daemon Daemon, IDisposable Reign) StartAsBackup(int master = 200, double interval = 0, string more = "")
    {
        IDisposable reign = Rival.Reigns(master, Above, interval);
        Daemon daemon = Start(more: more);
        daemon.WaitFor("Entering BACKUP STATE", 5);
        Wait.Seconds(1.5 * (interval == 0 ? Speech.Interval : interval));
        return (daemon, reign);
    }

    /// <summary>Starts the router and waits until it is master.</summary>
    public Daemon StartAsMaster(int priority = Priority, string more = "")
    {
        Daemon daemon = Start(priority, more);
        daemon.WaitFor("Entering MASTER STATE", Speech.Down(priority, Speech.Interval) + 3);
        Wait.Until(Holds, 3, "the virtual addresses");
        return daemon;
    }

    /// <summary>True when every virtual address is on the router.</summary>
    public bool Holds()
    {
        string all = Host.Run("ip", "-o", "addr", "show").Out;
        return Array.TrueForAll(Speech.Addresses, address => all.Contains($" {address}/", StringComparison.Ordinal));
    }

    /// <summary>True when none is.</summary>
    public bool IsEmpty()
    {
        string all = Host.Run("ip", "-o", "addr", "show").Out;
        return !Array.Exists(Speech.Addresses, address => all.Contains($" {address}/", StringComparison.Ordinal));
    }

    /// <summary>Everything on the wire, in order; listening ends with the first call.</summary>
    public Sight[] Sights()
    {
        return _sights ??= [.. _capture.Table(Judge.Fields, "vrrp || arp || icmpv6").Select(row => new Sight(row))];
    }

    /// <summary>The router's adverts, in order.</summary>
    public Sight[] Adverts()
    {
        return AdvertsFrom(Own);
    }

    /// <summary>Adverts from the address of this number, in order.</summary>
    public Sight[] AdvertsFrom(int number)
    {
        return [.. Sights().Where(sight => sight.IsAdvert && sight.Source == Speech.Address(number) && (number != Own || sight["eth.src"] == Mac))];
    }

    /// <summary>Asserts that every address was announced after (or without <paramref name="isAnnounced"/>, not announced after) that advert.</summary>
    public void Announces(Sight advert, bool isAnnounced = true)
    {
        IEnumerable<Sight> later = Sights().SkipWhile(sight => sight != advert);
        foreach (string address in Speech.Addresses)
        {
            Assert.Equal(isAnnounced, later.Any(sight => sight.Announces(address) && sight["eth.src"] == Mac));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Lan.Dispose();
    }
}
