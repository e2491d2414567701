using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// Does this packet concern the router and agree with its configuration? Everything is asked in keepalived's order, so that a packet with two
/// faults is counted under the same one, but for the version, which is asked first: a neighbour that speaks another one should be called that,
/// not "too long". Nothing that fails here may move a timer, and nothing of it is remembered.
/// </summary>
internal sealed class AdvertCheck(RouterConfig config, TalkState talk, RouterStats stats, RejectLog log)
{
    private RouterConfig _config = config;
    private long _expected;
    private long _got;

    public void Adopt(RouterConfig next) => _config = next;

    /// <summary>
    /// The advert, or why it is refused, which has been counted and said (at most once a minute for each reason). An accepted one is counted,
    /// and its sender's marks are moved.
    /// </summary>
    public WireError Check(scoped in IpPacket ip, Instant now, ref EffectSink sink, out VrrpPacket packet)
    {
        (_expected, _got) = (0, 0);
        WireError error = Judge(ip, now, out packet, out Findings found);
        if (error != WireError.None)
        {
            stats.Count(error);
            log.Refuse(error, ip.Source, _expected, _got, now, ref sink);
            packet = default;
            return error;
        }

        stats.AdvertsReceived++;
        stats.PriorityZeroReceived += packet.Priority == 0 ? 1 : 0;
        Remember(ip.Source, packet, found, now, ref sink);
        return WireError.None;
    }

    /// <summary>A packet for a router that does not listen: counted, not worth a line.</summary>
    public WireError Ignore()
    {
        stats.Count(WireError.NotListening);
        return WireError.NotListening;
    }

    /// <summary>Same addresses in whatever order. A difference is reported, never refused (keepalived since 2.3.3).</summary>
    public static bool SameAddresses(scoped in VrrpPacket packet, RouterConfig config)
    {
        if (packet.Count != config.Addresses.Length)
        {
            return false;
        }

        for (int i = 0; i < packet.Count; i++)
        {
            // Both ends nearly always have the same file, hence the same order: look at the same place first.
            if (packet.Address(i) != config.Addresses[i].Address && !Contains(config.Addresses, packet.Address(i)))
            {
                return false;
            }
        }

        return true;
    }

    private WireError Judge(scoped in IpPacket ip, Instant now, out VrrpPacket packet, out Findings found)
    {
        packet = default;
        found = default;
        if (ip.IsV6 != _config.IsV6)
        {
            return WireError.BadIpHeader;
        }

        if (ip.IsV6 && !IsForUs(ip.Destination))
        {
            return Refuse(WireError.BadDestination, (long)ip.Destination.High, (long)ip.Destination.Low);
        }

        ReadOnlySpan<byte> message = ip.Payload;
        bool isSigned = ip.Protocol == AuthHeader.Protocol;
        if (isSigned != talk.Password is not null)
        {
            return Refuse(WireError.AuthTypeMismatch, (long)_config.Auth, isSigned ? VrrpPacket.AuthHeader : 0);
        }

        AuthHeader header = default;
        WireError error = isSigned ? AuthHeader.TryParse(message, out header) : WireError.None;
        if (error != WireError.None)
        {
            return Refuse(error, AuthHeader.Length, message.Length);
        }

        message = isSigned ? header.Payload : message;
        error = CheckShape(ip, message, now, out packet, out ReadOnlySpan<byte> behind);
        error = error == WireError.None ? CheckTrailer(ip, packet, behind, now, ref found) : error;
        error = error == WireError.None && packet.Version == VrrpPacket.Version2 ? CheckAuthType(packet) : error;
        error = error == WireError.None && isSigned ? CheckSignature(ip, header) : error;
        error = error == WireError.None ? CheckFields(packet) : error;
        error = error == WireError.None ? CheckSum(ip, packet, behind, ref found) : error;
        if (error == WireError.None && !IsForUs(ip.Destination))
        {
            return Refuse(WireError.BadDestination, 0, ip.Destination.V4);
        }

        found.Sequence = isSigned ? header.Sequence : found.Sequence;
        return error != WireError.None ? error : _config is { IgnoresAdverts: true, IsOwner: true } ? WireError.OwnerIgnores : CheckPeer(ip);
    }

