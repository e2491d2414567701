using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Firewall;
using Vrrpd.Native.Netlink;

namespace Vrrpd.Native.Kernel;

/// <summary>
/// What virtual routers need in the kernel besides addresses: devices of their own, and traffic that is dropped. One call per effect; sockets
/// and tables are opened when the configuration first needs them, so that one without any of it costs nothing.
/// </summary>
internal sealed class RouterDevices : IDisposable
{
    private readonly InterfaceTable _interfaces;
    private readonly LogWriter _log;
    private readonly CrashNote _note;
    private readonly Sysctls _sysctls;
    private DaemonConfig _config;
    private VirtualDevices? _devices;
    private PacketFilter? _filter;
    private readonly List<short> _early = [];

    /// <summary>
    /// By slot: kernel index of the interface below, when a device of single addresses was last made; negative once the kernel has told of it,
    /// so that its end can be told from its not having come yet.
    /// </summary>
    private int[] _madeOver;
    private bool _hasV6Devices;
    private bool _isNoteTold;

    private RouterDevices(DaemonConfig config, InterfaceTable interfaces, LogWriter log, string notePath)
    {
        (_config, _interfaces, _log, _madeOver) = (config, interfaces, log, new int[config.Interfaces.Length]);
        _note = CrashNote.Open(notePath);
        _sysctls = new Sysctls(log, _note);
    }

    /// <param name="notePath">Where it is noted what must be undone after a kill; "" notes nothing.</param>
    public static RouterDevices Open(DaemonConfig config, InterfaceTable interfaces, LogWriter log, string notePath)
    {
        RouterDevices devices = new(config, interfaces, log, notePath);
        devices.Need(config);
        if (devices._note.Left.Count > 0)
        {
            // What a killed daemon has left is theirs to find and to undo.
            _ = devices.Filter();
            _ = devices.Devices(out _);
        }

        return devices;
    }

    /// <summary>The device of that slot is made, or found as it should be. 0, or errno.</summary>
    public int Create(short router, short slot)
    {
        RouterConfig config = _config.Routers[router];
        if (_early.Remove(slot))
        {
            return 0;
        }

        if (Find(config, slot) is not { } device || Devices(out int errno) is not { } devices)
        {
            return Errno.ENODEV;
        }

        short below = device.Base;
        int parent = _interfaces.IndexOf(below);
        if (parent == 0)
        {
            return Errno.ENODEV;
        }

        errno = devices.Create(new DeviceWish
        {
            Router = config.Name,
            Name = _config.Interfaces[slot],
            Parent = _config.Interfaces[below],
            ParentIndex = parent,
            IsIpvlan = device.IsIpvlan,
            IpvlanFlags = device.Mode switch
            {
                "private" => Libc.IPVLAN_F_PRIVATE,
                "vepa" => Libc.IPVLAN_F_VEPA,
                _ => 0,
            },
            Mac = new MacAddress(device.Mac),
            IsV6 = config.IsV6,
            HasV6Addresses = HasV6(config, slot),
            LinkLocal = config.IsV6 ? LinkLocal(below) : default,
            Address = device.Address,
            PrefixLength = device.PrefixLength,
            Group = config.Group,
            LinkGroup = device.LinkGroup,
            NotifiesParent = device.NotifiesParent,
        });
        TellNote();
        return errno;
    }

    /// <summary>
    /// Makes what will be asked for over interfaces that are up, so that the first decision of each router finds its device. The asking is
    /// then answered by what is there.
    /// </summary>
    /// <param name="isReload">Devices that are there belong to routers that go on.</param>
    public void CreateEarly(bool isReload)
    {
        for (short router = 0; router < _config.Routers.Length; router++)
        {
            if (_config.Routers[router].Device is { } device && _interfaces[device.Base].Flags.HasFlag(LinkFlags.Running)
                && !(isReload && _interfaces.IndexOf(device.Slot) != 0) && Create(router, device.Slot) == 0)
            {
                _early.Add(device.Slot);
            }
        }

        MakeAddressDevices();
    }

    /// <summary>0, or errno.</summary>
    public int Remove(short slot) => _devices?.Remove(_config.Interfaces[slot]) ?? 0;

    /// <summary>Traffic to the addresses of the router is dropped from now on, or no more. 0, or errno.</summary>
    public int Filter(short router, bool isDropped)
    {
        RouterConfig config = _config.Routers[router];
        PacketFilter filter = Filter();
        Mark(filter, config.Addresses, isDropped);
        Mark(filter, config.Excluded, isDropped);
        int errno = filter.Flush();
        TellNote();
        return errno;
    }

