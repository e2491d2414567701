using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>The words of lvs_sync_daemon and lvs_timeouts in global_defs, which come in any order.</summary>
internal sealed class LvsGlobals(BlockBinder common)
{
    private const int LongestInterface = 15;
    private static readonly Argument Timeout = Argument.Range(0, 31 * 24 * 3600);

    /// <summary>Interface and instance of the first lvs_sync_daemon; empty before it.</summary>
    private readonly List<string> _daemon = [];

    public void Check(ConfigNode root)
    {
        foreach (ConfigNode block in root.Children)
        {
            if (block.Keyword?.Name != "global_defs")
            {
                continue;
            }

            foreach (ConfigNode node in block.Children)
            {
                if (!node.IsRejected && node.Keyword!.Name == "lvs_timeouts")
                {
                    Timeouts(node);
                }
                else if (!node.IsRejected && node.Keyword!.Name == "lvs_sync_daemon")
                {
                    SyncDaemon(node);
                }
            }
        }
    }

    private void Timeouts(ConfigNode node)
    {
        if (node.ArgumentCount < 2)
        {
            Complain(node.First, "lvs_timeouts requires at least one option", "write: lvs_timeouts [tcp SECONDS] [tcpfin SECONDS] [udp SECONDS]");
            return;
        }

        for (int i = 1; i < node.Words.Length; i++)
        {
            Word option = node.Words[i];
            if (option.Text is not ("tcp" or "tcpfin" or "udp"))
            {
                Complain(option, $"Unknown option {option.Text} specified for lvs_timeouts", "the options are tcp, tcpfin and udp");
            }
            else if (++i == node.Words.Length)
            {
                Complain(option, $"No value specified for lvs_timeout {option.Text} - ignoring", "write the seconds behind it");
            }
            else
            {
                common.Number(node.Words[i], Timeout, $"Invalid lvs_timeout {option.Text} ({node.Words[i].Text}) - ignoring", "it is 0 to 2678400 seconds");
            }
        }
    }

    private void SyncDaemon(ConfigNode node)
    {
        Word device = node.Words[1];
        if (device.Text.Length > LongestInterface)
        {
            Complain(device, $"lvs_sync_daemon interface name '{device.Text}' too long - ignoring", "an interface name has 1 to 15 characters");
            return;
        }

        if (_daemon.Count > 0)
        {
            Complain(node.First, $"lvs_sync_daemon has already been specified as {_daemon[0]} {(_daemon.Count > 1 ? _daemon[1] : "")} - ignoring",
                "the kernel has one: remove the line");
            return;
        }

        _daemon.Add(device.Text);
        for (int i = 2; i < node.Words.Length; i++)
        {
            Word option = node.Words[i];
            (long least, long most) = Bounds(option.Text);
            bool isLast = i + 1 == node.Words.Length;
            if (option.Text == "inst" && isLast)
            {
                common.Findings.Error(option, ConfigFault.MissingParameter, "*** Configuration line starting `lvs_sync_daemon` is missing a parameter"
                    + $" after keyword `inst` at word position {node.Words.Length + 1}", "write: inst VRRP-INSTANCE");
            }
            else if (option.Text == "inst")
            {
                _daemon.Add(node.Words[++i].Text);
            }
            else if (most == 0 && option.Text != "group" && i <= 3 && _daemon.Count == i - 1)
            {
                // IF INSTANCE ID, without words between.
                if (_daemon.Count == 2)
                {
                    Number(option, "id", 0, byte.MaxValue);
                }

                _daemon.Add(option.Text);
            }
            else if (most == 0 && option.Text != "group")
            {
                Complain(option, $"Unknown option {option.Text} specified for lvs_sync_daemon", "the options are inst, id, maxlen, port, ttl and group");
            }
            else if (isLast)
            {
                Complain(option, $"No value specified for lvs_sync_daemon {option.Text}{(option.Text == "id" ? ", defaulting to vrid" : " - ignoring")}",
                    "write the value behind it");
            }
            else if (option.Text == "group")
            {
                Group(node.Words[++i]);
            }
            else
            {
                Number(node.Words[++i], option.Text, least, most);
            }
        }
    }

    private static (long Least, long Most) Bounds(string option) => option switch
    {
        "id" => (0, byte.MaxValue),
        "maxlen" => (1, 65507),
        "port" => (1, ushort.MaxValue),
        "ttl" => (1, byte.MaxValue),
        _ => (0, 0),
    };

    private void Number(Word at, string option, long least, long most) => common.Number(at, Argument.Range(least, most),
        option == "id" ? $"Invalid syncid ({at.Text}) - defaulting to vrid" : $"Invalid lvs_sync_daemon {option} ({at.Text}) - ignoring",
        "ipvsadm(8) describes what the kernel takes");

    private void Group(Word at)
    {
        if (!Ip.TryParse(at.Text, out Ip group))
        {
            Complain(at, $"Invalid lvs_sync_daemon group ({at.Text}) - ignoring", "it is a multicast address");
        }
        else if (group.IsV6 ? group.High >> 56 != 0xff : group.V4 >> 28 != 0xe)
        {
            Complain(at, $"lvs_sync_daemon group address {at.Text} is not multicast - ignoring", "write one of 224.0.0.0/4 or ff00::/8");
        }
    }

    private void Complain(Word at, string text, string explanation) => common.Findings.Error(at, ConfigFault.General, text, explanation);
}
