using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>What became of an instance or script from one configuration to the next.</summary>
public enum DiffKind : byte
{
    Same,

    /// <summary>It goes on in place; perhaps under another name too.</summary>
    Changed,
    Added,
    Removed,

    /// <summary>Nothing but the name of an instance.</summary>
    Renamed,
}

/// <summary>One instance or script of either configuration.</summary>
/// <param name="Name">In the new configuration; of what was removed, the name it had.</param>
/// <param name="OldName">In the old configuration; "" for what was added.</param>
/// <param name="Place">What an instance is known by, in words: interface and VRID. "" for a script, which is known by its name.</param>
/// <param name="Changes">In words, each with its keyword; never a password.</param>
/// <param name="Consequence">What a reload does about it, in a sentence without an end.</param>
public sealed record DiffEntry(DiffKind Kind, string Name, string OldName, string Place, string[] Changes, string Consequence);

/// <summary>
/// Two configurations side by side: what a reload from one to the other has to do. Instances are known by what they are on the wire (interface,
/// VRID and family of addresses), so that neither a new name nor a new place in the file moves anything; scripts by their name. Where
/// something stands in the text is no difference.
/// </summary>
public sealed class ConfigDiff
{
    /// <summary>No counterpart in the other configuration.</summary>
    public const short None = -1;

    private const int Vrids = 256, Families = 2, ChannelsPerSlot = 4;

    private readonly short[] _slotsBefore;
    private readonly short[] _slotsNow;
    private readonly short[] _channelsBefore;
    private readonly short[] _channelsNow;
    private readonly short[] _routersBefore;
    private readonly short[] _routersNow;
    private readonly short[] _scriptsBefore;
    private readonly short[] _scriptsNow;
    private DiffEntry[]? _instances;
    private DiffEntry[]? _scripts;

    private ConfigDiff(DaemonConfig old, DaemonConfig next)
    {
        (Old, Next) = (old, next);
        _slotsBefore = Match(old.Interfaces, next.Interfaces);
        _slotsNow = Invert(_slotsBefore, old.Interfaces.Length);
        _channelsBefore = MatchChannels();
        _channelsNow = Invert(_channelsBefore, old.Channels.Length);
        _routersBefore = MatchRouters();
        _routersNow = Invert(_routersBefore, old.Routers.Length);
        _scriptsBefore = Match(Names(old.Scripts), Names(next.Scripts));
        _scriptsNow = Invert(_scriptsBefore, old.Scripts.Length);
    }

    public DaemonConfig Old { get; }
    public DaemonConfig Next { get; }

    /// <summary>Instances in the order of the new configuration, then those that are gone.</summary>
    public DiffEntry[] Instances => _instances ??= CompareInstances();

    /// <summary>Scripts in the order of the new configuration, then those that are gone.</summary>
    public DiffEntry[] Scripts => _scripts ??= CompareScripts();

    /// <summary>Changes of global_defs in words.</summary>
    public string[] Globals => Trait.Changes(Trait.Of(Old), Trait.Of(Next));

    /// <summary>A reload has nothing to do.</summary>
    public bool IsEmpty => Globals.Length == 0 && Array.TrueForAll(Instances, IsSame) && Array.TrueForAll(Scripts, IsSame);

    /// <summary>The slot of each new interface in the old configuration, or <see cref="None"/>.</summary>
    public ReadOnlySpan<short> SlotsBefore => _slotsBefore;

    /// <summary>The slot of each old interface in the new configuration, or <see cref="None"/>.</summary>
    public ReadOnlySpan<short> SlotsNow => _slotsNow;

    /// <summary>The number of each new channel in the old configuration, or <see cref="None"/>.</summary>
    public ReadOnlySpan<short> ChannelsBefore => _channelsBefore;

    /// <summary>The number of each old channel in the new configuration, or <see cref="None"/>.</summary>
    public ReadOnlySpan<short> ChannelsNow => _channelsNow;

    /// <summary>The number of each new instance in the old configuration, or <see cref="None"/>.</summary>
    public ReadOnlySpan<short> RoutersBefore => _routersBefore;

