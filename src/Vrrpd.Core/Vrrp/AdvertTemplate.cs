using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// The adverts of one router, encoded once as whole IP packets and resent: one for the group or for each unicast peer, and in dual mode each in
/// both versions. From one sending to the next only the identification changes, and what signs it. keepalived's header: class 0xc0
/// (internetwork control), TTL 255 or unicast_ttl, DF clear, identification counting from 1.
/// </summary>
internal sealed class AdvertTemplate
{
    private const byte Class = 0xc0;

    private readonly TalkState _talk;
    private RouterConfig _config;
    private Ready[] _ready = [];
    private Ip[] _addresses = [];
    private Ip _source;
    private byte _priority;
    private ushort _identification;

    public AdvertTemplate(RouterConfig config, TalkState talk)
    {
        _talk = talk;
        _config = config;
        Adopt(config);
    }

    /// <summary>Packets of one sending.</summary>
    public int Count => _ready.Length;

    /// <summary>Reload: what is encoded next is the new configuration's; the identification counts on. <see cref="TalkState.Adopt"/> comes first.</summary>
    public void Adopt(RouterConfig next)
    {
        _config = next;
        _addresses = Array.ConvertAll(next.Addresses, static vip => vip.Address);
        _ready = new Ready[CountOf(next)];
        for (int i = 0; i < _ready.Length; i++)
        {
            int peers = Math.Max(next.Peers.Length, 1);
            byte version = i < _ready.Length / VersionsOf(next) ? next.Version : VrrpPacket.Version2;
            Ip destination = next.IsUnicast ? next.Peers[i % peers].Address : next.Group;
            _ready[i] = new Ready(new byte[Length(next, version)], destination, version);
        }
    }

    /// <summary>Encodes anew, because source, priority or configuration changed.</summary>
    public void Encode(Ip source, byte priority)
    {
        (_source, _priority, _talk.HasOldPeer) = (source, priority, false);
        if (source.IsV6 != _config.IsV6)
        {
            // No address yet: nothing is sent before the next call.
            return;
        }

        foreach (Ready ready in _ready)
        {
            Encode(ready);
        }
    }

    /// <summary>
    /// Adds the next advert to the effects, a packet for each destination; with <paramref name="resign"/> it carries priority 0 whatever was
    /// encoded. Says how many packets that are.
    /// </summary>
    public int Send(bool resign, short router, Instant now, ref EffectSink sink)
    {
        if (_talk.HasOldPeer)
        {
            Encode(_source, _priority);
        }

        // Signed once for all destinations.
        Span<byte> trailer = stackalloc byte[HmacTrailer.Length];
        bool isSigned = false;
        foreach (Ready ready in _ready)
        {
            Span<byte> packet = sink.Free[..ready.Packet.Length];
            ready.Packet.CopyTo(packet);
            Span<byte> message = packet[Before(_config)..];
            if (resign)
            {
                VrrpPacket.PatchPriority(message, 0);
            }

            if (!_config.IsV6)
            {
                Ipv4Header.PatchId(packet, ++_identification);
            }

            if (_talk.Hmac is { Signs: true } guard && ready.Version == _config.Version)
            {
                Span<byte> signed = message[..^HmacTrailer.Length];
                isSigned = isSigned || guard.Sign(trailer, signed, _source, now) > 0;
                trailer.CopyTo(message[signed.Length..]);
                if (_config.IsV6)
                {
                    VrrpPacket.Seal(message, VrrpPacket.Seed(ChecksumForm.PseudoHeader, _source, ready.Destination, message.Length));
                }
            }

            if (_talk.Password is { } password)
            {
                AuthHeader.PatchSequence(packet, _talk.NextSequence());
                AuthHeader.Sign(packet, password, _config.IsUnicast);
            }

            sink.Send(EffectKind.SendAdvert, router, _config.AdvertSlot, packet.Length, ready.Destination);
        }

        return _ready.Length;
    }