    /// <summary>
    /// A device was made over an interface that is up, and the kernel has not told yet that it is up as well, which it does within milliseconds.
    /// </summary>
    public bool IsAwaited()
    {
        foreach (RouterConfig router in _config.Routers)
        {
            if (router.Device is { } device && _interfaces.IndexOf(device.Slot) != 0 && !_interfaces[device.Slot].Flags.HasFlag(LinkFlags.Running)
                && _interfaces[device.Base].Flags.HasFlag(LinkFlags.Running))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>After news of the host: IPv6 devices have the link-local address of the interface below, whichever that is now.</summary>
    public void Follow()
    {
        MakeAddressDevices();
        if (!_hasV6Devices || _devices is null)
        {
            return;
        }

        foreach (RouterConfig router in _config.Routers)
        {
            if (router is { IsV6: true, Device: { Slot: >= 0 } device })
            {
                Follow(device);
            }

            foreach (VirtualDevice more in router.IsV6 ? router.AddressDevices : [])
            {
                Follow(more);
            }
        }
    }

    /// <summary>
    /// Devices over interfaces that single addresses name have nobody who asks for them: they are there while the interface is. One that was
    /// refused is tried again when that interface is another.
    /// </summary>
    private void MakeAddressDevices()
    {
        for (short router = 0; router < _config.Routers.Length; router++)
        {
            foreach (VirtualDevice device in _config.Routers[router].AddressDevices)
            {
                ref int made = ref _madeOver[device.Slot];
                bool isThere = _interfaces.IndexOf(device.Slot) != 0;
                made = isThere && made > 0 ? -made : !isThere && made < 0 ? 0 : made;
                int parent = _interfaces.IndexOf(device.Base);
                if (parent != 0 && Math.Abs(made) != parent)
                {
                    made = parent;
                    _ = Create(router, device.Slot);
                }
            }
        }
    }

    private void Mark(PacketFilter filter, VirtualAddress[] addresses, bool isDropped)
    {
        foreach (VirtualAddress vip in addresses)
        {
            int index = _interfaces.LastIndexOf(vip.Interface);
            if (isDropped)
            {
                filter.Drop(vip.Address, index);
            }
            else
            {
                filter.Accept(vip.Address, index);
            }
        }
    }

    private void Follow(VirtualDevice device) =>
        _ = _devices!.SetLinkLocal(_config.Interfaces[device.Slot], _interfaces.IndexOf(device.Base), LinkLocal(device.Base));

    /// <summary>Numbers of routers and slots are those of the next configuration from here on.</summary>
    public void Adopt(DaemonConfig next)
    {
        int[] madeOver = new int[next.Interfaces.Length];
        foreach (RouterConfig router in _config.Routers)
        {
            foreach (VirtualDevice device in router.AddressDevices)
            {
                short now = FindAddressDevice(next, _config.Interfaces[device.Slot]);
                if (now < 0)
                {
                    _ = Remove(device.Slot);
                }
                else
                {
                    madeOver[now] = _madeOver[device.Slot];
                }
            }
        }

        (_config, _madeOver) = (next, madeOver);
        Need(next);
    }

    /// <summary>Once everything that the configuration needs was asked for: what a killed daemon left besides goes.</summary>
    public void Settle()
    {
        _early.Clear();
        _devices?.RemoveLeftovers();
    }

    /// <summary>Everything as it was.</summary>
    public void Dispose()
    {
        _devices?.Close();
        _filter?.Close();
        _sysctls.Close();
        _note.Remove();
    }

    private static VirtualDevice? Find(RouterConfig router, short slot) => router.Device is { } device && device.Slot == slot ? device
        : Array.Find(router.AddressDevices, one => one.Slot == slot);

    private static short FindAddressDevice(DaemonConfig config, string name)
    {
        foreach (RouterConfig router in config.Routers)
        {
            foreach (VirtualDevice device in router.AddressDevices)
            {
                if (config.Interfaces[device.Slot] == name)
                {
                    return device.Slot;
                }
            }
        }

        return -1;
    }

    private static bool HasV6(RouterConfig router, short slot)
    {
        foreach (VirtualAddress vip in router.Excluded)
        {
            if (vip.Address.IsV6 && vip.Interface == slot)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first link-local address of an interface that can be used and is not a virtual one; unspecified if it has none.</summary>
    private Ip LinkLocal(short slot)
    {
        foreach (KnownAddress known in _interfaces[slot].Addresses)
        {
            if (known.Address.IsLinkLocal && !known.IsTentative && !IsVirtual(known.Address, slot))
            {
                return known.Address;
            }
        }

        return default;
    }

    private bool IsVirtual(Ip address, short slot)
    {
        foreach (RouterConfig router in _config.Routers)
        {
            foreach (VirtualAddress vip in router.Addresses)
            {
                if (vip.Interface == slot && vip.Address == address)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Opens what the configuration needs, with room for it.</summary>
    private void Need(DaemonConfig config)
    {
        bool v4 = false, v6 = false;
        _hasV6Devices = false;
        foreach (RouterConfig router in config.Routers)
        {
            _hasV6Devices |= router.IsV6 && (router.Device is not null || router.AddressDevices.Length > 0);
            if (!router.Accepts && !router.IsOwner)
            {
                v4 |= !router.IsV6;
                v6 |= router.IsV6;
            }
        }

        if (v4 || v6)
        {
            Filter().Prepare(v4, v6, config.AddressCount);
        }
    }

    private PacketFilter Filter() => _filter ??= new PacketFilter(new FirewallOptions
    {
        Table = _config.Globals.Firewall.Table,
        Priority = _config.Globals.Firewall.Priority,
        Counts = _config.Globals.Firewall.HasCounters,
    }, _log, _note);

    private VirtualDevices? Devices(out int errno)
    {
        errno = 0;
        if (_devices is null && LinkRequests.Open(out errno) is { } links)
        {
            _devices = new VirtualDevices(links, _sysctls, Filter(), _note, _log);
        }

        return _devices;
    }

    private void TellNote()
    {
        if (_note.Error != 0 && !_isNoteTold)
        {
            _isNoteTold = true;
            _log.Write(LogLevel.Info, $"cannot write {_note.Path}: {Errno.Text(_note.Error)} - after a kill nobody will know which sysctls were changed");
        }
    }
}