    /// <summary>Version, lengths, and what protects against packets from afar.</summary>
    private WireError CheckShape(scoped in IpPacket ip, ReadOnlySpan<byte> message, Instant now, out VrrpPacket packet, out ReadOnlySpan<byte> behind)
    {
        WireError error = VrrpPacket.TryView(message, ip.IsV6, out packet, out behind);
        int version = message.Length < VrrpPacket.HeaderLength ? _config.Version : message[0] >> 4;
        if (version != _config.Version)
        {
            if (version != VrrpPacket.Version2 || !_config.IsDual || ip.IsV6)
            {
                return Refuse(WireError.BadVersion, _config.Version, version);
            }

            // RFC 9568 8.4.2: version 2 of a router that is heard in version 3 says nothing new.
            int known = talk.Peers.Find(ip.Source);
            if (known >= 0 && now < talk.Peers[known].NewerUntil)
            {
                return WireError.OlderVersion;
            }
        }

        bool hasTrailer = talk.Hmac is not null && behind.Length == HmacTrailer.Length;
        if (error != WireError.None || (!behind.IsEmpty && !hasTrailer))
        {
            int whole = message.Length < VrrpPacket.HeaderLength ? VrrpPacket.HeaderLength : VrrpPacket.Length(version, ip.IsV6, message[3]);
            return Refuse(error == WireError.None ? WireError.BadLength : error, whole, message.Length);
        }

        // RFC 9568 7.1: MUST be 255; nobody off-link can make that (GTSM). Unicast crosses routers.
        return !_config.IsUnicast && ip.HopLimit != VrrpPacket.RequiredTtl
            ? Refuse(WireError.BadTtl, VrrpPacket.RequiredTtl, ip.HopLimit)
            : WireError.None;
    }

    private WireError CheckTrailer(scoped in IpPacket ip, scoped in VrrpPacket packet, ReadOnlySpan<byte> behind, Instant now, ref Findings found)
    {
        if (talk.Hmac is not { } guard)
        {
            return WireError.None;
        }

        if (behind.IsEmpty)
        {
            if (guard.Enforces)
            {
                return WireError.TrailerMissing;
            }

            // Accepted, and counted all the same: the migration is over when this stands still.
            stats.Count(WireError.TrailerMissing);
            return WireError.None;
        }

        int known = talk.Peers.Find(ip.Source);
        if (_config.IsUnicast && PeerOf(ip.Source) < 0)
        {
            return WireError.UnknownPeer;
        }

        HmacTrailer trailer = new(behind);
        SequenceMark none = default;
        ref SequenceMark mark = ref none;
        if (known >= 0)
        {
            mark = ref talk.Peers[known].Mark;
        }

        WireError error = guard.Check(trailer, packet.Bytes, ip.Source, ref mark, now, out _expected, out _got);
        (found.HasTrailer, found.Trailer) = (true, trailer.Sequence);
        return error;
    }

    private WireError CheckAuthType(scoped in VrrpPacket packet)
    {
        if (packet.AuthType > VrrpPacket.AuthHeader)
        {
            return Refuse(WireError.InvalidAuthType, (long)_config.Auth, packet.AuthType);
        }

        // In dual mode the configuration is that of version 3, and version 2 beside it has none.
        AuthType expected = _config.Version == VrrpPacket.Version2 ? _config.Auth : AuthType.None;
        if (packet.AuthType != (byte)expected)
        {
            return Refuse(WireError.AuthTypeMismatch, (long)expected, packet.AuthType);
        }

        return expected == AuthType.Pass && !packet.IsV6 && packet.AuthData != _config.AuthPass ? WireError.AuthFailure : WireError.None;
    }

    private WireError CheckSignature(scoped in IpPacket ip, scoped in AuthHeader header)
    {
        if (!AuthHeader.Verify(ip, talk.Password!, _config.IsUnicast))
        {
            return WireError.BadIcv;
        }

        if (header.Spi != ip.Source.V4)
        {
            return Refuse(WireError.BadSpi, ip.Source.V4, header.Spi);
        }

        return header.Sequence <= talk.HeardSequence ? Refuse(WireError.ReplayedSequence, talk.HeardSequence, header.Sequence) : WireError.None;
    }

