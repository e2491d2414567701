using System;
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
    private bool _hasV6Devices;
    private bool _isNoteTold;

    private RouterDevices(DaemonConfig config, InterfaceTable interfaces, LogWriter log, string notePath)
    {
        (_config, _interfaces, _log) = (config, interfaces, log);
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

    /// <summary>0, or errno.</summary>
    public int Remove(short slot) => _devices?.Remove(_config.Interfaces[slot]) ?? 0;

    /// <summary>Traffic to the addresses of the router is dropped from now on, or no more. 0, or errno.</summary>
    public int Filter(short router, bool isDropped)
    {
        RouterConfig config = _config.Routers[router];
        PacketFilter filter = Filter();
        foreach (VirtualAddress[] addresses in (ReadOnlySpan<VirtualAddress[]>)[config.Addresses, config.Excluded])
        {
            foreach (VirtualAddress vip in addresses)
            {
                if (isDropped)
                {
                    filter.Drop(vip.Address, _interfaces.LastIndexOf(vip.Interface));
                }
                else
                {
                    filter.Accept(vip.Address, _interfaces.LastIndexOf(vip.Interface));
                }
            }
        }

        int errno = filter.Flush();
        TellNote();
        return errno;
    }

    /// <summary>After news of the host: IPv6 devices have the link-local address of the interface below, whichever that is now.</summary>
    public void Follow()
    {
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

    private void Follow(VirtualDevice device) =>
        _ = _devices!.SetLinkLocal(_config.Interfaces[device.Slot], _interfaces.IndexOf(device.Base), LinkLocal(device.Base));

    /// <summary>Numbers of routers and slots are those of the next configuration from here on.</summary>
    public void Adopt(DaemonConfig next)
    {
        _config = next;
        Need(next);
    }

    /// <summary>Once everything that the configuration needs was asked for: what a killed daemon left besides goes.</summary>
    public void Settle() => _devices?.RemoveLeftovers();

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
