using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;
using Vrrpd.Core.Tests.Scenarios;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Walk;

/// <summary>
/// An engine to which anything happens in any order, under the eyes of <see cref="EffectRules"/>. A kernel of its own it is not: it tells also
/// what no kernel tells.
/// </summary>
internal sealed partial class Walker
{
    private static readonly LinkFlags[] s_flags =
        [LinkFlags.Up | LinkFlags.Running, LinkFlags.Up | LinkFlags.Running, LinkFlags.Up | LinkFlags.Running, LinkFlags.Up, LinkFlags.None];

    private DaemonConfig _config;
    private Engine _engine;
    private readonly EffectRules _rules = new();
    private Effect[] _effects;
    private byte[] _arena;
    private readonly List<(byte[] Packet, short Channel)> _packets = [];
    private readonly List<HostEvent> _failures = [];
    private RouterView[] _before;
    private readonly Dictionary<string, bool> _up = [];
    private readonly long[] _seen = new long[(int)EffectKind.Log + 1];
    private ulong _random;
    private Instant _now = new(1_000_000);
    private bool _known;

    public Walker(ulong seed, DaemonConfig config)
    {
        _random = seed;
        _config = config;
        _engine = new Engine(_config, _now);
        _effects = new Effect[Limits.EffectsPerCall(_config)];
        _arena = new byte[Limits.ArenaBytesPerCall(_config)];
        _before = new RouterView[_config.Routers.Length];
        MakePackets();
    }

    public string Last { get; private set; } = "";

    private void MakePackets()
    {
        _packets.Clear();
        foreach (RouterConfig router in _config.Routers)
        {
            foreach (string words in (string[])["prio=0", "prio=1", "prio=99", "prio=100", "prio=101", "prio=149", "prio=150", "prio=200", "prio=254",
                "prio=255", "prio=200 checksum=bad", "prio=200 ttl=1", "prio=0 interval=7", "prio=200 auth=PASS:x",
                "prio=200 cut=3", "prio=0 version=3", "prio=120 version=2"])
            {
                foreach (string last in (string[])["0", "1", "250"])
                {
                    string[] line = $"{(router.IsV6 ? "fe80::" : "10.0.0.")}{last} vrid={router.Vrid} {words}".Split(' ');
                    _packets.Add((Packets.Build(_config, router.AdvertSlot, line), router.Channel));
                }
            }
        }
    }

    public void Step()
    {
        _now += TimeSpan.FromTicks(Next(4) switch
        {
            0 => 0,
            1 => Next(1000),
            2 => Next(2_000_000),
            _ => Math.Clamp(_engine.NextDeadline.Ticks - _now.Ticks, 0, 40_000_000),
        });
        if (Next(500) == 0)
        {
            // A machine that slept.
            _now += TimeSpan.FromSeconds(Next(100));
        }

        if (_failures.Count > 0)
        {
            HostEvent failure = _failures[0];
            _failures.RemoveAt(0);
            Tell(failure);
            return;
        }

        switch (Next(20))
        {
            case 0:
                LinkFlags flags = s_flags[Next(s_flags.Length)];
                short slot = (short)Next(_config.Interfaces.Length);
                _up[_config.Interfaces[slot]] = flags == s_flags[0];
                Tell(HostEvent.Link(slot, flags, new MacAddress((ulong)(1 + Next(2)))));
                break;
            case 1 when Next(5) == 0:
                slot = (short)Next(_config.Interfaces.Length);
                _up[_config.Interfaces[slot]] = false;
                Tell(HostEvent.LinkGone(slot));
                break;
            case 2:
            case 3:
                Tell(Address(Next(5) > 0));
                break;
            case 4 when !_known:
                _known = true;
                Tell(HostEvent.HostKnown());
                break;
            case 5:
            case 6:
                short script = (short)Next(Math.Max(1, _config.Scripts.Length));
                if (script < _config.Scripts.Length && (_rules.IsRunning(script) || Next(10) == 0))
                {
                    _rules.Ended(script);
                    Tell(HostEvent.ScriptExited(script, Next(4) == 0 ? Next(300) : 0));
                }

                break;
            case 7 when Next(50) == 0:
                Tell(HostEvent.Stalled(Next(1000)));
                break;
            case 8 when Next(20) == 0:
                // A refusal of what was never asked, or long ago.
                EffectKind kind = (EffectKind)Next((int)EffectKind.Log);
                Ip address = Any().Addresses[0].Address;
                if (kind != EffectKind.RunScript)
                {
                    Tell(HostEvent.Failed(new Effect(kind, (short)Next(Smallest())) { Address = address }, 12));
                }

                break;
            case 9:
            case 10:
            case 11:
                Hear();
                break;
            default:
                Timers();
                break;
        }
    }

