using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>Lines of virtual_ipaddress.</summary>
internal sealed class AddressBinder(BlockBinder common)
{
    private const int LongestLabel = 15;

    private static readonly Argument Prefix = Argument.Range(0, 32);

    private readonly HashSet<string> _reported = [];

    /// <summary>A line to an address, or null with a complaint.</summary>
    public AddressDraft? Bind(ConfigNode line, InstanceDraft instance)
    {
        string text = line.First.Text;
        int slash = text.IndexOf('/', System.StringComparison.Ordinal);
        string bare = slash < 0 ? text : text[..slash];
        if (!Ip.TryParse(bare, out Ip ip))
        {
            common.Findings.Error(line.First, ConfigFault.General, $"VRRP parsed invalid IP {text}. skipping IP...",
                $"'{bare}' is not an address: a line starts with ADDR[/LEN], such as 10.0.0.1/24");
            return null;
        }

        if (ip.IsV6)
        {
            RejectV6(line.First, instance);
            return null;
        }

        byte length = slash < 0 ? (byte)32 : PrefixLength(line.First, text[(slash + 1)..], slash);
        AddressDraft? address = Options(line, new(ip, length, line.First));
        if (address is not null && !instance.AddressesSeen.Add(ip))
        {
            common.Findings.Error(line.First, ConfigFault.General, $"({instance.Name}) duplicate VIP {text} - ignoring",
                "each address may stand once");
            return null;
        }

        return address;
    }

    private void RejectV6(Word at, InstanceDraft instance)
    {
        if (instance.Addresses.Count > 0)
        {
            common.Findings.Error(at, ConfigFault.General,
                $"({instance.Name}): address family must match VRRP instance [{at.Text}] - ignoring",
                "the first address makes this an IPv4 instance");
        }
        else if (!instance.IsRefused)
        {
            instance.IsRefused = true;
            common.Refuse(at, $"({instance.Name}) IPv6 address {at.Text}", "an instance for IPv6 cannot be served");
        }
    }

    private byte PrefixLength(Word at, string text, int slash)
    {
        Word number = new(text, at.Line, at.Start + slash + 1, at.End);
        long? length = common.Number(number, Prefix, $"Invalid address prefix len {text} for address {at.Text} - using 32",
            $"a prefix length is 0..32, not '{text}'", isLax: true);
        return (byte)(length ?? 32);
    }

    private AddressDraft? Options(ConfigNode line, AddressDraft address)
    {
        WordList words = line.Words;
        for (int i = 1; i < words.Length; i++)
        {
            string option = words[i].Text;
            bool hasValue = option is "dev" or "scope" or "brd" or "broadcast" or "label" or "peer" or "preferred_lft" or "track_group";
            if (hasValue && i + 1 == words.Length)
            {
                common.Findings.Error(words[i], ConfigFault.General, $"No {option} parameter specified for {words[0].Text}",
                    $"'{option}' takes one word after it");
                break;
            }

            AddressDraft? next = hasValue ? WithValue(address, option, words[++i]) : WithFlag(address, words[i]);
            if (next is null)
            {
                return null;
            }

            address = next;
        }

        return address;
    }

    private AddressDraft? WithFlag(AddressDraft address, Word option)
    {
        switch (option.Text)
        {
            case "use_vmac":
                common.Refuse(option, "Address option 'use_vmac'", "the address would come from another MAC address");
                return null;
            case "home" or "-nodad" or "mngtmpaddr" or "noprefixroute" or "autojoin" or "no_track":
                NotYet(option, option.Text);
                return address;
            default:
                common.Findings.Error(option, ConfigFault.General, $"Unknown configuration entry '{option.Text}' for ip address - ignoring",
                    "known are dev, scope, brd and label; each address stands on a line of its own");
                return address;
        }
    }

    private AddressDraft? WithValue(AddressDraft address, string option, Word value)
    {
        switch (option)
        {
            case "dev":
                string? name = common.Interface(value);
                return name is null ? null : address with { Interface = name, DeviceWhere = value.Where };
            case "scope":
                return WithScope(address, value);
            case "brd" or "broadcast":
                return WithBroadcast(address, value);
            case "label" when value.Text.Length > LongestLabel:
                common.Findings.Error(value, ConfigFault.General,
                    $"Address label {value.Text} is longer than maximum length {LongestLabel} - removing address", "shorten the label");
                return null;
            case "label":
                return address with { Label = value.Text };
            default:
                NotYet(value, option);
                return address;
        }
    }

    private void NotYet(Word at, string option)
    {
        if (_reported.Add(option))
        {
            common.Findings.Advise(at, $"Address option '{option}' is understood but has no effect yet");
        }
    }

    private AddressDraft WithScope(AddressDraft address, Word value)
    {
        int scope = value.Text switch
        {
            "global" => 0,
            "site" => 200,
            "link" => 253,
            "host" => 254,
            "nowhere" => 255,
            _ => -1,
        };
        if (scope < 0)
        {
            ParsedNumber number = ConfigNumbers.Whole(value.Text, 0, 255, isLax: false);
            if (number.Complaint.Length > 0)
            {
                common.Findings.Error(value, ConfigFault.General,
                    $"Invalid scope '{value.Text}' specified for {address.Where.Text} - ignoring",
                    "scope is global, site, link, host, nowhere or 0..255");
                return address;
            }

            scope = (int)number.Value;
        }

        return address with { Scope = (byte)scope };
    }

    private AddressDraft? WithBroadcast(AddressDraft address, Word value)
    {
        if (address.PrefixLength > 30)
        {
            common.Findings.Error(value, ConfigFault.General, $"Address prefix length {address.PrefixLength} too long for broadcast",
                "an address with a broadcast address needs a length of at most 30");
            return address;
        }

        uint hosts = uint.MaxValue >> address.PrefixLength;
        switch (value.Text)
        {
            case "+":
                return address with { Broadcast = Ip.FromV4(address.Address.V4 | hosts) };
            case "-":
                return address with { Broadcast = Ip.FromV4(address.Address.V4 & ~hosts) };
            default:
                if (Ip.TryParseV4(value.Text, out Ip broadcast))
                {
                    return address with { Broadcast = broadcast };
                }

                common.Findings.Error(value, ConfigFault.General,
                    $"VRRP is trying to assign invalid broadcast {value.Text}. skipping VIP...",
                    "brd takes an IPv4 address, '+' or '-'");
                return null;
        }
    }
}
