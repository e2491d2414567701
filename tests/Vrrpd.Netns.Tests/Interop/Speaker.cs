using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Vrrpd.Netns.Tests.Harness;

namespace Vrrpd.Netns.Tests.Interop;

/// <summary>A host with a VRRP daemon that comes and goes: what the scenario asks of either side, whichever daemon it is.</summary>
internal abstract partial class Speaker
{
    private readonly List<string> _complaints = [];
    private Daemon? _daemon;

    /// <summary>Number 1 or 2 in addresses; the name is the port's too.</summary>
    protected Speaker(Lan lan, Cell cell, Kind kind, string name, int number)
    {
        (Lan, Cell, Kind) = (lan, cell, kind);
        Address = cell.IsV6 ? $"fe80::{number}" : $"10.10.30.{number}";
        Other = cell.IsV6 ? $"fe80::{3 - number}" : $"10.10.30.{3 - number}";
        Host = lan.AddHost(name, $"10.10.30.{number}", cell.IsV6 ? $"fe80::{number}" : "");
        if (cell.IsV6)
        {
            Host.Sh($"ip addr add fd00:30::{number}/64 dev {Story.Nic} nodad");
        }

        Mac = Host.Sh($"cat /sys/class/net/{Story.Nic}/address").Trim();
    }

    /// <summary>The LAN it is on.</summary>
    public Lan Lan { get; }

    /// <summary>What is spoken.</summary>
    public Cell Cell { get; }

    /// <summary>Which daemon.</summary>
    public Kind Kind { get; }

    /// <summary>The machine.</summary>
    public Host Host { get; }

    /// <summary>Where adverts come from.</summary>
    public string Address { get; protected init; }

    /// <summary>The other side.</summary>
    public string Other { get; }

    /// <summary>The interface's own hardware address.</summary>
    public string Mac { get; }

    /// <summary>The priority of this run.</summary>
    public int Priority { get; private set; }

    /// <summary>True when the virtual addresses stand behind the virtual MAC.</summary>
    public virtual bool IsVirtual => Cell.IsVmac;

    /// <summary>Hardware address of announcements.</summary>
    public string AnnounceMac => IsVirtual ? Cell.Vmac : Mac;

    /// <summary>Hardware address of adverts: keepalived sends unicast from the parent of the virtual device.</summary>
    public string AdvertMac => IsVirtual && !Cell.IsUnicast ? Cell.Vmac : Mac;

    /// <summary>What it said of packets that it did not take; nothing is right.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>The running daemon.</summary>
    protected Daemon Daemon => _daemon ?? throw new InvalidOperationException($"{Host.Name} was never started");

    /// <summary>The log line of becoming master.</summary>
    protected abstract string MasterLine { get; }

    /// <summary>Log lines that say that a packet was not taken.</summary>
    protected abstract Regex Refusal { get; }

    /// <summary>Makes the speaker of a kind.</summary>
    public static Speaker Of(Lan lan, Cell cell, Kind kind, string name, int number)
    {
        return kind == Kind.Frr ? new FrrSpeaker(lan, cell, name, number) : new KeepalivedSpeaker(lan, cell, kind, name, number);
    }

    /// <summary>Starts the daemon.</summary>
    public void Start(int priority)
    {
        Priority = priority;
        _daemon = Launch(priority);
    }

    /// <summary>What a vrrpd that does not serve its configuration says about it, without the place; empty when it does.</summary>
    public string Unserved()
    {
        return _daemon is null ? "" : Regex.Match(_daemon.Text(), @": error: (\(VI_1\) .* cannot be served)").Groups[1].Value;
    }

    /// <summary>A mark in the log, for <see cref="BecomesMaster"/>.</summary>
    public int Mark()
    {
        return Daemon.Mark();
    }

    /// <summary>Waits until it is master and has every address.</summary>
    public void BecomesMaster(double seconds, int mark = 0)
    {
        Daemon.WaitFor(MasterLine, seconds, mark);
        Wait.Until(Holds, 3, $"{Host.Name}: the virtual addresses\n{Daemon.Text()}");
    }

    /// <summary>Waits until none of the addresses is here.</summary>
    public void LetsGo(double seconds = 3)
    {
        Wait.Until(() => !HoldsAny(), seconds, $"{Host.Name}: the virtual addresses gone\n{Daemon.Text()}");
    }

    /// <summary>True when every virtual address is here.</summary>
    public abstract bool Holds();

