using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;

namespace Vrrpd.Netns.Tests.Interop;

/// <summary>Says what was wrong on the wire, by what tshark read in every frame.</summary>
internal sealed class Judge(Played played)
{
    private const string Good = "1";
    private const string Filter = "vrrp || ah || arp || igmp || icmpv6";

    /// <summary>What tshark is asked for of every frame.</summary>
    public static readonly string[] Fields =
    [
        "frame.time_epoch", "frame.number", "frame.len", "eth.src", "eth.dst", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "ip.flags.df", "ip.dsfield",
        "ipv6.tclass", "ip.ttl", "ipv6.hlim", "ip.proto", "ip.id", "ip.checksum.status", "ah.spi", "ah.sequence",
        "vrrp.version", "vrrp.type", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.addr_count", "vrrp.auth_type", "vrrp.adver_int", "vrrp.short_adver_int",
        "vrrp.auth_string", "vrrp.ip_addr", "vrrp.ipv6_addr", "vrrp.checksum.status",
        "arp.opcode", "arp.src.hw_mac", "arp.src.proto_ipv4", "arp.dst.hw_mac", "arp.dst.proto_ipv4",
        "icmpv6.type", "icmpv6.nd.na.flag.r", "icmpv6.nd.na.flag.s", "icmpv6.nd.na.flag.o", "icmpv6.nd.na.target_address", "icmpv6.opt.linkaddr",
        "icmpv6.checksum.status", "_ws.expert.message", "_ws.malformed",
    ];

    private readonly Cell _cell = played.Cell;
    private readonly Speaker _ours = played.Ours;
    private readonly Speaker _theirs = played.Theirs;
    private readonly IReadOnlyList<Change> _changes = played.Changes;
    private readonly List<string> _faults = [];

    /// <summary>Everything in a capture that a judge looks at.</summary>
    public static IReadOnlyList<Sight> Read(Capture capture)
    {
        return [.. capture.Table(Fields, Filter).Select(row => new Sight(row))];
    }

    /// <summary>Everything that was wrong; nothing is right.</summary>
    public IReadOnlyList<string> Faults()
    {
        Sight[] sights = [.. played.Sights];
        Sight[] adverts = [.. sights.Where(sight => sight.IsAdvert)];
        foreach (Speaker speaker in new Speaker[] { _ours, _theirs })
        {
            Sight[] own = [.. adverts.Where(sight => sight.Source == speaker.Address)];
            Fault(own.Length == 0, $"no advert of {speaker.Host.Name}");
            Array.ForEach(own, sight => JudgeAdvert(speaker, sight));
            JudgeSequence(speaker, own);
        }

        foreach (Sight stranger in adverts.Where(sight => sight.Source != _ours.Address && sight.Source != _theirs.Address).Take(1))
        {
            _faults.Add($"frame {stranger.Number}: an advert from {stranger.Source}");
        }

        for (int i = 0; i < _changes.Count; i++)
        {
            JudgeChange(_changes[i], adverts, sights);
            DateTime end = i + 1 < _changes.Count ? _changes[i + 1].From : _changes[i].To;
            Sight? rival = adverts.FirstOrDefault(sight => sight.Source == _changes[i].Loser.Address && sight.At > _changes[i].To && sight.At < end);
            Fault(rival is not null, $"{_changes[i].What}: {_changes[i].Loser.Host.Name} speaks besides the master (frame {rival?.Number})");
        }

        JudgeVirtualMac(sights);
        return _faults;
    }

