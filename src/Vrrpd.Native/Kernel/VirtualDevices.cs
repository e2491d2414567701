using System;
using System.Collections.Generic;
using System.Globalization;
using Vrrpd.Core;
using Vrrpd.Native.Firewall;
using Vrrpd.Native.Net;
using Vrrpd.Native.Netlink;

namespace Vrrpd.Native.Kernel;

/// <summary>A device of a virtual router, as the configuration wants it.</summary>
internal readonly record struct DeviceWish
{
    /// <summary>The instance, for the log.</summary>
    public required string Router { get; init; }

    public required string Name { get; init; }

    /// <summary>The interface below, and its kernel index.</summary>
    public required string Parent { get; init; }

    public required int ParentIndex { get; init; }

    public bool IsIpvlan { get; init; }

    public ushort IpvlanFlags { get; init; }

    public MacAddress Mac { get; init; }

    /// <summary>An IPv6 instance.</summary>
    public bool IsV6 { get; init; }

    /// <summary>Has IPv6 addresses although the instance is of IPv4.</summary>
    public bool HasV6Addresses { get; init; }

    /// <summary>Of the interface below, for an IPv6 instance; unspecified while it has none.</summary>
    public Ip LinkLocal { get; init; }

    /// <summary>An ipvlan's own address; unspecified for none.</summary>
    public Ip Address { get; init; }

    public byte PrefixLength { get; init; }

    /// <summary>Where its adverts go: what the interface below joins if the kernel cannot copy group reports to it.</summary>
    public Ip Group { get; init; }

    /// <summary>Null: that of the interface below.</summary>
    public uint? LinkGroup { get; init; }

    /// <summary>netlink_notify_msg.</summary>
    public bool NotifiesParent { get; init; }
}

/// <summary>
/// The macvlans and ipvlans of virtual routers: made or taken over, surrounded by the sysctls and filter rules without which they do harm,
/// and removed with all of that. Nothing throws; what is refused is a line that says what does not work.
/// </summary>
internal sealed class VirtualDevices
{
    private readonly LinkRequests _links;
    private readonly Sysctls _sysctls;
    private readonly PacketFilter _filter;
    private readonly CrashNote _note;
    private readonly LogWriter _log;
    private readonly ReversePathFilter _reversePath;
    private readonly List<Device> _devices = [];
    private readonly List<(string Name, int Number)> _left = [];
    private readonly List<(string Name, int Number)> _refused = [];

    public VirtualDevices(LinkRequests links, Sysctls sysctls, PacketFilter filter, CrashNote note, LogWriter log)
    {
        (_links, _sysctls, _filter, _note, _log) = (links, sysctls, filter, note, log);
        _reversePath = new ReversePathFilter(sysctls, log);
        foreach (string[] words in note.Left)
        {
            if (words is ["link", string name, string index] && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                _left.RemoveAll(one => one.Name == name);
                _left.Add((name, number));
            }
        }
    }

    /// <summary>
    /// Makes the device, or takes one that is as it should be, and brings it up. 0, or the errno after a line about it.
    /// </summary>
    public int Create(in DeviceWish wish)
    {
        Forget(wish.Name);
        _left.RemoveAll(OfName(wish.Name));
        int error = _links.Look(wish.ParentIndex, "", out LinkFacts parent);
        if (error != 0)
        {
            return Refused(wish, "the interface below", error);
        }

        LinkWish link = new()
        {
            Name = wish.Name,
            Kind = wish.IsIpvlan ? LinkKind.Ipvlan : LinkKind.Macvlan,
            Parent = wish.ParentIndex,
            Mac = wish.Mac,
            IpvlanFlags = wish.IpvlanFlags,
            Group = wish.LinkGroup ?? parent.Group,
            Vrf = parent.IsVrfMember ? parent.Master : 0,
        };
        error = Find(wish, link, out int index);
        if (error != 0)
        {
            return error;
        }

        _note.Add(string.Create(CultureInfo.InvariantCulture, $"link {wish.Name} {index}"));
        Device device = new(wish.Name, wish.Router, index, wish.IsV6, wish.IsIpvlan, wish.Parent) { LinkLocal = wish.LinkLocal };
        _devices.Add(device);
        Surround(device, wish);
        error = _links.SetUp(index, up: true);
        if (error != 0)
        {
            // The interface below is down: the device goes up with the next try.
            return Refused(wish, "bringing it up", error);
        }

        error = wish.IsV6 ? CopyLinkLocal(device, wish.LinkLocal) : 0;
        if (error == 0 && !wish.Address.IsUnspecified)
        {
            error = _links.AddAddress(index, wish.Address, wish.PrefixLength);
        }

        if (error != 0)
        {
            return Refused(wish, "its address", error);
        }

        _refused.RemoveAll(OfName(wish.Name));
        if (wish.NotifiesParent)
        {
            _ = _links.Announce(wish.ParentIndex, parent.Group);
        }

        return 0;
    }

