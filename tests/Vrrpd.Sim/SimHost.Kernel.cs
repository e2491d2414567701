using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Sim;

/// <summary>An interface as the kernel has it.</summary>
internal sealed class NetDevice(string name, int segment, MacAddress mac)
{
    public string Name => name;
    public int Segment => segment;
    public MacAddress Mac => mac;
    public bool IsPresent { get; set; } = true;
    public LinkFlags Flags { get; set; } = LinkFlags.Up | LinkFlags.Running;
    public bool IsUp => IsPresent && (Flags & (LinkFlags.Up | LinkFlags.Running)) == (LinkFlags.Up | LinkFlags.Running);
    public List<(Ip Address, byte PrefixLength)> Addresses { get; } = [];

    /// <summary>Those that it gets whenever it is made.</summary>
    public List<(Ip Address, byte PrefixLength)> Own { get; } = [];

    /// <summary>Not a virtual one, which another host may have at the same time.</summary>
    public bool IsOwn(Ip address) => Own.Exists(own => own.Address == address);

    public bool Has(Ip address)
    {
        foreach ((Ip has, _) in Addresses)
        {
            if (has == address)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What a netlink socket would say, by name, since the daemon's numbers may change before it is read.</summary>
internal sealed record News(HostEventKind Kind, NetDevice? Device)
{
    public Ip Address { get; init; }
    public byte PrefixLength { get; init; }
    public string Script { get; init; } = "";
    public int Run { get; init; }
    public int Status { get; init; }
}

/// <summary>A raw socket bound to an interface.</summary>
internal sealed class Listener(NetDevice device, ChannelConfig config)
{
    public NetDevice Device => device;

    /// <summary>Channel in the configuration in force; -1 once it is closed.</summary>
    public short Number { get; set; }

    public bool Hears(Packet packet)
    {
        if (!device.IsUp || packet.Segment != device.Segment || packet.Source.IsV6 != config.IsV6 || packet.Protocol == AhProtocol != config.IsAh)
        {
            return false;
        }

        return packet.Destination.IsMulticast ? Array.IndexOf(config.Groups, packet.Destination) >= 0 : device.Has(packet.Destination) && device.IsOwn(packet.Destination);
    }

    private const byte AhProtocol = 51;
}

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

        return router.Source.IsUnspecified ? !SourceOf(router, device).IsUnspecified : !router.TracksSource || device.Has(router.Source);
    }

    /// <summary>What its adverts come from.</summary>
    public Ip SourceOf(Seat seat) => !seat.Config.Source.IsUnspecified ? seat.Config.Source
        : Device(seat.Config.AdvertSlot) is { } device ? SourceOf(seat.Config, device) : default;

    /// <summary>As far as the daemon knows, packets can leave.</summary>
    public bool IsToldUp(RouterConfig router) => _toldUp.Contains(Config.Interfaces[router.AdvertSlot]);

    public bool IsToldUp(NetDevice device) => _toldUp.Contains(device.Name);

    /// <summary>The kernel refused the address, and the engine has not been told.</summary>
    public bool IsUnanswered(Seat seat, Ip address) =>
        _failures.Exists(failure => failure.Effect == EffectKind.AddAddress && failure.Subject == seat.Index && failure.Address == address);

    public void SetLink(NetDevice device, LinkFlags flags)
    {
        Disturb();
        device.Flags = flags;
        Publish(new News(HostEventKind.LinkChanged, device));
    }

    public void Delete(NetDevice device)
    {
        Disturb();
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
            case HostEventKind.LinkChanged when device.IsPresent:
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
        string words = device.IsUp ? "up" : device.Flags.HasFlag(LinkFlags.Up) ? "no-carrier" : "down";
        Tell(HostEvent.Link(slot, device.Flags, device.Mac), $"link {device.Name} {words}", ref sink);
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