    /// <summary>A walk that never got anywhere proves nothing either.</summary>
    /// <param name="least">How often a router was master; the more has to be right for that, the rarer it is.</param>
    public void HasSeenMuch(int least)
    {
        foreach (VirtualRouter router in _engine.Routers)
        {
            Assert.True(router.Stats.BecameMaster > least, $"{router.Config.Name} became master {router.Stats.BecameMaster} times only");
            Assert.True(router.Stats.PriorityZeroSent > least / 5, $"{router.Config.Name} said goodbye {router.Stats.PriorityZeroSent} times only");
        }

        for (EffectKind kind = 0; kind <= EffectKind.Log; kind++)
        {
            bool isMet = kind switch
            {
                EffectKind.CreateLink => Array.Exists(_config.Routers, static router => router.Device != null),
                EffectKind.RemoveLink => false,
                EffectKind.DropTraffic or EffectKind.AcceptTraffic => Array.Exists(_config.Routers, static router => !router.Accepts),
                _ => true,
            };
            Assert.True(_seen[(int)kind] > least / 5 == isMet, $"{kind} was met {_seen[(int)kind]} times");
        }
    }

    public void Stop()
    {
        EffectSink sink = Begin("stop");
        _engine.Stop(_now, ref sink);
        End(ref sink, yielded: false);
        Assert.All(_engine.Routers.ToArray(), router => Assert.Equal(RouterState.Initialize, router.State));
        Assert.Equal(Instant.Never, _engine.NextDeadline);
    }

    private void Hear()
    {
        (byte[] packet, short channel) = _packets[Next(_packets.Count)];
        Instant next = _engine.NextDeadline;
        EffectSink sink = Begin("packet");
        WireError error = _engine.HandleDatagram(Packets.AsHeard(packet, channel), _now, ref sink);
        if (error != WireError.None)
        {
            Assert.Equal(next, _engine.NextDeadline);
            foreach (Effect effect in sink.Effects)
            {
                Assert.Equal(EffectKind.Log, effect.Kind);
            }

            for (int i = 0; i < _before.Length; i++)
            {
                EffectRules.IsUntouched(i, _before[i], RouterView.Of(_engine.Routers[i]));
            }
        }

        End(ref sink, yielded: true);
    }

    private void Timers()
    {
        for (int turn = 0; turn == 0 || _engine.NextDeadline <= _now; turn++)
        {
            Assert.True(turn < 100, "the engine spins");
            EffectSink sink = Begin("timers");
            _engine.HandleTimers(_now, ref sink);
            End(ref sink, yielded: false);
        }

        for (int i = 0; i < _before.Length; i++)
        {
            EffectRules.IsAhead(i, RouterView.Of(_engine.Routers[i]), _now);
        }
    }

    private void Tell(in HostEvent e)
    {
        EffectSink sink = Begin(e.ToString(), e.Kind == HostEventKind.HostKnown);
        _engine.HandleHost(e, _now, ref sink);
        End(ref sink, yielded: false);
    }

    private HostEvent Address(bool added)
    {
        // Our own address, a second one, or one of the virtual ones: put there, taken away, told twice.
        VirtualAddress vip = Any().Addresses[0];
        short slot = (short)Next(_config.Interfaces.Length);
        (Ip address, byte prefix, slot) = Next(5) switch
        {
            0 or 1 => (Own(slot), (byte)24, slot),
            4 => (Ip.FromV6(0xfe80_0000_0000_0000, 1), (byte)64, slot),
            2 => (Ip.FromV4(10, 0, 77, (byte)slot), (byte)24, slot),
            _ => (vip.Address, Next(8) == 0 ? (byte)32 : vip.PrefixLength, vip.Interface),
        };
        return added ? HostEvent.AddressAdded(slot, address, prefix, isTentative: address.IsV6 && Next(4) == 0)
            : HostEvent.AddressRemoved(slot, address, prefix);
    }