    /// <summary>
    /// The link-local address of the interface below has come, gone (unspecified) or changed: the device has the same, so that who is asked
    /// who of two masters has the higher address gives one answer.
    /// </summary>
    public int SetLinkLocal(string name, int parentIndex, Ip address)
    {
        Device? device = null;
        foreach (Device one in _devices)
        {
            device = one.Name == name ? one : device;
        }

        if (device is not { IsV6: true } || device.LinkLocal == address)
        {
            return 0;
        }

        Ip before = device.LinkLocal;
        device.LinkLocal = address;
        if (!device.IsIpvlan)
        {
            _ = _filter.AddDevice(new FilteredDevice(device.Index, parentIndex, true, address));
        }

        if (!before.IsUnspecified)
        {
            _ = _links.RemoveAddress(device.Index, before, LinkRequests.LinkLocalLength);
        }

        return CopyLinkLocal(device, address);
    }

    /// <summary>Deletes the device and gives back what was changed for it. 0 also when it is gone already.</summary>
    public int Remove(string name)
    {
        Device? device = _devices.Find(one => one.Name == name);
        if (device is null)
        {
            return 0;
        }

        // While it is still filtered: the farewell of its groups is a group report too.
        int error = _links.Delete(device.Index);
        Forget(name);
        if (error == 0)
        {
            _log.WriteDetail($"({device.Router}) Success removing {device.Kind} interface {name}");
        }
        else
        {
            _log.Write(LogLevel.Error, $"({device.Router}) cannot remove {device.Kind} interface {name}: {Errno.Text(error)}");
        }

        return error;
    }

    /// <summary>When the configuration has made its devices: what a killed daemon left besides is removed.</summary>
    public void RemoveLeftovers()
    {
        foreach ((string name, int index) in _left)
        {
            if (_links.Look(index, name, out LinkFacts facts) == 0 && facts.Kind != LinkKind.Other && _links.Look(0, name, out facts) == 0
                && facts.Index == index && _links.Delete(index) == 0)
            {
                _log.Write(LogLevel.Info, $"removed interface {name}, which a daemon that was killed had left");
            }
        }

        _left.Clear();
        _sysctls.RestoreUnclaimed();
    }

    /// <summary>Everything as it was.</summary>
    public void Close()
    {
        for (int i = _devices.Count - 1; i >= 0; i--)
        {
            _ = Remove(_devices[i].Name);
        }

        RemoveLeftovers();
        _reversePath.Return();
        _links.Close();
    }

    private static Predicate<(string Name, int Number)> OfName(string name) => one => one.Name == name;

    /// <summary>The index of a device as wished for: one that is there, or a new one.</summary>
    private int Find(in DeviceWish wish, in LinkWish link, out int index)
    {
        int error = _links.Look(0, wish.Name, out LinkFacts facts);
        index = facts.Index;
        if (error == 0 && facts.Fits(link))
        {
            error = _links.RemoveAddresses(index);
            error = error == 0 ? _links.Adjust(index, link, facts) : error;
            if (error == 0)
            {
                _log.WriteDetail($"({wish.Router}) uses {KindOf(wish.IsIpvlan)} interface {wish.Name}, which is there and as it should be");
                return 0;
            }
        }
        else if (error == 0 && facts.Kind == LinkKind.Other)
        {
            // Somebody's interface: not ours to delete.
            _log.Write(LogLevel.Error, $"({wish.Router}) cannot make {KindOf(wish.IsIpvlan)} interface {wish.Name}: an interface of another kind"
                + " has that name - choose another with use_vmac NAME");
            return Errno.EEXIST;
        }

        if (error != Errno.ENODEV)
        {
            error = index == 0 ? error : _links.Delete(index);
            if (error != 0)
            {
                return Refused(wish, "removing the one that is there", error);
            }
        }

        error = _links.Create(link);
        error = error == 0 ? _links.Look(0, wish.Name, out facts) : error;
        index = facts.Index;
        error = error == 0 ? _links.Adjust(index, link, facts) : error;
        if (error != 0)
        {
            return Refused(wish, "making it", error);
        }

        _log.WriteDetail($"({wish.Router}): Success creating {KindOf(wish.IsIpvlan)} interface {wish.Name}");
        return 0;
    }