    /// <summary>The number of each old instance in the new configuration, or <see cref="None"/>.</summary>
    public ReadOnlySpan<short> RoutersNow => _routersNow;

    /// <summary>The number of each new script in the old configuration, or <see cref="None"/>.</summary>
    public ReadOnlySpan<short> ScriptsBefore => _scriptsBefore;

    /// <summary>The number of each old script in the new configuration, or <see cref="None"/>.</summary>
    public ReadOnlySpan<short> ScriptsNow => _scriptsNow;

    /// <summary>Compares. Pure; neither configuration is kept longer than the result.</summary>
    public static ConfigDiff Compare(DaemonConfig old, DaemonConfig next) => new(old, next);

    /// <summary>Whether a run of the old script is as good as one of its successor: same program and arguments, same user.</summary>
    public bool IsSameRun(short oldScript)
    {
        short now = _scriptsNow[oldScript];
        if (now == None)
        {
            return false;
        }

        (ScriptConfig a, ScriptConfig b) = (Old.Scripts[oldScript], Next.Scripts[now]);
        return a.Command.AsSpan().SequenceEqual(b.Command) && UserOf(a, Old.Globals) == UserOf(b, Next.Globals);
    }

    /// <summary>
    /// Whether an address of the old configuration is to the kernel what one of the new is. Anything else than the place in the text counts:
    /// a label or a scope cannot be changed on an address that is there.
    /// </summary>
    public bool IsSameAddress(VirtualAddress old, VirtualAddress next) =>
        _slotsNow[old.Interface] == next.Interface && old.Address == next.Address && Bare(old, next.Interface) == Bare(next, next.Interface);

