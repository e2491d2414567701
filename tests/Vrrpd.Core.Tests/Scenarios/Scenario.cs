using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Scenarios;

/// <summary>
/// A story in a .scn file: a real configuration, then what happens (`TIME event`) and everything that comes of it (`TIME > effect`),
/// in order. Time is logical; between two events every timer fires at its exact deadline. Replaying the events must give the very
/// same effects; with VRRPD_UPDATE_SCENARIOS=1 the file is rewritten with what came, to be read before it is committed. After a line
/// `TIME reload` stands another configuration; what was told of interfaces that only that one names is told again then.
/// </summary>
internal sealed class Scenario
{
    private readonly List<string> _head = [];
    private readonly List<(Instant At, string Event, string Line)> _events = [];
    private readonly List<string> _output = [];
    private readonly List<string> _told = [];
    private readonly string _name;
    private Effect[] _effects;
    private byte[] _arena;
    private DaemonConfig _bound;
    private Engine _engine;
    private bool _isFrozen;

    public Scenario(string name, string[] lines)
    {
        _name = name;
        bool inConfig = false;
        StringBuilder config = new();
        foreach (string line in lines)
        {
            if (_events.Count > 0 && (inConfig || line == "config"))
            {
                // The configuration of a reload is part of its event.
                inConfig = line != "end";
                (Instant at, string what, string text) = _events[^1];
                _events[^1] = (at, line is "config" or "end" ? what : what + "\n" + line, text + "\n" + line);
            }
            else if (line is "config" or "end")
            {
                inConfig = line == "config";
                _head.Add(line);
            }
            else if (inConfig || _events.Count == 0 && (line.Length == 0 || line[0] == '#'))
            {
                _head.Add(line);
                _ = inConfig ? config.Append(line).Append('\n') : config;
            }
            else if (line.Length > 0 && line[0] == '#')
            {
                _events.Add((new Instant(-1), "", line));
            }
            else if (line.Length > 0)
            {
                string[] parts = line.Split((char[])[' '], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                if (parts.Length > 1 && parts[1].StartsWith('>'))
                {
                    Expected.Add(line);
                }
                else
                {
                    _events.Add((ParseTime(parts[0]), parts[1], line));
                }
            }
        }

        Bind(config.ToString());
        _engine = new Engine(_bound, Instant.Zero);
    }

    /// <summary>The effect lines of the file.</summary>
    public List<string> Expected { get; } = [];

    /// <summary>The effect lines that came.</summary>
    public List<string> Actual { get; } = [];

    /// <summary>Replays; afterwards <see cref="Rewritten"/> is the file as it should be.</summary>
    public void Run()
    {
        foreach ((Instant at, string what, string line) in _events)
        {
            if (what.Length == 0)
            {
                _output.Add(line);
                continue;
            }

            // `frozen`: the process was not run until then, and first finds what waits for it; `stalled` ends that, or `awake` if it was short.
            _isFrozen |= what == "frozen";
            while (!_isFrozen && (_engine.NextDeadline < at || (what == "wait" && _engine.NextDeadline <= at)))
            {
                Instant due = _engine.NextDeadline;
                Step(due, what: "");
            }

            _isFrozen &= what != "awake" && !what.StartsWith("stalled", StringComparison.Ordinal);
            _output.Add(line);
            _told.Add(what);
            Step(at, what);
        }
    }

    public string Rewritten => string.Join('\n', _head) + "\n" + string.Join('\n', _output) + "\n";

    private void Step(Instant now, string what)
    {
        // A turn as the loop makes it: the event, then timers that are due, each effect carried out before the next call.
        EffectSink sink = new(_effects, _arena);
        Apply(what, now, ref sink);
        Collect(now, ref sink);
        for (int guard = 0; !_isFrozen && _engine.NextDeadline <= now; guard++)
        {
            Assert.True(guard < 10_000, "the engine spins");
            _engine.HandleTimers(now, ref sink);
            Collect(now, ref sink);
        }
    }

    private void Apply(string what, Instant now, ref EffectSink sink)
    {
        string[] words = what.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 1 && words[0] is "link" or "address+" or "address-" && Slot(words[1]) < 0)
        {
            return;
        }

        switch (words.Length > 0 ? words[0] : "")
        {
            case "frozen" or "awake":
                break;
            case "" or "wait":
                _engine.HandleTimers(now, ref sink);
                break;
            case "link":
                MacAddress mac = new(0x0200_0000_0001UL + (ulong)Slot(words[1]));
                _engine.HandleHost(words[2] switch
                {
                    "up" => HostEvent.Link(Slot(words[1]), LinkFlags.Up | LinkFlags.Running, mac),
                    "no-carrier" => HostEvent.Link(Slot(words[1]), LinkFlags.Up, mac),
                    "down" => HostEvent.Link(Slot(words[1]), LinkFlags.None, mac),
                    "gone" => HostEvent.LinkGone(Slot(words[1])),
                    _ => throw new FormatException(what),
                }, now, ref sink);
                break;
            case "address+" or "address-":
                (Ip address, byte prefix) = Prefix(words[2]);
                bool isTentative = words.Length > 3 && words[3] == "tentative";
                _engine.HandleHost(words[0] == "address+"
                    ? HostEvent.AddressAdded(Slot(words[1]), address, prefix, isTentative)
                    : HostEvent.AddressRemoved(Slot(words[1]), address, prefix), now, ref sink);
                break;
            case "known":
                _engine.HandleHost(HostEvent.HostKnown(), now, ref sink);
                break;
            case "exit":
                int status = words[2].StartsWith("signal", StringComparison.Ordinal)
                    ? HostEvent.KilledBySignal + int.Parse(words[2]["signal".Length..], CultureInfo.InvariantCulture)
                    : int.Parse(words[2], CultureInfo.InvariantCulture);
                _engine.HandleHost(HostEvent.ScriptExited(Script(words[1]), status), now, ref sink);
                break;
            case "refused":
                _engine.HandleHost(Refused(words), now, ref sink);
                break;
            case "stalled":
                _engine.HandleHost(HostEvent.Stalled(int.Parse(words[1], CultureInfo.InvariantCulture)), now, ref sink);
                break;
            case "rx":
                byte[] packet = Packets.Build(_bound, Slot(words[1]), words.AsSpan(2));
                WireError error = _engine.HandleDatagram(Packets.AsHeard(packet, Channel(words[1], packet[0] >> 4 == 6)), now, ref sink);
                if (error != WireError.None)
                {
                    Say(now, $"refused {error}");
                }

                break;
            case "reload":
                Reload(what["reload".Length..], now, ref sink);
                break;
            case "stop":
                _engine.Stop(now, ref sink);
                break;
            default:
                throw new FormatException(what);
        }
    }

