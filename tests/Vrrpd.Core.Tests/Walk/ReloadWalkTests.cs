using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Walk;

/// <summary>The configuration changes at random while anything happens: a reload is a fresh start with what was known kept.</summary>
public class ReloadWalkTests
{
    private const int Steps = 60_000, StepsBetween = 20, ReloadsToSettle = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_is_reloaded_whenever_the_rules_hold_and_in_the_end_it_is_as_if_it_had_been_started_so(int seed)
    {
        Edits edits = new();
        Walker walker = new((ulong)seed * 0x9e37_79b9_7f4a_7c15, edits.Config());
        edits.Random = walker.Random;
        int reloads = 0;
        for (int i = 0; i < Steps; i++)
        {
            try
            {
                walker.Step();
                if (!walker.MayReload || walker.Random(StepsBetween) > 0)
                {
                    continue;
                }

                edits.Change();
                walker.Reload(edits.Config());
                if (++reloads % ReloadsToSettle == 0)
                {
                    walker.SettlesLikeAFreshOne();
                    walker = new Walker((ulong)walker.Random(int.MaxValue), edits.Config());
                    edits.Random = walker.Random;
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, step {i}: {walker.Last}", e);
            }
        }

        Assert.True(reloads > 10 * ReloadsToSettle, $"{reloads} reloads only");
    }

    [Fact]
    public void Between_equal_configurations_nothing_at_all_happens_and_every_kind_of_change_is_met()
    {
        Edits edits = new();
        Walker walker = new(7, edits.Config());
        edits.Random = walker.Random;
        for (int i = 0; i < Steps; i++)
        {
            walker.Step();
            if (walker.MayReload && walker.Random(10) == 0)
            {
                if (walker.Random(2) == 0)
                {
                    edits.Change();
                }

                walker.Reload(edits.Config());
            }
        }

        Assert.True(walker.IdleReloads > 500, $"{walker.IdleReloads} idle reloads only");
        Assert.Equal(0, walker.IdleEffects);
        foreach (DiffKind kind in Enum.GetValues<DiffKind>())
        {
            Assert.True(walker.Met.GetValueOrDefault(kind) > 100, $"{kind} was met {walker.Met.GetValueOrDefault(kind)} times only");
        }
    }

    /// <summary>A configuration that changes at random: instances on three interfaces, addresses that wander between them, scripts.</summary>
    private sealed class Edits
    {
        private const int Instances = 6, Addresses = 8, Scripts = 3;
        private static readonly byte[] s_priorities = [50, 100, 100, 150, 200, 254];

        private readonly Instance[] _instances = new Instance[Instances];
        private readonly int[] _owners = new int[Addresses];
        private readonly int[] _devices = new int[Addresses];
        private readonly Script[] _scripts = new Script[Scripts];

        public Edits()
        {
            for (int i = 0; i < Instances; i++)
            {
                _instances[i] = new Instance { On = i < 3 };
            }

            for (int i = 0; i < Addresses; i++)
            {
                (_owners[i], _devices[i]) = (i % Instances, -1);
            }

            for (int i = 0; i < Scripts; i++)
            {
                _scripts[i] = new Script { On = i < 2 };
            }
        }

        public Func<int, int> Random { get; set; } = static _ => 1;

        /// <summary>A few edits, as somebody makes them who has the file open.</summary>
        public void Change()
        {
            for (int edits = Random(4); edits >= 0; edits--)
            {
                Instance instance = _instances[Random(Instances)];
                Script script = _scripts[Random(Scripts)];
                switch (Random(14))
                {
                    case 0:
                        instance.On = !instance.On;
                        break;
                    case 1:
                        instance.Name++;
                        break;
                    case 2:
                        instance.Priority = s_priorities[Random(s_priorities.Length)];
                        break;
                    case 3:
                        instance.Interval = 1 + Random(3);
                        break;
                    case 4:
                        instance.Auth = (ulong)Random(3);
                        break;
                    case 5:
                        instance.Refresh = Random(3);
                        break;
                    case 6:
                        instance.Source = Random(3) == 0;
                        break;
                    case 7:
                        instance.Weights[Random(Scripts)] = Random(4) switch { 0 => 0, 1 => -30, 2 => 20, _ => null };
                        break;
                    case 8:
                        script.On = !script.On;
                        break;
                    case 9:
                        script.Program++;
                        break;
                    case 10:
                        (script.Interval, script.Rise, script.Timeout) = (1 + Random(3), 1 + Random(2), 1 + Random(3));
                        break;
                    case 11:
                        // Two instances swap addresses, as when VRIDs are swapped.
                        (int a, int b) = (Random(Addresses), Random(Addresses));
                        (_owners[a], _owners[b]) = (_owners[b], _owners[a]);
                        break;
                    case 12:
                        _owners[Random(Addresses)] = Random(Instances + 1) - 1;
                        break;
                    default:
                        _devices[Random(Addresses)] = Random(4) - 1;
                        break;
                }
            }

            if (!Array.Exists(_instances, static instance => instance.On))
            {
                _instances[Random(Instances)].On = true;
            }
        }

        /// <summary>The configuration as it stands; instances, scripts and interfaces are numbered anew each time.</summary>
        public DaemonConfig Config()
        {
            List<string> interfaces = [];
            List<ScriptConfig> scripts = [];
            short[] numbers = new short[Scripts];
            int turn = Random(Scripts);
            for (int k = 0; k < Scripts; k++)
            {
                int i = (k + turn) % Scripts;
                numbers[i] = _scripts[i].On ? (short)scripts.Count : (short)-1;
                if (_scripts[i].On)
                {
                    scripts.Add(_scripts[i].Config($"s{i}"));
                }
            }

            List<RouterConfig> routers = [];
            turn = Random(Instances);
            for (int k = 0; k < Instances; k++)
            {
                int i = (k + turn) % Instances;
                if (_instances[i].On)
                {
                    routers.Add(Router(i, interfaces, numbers));
                }
            }

            return ChannelTable.Complete(new DaemonConfig
            {
                Globals = new GlobalConfig(),
                Interfaces = [.. interfaces],
                Scripts = [.. scripts],
                Routers = [.. routers],
            });
        }

        private RouterConfig Router(int number, List<string> interfaces, short[] scripts)
        {
            Instance instance = _instances[number];
            short slot = Slot(interfaces, number / 2);
            List<VirtualAddress> addresses = [];
            for (int i = 0; i < Addresses; i++)
            {
                // The first of each instance is its own, so that none is without.
                if (_owners[i] == number || i == 0)
                {
                    byte last = (byte)(100 + (i == 0 ? 50 + number : i));
                    short device = i == 0 || _devices[i] < 0 ? slot : Slot(interfaces, _devices[i]);
                    addresses.Add(new VirtualAddress { Address = Ip.FromV4(10, 0, 0, last), PrefixLength = 24, Interface = device });
                }
            }

            List<TrackedScript> tracked = [];
            for (int i = 0; i < Scripts; i++)
            {
                if (scripts[i] >= 0 && instance.Weights[i] is int weight)
                {
                    tracked.Add(new TrackedScript(scripts[i], weight, Reverse: false));
                }
            }

            return new RouterConfig
            {
                Name = $"I{number}.{instance.Name}",
                Interface = slot,
                Vrid = (byte)(51 + number % 2),
                Priority = instance.Priority,
                AdvertInterval = TimeSpan.FromSeconds(instance.Interval),
                Auth = instance.Auth > 0 ? AuthType.Pass : AuthType.None,
                AuthPass = instance.Auth,
                Source = instance.Source ? Ip.FromV4(10, 0, 9, (byte)number) : default,
                Addresses = [.. addresses],
                TrackedScripts = [.. tracked],
                Announce = new AnnounceConfig { Repeat = 2, Delay = TimeSpan.FromSeconds(2), Refresh = TimeSpan.FromSeconds(instance.Refresh) },
            };
        }

        private static short Slot(List<string> interfaces, int number)
        {
            string name = $"eth{number}";
            if (!interfaces.Contains(name))
            {
                interfaces.Add(name);
            }

            return (short)interfaces.IndexOf(name);
        }

        private sealed class Instance
        {
            public bool On { get; set; }
            public int Name { get; set; }
            public byte Priority { get; set; } = 100;
            public int Interval { get; set; } = 1;
            public ulong Auth { get; set; }
            public int Refresh { get; set; }
            public bool Source { get; set; }
            public int?[] Weights { get; } = new int?[Scripts];
        }

        private sealed class Script
        {
            public bool On { get; set; }
            public int Program { get; set; }
            public int Interval { get; set; } = 1;
            public int Rise { get; set; } = 1;
            public int Timeout { get; set; } = 1;

            public ScriptConfig Config(string name) => new()
            {
                Name = name,
                Command = [$"/bin/{name}.{Program}"],
                Interval = TimeSpan.FromSeconds(Interval),
                Rise = Rise,
                Timeout = TimeSpan.FromSeconds(Timeout),
            };
        }
    }
}
