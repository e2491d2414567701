using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

internal enum AddressUse : byte
{
    Virtual,
    Static,
}

/// <summary>Lines of virtual_ipaddress, virtual_ipaddress_excluded and static_ipaddress, each read for itself.</summary>
internal sealed class AddressBinder(BlockBinder common, HostNames host)
{
    private const int LongestLabel = 15;
    private const byte V4Bits = 32, V6Bits = 128;

    private static readonly Argument V4Length = Argument.Range(0, V4Bits), V6Length = Argument.Range(0, V6Bits),
        Lifetime = Argument.Range(0, uint.MaxValue);

    /// <summary>A line to an address, or null with a complaint.</summary>
    public AddressDraft? Bind(ConfigNode line, AddressUse use)
    {
        Word first = line.First;
        ReadOnlySpan<byte> text = first.Bytes;
        int slash = text.IndexOf((byte)'/');
        if (!IpText.TryParse(slash < 0 ? text : text[..slash], out Ip ip))
        {
            string wrong = first.Text;
            common.Findings.Error(first, ConfigFault.General, $"VRRP parsed invalid IP {wrong}. skipping IP...",
                $"'{(slash < 0 ? wrong : wrong[..wrong.IndexOf('/', StringComparison.Ordinal)])}' is not an address:"
                    + " a line starts with ADDR[/LEN], such as 10.0.0.1/24");
            return null;
        }

        AddressDraft address = new(ip, slash < 0 ? Bits(ip) : Length(first, text[(slash + 1)..], slash, ip), first);
        return line.Words.Length == 1 || Options(line, address, use) ? address : null;
    }

    private static byte Bits(Ip ip) => ip.IsV6 ? V6Bits : V4Bits;

    private byte Length(Word at, ReadOnlySpan<byte> digits, int slash, Ip ip)
    {
        byte most = Bits(ip);
        int value = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9' || (value = value * 10 + (digit - '0')) > most)
            {
                string wrong = ConfigText.Decode(digits);
                long? length = common.Number(new(wrong, at.Line, at.Start + slash + 1, at.End), ip.IsV6 ? V6Length : V4Length,
                    $"Invalid address prefix len {wrong} for address {at.Text} - using {Shown.Of(most)}",
                    $"a prefix length is 0..{Shown.Of(most)}, not '{wrong}'");
                return (byte)(length ?? most);
            }
        }

