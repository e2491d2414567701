namespace Vrrpd.Core.Wire;

/// <summary>Why a datagram was refused. Every value is a counter and a rate-limited log line; 0 is the only good one.</summary>
public enum WireError : byte
{
    None = 0,

    /// <summary>Shorter than its IP header, or than the VRRP or authentication header behind it.</summary>
    Truncated,

    /// <summary>Not the IP version of its socket, a bad header length, or an IP protocol other than the channel's.</summary>
    BadIpHeader,

    /// <summary>IP total length, count of addresses and received length do not agree.</summary>
    BadLength,

    /// <summary>TTL or hop limit is not 255: the packet crossed a router or was made elsewhere (RFC 9568 7.1).</summary>
    BadTtl,

    /// <summary>VRRP version other than the configured one.</summary>
    BadVersion,

    /// <summary>VRRP type other than 1, ADVERTISEMENT.</summary>
    BadType,

    /// <summary>The checksum is wrong under every form that is known.</summary>
    BadChecksum,

    /// <summary>Multicast to a unicast instance, unicast to a multicast one, or to another group.</summary>
    BadDestination,

    /// <summary>No virtual router with this VRID on this interface.</summary>
    UnknownVrid,

    /// <summary>The virtual router is in FAULT or not yet started and does not listen.</summary>
    NotListening,

    /// <summary>Authentication type not known (RFC 2338 has 0, 1 and 2).</summary>
    InvalidAuthType,

    /// <summary>Authentication type differs from the configured one, or an authentication header is there or missing against the configuration.</summary>
    AuthTypeMismatch,

    /// <summary>The password differs.</summary>
    AuthFailure,

    /// <summary>Version 2: advertisement interval differs from ours.</summary>
    IntervalMismatch,

    /// <summary>Version 3: count of addresses 0, where ours is not (RFC 9568 5.2.5, erratum 8299).</summary>
    NoAddresses,

    /// <summary>Version 3: interval 0, by which every backup would take over at once (RFC 9568 5.2.7, erratum 8301).</summary>
    ZeroInterval,

    /// <summary>The address owner was told to hear nobody (owner_ignore_adverts).</summary>
    OwnerIgnores,

    /// <summary>Dual version: version 2 of a router that is heard in version 3 (RFC 9568 8.4.2). No fault.</summary>
    OlderVersion,

    /// <summary>Unicast: not from one of the peers (check_unicast_src).</summary>
    UnknownPeer,

    /// <summary>Unicast: TTL outside min_ttl..max_ttl of that peer.</summary>
    PeerTtl,

    /// <summary>The authentication header is not one that VRRP uses.</summary>
    BadAuthHeader,

    /// <summary>AH: the integrity check value is wrong, most likely for another password.</summary>
    BadIcv,

    /// <summary>AH: the security parameters index is not the source address.</summary>
    BadSpi,

    /// <summary>AH: the sequence number has not grown.</summary>
    ReplayedSequence,

    /// <summary>auth_hmac: there is no trailer, and it is enforced.</summary>
    TrailerMissing,

    /// <summary>auth_hmac: the trailer is of another kind.</summary>
    TrailerMalformed,

    /// <summary>auth_hmac: the sender's clock is further from ours than the window, or the packet that old.</summary>
    TrailerStale,

    /// <summary>auth_hmac: signed with a key whose id we do not have.</summary>
    TrailerUnknownKey,

    /// <summary>auth_hmac: the code is wrong: other key material, or a forgery.</summary>
    TrailerInvalid,

    /// <summary>auth_hmac: the sequence has not grown since the last packet of this sender.</summary>
    TrailerReplayed,
}

/// <summary>What all of <see cref="WireError"/> have.</summary>
public static class WireErrors
{
    /// <summary>Length of an array with a place for each.</summary>
    public const int Count = (int)WireError.TrailerReplayed + 1;

    /// <summary>The name of the counter: keepalived's where it has one.</summary>
    public static string CounterName(WireError error) => error switch
    {
        WireError.Truncated => "truncated",
        WireError.BadIpHeader => "ip_header_err",
        WireError.BadLength => "packet_len_err",
        WireError.BadTtl => "ip_ttl_err",
        WireError.BadVersion => "version_err",
        WireError.BadType => "invalid_type_rcvd",
        WireError.BadChecksum => "checksum_err",
        WireError.BadDestination => "destination_err",
        WireError.UnknownVrid => "vrid_err",
        WireError.NotListening => "not_listening",
        WireError.InvalidAuthType => "invalid_authtype",
        WireError.AuthTypeMismatch => "authtype_mismatch",
        WireError.AuthFailure => "auth_failure",
        WireError.IntervalMismatch => "advert_interval_err",
        WireError.NoAddresses => "no_addresses_err",
        WireError.ZeroInterval => "zero_interval_err",
        WireError.OwnerIgnores => "owner_ignored",
        WireError.OlderVersion => "older_version_ignored",
        WireError.UnknownPeer => "unicast_src_err",
        WireError.PeerTtl => "unicast_ttl_err",
        WireError.BadAuthHeader => "auth_header_err",
        WireError.BadIcv => "auth_icv_err",
        WireError.BadSpi => "auth_spi_err",
        WireError.ReplayedSequence => "auth_sequence_err",
        WireError.TrailerMissing => "auth_ext_missing",
        WireError.TrailerMalformed => "auth_ext_malformed",
        WireError.TrailerStale => "auth_ext_stale",
        WireError.TrailerUnknownKey => "auth_ext_unknown_key",
        WireError.TrailerInvalid => "auth_ext_invalid_hmac",
        WireError.TrailerReplayed => "auth_ext_replay",
        _ => "",
    };
}