    /// <summary>True when one is.</summary>
    public abstract bool HoldsAny();

    /// <summary>An orderly stop; what it said and counted is judged. Returns before the daemon is gone, which keepalived takes a second for.</summary>
    public void BeginStop()
    {
        _complaints.AddRange(Counted());
        Daemon.Signal("TERM");
    }

    /// <summary>Waits for the end of it.</summary>
    public void EndStop()
    {
        Assess();
        int exit = Daemon.ExitCode();
        if (exit != 0)
        {
            _complaints.Add($"{Host.Name}: exit code {exit}");
        }

        LetsGo(1);
    }

    /// <summary>The end without a word.</summary>
    public void Kill()
    {
        Assess();
        Lan.Say($"{Host.Name}: killed");

        // All at once: a process of keepalived that sees the other die says goodbye.
        Signal("STOP");
        Signal("KILL");
        Daemon.WakeKeeper();
    }

    /// <summary>Stands still, and goes on.</summary>
    public void Freeze(bool frozen)
    {
        Lan.Say($"{Host.Name}: {(frozen ? "stands still" : "goes on")}");
        Signal(frozen ? "STOP" : "CONT");
        if (!frozen)
        {
            Daemon.WakeKeeper();
        }
    }

    /// <summary>Judges the log of a run at its end.</summary>
    public void Assess()
    {
        foreach (string line in Daemon.Lines().Select(line => line.Text).Where(line => Refusal.IsMatch(line) && !IsCrossing(line)).Distinct())
        {
            _complaints.Add($"{Host.Name} said: {line}");
        }
    }

    /// <summary>
    /// A backup continues the master's AH sequence as it takes over. What two masters say at the same moment, until one yields, can therefore have
    /// the same number, which counts as a replay at the one who stays. Nothing comes of it.
    /// </summary>
    protected bool IsCrossing(string line)
    {
        return Cell.Proof == Proof.Ah && Crossing().IsMatch(line);
    }

    [GeneratedRegex("IPSEC-AH : sequence number|^\\s*Failure: [1-4]$|(?i)sequence")]
    private static partial Regex Crossing();

    /// <summary>Starts the process.</summary>
    protected abstract Daemon Launch(int priority);

    /// <summary>Counters of refused packets that are not zero.</summary>
    protected abstract IEnumerable<string> Counted();

    /// <summary>A signal to every process of the daemon.</summary>
    protected abstract void Signal(string name);
}

/// <summary>keepalived, or vrrpd, which is driven in the same way.</summary>
internal sealed partial class KeepalivedSpeaker : Speaker
{
    private readonly string _temporary;

    /// <summary>Makes its host.</summary>
    public KeepalivedSpeaker(Lan lan, Cell cell, Kind kind, string name, int number)
        : base(lan, cell, kind, name, number)
    {
        _temporary = Path.Combine(Host.Directory, "tmp");
        Directory.CreateDirectory(_temporary);
    }

    /// <inheritdoc/>
    protected override string MasterLine => "Entering MASTER STATE";

    /// <inheritdoc/>
    protected override Regex Refusal => Refused();

