using System;
using System.Runtime.InteropServices;
using Vrrpd.Core;

namespace Vrrpd.Native.Firewall;

/// <summary>How the table is called and built: nftables, nftables_priority, nftables_counters of global_defs.</summary>
internal readonly record struct FirewallOptions()
{
    public string Table { get; init; } = "keepalived";

    public int Priority { get; init; } = -1;

    public bool Counts { get; init; }
}

/// <summary>Which half of a family's table is needed.</summary>
[Flags]
internal enum FirewallParts : byte
{
    None = 0,

    /// <summary>no_accept: traffic to and from virtual addresses.</summary>
    Addresses = 1,

    /// <summary>What must not leave with a virtual MAC address.</summary>
    Devices = 2,
}

/// <summary>
/// The content of our table, for one family: sets that change while the daemon runs, and rules that do not. Names are those that keepalived
/// gives, so that who watches them goes on seeing what he looks for.
/// </summary>
internal static class FirewallRules
{
    public const string Addresses = "vips", LinkLocals = "vips_link_local", DeviceMap = "vmac_map", Devices = "vmac_set",
        ParentLinkLocals = "parent_link_local";

    private const string In = "in", Out = "out", InLinkLocal = "in_link_local", OutLinkLocal = "out_link_local", Reports = "mld-report",
        NeighborDiscovery = "neighbor-discovery";

    /// <summary>nft's numbers for types of keys: what it calls ipv4_addr, ipv6_addr, icmpv6_type; two types in one key.</summary>
    private const uint TypeV4 = 7, TypeV6 = 8, TypeIndex = NftWriter.TypeIndex, TypeIcmp6 = 29, TypeV6AndIndex = TypeV6 << 6 | TypeIndex;

    /// <summary>Where the fields are in the headers (RFC 791, RFC 8200).</summary>
    private const uint V4Protocol = 9, V4Source = 12, V4Destination = 16, V6NextHeader = 6, V6Source = 8, V6Destination = 24;

    private const byte Igmp = 2, Icmp6 = 58;

    /// <summary>ICMPv6 types (RFC 2710, RFC 4861, RFC 3810).</summary>
    private const byte Report1 = 131, Done1 = 132, RouterSolicitation = 133, NeighborSolicitation = 135, NeighborAdvertisement = 136, Report2 = 143;

    /// <summary>A key of the address sets.</summary>
    public const int MostKeyBytes = 20;

