using System;
using System.Buffers.Binary;
using Vrrpd.Core.Config;
using Vrrpd.Core.Crypto;

namespace Vrrpd.Core.Vrrp;

/// <summary>What the sending and the hearing of one router have in common: keys, sequence numbers, and what is known of its peers.</summary>
internal sealed class TalkState
{
    private ulong _password;
    private uint _sequence;

    public TalkState(RouterConfig config)
    {
        Peers = new PeerTable(config);
        Hmac = HmacGuard.Of(config, null);
        Adopt(config);
    }

    public PeerTable Peers { get; }

    /// <summary>auth_hmac; null without.</summary>
    public HmacGuard? Hmac { get; private set; }

    /// <summary>auth_type AH: the password; null without.</summary>
    public HmacMd5? Password { get; private set; }

    /// <summary>AH: the last sequence number that was heard, 0 before the first. Whatever follows must be greater, whoever sends it.</summary>
    public uint HeardSequence { get; private set; }

    /// <summary>A peer was found that sums the group into its unicast adverts: what is sent to it has to be encoded anew.</summary>
    public bool HasOldPeer { get; set; }

    public void Adopt(RouterConfig next)
    {
        Peers.Adopt(next);
        Hmac = HmacGuard.Of(next, Hmac);
        bool isAh = IsAh(next);
        if (isAh && (Password is null || _password != next.AuthPass))
        {
            Span<byte> key = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(key, next.AuthPass);
            (Password, _password) = (new HmacMd5(key), next.AuthPass);
        }

        Password = isAh ? Password : null;
    }

    /// <summary>AH: the sequence number for the next packet. It goes on from what others have sent: keepalived refuses anything lower.</summary>
    public uint NextSequence() => _sequence = Math.Max(_sequence, HeardSequence) + 1;

    /// <summary>Adverts of that configuration have an authentication header: version 2 over IPv4 only.</summary>
    public static bool IsAh(RouterConfig config) => config is { Auth: AuthType.Ah, IsV6: false, Version: Wire.VrrpPacket.Version2 };

    public void HearSequence(uint sequence) => HeardSequence = sequence;
}
