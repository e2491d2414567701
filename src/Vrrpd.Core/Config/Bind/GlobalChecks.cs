using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>What keepalived holds against words of global_defs and of the top level, beyond what their rows say.</summary>
internal sealed class GlobalChecks(BlockBinder common)
{
    private const int LongestProcessName = 15;
    private const int MostIpsets = 6;

    private static readonly Argument Any = Argument.Range(int.MinValue, int.MaxValue);
    private static readonly Argument Port = Argument.Range(1, ushort.MaxValue);
    private static readonly Argument Size = Argument.Range(0, uint.MaxValue);

    /// <summary>In seconds: the kernel's bound of 31 days.</summary>
    private static readonly Argument IpvsTimeout = Argument.Range(0, 31 * 86400);

    private readonly HashSet<string> _once = [];
    private string _syncDaemon = "";
    private bool _isMtu, _isAdvert, _hasSize;

    /// <summary>A statement that its row has let through.</summary>
    public void Check(ConfigNode node)
    {
        string name = node.Keyword!.Name;
        switch (name)
        {
            case "process_name" or "vrrp_process_name" or "checker_process_name" or "lvs_process_name" or "bfd_process_name":
                ProcessName(node.Words[1]);
                break;
            case "vrrp_rt_priority" or "checker_rt_priority" or "bfd_rt_priority":
                RealTimePriority(node.Words[1], name[..name.IndexOf('_', StringComparison.Ordinal)]);
                break;
            case "umask":
                Umask(node);
                break;
            case "startup_script" or "shutdown_script" when !_once.Add(name):
                Error(node.Words[1], $"{name.Replace('_', ' ')} already specified", "the first one counts");
                break;
            case "notify_fifo" or "notify_fifo_script" or "vrrp_notify_fifo" or "vrrp_notify_fifo_script" or "lvs_notify_fifo"
                or "lvs_notify_fifo_script" when !_once.Add(name):
                Error(node.Words[1], $"{name} already specified - ignoring {node.Words[1].Text}", "the first one counts");
                break;
            case "instance" when !_once.Add(name):
                Error(node.Words[1], $"Duplicate instance definition {node.Words[1].Text} - ignoring", "the first one counts");
                break;
            case "net_namespace" or "net_namespace_ipvs" when !_once.Add(name) && node.ArgumentCount > 0:
                common.Findings.Advise(node.Words[1], $"Duplicate {name} definition {node.Words[1].Text} - ignoring", "the first one counts");
                break;
            case "notification_email" when node.Children.IsEmpty:
                Error(node.End, "Warning - empty notification_email block", "write addresses between the braces, one a line");
                break;
            case "smtp_connect_timeout" when BlockBinder.Number(node) == 0:
                Error(node.Words[1], "smtp_conect_timeout must be greater than 0, setting to 1", "the smallest is 1");
                break;
            case "smtp_server" when node.ArgumentCount > 1:
                common.Number(node.Words[2], Port, $"Invalid smtp server {node.Words[1].Text} {node.Words[2].Text}", "a port is 1..65535");
                break;
            case "vrrp_mcast_group4" or "vrrp_mcast_group6":
                MulticastGroup(node.Words[1], name);
                break;
            case "vrrp_rx_bufs_policy":
                ReceiveBuffers(node);
                break;
            case "vrrp_rx_bufs_multiplier" when node.ArgumentCount > 1:
                Error(node.Words[2], "Invalid vrrp_rx_bufs_multiplier", "one number only");
                break;
            case "snmp_socket" when node.ArgumentCount > 1:
                Error(node.Words[2], "Too many parameters specified for snmp_socket - ignoring", "one address only");
                break;
            case "reload_time_file" when node.ArgumentCount > 1:
                Error(node.Words[2], "reload_time_file invalid", "one path only");
                break;
            case "vrrp_ipsets":
                Ipsets(node);
                break;
            case "lvs_timeouts":
                IpvsTimeouts(node);
                break;
            case "lvs_sync_daemon":
                SyncDaemon(node);
                break;
            default:
                break;
        }
    }

    private void ProcessName(Word at)
    {
        if (at.Text.Length > LongestProcessName)
        {
            Error(at, $"Process name {at.Text} more than 15 characters, truncating", "the kernel keeps no more of it");
        }
    }

