using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// The advert of one router, encoded once as a whole IPv4 packet and resent; only the identification changes from one to the next.
/// keepalived's header: TOS 0xc0 (internetwork control), TTL 255, DF clear, identification counting from 1.
/// </summary>
internal sealed class AdvertTemplate(RouterConfig config)
{
    private const byte Tos = 0xc0;

    private RouterConfig _config = config;
    private byte[] _packet = NewPacket(config);
    private Ip[] _addresses = AddressesOf(config);
    private ushort _identification;

    public int Length => _packet.Length;

    /// <summary>Reload: what is encoded next is the new configuration's; the identification counts on.</summary>
    public void Adopt(RouterConfig next)
    {
        _packet = next.Addresses.Length == _addresses.Length ? _packet : NewPacket(next);
        (_config, _addresses) = (next, AddressesOf(next));
    }

    /// <summary>Encodes anew, because source, priority or configuration changed.</summary>
    public void Encode(Ip source, byte priority)
    {
        int message = VrrpPacket.Write(_packet.AsSpan(Ipv4Header.Length), new Advert
        {
            Vrid = _config.Vrid,
            Priority = priority,
            Interval = _config.AdvertInterval,
            AuthType = (byte)_config.Auth,
            AuthData = _config.AuthPass,
            Addresses = _addresses,
        });
        Ipv4Header.Write(_packet, source, VrrpPacket.Group, VrrpPacket.RequiredTtl, VrrpPacket.Protocol, id: 0, Tos, message);
    }

    /// <summary>Writes the next advert; with <paramref name="resign"/> it carries priority 0 whatever was encoded.</summary>
    public int Write(Span<byte> target, bool resign)
    {
        Span<byte> packet = target[.._packet.Length];
        _packet.CopyTo(packet);
        _identification++;
        Ipv4Header.PatchId(packet, _identification);
        if (resign)
        {
            VrrpPacket.PatchPriority(packet[Ipv4Header.Length..], 0);
        }

        return packet.Length;
    }

    private static byte[] NewPacket(RouterConfig config) => new byte[Ipv4Header.Length + VrrpPacket.Length(VrrpPacket.Version2, false, config.Addresses.Length)];

    private static Ip[] AddressesOf(RouterConfig config) => Array.ConvertAll(config.Addresses, static vip => vip.Address);
}
