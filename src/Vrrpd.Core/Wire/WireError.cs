namespace Vrrpd.Core.Wire;

/// <summary>Why a datagram was refused. Every value is a counter and a rate-limited log line; 0 is the only good one.</summary>
public enum WireError : byte
{
    None = 0,

    /// <summary>Shorter than its IP header, or than the VRRP header behind it.</summary>
    Truncated,

    /// <summary>Not IPv4, a bad header length, or an IP protocol other than 112.</summary>
    BadIpHeader,

    /// <summary>IP total length, count of addresses and received length do not agree.</summary>
    BadLength,

    /// <summary>TTL is not 255: the packet crossed a router or was made elsewhere (RFC 3768 7.1).</summary>
    BadTtl,

    /// <summary>VRRP version other than the configured one.</summary>
    BadVersion,

    /// <summary>VRRP type other than 1, ADVERTISEMENT.</summary>
    BadType,

    BadChecksum,

    /// <summary>Destination is not the VRRP group.</summary>
    BadDestination,

    /// <summary>No virtual router with this VRID on this interface.</summary>
    UnknownVrid,

    /// <summary>The virtual router is in FAULT or not yet started and does not listen.</summary>
    NotListening,

    /// <summary>Authentication type not known (RFC 3768 has 0, 1 and 2).</summary>
    InvalidAuthType,

    /// <summary>Authentication type differs from the configured one.</summary>
    AuthTypeMismatch,

    /// <summary>The password differs.</summary>
    AuthFailure,

    /// <summary>Version 2: advertisement interval differs from ours.</summary>
    IntervalMismatch,
}
