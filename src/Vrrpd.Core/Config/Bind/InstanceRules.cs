using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// What keepalived holds against an instance when the whole file is read: contradictions are settled, in most cases by dropping what is
/// less safe, and each is told. Its lines have no line number; ours name the instance's.
/// </summary>
internal sealed class InstanceRules(Findings findings)
{
    public const string NoPeers = "A unicast keyword has been specified without any unicast peers. Defaulting to multicast."
        + " This usage is deprecated - please update your configuration.";

    private const long Second = 1_000_000, Centisecond = 10_000;

    /// <summary>The largest interval that 12 bits of centiseconds hold.</summary>
    private const long LongestV3 = 4095 * Centisecond;
    private const long LongestDual = LongestV3 / Second * Second;

    /// <summary>Settles a draft, and says with which protocol version it goes on.</summary>
    public int Settle(InstanceDraft draft, int defaultVersion, bool isStrict)
    {
        if (isStrict && draft.IsV6 == true && draft.Version == 2)
        {
            Late(draft, "cannot use IPv6 with VRRP version 2; setting version 3", "only version 3 is for IPv6");
            draft.Version = 3;
        }

        Dual(draft);
        int version = draft.Version ?? (draft.IsV6 == true ? 3 : defaultVersion);
        Mandatory(draft);
        State(draft, isStrict);
        Authentication(draft, version, isStrict);
        Preemption(draft, isStrict);
        Transport(draft, isStrict);
        Device(draft, isStrict);
        Addresses(draft, version, isStrict);
        if (isStrict)
        {
            Strict(draft, version);
        }

        Interval(draft, version);
        return version;
    }

    /// <summary>A line without a line number in front, because keepalived finds it after reading.</summary>
    public void Late(InstanceDraft draft, string text, string explanation, bool stops = false, Word at = default)
    {
        Word where = at.IsNone ? draft.Where : at;
        findings.Add(new Diagnostic(where.Where, Severity.Error, ConfigFault.General, $"({draft.Name}) {text}")
        {
            Explanation = explanation,
            SourceLine = where.Line.Shown,
            IsBare = true,
            StopsRun = stops,
        }.From(where));
    }

    /// <summary>dual_version, which is ours: version 3 that speaks version 2 too.</summary>
    private void Dual(InstanceDraft draft)
    {
        Word dual = draft.Dual;
        if (dual.IsNone)
        {
            return;
        }

        if (draft.IsV6 == true || draft.Version == 2)
        {
            findings.Advise(dual, $"({draft.Name}) dual_version is ignored with {(draft.IsV6 == true ? "IPv6" : "version 2")}",
                draft.IsV6 == true ? "version 2 has no IPv6: all routers of the link speak version 3" : "it adds version 2 to version 3: remove version 2");
            draft.Dual = default;
            return;
        }

        draft.Version = 3;
        long interval = draft.AdvertMicroseconds, rounded = System.Math.Clamp((interval + Second / 2) / Second * Second, Second, LongestDual);
        if (rounded != interval)
        {
            findings.Advise(draft.AdvertWhere.IsNone ? dual : draft.AdvertWhere, $"({draft.Name}) advert_int {ConfigNumbers.Decimal(interval)} is rounded to"
                + $" {Shown.Of(rounded / Second)} because of dual_version", "adverts of version 2 have whole seconds only");
            draft.AdvertMicroseconds = rounded;
        }
    }

    private void Mandatory(InstanceDraft draft)
    {
        if (draft.Interface is null && !(draft.IsUnicast && !draft.Source.IsUnspecified) && draft.Vrf.Length == 0)
        {
            Late(draft, "Unknown interface!", draft.IsUnicast ? "an instance needs a line: interface IF, or for unicast unicast_src_ip ADDR"
                : "an instance needs a line: interface IF", stops: true);
        }
        else if (draft.Interface is null && draft.Source.IsV6 && draft.Source.High >> 54 == 0xfe80 >> 6)
        {
            Late(draft, $"link local source address {draft.Source} needs an interface",
                "a link-local address says nothing without its link: add a line: interface IF", stops: true);
        }

        if (draft.Vrid is null)
        {
            Late(draft, "the virtual router id must be set", "an instance needs a line: virtual_router_id 1..255", stops: true);
        }
    }

