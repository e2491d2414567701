using System;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Firewall;
using Vrrpd.Native.Netlink;

namespace Vrrpd.Native.Kernel;

/// <summary>
/// What virtual routers change on the machine besides addresses: devices with the sysctls and rules around them, and rules that drop traffic.
/// It is made with the first thing that needs it; most configurations need none of it.
/// </summary>
internal sealed class RouterDevices
{
    /// <summary>RFC 9568 section 7.3: 00-00-5E-00-01-{VRID} of IPv4, 00-00-5E-00-02-{VRID} of IPv6.</summary>
    private const ulong VirtualMac = 0x0000_5e00_0100, VirtualMac6 = 0x0000_5e00_0200;

    private readonly InterfaceTable _interfaces;
    private readonly LogWriter _log;
    private readonly CrashNote _note;
    private DaemonConfig _config;
    private PacketFilter? _filter;
    private Sysctls? _sysctls;
    private VirtualDevices? _devices;

    /// <param name="notePath">Where it is noted what has to be undone; "" for nowhere.</param>
    public RouterDevices(DaemonConfig config, InterfaceTable interfaces, LogWriter log, string notePath)
    {
        (_config, _interfaces, _log) = (config, interfaces, log);
        _note = CrashNote.Open(notePath);
        Prepare();
    }

    /// <summary>Reload.</summary>
    public void Adopt(DaemonConfig config)
    {
        _config = config;
        Prepare();
    }

    /// <summary>Makes the device of a router that has that slot. 0, or errno.</summary>
    public int Create(in Effect effect)
    {
        RouterConfig router = _config.Routers[effect.Subject];
        if (Find(router, effect.Slot) is not VirtualDevice device)
        {
            Invariant.Fail("a device that no instance has");
            return 0;
        }

        int parent = _interfaces.IndexOf(device.Base);
        if (parent == 0)
        {
            return Errno.ENODEV;
        }

        int error = Devices(out VirtualDevices? devices);
        return error != 0 ? error : devices!.Create(Wish(router, device, parent));
    }

    /// <summary>Deletes it. 0, or errno.</summary>
    public int Remove(in Effect effect) => _devices?.Remove(_config.Interfaces[effect.Slot]) ?? 0;

    /// <summary>Traffic to the addresses of a router is dropped from now on, or no longer. 0, or errno.</summary>
    public int Filter(in Effect effect)
    {
        bool drop = effect.Kind == EffectKind.DropTraffic;
        if (_filter is null && !drop)
        {
            return 0;
        }

        PacketFilter filter = _filter ??= MakeFilter();
        RouterConfig router = _config.Routers[effect.Subject];
        Filter(filter, router.Addresses, drop);
        Filter(filter, router.Excluded, drop);
        return filter.Flush();
    }

    /// <summary>An address of an interface came or went: devices over it have the same link-local address as it.</summary>
    public void FollowLinkLocal(short slot, Ip address)
    {
        if (_devices is null || !address.IsLinkLocal)
        {
            return;
        }

        foreach (RouterConfig router in _config.Routers)
        {
            if (router.IsV6 && router.Device is { SendsOnBase: false } device && device.Base == slot && _interfaces.IndexOf(slot) is int parent and not 0)
            {
                _ = _devices.SetLinkLocal(_config.Interfaces[device.Slot], parent, LinkLocal(slot));
            }
        }
    }

    /// <summary>When the configuration has made its devices: what a killed daemon left besides is removed.</summary>
    public void RemoveLeftovers()
    {
        _devices?.RemoveLeftovers();
        _note.Left.Clear();
    }

    /// <summary>Everything as it was.</summary>
    public void Close()
    {
        _devices?.Close();
        _filter?.Close();
        _sysctls?.Close();
        _note.Remove();
        (_devices, _filter, _sysctls) = (null, null, null);
    }

    private static VirtualDevice? Find(RouterConfig router, short slot) =>
        router.Device is VirtualDevice device && device.Slot == slot ? device : Array.Find(router.AddressDevices, other => other.Slot == slot);

