using System;
using Vrrpd.Core;
using Vrrpd.Native.Netlink;
using Xunit;

namespace Vrrpd.Native.Tests.Netlink;

/// <summary>Requests for devices of our own, byte by byte; written by hand from the kernel's headers.</summary>
public sealed class LinkRequestsTests
{
    /// <summary>vrrp.51 over interface 2, group 7, member of VRF 9: private, with the virtual MAC address.</summary>
    private const string Macvlan =
        "6c000000 1000 0506 04030201 00000000"
        + "00 00 0000 00000000 00000000 00000000"
        + "0800 0500 02000000"
        + "0c00 0300 767272702e353100"
        + "0800 1b00 07000000"
        + "0800 0a00 09000000"
        + "0a00 0100 00005e000133 0000"
        + "1c00 1200"
        + "0b00 0100 6d6163766c616e 00"
        + "0c00 0200" + "0800 0100 01000000";

    /// <summary>The same as an ipvlan: layer 2, vepa.</summary>
    private const string Ipvlan =
        "58000000 1000 0506 04030201 00000000"
        + "00 00 0000 00000000 00000000 00000000"
        + "0800 0500 02000000"
        + "0c00 0300 767272702e353100"
        + "2400 1200"
        + "0a00 0100 6970766c616e 0000"
        + "1400 0200" + "0600 0100 0000 0000" + "0600 0200 0200 0000";

    /// <summary>addr_gen_mode none for interface 7.</summary>
    private const string Silence =
        "30000000 1000 0500 04030201 00000000"
        + "00 00 0000 07000000 00000000 00000000"
        + "1000 1a00" + "0c00 0a00" + "0500 0800 01 000000";

    [Theory]
    [InlineData(false, Macvlan)]
    [InlineData(true, Ipvlan)]
    public void A_device_is_asked_for_with_these_bytes(bool isIpvlan, string expected)
    {
        byte[] buffer = Dirty();
        NetlinkWriter writer = new(buffer);
        LinkWish wish = new()
        {
            Name = "vrrp.51",
            Kind = isIpvlan ? LinkKind.Ipvlan : LinkKind.Macvlan,
            Parent = 2,
            Mac = new MacAddress(0x00005e000133),
            IpvlanFlags = Libc.IPVLAN_F_VEPA,
            Group = isIpvlan ? 0u : 7,
            Vrf = isIpvlan ? 0 : 9,
        };
        Assert.True(LinkRequests.WriteCreate(ref writer, wish, 0x01020304));
        Assert.Equal(Bytes(expected), Convert.ToHexString(buffer[..writer.Length]));
    }

    [Fact]
    public void Addresses_of_its_own_making_are_switched_off_with_these_bytes()
    {
        byte[] buffer = Dirty();
        NetlinkWriter writer = new(buffer);
        LinkRequests.WriteSilence(ref writer, 7, 0x01020304);
        Assert.Equal(Bytes(Silence), Convert.ToHexString(buffer[..writer.Length]));
    }

    [Fact]
    public void A_name_that_no_kernel_takes_does_not_fit_and_does_no_harm()
    {
        NetlinkWriter writer = new(new byte[64]);
        Assert.False(LinkRequests.WriteCreate(ref writer, new LinkWish { Name = new string('x', 500), Kind = LinkKind.Macvlan, Parent = 1 }, 1));
        Assert.Equal(0, writer.Length);
    }

    [Theory]
    [InlineData(Macvlan, LinkKind.Macvlan)]
    [InlineData(Ipvlan, LinkKind.Ipvlan)]
    public void What_is_written_is_what_is_read(string bytes, object kind)
    {
        NetlinkReader reader = new(Convert.FromHexString(Bytes(bytes)));
        Assert.True(reader.TryNext(out NetlinkMessage message));
        Assert.True(LinkRequests.TryRead(message, out LinkFacts facts));
        LinkWish wish = new() { Name = "", Kind = (LinkKind)kind, Parent = 2, Mac = new MacAddress(0x00005e000133), IpvlanFlags = Libc.IPVLAN_F_VEPA };
        Assert.True(facts.Fits(wish));
        Assert.False(facts.Fits(wish with { Parent = 3 }));
        Assert.False(facts.Fits(wish with { Mac = default, IpvlanFlags = 0 }));
    }

    [Fact]
    public void Junk_is_read_without_harm()
    {
        byte[] good = Convert.FromHexString(Bytes(Macvlan));
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = (byte[])good.Clone();
            for (int j = 0; j < 3; j++)
            {
                bytes[random.Next(NetlinkMessage.HeaderBytes, bytes.Length)] = (byte)random.Next();
            }

            NetlinkReader reader = new(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            while (reader.TryNext(out NetlinkMessage message))
            {
                _ = LinkRequests.TryRead(message, out _);
            }
        }
    }

    private static byte[] Dirty()
    {
        byte[] buffer = new byte[256];
        Array.Fill(buffer, (byte)0xa5);
        return buffer;
    }

    private static string Bytes(string text) => text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
}
