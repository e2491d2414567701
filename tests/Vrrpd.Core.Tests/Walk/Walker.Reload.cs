using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Walk;

/// <summary>Reloads on the way, and what they must not change.</summary>
internal sealed partial class Walker
{
    private const int Settling = 400;

    /// <summary>How many instances were met in each kind of comparison.</summary>
    public Dictionary<DiffKind, int> Met { get; } = [];

    /// <summary>Effects of reloads between equal configurations, other than the verdicts of scripts. Never any.</summary>
    public int IdleEffects { get; private set; }

    /// <summary>Reloads from equal to equal.</summary>
    public int IdleReloads { get; private set; }

    /// <summary>False while refused effects wait to be told: they go by the old numbers.</summary>
    public bool MayReload => _failures.Count == 0;

    public int Random(int bound) => Next(bound);

    public void Reload(DaemonConfig next)
    {
        ConfigDiff diff = ConfigDiff.Compare(_config, next);
        Instant deadline = _engine.NextDeadline;
        EffectSink sink = Begin("reload");
        RouterView[] before = (RouterView[])_before.Clone();
        _engine.BeginReload(diff, _now, ref sink);
        int effects = Effects(sink);
        Note(ref sink, mayFail: false);
        for (int i = 0; i < before.Length; i++)
        {
            Assert.True(diff.RoutersNow[i] == ConfigDiff.None || before[i] == RouterView.Of(_engine.Routers[i]), $"router {i} moved in the first half");
        }

        _rules.Renumber(diff, before, IsUp);
        Become(next, diff);
        for (int i = 0; i < _before.Length; i++)
        {
            _before[i] = diff.RoutersBefore[i] == ConfigDiff.None ? default : before[diff.RoutersBefore[i]];
        }

        sink = new EffectSink(_effects, _arena);
        for (short slot = 0; slot < next.Interfaces.Length; slot++)
        {
            if (diff.SlotsBefore[slot] == ConfigDiff.None)
            {
                _up[next.Interfaces[slot]] = Next(4) > 0;
                _engine.HandleHost(IsUp(slot) ? HostEvent.Link(slot, s_flags[0], new MacAddress(9)) : HostEvent.LinkGone(slot), _now, ref sink);
                if (IsUp(slot))
                {
                    _engine.HandleHost(HostEvent.AddressAdded(slot, Own(slot), 24), _now, ref sink);
                }

                Note(ref sink, mayFail: false);
                sink.Clear();
            }
        }

        _engine.EndReload(diff, _now, ref sink);
        effects += Effects(sink);
        End(ref sink, yielded: false);
        foreach (DiffEntry entry in diff.Instances)
        {
            Met[entry.Kind] = Met.GetValueOrDefault(entry.Kind) + 1;
        }

        UnchangedAreUntouched(diff);
        if (diff.IsEmpty)
        {
            IdleReloads++;
            IdleEffects += effects;
            Assert.Equal(deadline, _engine.NextDeadline);
        }
    }

    /// <summary>
    /// Every interface is made anew and nothing disturbs any more. After a while nobody can tell this engine, which has been through everything,
    /// from one that was started with this configuration: same masters, same adverts, same addresses.
    /// </summary>
    public void SettlesLikeAFreshOne()
    {
        Last = "settling";
        _failures.Clear();
        Still live = new(_engine, _effects, _arena, _now);
        live.Tell(HostEvent.HostKnown());
        _known = true;
        for (short slot = 0; slot < _config.Interfaces.Length; slot++)
        {
            live.Tell(HostEvent.LinkGone(slot));
        }

        live.There.Clear();
        Still fresh = new(new Engine(_config, _now), new Effect[_effects.Length], new byte[_arena.Length], _now);
        foreach (Still still in (Still[])[live, fresh])
        {
            for (short slot = 0; slot < _config.Interfaces.Length; slot++)
            {
                still.Tell(HostEvent.Link(slot, s_flags[0], new MacAddress(9)));
                still.Tell(HostEvent.AddressAdded(slot, Own(slot), 24));
            }

            still.Tell(HostEvent.HostKnown());
            for (short script = 0; script < _config.Scripts.Length; script++)
            {
                still.Tell(HostEvent.ScriptExited(script, 0));
            }

            still.Run(TimeSpan.FromSeconds(Settling));
        }

        for (int i = 0; i < _config.Routers.Length; i++)
        {
            (VirtualRouter a, VirtualRouter b) = (live.Engine.Routers[i], fresh.Engine.Routers[i]);
            Assert.Equal((RouterState.Master, b.Priority, b.Blockers), (a.State, a.Priority, a.Blockers));
            Assert.Equal(RouterState.Master, b.State);
        }

        Assert.Equal(fresh.Adverts, live.Adverts);
        Assert.Equal(fresh.There, live.There);
        Assert.Equal(fresh.Announced, live.Announced);
    }