    private RouterConfig Any() => _config.Routers[Next(_config.Routers.Length)];

    /// <summary>A number that is valid for whatever an effect may be about.</summary>
    private int Smallest() =>
        Math.Max(1, Math.Min(Math.Min(_config.Channels.Length, _config.Interfaces.Length), Math.Min(_config.Routers.Length, _config.Scripts.Length)));

    private Ip Own(short slot) => Ip.FromV4(10, 0, (byte)(_config.Interfaces[slot][^1] - '0'), 1);

    private bool IsUp(short slot) => _up.GetValueOrDefault(_config.Interfaces[slot]);

    private EffectSink Begin(string what, bool hostKnown = false)
    {
        Last = what;
        for (int i = 0; i < _before.Length; i++)
        {
            _before[i] = RouterView.Of(_engine.Routers[i]);
        }

        _rules.Begin(hostKnown);
        return new EffectSink(_effects, _arena);
    }

    private void End(ref EffectSink sink, bool yielded)
    {
        Note(ref sink, mayFail: true);
        for (int i = 0; i < _before.Length; i++)
        {
            VirtualRouter router = _engine.Routers[i];
            RouterView after = RouterView.Of(router);
            _rules.End(i, _before[i], after, Array.ConvertAll(router.Config.Addresses, static vip => vip.Address), yielded,
                IsUp(router.Config.Interface) && IsUp(router.Config.AdvertSlot));
            _rules.EndTraffic(i, after.State == RouterState.Master, router.Config.Accepts);
            EffectRules.Wakes(i, after, _engine.NextDeadline);
        }

        foreach (SyncGroupConfig group in _config.SyncGroups)
        {
            EffectRules.IsTogether(Array.FindAll(group.Routers, member => _engine.Routers[member].State == RouterState.Master).Length, group.Routers.Length);
        }
    }

    /// <summary>Effects as they are carried out; some are refused.</summary>
    private void Note(ref EffectSink sink, bool mayFail)
    {
        foreach (Effect effect in sink.Effects)
        {
            _seen[(int)effect.Kind]++;
            switch (effect.Kind)
            {
                case EffectKind.AddAddress:
                case EffectKind.RemoveAddress:
                    _rules.Address(effect.Subject, effect.Address, effect.Kind == EffectKind.AddAddress);
                    break;
                case EffectKind.SendFrame:
                    _rules.Arp(effect.Subject, effect.Address);
                    break;
                case EffectKind.SendAdvert:
                    // Of two versions one is counted.
                    ReadOnlySpan<byte> message = Message(sink.Bytes(effect));
                    if (message[0] >> 4 == _engine.Config.Routers[effect.Subject].Version)
                    {
                        _rules.Advert(effect.Subject, message[2]);
                    }

                    break;
                case EffectKind.DropTraffic:
                case EffectKind.AcceptTraffic:
                    _rules.Traffic(effect.Subject, effect.Kind == EffectKind.DropTraffic);
                    break;
                case EffectKind.RunScript:
                    _rules.Run(effect.Subject);
                    break;
                case EffectKind.KillScript:
                    _rules.Kill(effect.Subject);
                    break;
                default:
                    break;
            }

            if (mayFail && effect.Kind != EffectKind.Log && Next(100) == 0)
            {
                _failures.Add(HostEvent.Failed(effect, 12));
                if (effect.Kind == EffectKind.RunScript)
                {
                    _rules.Ended(effect.Subject);
                }
            }
        }
    }

    private static ReadOnlySpan<byte> Message(ReadOnlySpan<byte> packet)
    {
        Assert.Equal(WireError.None, IpPacket.TryParse(packet, out IpPacket ip));
        return ip.Payload;
    }

    private int Next(int bound)
    {
        // xorshift64*
        _random ^= _random >> 12;
        _random ^= _random << 25;
        _random ^= _random >> 27;
        return (int)((_random * 0x2545_f491_4f6c_dd1d >> 33) % (ulong)bound);
    }
}
