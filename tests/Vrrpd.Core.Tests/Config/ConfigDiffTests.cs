using System;
using System.Collections.Generic;
using System.Reflection;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Two configurations side by side, in words.</summary>
public class ConfigDiffTests
{
    private const string Base = """
        global_defs {
            script_user nobody
        }
        vrrp_script chk {
            script "/bin/chk one"
            interval 2
            weight 0
        }
        vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            priority 100
            authentication {
                auth_type PASS
                auth_pass secret1
            }
            track_script {
                chk
            }
            virtual_ipaddress {
                10.0.0.4/24
                10.0.0.6/24 label eth0:six
            }
        }
        vrrp_instance VI_2 {
            interface eth1
            virtual_router_id 51
            virtual_ipaddress {
                10.1.0.4/24
            }
        }

        """;

    [Fact]
    public void The_same_in_other_words_and_another_order_is_the_same()
    {
        string other = """
            vrrp_instance VI_2 { # now first
                virtual_router_id 51
                interface eth1
                advert_int 1
                virtual_ipaddress {
                    10.1.0.4/24 dev eth1
                }
            }

            """ + Base[..Base.IndexOf("vrrp_instance VI_2", StringComparison.Ordinal)];
        ConfigDiff diff = Compare(Base, other);
        Assert.True(diff.IsEmpty, string.Join('\n', DiffText.Lines(diff)));
        Assert.Equal(["unchanged: 2 instances, 1 script"], DiffText.Lines(diff));
        Assert.Empty(DiffText.LogLines(diff));
        Assert.Equal([1, 0], diff.RoutersBefore.ToArray());
        Assert.Equal([1, 0], diff.SlotsBefore.ToArray());
    }

    [Theory]
    [InlineData("priority 100", "priority 120", "priority 100 -> 120")]
    [InlineData("priority 100", "advert_int 2", "advert_int 1 -> 2")]
    [InlineData("10.0.0.4/24", "10.0.0.4/24\n10.0.0.5/24", "virtual_ipaddress +10.0.0.5/24")]
    [InlineData("10.0.0.4/24\n", "", "virtual_ipaddress -10.0.0.4/24")]
    [InlineData("label eth0:six", "label eth0:seven", "virtual_ipaddress 10.0.0.6/24 label eth0:six -> label eth0:seven")]
    [InlineData("label eth0:six", "", "virtual_ipaddress 10.0.0.6/24 label eth0:six -> none")]
    [InlineData("10.0.0.4/24", "10.0.0.4/24 dev eth1", "virtual_ipaddress +10.0.0.4/24 dev eth1", "virtual_ipaddress -10.0.0.4/24")]
    [InlineData("chk\n    }\n    virtual", "chk weight -20\n    }\n    virtual", "track_script chk weight 0 -> weight -20")]
    [InlineData("auth_pass secret1", "auth_pass secret2", "auth_pass changed")]
    [InlineData("auth_type PASS\n        auth_pass secret1", "", "auth_type PASS -> none", "auth_pass changed")]
    [InlineData("priority 100", "mcast_src_ip 10.0.0.9", "mcast_src_ip none -> 10.0.0.9")]
    [InlineData("priority 100", "garp_master_refresh 60", "garp_master_refresh 0 -> 60")]
    [InlineData("priority 100", "priority 100\nstate MASTER", "state BACKUP -> MASTER")]
    public void A_change_is_told_with_its_keyword_and_never_with_a_password(string text, string instead, params string[] changes)
    {
        ConfigDiff diff = Compare(Base, Base.Replace(text, instead, StringComparison.Ordinal));
        DiffEntry entry = diff.Instances[0];
        Assert.Equal((DiffKind.Changed, "VI_1", "VI_1"), (entry.Kind, entry.Name, entry.OldName));
        Assert.Equal(changes, entry.Changes);
        Assert.Equal(DiffKind.Same, diff.Instances[1].Kind);
        Assert.All(DiffText.Lines(diff), line => Assert.DoesNotContain("secret", line, StringComparison.Ordinal));
    }

    [Fact]
    public void An_instance_is_known_by_interface_and_vrid_whatever_it_is_called()
    {
        string other = Base.Replace("VI_2", "SECOND", StringComparison.Ordinal).Replace("VI_1", "FIRST", StringComparison.Ordinal);
        ConfigDiff diff = Compare(Base, other.Replace("priority 100", "priority 90", StringComparison.Ordinal));
        Assert.Equal(
            [
                "vrrp_instance FIRST (eth0, VRID 51): changed, was VI_1", "    priority 100 -> 90",
                "  reload: stays what it is; as MASTER tells the new priority at once",
                "vrrp_instance SECOND (eth1, VRID 51): renamed, was VI_2", "  reload: nothing but the name in the log",
                "unchanged: 0 instances, 1 script",
            ],
            DiffText.Lines(diff));
        Assert.Equal(["(FIRST) reload: was VI_1, priority 100 -> 90", "(SECOND) reload: renamed, was VI_2"], DiffText.LogLines(diff));
    }