    private void Reload(string text, Instant now, ref EffectSink sink)
    {
        DaemonConfig old = _bound;
        Bind(text);
        ConfigDiff diff = ConfigDiff.Compare(old, _bound);
        (DaemonConfig next, _bound) = (_bound, old);
        _engine.BeginReload(diff, now, ref sink);
        Collect(now, ref sink);
        _bound = next;
        sink = new EffectSink(_effects, _arena);
        _engine = _engine.Succeed(diff, now);
        foreach (string told in _told)
        {
            bool isHost = told.StartsWith("link", StringComparison.Ordinal) || told.StartsWith("address", StringComparison.Ordinal);
            if (isHost && Slot(told.Split(' ')[1]) is >= 0 and short slot && diff.SlotsBefore[slot] == ConfigDiff.None)
            {
                Apply(told, now, ref sink);
            }
        }

        _engine.EndReload(diff, now, ref sink);
        Collect(now, ref sink);
    }

    [MemberNotNull(nameof(_bound), nameof(_effects), nameof(_arena))]
    private void Bind(string text)
    {
        ConfigResult result = ConfigParser.Parse(Encoding.UTF8.GetBytes(text), _name);
        _bound = result.Config ?? throw new InvalidOperationException($"{_name}: the configuration does not bind");
        _effects = new Effect[Limits.EffectsPerCall(_bound)];
        _arena = new byte[Limits.ArenaBytesPerCall(_bound)];
    }

