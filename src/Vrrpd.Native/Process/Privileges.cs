using System;
using System.Collections.Generic;

namespace Vrrpd.Native.Process;

/// <summary>Which capabilities are missing, what each is needed for, and how to get them.</summary>
internal static class Privileges
{
    /// <summary>keepalived's status for "missing permission".</summary>
    public const int MissingStatus = 4;

    /// <summary>Of this process, for these scripts; a configuration without instances needs none.</summary>
    public static List<string> MissingFor(ScriptCheckResult scripts)
    {
        bool otherUsers = Array.Exists(scripts.Runs, static run => run.Uid != Libc.geteuid());
        return scripts.Config.Routers.Length == 0 ? [] : Missing(Libc.EffectiveCapabilities(), otherUsers);
    }

    public static List<string> Missing(ulong effective, bool otherUsers)
    {
        List<string> lines = [], names = [];
        Need(Libc.CAP_NET_RAW, "CAP_NET_RAW", "VRRP adverts and gratuitous ARP can neither be sent nor received");
        Need(Libc.CAP_NET_ADMIN, "CAP_NET_ADMIN", "virtual addresses cannot be put on interfaces or taken off");
        if (otherUsers)
        {
            Need(Libc.CAP_SETUID, "CAP_SETUID", "scripts cannot be run as another user");
            Need(Libc.CAP_SETGID, "CAP_SETGID", "scripts cannot be run as another user");
            Need(Libc.CAP_KILL, "CAP_KILL", "scripts of another user cannot be stopped when they time out");
        }

        if (lines.Count > 0)
        {
            lines.Add($"Run it as root, or give what is missing to who runs it (systemd: AmbientCapabilities={string.Join(' ', names)})");
        }

        return lines;

        void Need(int capability, string name, string consequence)
        {
            if ((effective >> capability & 1) == 0)
            {
                names.Add(name);
                lines.Add($"Missing capability {name}: {consequence}");
            }
        }
    }
}
