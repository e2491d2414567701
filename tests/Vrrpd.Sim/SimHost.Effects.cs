using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;

namespace Vrrpd.Sim;

/// <summary>What the kernel does when it is asked.</summary>
internal sealed partial class SimHost
{
    /// <summary>Carries out effects in their order.</summary>
    private void Carry(scoped ref EffectSink sink)
    {
        if (Saboteur.GetType() == typeof(Saboteur))
        {
            foreach (ref readonly Effect effect in sink.Effects)
            {
                Carry(effect, ref sink);
            }
        }
        else
        {
            _bent.Clear();
            _bent.AddRange(sink.Effects);
            Saboteur.Bend(this, _bent);
            foreach (Effect effect in _bent)
            {
                Carry(effect, ref sink);
            }
        }

        sink.Clear();
    }

    private void Carry(in Effect effect, scoped ref EffectSink sink)
    {
        bool hasBytes = effect.Kind is EffectKind.SendAdvert or EffectKind.SendFrame;
        ReadOnlySpan<byte> bytes = hasBytes ? sink.Bytes(effect) : [];
        ulong who = (ulong)effect.Kind << 48 | (ulong)Index << 32 | (ushort)effect.Subject;
        _world.Trace(who, (ulong)effect.Event << 32 ^ effect.Address.Low, (ulong)Local.Ticks);
        _world.Trace(bytes);
        if (effect.Kind == EffectKind.Log)
        {
            return;
        }

        if (effect.Kind == EffectKind.SendFrame && IsUnanswered(Seats[effect.Subject], effect.Address))
        {
            // As the executor does it: an address that was refused a moment ago is not announced.
            return;
        }

        bool isRefused = _refusals.TryGetValue(effect.Kind, out int left) && left > 0;
        if (isRefused)
        {
            _refusals[effect.Kind] = left - 1;
        }

        int errno = Do(effect, bytes, isRefused);
        foreach (Checker checker in _world.Checkers)
        {
            checker.Carried(this, effect, bytes, errno);
        }

        if (errno != 0)
        {
            _failures.Add(HostEvent.Failed(effect, errno));
            if (effect.Kind is EffectKind.AddAddress or EffectKind.SendAdvert)
            {
                Excuse(Seats[effect.Subject]);
            }
            else if (effect.Kind == EffectKind.JoinGroup)
            {
                foreach (Seat seat in Seats)
                {
                    if (seat.Config.Channel == effect.Subject)
                    {
                        Excuse(seat);
                    }
                }
            }
        }
    }

    /// <summary>Ten seconds, and twice as long after each refusal, up to some ten minutes.</summary>
    private void Excuse(Seat seat)
    {
        seat.ExcusedUntil = Local + TimeSpan.FromMinutes(11);
        seat.Group.Disturb();
    }

    /// <summary>0 or the errno.</summary>
    private int Do(in Effect effect, ReadOnlySpan<byte> bytes, bool isRefused)
    {
        NetDevice? device = effect.Slot >= 0 ? Device(effect.Slot) : null;
        switch (effect.Kind)
        {
            case EffectKind.SendAdvert:
                return isRefused ? ENOBUFS : SendAdvert(Seats[effect.Subject], device, bytes);
            case EffectKind.SendFrame:
                if (isRefused || device is not { IsPresent: true })
                {
                    return isRefused ? ENOBUFS : ENODEV;
                }

                if (device.IsUp)
                {
                    _world.Lan.Announce(device.Segment, Index, bytes);
                }

                return device.Flags.HasFlag(LinkFlags.Up) ? 0 : ENETDOWN;
            case EffectKind.JoinGroup:
                return isRefused ? ENOBUFS : Join(effect.Subject);
            case EffectKind.LeaveGroup:
                Close(effect.Subject);
                return 0;
            case EffectKind.AddAddress:
                return isRefused ? ENOMEM : AddAddress(device, effect.Vip!);
            case EffectKind.RemoveAddress:
                return RemoveAddress(device, effect.Vip!, isRefused);
            case EffectKind.CreateLink:
                return isRefused ? EBUSY : Make(Config.Routers[effect.Subject]);
            case EffectKind.RemoveLink:
                if (device is { IsPresent: true })
                {
                    Delete(device);
                }

                return 0;
            case EffectKind.DropTraffic or EffectKind.AcceptTraffic:
                return 0;
            case EffectKind.RunScript:
                return isRefused ? EAGAIN : Run(Config.Scripts[effect.Subject]);
            case EffectKind.KillScript:
                Kill(Config.Scripts[effect.Subject].Name, (int)effect.A);
                return 0;
            default:
                throw new NotSupportedException($"the simulator does not know the effect {effect.Kind}");
        }
    }