    /// <summary>What a takeover needs is made before, and leftovers of a killed daemon are known.</summary>
    private void Prepare()
    {
        int addresses = 0;
        bool needsV4 = false, needsV6 = false, hasDevices = _note.Left.Count > 0;
        foreach (RouterConfig router in _config.Routers)
        {
            hasDevices |= router.Device is not null || router.AddressDevices.Length > 0;
            if (router.Accepts || router.IsOwner)
            {
                continue;
            }

            addresses += router.Addresses.Length + router.Excluded.Length;
            bool hasOther = Array.Exists(router.Excluded, vip => vip.Address.IsV6 != router.IsV6);
            needsV4 |= !router.IsV6 || hasOther;
            needsV6 |= router.IsV6 || hasOther;
        }

        if (addresses > 0)
        {
            (_filter ??= MakeFilter()).Prepare(needsV4, needsV6, addresses);
        }

        if (hasDevices && Devices(out _) is int error and not 0)
        {
            _log.Write(LogLevel.Error, $"cannot open a netlink socket for virtual MAC devices: {Errno.Text(error)}");
        }
    }

    private PacketFilter MakeFilter()
    {
        FirewallConfig firewall = _config.Globals.Firewall;
        return new PacketFilter(new FirewallOptions { Table = firewall.Table, Priority = firewall.Priority, Counts = firewall.HasCounters }, _log, _note);
    }

    private int Devices(out VirtualDevices? devices)
    {
        if (_devices is null)
        {
            LinkRequests? links = LinkRequests.Open(out int errno);
            if (links is null)
            {
                devices = null;
                return errno;
            }

            _devices = new VirtualDevices(links, _sysctls ??= new Sysctls(_log, _note), _filter ??= MakeFilter(), _note, _log);
        }

        devices = _devices;
        return 0;
    }

    private DeviceWish Wish(RouterConfig router, VirtualDevice device, int parent)
    {
        ulong mac = device.Mac != 0 ? device.Mac : (router.IsV6 ? VirtualMac6 : VirtualMac) | router.Vrid;
        return new DeviceWish
        {
            Router = router.Name,
            Name = _config.Interfaces[device.Slot],
            Parent = _config.Interfaces[device.Base],
            ParentIndex = parent,
            IsIpvlan = device.IsIpvlan,
            IpvlanFlags = device.Mode switch
            {
                "private" => Libc.IPVLAN_F_PRIVATE,
                "vepa" => Libc.IPVLAN_F_VEPA,
                _ => 0,
            },
            Mac = new MacAddress(mac),
            IsV6 = router.IsV6,
            HasV6Addresses = HasV6On(router.Addresses, device.Slot) || HasV6On(router.Excluded, device.Slot),
            LinkLocal = router.IsV6 && !device.SendsOnBase && !device.IsIpvlan ? LinkLocal(device.Base) : default,
            Address = device.Address,
            PrefixLength = device.PrefixLength,
            Group = router.Group,
            LinkGroup = device.LinkGroup,
            NotifiesParent = device.NotifiesParent,
        };
    }

    private static bool HasV6On(VirtualAddress[] addresses, short slot) => Array.Exists(addresses, vip => vip.Address.IsV6 && vip.Interface == slot);

    /// <summary>The link-local address that an interface has of its own and can send from; unspecified for none.</summary>
    private Ip LinkLocal(short slot)
    {
        foreach (ref readonly KnownAddress known in _interfaces[slot].Addresses)
        {
            if (known.Address.IsLinkLocal && !known.IsTentative && !IsVirtual(slot, known.Address))
            {
                return known.Address;
            }
        }

        return default;
    }

    private bool IsVirtual(short slot, Ip address)
    {
        foreach (RouterConfig router in _config.Routers)
        {
            if (Array.Exists(router.Addresses, vip => vip.Address == address && vip.Interface == slot)
                || Array.Exists(router.Excluded, vip => vip.Address == address && vip.Interface == slot))
            {
                return true;
            }
        }

        return false;
    }

    private void Filter(PacketFilter filter, VirtualAddress[] addresses, bool drop)
    {
        foreach (VirtualAddress vip in addresses)
        {
            int index = _interfaces.LastIndexOf(vip.Interface);
            if (drop)
            {
                filter.Drop(vip.Address, index);
            }
            else
            {
                filter.Accept(vip.Address, index);
            }
        }
    }
}
