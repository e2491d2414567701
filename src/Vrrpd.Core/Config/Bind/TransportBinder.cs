using System;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>What an instance speaks with: its source, group and peers, and devices of its own.</summary>
internal sealed class TransportBinder(BlockBinder common)
{
    /// <summary>Of a MAC address: the last byte is still to come, the virtual router id.</summary>
    public const ulong TakesId = 1UL << 48;

    private const int LongestName = 15;
    private static readonly Argument Ttl = Argument.Range(0, 255), LinkGroup = Argument.Range(0, uint.MaxValue);

    /// <summary>mcast_src_ip and unicast_src_ip. A length is not asked for but tolerated.</summary>
    public void Source(Word at, InstanceDraft draft)
    {
        if (!TryAddress(at, out Ip ip))
        {
            common.Findings.Error(at, ConfigFault.General,
                $"Configuration error: VRRP instance[{draft.Name}] malformed src address[{at.Text}]. Skipping...",
                $"'{at.Text}' is not an address");
        }
        else if (!Fits(ip, draft))
        {
            common.Findings.Error(at, ConfigFault.General,
                $"Configuration error: VRRP instance[{draft.Name}] and src address[{at.Text}] MUST be of the same family !!! Skipping...",
                FamilyOf(draft));
        }
        else
        {
            draft.Source = ip;
        }
    }

    /// <summary>mcast_dst_ip; if it is of no use the usual group stays.</summary>
    public void Group(Word at, InstanceDraft draft)
    {
        string text = at.Text;
        string? complaint = !Ip.TryParse(text, out Ip ip) ? $"malformed mcast dest address {text}. Skipping..."
            : !IsMulticast(ip) ? $"mcast_dst_ip {text} not multicast. Skipping..."
            : ip.IsV6 && (ip.High >> 48 & 0xf) != 2 ? $"mcast_dst_ip {text} not link-local multicast. Skipping..."
            : !Fits(ip, draft) ? $"mcast dest address {text} MUST match VRRP instance family. Skipping..." : null;
        if (complaint is null)
        {
            draft.Group = ip;
            return;
        }

        common.Findings.Error(at, ConfigFault.General, $"({draft.Name}) {complaint}",
            "mcast_dst_ip takes a multicast address of the instance's family; of IPv6 one that stays on the link, such as ff02::12");
    }

    /// <summary>The lines of unicast_peer.</summary>
    public void Peers(ConfigNode block, InstanceDraft draft)
    {
        draft.IsUnicast = true;
        foreach (ConfigNode line in block.Children)
        {
            Word at = line.First;
            if (!TryAddress(at, out Ip ip))
            {
                common.Findings.Error(at, ConfigFault.General,
                    $"Configuration error: VRRP instance[{draft.Name}] malformed unicast peer address[{at.Text}]. Skipping...",
                    "a line is ADDR [min_ttl N] [max_ttl N]");
            }
            else if (!Fits(ip, draft))
            {
                common.Findings.Error(at, ConfigFault.General, $"Configuration error: VRRP instance[{draft.Name}] and unicast peer "
                    + $"address[{at.Text}] MUST be of the same family !!! Skipping...", FamilyOf(draft));
            }
            else if (HasPeer(draft, ip))
            {
                common.Findings.Error(at, ConfigFault.General, $"({draft.Name}) duplicate unicast peer {at.Text} - ignoring",
                    "each peer may stand once");
            }
            else
            {
                (draft.Peers ??= []).Add(Peer(line, ip, draft));
            }
        }
    }

    public static bool IsMulticast(Ip ip) => ip.IsV6 ? ip.High >> 56 == 0xff : ip.V4 >> 28 == 0xe;

    /// <summary>Whether an address suits the family; the first one decides it.</summary>
    public static bool Fits(Ip ip, InstanceDraft draft)
    {
        draft.IsV6 ??= ip.IsV6;
        return draft.IsV6 == ip.IsV6;
    }

    public static string FamilyOf(InstanceDraft draft) =>
        $"the first address that was read makes this an {(draft.IsV6 == true ? "IPv6" : "IPv4")} instance";

    /// <summary>use_vmac: words in any order, each once.</summary>
    public VirtualDevice Macvlan(ConfigNode node, InstanceDraft draft)
    {
        VirtualDevice device = new();
        for (int i = 1; i < node.Words.Length; i++)
        {
            Word at = node.Words[i];
            string word = at.Text;
            if (word == "netlink_notify_msg")
            {
                device = device with { NotifiesParent = true };
            }
            else if (word is "name" or "group" && i + 1 < node.Words.Length)
            {
                device = Option(word, node.Words[++i], device, draft);
            }
            else if (word.Contains(':', StringComparison.Ordinal))
            {
                device = device with { Mac = Mac(at, word) };
            }
            else if (device.Name.Length > 0)
            {
                common.Findings.Error(at, ConfigFault.General, "VMAC interface name already specified",
                    "use_vmac takes [[name] IF] [MAC] [netlink_notify_msg] [group N]");
            }
            else
            {
                device = Option("name", at, device, draft);
            }
        }

        return device;
    }

