using System;
using System.Collections.Generic;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>
/// Tree to <see cref="DaemonConfig"/>. First every block is read for itself, then what depends on the whole file is settled: scripts
/// by name, defaults of global_defs, interface slots, rivals for a virtual router id. So the order of blocks does not matter.
/// </summary>
internal sealed class ConfigBinder
{
    /// <summary>Addresses an advert can hold: its count is one byte.</summary>
    public const int AddressesPerAdvert = 255;
    private const long Second = 1_000_000;

    private readonly Findings _findings;
    private readonly BlockBinder _common;
    private readonly List<InstanceDraft> _instances = [];
    private readonly List<ScriptConfig> _scripts = [];
    private readonly HashSet<string> _instanceNames = [];
    private readonly HashSet<string> _scriptNames = [];
    private readonly Dictionary<string, short> _slots = [];
    private readonly List<string> _interfaces = [];
    private readonly GlobalsBinder _globals;
    private string _file = "";

    private ConfigBinder(Findings findings)
    {
        _findings = findings;
        _common = new(findings);
        _globals = new(_common);
    }

    public static DaemonConfig Bind(ConfigNode root, string file, Findings findings)
    {
        ConfigBinder binder = new(findings) { _file = file };
        new KeywordCheck(findings).Run(root);
        binder.ReadBlocks(root);
        return binder.Resolve() with { Lvs = LvsBinder.Bind(root, binder._common) };
    }

    private void ReadBlocks(ConfigNode root)
    {
        InstanceBinder instances = new(_common);
        ScriptBinder scripts = new(_common);
        foreach (ConfigNode block in BlockBinder.Accepted(root, _common.Refuse))
        {
            switch (block.Keyword!.Name)
            {
                case "global_defs":
                    _globals.Read(block);
                    break;
                case "vrrp_script":
                    ReadScript(block, scripts);
                    break;
                case "vrrp_instance":
                    ReadInstance(block, instances);
                    break;
                default:
                    break;
            }
        }
    }

    private void ReadScript(ConfigNode block, ScriptBinder binder)
    {
        string name = block.Words[1].Text;
        ScriptConfig? script = binder.Bind(block);
        if (!_scriptNames.Add(name))
        {
            _findings.Error(block.Words[1], ConfigFault.General, $"vrrp script {name} already defined",
                "the second block of that name is skipped");
        }
        else if (script is not null)
        {
            _scripts.Add(script);
        }
    }

    private void ReadInstance(ConfigNode block, InstanceBinder binder)
    {
        if (block.ArgumentCount != 1)
        {
            _findings.Error(block.Words[^1], ConfigFault.General, "vrrp_instance must have a name",
                block.ArgumentCount == 0 ? "write: vrrp_instance NAME {; the block is skipped"
                    : "one name only, or one in double quotes; the block is skipped");
            return;
        }

        string name = block.Words[1].Text;
        if (!_instanceNames.Add(name))
        {
            _findings.Error(block.Words[1], ConfigFault.General, $"vrrp instance {name} already defined",
                "the second block of that name is skipped");
            return;
        }

        _instances.Add(binder.Bind(block));
    }

    private DaemonConfig Resolve()
    {
        AnnounceConfig defaults = _globals.Announce.AsDefaults();
        bool[] isUsed = new bool[_scripts.Count];
        Dictionary<string, int> byName = [];
        for (int i = 0; i < _scripts.Count; i++)
        {
            byName.Add(_scripts[i].Name, i);
        }

        List<RouterConfig> routers = [];
        List<List<(int Script, TrackDraft Draft)>> tracks = [];
        Dictionary<(short Interface, int Vrid), string> rivals = [];
        foreach (InstanceDraft draft in _instances)
        {
            List<(int, TrackDraft)> tracked = FindScripts(draft, byName, isUsed);
            RouterConfig? router = Router(draft, defaults);
            if (router is null || !IsAlone(router, draft, rivals))
            {
                continue;
            }

            routers.Add(router);
            tracks.Add(tracked);
        }

        short[] slots = DropUnused(isUsed, out ScriptConfig[] scripts);
        for (int i = 0; i < routers.Count; i++)
        {
            routers[i] = Track(routers[i], tracks[i], slots);
        }

        if (_instances.Count == 0)
        {
            _findings.Add(new(SourceSpan.None, Severity.Warning, ConfigFault.None, "Warning - keepalived has no configuration to run")
            {
                Explanation = $"{_file} has no usable vrrp_instance block: nothing is sent and no address is served",
                IsBare = true,
            });
        }

        return new()
        {
            Globals = _globals.Config with { Announce = defaults },
            Interfaces = _interfaces.ToArray(),
            Routers = routers.ToArray(),
            Scripts = scripts,
        };
    }