    private int SendAdvert(Seat seat, NetDevice? device, ReadOnlySpan<byte> bytes)
    {
        if (device is not { IsPresent: true })
        {
            return ENODEV;
        }

        if (device.IsUp)
        {
            Packet packet = Packet.Of(bytes, device.Segment, seat);
            seat.Group.LastAdvert = packet;
            if (!Saboteur.Silences(this, packet))
            {
                _world.Lan.Send(Index, packet);
            }
        }

        return device.Flags.HasFlag(LinkFlags.Up) ? 0 : ENETDOWN;
    }

    private int Join(short channel)
    {
        ChannelConfig config = Config.Channels[channel];
        if (Device(config.Slot) is not { IsPresent: true } device)
        {
            return ENODEV;
        }

        Close(channel);
        _listeners[channel] = new Listener(device, config) { Number = channel };
        return 0;
    }

    private void Close(short channel)
    {
        if (_listeners[channel] is Listener listener)
        {
            listener.Number = -1;
            _listeners[channel] = null;
        }
    }

    /// <summary>A macvlan over the router's interface, with a link-local address of its own.</summary>
    private int Make(RouterConfig router)
    {
        if (Device(router.Interface) is not { IsPresent: true } under)
        {
            return ENODEV;
        }

        string name = Config.Interfaces[router.Device!.Slot];
        NetDevice? device = Device(name);
        if (device is null)
        {
            device = new NetDevice(name, under.Segment, new MacAddress(0x0000_5e00_0100 + (ulong)(router.IsV6 ? 0x100 : 0) + router.Vrid)) { Base = under };
            device.Own.Add((Ip.FromV6(0xfe80_0000_0000_0000, (ulong)router.Vrid << 32 | (ulong)Index + 1), 64));
            _devices.Add(device);
            device.IsPresent = false;
        }

        if (!device.IsPresent)
        {
            Recreate(device);
        }

        return 0;
    }

    private int AddAddress(NetDevice? device, VirtualAddress vip)
    {
        if (device is not { IsPresent: true })
        {
            return ENODEV;
        }

        _stuck.Remove((device, vip.Address));
        if (!device.Addresses.Contains((vip.Address, vip.PrefixLength)))
        {
            device.Addresses.Add((vip.Address, vip.PrefixLength));
        }

        Publish(new News(HostEventKind.AddressAdded, device) { Address = vip.Address, PrefixLength = vip.PrefixLength });
        return 0;
    }

    private int RemoveAddress(NetDevice? device, VirtualAddress vip, bool isRefused)
    {
        if (device is not { IsPresent: true } || !device.Addresses.Contains((vip.Address, vip.PrefixLength)))
        {
            return 0;
        }

        if (isRefused)
        {
            _stuck.Add((device, vip.Address));
            return EBUSY;
        }

        device.Addresses.Remove((vip.Address, vip.PrefixLength));
        _stuck.Remove((device, vip.Address));
        Publish(new News(HostEventKind.AddressRemoved, device) { Address = vip.Address, PrefixLength = vip.PrefixLength });
        return 0;
    }
}