    /// <summary>
    /// The place of an address of the old configuration in an instance of the new, or -1. Where it stood is looked at first, since most lists keep
    /// their order.
    /// </summary>
    public int Find(VirtualAddress old, RouterConfig next, int guess)
    {
        if (guess < next.AddressTotal && IsSameAddress(old, next.AddressAt(guess)))
        {
            return guess;
        }

        for (int i = 0; i < next.AddressTotal; i++)
        {
            if (IsSameAddress(old, next.AddressAt(i)))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether a master of the old configuration drops the same traffic in the new.</summary>
    public bool IsSameTraffic(RouterConfig old, RouterConfig next)
    {
        bool drops = !next.Accepts && !next.IsOwner, same = drops == (!old.Accepts && !old.IsOwner);
        same &= !drops || old.AddressTotal == next.AddressTotal;
        for (int i = 0; same && drops && i < old.AddressTotal; i++)
        {
            same = Find(old.AddressAt(i), next, i) >= 0;
        }

        return same;
    }

    private static VirtualAddress Bare(VirtualAddress vip, short slot) => vip with
    {
        Interface = slot,
        Where = SourceSpan.None,
        Words = vip.Words with { DeviceWhere = SourceSpan.None },
    };

    private static string UserOf(ScriptConfig script, GlobalConfig globals) =>
        script.User.Length > 0 ? $"{script.User}:{script.Group}" : $"{globals.ScriptUser}:{globals.ScriptGroup}";

    private static bool IsSame(DiffEntry entry) => entry.Kind == DiffKind.Same;

    private static string[] Names(ScriptConfig[] scripts) => Array.ConvertAll(scripts, static script => script.Name);

    /// <summary>For each new name the place of the old one. Most files keep their order, so the next place is tried first.</summary>
    private static short[] Match(string[] old, string[] next)
    {
        short[] before = new short[next.Length];
        int guess = 0;
        for (int i = 0; i < next.Length; i++)
        {
            int at = guess < old.Length && old[guess] == next[i] ? guess : Array.IndexOf(old, next[i]);
            before[i] = (short)at;
            guess = at < 0 ? guess : at + 1;
        }

        return before;
    }

    private static short[] Invert(short[] before, int count)
    {
        short[] now = new short[count];
        Array.Fill(now, None);
        for (short i = 0; i < before.Length; i++)
        {
            if (before[i] != None)
            {
                now[before[i]] = i;
            }
        }

        return now;
    }

    /// <summary>VRRP has a space of VRIDs for each interface and family (RFC 9568 section 5.2.3).</summary>
    private static int Identity(short slot, RouterConfig router) => (slot * Vrids + router.Vrid) * Families + (router.IsV6 ? 1 : 0);

    private short[] MatchChannels()
    {
        // For each interface, family and protocol its channel.
        short[] known = new short[Old.Interfaces.Length * ChannelsPerSlot];
        Array.Fill(known, None);
        for (short i = 0; i < Old.Channels.Length; i++)
        {
            known[Place(Old.Channels[i], Old.Channels[i].Slot)] = i;
        }

        short[] before = new short[Next.Channels.Length];
        for (int i = 0; i < before.Length; i++)
        {
            ChannelConfig channel = Next.Channels[i];
            short slot = _slotsBefore[channel.Slot];
            before[i] = slot == None ? None : known[Place(channel, slot)];
        }

        return before;

        static int Place(ChannelConfig channel, short slot) => slot * ChannelsPerSlot + (channel.IsV6 ? 2 : 0) + (channel.IsAh ? 1 : 0);
    }

    /// <summary>
    /// An identity is that of one instance, but for unicast, where several may have it and speak to different peers: there the name decides first, and
    /// then the order.
    /// </summary>
    private short[] MatchRouters()
    {
        short[] first = new short[Old.Interfaces.Length * Vrids * Families], following = new short[Old.Routers.Length];
        Array.Fill(first, None);
        for (int i = Old.Routers.Length - 1; i >= 0; i--)
        {
            ref short head = ref first[Identity(Old.Routers[i].Interface, Old.Routers[i])];
            (following[i], head) = (head, (short)i);
        }

        short[] before = new short[Next.Routers.Length];
        bool[] isTaken = new bool[Old.Routers.Length];
        Array.Fill(before, None);
        Take(byName: true);
        Take(byName: false);
        return before;

        void Take(bool byName)
        {
            for (int i = 0; i < before.Length; i++)
            {
                RouterConfig next = Next.Routers[i];
                short slot = _slotsBefore[next.Interface];
                for (short old = slot == None || before[i] != None ? None : first[Identity(slot, next)]; old != None; old = following[old])
                {
                    if (!isTaken[old] && (!byName || Old.Routers[old].Name == next.Name) && IsSameDevice(Old.Routers[old].Device, next.Device))
                    {
                        (before[i], isTaken[old]) = (old, true);
                        break;
                    }
                }
            }
        }
    }

    /// <summary>Who speaks from another device has another MAC address and other sockets: it is another router, which starts anew.</summary>
    private bool IsSameDevice(VirtualDevice? old, VirtualDevice? next) => old is null || next is null ? old == next
        : old with { Slot = next.Slot, Base = next.Base } == next && IsSameSlot(old.Slot, next.Slot) && IsSameSlot(old.Base, next.Base);

    private bool IsSameSlot(short old, short next) => (old < 0 || old >= _slotsNow.Length ? None : _slotsNow[old]) == next;

    private DiffEntry[] CompareInstances()
    {
        List<DiffEntry> all = [];
        for (int i = 0; i < Next.Routers.Length; i++)
        {
            short before = _routersBefore[i];
            RouterConfig next = Next.Routers[i];
            all.Add(before == None
                ? new(DiffKind.Added, next.Name, "", Place(Next, next), Device(next), "starts as at start-up")
                : CompareInstance(Old.Routers[before], next));
        }

        for (int i = 0; i < Old.Routers.Length; i++)
        {
            if (_routersNow[i] == None)
            {
                RouterConfig old = Old.Routers[i];
                all.Add(new(DiffKind.Removed, old.Name, old.Name, Place(Old, old), [],
                    $"as MASTER says farewell (priority 0) and removes {DiffText.Count(old.AddressTotal, "address")}; is forgotten"));
            }
        }

        return [.. all];
    }

    /// <summary>That it is new because of its device, if it is.</summary>
    private string[] Device(RouterConfig next)
    {
        short slot = _slotsBefore[next.Interface];
        RouterConfig? old = slot == None ? null
            : Array.Find(Old.Routers, old => old.Name == next.Name && old.Interface == slot && Identity(slot, old) == Identity(slot, next));
        return old is null || IsSameDevice(old.Device, next.Device) ? []
            : [$"device {Trait.Device(Old, old.Device)} -> {Trait.Device(Next, next.Device)}"];
    }

    private DiffEntry CompareInstance(RouterConfig old, RouterConfig next)
    {
        string[] changes = Trait.Changes(Trait.Of(Old, old), Trait.Of(Next, next));
        DiffKind kind = changes.Length > 0 ? DiffKind.Changed : old.Name != next.Name ? DiffKind.Renamed : DiffKind.Same;
        string consequence = kind switch
        {
            DiffKind.Same => "nothing",
            DiffKind.Renamed => "nothing but the name in the log",
            _ => Consequence(old, next),
        };
        return new(kind, next.Name, old.Name, Place(Next, next), changes, consequence);
    }

    private string Consequence(RouterConfig old, RouterConfig next)
    {
        List<string> parts = ["stays what it is"];
        int removed = 0, added = next.AddressTotal;
        for (int i = 0; i < old.AddressTotal; i++)
        {
            bool stays = Find(old.AddressAt(i), next, i) >= 0;
            (removed, added) = stays ? (removed, added - 1) : (removed + 1, added);
        }

        if (old.Priority != next.Priority)
        {
            parts.Add("as MASTER tells the new priority at once");
        }

        if (old.Version != next.Version)
        {
            parts.Add($"speaks version {next.Version}, and hears only peers that do");
        }

        if (old.IsUnicast != next.IsUnicast || old.Group != next.Group)
        {
            parts.Add(next.IsUnicast ? "speaks to its peers only" : $"speaks and listens to the group {next.Group}");
        }

        if (removed > 0)
        {
            parts.Add($"as MASTER removes {DiffText.Count(removed, "address")}");
        }

        if (added > 0)
        {
            parts.Add($"as MASTER adds and announces {DiffText.Count(added, "new address")}");
        }

        if (old.AdvertInterval != next.AdvertInterval)
        {
            parts.Add("its timers follow the new interval");
        }

        if (old.Auth != next.Auth || old.AuthPass != next.AuthPass || (old.Hmac is null) != (next.Hmac is null))
        {
            parts.Add("hears only peers that have the new authentication too");
        }

        return string.Join("; ", parts);
    }

    private DiffEntry[] CompareScripts()
    {
        List<DiffEntry> all = [];
        for (int i = 0; i < Next.Scripts.Length; i++)
        {
            short before = _scriptsBefore[i];
            ScriptConfig next = Next.Scripts[i];
            if (before == None)
            {
                all.Add(new(DiffKind.Added, next.Name, "", "", [], "runs at once"));
                continue;
            }

            string[] changes = Trait.Changes(Trait.Of(Old.Scripts[before]), Trait.Of(next));
            string consequence = !IsSameRun(before) ? "runs at once; what it said last holds until then"
                : changes.Length > 0 ? "keeps its verdict; runs by the new numbers" : "nothing";
            DiffKind kind = changes.Length > 0 || !IsSameRun(before) ? DiffKind.Changed : DiffKind.Same;
            all.Add(new(kind, next.Name, next.Name, "", changes, consequence));
        }

        for (int i = 0; i < Old.Scripts.Length; i++)
        {
            if (_scriptsNow[i] == None)
            {
                all.Add(new(DiffKind.Removed, Old.Scripts[i].Name, Old.Scripts[i].Name, "", [], "is ended if it runs"));
            }
        }

        return [.. all];
    }

    private static string Place(DaemonConfig config, RouterConfig router) => $"{config.Interfaces[router.Interface]}, VRID {DiffText.Number(router.Vrid)}";
}