    private void RealTimePriority(Word at, string process)
    {
        string what = $"{process} process real-time priority";
        long? value = common.Number(at, Any, $"{what} '{at.Text}' invalid", "a real-time priority is 1..99");
        if (value < 1)
        {
            Error(at, $"{what} {at.Text} less than minimum 1 - setting to minimum", "a real-time priority is 1..99");
        }
        else if (value > 99)
        {
            Error(at, $"{what} {at.Text} greater than maximum 99 - setting to maximum", "a real-time priority is 1..99");
        }
    }

    /// <summary>A number in C's notation, or names with '|' between them.</summary>
    private void Umask(ConfigNode node)
    {
        Word first = node.Words[1];
        string number = first.Text;
        if (number.Length > 0 && char.IsAsciiDigit(number[0]))
        {
            if (!IsMask(number))
            {
                Error(first, $"invalid umask value {number}", "a mask is 0..0777 (octal), or names such as IRWXG|IRWXO");
            }
            else if (node.ArgumentCount > 1)
            {
                Error(node.Words[2], "Extra parameter(s) to umask option", "one number only");
            }

            return;
        }

        bool wantsName = true;
        for (int i = 1; i < node.Words.Length; i++)
        {
            string[] names = node.Words[i].Text.Split('|');
            for (int j = 0; j < names.Length; j++)
            {
                wantsName |= j > 0;
                if (names[j].Length == 0)
                {
                    continue;
                }

                if (!wantsName)
                {
                    Error(node.Words[i], $"Invalid umask syntax {names[j]}", "names have '|' between them");
                    return;
                }

                if (!IsPermission(names[j]))
                {
                    Error(node.Words[i], $"Unknown umask bit {names[j]}", "names are IRUSR IWUSR IXUSR IRWXU, and the same with GRP, G, OTH, O");
                    return;
                }

                wantsName = false;
            }
        }

        if (wantsName)
        {
            Error(node.Words[node.ArgumentCount], "umask missing bit value", "a name must follow '|'");
        }
    }

    private static bool IsMask(string text)
    {
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        int radix = isHex ? 16 : text[0] == '0' ? 8 : 10;
        int value = 0;
        foreach (char c in isHex ? text[2..] : text)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            value = Math.Min(value * radix + digit, 1 << 16);
            if (digit >= radix)
            {
                return false;
            }
        }