    /// <summary>Every field as the reference has it; what is particular to a daemon is named here.</summary>
    private void JudgeAdvert(Speaker speaker, Sight sight)
    {
        string who = $"frame {sight.Number} of {speaker.Host.Name}";

        // tshark sums the trailer of auth_hmac too, which the IPv4 checksum does not cover.
        bool isBlind = _cell is { Proof: Proof.Hmac, IsV6: false };
        Fault(sight["vrrp.checksum.status"] != Good && !isBlind, $"{who}: VRRP checksum status '{sight["vrrp.checksum.status"]}'");
        Fault(!_cell.IsV6 && sight["ip.checksum.status"] != Good, $"{who}: IP checksum status '{sight["ip.checksum.status"]}'");
        Fault(sight.Complaint.Length > 0 && !isBlind, $"{who}: tshark says {sight.Complaint}");
        Same(who, "ethernet source", speaker.AdvertMac, sight["eth.src"]);
        Speaker other = speaker == _ours ? _theirs : _ours;
        Same(who, "ethernet destination", _cell.IsUnicast ? other.Mac : _cell.IsV6 ? "33:33:00:00:00:12" : "01:00:5e:00:00:12", sight["eth.dst"]);
        Same(who, "destination", _cell.IsUnicast ? other.Address : _cell.IsV6 ? "ff02::12" : "224.0.0.18", sight["ip.dst"] + sight["ipv6.dst"]);
        Same(who, "traffic class", 0xc0, Hex(sight["ip.dsfield"] + sight["ipv6.tclass"]));
        string limit = sight["ip.ttl"] + sight["ipv6.hlim"];
        if (_cell is { IsV6: true, IsUnicast: true })
        {
            // keepalived leaves the kernel's 64 there, and looks at none.
            Fault(limit is not ("64" or "255"), $"{who}: hop limit {limit}");
        }
        else
        {
            Same(who, "TTL", "255", limit);
        }

        if (!_cell.IsV6)
        {
            Same(who, "DF", speaker.Kind == Kind.Frr, sight.Is("ip.flags.df"));
        }

        Same(who, "version", $"{_cell.Version}", sight["vrrp.version"]);
        Same(who, "type", "1", sight["vrrp.type"]);
        Same(who, "VRID", $"{Cell.Vrid}", sight["vrrp.virt_rtr_id"]);
        Same(who, "count", $"{_cell.Addresses.Length}", sight["vrrp.addr_count"]);
        Same(who, "addresses", string.Join(';', _cell.Addresses), sight["vrrp.ip_addr"] + sight["vrrp.ipv6_addr"]);
        string interval = (_cell.Version == 2 ? _cell.Interval : _cell.Interval * 100).ToString("F0", CultureInfo.InvariantCulture);
        Same(who, "interval", interval, sight["vrrp.adver_int"] + sight["vrrp.short_adver_int"]);
        Same(who, "length", Length(), int.Parse(sight["frame.len"], CultureInfo.InvariantCulture));
        if (_cell.Version == 2)
        {
            Same(who, "authentication type", _cell.Proof switch { Proof.Pass => "1", Proof.Ah => "2", _ => "0" }, sight["vrrp.auth_type"]);
        }

        if (_cell.Proof == Proof.Pass)
        {
            Same(who, "password", Cell.Password, sight["vrrp.auth_string"]);
        }

        if (_cell.Proof == Proof.Ah)
        {
            Same(who, "SPI", string.Concat(speaker.Address.Split('.').Select(part => int.Parse(part, CultureInfo.InvariantCulture).ToString("x2"))),
                sight["ah.spi"].Replace("0x", "", StringComparison.Ordinal));
        }
    }

    /// <summary>Identifications count by one from one, as keepalived's; AH sequence numbers never fall while one master speaks.</summary>
    private void JudgeSequence(Speaker speaker, Sight[] own)
    {
        if (_cell.IsV6 || speaker.Kind == Kind.Frr)
        {
            return;
        }

        foreach ((Sight before, Sight after) in own.Zip(own.Skip(1)))
        {
            int id = Hex(after["ip.id"]);
            int old = Hex(before["ip.id"]);
            Fault(id != old + 1 && id != 1, $"frame {after.Number} of {speaker.Host.Name}: IP identification {id} after {old}");
            bool isSameRun = id != 1;
            Fault(_cell.Proof == Proof.Ah && isSameRun && after.Sequence <= before.Sequence,
                $"frame {after.Number} of {speaker.Host.Name}: AH sequence {after.Sequence} after {before.Sequence}");
        }
    }