    private static int Effects(in EffectSink sink)
    {
        int count = 0;
        foreach (Effect effect in sink.Effects)
        {
            bool isVerdict = effect.Kind == EffectKind.Log && effect.Event is LogEvent.ScriptConsideredGood or LogEvent.ScriptConsideredBad;
            count += isVerdict ? 0 : 1;
        }

        return count;
    }

    private void Become(DaemonConfig next, ConfigDiff diff)
    {
        _engine = _engine.Succeed(diff, _now);
        _config = next;
        _effects = new Effect[Limits.EffectsPerCall(next)];
        _arena = new byte[Limits.ArenaBytesPerCall(next)];
        _before = new RouterView[next.Routers.Length];
        MakePackets();
    }

    private void UnchangedAreUntouched(ConfigDiff diff)
    {
        for (int i = 0; i < _before.Length; i++)
        {
            if (diff.Instances[i].Kind is not (DiffKind.Same or DiffKind.Renamed))
            {
                continue;
            }

            // Its source may have become another's virtual address, or ceased to be one.
            RouterView after = RouterView.Of(_engine.Routers[i]);
            bool isSource = ((_before[i].Blockers ^ after.Blockers) & Blockers.NoSource) != 0;
            Assert.True(isSource || _before[i] == after, $"router {i} was moved by a reload that did not change it: {_before[i]} to {after}");
        }
    }

    /// <summary>An engine and a world in which nothing happens but time; scripts succeed.</summary>
    private sealed class Still(Engine engine, Effect[] effects, byte[] arena, Instant now)
    {
        private readonly Queue<short> _ran = [];
        private Instant _now = now;

        public Engine Engine => engine;
        public SortedSet<string> There { get; } = [];
        public SortedSet<string> Announced { get; } = [];
        public SortedDictionary<string, string> Adverts { get; } = [];

        public void Tell(in HostEvent e)
        {
            EffectSink sink = new(effects, arena);
            engine.HandleHost(e, _now, ref sink);
            Note(ref sink);
        }

        public void Run(TimeSpan time)
        {
            Instant end = _now + time;
            while (_ran.Count > 0 || engine.NextDeadline <= end)
            {
                if (_ran.TryDequeue(out short script))
                {
                    Tell(HostEvent.ScriptExited(script, 0));
                    continue;
                }

                _now = Instant.Max(_now, engine.NextDeadline);
                EffectSink sink = new(effects, arena);
                engine.HandleTimers(_now, ref sink);
                Note(ref sink);
            }
        }

        private void Note(ref EffectSink sink)
        {
            foreach (Effect effect in sink.Effects)
            {
                string place = effect.Slot >= 0 ? engine.Config.Interfaces[effect.Slot] : "";
                switch (effect.Kind)
                {
                    case EffectKind.AddAddress:
                        There.Add($"{place} {effect.Address}/{effect.Vip!.PrefixLength}");
                        break;
                    case EffectKind.RemoveAddress:
                        There.Remove($"{place} {effect.Address}/{effect.Vip!.PrefixLength}");
                        break;
                    case EffectKind.SendFrame:
                        Announced.Add($"{place} {Convert.ToHexString(sink.Bytes(effect))}");
                        break;
                    case EffectKind.SendAdvert:
                        Assert.Equal(WireError.None, Ipv4Header.TryParse(sink.Bytes(effect), out Ipv4Header ip));
                        Adverts[$"{place} {ip.Payload[1]}"] = $"{ip.Source} {Convert.ToHexString(ip.Payload)}";
                        break;
                    case EffectKind.RunScript:
                        _ran.Enqueue(effect.Subject);
                        break;
                    default:
                        break;
                }
            }

            sink.Clear();
        }
    }
}