    [Fact]
    public void Another_vrid_or_interface_is_another_instance()
    {
        string other = Base.Replace("interface eth1", "interface eth2", StringComparison.Ordinal);
        ConfigDiff diff = Compare(Base, other);
        Assert.Equal(
            [
                "vrrp_instance VI_2 (eth2, VRID 51): added", "  reload: starts as at start-up",
                "vrrp_instance VI_2 (eth1, VRID 51): removed",
                "  reload: as MASTER says farewell (priority 0) and removes 1 address; is forgotten",
                "unchanged: 1 instance, 1 script",
            ],
            DiffText.Lines(diff));
        Assert.Equal(["(VI_2) reload: added (eth2, VRID 51)", "(VI_2) reload: removed (eth1, VRID 51)"], DiffText.LogLines(diff));
    }

    [Theory]
    [InlineData("chk one", "chk two", "script ''/bin/chk' 'one'' -> ''/bin/chk' 'two''", false)]
    [InlineData("interval 2", "interval 3\ntimeout 2", "interval 2 -> 3", true)]
    [InlineData("interval 2", "interval 2\nuser root", "user none -> root", false)]
    [InlineData("interval 2", "interval 2\nfall 3", "fall 1 -> 3", true)]
    public void A_script_is_known_by_its_name_and_runs_afresh_when_it_is_another_program(string text, string instead, string change, bool isSameRun)
    {
        ConfigDiff diff = Compare(Base, Base.Replace(text, instead, StringComparison.Ordinal));
        DiffEntry entry = Assert.Single(diff.Scripts);
        Assert.Equal((DiffKind.Changed, "chk"), (entry.Kind, entry.Name));
        Assert.Equal([change.Replace("''", "'", StringComparison.Ordinal)], entry.Changes);
        Assert.Equal(isSameRun, diff.IsSameRun(0));
        Assert.Equal(DiffKind.Same, diff.Instances[0].Kind);
    }

    [Fact]
    public void Another_script_user_is_another_run_of_every_script_that_names_none()
    {
        ConfigDiff diff = Compare(Base, Base.Replace("script_user nobody", "script_user root\nenable_script_security", StringComparison.Ordinal));
        Assert.Equal(["script_user nobody -> root", "enable_script_security no -> yes"], diff.Globals);
        Assert.False(diff.IsSameRun(0));
        Assert.Equal("runs at once; what it said last holds until then", diff.Scripts[0].Consequence);
    }

    [Fact]
    public void Hundreds_of_addresses_more_are_one_line_of_the_log()
    {
        StringBuilder many = new();
        for (int i = 0; i < 200; i++)
        {
            many.Append("10.0.1.").Append(i).Append("/32\n");
        }

        ConfigDiff diff = Compare(Base, Base.Replace("10.0.0.4/24", "10.0.0.4/24\n" + many, StringComparison.Ordinal));
        string line = Assert.Single(DiffText.LogLines(diff));
        Assert.EndsWith(" and 188 more", line, StringComparison.Ordinal);
        Assert.Equal("stays what it is; as MASTER adds and announces 200 new addresses", diff.Instances[0].Consequence);
        Assert.Equal(200, diff.Instances[0].Changes.Length);
    }

    /// <summary>Whoever adds a field to the model and forgets that a reload could change it is told here.</summary>
    [Theory]
    [InlineData(typeof(RouterConfig), "Where InterfaceWhere TrackedWhere Extras Channel")]
    [InlineData(typeof(ScriptConfig), "Where CommandWhere UserWhere")]
    [InlineData(typeof(VirtualAddress), "Where")]
    [InlineData(typeof(AddressWords), "DeviceWhere")]
    [InlineData(typeof(AddressExtras), "")]
    [InlineData(typeof(AnnounceConfig), "")]
    [InlineData(typeof(TrackedScript), "")]
    [InlineData(typeof(HmacConfig), "")]
    [InlineData(typeof(VirtualDevice), "")]
    [InlineData(typeof(FirewallConfig), "")]
    [InlineData(typeof(GlobalConfig), "RouterId DefaultInterface DynamicInterfaces StartupDelay DelayAfterBoot Announce Where ScriptUserWhere")]
    public void Every_field_of_the_model_counts_as_a_change_or_is_known_not_to(Type type, string without)
    {
        DaemonConfig old = Full();
        List<string> missed = [];
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            bool isCounted = Array.IndexOf(without.Split(' '), property.Name) < 0;
            if (property.CanWrite && isCounted == ConfigDiff.Compare(old, With(type, property)).IsEmpty)
            {
                missed.Add($"{type.Name}.{property.Name}: {(isCounted ? "a change is not seen" : "counts though it should not")}");
            }
        }