    private void JudgeChange(Change change, Sight[] adverts, Sight[] sights)
    {
        string what = change.What;
        Sight[] winner = [.. Between(adverts, change).Where(sight => sight.Source == change.Winner.Address)];
        Sight[] loser = [.. Between(adverts, change).Where(sight => sight.Source == change.Loser.Address)];
        Sight? first = winner.FirstOrDefault();
        if (first is null)
        {
            _faults.Add($"{what}: no advert of {change.Winner.Host.Name}");
            return;
        }

        Fault(winner.Any(sight => sight.Priority != change.Priority), $"{what}: {change.Winner.Host.Name} speaks with another priority than {change.Priority}");
        Sight[] goodbyes = [.. loser.Where(sight => sight.Priority == 0)];
        switch (change.How)
        {
            case How.Farewell:
                Fault(goodbyes.Length != 1, $"{what}: {goodbyes.Length} goodbyes");
                if (goodbyes.Length > 0)
                {
                    Takes(what + ", goodbye to first advert", _cell.Skew(change.Priority), first.At - goodbyes[^1].At);
                }

                break;
            case How.Silence:
                Sight? last = adverts.LastOrDefault(sight => sight.Source == change.Loser.Address && sight.At < first.At);
                Takes(what + ", last advert to first", _cell.Down(change.Priority), first.At - (last?.At ?? change.From));
                break;
            case How.Preemption:
                Fault(goodbyes.Length > 0, $"{what}: who yields says goodbye");
                Fault(loser.Any(sight => sight.At > first.At.AddSeconds(0.15)), $"{what}: {change.Loser.Host.Name} does not yield");
                break;
            default:
                break;
        }

        // FRR sends its neighbour advertisements in the moment in which its macvlan comes up again: the kernel mostly drops them.
        foreach (string address in change.Winner.Kind == Kind.Frr && _cell.IsV6 ? [] : _cell.Addresses)
        {
            Sight? announcement = sights.FirstOrDefault(
                sight => sight.Announces(address) && sight["eth.src"] == change.Winner.AnnounceMac
                    && sight.At >= first.At.AddMilliseconds(-50) && sight.At < first.At.AddSeconds(2));
            if (announcement is null)
            {
                // After a standstill the one who goes on has never let go, in its own eyes.
                Fault(change.How != How.Anyhow || change == _changes[0], $"{what}: {change.Winner.Host.Name} does not announce {address}");
            }
            else
            {
                JudgeAnnouncement(change, announcement);
            }
        }
    }

    private void JudgeAnnouncement(Change change, Sight sight)
    {
        string who = $"frame {sight.Number}, announcement of {change.Winner.Host.Name}";
        Fault(sight.Complaint.Length > 0, $"{who}: tshark says {sight.Complaint}");
        if (!_cell.IsV6)
        {
            Same(who, "ethernet destination", "ff:ff:ff:ff:ff:ff", sight["eth.dst"]);
            Same(who, "sender MAC", change.Winner.AnnounceMac, sight["arp.src.hw_mac"]);
            Same(who, "target MAC", "ff:ff:ff:ff:ff:ff", sight["arp.dst.hw_mac"]);
            Same(who, "length", "42", sight["frame.len"]);
            return;
        }

        Same(who, "ethernet destination", "33:33:00:00:00:01", sight["eth.dst"]);
        Same(who, "source", sight["icmpv6.nd.na.target_address"], sight["ipv6.src"]);
        Same(who, "hop limit", "255", sight["ipv6.hlim"]);
        Same(who, "checksum status", Good, sight["icmpv6.checksum.status"]);
        Same(who, "solicited", false, sight.Is("icmpv6.nd.na.flag.s"));
        Same(who, "override", true, sight.Is("icmpv6.nd.na.flag.o"));

        // keepalived says so only where the host forwards, which _ours do not.
        Same(who, "router", change.Winner.Kind == Kind.Vrrpd && !Requirements.StandIn, sight.Is("icmpv6.nd.na.flag.r"));
        Same(who, "target link-layer address", change.Winner.AnnounceMac, sight["icmpv6.opt.linkaddr"]);
    }

