using System;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Netlink;
using Xunit;

namespace Vrrpd.Native.Tests.Netlink;

public sealed class NetlinkMessageTests
{
    /// <summary>10.9.0.100/24 brd 10.9.0.255 label near0:1 on interface 7, sequence 0x01020304; written by hand from the kernel's headers.</summary>
    private const string AddRequest =
        "44000000 1400 0505 04030201 00000000"
        + "02 18 00 00 07000000"
        + "0800 0200 0a090064"
        + "0800 0100 0a090064"
        + "0800 0400 0a0900ff"
        + "0c00 0300 6e656172303a3100"
        + "0500 0b00 12 000000";

    private const string RemoveRequest =
        "28000000 1500 0500 04030201 00000000"
        + "02 18 00 00 07000000"
        + "0800 0200 0a090064"
        + "0800 0100 0a090064";

    /// <summary>Captured: RTM_NEWLINK of near0, index 3, up and running; cut behind the name.</summary>
    private const string CapturedLink =
        "2c00000010000000000000000000000000000100030000004310010000000000" + "0a0003006e65617230000000";

    /// <summary>Captured: RTM_DELLINK of family AF_BRIDGE, sent when near0 left its bridge.</summary>
    private const string CapturedBridgePort =
        "58000000110000000000000000000000070001000300000003100000000000000a0003006e6561723000000008000a0004000000"
        + "08000400dc05000005001000030000000a000100a2d2852af56500000800050002000000";

    /// <summary>Captured: RTM_NEWADDR and RTM_DELADDR of 10.9.0.100/24 brd 10.9.0.255 label near0:vip on index 3.</summary>
    private const string CapturedAddress =
        "5c00000014000000c145036b2d7000000218800003000000080001000a090064080002000a090064080004000a0900ff0e0003006e656172"
        + "303a766970000000080008008000000014000600ffffffffffffffff7859050078590500";
    private const string CapturedRemoval =
        "5c00000015000000c145036b307000000218800003000000080001000a090064080002000a090064080004000a0900ff0e0003006e656172"
        + "303a766970000000080008008000000014000600ffffffffffffffff7859050078590500";

    [Theory]
    [InlineData((int)EffectKind.AddAddress, AddRequest)]
    [InlineData((int)EffectKind.RemoveAddress, RemoveRequest)]
    public void AddressRequestsAreTheseBytes(int kind, string expected)
    {
        byte[] buffer = new byte[256];
        Array.Fill(buffer, (byte)0xa5);
        NetlinkWriter writer = new(buffer);
        Assert.True(NetlinkRequests.WriteAddress(ref writer, (EffectKind)kind, Samples.Vip("near0:1"), 7, 0x01020304));
        Assert.Equal(Bytes(expected), buffer[..writer.Length]);
    }

