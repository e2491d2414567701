using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>
/// A bridge, hosts plugged into it and a client, all in namespaces of their own. Tells the story to the test's output
/// and leaves nothing: what Dispose does not reach dies with its keeper's pipe.
/// </summary>
internal sealed class Lan : IDisposable
{
    private const string Prefix = "vrrpd-netns-";
    private static int s_count;

    private readonly ITestOutputHelper _output;
    private readonly string _directory;
    private readonly Host _bridge;
    private readonly List<Host> _hosts = [];
    private readonly List<IDisposable> _things = [];
    private readonly List<(DateTime At, string Text)> _story = [];
    private readonly DateTime _start = DateTime.UtcNow;

    /// <summary>Builds the bridge; hosts are added by <see cref="AddHost"/>.</summary>
    public Lan(ITestOutputHelper output)
    {
        Requirements.Check();
        RemoveLeftovers();
        _output = output;
        int number = Interlocked.Increment(ref s_count);
        _directory = Path.Combine(Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{number}");
        Directory.CreateDirectory(_directory);
        _bridge = Host.Start("bridge", Path.Combine(_directory, "bridge"), withEtc: false);
        _bridge.Sh("ip link add br0 type bridge stp_state 0 mcast_snooping 0; sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip link set br0 up");
    }

    /// <summary>The bridge's own namespace, where a third party listens.</summary>
    public Host Bridge => _bridge;

    /// <summary>Gives the bridge itself addresses, so that a client can sit there: beside every host, in the way of none.</summary>
    public void SitOnBridge(string v4, params string[] v6)
    {
        _bridge.Sh($"ip addr add {v4}/24 dev br0");
        if (v6.Length > 0)
        {
            _bridge.Sh("sysctl -qw net.ipv6.conf.br0.addr_gen_mode=1 net.ipv6.conf.br0.accept_ra=0 net.ipv6.conf.br0.disable_ipv6=0");
        }

        foreach (string address in v6)
        {
            _bridge.Sh($"ip addr add {address}/64 dev br0 nodad");
        }
    }

    /// <summary>
    /// The name of the host behind <paramref name="address"/>, as a neighbour finds out (ARP or neighbour solicitation, then the bridge's table),
    /// and the hardware address; two empty strings when nobody answers.
    /// </summary>
    public (string Host, string Mac) WhoHas(string address)
    {
        string scope = address.StartsWith("fe80", StringComparison.Ordinal) ? "%br0" : "";
        string mac = _bridge.Sh($"ip neigh flush dev br0; ping -n -c 1 -W 1 {address}{scope} >/dev/null 2>&1 || true; ip neigh show dev br0 {address}");
        mac = Regex.Match(mac, "lladdr ([0-9a-f:]+)").Groups[1].Value;
        string port = mac.Length == 0 ? "" : _bridge.Sh($"bridge fdb show br br0 | grep '^{mac} ' | grep -v permanent || true");
        return (Regex.Match(port, "dev p-(\\S+)").Groups[1].Value, mac);
    }

    /// <summary>Where this LAN keeps its files.</summary>
    public string Files => _directory;

    /// <summary>
    /// Boots a host and plugs it in, with <paramref name="address"/> on its interface (empty: none). With a <paramref name="linkLocal"/> it
    /// speaks IPv6 too: that address and no other, at once (no duplicate address detection, no autoconfiguration).
    /// </summary>
    public Host AddHost(string name, string address, string linkLocal = "")
    {
        Host host = Host.Start(name, Path.Combine(_directory, name), withEtc: true);
        _hosts.Add(host);
        Plug(host);
        if (linkLocal.Length == 0)
        {
            host.Sh($"sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip link set {Story.Nic} up");
        }
        else
        {
            host.Sh($"sysctl -qw net.ipv6.conf.default.accept_ra=0 net.ipv6.conf.{Story.Nic}.accept_ra=0; ip link set {Story.Nic} addrgenmode none up; "
                + $"ip addr add {linkLocal}/64 dev {Story.Nic} nodad");
        }

        // The bridge's end may be plugged in a moment later than the host looks.
        host.Sh($"until ip link show dev {Story.Nic} | grep -q LOWER_UP; do sleep 0.02; done");
        if (address.Length > 0)
        {
            host.Sh($"ip addr add {address}/24 dev {Story.Nic}");
        }

        return host;
    }

    /// <summary>Makes the host's interface and its socket in the bridge, as after boot or after the card was pulled.</summary>
    public void Plug(Host host)
    {
        // From outside the bridge's process namespace, where the host's first process has a number.
        string create = $"ip link add {Port(host)} type veth peer name {Story.Nic} netns {host.Init}";
        Shell.Run(["nsenter", "-t", _bridge.Init, "-n", "--", .. create.Split(' ')]).OrFail(create);
        _bridge.Sh($"ip link set {Port(host)} master br0 up");
    }

    /// <summary>Pulls the host's cable out or puts it back: the host sees the carrier go, the bridge sees nothing more of it.</summary>
    public void SetCable(Host host, bool up)
    {
        Say($"{host.Name}: cable {(up ? "in" : "out")}");
        _bridge.Sh($"ip link set {Port(host)} {(up ? "up" : "down")}");
    }

    /// <summary>Splits the LAN: isolated hosts keep their carrier and reach the client, but not each other.</summary>
    public void SetIsolated(bool isolated, params Host[] hosts)
    {
        Say(isolated ? "the hosts cannot hear each other" : "the hosts hear each other again");
        foreach (Host host in hosts)
        {
            _bridge.Sh($"bridge link set dev {Port(host)} isolated {(isolated ? "on" : "off")}");
        }
    }

    /// <summary>Power cut: the cable first, so that nothing said in dying is heard, then every process.</summary>
    public void PowerOff(Host host)
    {
        SetCable(host, up: false);
        host.Kill();
        Say($"{host.Name}: powered off");
    }

    /// <summary>Keeps something for disposal before the hosts go.</summary>
    public T Keep<T>(T thing)
        where T : IDisposable
    {
        _things.Add(thing);
        return thing;
    }

    /// <summary>One sentence of the story: now.</summary>
    public void Say(string sentence)
    {
        Say(DateTime.UtcNow, sentence);
    }

    /// <summary>One sentence of the story, of the moment it happened; the test's output has all of them in order.</summary>
    public void Say(DateTime at, string sentence)
    {
        lock (_story)
        {
            _story.Add((at, sentence));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable thing in Enumerable.Reverse(_things))
        {
            thing.Dispose();
        }

        foreach (Host host in _hosts)
        {
            host.Dispose();
        }

        _bridge.Dispose();
        Tell();
        if (Environment.GetEnvironmentVariable("VRRPD_KEEP_FILES") != "1")
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private void Tell()
    {
        lock (_story)
        {
            foreach ((DateTime at, string text) in _story.OrderBy(sentence => sentence.At))
            {
                _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(at - _start).TotalSeconds,8:F3}  {text}"));
            }
        }
    }

    private static string Port(Host host)
    {
        return "p-" + host.Name;
    }

    private static void RemoveLeftovers()
    {
        foreach (string path in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            string owner = Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (Directory.Exists($"/proc/{owner}") || Environment.GetEnvironmentVariable("VRRPD_KEEP_FILES") == "1")
            {
                continue;
            }

            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // Another LAN was faster.
            }
        }
    }
}