    /// <summary>use_ipvlan: words in any order, each once.</summary>
    public VirtualDevice Ipvlan(ConfigNode node, InstanceDraft draft)
    {
        VirtualDevice device = new() { IsIpvlan = true };
        for (int i = 1; i < node.Words.Length; i++)
        {
            Word at = node.Words[i];
            string word = at.Text;
            if (word is "bridge" or "private" or "vepa")
            {
                if (device.Mode.Length > 0)
                {
                    common.Findings.Error(at, ConfigFault.General, $"({draft.Name}) ipvlan type already specified - ignoring '{word}'",
                        "the type is one of bridge, private and vepa");
                    continue;
                }

                device = device with { Mode = word };
            }
            else if (word is "name" or "group" && i + 1 < node.Words.Length)
            {
                device = Option(word, node.Words[++i], device, draft);
            }
            else if (TryAddress(at, out Ip ip))
            {
                device = WithAddress(at, ip, device, draft);
            }
            else if (device.Name.Length > 0)
            {
                common.Findings.Error(at, ConfigFault.General, $"({draft.Name}) IPVLAN interface already specified - ignoring '{word}'",
                    "use_ipvlan takes [[name] IF] [ADDR] [bridge|private|vepa] [group N]");
            }
            else
            {
                device = Option("name", at, device, draft);
            }
        }

        return device;
    }

    private VirtualDevice WithAddress(Word at, Ip ip, VirtualDevice device, InstanceDraft draft)
    {
        string text = at.Text;
        if (ip.IsV6 != (draft.IsV6 ?? ip.IsV6))
        {
            common.Findings.Error(at, ConfigFault.General, $"({draft.Name}) ipvlan address[{text}] MUST match vrrp instance family !!! Skipping...",
                FamilyOf(draft));
            return device;
        }

        int slash = text.IndexOf('/', StringComparison.Ordinal);
        byte most = (byte)(ip.IsV6 ? 128 : 32);
        byte length = slash >= 0 && byte.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out byte written)
            && written <= most ? written : most;
        return device with { Address = ip, PrefixLength = length };
    }

    private VirtualDevice Option(string option, Word value, VirtualDevice device, InstanceDraft draft)
    {
        string text = value.Text;
        if (option == "group")
        {
            return device with
            {
                LinkGroup = (uint?)common.Number(value, LinkGroup, $"({draft.Name}) Invalid link group {text} - ignoring",
                    $"group takes a number, not '{text}'"),
            };
        }

        if (text.Length is 0 or > LongestName || text.Contains('/', StringComparison.Ordinal))
        {
            common.Findings.Error(value, ConfigFault.General,
                $"{(device.IsIpvlan ? "IPVLAN" : "VMAC")} interface name '{text}' too long or invalid characters - ignoring",
                "an interface name has 1 to 15 characters and no '/'");
            return device;
        }

        return device with { Name = text };
    }

    /// <summary>0, after a complaint, if it is of no use: the address of the standard is taken.</summary>
    private ulong Mac(Word at, string text)
    {
        string[] parts = text.Split(':');
        ulong mac = 0;
        bool isGood = parts.Length is 5 or 6;
        foreach (string part in parts)
        {
            isGood &= part.Length is 1 or 2 && byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
            mac = isGood ? mac << 8 | byte.Parse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : 0;
        }

        mac = parts.Length == 5 ? mac << 8 | TakesId : mac;
        string? complaint = !isGood ? $"VMAC invalid MAC address {text}"
            : (mac >> 40 & 1) != 0 ? $"VMAC MAC address is multicast {text} - ignoring"
            : (mac & ~TakesId) >> 16 == 0x00005e00 && (mac >> 8 & 0xff) is 1 or 2 ? $"VMAC MAC address not allowed to be RFC5798 address ({text}) - ignoring"
            : null;
        if (complaint is null)
        {
            return mac;
        }

        common.Findings.Error(at, ConfigFault.General, complaint,
            "a MAC address of one's own has six octets, or five and the virtual router id follows; it is neither multicast nor of VRRP");
        return 0;
    }

    private static bool HasPeer(InstanceDraft draft, Ip ip)
    {
        foreach (UnicastPeer peer in draft.Peers ?? [])
        {
            if (peer.Address == ip)
            {
                return true;
            }
        }

        return false;
    }

    private UnicastPeer Peer(ConfigNode line, Ip ip, InstanceDraft draft)
    {
        short min = -1, max = -1;
        for (int i = 1; i < line.Words.Length; i++)
        {
            Word option = line.Words[i];
            string name = option.Text;
            if (i + 1 == line.Words.Length)
            {
                common.Findings.Error(option, ConfigFault.General, $"({draft.Name}) {name} is missing a value",
                    "a line is ADDR [min_ttl N] [max_ttl N]");
                break;
            }

            Word value = line.Words[++i];
            if (name is not ("min_ttl" or "max_ttl"))
            {
                common.Findings.Error(option, ConfigFault.General, $"({draft.Name}) unknown unicast_peer option {name}",
                    "a line is ADDR [min_ttl N] [max_ttl N]");
                continue;
            }

            short ttl = Bound(value, name);
            (min, max) = name == "min_ttl" ? (ttl, max) : (min, ttl);
            draft.ChecksUnicastSource |= ttl >= 0;
        }

        if (max >= 0 && min > max)
        {
            common.Findings.Error(line.First, ConfigFault.General,
                $"({draft.Name}) min_ttl {Shown.Of(min)} > max_ttl {Shown.Of(max)} - all packets will be discarded", "");
        }

        return new(ip, min, max);
    }

    private short Bound(Word value, string name)
    {
        ParsedNumber number = ConfigNumbers.Whole(value.Text, Ttl.Min, Ttl.Max, isLax: false);
        if (number.IsUsable)
        {
            return (short)number.Value;
        }

        common.Findings.Error(value, ConfigFault.InvalidNumber, number.Complaint, $"{name} takes 0..255, not '{value.Text}'");
        return -1;
    }

    /// <summary>An address with or without a length.</summary>
    private static bool TryAddress(Word at, out Ip ip)
    {
        ReadOnlySpan<char> text = at.Text;
        int slash = text.IndexOf('/');
        return Ip.TryParse(slash < 0 ? text : text[..slash], out ip);
    }
}
