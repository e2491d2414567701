using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>Virtual addresses.</summary>
internal static class AddressLints
{
    /// <summary>An advert counts its addresses in a byte.</summary>
    private const int MostV4 = 255;

    /// <summary>(1500 - 40 IPv6 - 8 VRRP) / 16; auth_hmac takes 28 bytes more.</summary>
    private const int MostV6 = 90, MostV6Hmac = 89;

    public static readonly LintRule PrefixDiffers = new("vip-prefix-differs", Severity.Warning, "one address with two prefix lengths",
        "for the kernel these are two addresses, for VRRP one: removing the one can take the route of the other with it",
        "write the same prefix length everywhere, or remove one of the lines");

    public static readonly LintRule Twice = new("vip-twice", Severity.Warning, "one address in two instances",
        "whichever instance stops being master takes the address away from the other", "leave it in one of the instances");

    public static readonly LintRule MixedFamily = new("vip-mixed-family", Severity.Warning, "IPv4 and IPv6 in one `virtual_ipaddress`",
        "an advert holds one family, that of the first address: the others are dropped",
        "put them into virtual_ipaddress_excluded, or into an instance of their own joined by a vrrp_sync_group")
    { IsComplaint = true };

    public static readonly LintRule TooMany = new("vip-too-many", Severity.Warning, "more addresses than an advert holds",
        "the surplus is treated as virtual_ipaddress_excluded: it moves with the others but is in no advert",
        "put the surplus into virtual_ipaddress_excluded on all routers, so that the lists agree")
    { IsComplaint = true };

    public static readonly LintRule NoHost = new("vip-no-host", Severity.Warning, "an address that no host can have",
        "the first and the last address of a network are the network itself and its broadcast", "is the prefix length right? otherwise take another address");

    public static readonly LintRule DeviceUntracked = new("vip-device-untracked", Severity.Warning, "an address on an interface that is not tracked",
        "the instance watches its own interface only: when the other one fails, the master keeps the address there and nobody takes over",
        "name the interface in track_interface");

    public static readonly LintRule IsSource = new("vip-is-source", Severity.Warning, "a virtual address as source of adverts, or as a peer",
        "a backup does not have the address: it could not send from it, and adverts to it would reach the master only",
        "use addresses that each router always has");

    public static void Check(LintContext lint)
    {
        Dictionary<string, LintAddress> seen = [];
        foreach (LintInstance instance in lint.Model.Instances)
        {
            Counts(lint, instance);
            foreach (LintAddress address in instance.Addresses)
            {
                Against(lint, address, seen);
                Host(lint, address);
                Device(lint, instance, address);
            }

            Sources(lint, instance);
        }
    }

    private static void Against(LintContext lint, LintAddress address, Dictionary<string, LintAddress> seen)
    {
        string key = $"{address.Ip} {address.Device}";
        if (seen.TryAdd(key, address))
        {
            return;
        }

        LintAddress first = seen[key];
        string where = $"line {first.At.Line.Number}";
        if (first.Prefix != address.Prefix)
        {
            lint.Add(PrefixDiffers, address.At, $"({address.Owner.Name}) {address.Ip} is /{address.Prefix} here and /{first.Prefix} in {where}");
        }
        else if (first.Owner != address.Owner)
        {
            lint.Add(Twice, address.At, $"({address.Owner.Name}) {address.At.Text} is in {first.Owner.Name} too, {where}");
        }
    }

    private static void Counts(LintContext lint, LintInstance instance)
    {
        int count = 0;
        int most = !instance.IsV6 ? MostV4 : instance.Node.Has("auth_hmac") ? MostV6Hmac : MostV6;
        bool hasMixed = false;
        foreach (LintAddress address in instance.Addresses)
        {
            if (address.IsExcluded)
            {
                continue;
            }

            if (address.Ip.IsV6 != instance.IsV6)
            {
                if (!hasMixed)
                {
                    lint.Add(MixedFamily, address.At,
                        $"({instance.Name}) {address.At.Text} is dropped: this is an {(instance.IsV6 ? "IPv6" : "IPv4")} instance");
                }

                hasMixed = true;
            }
            else if (++count == most + 1)
            {
                lint.Add(TooMany, address.At, $"({instance.Name}) an advert holds {most} addresses"
                    + $" {(instance.IsV6 ? "with an MTU of 1500" : "at most")}; this is one too many");
            }
        }
    }

    private static void Host(LintContext lint, LintAddress address)
    {
        string why = "";
        if (!address.Ip.IsV6)
        {
            uint ip = address.Ip.V4, hosts = address.Prefix is > 0 and < 31 ? uint.MaxValue >> address.Prefix : 0;
            why = ip >> 28 == 0xe ? "a multicast address" : ip >> 24 == 127 ? "a loopback address"
                : hosts != 0 && (ip & hosts) == 0 ? "the network itself" : hosts != 0 && (ip & hosts) == hosts ? "the broadcast address of its network" : "";
        }
        else if (address.Ip.High >> 56 == 0xff)
        {
            why = "a multicast address";
        }

        if (why.Length > 0)
        {
            bool isOfNetwork = why.StartsWith("the", StringComparison.Ordinal);
            lint.Add(NoHost, address.At, $"({address.Owner.Name}) {address.At.Text} is {why}", isOfNetwork ? "" : "it cannot be a router's address",
                isOfNetwork ? "" : "take another address");
        }
    }

    private static void Device(LintContext lint, LintInstance instance, LintAddress address)
    {
        bool isElsewhere = instance.Interface.Length > 0 && address.Device != instance.Interface;
        if (!isElsewhere || address.Line.After("dev") is not { } device || Tracks(instance, address.Device))
        {
            return;
        }

        lint.Add(DeviceUntracked, device, $"({instance.Name}) nobody watches {address.Device}, where {address.Ip} is put",
            fix: $"add track_interface {{ {address.Device} }}");
    }

    private static bool Tracks(LintInstance instance, string device)
    {
        bool Names(TreeNode block)
        {
            foreach (TreeNode tracks in block.Named("track_interface"))
            {
                foreach (TreeNode line in tracks.Children)
                {
                    if (line.First.Text == device)
                    {
                        return true;
                    }
                }
            }

            return false;
        }

        return Names(instance.Node) || (instance.Group is { } group && Names(group.Node));
    }

    private static void Sources(LintContext lint, LintInstance instance)
    {
        List<Word> own = [];
        foreach (TreeNode node in instance.Node.Children)
        {
            if (node.Keyword!.Name is "mcast_src_ip" or "unicast_src_ip" && node.ArgumentCount > 0)
            {
                own.Add(node.Words[1]);
            }
            else if (node.Keyword.Name == "unicast_peer")
            {
                foreach (TreeNode line in node.Children)
                {
                    own.Add(line.First);
                }
            }
        }

        foreach (Word word in own)
        {
            if (Ip.TryParse(word.Text, out Ip ip) && instance.Addresses.Exists(address => address.Ip == ip))
            {
                lint.Add(IsSource, word, $"({instance.Name}) {word.Text} is one of its virtual addresses");
            }
        }
    }
}
