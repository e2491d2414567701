using System;
using System.Collections.Generic;
using System.Threading;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Netlink;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>Addresses on their way to the kernel and back: words behind them, and duplicate address detection. Needs root.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("fd09::100", 64, AddressTraits.None, null, "inet6 fd09::100/64 scope global nodad \n")]
    [InlineData("fd09::100", 64, AddressTraits.DetectsDuplicates, null, "inet6 fd09::100/64 scope global tentative \n")]
    [InlineData("fd09::100", 128, AddressTraits.None, null, "inet6 fd09::100/128 scope global nodad deprecated \n")]
    [InlineData("fd09::100", 128, AddressTraits.None, uint.MaxValue, "inet6 fd09::100/128 scope global nodad \n")]
    [InlineData("fd09::100", 64, AddressTraits.None, 500u, "preferred_lft 500sec")]
    [InlineData("fe80::100", 64, AddressTraits.None, null, "inet6 fe80::100/64 scope link nodad \n")]
    [InlineData("fd09::100", 64, AddressTraits.Home, null, "home")]
    [InlineData("fd09::100", 64, AddressTraits.ManagesTemporary, null, "mngtmpaddr")]
    [InlineData("fd09::100", 64, AddressTraits.NoPrefixRoute, null, "noprefixroute")]
    [InlineData("10.9.0.100", 24, AddressTraits.NoPrefixRoute, null, "inet 10.9.0.100/24 scope global noprefixroute near0\n")]
    [InlineData("239.9.0.100", 32, AddressTraits.AutoJoin, null, "inet 239.9.0.100/32 scope global autojoin")]
    [InlineData("10.9.0.100", 24, AddressTraits.None, null, "inet 10.9.0.100/24 scope global near0\n")]
    public void TheWordsBehindAnAddressReachTheKernel(string text, byte length, AddressTraits traits, uint? preferred, string shown) => Namespace.Run(() =>
    {
        VirtualAddress vip = Vip(text, length, new AddressExtras { Traits = traits, PreferredLifetime = preferred });
        using Bench bench = new(vip);
        bench.Ask(EffectKind.AddAddress, vip);
        bench.Ask(EffectKind.AddAddress, vip);
        Assert.Contains(shown, Shown(), StringComparison.Ordinal);
        Assert.Contains(bench.Told(), e => e.Kind == HostEventKind.AddressAdded && e.Address == vip.Address && e.PrefixLength == length
            && e.IsTentative == traits.HasFlag(AddressTraits.DetectsDuplicates));
        bench.Ask(EffectKind.RemoveAddress, vip);
        Assert.DoesNotContain(vip.Address.ToString(), Shown(), StringComparison.Ordinal);
        Assert.Contains(HostEvent.AddressRemoved(0, vip.Address, length), bench.Told());
    });

    [Theory]
    [InlineData("10.9.0.100", 32, "10.7.0.1", 24, "inet 10.9.0.100 peer 10.7.0.1/24")]
    [InlineData("fd09::100", 128, "fd07::1", 64, "inet6 fd09::100 peer fd07::1/64")]
    public void AnAddressWithAPeerComesAndGoesAsOne(string text, byte length, string peer, byte peerLength, string shown) => Namespace.Run(() =>
    {
        Assert.True(Ip.TryParse(peer, out Ip far));
        VirtualAddress vip = Vip(text, length, new AddressExtras { Peer = far, PeerLength = peerLength });
        using Bench bench = new(vip);
        bench.Ask(EffectKind.AddAddress, vip);
        Assert.Contains(shown, Shown(), StringComparison.Ordinal);
        Assert.Equal([HostEvent.AddressAdded(0, vip.Address, length)], bench.Told());
        bench.Ask(EffectKind.RemoveAddress, vip);
        Assert.DoesNotContain(text, Shown(), StringComparison.Ordinal);
        Assert.Equal([HostEvent.AddressRemoved(0, vip.Address, length)], bench.Told());
    });

    [Fact]
    public void AnAddressIsTentativeUntilTheKernelSaysOtherwise() => Namespace.Run(ns =>
    {
        ns.Far(static () => Namespace.Ip("addr add fd09::8/64 dev far0 nodad"));
        using Bench bench = new(Samples.Vip());
        Namespace.Ip("addr add fe80::7/64 dev near0");
        Namespace.Ip("addr add fd09::8/64 dev near0");
        Assert.True(Ip.TryParseV6("fe80::7", out Ip fine));
        Assert.True(Ip.TryParseV6("fd09::8", out Ip taken));
        List<HostEvent> told = [];
        for (int i = 0; i < 5 && !told.Contains(HostEvent.AddressAdded(0, fine, 64)); i++)
        {
            told.AddRange(bench.Told());
        }

        Assert.Equal(HostEvent.AddressAdded(0, fine, 64, isTentative: true), told[0]);
        Assert.Contains(HostEvent.AddressAdded(0, taken, 64, isTentative: true), told);
        Assert.Contains(HostEvent.AddressAdded(0, fine, 64), told);
        Assert.DoesNotContain(HostEvent.AddressAdded(0, taken, 64), told);

        // A new look says the same.
        using Bench second = new(Samples.Vip());
        told = second.First;
        Assert.Contains(HostEvent.AddressAdded(0, fine, 64), told);
        Assert.DoesNotContain(HostEvent.AddressAdded(0, taken, 64), told);
    });

    [Fact]
    public void WhatIsNoEthernetIsToldSoOnce()
    {
        HostEventQueue events = new(0);
        InterfaceTable table = new(["ib0"], events);
        const ushort Infiniband = 32;
        _ = table.LinkSeen(7, "ib0"u8, LinkFlags.Up | LinkFlags.Running | LinkFlags.NoArp, default, 1, Infiniband);
        Assert.True(events.TryTake(out HostEvent e) && e.Flags.HasFlag(LinkFlags.NoArp));
        Assert.True(table[0].TryTakeForeign(out ushort type) && type == Infiniband);
        Assert.False(table[0].TryTakeForeign(out _));
        table.LinkGone(0);
        Assert.False(table[0].TryTakeForeign(out _));
    }

    private static VirtualAddress Vip(string text, byte length, AddressExtras extras) => new()
    {
        Address = Ip.TryParse(text, out Ip ip) ? ip : throw new ArgumentException(text),
        PrefixLength = length,
        Interface = 0,
        Words = new AddressWords { Extras = extras },
    };

    /// <summary>Newer versions of `ip` show the mark; what is compared here has none.</summary>
    private static string Shown() => Namespace.Ip("addr show dev near0").Replace(" proto keepalived", "", StringComparison.Ordinal);

    private sealed class Bench : IDisposable
    {
        private readonly Poller _poller = new();
        private readonly Host _host;

        public Bench(VirtualAddress vip)
        {
            Host? host = Host.Open(Samples.Config(vip), _poller, out string error, out int _);
            Assert.True(host is not null, error);
            _host = host;
            First = Told();
        }

        public List<HostEvent> First { get; }

        public void Ask(EffectKind kind, VirtualAddress vip)
        {
            _host.Requests.Queue(Samples.Address(kind, vip), _host.InterfaceIndex(0));
            _host.Requests.Flush();
            Assert.False(_host.Failures.TryTake(out HostEvent e), Errno.Text(e.Value));
        }

        /// <summary>What is told, at least one thing if it comes at all: the kernel tells of IPv6 addresses a moment later.</summary>
        public List<HostEvent> Told()
        {
            List<HostEvent> all = [];
            for (int i = 0; i < 200 && all.Count == 0; i++)
            {
                Thread.Sleep(i == 0 ? 0 : 10);
                _host.Monitor.Read();
                while (_host.Events.TryTake(out HostEvent e))
                {
                    all.Add(e);
                }
            }

            return all;
        }

        public void Dispose()
        {
            _host.Dispose();
            _poller.Dispose();
        }
    }
}