    /// <summary>A switch learns where the virtual MAC is: only the master may be heard with it. FRR does not keep to that.</summary>
    private void JudgeVirtualMac(Sight[] sights)
    {
        if (!_cell.IsVmac || _cell.Peer == Kind.Frr)
        {
            return;
        }

        Sight? leak = sights.FirstOrDefault(
            sight => sight["eth.src"] == _cell.Vmac && (sight["ip.proto"] == "2" || sight["icmpv6.type"] is "143" or "131" or "133"));
        Fault(leak is not null, $"frame {leak?.Number}: IGMP, MLD or a router solicitation from the virtual MAC");
    }

    private IEnumerable<Sight> Between(Sight[] sights, Change change)
    {
        return sights.Where(sight => sight.At >= change.From && sight.At <= change.To);
    }

    private void Takes(string what, double expected, TimeSpan measured)
    {
        const double Early = 0.03;
        const double Late = 0.6;
        double seconds = measured.TotalSeconds;
        Fault(seconds < expected - Early || seconds > expected + Late,
            string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds:F3} s, expected {expected:F3} s"));
    }

    private int Length()
    {
        int message = _cell.IsV6 ? 8 + (16 * _cell.Addresses.Length) : 8 + (4 * _cell.Addresses.Length) + (_cell.Version == 2 ? 8 : 0);
        return 14 + (_cell.IsV6 ? 40 : 20) + message + _cell.Proof switch { Proof.Ah => 24, Proof.Hmac => 28, _ => 0 };
    }

    private static int Hex(string cellText)
    {
        return Convert.ToInt32(cellText, 16);
    }

    private void Same<T>(string who, string what, T expected, T got)
    {
        Fault(!Equals(expected, got), $"{who}: {what} {got} instead of {expected}");
    }

    private void Fault(bool isWrong, string text)
    {
        if (isWrong)
        {
            _faults.Add(text);
        }
    }
}

/// <summary>One frame: the texts that tshark gives for its fields.</summary>
internal sealed class Sight(IReadOnlyDictionary<string, string> fields)
{
    /// <summary>When the bridge saw it.</summary>
    public DateTime At { get; } = Capture.Time(fields["frame.time_epoch"]);

    /// <summary>Its number in the capture.</summary>
    public string Number => this["frame.number"];

    /// <summary>True for a VRRP advertisement; not for an ICMPv6 error that quotes one, as a host without a daemon answers unicast.</summary>
    public bool IsAdvert => this["vrrp.prio"].Length > 0 && this["icmpv6.type"].Length == 0;

    /// <summary>Source address of either family.</summary>
    public string Source => this["ip.src"] + this["ipv6.src"];

    /// <summary>VRRP priority.</summary>
    public int Priority { get; } = int.TryParse(fields["vrrp.prio"], CultureInfo.InvariantCulture, out int value) ? value : -1;

    /// <summary>Sequence number of the authentication header.</summary>
    public long Sequence => this["ah.sequence"].Length == 0 ? -1 : long.Parse(this["ah.sequence"], CultureInfo.InvariantCulture);

    /// <summary>tshark's expert messages and malformed marks, but for an address having moved.</summary>
    public string Complaint => string.Join("; ", this["_ws.expert.message"].Split(';').Append(this["_ws.malformed"])
        .Where(text => text.Length > 0 && !text.StartsWith("Duplicate IP address configured", StringComparison.Ordinal)));

    /// <summary>The same frame with another text in one field.</summary>
    public Sight With(string field, string text)
    {
        return new Sight(new Dictionary<string, string>(fields) { [field] = text });
    }

    /// <summary>A field's text; empty when the frame has none.</summary>
    public string this[string field] => fields[field];

    /// <summary>A flag.</summary>
    public bool Is(string field)
    {
        return this[field] is "1" or "True";
    }

    /// <summary>True for a gratuitous ARP request or an unsolicited neighbour advertisement for this address.</summary>
    public bool Announces(string address)
    {
        return (this["arp.opcode"] == "1" && this["arp.src.proto_ipv4"] == address && this["arp.dst.proto_ipv4"] == address)
            || (this["icmpv6.type"] == "136" && this["ipv6.dst"] == "ff02::1" && this["icmpv6.nd.na.target_address"] == address);
    }
}
