using System;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Native.Tests;

/// <summary>A small configuration and packets for it.</summary>
internal static class Samples
{
    public static VirtualAddress Vip(string label = "", byte prefix = 24) => new()
    {
        Address = Ip.FromV4(10, 9, 0, 100),
        PrefixLength = prefix,
        Interface = 0,
        Words = new() { Broadcast = Ip.FromV4(10, 9, 0, 255), Label = label },
    };

    public static DaemonConfig Config(params VirtualAddress[] vips) => ChannelTable.Complete(new DaemonConfig
    {
        Globals = new GlobalConfig(),
        Interfaces = ["near0"],
        Routers = [new RouterConfig { Name = "VI_1", Interface = 0, Vrid = 51, Addresses = vips }],
        Scripts = [],
    });

    /// <summary>A channel of slot 0; without groups for unicast alone.</summary>
    public static ChannelConfig Channel(bool isAh = false, params Ip[] groups) => new(0, groups.Length > 0 && groups[0].IsV6, isAh, groups);

    public static ChannelConfig Channel() => Channel(isAh: false, ChannelTable.UsualGroup(isV6: false));

    public static Effect Address(EffectKind kind, VirtualAddress vip) =>
        new(kind, 0) { Slot = vip.Interface, Vip = vip, Address = vip.Address };

    /// <summary>A VRRPv2 advert of 10.9.0.1 to 224.0.0.18. The kernel fills in length and checksum of the IP header; that of VRRP is left out.</summary>
    public static byte[] Advert(byte protocol = 112)
    {
        byte[] packet = new byte[40];
        ReadOnlySpan<byte> header = [0x45, 0xc0, 0, 40, 0, 1, 0, 0, 255, protocol, 0, 0, 10, 9, 0, 1, 224, 0, 0, 18];
        ReadOnlySpan<byte> body = [0x21, 51, 100, 1, 0, 1, 0, 0, 10, 9, 0, 100];
        header.CopyTo(packet);
        body.CopyTo(packet.AsSpan(20));
        return packet;
    }

    /// <summary>An advert for the router of <see cref="Config"/> with that priority, valid to the last bit.</summary>
    public static byte[] ValidAdvert(byte priority)
    {
        const int Body = 20;
        byte[] packet = Advert();
        packet[Body + 2] = priority;
        uint sum = 0;
        for (int i = Body; i < packet.Length; i += 2)
        {
            sum += (uint)(packet[i] << 8 | packet[i + 1]);
        }

        sum = (sum & 0xffff) + (sum >> 16);
        packet[Body + 6] = (byte)(~sum >> 8);
        packet[Body + 7] = (byte)~sum;
        return packet;
    }

    /// <summary>A whole advert of version 3 to ff02::12, as valid.</summary>
    public static byte[] ValidAdvert6(Ip source, byte priority, params Ip[] addresses)
    {
        int length = VrrpPacket.Length(VrrpPacket.Version3, true, addresses.Length);
        byte[] packet = new byte[Ipv6Header.Length + length];
        ushort seed = VrrpPacket.Seed(ChecksumForm.PseudoHeader, source, VrrpPacket.Group6, length);
        VrrpPacket.Write(packet.AsSpan(Ipv6Header.Length), new Advert
        {
            Version = VrrpPacket.Version3,
            IsV6 = true,
            Vrid = 51,
            Priority = priority,
            Interval = TimeSpan.FromSeconds(1),
            Addresses = addresses,
        }, seed);
        Ipv6Header.Write(packet, source, VrrpPacket.Group6, 255, VrrpPacket.Protocol, 0xc0, length);
        return packet;
    }
}
