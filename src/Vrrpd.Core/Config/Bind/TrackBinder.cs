using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// Files, processes, BFD sessions, ARP groups and links to watch: what keepalived holds against them beyond their rows. ARP groups are kept; nothing
/// runs the others yet.
/// </summary>
internal sealed class TrackBinder(BlockBinder common, HostNames host)
{
    private static readonly string[] WaysToAsk = ["MII", "ETHTOOL", "IOCTL"];
    private const int LongestBfdName = 31;

    /// <summary>In microseconds.</summary>
    private const long LongestDelay = 255_000_000;

    private readonly HashSet<string> _files = [], _processes = [], _sessions = [];
    private readonly HashSet<string> _neighbours = [];
    private readonly HashSet<string> _spaced = [];
    private int _garpGroups;

    /// <summary>Usable garp_group blocks.</summary>
    public List<GarpDraft> Spaced { get; } = [];

    /// <summary>False if the block is none of these.</summary>
    public bool Read(ConfigNode block)
    {
        switch (block.Keyword!.Name)
        {
            case "track_file" or "vrrp_track_file":
                TrackFile(block);
                return true;
            case "vrrp_track_process":
                Process(block);
                return true;
            case "bfd_instance":
                Bfd(block);
                return true;
            case "garp_group":
                GarpGroup(block);
                return true;
            case "linkbeat_interfaces":
                Linkbeat(block);
                return true;
            case "interface_up_down_delays":
                Delays(block);
                return true;
            default:
                return false;
        }
    }

    private void TrackFile(ConfigNode block)
    {
        string name = block.Words[1].Text;
        bool hasFile = false;
        foreach (ConfigNode node in BlockBinder.Accepted(block, common.Refuse))
        {
            switch (node.Keyword!.Name)
            {
                case "file" when hasFile:
                    Error(node.Words[1], $"File already set for track file {name} - ignoring {node.Words[1].Text}", "a track_file watches one file");
                    break;
                case "file":
                    hasFile = true;
                    break;
                case "weight":
                    common.Weight(node, $"Weight (%v) for track_file {name} must be between [-254..254] inclusive. Ignoring...",
                        $"track_file {name}");
                    break;
                case "init_file":
                    InitFile(node, name);
                    break;
                default:
                    break;
            }
        }

        if (!hasFile)
        {
            Error(block.End, $"No file set for track_file {name} - ignoring", "a track_file needs a line: file PATH");
            return;
        }

        Define(_files, block, name);
    }

    private void InitFile(ConfigNode node, string name)
    {
        for (int i = 1; i < node.Words.Length; i++)
        {
            Word at = node.Words[i];
            string text = at.Text;
            string digits = text.TrimStart('-', '+');
            if (text == "overwrite")
            {
                continue;
            }

            if (digits.Length == 0 || !char.IsAsciiDigit(digits[0]))
            {
                Error(at, $"Unknown track file init option {text}", "init_file takes a number and 'overwrite'");
            }
            else if (common.Number(at, Argument.Range(int.MinValue, int.MaxValue), $"Track file {name} init value {text} is invalid",
                "init_file takes a whole number") is < -254 or > 254)
            {
                Error(at, $"Track file {name} init value {text} is outside sensible range [-254, 254]", "priorities have room for no more");
            }
        }
    }

    private void Process(ConfigNode block)
    {
        string name = block.Words[1].Text;
        bool hasProcess = false;
        long? least = null, most = null;
        foreach (ConfigNode node in BlockBinder.Accepted(block, common.Refuse))
        {
            switch (node.Keyword!.Name)
            {
                case "process" when hasProcess:
                    Error(node.Words[1], $"Process already set for track process {name} - ignoring {node.Words[1].Text}",
                        "a vrrp_track_process watches one program");
                    break;
                case "process":
                    hasProcess = true;
                    break;
                case "weight":
                    common.Weight(node, $"Weight (%v) for vrrp_track_process {name} must be between [-254..254] inclusive. Ignoring...",
                        $"vrrp_track_process {name}");
                    break;
                case "quorum" when BlockBinder.Number(node) > most:
                    Error(node.Words[1], "Quorum is greater than quorum_max - ignoring", "so many are never allowed to run");
                    break;
                case "quorum":
                    least = BlockBinder.Number(node);
                    break;
                case "quorum_max" when BlockBinder.Number(node) < least:
                    Error(node.Words[1], "quorum_max is less than quorum - ignoring", "so few are never enough");
                    break;
                case "quorum_max":
                    most = BlockBinder.Number(node);
                    break;
                default:
                    break;
            }
        }

        if (!hasProcess)
        {
            Error(block.End, $"track process '{name}' process name not specified", "a vrrp_track_process needs a line: process NAME");
            return;
        }

        Define(_processes, block, name);
    }

