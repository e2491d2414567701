using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>The load balancer's half of a configuration: understood, and not served.</summary>
public sealed record LvsConfig
{
    public required ServerGroup[] Groups { get; init; }
    public required VirtualServer[] Servers { get; init; }

    /// <summary>The SSL block; null if there is none.</summary>
    public LvsSetting[]? Ssl { get; init; }

    /// <summary>The first line of it.</summary>
    public SourceSpan Where { get; init; } = SourceSpan.None;

    /// <summary>Every command that keepalived would run: of the checks, and what they and the quorum tell.</summary>
    public List<LvsSetting> Scripts()
    {
        List<LvsSetting> scripts = [];
        foreach (VirtualServer server in Servers)
        {
            Collect(server.Settings, scripts);
            foreach (RealServer member in server.RealServers)
            {
                Collect(member.Settings, scripts);
                foreach (Checker checker in member.Checkers)
                {
                    Collect(checker.Settings, scripts);
                }
            }
        }

        return scripts;
    }

    private static void Collect(LvsSetting[] settings, List<LvsSetting> scripts)
    {
        foreach (LvsSetting setting in settings)
        {
            if (setting.Keyword is "quorum_up" or "quorum_down" or "notify_up" or "notify_down" or "misc_path" && setting.Words.Length > 0)
            {
                scripts.Add(setting);
            }
        }
    }
}

/// <summary>A statement that is kept as it was written, because only who serves it has to know what it means: words already checked.</summary>
public sealed record LvsSetting(string Keyword, string[] Words, SourceSpan Where);

/// <summary>virtual_server_group.</summary>
public sealed record ServerGroup
{
    public required string Name { get; init; }
    public required ServerRange[] Ranges { get; init; }
    public SourceSpan Where { get; init; } = SourceSpan.None;
}

/// <summary>A line of a group: addresses First to Last with one port, or a firewall mark.</summary>
public sealed record ServerRange
{
    public Ip First { get; init; }

    /// <summary><see cref="First"/> if it is one address.</summary>
    public Ip Last { get; init; }

    /// <summary>0 for every port.</summary>
    public ushort Port { get; init; }

    /// <summary>The firewall mark; null for addresses.</summary>
    public uint? Mark { get; init; }

    /// <summary>4, 6, or 0 for a mark that names none.</summary>
    public byte Family { get; init; }

    /// <summary>The address or both ends of the range.</summary>
    public override string ToString() => First == Last ? First.ToString() : $"{First}-{Last}";
}

/// <summary>IP protocol numbers.</summary>
public enum LvsProtocol : byte
{
    /// <summary>Of a firewall mark, which has none.</summary>
    None = 0,
    Tcp = 6,
    Udp = 17,
    Sctp = 132,
}

/// <summary>How packets reach a server.</summary>
public enum ForwardingMethod : byte
{
    Nat,
    DirectRouting,
    Tunnel,
}

/// <summary>lvs_method.</summary>
/// <param name="Tunnel">"ipip", "gue" or "gre".</param>
/// <param name="Port">Of gue, else 0.</param>
/// <param name="Checksum">"nocsum", "csum", "remcsum", or "" for the default.</param>
public sealed record Forwarding(ForwardingMethod Method, string Tunnel, ushort Port, string Checksum);

/// <summary>One virtual_server. What it is known by is an address and port, a firewall mark, or a group.</summary>
public sealed record VirtualServer
{
    /// <summary>As keepalived logs it: [10.0.0.1]:tcp:80, FWM 5, [group]:0.</summary>
    public required string Title { get; init; }

    /// <summary>Unspecified for a mark or a group.</summary>
    public Ip Address { get; init; }

    /// <summary>0 for every port.</summary>
    public ushort Port { get; init; }
    public uint? Mark { get; init; }

    /// <summary>virtual_server_group; "" for none.</summary>
    public string Group { get; init; } = "";
    public LvsProtocol Protocol { get; init; }

    /// <summary>4 or 6; 0 for a group, whose ranges know it.</summary>
    public byte Family { get; init; }
    public string Scheduler { get; init; } = "wlc";
    public required Forwarding Forwarding { get; init; }

    /// <summary>A client keeps its server that long; zero for not at all.</summary>
    public TimeSpan Persistence { get; init; }

    /// <summary>After it was cut down to what the real servers can reach.</summary>
    public long Quorum { get; init; } = 1;
    public long Hysteresis { get; init; }

    /// <summary>Without checkers; null for none.</summary>
    public RealServer? Sorry { get; init; }
    public required RealServer[] RealServers { get; init; }

    /// <summary>Everything else that was written.</summary>
    public LvsSetting[] Settings { get; init; } = [];
    public SourceSpan Where { get; init; } = SourceSpan.None;
}

/// <summary>One real_server, or the sorry_server.</summary>
public sealed record RealServer
{
    public required Ip Address { get; init; }

    /// <summary>0 for the port of the virtual server.</summary>
    public ushort Port { get; init; }
    public long Weight { get; init; } = 1;
    public required Forwarding Forwarding { get; init; }
    public Checker[] Checkers { get; init; } = [];
    public LvsSetting[] Settings { get; init; } = [];
    public SourceSpan Where { get; init; } = SourceSpan.None;
}

/// <summary>A health check, or a block within one (url, host).</summary>
public sealed record Checker
{
    /// <summary>The keyword: TCP_CHECK.</summary>
    public required string Kind { get; init; }
    public required LvsSetting[] Settings { get; init; }
    public Checker[] Blocks { get; init; } = [];
    public SourceSpan Where { get; init; } = SourceSpan.None;
}
