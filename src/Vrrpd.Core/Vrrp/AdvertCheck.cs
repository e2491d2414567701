using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>Does this packet concern us and agree with our configuration?</summary>
internal static class AdvertCheck
{
    /// <summary>The packet, or why not. Nothing that fails here may move a timer.</summary>
    public static WireError Check(scoped in Ipv4Header ip, ReadOnlySpan<byte> message, RouterConfig config, out VrrpPacket packet)
    {
        // Version comes before length, where keepalived has it the other way: a neighbour that speaks version 3 should be called that, not "too long".
        WireError error = VrrpPacket.TryView(message, isV6: false, out packet, out ReadOnlySpan<byte> behind);
        if (error != WireError.None)
        {
            return error;
        }

        if (packet.Version != VrrpPacket.Version2)
        {
            return WireError.BadVersion;
        }

        if (!behind.IsEmpty)
        {
            return WireError.BadLength;
        }

        // RFC 3768 7.1: MUST be 255; nobody off-link can make that (GTSM).
        if (ip.Ttl != VrrpPacket.RequiredTtl)
        {
            return WireError.BadTtl;
        }

        if (packet.Type != VrrpPacket.Advertisement)
        {
            return WireError.BadType;
        }

        if (packet.FindChecksum(ip.Source, ip.Destination) == ChecksumForm.None)
        {
            return WireError.BadChecksum;
        }

        if (packet.AuthType > VrrpPacket.AuthHeader)
        {
            return WireError.InvalidAuthType;
        }

        if (packet.AuthType != (byte)config.Auth)
        {
            return WireError.AuthTypeMismatch;
        }

        if (config.Auth == AuthType.Pass && packet.AuthData != config.AuthPass)
        {
            return WireError.AuthFailure;
        }

        // RFC 3768 7.1: version 2 MUST discard another interval, since both sides compute their timeouts from their own.
        if (packet.Interval != config.AdvertInterval)
        {
            return WireError.IntervalMismatch;
        }

        return ip.Destination == VrrpPacket.Group ? WireError.None : WireError.BadDestination;
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
}
