using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>A virtual_server block to <see cref="ServerDraft"/>: everything that can be said line by line.</summary>
internal sealed class ServerBinder(BlockBinder common, CheckerBinder checkers)
{
    private const long DefaultPersistence = 360;
    private static readonly Argument Mark = Argument.Range(0, uint.MaxValue), PortRange = Argument.Range(1, ushort.MaxValue),
        PrefixRange = Argument.Range(1, 128);

    private readonly ForwardingBinder _forwarding = new(common);

    /// <summary>Null, with a complaint, if it cannot be known by what it is.</summary>
    public ServerDraft? Bind(ConfigNode block)
    {
        if (Key(block) is not { } draft)
        {
            return null;
        }

        HashSet<string> scripts = [];
        foreach (ConfigNode node in block.Children)
        {
            if (!node.IsRejected)
            {
                Read(node, draft, scripts);
            }
        }

        if (draft.Sorry is { } sorry && !Fits(sorry, draft))
        {
            common.Findings.Error(block.End, ConfigFault.General,
                $"Address family of virtual server and sorry server {sorry.Address} don't match - skipping sorry server.", WhyFamily);
            draft.Sorry = null;
        }

        return draft;
    }

    private const string WhyFamily = "only tunnels (lvs_method TUN) lead from one family to the other";

    /// <summary>The port behind an address, 0 for none; null after a complaint.</summary>
    public static ushort? Port(BlockBinder common, ConfigNode node, int word, string complaint)
    {
        if (node.ArgumentCount < word || node.Words[word].Text == "0")
        {
            return 0;
        }

        return (ushort?)common.Number(node.Words[word], PortRange, complaint, "a port is 1 to 65535, or absent");
    }

    /// <summary>A command that may stand once; false after a complaint.</summary>
    public static bool IsFirst(BlockBinder common, ConfigNode node, HashSet<string> seen, string title)
    {
        if (seen.Add(node.Keyword!.Name))
        {
            return true;
        }

        common.Findings.Error(node.Words[1], ConfigFault.General,
            $"({title}) {node.Keyword.Name} script already specified - ignoring {node.Words[1].Text}", "the first one counts");
        return false;
    }

    private ServerDraft? Key(ConfigNode block)
    {
        Word key = block.Words[1];
        if (key.Text is not ("fwmark" or "group"))
        {
            string text = block.ArgumentCount > 1 ? $"/port {key.Text}/{block.Words[2].Text}" : $" {key.Text}";
            string complaint = $"Invalid virtual server IP address{text} - skipping";
            if (Port(common, block, 2, complaint) is not { } port)
            {
                return null;
            }

            int range = key.Text.AsSpan().IndexOfAny('/', '-');
            if (Ip.TryParse(range < 0 ? key.Text : key.Text.AsSpan(0, range), out Ip address))
            {
                if (range >= 0)
                {
                    common.Findings.Advise(key, $"virtual_server {key.Text} is taken for the address {address}",
                        "as keepalived does; ranges stand in a virtual_server_group");
                }

                return new(key) { Address = address, Port = port, Family = (byte)(address.IsV6 ? 6 : 4) };
            }

            common.Findings.Error(key, ConfigFault.General, complaint, "write: virtual_server ADDR [PORT], virtual_server fwmark N or"
                + " virtual_server group NAME; ranges stand in a virtual_server_group; the block is skipped");
            return null;
        }

        if (block.ArgumentCount < 2)
        {
            common.Findings.MissingArgument(block, key, $"write: virtual_server {(key.Text == "group" ? "group NAME" : "fwmark N")}");
            return null;
        }

        Word name = block.Words[2];
        if (key.Text == "group")
        {
            return new(name) { Group = name.Text };
        }

        return common.Number(name, Mark, $"virtual server fwmark '{name.Text}' must be in [0, 4294967295] - ignoring",
            "a mark is what netfilter's mark target sets; the block is skipped") is { } mark ? new(name) { Mark = (uint)mark } : null;
    }