    [Fact]
    public void AnIpv6AddressIsAddedWithoutDuplicateAddressDetection()
    {
        Assert.True(Ip.TryParseV6("fd00::1", out Ip address));
        byte[] buffer = new byte[256];
        NetlinkWriter writer = new(buffer);
        VirtualAddress vip = new() { Address = address, PrefixLength = 64, Interface = 0 };
        Assert.True(NetlinkRequests.WriteAddress(ref writer, EffectKind.AddAddress, vip, 7, 1));
        Assert.Contains("0800080002000000", Convert.ToHexString(buffer[..writer.Length]), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDoesNotFitLeavesTheWholeMessagesBeforeIt()
    {
        for (int room = 0; room < 2 * 68; room++)
        {
            NetlinkWriter writer = new(new byte[room]);
            bool first = NetlinkRequests.WriteAddress(ref writer, EffectKind.AddAddress, Samples.Vip("near0:1"), 7, 1);
            bool second = NetlinkRequests.WriteAddress(ref writer, EffectKind.AddAddress, Samples.Vip("near0:1"), 7, 2);
            Assert.Equal(room >= 68, first);
            Assert.False(second);
            Assert.Equal(first ? 68 : 0, writer.Length);
        }
    }

    [Fact]
    public void WhatWasWrittenIsReadBack()
    {
        byte[] buffer = new byte[512];
        NetlinkWriter writer = new(buffer);
        Assert.True(NetlinkRequests.WriteAddress(ref writer, EffectKind.AddAddress, Samples.Vip("x"), 7, 1));
        Assert.True(NetlinkRequests.WriteAddress(ref writer, EffectKind.RemoveAddress, Samples.Vip("x"), 8, 2));
        NetlinkReader reader = new(buffer.AsSpan(0, writer.Length));
        Assert.True(reader.TryNext(out NetlinkMessage first));
        Assert.Equal(Libc.RTM_NEWADDR, first.Header.Type);
        Assert.True(first.TryRead(out AddressHeader head, out AttributeReader attributes));
        Assert.Equal((7, 24), (head.Index, head.PrefixLength));
        string seen = "";
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            seen += $"{type}:{value.Length} ";
        }

        Assert.Equal("2:4 1:4 4:4 3:2 11:1 ", seen);
        Assert.True(reader.TryNext(out NetlinkMessage second));
        Assert.Equal(2u, second.Header.Sequence);
        Assert.False(reader.TryNext(out _));
    }

    [Fact]
    public void WhatTheKernelSaidBecomesEvents()
    {
        HostEventQueue events = new(0);
        LinkMonitor monitor = LinkMonitor.Open(["lo0", "near0"], events, out _)!;
        foreach (string captured in new[] { CapturedLink, CapturedAddress, CapturedBridgePort, CapturedAddress, CapturedRemoval })
        {
            monitor.Take(Bytes(captured));
        }

        HostEvent[] expected =
        [
            HostEvent.Link(1, LinkFlags.Up | LinkFlags.Running, default),
            HostEvent.AddressAdded(1, Ip.FromV4(10, 9, 0, 100), 24),
            HostEvent.AddressAdded(1, Ip.FromV4(10, 9, 0, 100), 24),
            HostEvent.AddressRemoved(1, Ip.FromV4(10, 9, 0, 100), 24),
        ];
        foreach (HostEvent e in expected)
        {
            Assert.True(events.TryTake(out HostEvent told));
            Assert.Equal(e, told);
        }

        Assert.Equal(0, events.Count);
        monitor.Close();
    }

    [Fact]
    public void JunkAndCutMessagesNeverThrow()
    {
        LinkMonitor monitor = LinkMonitor.Open(["near0", ""], new HostEventQueue(0), out _)!;
        InterfaceTable table = new(["near0"], new HostEventQueue(0));
        DaemonConfig config = Samples.Config(Samples.Vip());
        byte[] good = new byte[512];
        NetlinkWriter writer = new(good);
        Assert.True(NetlinkRequests.WriteAddress(ref writer, EffectKind.AddAddress, Samples.Vip("near0:1"), 7, 1));
        Assert.True(NetlinkRequests.WriteAddress(ref writer, EffectKind.RemoveAddress, Samples.Vip(), 7, 2));
        byte[] valid = good[..writer.Length];
#pragma warning disable CA5394 // A seeded generator is the point: the run repeats.
        Random random = new(20260101);
        for (int round = 0; round < 50_000; round++)
        {
            byte[] bytes = valid[..random.Next(valid.Length + 1)];
            if (round % 3 == 0)
            {
                bytes = new byte[random.Next(200)];
                random.NextBytes(bytes);
            }

            for (int flips = random.Next(6); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (bytes.Length >= 6 && round % 2 == 0)
            {
                bytes[4] = (byte)random.Next(16, 23);
                bytes[5] = 0;
            }

            monitor.Take(bytes);
            NetlinkReader reader = new(bytes);
            while (reader.TryNext(out NetlinkMessage message))
            {
                _ = message.Error;
            }
        }
#pragma warning restore CA5394

        monitor.Close();
    }

    internal static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