    private void State(InstanceDraft draft, bool isStrict)
    {
        if (isStrict && draft.WantMaster is { } wants && wants != draft.IsOwner)
        {
            Late(draft, "State MASTER must match being address owner", "in strict mode state MASTER goes with priority 255, and only with that");
            draft.Priority ??= wants ? 255 : 100;
            draft.WantMaster = draft.IsOwner;
        }

        if (draft.HasAhType && draft.WantMaster == true && !draft.IsOwner)
        {
            Late(draft, "Initial state master is incompatible with AH authentication - clearing", "write state BACKUP");
            draft.Priority ??= 100;
            draft.WantMaster = false;
        }
    }

    private void Authentication(InstanceDraft draft, int version, bool isStrict)
    {
        if (!draft.HasPassType && !draft.HasAhType)
        {
            if (!draft.Password.IsNone && !draft.HasAuthType)
            {
                findings.Advise(draft.Password, $"({draft.Name}) auth_pass has no effect without auth_type PASS");
            }

            return;
        }

        if (isStrict)
        {
            Late(draft, "Strict mode does not support authentication. Ignoring.", "the standard has dropped it: remove the block authentication");
        }
        else if (version == 3)
        {
            Late(draft, "VRRP version 3 does not support authentication. Ignoring.", "remove the block authentication, or use version 2");
        }
        else if (draft.HasAhType && draft.IsV6 == true)
        {
            Late(draft, "Cannot use AH authentication with IPv6. ignoring", "version 2 over IPv6 is keepalived's own and has no authentication header");
        }
        else if (draft.Hmac is not null)
        {
            Late(draft, "auth_hmac excludes authentication. Ignoring authentication.", "remove the block authentication");
        }
        else if (draft.Password.IsNone || draft.Password.Bytes.IsEmpty)
        {
            Late(draft, "Authentication specified but no password given. Ignoring", "add a line to authentication: auth_pass PASSWORD");
        }
        else
        {
            return;
        }

        draft.HasPassType = draft.HasAhType = false;
    }

    private void Preemption(InstanceDraft draft, bool isStrict)
    {
        bool startsAsMaster = draft.WantMaster ?? draft.IsOwner;
        if (draft.NoPreempt && draft.IsOwner)
        {
            Late(draft, "nopreempt is incompatible with priority 255. resetting nopreempt", "the owner of the addresses always takes over");
            draft.NoPreempt = false;
        }
        else if (draft.NoPreempt && startsAsMaster)
        {
            Late(draft, "Warning - nopreempt will not work with initial state MASTER - clearing", "write state BACKUP on all routers");
            draft.NoPreempt = false;
        }

        if (draft.PreemptMicroseconds == 0)
        {
            return;
        }

        if (isStrict || startsAsMaster || draft.NoPreempt)
        {
            Late(draft, isStrict ? "preempt_delay is incompatible with strict mode - resetting"
                : startsAsMaster ? "Warning - preempt delay will not work with initial state MASTER - clearing"
                : "preempt_delay is incompatible with nopreempt mode - resetting",
                startsAsMaster && !isStrict ? "write state BACKUP" : "remove preempt_delay");
            draft.PreemptMicroseconds = 0;
        }
    }

    private void Transport(InstanceDraft draft, bool isStrict)
    {
        if (!draft.IsUnicast)
        {
            if (draft.HasUnicastWord)
            {
                Late(draft, NoPeers, "add a block: unicast_peer { ADDR }, or use mcast_src_ip for the source of multicast");
            }

            return;
        }

        if (!draft.Group.IsUnspecified)
        {
            Late(draft, "multicast destination specified with unicast - ignoring", "remove mcast_dst_ip or unicast_peer");
            draft.Group = default;
        }

        if (isStrict && draft.Peers is not null)
        {
            Late(draft, "Unicast peers are not supported in strict mode", "the standard knows multicast only: remove strict_mode or unicast_peer",
                stops: true);
        }
    }