    private void Read(ConfigNode node, ServerDraft draft, HashSet<string> scripts)
    {
        Word at = node.Words[Math.Min(1, node.ArgumentCount)];
        switch (node.Keyword!.Name)
        {
            case "real_server":
                RealServer(node, draft);
                break;
            case "lb_algo" or "lvs_sched":
                draft.Scheduler = at.Text;
                break;
            case "lb_kind" or "lvs_method":
                draft.Forwarding = _forwarding.Bind(node, "virtual server") ?? draft.Forwarding;
                break;
            case "protocol":
                draft.Protocol = (at.Text[0] | 0x20) switch { 't' => LvsProtocol.Tcp, 'u' => LvsProtocol.Udp, _ => LvsProtocol.Sctp };
                break;
            case "ip_family":
                SetFamily(at, at.Text == "inet6" ? (byte)6 : (byte)4, draft);
                break;
            case "persistence_timeout":
                draft.Persistence = node.ArgumentCount > 0 ? BlockBinder.Number(node) : DefaultPersistence;
                break;
            case "persistence_granularity":
                Granularity(node, draft);
                break;
            case "quorum":
                draft.Quorum = BlockBinder.Number(node);
                break;
            case "hysteresis":
                draft.Hysteresis = BlockBinder.Number(node);
                break;
            case "weight":
                draft.Weight = BlockBinder.Number(node);
                break;
            case "sorry_server":
                Sorry(node, draft);
                break;
            case "sorry_server_lvs_method" when draft.Sorry is { } sorry:
                sorry.Forwarding = _forwarding.Bind(node, "sorry server") ?? sorry.Forwarding;
                break;
            case "sorry_server_lvs_method":
                common.Findings.Error(node.First, ConfigFault.General, "sorry_server forwarding used without sorry_server", "write it behind sorry_server");
                break;
            case "sorry_server_inhibit" when draft.Sorry is { } sorry:
                sorry.Settings.Add(CheckerBinder.Setting(node));
                break;
            case "sorry_server_inhibit":
                common.Findings.Error(node.First, ConfigFault.General, "Ignoring sorry_server inhibit used before or without sorry_server",
                    "write it behind sorry_server");
                break;
            case "hashed" or "sh-port" or "sh-fallback" or "mh-port" or "mh-fallback" when draft.Scheduler is not ("sh" or "mh"):
                common.Findings.Error(node.First, ConfigFault.General, $"{node.First.Text} only applies to sh scheduler - ignoring",
                    "write it behind lb_algo sh or lb_algo mh");
                break;
            case "quorum_up" or "quorum_down" when !IsFirst(common, node, scripts, draft.Title):
            case "snmp_name" when IsLong(common, node, "virtual server"):
                break;
            case "persistence_engine" when at.Text.Length > 16:
                common.Findings.Error(at, ConfigFault.General, $"persistence_name too long, truncating - {at.Text}", "the kernel knows sip");
                goto default;
            default:
                draft.OnePacket |= node.Keyword.Name == "ops";
                draft.HaSuspend |= node.Keyword.Name == "ha_suspend";
                draft.Settings.Add(CheckerBinder.Setting(node));
                break;
        }
    }

    /// <summary>snmp_name with more than a name, after a complaint.</summary>
    private static bool IsLong(BlockBinder common, ConfigNode node, string what)
    {
        if (node.ArgumentCount > 1)
        {
            common.Findings.Error(node.Words[2], ConfigFault.General, $"{what} snmp_name missing or extra parameters",
                "put a name that has blanks in double quotes");
        }

        return node.ArgumentCount > 1;
    }

    private void SetFamily(Word at, byte family, ServerDraft draft)
    {
        if (draft.Family != 0 && draft.Family != family)
        {
            common.Findings.Error(at, ConfigFault.General,
                $"Virtual server specified family {(family == 6 ? "inet6" : "inet")} conflicts with server family", "its addresses have decided it already");
            return;
        }

        draft.Family = family;
    }

