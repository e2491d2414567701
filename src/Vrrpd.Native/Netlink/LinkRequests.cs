using System;
using System.Runtime.InteropServices;
using Vrrpd.Core;

namespace Vrrpd.Native.Netlink;

/// <summary>What a link is, as far as we care.</summary>
internal enum LinkKind : byte
{
    Other,
    Macvlan,
    Ipvlan,
}

/// <summary>A device over another that should be there.</summary>
internal readonly record struct LinkWish
{
    public required string Name { get; init; }

    public required LinkKind Kind { get; init; }

    /// <summary>Kernel index of the device below.</summary>
    public required int Parent { get; init; }

    /// <summary>Of a macvlan; an ipvlan has its parent's.</summary>
    public MacAddress Mac { get; init; }

    /// <summary>IPVLAN_F_*.</summary>
    public ushort IpvlanFlags { get; init; }

    /// <summary>Link group (`ip link set group`).</summary>
    public uint Group { get; init; }

    /// <summary>Kernel index of the VRF that it belongs to, 0 for none.</summary>
    public int Vrf { get; init; }
}

/// <summary>A link as the kernel describes it.</summary>
internal struct LinkFacts
{
    public int Index;
    public bool IsUp;
    public LinkKind Kind;

    /// <summary>Index of the device below, 0 for none.</summary>
    public int Parent;
    public MacAddress Mac;

    /// <summary>MACVLAN_MODE_* or IPVLAN_MODE_*.</summary>
    public uint Mode;
    public ushort IpvlanFlags;
    public uint Group;
    public int Master;
    public bool IsVrfMember;

    /// <summary>Whether it is what is wished for: no other kind, parent, mode or MAC address. Group and VRF can be changed on the living device.</summary>
    public readonly bool Fits(in LinkWish wish) => Kind == wish.Kind && Parent == wish.Parent
        && (Kind == LinkKind.Ipvlan ? Mode == Libc.IPVLAN_MODE_L2 && IpvlanFlags == wish.IpvlanFlags
            : Mode == Libc.MACVLAN_MODE_PRIVATE && Mac == wish.Mac);
}

/// <summary>
/// Makes, changes and removes links. Each request is answered before the call returns: rtnetlink works within sendmsg. For the start, for
/// reloads and for repairs, not for a takeover.
/// </summary>
internal sealed class LinkRequests
{
    private const int RequestBytes = 256;

    /// <summary>fe80::/64 (RFC 4291 section 2.5.6).</summary>
    public const byte LinkLocalLength = 64;

    private readonly NetlinkSocket _socket;
    private uint _sequence;

    private LinkRequests(NetlinkSocket socket)
    {
        _socket = socket;
    }

    /// <summary>Null means errno.</summary>
    public static LinkRequests? Open(out int errno)
    {
        NetlinkSocket? socket = NetlinkSocket.Open(0, out errno);
        return socket is null ? null : new LinkRequests(socket);
    }

    /// <summary>What is known of the link of that index or, if that is 0, of that name. 0, or errno (ENODEV: there is none).</summary>
    public int Look(int index, string name, out LinkFacts facts)
    {
        facts = default;
        Span<byte> request = stackalloc byte[RequestBytes];
        NetlinkWriter writer = new(request);
        WriteLook(ref writer, index, name, ++_sequence);
        int error = _socket.Send(request[..writer.Length]);
        for (int i = 0; error == 0 && i < RequestBytes; i++)
        {
            if (_socket.Receive(wait: true) is not (NetlinkRead.Datagram or NetlinkRead.Ignored))
            {
                return Errno.ENOBUFS;
            }

            NetlinkReader reader = new(_socket.Bytes);
            while (reader.TryNext(out NetlinkMessage message))
            {
                if (message.Header.Sequence != _sequence)
                {
                    continue;
                }

                if (message.Header.Type == Libc.NLMSG_ERROR)
                {
                    return message.Error;
                }

                if (message.Header.Type == Libc.RTM_NEWLINK && TryRead(message, out facts))
                {
                    return 0;
                }
            }
        }

        return error == 0 ? Errno.ENOBUFS : error;
    }