    /// <summary>Packets of one advert of that configuration.</summary>
    public static int CountOf(RouterConfig config) => (config.IsUnicast ? config.Peers.Length : 1) * VersionsOf(config);

    /// <summary>Bytes of one advert of that configuration, all its packets together.</summary>
    public static int BytesOf(RouterConfig config) => CountOf(config) * (Length(config, config.Version) + (config.IsDual ? 8 : 0));

    private void Encode(Ready ready)
    {
        byte[] packet = ready.Packet;
        int payload = packet.Length - (_config.IsV6 ? Ipv6Header.Length : Ipv4Header.Length);
        byte protocol = _talk.Password is null ? VrrpPacket.Protocol : AuthHeader.Protocol;
        byte ttl = _config.IsUnicast ? _config.UnicastTtl : VrrpPacket.RequiredTtl;
        if (_config.IsV6)
        {
            Ipv6Header.Write(packet, _source, ready.Destination, ttl, protocol, Class, payload);
        }
        else
        {
            int at = Ipv4Header.Write(packet, _source, ready.Destination, ttl, protocol, id: 0, Class, payload);
            if (_talk.Password is not null)
            {
                // keepalived's security parameters index.
                AuthHeader.Write(packet.AsSpan(at), _source.V4, sequence: 0);
            }
        }

        bool isOwnVersion = ready.Version == _config.Version;
        bool hasAuth = isOwnVersion && ready.Version == VrrpPacket.Version2;
        int length = VrrpPacket.Length(ready.Version, _config.IsV6, _addresses.Length);
        Advert advert = new()
        {
            Version = ready.Version,
            IsV6 = _config.IsV6,
            Vrid = _config.Vrid,
            Priority = _priority,
            Interval = isOwnVersion ? _config.AdvertInterval : WholeSeconds(_config.AdvertInterval),
            AuthType = hasAuth ? (byte)_config.Auth : (byte)0,
            AuthData = hasAuth && _config.Auth == AuthType.Pass ? _config.AuthPass : 0,
            Addresses = _addresses,
        };
        VrrpPacket.Write(packet.AsSpan(Before(_config)), advert, VrrpPacket.Seed(FormFor(ready), _source, ready.Destination, length));
    }

    private ChecksumForm FormFor(Ready ready)
    {
        if (_config.IsV6)
        {
            return ChecksumForm.PseudoHeader;
        }

        if (ready.Version == VrrpPacket.Version2 || _config.Checksum == ChecksumChoice.MessageOnly)
        {
            return ChecksumForm.Message;
        }

        // A peer that was heard to sum the group into its own adverts checks ours likewise, as keepalived up to 1.3.6 did.
        bool isOld = _config.Checksum == ChecksumChoice.OldUnicast
            || (_config.Checksum == ChecksumChoice.PseudoHeader && _talk.Peers.FormOf(ready.Destination) == ChecksumForm.OldUnicast);
        return _config.IsUnicast && isOld ? ChecksumForm.OldUnicast : ChecksumForm.PseudoHeader;
    }

    /// <summary>RFC 9568 8.4.2: version 2 beside version 3 knows only seconds, and at least one; it must not promise more than is kept.</summary>
    private static TimeSpan WholeSeconds(TimeSpan interval) => TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(interval.TotalSeconds)));

    private static int VersionsOf(RouterConfig config) => config is { IsDual: true, IsV6: false, Version: VrrpPacket.Version3 } ? 2 : 1;

    /// <summary>Bytes before the VRRP message.</summary>
    private static int Before(RouterConfig config) =>
        (config.IsV6 ? Ipv6Header.Length : Ipv4Header.Length) + (TalkState.IsAh(config) ? AuthHeader.Length : 0);

    private static int Length(RouterConfig config, byte version) =>
        Before(config) + VrrpPacket.Length(version, config.IsV6, config.Addresses.Length)
        + (version == config.Version && HmacGuard.SignsFor(config) ? HmacTrailer.Length : 0);

    private sealed record Ready(byte[] Packet, Ip Destination, byte Version);
}
