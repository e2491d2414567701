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

    /// <summary>Of IPv6 the packet is the bound, for a link of 1500 bytes.</summary>
    public const int V6AddressesPerAdvert = 89;

    /// <summary>Of an instance that tracks no script; nothing is ever added.</summary>
    private static readonly List<(int, TrackDraft)> s_none = [];

    private readonly Findings _findings;
    private readonly BlockBinder _common;
    private readonly List<InstanceDraft> _instances = [];
    private readonly List<ScriptConfig> _scripts = [];
    private readonly HashSet<string> _scriptNames = [];
    private readonly InterfaceSlots _slots = new();
    private readonly HostNames _host = new();
    private readonly List<AddressDraft> _staticAddresses = [];
    private readonly List<KernelLine> _staticRoutes = [], _staticRules = [];
    private readonly GlobalsBinder _globals;
    private readonly TrackBinder _tracked;
    private readonly GroupBinder _groups;
    private string _file = "";
    private IConfigSource? _source;

    private ConfigBinder(Findings findings)
    {
        _findings = findings;
        _common = new(findings);
        _globals = new(_common);
        _tracked = new(_common, _host);
        _groups = new(_common, _host);
    }

    public static DaemonConfig Bind(ConfigNode root, ConfigInput input, Findings findings)
    {
        ConfigBinder binder = new(findings) { _file = input.File, _source = input.Source };
        binder.SkipNameless(root);
        new KeywordCheck(findings).Run(root);
        binder._host.Collect(root);
        binder.ReadBlocks(root);
        return binder.Resolve() with { Lvs = LvsBinder.Bind(root, binder._common) };
    }

    private void ReadBlocks(ConfigNode root)
    {
        RuleCheck rules = new(_common, _host);
        InstanceBinder instances = new(_common, _host, rules, _source);
        StaticBinder statics = new(_common, _host, rules);
        ScriptBinder scripts = new(_common);
        foreach (ConfigNode block in root.Children)
        {
            if (!_common.IsAccepted(block))
            {
                continue;
            }

            switch (block.Keyword!.Name)
            {
                case "global_defs":
                    _globals.Read(block);
                    break;
                case "vrrp_script":
                    ReadScript(block, scripts);
                    break;
                case "vrrp_instance":
                    _instances.Add(instances.Bind(block));
                    break;
                case "vrrp_sync_group":
                    _groups.Read(block);
                    break;
                case "track_group":
                    _groups.ReadTrackGroup(block);
                    break;
                case "static_ipaddress":
                    statics.Addresses(block, _staticAddresses);
                    break;
                case "static_routes":
                    statics.Routes(block, _staticRoutes);
                    break;
                case "static_rules":
                    statics.Rules(block, _staticRules);
                    break;
                default:
                    if (!_tracked.Read(block))
                    {
                        _globals.CheckRoot(block);
                    }

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
            _findings.Advise(block.Words[1], $"vrrp script {name} already defined",
                "the second block of that name is skipped");
        }
        else if (script is not null)
        {
            _scripts.Add(script);
        }
    }

    /// <summary>Instances without a name of their own are skipped with all that is in them.</summary>
    private void SkipNameless(ConfigNode root)
    {
        HashSet<string> names = new(root.Children.Count);
        foreach (ConfigNode block in root.Children)
        {
            if (block.Keyword is not { Name: "vrrp_instance" })
            {
                continue;
            }

            if (block.ArgumentCount != 1)
            {
                _findings.Error(block.Words[^1], ConfigFault.General, "vrrp_instance must have a name",
                    block.ArgumentCount == 0 ? "write: vrrp_instance NAME {; the block is skipped"
                        : "one name only, or one in double quotes; the block is skipped");
                block.Reject();
            }
            else if (!names.Add(block.Words[1].Text))
            {
                _findings.Error(block.Words[1], ConfigFault.General, $"vrrp instance {block.Words[1].Text} already defined",
                    "the second block of that name is skipped");
                block.Reject();
            }
        }
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

        List<RouterConfig> routers = new(_instances.Count);
        List<List<(int Script, TrackDraft Draft)>> tracks = new(_instances.Count);
        ChannelTable channels = new();
        DeviceTable devices = new(_globals, _slots);
        _instances.ForEach(devices.Reserve);
        InstanceResolver resolver = new(_findings, _common, _globals, _slots, channels, devices, _instances.Count);
        foreach (InstanceDraft draft in _instances)
        {
            List<(int, TrackDraft)> tracked = FindScripts(draft, byName, isUsed);
            if (resolver.Resolve(draft, defaults) is { } router)
            {
                routers.Add(router);
                tracks.Add(tracked);
            }
            else if (draft.Interface is { } name)
            {
                // Its interface may be one more fault of it.
                _host.All.Add(new(HostThing.Interface, name, draft.InterfaceWhere, $"WARNING - interface {name} for vrrp_instance {draft.Name} doesn't exist"));
            }
        }

        SyncGroupConfig[] groups = _groups.Resolve(_instances, name => byName.TryGetValue(name, out int script) ? _scripts[script].Weight : 0);
        for (int i = 0; i < routers.Count && groups.Length > 0; i++)
        {
            tracks[i] = _groups.Of(routers[i].Name) is { } group ? WithGroup(tracks[i], group, byName, isUsed) : tracks[i];
        }

        short[] slots = DropUnused(isUsed, out ScriptConfig[] scripts);
        for (int i = 0; i < routers.Count; i++)
        {
            routers[i] = tracks[i].Count == 0 ? routers[i] : Track(routers[i], tracks[i], slots);
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
            SyncGroups = Number(groups, routers),
            Routers = routers.ToArray(),
            Scripts = scripts,
            Channels = channels.ToArray(),
            GarpGroups = GarpGroups.Resolve(_tracked.Spaced, _globals, routers, _slots),
            StaticAddresses = StaticAddresses(),
            StaticRoutes = _staticRoutes.ToArray(),
            StaticRules = _staticRules.ToArray(),
            HostNames = _host.All.ToArray(),
            Interfaces = _slots.ToArray(),
        };
    }

    /// <summary>Members and their groups know each other by number.</summary>
    private static SyncGroupConfig[] Number(SyncGroupConfig[] groups, List<RouterConfig> routers)
    {
        for (short i = 0; i < groups.Length; i++)
        {
            List<short> numbers = [];
            foreach (string name in groups[i].Members)
            {
                int router = routers.FindIndex(candidate => candidate.Name == name);
                if (router >= 0)
                {
                    numbers.Add((short)router);
                    routers[router] = routers[router] with { SyncGroup = i };
                }
            }

            groups[i] = groups[i] with { Routers = numbers.ToArray() };
        }

        return groups;
    }

    private VirtualAddress[] StaticAddresses()
    {
        VirtualAddress[] addresses = new VirtualAddress[_staticAddresses.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            AddressDraft draft = _staticAddresses[i];
            addresses[i] = draft.At(_slots.Of(draft.Interface ?? _globals.Config.DefaultInterface));
        }

        return addresses;
    }

    private List<(int Script, TrackDraft Draft)> FindScripts(InstanceDraft draft, Dictionary<string, int> byName, bool[] isUsed)
    {
        if (draft.Tracks is null)
        {
            return s_none;
        }

        List<(int, TrackDraft)> found = [];
        foreach (TrackDraft track in draft.Tracks)
        {
            string name = track.Kind == TrackKind.Script ? track.Name.Text : "";
            if (byName.TryGetValue(name, out int script))
            {
                isUsed[script] = true;
                found.Add((script, track));
            }
            else if (name.Length > 0)
            {
                _findings.Error(track.Name, ConfigFault.General, $"({draft.Name}) track script {name} not found, ignoring...",
                    $"vrrp_script '{name}' is not usable, see above");
            }
        }

        return found;
    }

    /// <summary>
    /// The scripts of a member of a group: its own, and those of the group. What both name is tracked once, with the group's weight unless the
    /// instance says 0.
    /// </summary>
    private List<(int Script, TrackDraft Draft)> WithGroup(List<(int Script, TrackDraft Draft)> own, GroupDraft group, Dictionary<string, int> byName,
        bool[] isUsed)
    {
        List<(int Script, TrackDraft Draft)> all = [];
        foreach ((int script, TrackDraft track) in own)
        {
            if (group.HasWeights || (track.Weight ?? _scripts[script].Weight) == 0)
            {
                all.Add((script, track));
            }
        }

        foreach (TrackDraft track in group.Tracks)
        {
            if (track.Kind != TrackKind.Script || !byName.TryGetValue(track.Name.Text, out int script))
            {
                continue;
            }

            isUsed[script] = true;
            int at = all.FindIndex(known => known.Script == script);
            if (at < 0)
            {
                all.Add((script, track));
            }
            else if ((all[at].Draft.Weight ?? _scripts[script].Weight) != 0)
            {
                all[at] = (script, track);
            }
        }

        return all;
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
}
