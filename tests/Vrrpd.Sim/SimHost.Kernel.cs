using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Sim;

/// <summary>The kernel's half of a host.</summary>
internal sealed partial class SimHost
{
    /// <summary>Datagrams that wait in sockets while nobody reads.</summary>
    private const int InboxBound = 256;

    private const int EBUSY = 16, ENODEV = 19, ENOBUFS = 105, ENETDOWN = 100, ENOMEM = 12, EAGAIN = 11;
    private const int SIGKILL = 9;

    private static readonly TimeSpan NewsDelay = TimeSpan.FromMicroseconds(200);

    private readonly List<NetDevice> _devices = [];
    private readonly Dictionary<string, int> _runs = [];
    private readonly Dictionary<string, ScriptJudge> _verdicts = [];
    private readonly HashSet<(NetDevice Device, Ip Address)> _stuck = [];
    private readonly Dictionary<EffectKind, int> _refusals = [];
    private readonly HashSet<string> _toldUp = [];
    private Listener?[] _listeners = [];
    private int _lastRun;
    private int _newsUnderWay;

    /// <summary>Something has happened that the daemon has not read yet.</summary>
    public bool HasUnreadNews => _newsUnderWay > 0 || _news.Count > 0;

    public IReadOnlyList<NetDevice> Devices => _devices;

    /// <summary>The next so many effects of the kind are refused.</summary>
    public void Refuse(EffectKind kind, int count) => _refusals[kind] = count;

    public NetDevice? Device(short slot) => Device(Config.Interfaces[slot]);

    public NetDevice? Device(string name)
    {
        foreach (NetDevice device in _devices)
        {
            if (device.Name == name)
            {
                return device;
            }
        }

        return null;
    }

    /// <summary>What the script really is, by its runs; null before the first.</summary>
    public bool? Verdict(short script) => _verdicts.TryGetValue(Config.Scripts[script].Name, out ScriptJudge? judge) ? judge.IsUp : null;

    /// <summary>The kernel did not take it off when it was asked to.</summary>
    public bool IsStuck(NetDevice device, Ip address) => _stuck.Contains((device, address));

    /// <summary>
    /// Addresses that are nobody's any more: refused to go, or left behind by a daemon whose successor has no use for them. What an engine takes them
    /// for is its own business.
    /// </summary>
    public bool HasStrays => _stuck.Count > 0;

