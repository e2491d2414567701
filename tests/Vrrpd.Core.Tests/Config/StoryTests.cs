using System;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>The configuration an administrator brings along, from text to model and to the lines of -d.</summary>
public class StoryTests
{
    [Fact]
    public void The_story_configuration_binds_to_what_it_says_without_a_word_of_complaint()
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Story);

        Assert.Empty(ConfigSource.Found(result));
        Assert.True(result.CanRun);
        Assert.Equal((0, 0), (result.TestExitStatus, result.RunExitStatus));
        DaemonConfig config = result.Config!;
        Assert.Equal(["ens192"], config.Interfaces);
        Assert.Equal("LVS_DEVEL", config.Globals.RouterId);
        Assert.Equal(("root", ""), (config.Globals.ScriptUser, config.Globals.ScriptGroup));
        Assert.True(config.Globals.ScriptSecurity);
        Assert.Equal(new("f.conf", 2, 1, 11), config.Globals.Where);

        ScriptConfig script = Assert.Single(config.Scripts);
        Assert.Equal("check_alived", script.Name);
        Assert.Equal(["/etc/keepalived/check_alived.sh"], script.Command);
        Assert.Equal(TimeSpan.FromSeconds(2), script.Interval);
        Assert.Equal(TimeSpan.FromSeconds(2), script.Timeout);
        Assert.Equal((1, 1, 0, false, ""), (script.Rise, script.Fall, script.Weight, script.Reverse, script.User));
        Assert.Equal(new("f.conf", 7, 13, 12), script.Where);

        RouterConfig router = Assert.Single(config.Routers);
        Assert.Equal("VI_1", router.Name);
        Assert.Equal((0, 51, 254, true, false), (router.Interface, router.Vrid, router.Priority, router.WantMaster, router.IsOwner));
        Assert.Equal(TimeSpan.FromSeconds(2), router.AdvertInterval);
        Assert.Equal(Ip.FromV4(10, 10, 30, 1), router.Source);
        Assert.Equal(AuthType.Pass, router.Auth);
        Assert.Equal(0x4b505f5041535300UL, router.AuthPass);
        Assert.Equal(new AnnounceConfig(), router.Announce);
        Assert.Equal([new TrackedScript(0, 0, false)], router.TrackedScripts);
        VirtualAddress address = Assert.Single(router.Addresses);
        Assert.Equal((Ip.FromV4(10, 10, 30, 0), 32, 0, 0, ""), (address.Address, address.PrefixLength, address.Interface, address.Scope,
            address.Label));
        Assert.Equal(new("f.conf", 25, 9, 10), address.Where);
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_change_nothing()
    {
        ConfigResult plain = ConfigSource.Parse(ConfigSource.Story);
        ConfigResult windows = ConfigSource.Parse("\uFEFF" + ConfigSource.Story.Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Equal(["1:1 The file starts with a byte order mark"], ConfigSource.Found(windows));
        Assert.Equal(0, windows.TestExitStatus);
        Assert.Equal(ConfigDump.Lines(plain.Config!), ConfigDump.Lines(windows.Config!));
    }

    [Fact]
    public void Blocks_may_stand_in_any_order()
    {
        int script = ConfigSource.Story.IndexOf("vrrp_script", StringComparison.Ordinal);
        int instance = ConfigSource.Story.IndexOf("vrrp_instance", StringComparison.Ordinal);
        string turned = ConfigSource.Story[instance..] + ConfigSource.Story[script..instance] + ConfigSource.Story[..script];
        ConfigResult result = ConfigSource.Parse(turned);

        Assert.Empty(ConfigSource.Found(result));
        Assert.Equal(ConfigDump.Lines(ConfigSource.Parse(ConfigSource.Story).Config!), ConfigDump.Lines(result.Config!));
    }

    [Fact]
    public void The_dump_has_keepaliveds_lines_and_no_password()
    {
        string[] lines = ConfigDump.Lines(ConfigSource.Parse(ConfigSource.Story).Config!);

        foreach (string line in new[]
        {
            "------< Global definitions >------", " Router ID = LVS_DEVEL", " Default interface = eth0",
                " Gratuitous ARP refresh timer = 0",
            " Script security enabled", "------< VRRP Topology >------", " VRRP Instance = VI_1", "   VRRP Version = 2",
                "   Wantstate = MASTER",
            "   Interface = ens192", "   Using src_ip = 10.10.30.1 (from configuration)", "   Gratuitous ARP lower priority delay = 5",
            "   Virtual Router ID = 51", "   Priority = 254", "   Advert interval = 2 sec", "   Authentication type = SIMPLE_PASSWORD",
            "   Virtual IP (1):", "     10.10.30.0 dev ens192 scope global", "   Tracked scripts :", "     check_alived weight 0",
            "------< VRRP Scripts >------", " VRRP Script = check_alived", "   Command = '/etc/keepalived/check_alived.sh'",
            "   Interval = 2 sec", "   Rise = 1", "     VI_1, weight 0",
        })
        {
            Assert.Contains(line, lines);
        }

        Assert.DoesNotContain("KP_PASS", string.Join('\n', lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_latin1_reaches_the_wire_byte_for_byte()
    {
        byte[] text = Encoding.Latin1.GetBytes(ConfigSource.Instance(
            "authentication { auth_type PASS\n auth_pass p\u00e4ss\n }\nvirtual_ipaddress { 10.0.0.1 }"));
        ConfigResult result = ConfigParser.Parse(text, "f.conf");

        Assert.Equal(0x70e4737300000000UL, result.Config!.Routers[0].AuthPass);
        Assert.Equal([0x70, 0xe4, 0xc3, 0xa4], ConfigText.Encode(ConfigText.Decode([0x70, 0xe4, 0xc3, 0xa4])));
    }
}
