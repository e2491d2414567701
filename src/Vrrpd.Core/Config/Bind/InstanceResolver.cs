using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>Drafts to <see cref="RouterConfig"/>, when the defaults of global_defs and all other instances are known.</summary>
internal sealed class InstanceResolver(
    Findings findings, BlockBinder common, GlobalsBinder globals, InterfaceSlots slots, ChannelTable channels, DeviceTable devices, int instances)
{
    /// <summary>The kernel's, which keepalived leaves to unicast over IPv6.</summary>
    private const byte UsualV6HopLimit = 64;

    private readonly InstanceRules _rules = new(findings);

    /// <summary>Instances by base interface, id and family.</summary>
    private readonly Dictionary<int, RouterConfig> _first = new(instances);

    /// <summary>Where there is more than one; with the first.</summary>
    private readonly Dictionary<int, List<RouterConfig>> _rivals = [];

    /// <summary>Null if the instance can be nothing; the reasons have been told.</summary>
    public RouterConfig? Resolve(InstanceDraft draft, AnnounceConfig defaults)
    {
        // Slots are given out for broken instances too: more complaints at once, and no harm.
        short slot = draft.Interface is null ? (short)-1 : slots.Of(draft.Interface);
        bool isStrict = draft.Strict ?? globals.IsStrict;
        int version = _rules.Settle(draft, globals.Version, isStrict);
        if (draft.Vrid is null || (slot < 0 && draft.Interface is not null))
        {
            return null;
        }

        RouterConfig router = Router(draft, defaults, slot, version, isStrict);
        if (!IsAlone(router, draft))
        {
            return null;
        }

        if (slot < 0 && draft.Vrf.Length == 0 && draft.IsUnicast && !draft.Source.IsUnspecified)
        {
            common.Refuse(draft.Where, $"({draft.Name}) unicast without an interface", "write interface IF, with the interface that has the address"
                + " of unicast_src_ip");
        }

        return slot >= 0 ? router : null;
    }

    private RouterConfig Router(InstanceDraft draft, AnnounceConfig defaults, short slot, int version, bool isStrict)
    {
        int priority = draft.Priority ?? (draft.WantMaster == true ? 255 : 100);
        bool isV6 = draft.IsV6 == true;
        Ip group = draft.IsUnicast ? default : !draft.Group.IsUnspecified ? draft.Group : isV6 ? globals.Group6 : globals.Group4;
        VirtualDevice? device = devices.Own(draft, slot);
        short advertSlot = device is { SendsOnBase: false } ? device.Slot : slot;
        List<VirtualDevice>? more = null;
        VirtualAddress[] addresses = Addresses(draft.Addresses, draft, device, slot, ref more);
        VirtualAddress[] excluded = Addresses(draft.Excluded, draft, device, slot, ref more);
        AnnounceConfig announce = draft.AnnounceOver(defaults);
        return new()
        {
            Name = draft.Name,
            Interface = slot,
            InterfaceWhere = draft.InterfaceWhere,
            Vrid = (byte)draft.Vrid!.Value,
            Priority = (byte)priority,
            WantMaster = draft.WantMaster ?? priority == 255,
            Version = (byte)version,
            IsV6 = isV6,
            AdvertInterval = ConfigNumbers.Time(draft.AdvertMicroseconds),
            Source = draft.Source.IsUnspecified && device is { IsIpvlan: true } ? device.Address : draft.Source,
            Auth = draft.HasPassType ? AuthType.Pass : draft.HasAhType ? AuthType.Ah : AuthType.None,
            AuthPass = draft.HasPassType || draft.HasAhType ? Pack(draft.Password) : 0,
            Addresses = addresses,
            Announce = isStrict ? announce with { LowerPriorityRepeat = 0, LowerPriorityDelay = default } : announce,
            Excluded = excluded,
            Channel = slot < 0 ? (short)-1 : channels.Of(advertSlot, isV6, draft.HasAhType, group),
            Group = group,
            IsUnicast = draft.IsUnicast,
            Peers = draft.Peers?.ToArray() ?? [],
            UnicastTtl = draft.Ttl ?? (isV6 ? UsualV6HopLimit : byte.MaxValue),
            ChecksUnicastSource = draft.IsUnicast && (draft.ChecksUnicastSource || globals.ChecksUnicastSource),
            FaultsWithoutPeer = draft.FaultsWithoutPeer,
            Checksum = version != 3 || isV6 ? ChecksumChoice.PseudoHeader
                : draft.MessageOnlyChecksum ?? globals.MessageOnlyChecksum ? ChecksumChoice.MessageOnly
                : draft.IsUnicast ? draft.UnicastChecksum : ChecksumChoice.PseudoHeader,
            Device = device,
            AddressDevices = more?.ToArray() ?? [],
            Hmac = draft.Hmac,
            IsStrict = isStrict,
            NoPreempt = draft.NoPreempt,
            PreemptDelay = ConfigNumbers.Time(draft.PreemptMicroseconds),
            DownTimerAdverts = isStrict ? 3 : draft.DownTimerAdverts ?? globals.DownTimerAdverts,
            Accepts = priority == 255 || (draft.Accept ?? !isStrict),
            IsSilentToLower = isStrict || (draft.LowerPriorityNoAdvert ?? globals.LowerPriorityNoAdvert),
            AnswersHigher = !isStrict && (draft.HigherPrioritySendsAdvert ?? globals.HigherPrioritySendsAdvert),
            IgnoresAdverts = priority == 255 && (draft.IgnoresAdverts ?? (isStrict || globals.OwnersIgnoreAdverts)),
            SkipsSameMaster = draft.SkipsSameMaster ?? globals.SkipsSameMaster,
            TracksSource = draft.TracksSource && !draft.Source.IsUnspecified,
            IgnoresOwnInterface = draft.IgnoresOwnInterface,
            StandBackPriority = draft.NoPreempt ? draft.StandBackPriority : (byte)0,
            IsDual = !draft.Dual.IsNone,
            Extras = new()
            {
                Routes = draft.Routes?.ToArray() ?? [],
                Rules = draft.Rules?.ToArray() ?? [],
                Tracked = Tracked(draft, priority == 255),
                Notify = draft.Notify?.ToArray() ?? [],
            },
            Where = draft.Where.Where,
        };
    }

    /// <summary>The first 8 bytes, zero padded.</summary>
    private static ulong Pack(Word password)
    {
        ReadOnlySpan<byte> bytes = password.IsNone ? [] : password.Bytes;
        ulong packed = 0;
        for (int i = 0; i < 8; i++)
        {
            packed = packed << 8 | (i < bytes.Length ? bytes[i] : 0UL);
        }

        return packed;
    }

    private VirtualAddress[] Addresses(List<AddressDraft>? drafts, InstanceDraft draft, VirtualDevice? device, short slot, ref List<VirtualDevice>? more)
    {
        VirtualAddress[] addresses = drafts is null or { Count: 0 } ? [] : new VirtualAddress[drafts.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = drafts![i].At(devices.Place(drafts[i], draft, device, slot, ref more));
        }

        return addresses;
    }

    /// <summary>Everything that is tracked but scripts, which have slots of their own.</summary>
    private TrackedThing[] Tracked(InstanceDraft draft, bool isOwner)
    {
        if (draft.Tracks is null)
        {
            return [];
        }

        List<TrackedThing> things = [];
        foreach (TrackDraft track in draft.Tracks)
        {
            string name = track.Name.Text;
            string? complaint = track.Kind switch
            {
                TrackKind.Interface when name == draft.Interface => $"Ignoring track_interface {name} since own interface",
                TrackKind.Interface when isOwner && track.Weight is not (null or 0) => $"ignoring {name} tracked interface due to address owner",
                TrackKind.Bfd when isOwner && track.Weight is { } weight and not 0 =>
                    $"ignoring tracked bfd {name} with weight {Shown.Of(weight)} due to address_owner",
                _ => null,
            };
            if (complaint is not null)
            {
                _rules.Late(draft, complaint, "remove the line", at: track.Name);
            }
            else if (track.Kind != TrackKind.Script)
            {
                things.Add(new(track.Kind, name, track.Weight, track.Reverse, track.Name.Where));
            }
        }

        return things.ToArray();
    }

    /// <summary>Routers with the same id that hear each other cannot be told apart.</summary>
    private bool IsAlone(RouterConfig router, InstanceDraft draft)
    {
        int key = router.Interface << 9 | router.Vrid << 1 | (router.IsV6 ? 1 : 0);
        if (_first.TryAdd(key, router))
        {
            return true;
        }

        if (!_rivals.TryGetValue(key, out List<RouterConfig>? rivals))
        {
            rivals = [_first[key]];
            _rivals.Add(key, rivals);
        }

        bool isAlone = true;
        foreach (RouterConfig rival in rivals)
        {
            if (router.IsUnicast != rival.IsUnicast
                || (router.IsUnicast ? router.Source != rival.Source || !HaveCommonPeer(router, rival) : router.Group != rival.Group))
            {
                continue;
            }

            isAlone = false;
            Conflict(router, rival, draft);
            if (findings.IsFull)
            {
                break;
            }
        }

        rivals.Add(router);
        return isAlone;
    }

    private void Conflict(RouterConfig router, RouterConfig rival, InstanceDraft draft)
    {
        string text = router.IsUnicast ? $"({rival.Name}) duplicate VRID conflict with {router.Name} VRID {Shown.Of(router.Vrid)}"
            : $"{rival.Name} and {router.Name} both use VRID {Shown.Of(router.Vrid)} with {(router.IsV6 ? "IPv6" : "IPv4")} on interface "
            + (router.Interface < 0 ? "(none)" : slots[router.Interface]);
        findings.Add(new(draft.Where.Where, Severity.Error, ConfigFault.General, text)
        {
            Explanation = "routers with the same id on one network cannot be told apart: change virtual_router_id of one",
            SourceLine = draft.Where.Line.Shown,
            IsBare = true,
            StopsRun = true,
        });
    }

    private static bool HaveCommonPeer(RouterConfig one, RouterConfig other)
    {
        foreach (UnicastPeer peer in one.Peers)
        {
            foreach (UnicastPeer candidate in other.Peers)
            {
                if (peer.Address == candidate.Address)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