        return value <= 0x1ff && text.Length > (isHex ? 2 : 0);
    }

    private static bool IsPermission(string name) => name is "IRUSR" or "IWUSR" or "IXUSR" or "IRWXU" or "IRGRP" or "IWGRP" or "IXGRP" or "IRWXG"
        or "IROTH" or "IWOTH" or "IXOTH" or "IRWXO";

    private void MulticastGroup(Word at, string keyword)
    {
        bool wantsV4 = keyword.EndsWith('4');
        bool isV4 = Ip.TryParseV4(at.Text, out Ip address);
        if (isV4 != wantsV4)
        {
            Error(at, $"{keyword} [{at.Text}] is not {(wantsV4 ? "IPv4" : "IPv6")}. Skipping", $"{keyword} takes a multicast address");
        }
        else if (wantsV4 ? (address.Low >> 28 & 15) != 14 : !at.Text.StartsWith("ff", StringComparison.OrdinalIgnoreCase))
        {
            Error(at, $"{keyword} [{at.Text}] is not multicast. Skipping", $"{keyword} takes a multicast address");
        }
    }

    private void ReceiveBuffers(ConfigNode node)
    {
        if (node.ArgumentCount == 0)
        {
            return;
        }

        for (int i = 1; i < node.Words.Length; i++)
        {
            Word at = node.Words[i];
            string text = at.Text;
            if (text.Equals("MTU", StringComparison.OrdinalIgnoreCase))
            {
                _isMtu = true;
            }
            else if (text.Equals("ADVERT", StringComparison.OrdinalIgnoreCase))
            {
                _isAdvert = true;
            }
            else
            {
                _hasSize |= common.Number(at, Size, $"Invalid vrrp_rx_bufs_policy {text}", "vrrp_rx_bufs_policy takes MTU, ADVERT or bytes") is not null;
            }
        }

        Word last = node.Words[node.ArgumentCount];
        if (_hasSize && (_isMtu || _isAdvert))
        {
            Error(last, "Cannot set vrrp_rx_bufs_policy size and policy, ignoring policy", "a number of bytes is final");
        }
        else if (_isMtu && _isAdvert)
        {
            Error(last, "Cannot set both vrrp_rx_bufs_policy MTU and ADVERT, ignoring ADVERT", "MTU is the larger one");
        }
    }

    private void Ipsets(ConfigNode node)
    {
        HashSet<string> seen = [];
        for (int i = 1; i < node.Words.Length; i++)
        {
            Word at = node.Words[i];
            if (i > MostIpsets)
            {
                common.Findings.Advise(at, $"Extra parameter '{at.Text}' of 'vrrp_ipsets' is ignored", "there are six sets");
                return;
            }

            if (!seen.Add(at.Text))
            {
                Error(at, $"vrrp_ipsets: set name {at.Text} is used twice", "each set needs a name of its own");
            }
        }
    }

    private void IpvsTimeouts(ConfigNode node)
    {
        const string Expected = "lvs_timeouts takes tcp N, tcpfin N and udp N";
        if (node.ArgumentCount < 2)
        {
            Error(node.First, "lvs_timeouts requires at least one option", Expected);
            return;
        }

        for (int i = 1; i < node.Words.Length; i++)
        {
            Word at = node.Words[i];
            string option = at.Text;
            if (option is not ("tcp" or "tcpfin" or "udp"))
            {
                Error(at, $"Unknown option {option} specified for lvs_timeouts", Expected);
            }
            else if (++i < node.Words.Length)
            {
                common.Number(node.Words[i], IpvsTimeout, $"Invalid lvs_timeout {option} ({node.Words[i].Text}) - ignoring", Expected);
            }
            else
            {
                Error(at, $"No value specified for lvs_timeout {option} - ignoring", Expected);
            }
        }
    }

    /// <summary>IF [[inst] INSTANCE] and options with a value each.</summary>
    private void SyncDaemon(ConfigNode node)
    {
        const string Expected = "lvs_sync_daemon takes IF [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDR]";
        if (_syncDaemon.Length > 0)
        {
            Error(node.Words[1], $"lvs_sync_daemon has already been specified as {_syncDaemon} - ignoring", "there is one sync daemon");
            return;
        }

        if (node.Words[1].Text.Length > 15)
        {
            Error(node.Words[1], $"lvs_sync_daemon interface name '{node.Words[1].Text}' too long - ignoring", "an interface name has 1 to 15 characters");
            return;
        }

        _syncDaemon = node.ArgumentCount > 1 ? $"{node.Words[1].Text} {node.Words[2].Text}" : node.Words[1].Text;
        for (int i = 2; i < node.Words.Length; i++)
        {
            Word at = node.Words[i];
            string option = at.Text;
            Argument? range = option switch
            {
                "id" => Argument.Range(0, 255),
                "maxlen" => Argument.Range(1, 65507),
                "port" => Port,
                "ttl" => Argument.Range(1, 255),
                _ => null,
            };
            if (range is null && option is not ("inst" or "group"))
            {
                if (i > 2 && char.IsAsciiDigit(option[0]))
                {
                    Error(at, "Please use keyword \"id\" before lvs_sync_daemon SYNCID", Expected);
                }
                else if (i > 2)
                {
                    Error(at, $"Unknown option {option} specified for lvs_sync_daemon", Expected);
                }
            }
            else if (++i == node.Words.Length)
            {
                Error(at, $"No value specified for lvs_sync_daemon {option}, defaulting to {(option == "id" ? "vrid" : "none")}", Expected);
            }
            else if (range is not null)
            {
                string value = node.Words[i].Text;
                common.Number(node.Words[i], range, option == "id" ? $"Invalid syncid ({value}) - defaulting to vrid"
                    : $"Invalid lvs_sync_daemon {option} ({value}) - ignoring", Expected);
            }
            else if (option == "group")
            {
                SyncGroup(node.Words[i]);
            }
        }
    }

    private void SyncGroup(Word at)
    {
        if (!Ip.TryParse(at.Text, out Ip group))
        {
            Error(at, $"Invalid lvs_sync_daemon group ({at.Text}) - ignoring", "it is a multicast address");
        }
        else if (group.IsV6 ? group.High >> 56 != 0xff : group.V4 >> 28 != 0xe)
        {
            Error(at, $"lvs_sync_daemon group address {at.Text} is not multicast - ignoring", "write one of 224.0.0.0/4 or ff00::/8");
        }
    }

    private void Error(Word at, string text, string explanation) => common.Findings.Error(at, ConfigFault.General, text, explanation);
}
