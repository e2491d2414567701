using System;
using System.Text.RegularExpressions;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>A user of the virtual address: asks the web server behind it and remembers, by ARP, where that was.</summary>
internal sealed class Client
{
    private readonly Host _host;

    /// <summary>Sits at a host.</summary>
    public Client(Host host)
    {
        _host = host;
    }

    /// <summary>The name of the host that answers at the virtual address; empty when none does within a second.</summary>
    public string Ask()
    {
        return Ask(_host, Story.Vip);
    }

    /// <summary>The name of the host that answers at <paramref name="address"/>; empty when none does within a second.</summary>
    public static string Ask(Host from, string address)
    {
        return from.Run("curl", "-s", "--max-time", "1", $"http://{address}/").Out.Trim();
    }

    /// <summary>The hardware address the client believes the virtual address to be at; empty when it has none.</summary>
    public string ArpEntry()
    {
        string line = _host.Run("ip", "neigh", "show", Story.Vip).Out;
        return Regex.Match(line, "lladdr ([0-9a-f:]+)").Groups[1].Value;
    }
}
