using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;

namespace Vrrpd.Sim;

/// <summary>An interface as the kernel has it.</summary>
internal sealed class NetDevice(string name, int segment, MacAddress mac)
{
    public string Name => name;
    public int Segment => segment;
    public MacAddress Mac => mac;
    public bool IsPresent { get; set; } = true;
    public LinkFlags Flags { get; set; } = LinkFlags.Up | LinkFlags.Running;
    public bool IsUp => IsPresent && (Told & (LinkFlags.Up | LinkFlags.Running)) == (LinkFlags.Up | LinkFlags.Running);

    /// <summary>Flags as the kernel tells them: a device over another one has no carrier without it.</summary>
    public LinkFlags Told => Base is { IsUp: false } ? Flags & ~LinkFlags.Running : Flags;

    /// <summary>What a macvlan stands on.</summary>
    public NetDevice? Base { get; init; }
    public List<(Ip Address, byte PrefixLength)> Addresses { get; } = [];

    /// <summary>Those that it gets whenever it is made.</summary>
    public List<(Ip Address, byte PrefixLength)> Own { get; } = [];

    /// <summary>Not a virtual one, which another host may have at the same time.</summary>
    public bool IsOwn(Ip address) => Own.Exists(own => own.Address == address);

    public bool Has(Ip address)
    {
        foreach ((Ip has, _) in Addresses)
        {
            if (has == address)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What a netlink socket would say, by name, since the daemon's numbers may change before it is read.</summary>
internal sealed record News(HostEventKind Kind, NetDevice? Device)
{
    public Ip Address { get; init; }
    public byte PrefixLength { get; init; }
    public string Script { get; init; } = "";
    public int Run { get; init; }
    public int Status { get; init; }
}

/// <summary>A raw socket bound to an interface.</summary>
internal sealed class Listener(NetDevice device, ChannelConfig config)
{
    public NetDevice Device => device;

    /// <summary>Channel in the configuration in force; -1 once it is closed.</summary>
    public short Number { get; set; }

    public bool Hears(Packet packet)
    {
        if (!device.IsUp || packet.Segment != device.Segment || packet.Source.IsV6 != config.IsV6 || packet.Protocol == AhProtocol != config.IsAh)
        {
            return false;
        }

        return packet.Destination.IsMulticast ? Array.IndexOf(config.Groups, packet.Destination) >= 0
            : device.Has(packet.Destination) && device.IsOwn(packet.Destination);
    }

    private const byte AhProtocol = 51;
}
