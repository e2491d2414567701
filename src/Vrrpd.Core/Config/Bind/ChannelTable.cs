using System;
using System.Collections.Generic;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Config;

/// <summary>Numbers the channels: what instances listen on, each interface, family and protocol once.</summary>
public sealed class ChannelTable
{
    private readonly Dictionary<int, short> _numbers = [];
    private readonly List<ChannelConfig> _channels = [];

    /// <summary>The number of the channel of an instance.</summary>
    /// <param name="group">Joined there, unless it is unspecified.</param>
    public short Of(short slot, bool isV6, bool isAh, Ip group)
    {
        int key = slot << 2 | (isV6 ? 2 : 0) | (isAh ? 1 : 0);
        if (!_numbers.TryGetValue(key, out short number))
        {
            number = (short)_channels.Count;
            _numbers.Add(key, number);
            _channels.Add(new(slot, isV6, isAh, group.IsUnspecified ? [] : [group]));
        }
        else if (!group.IsUnspecified && Array.IndexOf(_channels[number].Groups, group) < 0)
        {
            _channels[number] = _channels[number] with { Groups = [.. _channels[number].Groups, group] };
        }

        return number;
    }

    public ChannelConfig[] ToArray() => _channels.ToArray();

    /// <summary>A configuration that was put together by hand, with what the binder settles for one that was read.</summary>
    public static DaemonConfig Complete(DaemonConfig config)
    {
        ChannelTable table = new();
        RouterConfig[] routers = Array.ConvertAll(config.Routers, router =>
        {
            Ip group = router.IsUnicast ? default : router.Group.IsUnspecified ? UsualGroup(router.IsV6) : router.Group;
            return router with { Group = group, Channel = table.Of(router.AdvertSlot, router.IsV6, router.Auth == AuthType.Ah, group) };
        });
        return config with { Routers = routers, Channels = table.ToArray() };
    }

    /// <summary>Where adverts go if nothing else is said.</summary>
    public static Ip UsualGroup(bool isV6) => isV6 ? VrrpPacket.Group6 : VrrpPacket.Group;
}
