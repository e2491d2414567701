using System;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>Lines of virtual_rules and static_rules: the words of `ip rule`.</summary>
internal sealed class RuleCheck(BlockBinder common, HostNames host)
{
    /// <summary>What rules without a preference get, counting down, in each family.</summary>
    private const int FirstPreference = 16384;

    private readonly KeywordBlock _rule = ConfigKeywords.Block("rule")!;
    private int _nextV4 = FirstPreference, _nextV6 = FirstPreference;

    private LineReader _line = null!;
    private bool? _isV6;
    private bool _isTracked, _hasAction, _hasInput;
    private uint? _preference, _target;
    private Word? _protocol, _group;

    /// <summary>Null, after a complaint, for a rule that cannot be added.</summary>
    public KernelLine? Read(ConfigNode line, bool isStatic)
    {
        _line = new(line, common, host);
        (_isV6, _isTracked, _hasAction, _hasInput, _preference, _target, _protocol, _group) = (null, true, false, false, null, null, null, null);
        while (_line.HasMore)
        {
            Word word = _line.Take();
            string name = word.Text;
            Keyword? keyword = name == "track_group" && !isStatic ? null : ConfigKeywords.Find(_rule, name);
            if (keyword is null)
            {
                _line.Fail(word, $"Unknown rule option {name}", "the words are those of `ip rule`; the rule is dropped");
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
            case "not":
                break;
            case "from" or "to":
                Prefix(keyword);
                break;
            case "type":
                if (_line.TryValue(keyword, out Word action) && action.Text is not "goto")
                {
                    Type(action);
                }
                else if (!_line.HasFailed)
                {
                    Goto(word, keyword);
                }

                break;
            case "nop" or "blackhole" or "unreachable" or "prohibit" or "l3mdev":
                Action(word, name);
                break;
            case "goto":
                Goto(word, keyword);
                break;
            case "table" or "lookup":
                Action(word, name);
                Table(keyword, name);
                break;
            case "preference" or "order" or "priority":
                _line.Arguments(keyword, name);
                _preference = RouteNames.Number(_line.Last.Text);
                break;
            case "dev" or "iif" or "oif":
                Device(keyword, name);
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
            case "fwmark" or "tunnel-id" or "uidrange" or "sport" or "dport":
                Number(keyword, name);
                break;
            default:
                _line.Arguments(keyword, name);
                break;
        }
    }

    private void Family(Word at, bool isV6)
    {
        if (_isV6 is { } known && known != isV6)
        {
            _line.Fail(at, "rule specification has mixed IPv4 and IPv6", "a rule is for one family");
        }

        _isV6 = isV6;
    }

    private void Prefix(Keyword keyword)
    {
        if (!_line.TryValue(keyword, out Word value) || value.Text is "all" or "any" or "default")
        {
            return;
        }

        if (_line.Address(value, keyword.Complaint.Replace("%v", value.Text, StringComparison.Ordinal), hasLength: true, out Ip ip))
        {
            Family(value, ip.IsV6);
        }
    }

    private void Type(Word action)
    {
        if (action.Text is "nop" or "blackhole" or "unreachable" or "prohibit")
        {
            Action(action, action.Text);
        }
        else
        {
            _line.Fail(action, $"Unknown rule option {action.Text}", "behind type stands goto, nop, blackhole, unreachable or prohibit");
        }
    }

    private void Action(Word at, string name)
    {
        if (_hasAction)
        {
            _line.Fail(at, name == "l3mdev" ? "Cannot specify l3mdev with other action"
                : "Cannot specify more than one of table/nop/goto/blackhole/prohibit/unreachable for rule", "a rule has one action");
        }

        _hasAction = true;
    }

    private void Goto(Word word, Keyword keyword)
    {
        Action(word, "goto");
        if (!_line.HasFailed)
        {
            _line.Arguments(ConfigKeywords.Find(_rule, "goto"u8) ?? keyword, "goto");
            _target = RouteNames.Number(_line.Last.Text);
        }
    }

    private void Table(Keyword keyword, string name)
    {
        if (_line.HasFailed)
        {
            return;
        }

        _line.Arguments(keyword, name);
        if (!_line.HasFailed && RouteNames.Number(_line.Last.Text) == 0)
        {
            _line.Fail(_line.Last, "Table 0 is not valid", "tables are 1..4294967295");
        }
    }

    private void Device(Keyword keyword, string name)
    {
        if (_line.TryValue(keyword, out Word value))
        {
            _hasInput |= name != "oif";
            _line.Interface(value, $"WARNING - interface {value.Text} for rule doesn't exist");
        }
    }

    private void Number(Keyword keyword, string name)
    {
        if (!_line.TryValue(keyword, out Word value))
        {
            return;
        }

        string text = value.Text;
        bool isGood = name switch
        {
            "tunnel-id" => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            "fwmark" => ArePair(text.StartsWith('/') ? text[1..] : text, '/', needsBoth: false, uint.MaxValue),
            "uidrange" => ArePair(text, '-', needsBoth: true, uint.MaxValue),
            _ => ArePair(text, '-', needsBoth: false, ushort.MaxValue),
        };
        if (!isGood)
        {
            _line.Fail(keyword, name, value, name == "tunnel-id" ? ConfigNumbers.Whole(text, 0, long.MaxValue, isLax: false).Complaint : "");
        }
    }

    private static bool ArePair(string text, char between, bool needsBoth, uint most)
    {
        int at = text.IndexOf(between, StringComparison.Ordinal);
        return at < 0 ? !needsBoth && RouteNames.Number(text) <= most
            : RouteNames.Number(text.AsSpan(0, at)) <= most && RouteNames.Number(text.AsSpan(at + 1)) <= most;
    }

    private bool IsWhole()
    {
        if (!_hasAction)
        {
            _line.Fail(_line.First, "No action specified for rule - ignoring", "add table N, goto N, nop, blackhole, unreachable or prohibit");
            return false;
        }

        if (_target is { } target && _preference is null)
        {
            _line.Fail(_line.First, $"Invalid rule - goto target {Shown.Of(target)} specified without preference", "add preference N, below the target");
            return false;
        }

        if (_target <= _preference)
        {
            _line.Fail(_line.First, $"Invalid rule - preference {Shown.Of(_preference!.Value)} >= goto target {Shown.Of(_target!.Value)}",
                "goto leads forward only");
            return false;
        }

        Advice();
        return true;
    }

    private void Advice()
    {
        if (_isTracked && _protocol is { } protocol && protocol.Text != "18")
        {
            common.Findings.Error(protocol, ConfigFault.General,
                "Rule cannot be tracked if protocol is not RTPROT_KEEPALIVED(18), resetting protocol", "or add no_track");
        }

        if (_group is { } group && !_hasInput)
        {
            common.Findings.Error(group, ConfigFault.General, "Static rule cannot have track_group if dev/iif not specified",
                "what is tracked is the rule's interface: add iif IF");
        }

        if (_preference is null)
        {
            int preference = _isV6 == true ? _nextV6-- : _nextV4--;
            common.Findings.Error(_line.First, ConfigFault.General,
                $"Rule has no preference specified - setting to {Shown.Of(preference)}. This is probably not what you want.", "add preference N");
        }
    }
}
