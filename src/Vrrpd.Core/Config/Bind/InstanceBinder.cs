using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>vrrp_instance block to <see cref="InstanceDraft"/>: everything that can be said without the rest of the file.</summary>
internal sealed class InstanceBinder(BlockBinder common, HostNames host, RuleCheck rules, IConfigSource? source)
{
    /// <summary>Of timer_expired_backup without a number.</summary>
    private const byte HighestBelowOwner = 254;

    private readonly AddressBinder _addresses = new(common, host);
    private readonly TransportBinder _transport = new(common);
    private readonly AuthBinder _auth = new(common, source);
    private readonly TrackLines _tracks = new(common, host);
    private readonly RouteCheck _routes = new(common, host);

    /// <summary>Names of macvlans and ipvlans, and whose they are.</summary>
    private readonly Dictionary<string, string> _devices = [];

    public InstanceDraft Bind(ConfigNode block)
    {
        InstanceDraft draft = new(block.Words[1].Text, block.Words[1]);
        foreach (ConfigNode node in block.Children)
        {
            Keyword keyword = node.Keyword!;
            if (node.IsRejected)
            {
                Rejected(keyword.Name, draft);
                continue;
            }

            if (!Identity(node, keyword.Name, draft) && !Transport(node, keyword.Name, draft) && !Timing(node, keyword.Name, draft)
                && !Lines(node, keyword.Name, draft))
            {
                Rest(node, keyword.Name, draft);
            }
        }

        AfterBlock(block, draft);
        return draft;
    }

    /// <summary>What a keyword does although its value is wrong.</summary>
    private static void Rejected(string keyword, InstanceDraft draft)
    {
        switch (keyword)
        {
            case "priority":
                // keepalived falls back to the default, not to what an earlier line said.
                draft.Priority = 100;
                break;
            case "old_unicast_checksum":
                draft.HasUnicastWord = true;
                break;
            default:
                break;
        }
    }

    private bool Identity(ConfigNode node, string keyword, InstanceDraft draft)
    {
        switch (keyword)
        {
            case "state":
                State(node.Words[1], draft);
                return true;
            case "interface":
                (draft.Interface, draft.InterfaceWhere) = (node.Words[1].Text, node.Words[1].Where);
                return true;
            case "virtual_router_id":
                draft.Vrid = (int)BlockBinder.Number(node);
                return true;
            case "priority":
                draft.Priority = (int)BlockBinder.Number(node);
                return true;
            case "version":
                Version(node, draft);
                return true;
            case "native_ipv6":
                Native(node, draft);
                return true;
            case "strict_mode":
                draft.Strict = BlockBinder.Bool(node);
                return true;
            case "dual_version":
                draft.Dual = BlockBinder.Bool(node) ? node.First : default;
                return true;
            case "authentication":
                _auth.Authentication(node, draft);
                return true;
            case "auth_hmac":
                _auth.Hmac(node, draft);
                return true;
            default:
                return false;
        }
    }

    private bool Transport(ConfigNode node, string keyword, InstanceDraft draft)
    {
        switch (keyword)
        {
            case "mcast_src_ip" or "unicast_src_ip":
                draft.HasUnicastWord |= keyword == "unicast_src_ip";
                _transport.Source(node.Words[1], draft);
                return true;
            case "mcast_dst_ip":
                _transport.Group(node.Words[1], draft);
                return true;
            case "unicast_peer":
                _transport.Peers(node, draft);
                return true;
            case "unicast_ttl":
                (draft.HasUnicastTtl, draft.Ttl) = (true, (byte)BlockBinder.Number(node));
                return true;
            case "unicast_fault_no_peer":
                draft.FaultsWithoutPeer = true;
                return true;
            case "check_unicast_src":
                draft.HasUnicastWord = draft.ChecksUnicastSource = true;
                return true;
            case "old_unicast_checksum":
                draft.HasUnicastWord = true;
                draft.UnicastChecksum = node.ArgumentCount > 0 ? ChecksumChoice.NeverOldUnicast : ChecksumChoice.OldUnicast;
                return true;
            case "v3_checksum_as_v2":
                draft.MessageOnlyChecksum = BlockBinder.Bool(node);
                return true;
            case "skip_check_adv_addr":
                draft.SkipsSameMaster = BlockBinder.Bool(node);
                return true;
            case "track_src_ip":
                draft.TracksSource = true;
                return true;
            case "vrf":
                Vrf(node, draft);
                return true;
            case "use_vmac":
                NoSecondDevice(node, draft);
                draft.Device = Own(node, _transport.Macvlan(node, draft), draft);
                return true;
            case "use_ipvlan":
                NoSecondDevice(node, draft);
                draft.Device = Own(node, _transport.Ipvlan(node, draft), draft);
                return true;
            case "use_vmac_addr":
                draft.HasAddressDevices = true;
                return true;
            case "vmac_xmit_base":
                draft.SendsOnBase = true;
                return true;
            default:
                return false;
        }
    }