    private static ReadOnlySpan<byte> LinkLocalPrefix => [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static ReadOnlySpan<byte> LinkLocalMask => [0xff, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The table anew, without anything in the sets that change. What a killed daemon left is removed in the same stroke.</summary>
    /// <param name="writer">Of the family, with an empty batch.</param>
    /// <param name="canDuplicate">The kernel has `dup`; else group reports are only dropped.</param>
    public static void Write(ref NftWriter writer, bool isV6, FirewallParts parts, int priority, bool canDuplicate)
    {
        writer.NewTable();
        writer.DeleteTable(confirmed: false);
        writer.NewTable();
        bool addresses = (parts & FirewallParts.Addresses) != 0, devices = (parts & FirewallParts.Devices) != 0;
        Sets(ref writer, isV6, addresses, devices);
        writer.Chain(Out, Libc.NF_INET_LOCAL_OUT, priority);
        if (addresses)
        {
            writer.Chain(In, Libc.NF_INET_LOCAL_IN, priority);
            if (isV6)
            {
                writer.Chain(InLinkLocal, null, 0);
                writer.Chain(OutLinkLocal, null, 0);
            }
        }

        if (devices)
        {
            GroupReports(ref writer, isV6, canDuplicate);
            if (isV6)
            {
                Solicitations(ref writer);
            }
        }

        if (addresses)
        {
            DropAddresses(ref writer, isV6, In, isV6 ? V6Destination : V4Destination, InLinkLocal, Libc.NFT_META_IIF);
            DropAddresses(ref writer, isV6, Out, isV6 ? V6Source : V4Source, OutLinkLocal, Libc.NFT_META_OIF);
        }
    }

    /// <summary>The set that an address belongs to, and its key there. Bytes of the key.</summary>
    /// <param name="index">Kernel index of the interface that a link-local address is on.</param>
    public static int Key(Ip address, int index, Span<byte> key, out string set)
    {
        int length = address.Write(key);
        set = Addresses;
        if (address.IsLinkLocal)
        {
            set = LinkLocals;
            MemoryMarshal.Write(key[length..], in index);
            length += sizeof(int);
        }

        return length;
    }

    private static void Sets(ref NftWriter writer, bool isV6, bool addresses, bool devices)
    {
        if (devices)
        {
            writer.Set(DeviceMap, 0, TypeIndex, sizeof(int), TypeIndex, sizeof(int));
            if (isV6)
            {
                writer.Set(Devices, 0, TypeIndex, sizeof(int));
                writer.Set(ParentLinkLocals, 0, TypeV6AndIndex, MostKeyBytes);
                Constants(ref writer, Reports, [Report1, Done1, Report2]);
            }
        }

        if (addresses)
        {
            writer.Set(Addresses, 0, isV6 ? TypeV6 : TypeV4, isV6 ? 16u : 4u);
            if (isV6)
            {
                writer.Set(LinkLocals, 0, TypeV6AndIndex, MostKeyBytes);
                Constants(ref writer, NeighborDiscovery, [NeighborSolicitation, NeighborAdvertisement]);
            }
        }
    }

    private static void Constants(ref NftWriter writer, string set, ReadOnlySpan<byte> values)
    {
        writer.Set(set, Libc.NFT_SET_CONSTANT, TypeIcmp6, 1);
        writer.BeginElements(set, add: true);
        for (int i = 0; i < values.Length; i++)
        {
            writer.Element(values.Slice(i, 1));
        }

        writer.EndElements();
    }

    /// <summary>
    /// The kernel tells switches of group memberships from the device, that is with the virtual MAC address, also while another router is
    /// master; the switch would learn the address on our port. The interface below tells it instead.
    /// </summary>
    private static void GroupReports(ref NftWriter writer, bool isV6, bool canDuplicate)
    {
        writer.BeginRule(Out);
        if (isV6)
        {
            BeginIcmp6(ref writer);
            writer.Lookup(NftWriter.Reg1, Reports);
            writer.Payload(NftWriter.Reg1, Libc.NFT_PAYLOAD_NETWORK_HEADER, V6Destination, 16);
        }
        else
        {
            writer.Payload(NftWriter.Reg1, Libc.NFT_PAYLOAD_NETWORK_HEADER, V4Protocol, 1);
            writer.Equal(NftWriter.Reg1, [Igmp]);
            writer.Payload(NftWriter.Reg1, Libc.NFT_PAYLOAD_NETWORK_HEADER, V4Destination, 4);
        }

        writer.Meta(NftWriter.Reg2, Libc.NFT_META_OIF);
        writer.Lookup(NftWriter.Reg2, DeviceMap, into: NftWriter.Reg2);
        writer.Count();
        if (canDuplicate)
        {
            writer.Duplicate(NftWriter.Reg1, NftWriter.Reg2);
        }

        writer.Verdict((int)Libc.NF_DROP);
    }

    /// <summary>
    /// Router solicitations of the device, and its answers to who asks for the link-local address that it has in common with the interface
    /// below: that one answers too, with a MAC address that is its own alone.
    /// </summary>
    private static void Solicitations(ref NftWriter writer)
    {
        writer.BeginRule(Out);
        BeginIcmp6(ref writer);
        writer.Equal(NftWriter.Reg1, [RouterSolicitation]);
        writer.Meta(NftWriter.Reg1, Libc.NFT_META_OIF);
        writer.Lookup(NftWriter.Reg1, Devices);
        writer.Count();
        writer.Verdict((int)Libc.NF_DROP);

        writer.BeginRule(Out);
        BeginIcmp6(ref writer);
        writer.Equal(NftWriter.Reg1, [NeighborAdvertisement]);
        writer.Payload(NftWriter.Reg1, Libc.NFT_PAYLOAD_NETWORK_HEADER, V6Source, 16);
        writer.Meta(NftWriter.Reg2, Libc.NFT_META_OIF);
        writer.Lookup(NftWriter.Reg1, ParentLinkLocals);
        writer.Count();
        writer.Verdict((int)Libc.NF_DROP);
    }

    /// <summary>The ICMPv6 type into register 1. Reports have an option header before it, so the type is looked for behind all headers.</summary>
    private static void BeginIcmp6(ref NftWriter writer)
    {
        writer.Meta(NftWriter.Reg1, Libc.NFT_META_L4PROTO);
        writer.Equal(NftWriter.Reg1, [Icmp6]);
        writer.Payload(NftWriter.Reg1, Libc.NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1);
    }

    /// <summary>Who has the address must be found, whatever it accepts: neighbour discovery first. ARP never comes here.</summary>
    private static void DropAddresses(ref NftWriter writer, bool isV6, string chain, uint offset, string linkLocalChain, uint interfaceKey)
    {
        uint length = isV6 ? 16u : 4u;
        if (isV6)
        {
            writer.BeginRule(chain);
            writer.Payload(NftWriter.Reg1, Libc.NFT_PAYLOAD_NETWORK_HEADER, V6NextHeader, 1);
            writer.Equal(NftWriter.Reg1, [Icmp6]);
            writer.Payload(NftWriter.Reg1, Libc.NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1);
            writer.Lookup(NftWriter.Reg1, NeighborDiscovery);
            writer.Verdict((int)Libc.NF_ACCEPT);

            writer.BeginRule(chain);
            writer.Payload(NftWriter.Reg1, Libc.NFT_PAYLOAD_NETWORK_HEADER, offset, length);
            writer.Mask(NftWriter.Reg1, LinkLocalMask);
            writer.Equal(NftWriter.Reg1, LinkLocalPrefix);
            writer.Verdict(Libc.NFT_GOTO, linkLocalChain);

            // A link-local address means another host on each link.
            writer.BeginRule(linkLocalChain);
            writer.Payload(NftWriter.Reg1, Libc.NFT_PAYLOAD_NETWORK_HEADER, offset, length);
            writer.Meta(NftWriter.Reg2, interfaceKey);
            writer.Lookup(NftWriter.Reg1, LinkLocals);
            writer.Count();
            writer.Verdict((int)Libc.NF_DROP);
        }

        writer.BeginRule(chain);
        writer.Payload(NftWriter.Reg1, Libc.NFT_PAYLOAD_NETWORK_HEADER, offset, length);
        writer.Lookup(NftWriter.Reg1, Addresses);
        writer.Count();
        writer.Verdict((int)Libc.NF_DROP);
    }
}