    /// <summary>Makes the device, down, and silent only after <see cref="Adjust"/>. 0, or errno.</summary>
    public int Create(in LinkWish wish)
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        NetlinkWriter writer = new(request);
        return WriteCreate(ref writer, wish, ++_sequence) ? Ask(request[..writer.Length]) : Errno.EINVAL;
    }

    /// <summary>
    /// Group, VRF and no IPv6 addresses of its own making for a device that is there: the kernel does not take that one with the creation.
    /// </summary>
    public int Adjust(int index, in LinkWish wish, in LinkFacts facts)
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        NetlinkWriter writer = new(request);
        BeginLink(ref writer, 0, ++_sequence, new LinkHeader { Index = index });
        writer.Number(Libc.IFLA_GROUP, wish.Group);
        if (facts.Master != wish.Vrf)
        {
            writer.Number(Libc.IFLA_MASTER, wish.Vrf);
        }

        int error = writer.End() ? Ask(request[..writer.Length]) : Errno.EINVAL;
        if (error != 0)
        {
            return error;
        }

        writer = new NetlinkWriter(request);
        WriteSilence(ref writer, index, ++_sequence);
        error = Ask(request[..writer.Length]);

        // Without IPv6, in the kernel or on the device, there is nothing that it could make.
        return error is Errno.EAFNOSUPPORT ? 0 : error;
    }

    /// <summary>Writes the group that the link has anyway: a change of nothing that everybody who watches links is told of.</summary>
    public int Announce(int index, uint group)
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        NetlinkWriter writer = new(request);
        BeginLink(ref writer, 0, ++_sequence, new LinkHeader { Index = index });
        writer.Number(Libc.IFLA_GROUP, group);
        return writer.End() ? Ask(request[..writer.Length]) : Errno.EINVAL;
    }

    public int SetUp(int index, bool up)
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        NetlinkWriter writer = new(request);
        BeginLink(ref writer, 0, ++_sequence, new LinkHeader { Index = index, Flags = up ? Libc.IFF_UP : 0, Change = Libc.IFF_UP });
        return writer.End() ? Ask(request[..writer.Length]) : Errno.EINVAL;
    }

    /// <summary>0 also when there is nothing to delete.</summary>
    public int Delete(int index)
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        NetlinkWriter writer = new(request);
        writer.Begin(Libc.RTM_DELLINK, Libc.NLM_F_REQUEST | Libc.NLM_F_ACK, ++_sequence);
        writer.Append(new LinkHeader { Index = index });
        int error = writer.End() ? Ask(request[..writer.Length]) : Errno.EINVAL;
        return error == Errno.ENODEV ? 0 : error;
    }

    /// <summary>An address of the device's own. Without duplicate address detection: a link-local address is a copy on purpose.</summary>
    public int AddAddress(int index, Ip address, byte prefixLength) => Address(Libc.RTM_NEWADDR, index, address, prefixLength);

    /// <summary>0 also when it is not there.</summary>
    public int RemoveAddress(int index, Ip address, byte prefixLength)
    {
        int error = Address(Libc.RTM_DELADDR, index, address, prefixLength);
        return error is Errno.EADDRNOTAVAIL or Errno.ENODEV ? 0 : error;
    }

    /// <summary>
    /// Takes every address off a link: one that a killed daemon left behind has addresses that nobody may hold any more.
    /// </summary>
    public int RemoveAddresses(int index)
    {
        const int Rounds = 64, AtOnce = 128;
        Span<(Ip Address, byte Length)> found = new (Ip, byte)[AtOnce];
        for (int round = 0; round < Rounds; round++)
        {
            int error = FindAddresses(index, found, out int count);
            for (int i = 0; error == 0 && i < count; i++)
            {
                error = RemoveAddress(index, found[i].Address, found[i].Length);
            }

            if (error != 0 || count == 0)
            {
                return error;
            }
        }

        return Errno.EAGAIN;
    }

    public void Close() => _socket.Close();

    internal static void WriteLook(ref NetlinkWriter writer, int index, string name, uint sequence)
    {
        writer.Begin(Libc.RTM_GETLINK, Libc.NLM_F_REQUEST, sequence);
        writer.Append(new LinkHeader { Index = index });
        if (index == 0)
        {
            writer.Text(Libc.IFLA_IFNAME, name);
        }

        bool fits = writer.End();
        Invariant.Check(fits);
    }

    /// <summary>The RTM_NEWLINK. False if there is no room: the name is longer than any that the kernel takes.</summary>
    internal static bool WriteCreate(ref NetlinkWriter writer, in LinkWish wish, uint sequence)
    {
        BeginLink(ref writer, Libc.NLM_F_CREATE | Libc.NLM_F_EXCL, sequence, default);
        writer.Number(Libc.IFLA_LINK, wish.Parent);
        writer.Text(Libc.IFLA_IFNAME, wish.Name);
        if (wish.Group != 0)
        {
            writer.Number(Libc.IFLA_GROUP, wish.Group);
        }

        if (wish.Vrf != 0)
        {
            writer.Number(Libc.IFLA_MASTER, wish.Vrf);
        }

        bool isIpvlan = wish.Kind == LinkKind.Ipvlan;
        if (!isIpvlan)
        {
            Span<byte> mac = writer.Attribute(Libc.IFLA_ADDRESS, MacAddress.Length);
            if (!mac.IsEmpty)
            {
                wish.Mac.Write(mac);
            }
        }

        int info = writer.BeginNest(Libc.IFLA_LINKINFO);
        writer.Bytes(Libc.IFLA_INFO_KIND, isIpvlan ? "ipvlan"u8 : "macvlan"u8);
        int data = writer.BeginNest(Libc.IFLA_INFO_DATA);
        if (isIpvlan)
        {
            writer.Number(Libc.IFLA_IPVLAN_MODE, Libc.IPVLAN_MODE_L2);
            writer.Number(Libc.IFLA_IPVLAN_FLAGS, wish.IpvlanFlags);
        }
        else
        {
            writer.Number(Libc.IFLA_MACVLAN_MODE, Libc.MACVLAN_MODE_PRIVATE);
        }

        writer.EndNest(data);
        writer.EndNest(info);
        return writer.End();
    }

    internal static bool TryRead(in NetlinkMessage message, out LinkFacts facts)
    {
        facts = default;
        if (!message.TryRead(out LinkHeader head, out AttributeReader attributes))
        {
            return false;
        }

        facts.Index = head.Index;
        facts.IsUp = (head.Flags & Libc.IFF_UP) != 0;
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            switch (type)
            {
                case Libc.IFLA_ADDRESS when value.Length == MacAddress.Length:
                    facts.Mac = MacAddress.Read(value);
                    break;
                case Libc.IFLA_LINK:
                    facts.Parent = (int)Number(value);
                    break;
                case Libc.IFLA_MASTER:
                    facts.Master = (int)Number(value);
                    break;
                case Libc.IFLA_GROUP:
                    facts.Group = Number(value);
                    break;
                case Libc.IFLA_LINKINFO:
                    ReadInfo(new AttributeReader(value), ref facts);
                    break;
                default:
                    break;
            }
        }

        return true;
    }

    private static void ReadInfo(AttributeReader info, ref LinkFacts facts)
    {
        while (info.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            ReadOnlySpan<byte> word = value.TrimEnd((byte)0);
            if (type == Libc.IFLA_INFO_KIND)
            {
                facts.Kind = word.SequenceEqual("macvlan"u8) ? LinkKind.Macvlan : word.SequenceEqual("ipvlan"u8) ? LinkKind.Ipvlan : LinkKind.Other;
            }
            else if (type == Libc.IFLA_INFO_SLAVE_KIND)
            {
                facts.IsVrfMember = word.SequenceEqual("vrf"u8);
            }
            else if (type == Libc.IFLA_INFO_DATA)
            {
                // The kind comes before its data, and numbers 1 and 2 mean the same to both of ours.
                AttributeReader data = new(value);
                while (data.TryNext(out int field, out ReadOnlySpan<byte> number))
                {
                    if (field == Libc.IFLA_MACVLAN_MODE)
                    {
                        facts.Mode = Number(number);
                    }
                    else if (field == Libc.IFLA_IPVLAN_FLAGS && facts.Kind == LinkKind.Ipvlan)
                    {
                        facts.IpvlanFlags = (ushort)Number(number);
                    }
                }
            }
        }
    }

    /// <summary>2 or 4 bytes, host byte order.</summary>
    private static uint Number(ReadOnlySpan<byte> value) => value.Length switch
    {
        >= sizeof(uint) => MemoryMarshal.Read<uint>(value),
        >= sizeof(ushort) => MemoryMarshal.Read<ushort>(value),
        _ => 0,
    };

    private static void BeginLink(ref NetlinkWriter writer, ushort flags, uint sequence, LinkHeader head)
    {
        writer.Begin(Libc.RTM_NEWLINK, (ushort)(Libc.NLM_F_REQUEST | Libc.NLM_F_ACK | flags), sequence);
        writer.Append(head);
    }

    /// <summary>
    /// addr_gen_mode none: an address made from the virtual MAC would be the same on every router of the group, and RFC 9568 7.4 forbids it.
    /// </summary>
    internal static void WriteSilence(ref NetlinkWriter writer, int index, uint sequence)
    {
        BeginLink(ref writer, 0, sequence, new LinkHeader { Index = index });
        int families = writer.BeginNest(Libc.IFLA_AF_SPEC);
        int inet6 = writer.BeginNest(Libc.AF_INET6);
        writer.Number(Libc.IFLA_INET6_ADDR_GEN_MODE, Libc.IN6_ADDR_GEN_MODE_NONE);
        writer.EndNest(inet6);
        writer.EndNest(families);
        bool fits = writer.End();
        Invariant.Check(fits);
    }

    private int Ask(ReadOnlySpan<byte> request)
    {
        int error = _socket.Send(request);
        return error == 0 ? _socket.Await(_sequence) : error;
    }

    private int Address(ushort type, int index, Ip address, byte prefixLength)
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        NetlinkWriter writer = new(request);
        bool add = type == Libc.RTM_NEWADDR;
        writer.Begin(type, (ushort)(Libc.NLM_F_REQUEST | Libc.NLM_F_ACK | (add ? Libc.NLM_F_CREATE | Libc.NLM_F_REPLACE : 0)), ++_sequence);
        writer.Append(new AddressHeader
        {
            Family = (byte)(address.IsV6 ? Libc.AF_INET6 : Libc.AF_INET),
            PrefixLength = prefixLength,
            Scope = add && address.IsLinkLocal ? ScopeLink : (byte)0,
            Index = index,
        });
        writer.Address(Libc.IFA_LOCAL, address);
        if (add)
        {
            if (address.IsV6)
            {
                writer.Number(Libc.IFA_FLAGS, Libc.IFA_F_NODAD);
            }

            writer.Number(Libc.IFA_PROTO, NetlinkRequests.AddressProtocol);
        }

        return writer.End() ? Ask(request[..writer.Length]) : Errno.EINVAL;
    }

    /// <summary>RT_SCOPE_LINK.</summary>
    private const byte ScopeLink = 253;

    private int FindAddresses(int index, Span<(Ip Address, byte Length)> found, out int count)
    {
        count = 0;
        if (!_socket.RequestDump(Libc.RTM_GETADDR, 0, ++_sequence))
        {
            return Errno.EAGAIN;
        }

        while (_socket.Receive(wait: true) is NetlinkRead.Datagram or NetlinkRead.Ignored)
        {
            NetlinkReader reader = new(_socket.Bytes);
            while (reader.TryNext(out NetlinkMessage message))
            {
                if (message.Header.Sequence != _sequence)
                {
                    continue;
                }

                if (message.Header.Type is Libc.NLMSG_DONE or Libc.NLMSG_ERROR)
                {
                    return message.Error;
                }

                if (message.TryRead(out AddressHeader head, out AttributeReader attributes) && head.Index == index && count < found.Length
                    && TryReadAddress(attributes, out Ip address))
                {
                    found[count++] = (address, head.PrefixLength);
                }
            }
        }

        return Errno.ENOBUFS;
    }

    /// <summary>IFA_LOCAL where there is one, else IFA_ADDRESS (IPv6).</summary>
    private static bool TryReadAddress(AttributeReader attributes, out Ip address)
    {
        address = default;
        bool isLocal = false;
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            if (type is Libc.IFA_LOCAL or Libc.IFA_ADDRESS && !isLocal && value.Length is 4 or 16)
            {
                address = Ip.Read(value);
                isLocal = type == Libc.IFA_LOCAL;
            }
        }

        return !address.IsUnspecified;
    }
}