    /// <summary>A line without a line number in front, because keepalived finds it after reading.</summary>
    private void Late(InstanceDraft draft, ConfigFault fault, string text, string explanation, bool stops = false) =>
        _findings.Add(new(draft.Where.Where, Severity.Error, fault, text)
        {
            Explanation = explanation,
            SourceLine = draft.Where.Line.Shown,
            IsBare = true,
            StopsRun = stops,
        });

    private List<(int Script, TrackDraft Draft)> FindScripts(InstanceDraft draft, Dictionary<string, int> byName, bool[] isUsed)
    {
        List<(int, TrackDraft)> found = [];
        foreach (TrackDraft track in draft.Scripts)
        {
            string name = track.Name.Text;
            if (byName.TryGetValue(name, out int script))
            {
                isUsed[script] = true;
                found.Add((script, track));
            }
            else
            {
                _findings.Error(track.Name, ConfigFault.General, $"({draft.Name}) track script {name} not found, ignoring...",
                    _scriptNames.Contains(name) ? $"vrrp_script '{name}' is not usable, see above"
                        : $"there is no vrrp_script '{name}' in this configuration");
            }
        }

        return found;
    }

    private RouterConfig? Router(InstanceDraft draft, AnnounceConfig defaults)
    {
        // Slots are given out for broken instances too: more complaints at once, and no harm.
        short slot = draft.Interface is null ? (short)-1 : Slot(draft.Interface);
        if (draft.Interface is null)
        {
            Late(draft, ConfigFault.General, $"({draft.Name}) Unknown interface!", "an instance needs a line: interface IF", stops: true);
        }

        if (draft.Vrid is null)
        {
            Late(draft, ConfigFault.General, $"({draft.Name}) the virtual router id must be set",
                "an instance needs a line: virtual_router_id 1..255", stops: true);
        }

        if (_globals.Version == 3 && draft.Version is null)
        {
            draft.IsRefused = true;
            _common.Refuse(draft.Where, $"({draft.Name}) vrrp_version 3", "the instance cannot be served; give it a line: version 2");
        }

        int priority = draft.Priority ?? (draft.WantMaster == true ? 255 : 100);
        TimeSpan interval = Interval(draft);
        ulong password = Password(draft, out AuthType auth);
        VirtualAddress[] addresses = Addresses(draft, slot);
        if (draft.IsRefused || draft.Vrid is null || slot < 0)
        {
            return null;
        }

        return new()
        {
            Name = draft.Name,
            Interface = slot,
            InterfaceWhere = draft.InterfaceWhere,
            Vrid = (byte)draft.Vrid.Value,
            Priority = (byte)priority,
            WantMaster = draft.WantMaster ?? priority == 255,
            AdvertInterval = interval,
            Source = draft.Source,
            Auth = auth,
            AuthPass = password,
            Addresses = addresses,
            Announce = draft.Announce.Over(defaults),
            Where = draft.Where.Where,
        };
    }

    private TimeSpan Interval(InstanceDraft draft)
    {
        long rest = draft.AdvertMicroseconds % Second;
        if (rest == 0)
        {
            return ConfigNumbers.Time(draft.AdvertMicroseconds);
        }

        long whole = Math.Clamp((draft.AdvertMicroseconds + Second / 2) / Second, 1, 255);
        string written = ConfigNumbers.Decimal(draft.AdvertMicroseconds);
        string text = $"({draft.Name}) VRRPv2 advertisement interval {written}s must be an integer. rounding";
        Word at = draft.AdvertWhere ?? draft.Where;
        _findings.Add(new(at.Where, Severity.Error, ConfigFault.General, text)
        {
            Explanation = string.Create(CultureInfo.InvariantCulture, $"the packet has whole seconds only; {whole} is used"),
            SourceLine = at.Line.Shown,
            IsBare = true,
        });
        return ConfigNumbers.Time(whole * Second);
    }

    private ulong Password(InstanceDraft draft, out AuthType auth)
    {
        auth = AuthType.None;
        byte[] bytes = draft.Password is { } word ? ConfigText.Encode(word.Text) : [];
        if (!draft.HasPassType)
        {
            if (draft.Password is { } unused && !draft.HasAuthType)
            {
                _findings.Advise(unused, $"({draft.Name}) auth_pass has no effect without auth_type PASS");
            }

            return 0;
        }

        if (bytes.Length == 0)
        {
            Late(draft, ConfigFault.General, $"({draft.Name}) Authentication specified but no password given. Ignoring",
                "add a line to authentication: auth_pass PASSWORD");
            return 0;
        }

        auth = AuthType.Pass;
        ulong packed = 0;
        for (int i = 0; i < 8; i++)
        {
            packed = packed << 8 | (i < bytes.Length ? bytes[i] : 0UL);
        }

        return packed;
    }