    private static bool Timing(ConfigNode node, string keyword, InstanceDraft draft)
    {
        switch (keyword)
        {
            case "advert_int":
                (draft.AdvertMicroseconds, draft.AdvertWhere) = (BlockBinder.Number(node), node.Words[1]);
                return true;
            case "preempt" or "nopreempt":
                draft.NoPreempt = keyword == "nopreempt";
                return true;
            case "preempt_delay":
                draft.PreemptMicroseconds = BlockBinder.Number(node);
                return true;
            case "down_timer_adverts":
                draft.DownTimerAdverts = (int)BlockBinder.Number(node);
                return true;
            case "lower_prio_no_advert":
                draft.LowerPriorityNoAdvert = BlockBinder.Bool(node);
                return true;
            case "higher_prio_send_advert":
                draft.HigherPrioritySendsAdvert = BlockBinder.Bool(node);
                return true;
            case "owner_ignore_adverts":
                draft.IgnoresAdverts = BlockBinder.Bool(node);
                draft.OwnerIgnoresAdverts = BlockBinder.Bool(node) ? node.First : default;
                return true;
            case "timer_expired_backup" or "thread_timer_expired":
                draft.TimerExpired = node.First;
                draft.StandBackPriority = node.ArgumentCount > 0 ? (byte)BlockBinder.Number(node) : HighestBelowOwner;
                return true;
            case "accept" or "no_accept":
                draft.Accept = keyword == "accept";
                return true;
            case "dont_track_primary":
                draft.IgnoresOwnInterface = true;
                return true;
            case "promote_secondaries":
                draft.PromotesSecondaries = node.First;
                return true;
            case "no_virtual_ipaddress":
                draft.HasNoAddressOnPurpose = true;
                return true;
            default:
                return false;
        }
    }

    private bool Lines(ConfigNode node, string keyword, InstanceDraft draft)
    {
        switch (keyword)
        {
            case "virtual_ipaddress":
                Addresses(node, draft, draft.Addresses, isExcluded: false);
                return true;
            case "virtual_ipaddress_excluded":
                Addresses(node, draft, draft.Excluded ??= [], isExcluded: true);
                return true;
            case "virtual_routes":
                foreach (ConfigNode line in node.Children)
                {
                    Add(draft.Routes ??= [], _routes.Read(line, isStatic: false));
                }

                return true;
            case "virtual_rules":
                foreach (ConfigNode line in node.Children)
                {
                    Add(draft.Rules ??= [], rules.Read(line, isStatic: false));
                }

                return true;
            default:
                if (TrackLines.KindOf(keyword) is not { } kind)
                {
                    return false;
                }

                _tracks.Read(node, kind, draft.Name, draft.Tracks ??= []);
                return true;
        }
    }

    private static void Add(List<KernelLine> lines, KernelLine? line)
    {
        if (line is not null)
        {
            lines.Add(line);
        }
    }

    private void Rest(ConfigNode node, string keyword, InstanceDraft draft)
    {
        switch (keyword)
        {
            case "linkbeat_use_polling":
                common.Findings.Error(node.First, ConfigFault.Deprecated,
                    $"({draft.Name}) 'linkbeat_use_polling' in vrrp instance deprecated - use linkbeat_interfaces block", node.Keyword!.Help);
                break;
            case "lvs_sync_daemon_interface":
                common.Findings.Error(node.First, ConfigFault.Deprecated,
                    $"({draft.Name}) Specifying lvs_sync_daemon_interface against a vrrp is deprecated.", node.Keyword!.Help);
                break;
            default:
                if (keyword.StartsWith("notify", StringComparison.Ordinal) && keyword != "notify_priority_changes")
                {
                    Notify(node, keyword, draft);
                }
                else
                {
                    AnnounceBinder.Bind(node, draft.Announce, common, $"({draft.Name}): ");
                }

                break;
        }
    }

    private void State(Word at, InstanceDraft draft)
    {
        bool wantsMaster = at.Is("MASTER"u8);
        if (!wantsMaster && !at.Is("BACKUP"u8))
        {
            common.Findings.Error(at, ConfigFault.General, $"({draft.Name}) unknown state '{at.Text}', defaulting to BACKUP",
                "state is MASTER or BACKUP, in capitals");
        }

        if (draft.WantMaster == true && !wantsMaster)
        {
            common.Findings.Error(at, ConfigFault.General, $"({draft.Name}) state previously set as MASTER - ignoring {at.Text}",
                "state may stand once");
            return;
        }

        draft.WantMaster = wantsMaster;
    }

    private void Version(ConfigNode node, InstanceDraft draft)
    {
        int version = (int)BlockBinder.Number(node);
        int? earlier = draft.Version ?? (draft.IsV6 == true ? 3 : null);
        if (earlier is { } known && known != version)
        {
            common.Findings.Error(node.Words[1], ConfigFault.General,
                $"({draft.Name}) vrrp_version {Shown.Of(version)} conflicts with configured or deduced version {Shown.Of(known)}; ignoring.",
                draft.Version is null ? "the addresses above make this an IPv6 instance, which speaks version 3" : "version may stand once");
            return;
        }

        draft.Version = version;
    }