    private HostEvent Refused(string[] words)
    {
        int errno = int.Parse(words[^1], CultureInfo.InvariantCulture);
        return words[1] switch
        {
            "addr+" => HostEvent.Failed(new Effect(EffectKind.AddAddress, Named(words)) { Address = Prefix(words[2]).Address }, errno),
            "addr-" => HostEvent.Failed(new Effect(EffectKind.RemoveAddress, Named(words)) { Address = Prefix(words[2]).Address }, errno),
            "advert" => HostEvent.Failed(new Effect(EffectKind.SendAdvert, Named(words)), errno),
            "frame" => HostEvent.Failed(new Effect(EffectKind.SendFrame, Named(words)), errno),
            "join" => HostEvent.Failed(new Effect(EffectKind.JoinGroup, Channel(words[2], _bound.Routers[0].IsV6)), errno),
            "link" => HostEvent.Failed(new Effect(EffectKind.CreateLink, RouterOn(words[2])), errno),
            "run" => HostEvent.Failed(new Effect(EffectKind.RunScript, Script(words[2])), errno),
            "kill" => HostEvent.Failed(new Effect(EffectKind.KillScript, Script(words[2])), errno),
            _ => throw new FormatException(string.Join(' ', words)),
        };
    }

    private void Collect(Instant now, ref EffectSink sink)
    {
        Span<byte> text = stackalloc byte[LogText.MaxLength];
        foreach (Effect effect in sink.Effects)
        {
            Say(now, effect.Kind switch
            {
                EffectKind.SendAdvert => $"advert {_bound.Interfaces[effect.Slot]} {Packets.Describe(sink.Bytes(effect))}",
                EffectKind.SendFrame => Packets.DescribeFrame(sink.Bytes(effect), _bound.Interfaces[effect.Slot]),
                EffectKind.CreateLink => $"link+ {_bound.Interfaces[effect.Slot]}",
                EffectKind.RemoveLink => $"link- {_bound.Interfaces[effect.Slot]}",
                EffectKind.DropTraffic => $"drop {_bound.Routers[effect.Subject].Name}",
                EffectKind.AcceptTraffic => $"accept {_bound.Routers[effect.Subject].Name}",
                EffectKind.JoinGroup => $"join {_bound.Interfaces[effect.Slot]}{Family(effect)}",
                EffectKind.LeaveGroup => $"leave {_bound.Interfaces[effect.Slot]}{Family(effect)}",
                EffectKind.AddAddress => $"addr+ {_bound.Interfaces[effect.Slot]} {effect.Address}/{effect.Vip!.PrefixLength}",
                EffectKind.RemoveAddress => $"addr- {_bound.Interfaces[effect.Slot]} {effect.Address}/{effect.Vip!.PrefixLength}",
                EffectKind.RunScript => $"run {_bound.Scripts[effect.Subject].Name}",
                EffectKind.KillScript => $"kill {_bound.Scripts[effect.Subject].Name} {(effect.A == 15 ? "TERM" : "KILL")}",
                EffectKind.Log => "log " + Encoding.UTF8.GetString(text[..LogText.Write(text, effect, _bound)]),
                _ => throw new FormatException(effect.Kind.ToString()),
            });
        }

        sink.Clear();
    }

    private void Say(Instant now, string what)
    {
        string line = $"{FormatTime(now),-12}> {what}";
        Actual.Add(line);
        _output.Add(line);
    }

    private short Slot(string name) => (short)Array.IndexOf(_bound.Interfaces, name);

    /// <summary>The first channel of an interface and family.</summary>
    private short Channel(string name, bool isV6) =>
        _bound.ChannelOf(Slot(name), isV6) is >= 0 and short channel ? channel : _bound.ChannelOf(Slot(name), isV6, isAh: true);

    private string Family(in Effect effect) => _bound.Channels[effect.Subject].IsV6 ? " IPv6" : "";

    /// <summary>The router whose device that is.</summary>
    private short RouterOn(string device) => (short)Array.FindIndex(_bound.Routers, router => router.Device?.Slot == Slot(device));

    /// <summary>The router whose name is the last word but one, or else the first.</summary>
    private short Named(string[] words) => Math.Max((short)0, (short)Array.FindIndex(_bound.Routers, router => router.Name == words[^2]));

    private short Script(string name) => (short)Array.FindIndex(_bound.Scripts, script => script.Name == name);

    private static (Ip Address, byte PrefixLength) Prefix(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        Assert.True(Ip.TryParse(slash < 0 ? text : text[..slash], out Ip ip), text);
        return (ip, slash < 0 ? (byte)(ip.IsV6 ? 128 : 32) : byte.Parse(text[(slash + 1)..], CultureInfo.InvariantCulture));
    }

    private static Instant ParseTime(string text) => new((long)(decimal.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));

    private static string FormatTime(Instant t) => ((decimal)t.Ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture) + "s";
}