        // keepalived takes a bare slash for no length at all.
        return digits.IsEmpty ? most : (byte)value;
    }

    /// <summary>False drops the address.</summary>
    private bool Options(ConfigNode line, AddressDraft address, AddressUse use)
    {
        Word? broadcast = null;
        bool isUsable = true;
        for (int i = 1; i < line.Words.Length && isUsable; i++)
        {
            Word word = line.Words[i];
            string option = word.Text;
            bool takesValue = option is "dev" or "scope" or "brd" or "broadcast" or "label" or "peer" or "preferred_lft"
                || (option == "track_group" && use == AddressUse.Static);
            if (!takesValue)
            {
                Flag(word, option, address, use);
                continue;
            }

            if (i + 1 == line.Words.Length)
            {
                common.Findings.Error(word, ConfigFault.General, $"No {option} parameter specified for {line.First.Text}",
                    $"'{option}' takes one word after it; the address is dropped");
                return false;
            }

            Word value = line.Words[++i];
            broadcast = option is "brd" or "broadcast" ? value : broadcast;
            isUsable = option switch
            {
                "dev" => Device(value, address),
                "scope" => Scope(value, address),
                "brd" or "broadcast" => Broadcast(value, option, address),
                "label" => Label(value, address),
                "peer" => Peer(value, address),
                "preferred_lft" => Preferred(value, address),
                _ => Group(value, address),
            };
        }

        return isUsable && (broadcast is null || Spread(broadcast.Value, address));
    }

    private void Flag(Word word, string option, AddressDraft address, AddressUse use)
    {
        AddressTraits trait = option switch
        {
            "home" => AddressTraits.Home,
            "-nodad" => AddressTraits.DetectsDuplicates,
            "mngtmpaddr" => AddressTraits.ManagesTemporary,
            "noprefixroute" => AddressTraits.NoPrefixRoute,
            "autojoin" => AddressTraits.AutoJoin,
            "no_track" => AddressTraits.NoTrack,
            "use_vmac" when use == AddressUse.Virtual => AddressTraits.UsesVmac,
            _ => AddressTraits.None,
        };
        if (trait == AddressTraits.None)
        {
            common.Findings.Error(word, ConfigFault.General, $"Unknown configuration entry '{option}' for ip address - ignoring",
                Unknown(option, use));
        }

        Extend(address, extras => extras with { Traits = extras.Traits | trait });
    }

    private static string Unknown(string option, AddressUse use)
    {
        if (Ip.TryParse(option.AsSpan(0, option.IndexOf('/', StringComparison.Ordinal) is int slash and >= 0 ? slash : option.Length), out _))
        {
            return "each address stands on a line of its own";
        }

        return "known are dev, scope, brd, label, peer, preferred_lft, home, -nodad, mngtmpaddr, noprefixroute, autojoin, no_track"
            + (use == AddressUse.Static ? " and track_group" : " and use_vmac") + "; each address stands on a line of its own";
    }

    private bool Device(Word value, AddressDraft address)
    {
        if (address.Interface is not null)
        {
            common.Findings.Error(value, ConfigFault.General, $"Cannot specify ipaddress device more than once for {address.Where.Text}",
                "'dev' may stand once; the address is dropped");
            return false;
        }

        address.Interface = value.Text;
        address.Words = address.Words with { DeviceWhere = value.Where };
        return true;
    }

    private bool Scope(Word value, AddressDraft address)
    {
        string scope = value.Text;
        if (RouteNames.Scope(scope) is not { } number)
        {
            common.Findings.Error(value, ConfigFault.General, $"Invalid scope '{scope}' specified for {address.Where.Text} - ignoring",
                "scope is global, site, link, host, nowhere or 0..255");
        }
        else if (address.Address.IsV6 && number != 0)
        {
            common.Findings.Error(value, ConfigFault.General, $"Cannot specify scope for IPv6 addresses ({address.Where.Text}) - ignoring scope",
                "the kernel knows the scope of an IPv6 address by itself");
        }
        else
        {
            address.Words = address.Words with { Scope = number };
        }

        return true;
    }

    private bool Broadcast(Word value, string option, AddressDraft address)
    {
        if (address.Address.IsV6)
        {
            common.Findings.Error(value, ConfigFault.General,
                $"VRRP is trying to assign a broadcast {option} to the IPv6 address {address.Where.Text} !!?? WTF... skipping VIP...",
                "IPv6 has no broadcast; the address is dropped");
            return false;
        }

        string broadcast = value.Text;
        if (broadcast is "+" or "-")
        {
            return true;
        }

        if (Ip.TryParseV4(broadcast, out Ip ip))
        {
            address.Words = address.Words with { Broadcast = ip };
            return true;
        }

        common.Findings.Error(value, ConfigFault.General, $"VRRP is trying to assign invalid broadcast {broadcast}. skipping VIP...",
            "brd takes an IPv4 address, '+' or '-'");
        return false;
    }

    /// <summary>What a broadcast address comes to, which depends on the rest of the line.</summary>
    private bool Spread(Word value, AddressDraft address)
    {
        string broadcast = value.Text;
        if (!address.Words.Extras.Peer.IsUnspecified)
        {
            common.Findings.Error(value, ConfigFault.General, "Cannot specify broadcast and peer addresses - ignoring broadcast address",
                "a point-to-point link has no broadcast");
            address.Words = address.Words with { Broadcast = default };
        }
        else if (broadcast is "+" or "-" && address.PrefixLength > 30)
        {
            common.Findings.Error(value, ConfigFault.General, $"Address prefix length {Shown.Of(address.PrefixLength)} too long for broadcast",
                "an address with a broadcast address needs a length of at most 30");
        }
        else if (broadcast is "+" or "-")
        {
            uint hosts = uint.MaxValue >> address.PrefixLength;
            uint last = broadcast == "+" ? address.Address.V4 | hosts : address.Address.V4 & ~hosts;
            address.Words = address.Words with { Broadcast = Ip.FromV4(last) };
        }

        return true;
    }

    private bool Label(Word value, AddressDraft address)
    {
        string label = value.Text;
        if (address.Address.IsV6)
        {
            common.Findings.Error(value, ConfigFault.General, $"Cannot specify label for IPv6 addresses ({address.Where.Text}) - ignoring label",
                "only IPv4 addresses have labels");
            return true;
        }

        if (label.Length > LongestLabel)
        {
            common.Findings.Error(value, ConfigFault.General,
                $"Address label {label} is longer than maximum length {Shown.Of(LongestLabel)} - removing address", "shorten the label");
            return false;
        }

        address.Words = address.Words with { Label = label };
        return true;
    }

    private bool Peer(Word value, AddressDraft address)
    {
        string peer = value.Text;
        ReadOnlySpan<byte> text = value.Bytes;
        int slash = text.IndexOf((byte)'/');
        if (!IpText.TryParse(slash < 0 ? text : text[..slash], out Ip ip))
        {
            common.Findings.Add(new Diagnostic(value.Where, Severity.Error, ConfigFault.General, $"Invalid peer address {peer}")
            {
                Lead = $"VRRP parsed invalid IP {peer}. skipping IP...",
                Explanation = "peer takes ADDR[/LEN]; it is ignored",
                SourceLine = value.Line.Shown,
            }.From(value));
            return true;
        }

        if (ip.IsV6 != address.Address.IsV6)
        {
            common.Findings.Error(value, ConfigFault.General, $"Peer address {peer} does not match address family",
                "both ends of a link are of one family");
            return true;
        }

        if (address.Where.Bytes.Contains((byte)'/'))
        {
            common.Findings.Error(value, ConfigFault.General, "Cannot specify address prefix when specifying peer address - ignoring",
                "on a point-to-point link the length belongs to the peer: ADDR peer ADDR/LEN");
        }

        address.PrefixLength = Bits(ip);
        byte length = slash < 0 ? Bits(ip) : Length(value, text[(slash + 1)..], slash, ip);
        Extend(address, extras => extras with { Peer = ip, PeerLength = length });
        return true;
    }

    private bool Preferred(Word value, AddressDraft address)
    {
        string seconds = value.Text;
        long? lifetime = seconds == "forever" ? uint.MaxValue : common.Number(value, Lifetime, $"preferred_lft {seconds} is invalid",
            $"preferred_lft takes seconds or forever, not '{seconds}'");
        Extend(address, extras => extras with { PreferredLifetime = (uint?)lifetime });
        return true;
    }

    private bool Group(Word value, AddressDraft address)
    {
        string group = host.Group(value, common.Findings);
        Extend(address, extras => extras with { TrackGroup = group });
        return true;
    }

    private static void Extend(AddressDraft address, Func<AddressExtras, AddressExtras> change) =>
        address.Words = address.Words with { Extras = change(address.Words.Extras) };
}
