using System;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>
/// Walks over the words of a route or a rule and holds them against the rows of their block. The first fault ends the line, as in
/// keepalived: <see cref="HasFailed"/>.
/// </summary>
internal sealed class LineReader(ConfigNode line, BlockBinder common, HostNames host)
{
    private int _next;

    public bool HasFailed { get; private set; }
    public bool HasMore => !HasFailed && _next < line.Words.Length;

    /// <summary>The word that <see cref="Take"/> would give.</summary>
    public string Peek => _next < line.Words.Length ? line.Words[_next].Text : "";

    public Word First => line.First;

    /// <summary>The word taken last.</summary>
    public Word Last => line.Words[Math.Max(0, _next - 1)];

    public Word Take() => line.Words[_next++];

    /// <summary>The argument of the word taken last; false, after keepalived's last words, if the line is over.</summary>
    public bool TryValue(Keyword keyword, out Word value)
    {
        if (_next < line.Words.Length)
        {
            value = line.Words[_next++];
            return true;
        }

        value = Last;
        common.Findings.MissingArgument(line, value, $"{keyword.Name} needs {keyword.ArgumentText}: {keyword.Help}");
        HasFailed = true;
        return false;
    }

    /// <summary>The same for the name of a track_group, which must be in the file.</summary>
    public bool TryGroup(Keyword keyword, out Word group)
    {
        bool isThere = TryValue(keyword, out group);
        if (isThere)
        {
            host.Group(group, common.Findings);
        }

        return isThere;
    }

    /// <summary>The arguments of a word that says all there is to know in its row: choices, numbers, names and texts.</summary>
    public void Arguments(Keyword keyword, string name)
    {
        foreach (Argument argument in keyword.Arguments)
        {
            if (argument.IsOptional && !(HasMore && argument.Accepts(Peek)))
            {
                continue;
            }

            if (!TryValue(keyword, out Word value) || !IsGood(keyword, argument, name, value))
            {
                return;
            }
        }
    }

    public void Fail(Word at, string text, string explanation, string lead = "", ConfigFault fault = ConfigFault.General)
    {
        HasFailed = true;
        common.Findings.Add(new Diagnostic(at.Where, Severity.Error, fault, text)
        {
            Lead = lead,
            Explanation = explanation,
            SourceLine = at.Line.Shown,
        }.From(at));
    }

    /// <summary>keepalived's line about a bad value.</summary>
    public void Fail(Keyword keyword, string name, Word value, string lead = "") => Fail(value, Complaint(keyword, name, value.Text),
        $"{name} takes {keyword.ArgumentText}, not '{value.Text}'", lead);

    /// <summary>A name that the host's files may know; what cannot be a name is a complaint at once.</summary>
    public bool Name(Keyword keyword, HostThing thing, string name, Word value)
    {
        string text = value.Text;
        if (RouteNames.IsKnown(thing, text))
        {
            return true;
        }

        if (!RouteNames.IsName(text))
        {
            Fail(keyword, name, value);
            return false;
        }

        host.Add(thing, value, Complaint(keyword, name, text));
        return true;
    }

    /// <summary>An address or, with <paramref name="hasLength"/>, a prefix; default, any and all are prefixes of no family.</summary>
    public bool Address(Word value, string complaint, bool hasLength, out Ip ip)
    {
        string text = value.Text;
        int slash = hasLength ? text.IndexOf('/', StringComparison.Ordinal) : -1;
        if (!Ip.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out ip))
        {
            Fail(value, complaint, $"'{text}' is not an address", $"VRRP parsed invalid IP {text}. skipping IP...");
            return false;
        }

        if (slash >= 0)
        {
            int most = ip.IsV6 ? 128 : 32;
            string length = text[(slash + 1)..];
            common.Number(new(length, value.Line, value.Start + slash + 1, value.End), Argument.Range(0, most),
                $"Invalid address prefix len {length} for address {text} - using {Shown.Of(most)}",
                $"a prefix length is 0..{Shown.Of(most)}, not '{length}'");
        }

        return true;
    }

    public void Interface(Word value, string complaint) => host.Add(HostThing.Interface, value, complaint);

    public void Host(HostThing thing, Word value, string complaint) => host.Add(thing, value, complaint);

    /// <summary>The line with single blanks.</summary>
    public KernelLine Line(bool isV6, bool isTracked)
    {
        StringBuilder text = new();
        foreach (Word word in line.Words)
        {
            text.Append(text.Length > 0 ? " " : "").Append(word.Text);
        }

        return new(text.ToString(), isV6, line.First.Where) { IsTracked = isTracked };
    }

    /// <summary>Words whose values are names of host files.</summary>
    private static HostThing? Files(string keyword) => keyword switch
    {
        "table" or "lookup" => HostThing.RouteTable,
        "protocol" => HostThing.RouteProtocol,
        "scope" => HostThing.RouteScope,
        "realms" => HostThing.RouteRealm,
        "tos" or "dsfield" or "tc" => HostThing.TypeOfService,
        "suppress_ifgroup" or "sup_group" => HostThing.LinkGroup,
        "ipproto" => HostThing.IpProtocol,
        _ => null,
    };

    private static string Complaint(Keyword keyword, string name, string value) => keyword.Complaint
        .Replace("%v", value, StringComparison.Ordinal).Replace("%k", name, StringComparison.Ordinal);

    private bool IsGood(Keyword keyword, Argument argument, string name, Word value)
    {
        switch (argument.Kind)
        {
            case ArgumentKind.Whole:
                HasFailed = common.Number(value, argument, Complaint(keyword, name, value.Text),
                    $"{name} takes {keyword.ArgumentText}, not '{value.Text}'") is null;
                return !HasFailed;
            case ArgumentKind.Choice when !argument.Accepts(value.Text):
                Fail(keyword, name, value);
                return false;
            case ArgumentKind.Text when Files(keyword.Name) is { } thing:
                return Name(keyword, thing, name, value);
            case ArgumentKind.Text when argument.Label == "TIME":
                return IsTime(keyword, name, value);
            default:
                return true;
        }
    }

    /// <summary>A time with s or ms behind it; without, milliseconds.</summary>
    private bool IsTime(Keyword keyword, string name, Word value)
    {
        string text = value.Text;
        string digits = text.EndsWith("ms", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('s') ? text[..^1] : text;
        ParsedNumber number = ConfigNumbers.Seconds(digits, 0, 960_000L * 1_000_000);
        if (number.IsUsable && number.Complaint.Length == 0)
        {
            return true;
        }

        Fail(keyword, name, value, number.Complaint.Replace($"'{digits}'", $"'{text}'", StringComparison.Ordinal));
        return false;
    }
}
