using System;
using System.Collections.Generic;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>Names in lines that are settled elsewhere: by the host, or by blocks that may stand anywhere in the file.</summary>
internal sealed class HostNames
{
    public List<HostName> All { get; } = [];

    /// <summary>Of track_group, vrrp_script and so on, known before lines are read so that the order of blocks does not matter.</summary>
    public HashSet<string> TrackGroups { get; } = [];
    public HashSet<string> Scripts { get; } = [];
    public HashSet<string> Files { get; } = [];
    public HashSet<string> Processes { get; } = [];
    public HashSet<string> Bfds { get; } = [];

    public void Add(HostThing thing, Word at, string complaint) => All.Add(new(thing, at.Text, at.Where, complaint));

    /// <summary>The name behind track_group, or "" after a complaint.</summary>
    public string Group(Word at, Findings findings)
    {
        string name = at.Text;
        if (TrackGroups.Contains(name))
        {
            return name;
        }

        findings.Error(at, ConfigFault.General, $"track_group {name} not found", $"there is no track_group '{name}' in this configuration");
        return "";
    }

    /// <summary>Every named block of the top level.</summary>
    public void Collect(ConfigNode root)
    {
        foreach (ConfigNode block in root.Children)
        {
            HashSet<string>? names = block.ArgumentCount == 0 || block.IsRejected ? null : block.Keyword?.Name switch
            {
                "vrrp_script" => Scripts,
                "track_file" or "vrrp_track_file" when Has(block, "file") => Files,
                "vrrp_track_process" when Has(block, "process") => Processes,
                "bfd_instance" when IsForVrrp(block) => Bfds,
                "track_group" => TrackGroups,
                _ => null,
            };
            names?.Add(block.Words[1].Text);
        }
    }

    private static bool Has(ConfigNode block, string keyword)
    {
        foreach (ConfigNode node in block.Children)
        {
            if (!node.IsRejected && node.Keyword!.Name == keyword)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>It has a neighbour, and is not for the checker alone.</summary>
    private static bool IsForVrrp(ConfigNode block) =>
        (Has(block, "neighbor_ip") || Has(block, "neighbour_ip")) && (Has(block, "vrrp") || !Has(block, "checker"));
}

/// <summary>Addresses as they stand in the file.</summary>
internal static class IpText
{
    /// <summary>The longest is IPv6 with an IPv4 tail: 45 characters.</summary>
    private const int Longest = 48;

    public static bool TryParse(ReadOnlySpan<byte> text, out Ip ip)
    {
        Span<char> chars = stackalloc char[Longest];
        if (text.Length > Longest)
        {
            ip = default;
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            chars[i] = (char)text[i];
        }

        return Ip.TryParse(chars[..text.Length], out ip);
    }
}

/// <summary>Numbers in messages.</summary>
internal static class Shown
{
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);
}