    private void Bfd(ConfigNode block)
    {
        string name = block.Words[1].Text;
        if (name.Length > LongestBfdName)
        {
            Error(block.Words[1], $"Configuration error: BFD instance {name} name too long (maximum length is 31 characters) - ignoring",
                "a shorter name will do; the block is skipped");
            return;
        }

        if (!_sessions.Add(name))
        {
            Error(block.Words[1], $"Configuration error: BFD instance {name} already configured - ignoring",
                "the second block of that name is skipped");
            return;
        }

        Word? neighbour = null, source = null;
        long? hops = null, limit = null;
        bool isBad = false;
        foreach (ConfigNode node in block.Children)
        {
            switch (node.Keyword!.Name)
            {
                case "neighbor_ip" or "neighbour_ip" when node.IsRejected:
                    isBad = true;
                    break;
                case "neighbor_ip" or "neighbour_ip" when !_neighbours.Add(node.Words[1].Text) && neighbour is null:
                    Error(block.End, $"Configuration error: BFD instance {name} has duplicate neighbor address {node.Words[1].Text},"
                        + " ignoring instance", "another bfd_instance speaks with this neighbour");
                    isBad = true;
                    break;
                case "neighbor_ip" or "neighbour_ip":
                    neighbour = node.Words[1];
                    break;
                case "source_ip" when !node.IsRejected:
                    source = node.Words[1];
                    break;
                case "max_hops" when !node.IsRejected:
                    hops = BlockBinder.Number(node);
                    break;
                case "ttl" or "hoplimit" when !node.IsRejected:
                    limit = BlockBinder.Number(node);
                    break;
                case "weight" when !node.IsRejected:
                    common.Weight(node, $"Configuration error: BFD instance {name} weight value %v not valid (must be in range [-253-253]), ignoring",
                        $"Configuration error: BFD instance {name}");
                    break;
                default:
                    break;
            }
        }

        if (!isBad)
        {
            CheckBfd(block, name, neighbour, source, hops, limit);
        }
    }

    private void CheckBfd(ConfigNode block, string name, Word? neighbour, Word? source, long? hops, long? limit)
    {
        if (neighbour is not { } at)
        {
            Error(block.End, $"Configuration error: BFD instance {name} has no neighbor address set, disabling instance",
                "a bfd_instance needs a line: neighbor_ip ADDR");
            return;
        }

        bool isV6 = Ip.TryParseV6(at.Text, out _);
        if (source is { } own && Ip.TryParseV6(own.Text, out _) != isV6)
        {
            Error(block.End, $"Configuration error: BFD instance {name} source address {own.Text} and neighbor address {at.Text}"
                + " are not of the same family, disabling instance", "both are IPv4 addresses, or both IPv6 addresses");
            return;
        }

        long furthest = limit ?? (isV6 ? 64 : 255);
        if (hops > furthest || (hops < 0 && furthest < 255))
        {
            Error(block.End, $"BFD instance {name}: max_hops exceeds ttl/hoplimit - setting to ttl/hoplimit",
                $"a packet that starts with {furthest} can pass no more routers");
        }
    }

    private void GarpGroup(ConfigNode block)
    {
        GarpDraft group = new();
        bool hasDelay = false;
        foreach (ConfigNode node in BlockBinder.Accepted(block, common.Refuse))
        {
            switch (node.Keyword!.Name)
            {
                case "garp_interval":
                    (group.ArpMicroseconds, hasDelay) = (BlockBinder.Number(node), true);
                    break;
                case "gna_interval":
                    (group.NeighbourMicroseconds, hasDelay) = (BlockBinder.Number(node), true);
                    break;
                case "interface":
                    Space(node.Words[1], node.Words[1], group);
                    break;
                default:
                    foreach (ConfigNode line in node.Children)
                    {
                        foreach (Word at in line.Words)
                        {
                            Space(at, node.End, group);
                        }
                    }

                    break;
            }
        }

        if (!hasDelay)
        {
            Error(block.End, $"garp group {_garpGroups} does not have any delay set - removing",
                "a garp_group needs a line: garp_interval SECONDS, or gna_interval SECONDS");
        }
        else
        {
            Spaced.Add(group);
        }

        _garpGroups++;
    }

    private void Space(Word interfaceName, Word at, GarpDraft group)
    {
        string name = interfaceName.Text;
        host.Add(HostThing.Interface, interfaceName, $"WARNING - interface {name} specified for garp_group doesn't exist");
        if (!_spaced.Add(name))
        {
            Error(at, $"garp_group already specified for {name} - ignoring", "an interface can be in one group");
            return;
        }

        group.Interfaces.Add(name);
    }

    private void Linkbeat(ConfigNode block)
    {
        foreach (ConfigNode line in block.Children)
        {
            host.Add(HostThing.WatchedInterface, line.First, $"unknown interface {line.First.Text} specified for linkbeat interface");
            bool isBad = line.ArgumentCount > 1 || (line.ArgumentCount == 1 && Array.IndexOf(WaysToAsk, line.Words[1].Text) < 0);
            if (isBad)
            {
                Error(line.Words[1], $"extra characters {line.Words[1].Text} in linkbeat interface", "a line is IF [MII|ETHTOOL|IOCTL]");
            }
        }
    }

    /// <summary>IF DOWN [UP], in seconds.</summary>
    private void Delays(ConfigNode block)
    {
        foreach (ConfigNode line in block.Children)
        {
            host.Add(HostThing.WatchedInterface, line.First, $"unknown interface {line.First.Text} specified for up/down delay");
            for (int i = 1; i < line.Words.Length && i <= 2; i++)
            {
                ParsedNumber number = ConfigNumbers.Seconds(line.Words[i].Text, 0, LongestDelay);
                if (number.Complaint.Length > 0)
                {
                    common.Findings.Error(line.Words[i], ConfigFault.InvalidNumber, number.Complaint, "a line is IF DOWN [UP], each 0..255 seconds");
                }
            }

            if (line.Words.Length is 1 or > 3)
            {
                common.Findings.Advise(line.Words[line.ArgumentCount], line.ArgumentCount == 0 ? $"No delay for {line.First.Text}"
                    : $"Extra parameter '{line.Words[3].Text}' is ignored", "a line is IF DOWN [UP], each 0..255 seconds");
            }
        }
    }

    private void Define(HashSet<string> names, ConfigNode block, string name)
    {
        if (!names.Add(name))
        {
            common.Findings.Advise(block.Words[1], $"{block.Keyword!.Name} '{name}' is defined twice", "give one of them another name");
        }
    }

    private void Error(Word at, string text, string explanation) => common.Findings.Error(at, ConfigFault.General, text, explanation);
}