    /// <summary>Somebody here wants the packet, if it arrives.</summary>
    public bool Listens(Packet packet)
    {
        if (!IsRunning || IsSuspended)
        {
            return false;
        }

        foreach (Listener? listener in _listeners)
        {
            if (listener is not null && listener.Hears(packet))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The interface is up, and there is an address to speak from.</summary>
    public bool CanSpeak(RouterConfig router)
    {
        NetDevice? device = Device(router.AdvertSlot);
        if (device is null || !device.IsUp || Device(router.Interface) is not { IsUp: true })
        {
            return false;
        }

        return router.Source.IsUnspecified ? !SourceOf(router, device).IsUnspecified
            : !router.TracksSource || device.Has(router.Source) || device.Base?.Has(router.Source) == true;
    }

    /// <summary>What its adverts come from.</summary>
    public Ip SourceOf(Seat seat) => !seat.Config.Source.IsUnspecified ? seat.Config.Source
        : Device(seat.Config.AdvertSlot) is { } device ? SourceOf(seat.Config, device) : default;

    /// <summary>As far as the daemon knows, packets can leave.</summary>
    public bool IsToldUp(RouterConfig router) =>
        _toldUp.Contains(Config.Interfaces[router.AdvertSlot]) && _toldUp.Contains(Config.Interfaces[router.Interface]);

    public bool IsToldUp(NetDevice device) => _toldUp.Contains(device.Name);

    /// <summary>The kernel refused the address, and the engine has not been told.</summary>
    public bool IsUnanswered(Seat seat, Ip address) =>
        _failures.Exists(failure => failure.Effect == EffectKind.AddAddress && failure.Subject == seat.Index && failure.Address == address);

    public void SetLink(NetDevice device, LinkFlags flags)
    {
        Disturb();
        device.Flags = flags;
        Publish(new News(HostEventKind.LinkChanged, device));
        foreach (NetDevice over in _devices)
        {
            if (over.Base == device && over.IsPresent)
            {
                Publish(new News(HostEventKind.LinkChanged, over));
            }
        }
    }

    public void Delete(NetDevice device)
    {
        Disturb();
        foreach (NetDevice over in _devices)
        {
            if (over.Base == device && over.IsPresent)
            {
                Delete(over);
            }
        }

        device.IsPresent = false;
        device.Addresses.Clear();
        _stuck.RemoveWhere(stuck => stuck.Device == device);
        for (int i = 0; i < _listeners.Length; i++)
        {
            if (_listeners[i]?.Device == device)
            {
                _listeners[i]!.Number = -1;
                _listeners[i] = null;
            }
        }

        Publish(new News(HostEventKind.LinkGone, device));
    }

    public void Recreate(NetDevice device)
    {
        Disturb();
        device.IsPresent = true;
        device.Flags = LinkFlags.Up | LinkFlags.Running;
        device.Addresses.AddRange(device.Own);
        Publish(new News(HostEventKind.LinkChanged, device));
        foreach ((Ip address, byte prefix) in device.Own)
        {
            Publish(new News(HostEventKind.AddressAdded, device) { Address = address, PrefixLength = prefix });
        }
    }

    /// <summary>An operator with `ip address`.</summary>
    public void SetAddress(NetDevice device, Ip address, byte prefix, bool isThere)
    {
        Disturb();
        if (isThere && !device.Addresses.Contains((address, prefix)))
        {
            device.Addresses.Add((address, prefix));
            Publish(new News(HostEventKind.AddressAdded, device) { Address = address, PrefixLength = prefix });
        }
        else if (!isThere && device.Addresses.Remove((address, prefix)))
        {
            Publish(new News(HostEventKind.AddressRemoved, device) { Address = address, PrefixLength = prefix });
        }
    }

    private void FindStrays()
    {
        foreach (NetDevice device in _devices)
        {
            foreach ((Ip address, byte prefix) in device.Addresses)
            {
                if (!device.Own.Contains((address, prefix)) && !IsVirtual(address))
                {
                    _stuck.Add((device, address));
                }
            }
        }
    }

    private void MakeInterfaces(int segments)
    {
        for (byte s = 0; s < segments; s++)
        {
            NetDevice device = new($"eth{s}", s, new MacAddress(0x0200_0000_0000 + ((ulong)s << 8) + (ulong)Index + 1));
            device.Own.Add((Ip.FromV4(10, s, 0, (byte)(Index + 1)), 24));
            device.Own.Add((Ip.FromV6(0xfe80_0000_0000_0000, (ulong)Index + 1), 64));
            device.Own.Add((Ip.FromV6(0xfd00_0000_0000_0000 | (ulong)s << 32, (ulong)Index + 1), 64));
            device.Addresses.AddRange(device.Own);
            _devices.Add(device);
        }
    }

    private Ip SourceOf(RouterConfig router, NetDevice device)
    {
        // A macvlan has no IPv4 address of its own: adverts come from that of the interface below.
        device = router.IsV6 ? device : device.Base ?? device;
        foreach ((Ip address, _) in device.Addresses)
        {
            if (address.IsV6 == router.IsV6 && (!address.IsV6 || address.IsLinkLocal) && !IsVirtual(address) && !IsStuck(device, address))
            {
                return address;
            }
        }

        return default;
    }

    private bool IsVirtual(Ip address)
    {
        foreach (RouterConfig router in Config.Routers)
        {
            if (!router.IsOwner && Array.Exists(router.Addresses, vip => vip.Address == address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The daemon will read of it a moment later.</summary>
    private void Publish(News news)
    {
        if (!IsRunning)
        {
            return;
        }

        int incarnation = Incarnation;
        _newsUnderWay++;
        _world.At(_world.Now + NewsDelay, () =>
        {
            _newsUnderWay--;
            if (incarnation == Incarnation)
            {
                _news.Enqueue(news);
                Turn();
            }
        });
    }

    private void Tell(News news, scoped ref EffectSink sink)
    {
        if (news.Kind == HostEventKind.ScriptExited)
        {
            short script = (short)Array.FindIndex(Config.Scripts, candidate => candidate.Name == news.Script);
            if (script < 0 || !_runs.TryGetValue(news.Script, out int run) || run != news.Run)
            {
                return;
            }

            _runs.Remove(news.Script);
            if (!_overdue.Remove(news.Script))
            {
                JudgeScript(Config.Scripts[script], news.Status == 0);
            }

            string words = news.Status >= HostEvent.KilledBySignal ? $"signal{news.Status - HostEvent.KilledBySignal}" : $"{news.Status}";
            Tell(HostEvent.ScriptExited(script, news.Status), $"exit {news.Script} {words}", ref sink);
            return;
        }

        NetDevice device = news.Device!;
        short slot = (short)Array.IndexOf(Config.Interfaces, device.Name);
        if (slot < 0)
        {
            return;
        }

        switch (news.Kind)
        {
            case HostEventKind.LinkChanged when device.IsPresent && device.Base is not { IsPresent: false }:
                TellLink(slot, device, ref sink);
                break;
            case HostEventKind.LinkGone:
                _toldUp.Remove(device.Name);
                Tell(HostEvent.LinkGone(slot), $"link {device.Name} gone", ref sink);
                break;
            case HostEventKind.AddressAdded:
                Tell(HostEvent.AddressAdded(slot, news.Address, news.PrefixLength), $"address+ {device.Name} {news.Address}/{news.PrefixLength}", ref sink);
                break;
            case HostEventKind.AddressRemoved:
                Tell(HostEvent.AddressRemoved(slot, news.Address, news.PrefixLength), $"address- {device.Name} {news.Address}/{news.PrefixLength}", ref sink);
                break;
            default:
                break;
        }
    }

    private void TellLink(short slot, NetDevice device, scoped ref EffectSink sink)
    {
        _ = device.IsUp ? _toldUp.Add(device.Name) : _toldUp.Remove(device.Name);
        string words = device.IsUp ? "up" : device.Told.HasFlag(LinkFlags.Up) ? "no-carrier" : "down";
        Tell(HostEvent.Link(slot, device.Told, device.Mac), $"link {device.Name} {words}", ref sink);
    }

    /// <summary>The first look at an interface.</summary>
    private void TellAll(short slot, scoped ref EffectSink sink)
    {
        if (Device(slot) is not { IsPresent: true } device)
        {
            _toldUp.Remove(Config.Interfaces[slot]);
            Tell(HostEvent.LinkGone(slot), $"link {Config.Interfaces[slot]} gone", ref sink);
            return;
        }

        TellLink(slot, device, ref sink);
        foreach ((Ip address, byte prefix) in device.Addresses)
        {
            Tell(HostEvent.AddressAdded(slot, address, prefix), $"address+ {device.Name} {address}/{prefix}", ref sink);
        }
    }

    /// <summary>As a scenario says it.</summary>
    private string Words(in HostEvent failure) => failure.Effect switch
    {
        EffectKind.AddAddress => $"refused addr+ {failure.Address} {Seats[failure.Subject].Config.Name} {failure.Value}",
        EffectKind.RemoveAddress => $"refused addr- {failure.Address} {Seats[failure.Subject].Config.Name} {failure.Value}",
        EffectKind.SendAdvert => $"refused advert {Seats[failure.Subject].Config.Name} {failure.Value}",
        EffectKind.SendFrame => $"refused frame {Seats[failure.Subject].Config.Name} {failure.Value}",
        EffectKind.JoinGroup => $"refused join {Config.Interfaces[Config.Channels[failure.Subject].Slot]} {failure.Value}",
        EffectKind.RunScript => $"refused run {Config.Scripts[failure.Subject].Name} {failure.Value}",
        _ => $"refused {failure.Effect} {failure.Value}",
    };
}