        Assert.Empty(missed);
    }

    /// <summary>A configuration in which that one property has another value.</summary>
    private static DaemonConfig With(Type type, PropertyInfo property)
    {
        DaemonConfig next = Full();
        RouterConfig router = next.Routers[0];
        if (type == typeof(TrackedScript))
        {
            object tracked = router.TrackedScripts[0];
            DaemonConfig two = next with { Scripts = [next.Scripts[0], next.Scripts[0] with { Name = "other" }] };
            property.SetValue(tracked, Other(property, property.GetValue(tracked)));
            router.TrackedScripts[0] = (TrackedScript)tracked;
            return property.Name == nameof(TrackedScript.Script) ? two : next;
        }

        AddressWords words = router.Addresses[0].Words;
        object target = type == typeof(RouterConfig) ? router : type == typeof(ScriptConfig) ? next.Scripts[0]
            : type == typeof(VirtualAddress) ? router.Addresses[0] : type == typeof(AddressWords) ? words
            : type == typeof(AddressExtras) ? words.Extras : type == typeof(AnnounceConfig) ? router.Announce
            : type == typeof(HmacConfig) ? router.Hmac! : type == typeof(VirtualDevice) ? router.Device!
            : type == typeof(FirewallConfig) ? next.Globals.Firewall : next.Globals;
        property.SetValue(target, Other(property, property.GetValue(target)));
        return next;
    }

    /// <summary>The base with something of everything, nothing of which is shared.</summary>
    private static DaemonConfig Full()
    {
        DaemonConfig config = Parse(Base);
        RouterConfig router = config.Routers[0];
        VirtualAddress first = router.Addresses[0];
        AddressExtras extras = new() { Peer = Ip.FromV4(10, 0, 0, 9), PeerLength = 24 };
        router.Addresses[0] = first with { Words = first.Words with { Extras = extras } };
        config.Routers[0] = router with
        {
            Hmac = new() { ActiveKey = 1, Keys = [new(1, new byte[32], "")] },
            Device = new() { Slot = 1, Base = 0, Address = Ip.FromV4(10, 0, 0, 8) },
            Excluded = [first with { Address = Ip.FromV4(10, 0, 0, 7) }],
            SyncGroup = 0,
        };
        return config with
        {
            Globals = config.Globals with { Firewall = config.Globals.Firewall with { } },
            SyncGroups = [new() { Name = "G", Members = ["VI_1"] }, new() { Name = "H", Members = ["VI_1"] }],
        };
    }

    private static object? Other(PropertyInfo property, object? value) => value switch
    {
        string text => text + "x",
        string[] => new[] { "/bin/other" },
        bool flag => !flag,
        byte number => (byte)(number + 1),
        short number => (short)(number + 1),
        int number => number + 1,
        ulong number => number + 1,
        TimeSpan time => time + TimeSpan.FromSeconds(1),
        Ip => Ip.FromV4(10, 9, 9, 9),
        SourceSpan => new SourceSpan("elsewhere", 7, 7, 7),
        SourceSpan[] => new[] { new SourceSpan("elsewhere", 7, 7, 7) },
        AuthType type => type == AuthType.None ? AuthType.Pass : AuthType.None,
        AnnounceConfig announce => announce with { Repeat = announce.Repeat + 1 },
        VirtualAddress[] => Array.Empty<VirtualAddress>(),
        TrackedScript[] => Array.Empty<TrackedScript>(),
        InstanceExtras extras => extras with { Routes = [new("default", false, SourceSpan.None)] },
        UnicastPeer[] => new[] { new UnicastPeer(Ip.FromV4(10, 9, 9, 9), -1, -1) },
        VirtualDevice[] => new[] { new VirtualDevice() },
        FirewallConfig firewall => firewall with { Priority = firewall.Priority + 1 },
        ChecksumChoice => ChecksumChoice.MessageOnly,
        AddressWords words => words with { Label = words.Label + "x" },
        AddressExtras extras => extras with { TrackGroup = extras.TrackGroup + "x" },
        null when property.PropertyType == typeof(uint?) => 5u,
        VirtualDevice or HmacConfig => null,
        HmacKey[] => new[] { new HmacKey(1, new byte[33], "") },
        HmacMode mode => mode + 1,
        AddressTraits traits => traits | AddressTraits.NoTrack,
        _ => throw new NotSupportedException($"say here what another value of a {value?.GetType().Name} is"),
    };

    private static ConfigDiff Compare(string old, string next) => ConfigDiff.Compare(Parse(old), Parse(next));

    private static DaemonConfig Parse(string text)
    {
        ConfigResult result = ConfigParser.Parse(Encoding.UTF8.GetBytes(text), "t.conf");
        Assert.True(result.CanRun, string.Join('\n', Array.ConvertAll(result.Diagnostics, static found => found.Text)));
        return result.Config!;
    }
}
