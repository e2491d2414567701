using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// Gives macvlans and ipvlans their names, slots and MAC addresses. A name is free if nothing in the configuration has it: what the host has of
/// that name is ours, from an earlier run.
/// </summary>
internal sealed class DeviceTable(GlobalsBinder globals, InterfaceSlots slots)
{
    private const int LongestName = 15;

    /// <summary>00-00-5E-00-01-{VRID} over IPv4, 02 over IPv6 (RFC 9568 section 7.3).</summary>
    private const ulong StandardV4 = 0x00005e000100, StandardV6 = 0x00005e000200;

    private readonly HashSet<string> _taken = [];

    /// <summary>What an instance names itself is nobody else's. To be told of all of them before the first is resolved.</summary>
    public void Reserve(InstanceDraft draft)
    {
        Reserve(draft.Interface);
        Reserve(draft.Device?.Name);
        Reserve(draft.Addresses);
        Reserve(draft.Excluded);
    }

    /// <summary>use_vmac or use_ipvlan, ready to be made.</summary>
    public VirtualDevice? Own(InstanceDraft draft, short below) => draft.Device is not { } device || below < 0 ? null : device with
    {
        Slot = device.Name.Length > 0 ? slots.Of(device.Name) : New(globals.DevicePrefix, draft),
        Base = below,
        Mac = device.IsIpvlan ? 0 : Mac(draft),
    };

    /// <summary>Where an address is put, which may ask for a macvlan over the interface that it names.</summary>
    /// <param name="own">The device of the instance.</param>
    /// <param name="more">Its others, to which one may be added.</param>
    public short Place(AddressDraft address, InstanceDraft draft, VirtualDevice? own, short below, ref List<VirtualDevice>? more)
    {
        short named = address.Interface is { } name ? slots.Of(name) : below;
        bool isAsked = (address.Words.Extras.Traits & AddressTraits.UsesVmac) != 0
            || (draft.HasAddressDevices && address.Interface is not null && named != below);
        if (address.Interface is null && own is not null)
        {
            return own.Slot;
        }

        if (!isAsked || named < 0 || named == own?.Slot)
        {
            return named;
        }

        if (named == own?.Base && !own.IsIpvlan)
        {
            // Whether the host has that interface is asked for the instance.
            address.Words = address.Words with { DeviceWhere = SourceSpan.None };
            return own.Slot;
        }

        foreach (VirtualDevice device in more ?? [])
        {
            if (device.Base == named)
            {
                return device.Slot;
            }
        }

        VirtualDevice made = new() { Slot = New(globals.AddressDevicePrefix ?? globals.DevicePrefix, draft), Base = named, Mac = Mac(draft) };
        (more ??= []).Add(made);
        return made.Slot;
    }

    private static ulong Mac(InstanceDraft draft)
    {
        ulong written = draft.Device?.Mac ?? 0, id = (ulong)draft.Vrid!.Value;
        return written == 0 ? (draft.IsV6 == true ? StandardV6 : StandardV4) | id
            : (written & TransportBinder.TakesId) != 0 ? (written & ~TransportBinder.TakesId) | id : written;
    }

    /// <summary>vrrp.51; if that is taken over IPv6 vrrp6.51; then vrrp1.51, vrrp2.51 and so on.</summary>
    private short New(string prefix, InstanceDraft draft)
    {
        string id = "." + Shown.Of(draft.Vrid!.Value);
        string name = Name(prefix, id);
        if (!_taken.Add(name) && !(draft.IsV6 == true && _taken.Add(name = Name(prefix, "6" + id))))
        {
            for (int i = 1; !_taken.Add(name = Name(prefix, Shown.Of(i) + id)); i++)
            {
            }
        }

        return slots.Of(name);
    }

    private static string Name(string prefix, string end) => prefix[..Math.Min(prefix.Length, LongestName - end.Length)] + end;

    private void Reserve(List<AddressDraft>? addresses)
    {
        foreach (AddressDraft address in addresses ?? [])
        {
            Reserve(address.Interface);
        }
    }

    private void Reserve(string? name)
    {
        if (name is { Length: > 0 })
        {
            _taken.Add(name);
        }
    }
}
