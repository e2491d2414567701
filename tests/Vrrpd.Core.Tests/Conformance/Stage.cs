using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Conformance;

/// <summary>
/// The engine with a configuration as it stands in a file, a clock that the test moves, and a list of what it did. The words of the list: `advert
/// PRIORITY to DESTINATION`, `add ADDRESS`, `remove ADDRESS`, `announce ADDRESS`, `listen`, `leave`, `drop`, `accept`, `run`, `kill`; log lines are not in it.
/// </summary>
internal sealed class Stage
{
    private static readonly MacAddress Mac = new(0x0200_0000_0005);

    private readonly Engine _engine;
    private readonly Effect[] _effects;
    private readonly byte[] _arena;
    private readonly List<string> _did = [];
    private readonly List<LogEvent> _said = [];

    public Stage(Speech speech, string config)
    {
        Speech = speech;
        ConfigResult result = ConfigParser.Parse(Encoding.UTF8.GetBytes(config), "keepalived.conf");
        Config = result.Config ?? throw new InvalidOperationException("the configuration does not bind:\n" + config);
        _effects = new Effect[Limits.EffectsPerCall(Config)];
        _arena = new byte[Limits.ArenaBytesPerCall(Config)];
        _engine = new Engine(Config, Now);
    }

    public Speech Speech { get; }
    public DaemonConfig Config { get; }
    public Instant Now { get; private set; } = Instant.Zero;
    public VirtualRouter Router => _engine.Routers[0];

    /// <summary>What was done since it was asked last, in order.</summary>
    public string[] Did
    {
        get
        {
            string[] did = [.. _did];
            _did.Clear();
            return did;
        }
    }

    /// <summary>What was said since it was asked last.</summary>
    public LogEvent[] Said
    {
        get
        {
            LogEvent[] said = [.. _said];
            _said.Clear();
            return said;
        }
    }

    /// <summary>Until its deadline.</summary>
    public TimeSpan Wait => Router.Deadline - Now;

    /// <summary>What a later reading has to equal when a packet moved nothing.</summary>
    public (RouterState, Instant, Instant, TimeSpan, Ip, byte, byte, long) Clockwork =>
        (Router.State, Router.Deadline, Router.AnnounceDeadline, Router.MasterInterval, Router.MasterAddress, Router.MasterPriority, Router.Priority,
            Router.Stats.AdvertsReceived);

    public VirtualRouter this[int number] => _engine.Routers[number];

    /// <summary>The host is known: one interface that is up, with our address.</summary>
    public static Stage Started(Speech speech, string config)
    {
        Stage stage = new(speech, config);
        stage.LinkUp();
        stage.Tell(HostEvent.AddressAdded(0, Ip(speech.Host(Speech.Own)), speech.IsV6 ? (byte)64 : (byte)24));
        stage.Tell(HostEvent.HostKnown());
        return stage;
    }