    private WireError CheckFields(scoped in VrrpPacket packet)
    {
        // RFC 3768 7.1: version 2 MUST discard another interval, since both sides compute their timeouts from their own.
        if (packet.Version == VrrpPacket.Version2 && !_config.IsDual && packet.Interval != _config.AdvertInterval)
        {
            return Refuse(WireError.IntervalMismatch, (long)_config.AdvertInterval.TotalSeconds, packet.IntervalUnits);
        }

        if (packet.Type != VrrpPacket.Advertisement)
        {
            return Refuse(WireError.BadType, VrrpPacket.Advertisement, packet.Type);
        }

        if (packet.IntervalUnits == 0)
        {
            return WireError.ZeroInterval;
        }

        // Whoever has no address to advertise himself (only excluded ones, or routes) expects none of others, either.
        return packet.Version == VrrpPacket.Version3 && packet.Count == 0 && _config.Addresses.Length > 0
            ? Refuse(WireError.NoAddresses, _config.Addresses.Length, 0)
            : WireError.None;
    }

    private WireError CheckSum(scoped in IpPacket ip, scoped in VrrpPacket packet, ReadOnlySpan<byte> behind, ref Findings found)
    {
        found.Form = packet.FindChecksum(ip.Source, ip.Destination, behind);
        if (found.Form != ChecksumForm.None && (found.Form != ChecksumForm.OldUnicast || _config.Checksum != ChecksumChoice.NeverOldUnicast))
        {
            return WireError.None;
        }

        return Refuse(WireError.BadChecksum, packet.Version, packet.ChecksumField);
    }

    private WireError CheckPeer(scoped in IpPacket ip)
    {
        if (!_config.IsUnicast)
        {
            return WireError.None;
        }

        int peer = PeerOf(ip.Source);
        if (peer < 0)
        {
            return _config.ChecksUnicastSource ? WireError.UnknownPeer : WireError.None;
        }

        (short least, short most) = (_config.Peers[peer].MinTtl, _config.Peers[peer].MaxTtl);
        bool isOutside = (least >= 0 && ip.HopLimit < least) || (most >= 0 && ip.HopLimit > most);
        return isOutside ? Refuse(WireError.PeerTtl, Math.Max((int)least, 0) * 256 + (most < 0 ? byte.MaxValue : most), ip.HopLimit) : WireError.None;
    }

    /// <summary>The advert is accepted: what it says of its sender is kept.</summary>
    private void Remember(Ip source, scoped VrrpPacket packet, scoped Findings found, Instant now, ref EffectSink sink)
    {
        if (talk.Password is not null)
        {
            talk.HearSequence(found.Sequence);
        }

        bool hasForms = packet.Version == VrrpPacket.Version3 && !packet.IsV6;
        if (!hasForms && !found.HasTrailer && !_config.IsDual)
        {
            return;
        }

        ref PeerNote note = ref talk.Peers[talk.Peers.FindOrAdd(source)];
        note.HeardAt = now;
        if (found.HasTrailer)
        {
            note.Mark.Set(found.Trailer, now);
        }

        if (_config.IsDual && packet.Version == VrrpPacket.Version3)
        {
            note.NewerUntil = now + packet.Interval * 3;
        }

        if (hasForms && note.Form != found.Form)
        {
            note.Form = found.Form;
            talk.HasOldPeer |= found.Form == ChecksumForm.OldUnicast && PeerOf(source) >= 0;
            log.SayForm(found.Form, source, now, ref sink);
        }
    }

    /// <summary>Multicast to the group, or unicast where that is configured: a raw socket hears both.</summary>
    private bool IsForUs(Ip destination) => _config.IsUnicast ? !destination.IsMulticast : destination == _config.Group;

    private int PeerOf(Ip source)
    {
        for (int i = 0; i < _config.Peers.Length; i++)
        {
            if (_config.Peers[i].Address == source)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>With what the line about it tells.</summary>
    private WireError Refuse(WireError error, long expected, long got)
    {
        (_expected, _got) = (expected, got);
        return error;
    }

    private static bool Contains(VirtualAddress[] addresses, Ip address)
    {
        foreach (VirtualAddress has in addresses)
        {
            if (has.Address == address)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What was found on the way, to be kept if all is well.</summary>
    private ref struct Findings
    {
        public ChecksumForm Form;
        public uint Sequence;
        public bool HasTrailer;
        public ulong Trailer;
    }
}
