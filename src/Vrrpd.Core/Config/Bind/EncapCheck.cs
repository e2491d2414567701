using System;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>What follows encap in a route.</summary>
internal sealed class EncapCheck(LineReader line, BlockBinder common)
{
    /// <summary>MPLS labels have 20 bits.</summary>
    private const uint LargestLabel = (1 << 20) - 1;

    public void Read()
    {
        if (!line.HasMore)
        {
            line.Fail(line.Last, "Missing encap type", "encap is followed by ip, ip6, mpls or ila");
            return;
        }

        Word kind = line.Take();
        switch (kind.Text)
        {
            case "ip":
                Tunnel(ConfigKeywords.Block("encap_ip")!, "ip");
                break;
            case "ip6":
                Tunnel(ConfigKeywords.Block("encap_ip6")!, "ip6");
                break;
            case "mpls":
                One("missing address for MPLS encapsulation", "invalid mpls address {0} for encapsulation", AreLabels, "labels are 0..1048575");
                break;
            case "ila":
                One("missing locator for ILA encapsulation", "invalid locator {0} for ila encapsulation", IsLocator,
                    "a locator is four groups of hexadecimal digits, such as 2001:db8:0:1");
                break;
            default:
                line.Fail(kind, $"Unknown encap type - {kind.Text}", "known are ip, ip6, mpls and ila");
                break;
        }
    }

    private void Tunnel(KeywordBlock words, string kind)
    {
        bool hasTarget = false;
        while (line.HasMore && ConfigKeywords.Find(words, line.Peek) is { } keyword)
        {
            string name = line.Take().Text;
            hasTarget |= name is "id" or "dst";
            if (keyword.Arguments[0].Kind is ArgumentKind.Address4 or ArgumentKind.Address6)
            {
                Address(keyword, kind);
            }
            else if (name == "id")
            {
                Id(keyword);
            }
            else
            {
                line.Arguments(keyword, name);
            }
        }

        if (!hasTarget && !line.HasFailed)
        {
            line.Fail(line.Last, $"address or id missing for {kind} encapsulation", "a tunnel needs a dst or an id");
        }
    }

    private void Address(Keyword keyword, string kind)
    {
        if (!line.TryValue(keyword, out Word value)
            || !line.Address(value, keyword.Complaint.Replace("%v", value.Text, StringComparison.Ordinal), hasLength: false, out Ip ip))
        {
            return;
        }

        if (ip.IsV6 != (kind == "ip6"))
        {
            line.Fail(value, $"{(ip.IsV6 ? "IPv6" : "IPv4")} address {value.Text} not valid for {kind} encapsulation",
                "the outer header is of the other family");
        }
    }

    private void Id(Keyword keyword)
    {
        if (line.TryValue(keyword, out Word value) && !ulong.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            line.Fail(keyword, "id", value, $"invalid number '{value.Text}'");
        }
    }

    private void One(string missing, string wrong, Predicate<string> isGood, string explanation)
    {
        if (!line.HasMore)
        {
            common.Findings.Error(line.Last, ConfigFault.General, missing, explanation);
            return;
        }

        Word value = line.Take();
        if (!isGood(value.Text))
        {
            line.Fail(value, wrong.Replace("{0}", value.Text, StringComparison.Ordinal), explanation);
        }
    }

    private static bool AreLabels(string text)
    {
        foreach (string label in text.Split('/'))
        {
            if (RouteNames.Number(label) is not <= LargestLabel)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLocator(string text)
    {
        string[] groups = text.Split(':');
        foreach (string group in groups)
        {
            if (!ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))
            {
                return false;
            }
        }

        return groups.Length == 4;
    }
}