    private VirtualAddress[] Addresses(InstanceDraft draft, short slot)
    {
        if (draft.Addresses.Count == 0 && !draft.IsRefused)
        {
            Late(draft, ConfigFault.General, $"({draft.Name}) No VIP specified; at least one is sensible",
                "add a block: virtual_ipaddress { ADDR }");
        }

        if (draft.Addresses.Count > AddressesPerAdvert)
        {
            draft.IsRefused = true;
            _findings.Error(draft.Addresses[AddressesPerAdvert].Where, ConfigFault.Fatal,
                string.Create(CultureInfo.InvariantCulture, $"({draft.Name}) {draft.Addresses.Count} addresses cannot be served"),
                "an advert has room for 255; addresses that are not advertised are not served yet, so spread them over several instances");
        }

        VirtualAddress[] addresses = new VirtualAddress[draft.Addresses.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            AddressDraft from = draft.Addresses[i];
            addresses[i] = new()
            {
                Address = from.Address,
                PrefixLength = from.PrefixLength,
                Interface = from.Interface is null ? slot : Slot(from.Interface),
                DeviceWhere = from.DeviceWhere,
                Scope = from.Scope,
                Broadcast = from.Broadcast,
                Label = from.Label,
                Where = from.Where.Where,
            };
        }

        return addresses;
    }

    private bool IsAlone(RouterConfig router, InstanceDraft draft, Dictionary<(short, int), string> rivals)
    {
        if (rivals.TryAdd((router.Interface, router.Vrid), router.Name))
        {
            return true;
        }

        string rival = rivals[(router.Interface, router.Vrid)];
        Late(draft, ConfigFault.General, string.Create(CultureInfo.InvariantCulture,
            $"{rival} and {router.Name} both use VRID {router.Vrid} with IPv4 on interface {_interfaces[router.Interface]}"),
            "routers with the same id on one network cannot be told apart: change virtual_router_id of one", stops: true);
        return false;
    }

    private short[] DropUnused(bool[] isUsed, out ScriptConfig[] scripts)
    {
        List<ScriptConfig> kept = [];
        short[] slots = new short[_scripts.Count];
        for (int i = 0; i < isUsed.Length; i++)
        {
            ScriptConfig script = _scripts[i];
            if (isUsed[i] && kept.Count < short.MaxValue)
            {
                slots[i] = (short)kept.Count;
                kept.Add(script);
                continue;
            }

            _findings.Add(new(script.Where, Severity.Warning, ConfigFault.None, $"Warning - script {script.Name} is not used")
            {
                Explanation = $"no track_script names '{script.Name}': it is not run",
                IsBare = true,
            });
        }

        scripts = kept.ToArray();
        return slots;
    }

    private RouterConfig Track(RouterConfig router, List<(int Script, TrackDraft Draft)> tracked, short[] slots)
    {
        List<TrackedScript> tracks = [];
        List<SourceSpan> places = [];
        foreach ((int index, TrackDraft draft) in tracked)
        {
            ScriptConfig script = _scripts[index];
            int weight = draft.Weight ?? script.Weight;
            if (router.IsOwner && weight != 0)
            {
                _findings.Add(new(draft.Name.Where, Severity.Error, ConfigFault.General,
                    $"({router.Name}) ignoring tracked script {script.Name} with weights due to address_owner")
                {
                    Explanation = "priority 255 never changes: give the instance a lower one, or the script weight 0",
                    SourceLine = draft.Name.Line.Shown,
                    IsBare = true,
                });
                continue;
            }

            tracks.Add(new(slots[index], weight, draft.Reverse ?? script.Reverse));
            places.Add(draft.Name.Where);
        }

        return router with { TrackedScripts = tracks.ToArray(), TrackedWhere = places.ToArray() };
    }

    private short Slot(string name)
    {
        if (_slots.TryGetValue(name, out short slot))
        {
            return slot;
        }

        if (_interfaces.Count == short.MaxValue)
        {
            return -1;
        }

        slot = (short)_interfaces.Count;
        _interfaces.Add(name);
        _slots.Add(name, slot);
        return slot;
    }
}