    private void Device(InstanceDraft draft, bool isStrict)
    {
        bool isMacvlan = draft.Device is { IsIpvlan: false };
        if (draft.SendsOnBase && !isMacvlan)
        {
            Late(draft, "vmac_xmit_base is only valid with a vmac", "add use_vmac, or remove vmac_xmit_base");
            draft.SendsOnBase = false;
        }
        else if (draft.SendsOnBase && isStrict && !draft.IsUnicast)
        {
            Late(draft, "xmit_base is incompatible with strict mode - resetting", "remove vmac_xmit_base");
            draft.SendsOnBase = false;
        }

        if (isMacvlan && !draft.PromotesSecondaries.IsNone)
        {
            Late(draft, "promote_secondaries is automatically set for vmacs - ignoring", "remove the line", at: draft.PromotesSecondaries);
        }

        if (isMacvlan && isStrict && draft.Device!.Mac != 0)
        {
            Late(draft, "cannot specify MAC address with strict mode - clearing", "the standard gives the MAC address");
            draft.Device = draft.Device with { Mac = 0 };
        }

        if (draft.Device is { IsIpvlan: true } ipvlan && ipvlan.Address.IsUnspecified && draft.IsV6 != true)
        {
            Late(draft, "IPv4 ipvlan requires a source ip address to be configured. setting instance to fault state",
                "write: use_ipvlan ADDR/LEN");
        }

        draft.Device = draft.Device is { } device ? device with { SendsOnBase = draft.SendsOnBase } : null;
        OwnDevices(draft, draft.Addresses, isMacvlan);
        OwnDevices(draft, draft.Excluded, isMacvlan);
    }

    /// <summary>`use_vmac` behind an address that is on a macvlan in any case.</summary>
    private void OwnDevices(InstanceDraft draft, List<AddressDraft>? addresses, bool isMacvlan)
    {
        foreach (AddressDraft address in addresses ?? [])
        {
            if ((address.Words.Extras.Traits & AddressTraits.UsesVmac) == 0)
            {
                continue;
            }

            string text = address.PrefixLength == (address.Address.IsV6 ? 128 : 32) ? $"{address.Address}"
                : $"{address.Address}/{Shown.Of(address.PrefixLength)}";
            bool isOwn = address.Interface is null || address.Interface == draft.Interface;
            if (isOwn && isMacvlan)
            {
                Late(draft, $"use_vmac specified for VIP/eVIP {text} and vrrp instance", "it is on the macvlan of the instance: remove use_vmac behind"
                    + " the address", at: address.Where);
            }
            else if (!isOwn && draft.HasAddressDevices)
            {
                Late(draft, $"use_vmac_addr specified and use_vmac specified for VIP/eVIP {text}", "use_vmac_addr is enough: remove use_vmac behind"
                    + " the address", at: address.Where);
            }
        }
    }

    private void Addresses(InstanceDraft draft, int version, bool isStrict)
    {
        if (draft.Addresses.Count > 0)
        {
            if (isStrict && draft.IsV6 == true && draft.Addresses[0].Address.High >> 54 != 0xfe80 >> 6)
            {
                Late(draft, "the first IPv6 VIP address must be link local", "put an address of fe80::/10 first", at: draft.Addresses[0].Where);
            }

            MoveExcess(draft);
        }
        else if (!draft.HasNoAddressOnPurpose || isStrict)
        {
            bool isNeeded = version == 3 || draft.IsV6 == true || isStrict;
            Late(draft, $"No VIP specified; at least one is {(isNeeded ? "required" : "sensible")}",
                "add a block: virtual_ipaddress { ADDR }", stops: isNeeded);
        }
    }

