using System;
using System.Collections.Generic;
using System.Numerics;
using Vrrpd.Core;
using Vrrpd.Core.Vrrp;

namespace Vrrpd.Sim;

/// <summary>Makes things go wrong, one kind now and then, each for a while.</summary>
internal sealed class Chaos
{
    private readonly World _world;
    private readonly Prng _random;
    private readonly TimeSpan _pace;

    public Chaos(World world, Prng random)
    {
        (_world, _random) = (world, random);
        Fault drawn = Fault.None;
        for (int bit = 0; 1 << bit < (int)Fault.All; bit++)
        {
            drawn |= random.Chance(30) ? (Fault)(1 << bit) : Fault.None;
        }

        Faults = (world.Options.Faults ?? drawn) & ~world.Options.Without;
        int kinds = Math.Max(1, BitOperations.PopCount((uint)Faults));

        // Something every few seconds to every two minutes, whatever the number of kinds: there is to be quiet, too.
        _pace = random.Between(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)) * kinds;
    }

    public Fault Faults { get; }

    /// <summary>How often each kind happened.</summary>
    public Dictionary<Fault, int> Happened { get; } = [];

    public void Start()
    {
        for (int bit = 0; 1 << bit < (int)Fault.All; bit++)
        {
            Fault kind = (Fault)(1 << bit);
            if (Faults.HasFlag(kind) && kind != Fault.Drift)
            {
                Plan(kind);
            }
        }
    }

    private void Plan(Fault kind) => _world.At(_world.Now + _random.Between(_pace / 10, _pace * 2), () =>
    {
        Happened[kind] = Happened.GetValueOrDefault(kind) + 1;
        Do(kind);
        Plan(kind);
    });

    private void Do(Fault kind)
    {
        SimHost host = _world.Hosts[_random.Below(_world.HostCount)];
        switch (kind)
        {
            case Fault.Loss:
                int loss = _random.Between(5, 700);
                OnSomeLinks((ref LinkFault fault) => fault.LossPermille = loss, (ref LinkFault fault) => fault.LossPermille = 0);
                break;
            case Fault.Delay:
                TimeSpan delay = _random.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(400));
                OnSomeLinks((ref LinkFault fault) => fault.Delay = delay, (ref LinkFault fault) => fault.Delay = default);
                break;
            case Fault.Duplicate:
                OnSomeLinks((ref LinkFault fault) => fault.DuplicatePermille = 300, (ref LinkFault fault) => fault.DuplicatePermille = 0);
                break;
            case Fault.Straggle:
                OnSomeLinks((ref LinkFault fault) => fault.StragglerPermille = 200, (ref LinkFault fault) => fault.StragglerPermille = 0);
                break;
            case Fault.Partition:
                Divide();
                break;
            case Fault.OneWay:
                (int segment, int from, int to) = (_random.Below(_world.Plan.Segments), _random.Below(_world.HostCount), host.Index);
                For(3, 30, () => _world.Lan.Fault(segment, from, to).IsCut = true, () => _world.Lan.Fault(segment, from, to).IsCut = false);
                break;
            case Fault.Junk:
                Junk.Throw(_world, _random);
                break;
            default:
                DoTo(host, kind);
                break;
        }
    }

    private void DoTo(SimHost host, Fault kind)
    {
        if (!host.IsRunning || host.IsFrozen)
        {
            return;
        }

        switch (kind)
        {
            case Fault.Freeze:
                Freeze(host, withMachine: false, isSnapshot: false);
                break;
            case Fault.Suspend:
                // A signer whose clock stood still and is set later goes on with old numbers; two such ones refuse each other.
                bool signs = Array.Exists(host.Seats, static seat => seat.Config.Hmac is not null);
                Freeze(host, withMachine: true, isSnapshot: _random.Chance(50) && !signs);
                break;
            case Fault.LinkDown or Fault.LinkGone or Fault.Source or Fault.Theft:
                // The virtual ones go with what they stand on.
                Touch(host, host.Devices[_random.Below(_world.Plan.Segments)], kind);
                break;
            case Fault.ClockStep:
                TimeSpan most = _random.Chance(50) ? TimeSpan.FromSeconds(20) : TimeSpan.FromDays(3);
                TimeSpan error = _random.Between(-most, most);
                For(5, 60, () => host.WallError += error, () => host.WallError -= error);
                break;
            case Fault.ScriptFails:
                For(2, 30, () => host.Mood = host.Mood with { Fails = true }, () => host.Mood = host.Mood with { Fails = false });
                break;
            case Fault.ScriptHangs:
                For(2, 30, () => host.Mood = host.Mood with { Hangs = true }, () => host.Mood = host.Mood with { Hangs = false });
                break;
            case Fault.RefuseAdd:
                host.Refuse(EffectKind.AddAddress, _random.Between(1, 3));
                break;
            case Fault.RefuseRemove:
                host.Refuse(EffectKind.RemoveAddress, _random.Between(1, 3));
                break;
            case Fault.RefuseJoin:
                host.Refuse(EffectKind.JoinGroup, _random.Between(1, 3));
                break;
            case Fault.RefuseSend:
                host.Refuse(EffectKind.SendAdvert, _random.Between(1, 20));
                host.Refuse(EffectKind.SendFrame, _random.Between(1, 20));
                break;
            case Fault.RefuseRun:
                host.Refuse(EffectKind.RunScript, _random.Between(1, 5));
                break;
            case Fault.EqualReload:
                _world.Plan.Reword();
                host.Reload();
                break;
            case Fault.Edit:
                Edit(host);
                break;
            case Fault.Crash:
                host.Crash();
                Restart(host);
                break;
            case Fault.Stop:
                host.Stop();
                _world.Tally.Stops++;
                Restart(host);
                break;
            default:
                throw new NotSupportedException($"{kind}");
        }
    }

    private void Touch(SimHost host, NetDevice device, Fault kind)
    {
        switch (kind)
        {
            case Fault.LinkDown when device.IsUp:
                LinkFlags flags = _random.Chance(50) ? LinkFlags.None : LinkFlags.Up;
                For(0, 20, () => host.SetLink(device, flags), () =>
                {
                    if (device.IsPresent)
                    {
                        host.SetLink(device, LinkFlags.Up | LinkFlags.Running);
                    }
                });
                break;
            case Fault.LinkGone when device.IsPresent:
                For(0, 20, () => host.Delete(device), () => host.Recreate(device));
                break;
            case Fault.Source when device.IsPresent:
                (Ip own, byte prefix) = device.Own[_random.Below(device.Own.Count)];
                For(0, 20, () => host.SetAddress(device, own, prefix, isThere: false), () =>
                {
                    if (device.IsPresent)
                    {
                        host.SetAddress(device, own, prefix, isThere: true);
                    }
                });
                break;
            case Fault.Theft:
                foreach (Seat seat in host.Seats)
                {
                    if (seat.State == RouterState.Master && !seat.Config.IsOwner && host.Device(seat.Config.Addresses[0].Interface) is { } on)
                    {
                        host.SetAddress(on, seat.Config.Addresses[0].Address, seat.Config.Addresses[0].PrefixLength, isThere: false);
                        break;
                    }
                }

                break;
            default:
                break;
        }
    }

    private void Freeze(SimHost host, bool withMachine, bool isSnapshot)
    {
        TimeSpan time = _random.Chance(50) ? _random.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2))
            : _random.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(40));
        int incarnation = host.Incarnation;
        host.Freeze(withMachine);
        _world.At(_world.Now + time, () =>
        {
            if (host.Incarnation == incarnation && host.IsFrozen)
            {
                host.Thaw(isSnapshot ? time : TimeSpan.Zero);
            }
        });
    }

    private void Restart(SimHost host) => _world.At(_world.Now + _random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(40)), () =>
    {
        if (!host.IsRunning)
        {
            host.Start();
        }
    });

    /// <summary>An operator changes something, on one host or, one after the other, on all.</summary>
    private void Edit(SimHost host)
    {
        bool everywhere = _world.Plan.Edit(_random, host.Index);
        foreach (SimHost each in _world.Hosts)
        {
            if (everywhere || each == host)
            {
                TimeSpan wait = each == host ? TimeSpan.Zero : _random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3));
                _world.At(_world.Now + wait, () => ReloadWhenPossible(each));
            }
        }
    }

    private void ReloadWhenPossible(SimHost host)
    {
        if (host.IsFrozen)
        {
            _world.At(_world.Now + TimeSpan.FromSeconds(1), () => ReloadWhenPossible(host));
        }
        else if (host.IsRunning)
        {
            host.Reload();
        }
    }

    private void Divide()
    {
        int segment = _random.Below(_world.Plan.Segments);
        int stations = _world.Lan.Stations;
        int side = _random.Between(1, (1 << stations) - 2);
        void Cut(bool isCut)
        {
            for (int from = 0; from < stations; from++)
            {
                for (int to = 0; to < stations; to++)
                {
                    if ((side >> from & 1) != (side >> to & 1))
                    {
                        _world.Lan.Fault(segment, from, to).IsCut = isCut;
                    }
                }
            }
        }

        For(1, 40, () => Cut(true), () => Cut(false));
    }

    private delegate void Change(ref LinkFault fault);

    private void OnSomeLinks(Change begin, Change end)
    {
        int segment = _random.Below(_world.Plan.Segments);
        int percent = _random.Between(20, 100);
        for (int from = 0; from < _world.Lan.Stations; from++)
        {
            for (int to = 0; to < _world.Lan.Stations; to++)
            {
                if (_random.Chance(percent))
                {
                    (int a, int b) = (from, to);
                    For(2, 40, () => begin(ref _world.Lan.Fault(segment, a, b)), () => end(ref _world.Lan.Fault(segment, a, b)));
                }
            }
        }
    }

    private void For(int fromSeconds, int toSeconds, Action begin, Action end)
    {
        begin();
        _world.At(_world.Now + _random.Between(TimeSpan.FromSeconds(fromSeconds) + TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(toSeconds)), end);
    }
}
