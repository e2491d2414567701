using System;

namespace Vrrpd.Core.Config;

/// <summary>Lines of virtual_routes and static_routes: the words of `ip route`.</summary>
internal sealed class RouteCheck(BlockBinder common, HostNames host)
{
    private readonly KeywordBlock _route = ConfigKeywords.Block("route")!;
    private readonly KeywordBlock _nexthop = ConfigKeywords.Block("nexthop")!;

    private LineReader _line = null!;
    private bool _isStatic;
    private bool? _isV6;
    private bool _hasDestination, _hasDevice, _isTracked;
    private Word? _protocol;
    private Word? _group;

    /// <summary>Null, after a complaint, for a route that cannot be added.</summary>
    public KernelLine? Read(ConfigNode line, bool isStatic)
    {
        _line = new(line, common, host);
        (_isStatic, _isV6, _hasDestination, _hasDevice, _isTracked) = (isStatic, null, false, false, true);
        (_protocol, _group) = (null, null);
        while (_line.HasMore)
        {
            Word word = _line.Take();
            string name = word.Text;
            Keyword? keyword = name == "*" || (name == "track_group" && !isStatic) ? null : ConfigKeywords.Find(_route, name);
            if (keyword is null)
            {
                Destination(word);
            }
            else
            {
                Read(word, name, keyword);
            }
        }

        return _line.HasFailed || !IsWhole() ? null : _line.Line(_isV6 == true, _isTracked);
    }

    private void Read(Word word, string name, Keyword keyword)
    {
        switch (name)
        {
            case "inet" or "inet6":
                Family(word, name == "inet6");
                break;
            case "to" or "unicast" or "local" or "broadcast" or "anycast" or "multicast" or "blackhole" or "unreachable" or "prohibit" or "throw"
                or "nat":
                if (_line.TryValue(keyword, out Word destination))
                {
                    Destination(destination);
                }

                break;
            case "src" or "via" or "gw" or "or":
                Gateway(word, name, keyword);
                break;
            case "from":
                From(keyword);
                break;
            case "dev" or "oif" or "vrf":
                Device(name, keyword);
                break;
            case "no_track":
                _isTracked = false;
                break;
            case "track_group":
                if (_line.TryGroup(keyword, out Word group))
                {
                    _group = group;
                }

                break;
            case "protocol":
                _line.Arguments(keyword, name);
                _protocol = _line.Last;
                break;
            case "expires" or "pref":
                Only6(word, name, keyword);
                break;
            case "encap":
                new EncapCheck(_line, common).Read();
                break;
            case "nexthop":
                Nexthops();
                break;
            default:
                _line.Arguments(keyword, name);
                break;
        }
    }

    private void Destination(Word at)
    {
        string text = at.Text;
        _hasDestination = true;
        if (text is "default" or "any" or "all")
        {
            return;
        }

        if (text == "default6")
        {
            Family(at, isV6: true);
        }
        else if (_line.Address(at, $"unknown route keyword {text}", hasLength: true, out Ip ip))
        {
            Family(at, ip.IsV6, $" ({text})");
        }
    }

    private void Family(Word at, bool isV6, string what = "")
    {
        if (_isV6 is { } known && known != isV6)
        {
            _line.Fail(at, $"Cannot mix IPv4 and IPv6 addresses for route{what}", "all addresses of a route are of one family");
        }

        _isV6 = isV6;
    }

    private void Gateway(Word word, string name, Keyword keyword)
    {
        if (name is "gw" or "or")
        {
            common.Findings.Error(word, ConfigFault.Deprecated,
                $"\"{name}\" for routes is deprecated. Please use \"{(name == "gw" ? "via" : "nexthop")}\"", keyword.Help);
        }

        bool? isV6 = name == "via" ? NamedFamily() : null;
        if (!_line.TryValue(keyword, out Word value)
            || !_line.Address(value, keyword.Complaint.Replace("%v", value.Text, StringComparison.Ordinal), hasLength: false, out Ip ip))
        {
            return;
        }

        Family(value, ip.IsV6);
        if (isV6 is { } said && said != ip.IsV6 && !_line.HasFailed)
        {
            _line.Fail(value, "Cannot mix IPv4 and IPv6 addresses for route", "the word in front names the other family");
        }
    }