    /// <summary>What an advert has no room for is still an address of the master.</summary>
    private void MoveExcess(InstanceDraft draft)
    {
        int count = draft.Addresses.Count, most = draft.IsV6 == true ? ConfigBinder.V6AddressesPerAdvert : ConfigBinder.AddressesPerAdvert;
        if (count <= most)
        {
            return;
        }

        Word at = draft.Addresses[most].Where;
        Late(draft, $"Number of VIPs ({Shown.Of(count)}) exceeds maximum/space available in packet (max {Shown.Of(most)} addresses)"
            + " - excess moved to eVIPs", "an advert has no room for more: spread them over several instances, or write them into"
            + " virtual_ipaddress_excluded", at: at);
        (draft.Excluded ??= []).InsertRange(0, draft.Addresses.GetRange(most, count - most));
        draft.Addresses.RemoveRange(most, count - most);
    }

    /// <summary>The rest of strict mode: what the standard does not know goes.</summary>
    private void Strict(InstanceDraft draft, int version)
    {
        if (draft.DownTimerAdverts is not (null or 3))
        {
            Late(draft, "down_timer_adverts is incompatible with strict mode - resetting", "the standard says three");
        }

        if (draft.Accept == true && version == 2)
        {
            Late(draft, "warning - accept mode for VRRP version 2 does not comply with RFC3768 - resetting", "remove accept");
            draft.Accept = null;
        }

        if (draft.Announce.LowerRepeat > 0)
        {
            Late(draft, "Strict mode requires no repeat garps. resetting", "remove garp_lower_prio_repeat");
        }

        if (draft.Announce.LowerDelay > 0)
        {
            Late(draft, "Strict mode requires no repeat garp delay. resetting", "remove garp_lower_prio_delay");
        }

        if (draft.LowerPriorityNoAdvert == false)
        {
            Late(draft, "Strict mode requires no lower priority advert. resetting", "remove lower_prio_no_advert");
        }

        if (draft.HigherPrioritySendsAdvert == true)
        {
            Late(draft, "strict mode requires higher_prio_send_advert to be clear. resetting", "remove higher_prio_send_advert");
        }

        if (draft.Hmac is { } hmac && hmac.Mode != HmacMode.Enforce)
        {
            Late(draft, "strict mode requires auth_hmac mode enforce. resetting", "write mode enforce");
            draft.Hmac = hmac with { Mode = HmacMode.Enforce };
        }
    }

    private void Interval(InstanceDraft draft, int version)
    {
        if (!draft.OwnerIgnoresAdverts.IsNone && !draft.IsOwner)
        {
            findings.Advise(draft.OwnerIgnoresAdverts,
                $"({draft.Name}) owner_ignore_adverts is for the owner of the addresses, with priority 255", "it is ignored");
        }

        if (!draft.TimerExpired.IsNone && !draft.NoPreempt)
        {
            findings.Advise(draft.TimerExpired, $"({draft.Name}) {draft.TimerExpired.Text} has an effect only with nopreempt",
                "add a line: nopreempt");
        }

        long unit = version == 2 ? Second : Centisecond, interval = draft.AdvertMicroseconds;
        if (interval % unit != 0)
        {
            long rounded = System.Math.Clamp((interval + unit / 2) / unit * unit, unit, version == 2 ? 255 * Second : LongestV3);
            string written = ConfigNumbers.Decimal(interval);
            Late(draft, version == 2 ? $"VRRPv2 advertisement interval {written}s must be an integer. rounding"
                : $"VRRPv3 advertisement interval {written}s must be in units of 10ms - rounding",
                version == 2 ? $"the packet has whole seconds only; {Shown.Of(rounded / Second)} is used"
                : $"the packet has centiseconds only; {ConfigNumbers.Decimal(rounded)} is used", at: draft.AdvertWhere);
            draft.AdvertMicroseconds = rounded;
        }
        else if (version == 3 && interval > LongestV3)
        {
            string written = $"{interval / Second}.{interval % Second / Centisecond:00}";
            Late(draft, $"VRRPv3 advertisement interval {written}s is out of range. Must be less than 40.96s. Setting to 40.95s",
                "the packet has 12 bits of centiseconds", at: draft.AdvertWhere);
            draft.AdvertMicroseconds = LongestV3;
        }
    }
}