    /// <inheritdoc/>
    public override bool Holds()
    {
        string all = All();
        return Cell.Addresses.All(address => all.Contains($" {address}/", StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public override bool HoldsAny()
    {
        string all = All();
        return Cell.Addresses.Any(address => all.Contains($" {address}/", StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    protected override Daemon Launch(int priority)
    {
        Host.Write("keepalived.conf", Cell.Configuration(Address, Other, priority));

        // keepalived writes its statistics there.
        return Daemon.Start(Lan, Host, Kind, ["env", $"TMPDIR={_temporary}", Daemon.Binary(Kind), "-n", "-l", "-D"]);
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Counted()
    {
        if (Kind == Kind.Vrrpd && !Requirements.StandIn)
        {
            yield break;                // its log has a line for each cause
        }

        string file = Path.Combine(_temporary, "keepalived.stats");
        File.Delete(file);
        Daemon.Signal("USR2");
        Wait.Until(() => File.Exists(file) && File.ReadAllText(file).Contains("Priority Zero", StringComparison.Ordinal), 3, "keepalived's statistics");
        string errors = File.ReadAllText(file);
        int from = errors.IndexOf("Packet Errors", StringComparison.Ordinal);
        int to = errors.IndexOf("Priority Zero", StringComparison.Ordinal);
        foreach (Match counter in Counter().Matches(errors[from..to]).Where(counter => !IsCrossing(counter.Value)))
        {
            yield return $"{Host.Name} counted: {counter.Value.Trim()}";
        }
    }

    /// <inheritdoc/>
    protected override void Signal(string name)
    {
        Shell.Run(["kill", "-s", name, .. Host.Processes()]);
    }

    private string All()
    {
        return Host.Run("ip", "-o", "addr", "show").Out;
    }

    [GeneratedRegex(@"(?i)invalid|incorrect|mismatch|bogus|wrong|unknown|expected|differ|dropp|refus|reject|cannot|malformed|stale|replay|checksum|bad ")]
    private static partial Regex Refused();

    [GeneratedRegex(@"^\s*[A-Z][^:\n]*: [1-9]\d*$", RegexOptions.Multiline)]
    private static partial Regex Counter();
}

/// <summary>FRR: zebra and vrrpd, and the macvlan that it wants made for it, with the addresses on it. A backup's macvlan is held down.</summary>
internal sealed partial class FrrSpeaker : Speaker
{
    private const string Device = "vrrpmac";
    private readonly bool _v6;

    /// <summary>Makes its host, its device and its zebra.</summary>
    public FrrSpeaker(Lan lan, Cell cell, string name, int number)
        : base(lan, cell, Kind.Frr, name, number)
    {
        _v6 = cell.IsV6;

        // It speaks from the youngest link-local address of the macvlan; the kernel's own would follow from the virtual MAC, and be every FRR's.
        Address = _v6 ? $"fe80::f{number}" : Address;
        Host.Sh($"""
            sysctl -qw net.ipv4.conf.{Story.Nic}.arp_ignore=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
            ip link add {Device} link {Story.Nic} type macvlan mode bridge
            ip link set dev {Device} address {cell.Vmac} addrgenmode none
            for a in {string.Join(' ', cell.Addresses)}; do ip addr add $a/{(_v6 ? "64" : "24")} dev {Device} {(_v6 ? "nodad" : "")}; done
            {(_v6 ? $"ip addr add {Address}/64 dev {Device} nodad" : "")}
            ip link set {Device} up
            mkdir -p /run/frr; touch /run/frr/zebra.conf; chown -R frr:frr /run/frr
            """);
        Daemon.Start(lan, Host, Kind.Frr, [Requirements.Frr + "/zebra", "-f", "/run/frr/zebra.conf", .. Paths("zebra")]);
        Host.Sh("until test -S /run/frr/zserv.api; do sleep 0.05; done");
    }

    /// <inheritdoc/>
    public override bool IsVirtual => true;

    /// <inheritdoc/>
    protected override string MasterLine => "Backup -> Master";

    /// <inheritdoc/>
    protected override Regex Refusal => Refused();

    /// <inheritdoc/>
    public override bool Holds()
    {
        return Host.Run("ip", "link", "show", "dev", Device).Out.Contains("LOWER_UP", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public override bool HoldsAny()
    {
        return Holds();
    }

    /// <inheritdoc/>
    protected override Daemon Launch(int priority)
    {
        string router = $" vrrp {Cell.Vrid}";
        string addresses = string.Join('\n', Cell.Addresses.Select(address => $"{router} {(_v6 ? "ipv6" : "ip")} {address}"));
        Host.Sh($"""
            cat >/run/frr/vrrpd.conf <<TEXT
            log stdout debugging
            debug vrrp
            interface {Story.Nic}
            {router} version {Cell.Version}
            {router} priority {priority}
            {router} advertisement-interval {(int)(Cell.Interval * 1000)}
            {addresses}
            TEXT
            """);
        return Daemon.Start(Lan, Host, Kind.Frr, [Requirements.Frr + "/vrrpd", "-f", "/run/frr/vrrpd.conf", .. Paths("vrrpd")]);
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Counted()
    {
        return [];
    }

    /// <inheritdoc/>
    protected override void Signal(string name)
    {
        Shell.Run("kill", "-s", name, Daemon.Pid);
    }

    private static string[] Paths(string daemon)
    {
        return ["-i", $"/run/frr/{daemon}.pid", "-z", "/run/frr/zserv.api", "--vty_socket", "/run/frr", "-P", "0"];
    }

    // What has a lower priority is discarded rightly.
    [GeneratedRegex(@"(?i)discarding(?! advertisement from \S+ \()|invalid|mismatch|incorrect|drop|malformed|bad ")]
    private static partial Regex Refused();
}