    /// <summary>Started, and a backup of a master with a higher address that was heard a moment ago.</summary>
    public static Stage AsBackup(Speech speech, string more = "", TimeSpan? interval = null, int priority = Speech.Priority)
    {
        Stage stage = Started(speech, speech.Config(priority, more));
        Assert.Equal(RouterState.Backup, stage.Router.State);
        stage.Pass(0.25);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Priority = 255, Interval = interval ?? speech.Interval }));
        stage.Pass(0.125);
        stage.Forget();
        return stage;
    }

    /// <summary>Started, and a master whose last advert was a moment ago.</summary>
    public static Stage AsMaster(Speech speech, string more = "", int priority = Speech.Priority)
    {
        Stage stage = Started(speech, speech.Config(priority, more));
        stage.RunTo(RouterState.Master);
        stage.Pass(0.125);
        stage.Forget();
        return stage;
    }

    public static Ip Ip(string text)
    {
        Assert.True(Core.Ip.TryParse(text, out Ip ip), text);
        return ip;
    }

    /// <summary>The words for one round of adverts.</summary>
    public string[] Adverts(int priority) => [.. Speech.Destinations.Select(to => string.Create(CultureInfo.InvariantCulture, $"advert {priority} to {to}"))];

    public string[] Each(string verb) => [.. Speech.Addresses.Select(address => verb + " " + address)];

    public void LinkUp(short slot = 0) => Tell(HostEvent.Link(slot, LinkFlags.Up | LinkFlags.Running, Mac));

    public void LinkDown(short slot = 0) => Tell(HostEvent.Link(slot, LinkFlags.Up, Mac));

    public void Tell(in HostEvent what)
    {
        EffectSink sink = new(_effects, _arena);
        _engine.HandleHost(what, Now, ref sink);
        Turn(ref sink);
    }

    public WireError Hear(Words words) => Hear(words, words.Delivered());

    /// <summary>Bytes of their own, with the addresses of these words where the family has them beside the bytes.</summary>
    public WireError Hear(Words words, byte[] bytes)
    {
        EffectSink sink = new(_effects, _arena);
        WireError error = _engine.HandleDatagram(
            new Datagram
            {
                Bytes = bytes,
                Channel = Router.Config.Channel,
                Source = Ip(words.Source),
                Destination = Ip(words.To),
                HopLimit = (byte)words.HopLimit,
            },
            Now,
            ref sink);
        Turn(ref sink);
        return error;
    }

    public long Unmatched(WireError error) => _engine.Unmatched(error);

    public void Stop()
    {
        EffectSink sink = new(_effects, _arena);
        _engine.Stop(Now, ref sink);
        Turn(ref sink);
    }

    /// <summary>Lets time pass; every timer fires at its exact deadline.</summary>
    public void Pass(TimeSpan span)
    {
        Instant end = Now + span;
        while (_engine.NextDeadline <= end)
        {
            Now = _engine.NextDeadline;
            EffectSink sink = new(_effects, _arena);
            Turn(ref sink);
        }

        Now = end;
    }

    public void Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>To the very tick of the router's deadline.</summary>
    public void PassToDeadline()
    {
        Instant deadline = Router.Deadline;
        Pass(deadline - Now - TimeSpan.FromTicks(1));
        Assert.Equal(deadline, Router.Deadline);
        Pass(TimeSpan.FromTicks(1));
    }

    public void RunTo(RouterState state)
    {
        for (int i = 0; i < 10 && Router.State != state; i++)
        {
            PassToDeadline();
        }

        Assert.Equal(state, Router.State);
    }

    public void Forget()
    {
        _did.Clear();
        _said.Clear();
    }

    private void Turn(ref EffectSink sink)
    {
        Collect(ref sink);
        for (int guard = 0; _engine.NextDeadline <= Now; guard++)
        {
            Assert.True(guard < 10_000, "the engine spins");
            _engine.HandleTimers(Now, ref sink);
            Collect(ref sink);
        }
    }

    private void Collect(ref EffectSink sink)
    {
        foreach (Effect effect in sink.Effects)
        {
            if (effect.Kind == EffectKind.Log)
            {
                _said.Add(effect.Event);
                continue;
            }

            _did.Add(effect.Kind switch
            {
                EffectKind.SendAdvert => Look.AtAdvert(Speech, Config.Routers[effect.Subject], effect.Address.ToString(), sink.Bytes(effect)),
                EffectKind.SendFrame => Look.AtAnnouncement(sink.Bytes(effect)),
                EffectKind.AddAddress => "add " + effect.Address,
                EffectKind.RemoveAddress => "remove " + effect.Address,
                EffectKind.JoinGroup => "listen",
                EffectKind.LeaveGroup => "leave",
                EffectKind.DropTraffic => "drop",
                EffectKind.AcceptTraffic => "accept",
                EffectKind.RunScript => "run",
                EffectKind.KillScript => "kill",
                _ => throw new FormatException(effect.Kind.ToString()),
            });
        }

        sink.Clear();
    }
}