    private void Native(ConfigNode node, InstanceDraft draft)
    {
        if (draft.IsV6 == false)
        {
            common.Findings.Error(node.First, ConfigFault.General, $"({draft.Name}) Cannot specify native_ipv6 with IPv4 addresses",
                TransportBinder.FamilyOf(draft));
            return;
        }

        draft.IsV6 = true;
    }

    private void Vrf(ConfigNode node, InstanceDraft draft)
    {
        if (draft.Interface is not null)
        {
            common.Findings.Error(node.First, ConfigFault.General, $"({draft.Name}) Cannot specify VRF interface and interface - ignoring",
                "an instance on an interface is in the VRF of that interface");
            return;
        }

        draft.Vrf = node.Words[1].Text;
        host.Add(HostThing.Vrf, node.Words[1], $"({draft.Name}) WARNING - VRF interface {draft.Vrf} doesn't exist");
    }

    private void NoSecondDevice(ConfigNode node, InstanceDraft draft)
    {
        string keyword = node.First.Text;
        if (draft.Device is { } device && device.IsIpvlan != (keyword == "use_ipvlan"))
        {
            common.Findings.Advise(node.First, $"({draft.Name}) use_vmac and use_ipvlan exclude each other", $"{keyword} is taken, as the later one");
        }
    }

    /// <summary>A device belongs to one instance.</summary>
    private VirtualDevice Own(ConfigNode node, VirtualDevice device, InstanceDraft draft)
    {
        if (device.Name.Length == 0 || _devices.TryAdd(device.Name, draft.Name) || _devices[device.Name] == draft.Name)
        {
            return device;
        }

        common.Findings.Error(node.First, ConfigFault.General,
            $"({draft.Name}) VRRP instance {_devices[device.Name]} is already using {device.Name} - ignoring name", "each needs a name of its own");
        return device with { Name = "" };
    }

    private void Addresses(ConfigNode block, InstanceDraft draft, List<AddressDraft> list, bool isExcluded)
    {
        foreach (ConfigNode line in block.Children)
        {
            AddressDraft? address = _addresses.Bind(line, AddressUse.Virtual);
            if (address is null)
            {
                continue;
            }

            if (!isExcluded && !TransportBinder.Fits(address.Address, draft))
            {
                (draft.Misfits ??= []).Add(line);
                common.Findings.Error(line.First, ConfigFault.General,
                    $"({draft.Name}): address family must match VRRP instance [{line.First.Text}] - ignoring",
                    $"{TransportBinder.FamilyOf(draft)}: put the address into virtual_ipaddress_excluded");
            }
            else if (!draft.IsNew(address.Address))
            {
                common.Findings.Error(line.First, ConfigFault.General, $"({draft.Name}) duplicate VIP {line.First.Text} - ignoring",
                    "each address may stand once");
            }
            else
            {
                list.Add(address);
            }
        }
    }

    private void Notify(ConfigNode node, string keyword, InstanceDraft draft)
    {
        string name = keyword.StartsWith("notify_", StringComparison.Ordinal) ? keyword["notify_".Length..] : "";
        foreach (NotifyCommand earlier in draft.Notify ??= [])
        {
            if (earlier.Event == name)
            {
                common.Findings.Error(node.First, ConfigFault.General,
                    $"({draft.Name}) {keyword} script already specified - ignoring {(node.ArgumentCount > 0 ? node.Words[1].Text : "")}",
                    "one command for each event: put several into a script");
                return;
            }
        }

        string[]? command = node.ArgumentCount == 0 ? [] : ScriptCommand.Split(node.Words[1], common.Findings);
        if (command is not null)
        {
            draft.Notify.Add(new(name, command, node.ArgumentCount > 1 ? node.Words[2].Text : "",
                node.ArgumentCount > 2 ? node.Words[3].Text : "", node.Words[Math.Min(1, node.ArgumentCount)].Where));
        }
    }

    /// <summary>What keepalived finds at the closing brace.</summary>
    private void AfterBlock(ConfigNode block, InstanceDraft draft)
    {
        if (draft.Misfits is { } misfits && draft.Addresses.Count > 0 && !common.Findings.IsFull)
        {
            common.Findings.Add(DualStack.Advice(block, draft, misfits));
        }

        if (draft.HasUnicastTtl && !draft.IsUnicast)
        {
            AtEnd($"({draft.Name}): Cannot use unicast_ttl without unicast peers - resetting", "add a block: unicast_peer { ADDR }");
        }

        if (draft.IsUnicast && draft.Interface is null && draft.Device is { } device)
        {
            AtEnd($"({draft.Name}): Cannot use VMAC/ipvlan with unicast and no interface - clearing {(device.IsIpvlan ? "use_ipvlan" : "use_vmac")}",
                "add a line: interface IF");
            draft.Device = null;
        }
        else if (draft.IsUnicast && draft.Device is { IsIpvlan: false } && !draft.SendsOnBase)
        {
            AtEnd($"({draft.Name}) unicast with use_vmac requires vmac_xmit_base - setting", "add a line: vmac_xmit_base");
            draft.SendsOnBase = true;
        }

        void AtEnd(string text, string explanation) => common.Findings.Error(block.End, ConfigFault.General, text, explanation);
    }
}