    private void Granularity(ConfigNode node, ServerDraft draft)
    {
        Word at = node.Words[1];
        bool isMask = Ip.TryParseV4(at.Text, out _);
        if (draft.Family == 6 || (draft.Family == 0 && !isMask))
        {
            if (common.Number(at, PrefixRange, $"Invalid IPv6 persistence_granularity specified - {at.Text}",
                "for IPv6 it is a prefix length, 1 to 128") is null)
            {
                return;
            }

            draft.Family = 6;
        }
        else if (isMask)
        {
            draft.Family = 4;
        }
        else if (ConfigNumbers.Whole(at.Text, 0, uint.MaxValue, isLax: false).Complaint.Length == 0)
        {
            common.Findings.Advise(at, $"persistence_granularity {at.Text} is a netmask of IPv4, not a length",
                "keepalived takes the number for the mask's last bits; write 255.255.255.0 for clients of one /24");
        }
        else
        {
            common.Findings.Error(at, ConfigFault.General, $"Invalid IPv4 persistence_granularity specified - {at.Text}", "for IPv4 it is a netmask");
            return;
        }

        draft.Settings.Add(CheckerBinder.Setting(node));
    }

    private void Sorry(ConfigNode node, ServerDraft draft)
    {
        Word at = node.Words[1];
        string complaint = $"Invalid sorry server IP address {at.Text} - skipping";
        if (Port(common, node, 2, complaint) is not { } port)
        {
            return;
        }

        if (!Ip.TryParse(at.Text, out Ip address))
        {
            common.Findings.Error(at, ConfigFault.General, complaint, "write: sorry_server ADDR [PORT]");
            return;
        }

        draft.Sorry = new(at, address, port);
    }

    private void RealServer(ConfigNode block, ServerDraft draft)
    {
        Word at = block.Words[1];
        string complaint = $"Invalid real server ip address/port {at.Text}{(block.ArgumentCount > 1 ? "/" + block.Words[2].Text : "/(null)")} - skipping";
        if (Port(common, block, 2, complaint) is not { } port)
        {
            return;
        }

        if (!Ip.TryParse(at.Text, out Ip address))
        {
            common.Findings.Error(at, ConfigFault.General, complaint, "write: real_server ADDR [PORT]; the block is skipped");
            return;
        }

        MemberDraft member = new(at, address, port);
        string title = draft.Of(address, port);
        HashSet<string> scripts = [];
        foreach (ConfigNode node in block.Children)
        {
            if (node.Keyword!.Form == KeywordForm.Block)
            {
                if (checkers.Bind(node, member, title) is { } checker)
                {
                    member.Checkers.Add(checker);
                }
            }
            else if (!node.IsRejected)
            {
                ReadMember(node, member, scripts, title);
            }
        }

        if (Fits(member, draft))
        {
            draft.Members.Add(member);
            return;
        }

        common.Findings.Error(block.End, ConfigFault.General,
            $"Address family of virtual server and real server {address} don't match - skipping real server.", WhyFamily);
    }

    private void ReadMember(ConfigNode node, MemberDraft member, HashSet<string> scripts, string title)
    {
        switch (node.Keyword!.Name)
        {
            case "weight":
                member.Weight = BlockBinder.Number(node);
                break;
            case "lvs_method":
                member.Forwarding = _forwarding.Bind(node, "real server") ?? member.Forwarding;
                break;
            case "notify_up" or "notify_down" when !IsFirst(common, node, scripts, title):
            case "snmp_name" when IsLong(common, node, "real server"):
                break;
            default:
                member.Settings.Add(CheckerBinder.Setting(node));
                break;
        }
    }

    /// <summary>Whether a server can be reached from the virtual server's family. The first one decides a family that is open.</summary>
    private static bool Fits(MemberDraft member, ServerDraft draft)
    {
        byte family = (byte)(member.Address.IsV6 ? 6 : 4);
        if ((member.Forwarding ?? draft.Forwarding)?.Method == ForwardingMethod.Tunnel)
        {
            return true;
        }

        draft.Family = draft.Family == 0 ? family : draft.Family;
        return draft.Family == family;
    }
}