    /// <summary>inet or inet6 between via and the address.</summary>
    private bool? NamedFamily()
    {
        if (_line.Peek is not ("inet" or "inet6"))
        {
            return null;
        }

        return _line.Take().Text == "inet6";
    }

    private void From(Keyword keyword)
    {
        if (!_line.TryValue(keyword, out Word value)
            || !_line.Address(value, $"invalid route from address {value.Text}", hasLength: true, out Ip ip))
        {
            return;
        }

        if (!ip.IsV6)
        {
            _line.Fail(value, $"route from address only supported with IPv6 ({value.Text})", "the kernel has no such routes for IPv4");
            return;
        }

        Family(value, isV6: true);
    }

    private void Device(string name, Keyword keyword)
    {
        if (!_line.TryValue(keyword, out Word value))
        {
            return;
        }

        if (name == "vrf")
        {
            _line.Host(HostThing.RouteVrf, value, $"VRF {value.Text} not found for route");
            return;
        }

        _hasDevice = true;
        _line.Interface(value, $"WARNING - interface {value.Text} for VROUTE nexthop doesn't exist");
    }

    private void Only6(Word word, string name, Keyword keyword)
    {
        if (_isV6 == false)
        {
            _line.Fail(word, $"{name} is only valid for IPv6", "leave the word out");
            return;
        }

        if (name == "pref" && _line.Peek is "low" or "medium" or "high")
        {
            _line.Take();
        }
        else if (name == "pref" && _line.TryValue(keyword, out Word value) && RouteNames.Number(value.Text) is not <= byte.MaxValue)
        {
            _line.Fail(keyword, name, value, $"invalid number '{value.Text}'");
        }
        else if (name == "expires")
        {
            _line.Arguments(keyword, name);
        }

        Family(word, isV6: true);
    }

    /// <summary>Everything from the first nexthop on: only more of them may follow.</summary>
    private void Nexthops()
    {
        while (_line.HasMore)
        {
            Word word = _line.Take();
            string name = word.Text;
            if (name == "nexthop")
            {
                continue;
            }

            if (ConfigKeywords.Find(_nexthop, name) is not { } keyword)
            {
                _line.Fail(word, $"Route has trailing nonsense after nexthops - {name}",
                    "behind nexthop stand via, dev, weight, onlink, encap and realms only: put other words in front");
                return;
            }

            switch (name)
            {
                case "via":
                    NextGateway(keyword);
                    break;
                case "dev" or "oif":
                    Device("dev", keyword);
                    break;
                case "encap":
                    new EncapCheck(_line, common).Read();
                    break;
                default:
                    _line.Arguments(keyword, name);
                    if (name == "weight" && _line.Last.Text == "0")
                    {
                        _line.Fail(keyword, name, _line.Last);
                    }

                    break;
            }
        }
    }

    private void NextGateway(Keyword keyword)
    {
        bool? said = NamedFamily();
        if (!_line.TryValue(keyword, out Word value)
            || !_line.Address(value, $"invalid nexthop address {value.Text}", hasLength: false, out Ip ip))
        {
            return;
        }

        if (_isV6 is { } known && known != ip.IsV6)
        {
            _line.Fail(value, said is null ? "Address family mismatch for next hop" : "IPv4/6 mismatch for nexthop",
                "all addresses of a route are of one family");
        }

        _isV6 = ip.IsV6;
    }

    private bool IsWhole()
    {
        if (!_hasDestination)
        {
            _line.Fail(_line.First, "Route must have a destination", "a route begins with ADDR[/LEN] or default");
            return false;
        }

        if (_isTracked && _protocol is { } protocol && protocol.Text is not ("18" or "keepalived"))
        {
            common.Findings.Error(protocol, ConfigFault.General,
                "Route cannot be tracked if protocol is not RTPROT_KEEPALIVED(18), resetting protocol", "or add no_track");
        }

        if (_isStatic && _group is { } group && !_hasDevice)
        {
            common.Findings.Error(group, ConfigFault.General, "Static route cannot have track_group if dev not specified",
                "what is tracked is the route's interface: add dev IF");
        }

        return true;
    }
}
