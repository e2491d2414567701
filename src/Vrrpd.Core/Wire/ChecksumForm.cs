namespace Vrrpd.Core.Wire;

/// <summary>
/// What the checksum of a VRRP message is taken over. Version 2 over IPv4 knows only <see cref="Message"/> and IPv6 only
/// <see cref="PseudoHeader"/>; for version 3 over IPv4 the standards were read differently, and all three are met.
/// </summary>
public enum ChecksumForm : byte
{
    /// <summary>It is wrong under every form that its version and family know.</summary>
    None = 0,

    /// <summary>Pseudo header (source, destination, length, 112) and message: RFC 5798 as keepalived and FRR read it, and IPv6 always.</summary>
    PseudoHeader,

    /// <summary>The message alone: version 2, RFC 9568 section 5.2.8 for IPv4, v3_checksum_as_v2.</summary>
    Message,

    /// <summary>A unicast advert with the multicast group in its pseudo header: keepalived up to 1.3.6, old_unicast_checksum.</summary>
    OldUnicast,
}