    /// <summary>Sysctls and rules, before it comes up.</summary>
    private void Surround(Device device, in DeviceWish wish)
    {
        _reversePath.Move();
        string own = $"ipv4/conf/{wish.Name}/";
        string answers = $"{wish.Name} may answer ARP for addresses that are not its own";
        _ = _sysctls.Set(own + "arp_ignore", 1, answers);
        if (!wish.IsV6)
        {
            _ = _sysctls.Set(own + "accept_local", 1, $"{wish.Name} may refuse packets from addresses of this host, also adverts");
            _ = _sysctls.Set(own + "rp_filter", 0, $"packets to {wish.Name} may be dropped, because routes lead over {wish.Parent}");
            _ = _sysctls.Set(own + "promote_secondaries", 1, "removing one virtual address may remove others of its network");
            if (!wish.HasV6Addresses)
            {
                _ = _sysctls.Set($"ipv6/conf/{wish.Name}/disable_ipv6", 1, $"{wish.Name} tells of IPv6 groups with the virtual MAC address");
            }

            if (!device.IsIpvlan)
            {
                string below = $"{wish.Parent} answers ARP for the addresses of {wish.Name} with its own MAC address";
                Claim(device, "arp_ignore", 1, below);
                Claim(device, "arp_filter", 1, below);

                // Answers to clients leave over it, and when it asks who the client is, it would say that the virtual address has its MAC address.
                Claim(device, "arp_announce", 2, $"{wish.Parent} tells neighbours that it has the addresses of {wish.Name}");
            }
        }

        if (wish.IsV6 || wish.HasV6Addresses)
        {
            // Not with routers of the network, whatever happens to the filter's rules.
            _ = _sysctls.Set($"ipv6/conf/{wish.Name}/accept_ra", 0, $"{wish.Name} looks for routers with the virtual MAC address");
            _ = _sysctls.Set($"ipv6/conf/{wish.Name}/router_solicitations", 0, $"{wish.Name} looks for routers with the virtual MAC address");
        }

        if (device.IsIpvlan)
        {
            // It has the MAC address of the interface below: nothing can be learnt wrongly.
            return;
        }

        bool couldDuplicate = _filter.CanDuplicate;
        _ = _filter.AddDevice(new FilteredDevice(device.Index, wish.ParentIndex, wish.IsV6, wish.LinkLocal));
        if (wish.HasV6Addresses && !wish.IsV6)
        {
            _ = _filter.AddDevice(new FilteredDevice(device.Index, wish.ParentIndex, true, default));
        }

        if (!_filter.CanDuplicate && !wish.Group.IsUnspecified)
        {
            device.Membership = GroupMembership.Join(wish.Group, wish.ParentIndex, out int error);
            if (couldDuplicate)
            {
                _log.Write(LogLevel.Notice, "nf_tables cannot copy packets here (dup): the interfaces below virtual MAC devices join the groups");
            }

            if (error != 0)
            {
                _log.Write(LogLevel.Warning, $"({wish.Router}) {wish.Parent} cannot join {wish.Group}: {Errno.Text(error)}"
                    + " - a switch that filters multicast may keep adverts from us");
            }
        }
    }

    /// <summary>A value of the interface below.</summary>
    private void Claim(Device device, string key, int value, string consequence)
    {
        string path = $"ipv4/conf/{device.Parent}/{key}";
        device.Claims.Add(path);
        _sysctls.Claim(path, value, consequence);
    }

    private int CopyLinkLocal(Device device, Ip address) =>
        address.IsUnspecified ? 0 : _links.AddAddress(device.Index, address, LinkRequests.LinkLocalLength);

    /// <summary>Without touching the link.</summary>
    private void Forget(string name)
    {
        int at = _devices.FindIndex(device => device.Name == name);
        if (at < 0)
        {
            return;
        }

        Device device = _devices[at];
        _devices.RemoveAt(at);
        _filter.RemoveDevice(device.Index);
        device.Membership?.Close();
        foreach (string path in device.Claims)
        {
            _sysctls.Release(path);
        }

        if (_devices.Count == 0)
        {
            _reversePath.Return();
        }
    }

    /// <summary>Said once until it is made or another reason stands against it: it is tried again and again.</summary>
    private int Refused(in DeviceWish wish, string what, int error)
    {
        if (_refused.Contains((wish.Name, error)))
        {
            return error;
        }

        _refused.Add((wish.Name, error));
        _log.Write(LogLevel.Error, $"({wish.Router}) {KindOf(wish.IsIpvlan)} interface {wish.Name} over {wish.Parent}: {what}: {Errno.Text(error)}"
            + (error == Errno.EOPNOTSUPP ? " - this kernel has no such devices" : ""));
        return error;
    }

    private static string KindOf(bool isIpvlan) => isIpvlan ? "ipvlan" : "VMAC";

    private sealed class Device(string name, string router, int index, bool isV6, bool isIpvlan, string parent)
    {
        public string Name { get; } = name;

        public string Router { get; } = router;

        public int Index { get; } = index;

        public bool IsV6 { get; } = isV6;

        public bool IsIpvlan { get; } = isIpvlan;

        public string Parent { get; } = parent;

        public string Kind => KindOf(IsIpvlan);

        public Ip LinkLocal { get; set; }

        /// <summary>Sysctls of the interface below.</summary>
        public List<string> Claims { get; } = [];

        public GroupMembership? Membership { get; set; }
    }
}
