using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>One frame as tshark judges it.</summary>
/// <param name="At">When the bridge saw it.</param>
/// <param name="Number">Its number in the capture.</param>
/// <param name="Mac">Ethernet source.</param>
/// <param name="From">IPv4 source; empty for ARP.</param>
/// <param name="Ttl">IPv4 TTL; -1 for ARP.</param>
/// <param name="Priority">VRRP priority; -1 when it is no advertisement.</param>
/// <param name="VrrpSum">VRRP checksum status: 1 is good.</param>
/// <param name="IpSum">IPv4 header checksum status: 1 is good.</param>
/// <param name="ArpSender">ARP sender address; empty when it is no ARP.</param>
/// <param name="ArpTarget">ARP target address.</param>
/// <param name="ArpMac">ARP sender hardware address.</param>
/// <param name="Destination">Ethernet destination.</param>
/// <param name="Length">Frame length.</param>
/// <param name="Vrid">VRRP virtual router; -1 when it is no advertisement.</param>
/// <param name="ArpOperation">1 request, 2 reply; -1 when it is no ARP.</param>
/// <param name="Complaints">tshark's expert messages and malformed marks, but for an address having moved.</param>
internal sealed record Frame(
    DateTime At, int Number, string Mac, string From, int Ttl, int Priority, int VrrpSum, int IpSum,
    string ArpSender, string ArpTarget, string ArpMac, string Destination, int Length, int Vrid, int ArpOperation, string Complaints)
{
    /// <summary>True for a VRRP advertisement.</summary>
    public bool IsAdvert => Priority >= 0;

    /// <summary>
    /// True for a gratuitous ARP for <paramref name="address"/>, which both daemons send as a request. While two hosts hold the address, the
    /// kernel of one answers the announcement of the other: a unicast reply with the same addresses, which is nobody's announcement.
    /// </summary>
    public bool Announces(string address)
    {
        const int Request = 1;
        return ArpOperation == Request && ArpSender == address && ArpTarget == address;
    }
}

/// <summary>A third party on the bridge: dumpcap writes, tshark judges afterwards.</summary>
internal sealed class Capture : IDisposable
{
    private static readonly string[] Fields =
    [
        "frame.time_epoch", "frame.number", "eth.src", "ip.src", "ip.ttl", "vrrp.prio", "vrrp.checksum.status", "ip.checksum.status",
        "arp.src.proto_ipv4", "arp.dst.proto_ipv4", "arp.src.hw_mac", "eth.dst", "frame.len", "_ws.expert.message", "_ws.malformed", "vrrp.virt_rtr_id",
        "arp.opcode",
    ];

    private readonly Lan _lan;
    private readonly string _file;
    private readonly Process _process;
    private bool _stopped;

    private Capture(Lan lan, string filter)
    {
        _lan = lan;
        _file = Path.Combine(lan.Files, $"capture-{Guid.NewGuid():N}.pcap");
        _process = lan.Bridge.StartProcess(["dumpcap", "-q", "-P", "-i", "br0", "-f", filter, "-w", _file]);
        _process.StandardInput.Close();
        Wait.Until(() => File.Exists(_file) && new FileInfo(_file).Length >= 24, 10, "dumpcap writing");
        Wait.Seconds(0.2);
    }

    /// <summary>Starts to listen on the bridge.</summary>
    public static Capture Start(Lan lan, string filter = "ip proto 112 or arp")
    {
        return lan.Keep(new Capture(lan, filter));
    }

    /// <summary>Stops listening and returns what tshark says of every frame, or of those a display filter lets through.</summary>
    public IReadOnlyList<Frame> Judge(string filter = "")
    {
        Stop();
        return Read(filter);
    }

    /// <summary>Stops listening and returns what tshark reads in these fields of every frame, by their names; several values joined by <c>;</c>.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Table(IReadOnlyList<string> fields, string filter)
    {
        Stop();
        return [.. Ask(fields, filter).Select(cells => fields.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _process.Dispose();
    }

    private void Stop()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        Wait.Seconds(0.3);
        if (!_process.HasExited)
        {
            Shell.Run("kill", "-INT", Host.ChildOf(_process.Id));
            if (!_process.WaitForExit(5000))
            {
                _process.Kill(entireProcessTree: true);
            }
        }
    }

    private List<Frame> Read(string filter)
    {
        return [.. Ask(Fields, filter).Select(Parse)];
    }

    private List<string[]> Ask(IReadOnlyList<string> fields, string filter)
    {
        List<string> argv =
        [
            "tshark", "-n", "-r", _file, "-o", "ip.check_checksum:TRUE", "-T", "fields", "-E", "separator=\t", "-E", "aggregator=;",
        ];
        if (filter.Length > 0)
        {
            argv.AddRange(["-Y", filter]);
        }

        foreach (string field in fields)
        {
            argv.AddRange(["-e", field]);
        }

        Result result = Shell.Run(argv, TimeSpan.FromSeconds(60));
        Assert.True(result.ExitCode == 0, result.Err);
        List<string[]> rows = [.. result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
        _lan.Say($"tshark read {rows.Count} frames");
        return rows;
    }

    private static Frame Parse(string[] cells)
    {
        IEnumerable<string> complaints = cells[13].Split(';').Append(cells[14])
            .Where(text => text.Length > 0 && !text.StartsWith("Duplicate IP address configured", StringComparison.Ordinal));
        return new Frame(
            Time(cells[0]), Number(cells[1]), cells[2], cells[3], Number(cells[4]), Number(cells[5]), Number(cells[6]), Number(cells[7]),
            cells[8], cells[9], cells[10], cells[11], Number(cells[12]), Number(cells[15]), Number(cells[16]), string.Join("; ", complaints));
    }

    /// <summary>The time of a frame, from its <c>frame.time_epoch</c>.</summary>
    public static DateTime Time(string cell)
    {
        return DateTime.UnixEpoch.AddTicks((long)(decimal.Parse(cell, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));
    }

    private static int Number(string cell)
    {
        return int.TryParse(cell, CultureInfo.InvariantCulture, out int value) ? value : -1;
    }
}
