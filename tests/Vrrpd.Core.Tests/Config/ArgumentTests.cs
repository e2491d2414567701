using System;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Commands, numbers, address options, users, GARP numbers: what stands behind a keyword.</summary>
public class ArgumentTests
{
    [Theory]
    [InlineData("/usr/bin/true", "/usr/bin/true")]
    [InlineData("\"/p/s.sh a 'b c'\"", "/p/s.sh|a|b c")]
    [InlineData("'/p/s.sh a \"b c\"'", "/p/s.sh|a|b c")]
    [InlineData("\"/p/s.sh \\\"c d\\\"\"", "/p/s.sh|\"c|d\"")]
    [InlineData("\"/p/s.sh a\"'b'c", "/p/s.sh|abc")]
    [InlineData("\"/p/s.sh {x} #y !z\"", "/p/s.sh|{x}|#y|!z")]
    [InlineData("\"  /p/s.sh   a  \"", "/p/s.sh|a")]
    [InlineData("\"/p/s.sh '' b\"", "/p/s.sh||b")]
    [InlineData(@"""/p/s.sh a\x41\101\tb\\ \cA\q\E""", "/p/s.sh|aAA\tb\\|\u0001q\u001b")]
    [InlineData(@"""/p/s.sh \x9 a\ b""", "/p/s.sh|\t|a b")]
    [InlineData(@"""/p/s.sh a\0b""", "/p/s.sh|a")]
    public void A_command_is_split_twice(string written, string arguments)
    {
        ScriptConfig script = Assert.Single(ScriptOf($"script {written}").Config!.Scripts);

        Assert.Equal(arguments.Split('|'), script.Command);
    }

    [Theory]
    [InlineData("script /bin/test -f x", "2:18 Extra parameter '-f' of 'script' is ignored")]
    [InlineData("script \"/bin/echo 'a b\"", "2:8 String '/bin/echo 'a b': missing terminating '")]
    [InlineData("script '/bin/echo # a'", "2:8 String 'script '/bin/echo': missing terminating '")]
    [InlineData("script \"\"", "3:1 No script set for vrrp_script s - removing")]
    public void A_command_that_would_surprise_is_reported(string line, string expected)
    {
        Assert.Contains(expected, ConfigSource.Found(ScriptOf(line)));
    }

    [Fact]
    public void A_script_has_the_values_it_is_given()
    {
        ScriptConfig script = ScriptOf(
            "script /bin/true\ninterval 1.5\ntimeout 0.25\nweight -20 reverse\nrise 2\nfall 3\nuser nobody:nogroup").Config!.Scripts[0];

        Assert.Equal((TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(0.25)), (script.Interval, script.Timeout));
        Assert.Equal((-20, true, 2, 3, "nobody", "nogroup"), (script.Weight, script.Reverse, script.Rise, script.Fall, script.User,
            script.Group));
    }

    [Theory]
    [InlineData("7", true, 7, "")]
    [InlineData("+7", true, 7, "")]
    [InlineData("007", true, 7, "")]
    [InlineData("0", false, 0, "number '0' outside range [1, 255]")]
    [InlineData("256", false, 256, "number '256' outside range [1, 255]")]
    [InlineData("-1", false, 0, "negative number '-1'")]
    [InlineData("0x10", false, 0, "invalid number '0x10'")]
    [InlineData("", false, 0, "invalid number ''")]
    [InlineData(" 7", false, 0, "invalid number ' 7'")]
    [InlineData("7a", false, 0, "invalid number '7a'")]
    [InlineData("99999999999", false, 0, "number '99999999999' outside unsigned integer range")]
    [InlineData("99999999999999999999999999999999", false, 0, "number '99999999999999999999999999999999' outside unsigned integer range")]
    public void Whole_numbers(string text, bool isUsable, long value, string complaint)
    {
        Assert.Equal(new ParsedNumber(isUsable, value, complaint), ConfigNumbers.Whole(text, 1, 255, isLax: false));
    }

    [Theory]
    [InlineData("1", true, 1_000_000, "")]
    [InlineData("1.", true, 1_000_000, "")]
    [InlineData(".5", true, 500_000, "")]
    [InlineData("+2.25", true, 2_250_000, "")]
    [InlineData("1.0000005", true, 1_000_001, "number '1.0000005' has too many decimal places")]
    [InlineData("2x", true, 2_000_000, "invalid number '2x'")]
    [InlineData("1.5.5", true, 1_500_000, "invalid number '1.5.5'")]
    [InlineData("0.001", false, 1_000, "number '0.001' outside range [0.010000, 255.000000]")]
    [InlineData("256", false, 256_000_000, "number '256' outside range [0.010000, 255.000000]")]
    [InlineData(".", false, 0, "invalid number '.'")]
    [InlineData("-1", false, 0, "negative number '-1'")]
    public void Seconds(string text, bool isUsable, long value, string complaint)
    {
        Assert.Equal(new ParsedNumber(isUsable, value, complaint), ConfigNumbers.Seconds(text, 10_000, 255_000_000));
        Assert.False(ConfigNumbers.Seconds(new string('9', 1000), 0, 255_000_000).IsUsable);
    }

    [Theory]
    [InlineData("0.4", 1)]
    [InlineData("1.004", 1)]
    [InlineData("2.5", 3)]
    [InlineData("255", 255)]
    [InlineData("1.0", 1)]
    public void Adverts_are_sent_every_whole_second(string written, int seconds)
    {
        RouterConfig router = ConfigSource.StoryWith("advert_int 2", $"advert_int {written}").Config!.Routers[0];

        Assert.Equal(TimeSpan.FromSeconds(seconds), router.AdvertInterval);
    }

    [Theory]
    [InlineData("", 100, false)]
    [InlineData("state MASTER", 255, true)]
    [InlineData("state BACKUP", 100, false)]
    [InlineData("priority 255", 255, true)]
    [InlineData("state BACKUP\npriority 255", 255, false)]
    [InlineData("state MASTER\npriority 200", 200, true)]
    [InlineData("state MASTER\npriority 0", 100, true)]
    public void State_and_priority_settle_each_other(string lines, int priority, bool wantsMaster)
    {
        RouterConfig router = ConfigSource.Parse(ConfigSource.Instance(lines + "\nvirtual_ipaddress { 10.0.0.1 }")).Config!.Routers[0];

        Assert.Equal((priority, wantsMaster), (router.Priority, router.WantMaster));
    }

    [Fact]
    public void An_address_line_takes_its_options_in_any_order()
    {
        ConfigResult result = ConfigSource.Parse(ConfigSource.Instance(
            "virtual_ipaddress {\n 10.0.0.1/24 label e:1 brd + scope link dev e7\n 10.0.0.2/24 brd - scope 7\n"
            + " 10.0.0.3/24 broadcast 10.0.0.99\n 10.0.0.4 label abcdefghijklmnopq\n 10.0.0.5/24 brd 1.2.3\n}"));

        Assert.Equal(["8:17 Address label abcdefghijklmnopq is longer than maximum length 15 - removing address",
            "9:18 VRRP is trying to assign invalid broadcast 1.2.3. skipping VIP..."], ConfigSource.Found(result));
        VirtualAddress[] addresses = result.Config!.Routers[0].Addresses;
        Assert.Equal(["ens192", "e7"], result.Config.Interfaces);
        Assert.Equal(3, addresses.Length);
        Assert.Equal((24, 1, 253, Ip.FromV4(10, 0, 0, 255), "e:1"), (addresses[0].PrefixLength, addresses[0].Interface, addresses[0].Scope,
            addresses[0].Broadcast, addresses[0].Label));
        Assert.Equal((Ip.FromV4(10, 0, 0, 0), 7, 0), (addresses[1].Broadcast, addresses[1].Scope, addresses[1].Interface));
        Assert.Equal(Ip.FromV4(10, 0, 0, 99), addresses[2].Broadcast);
        Assert.Contains("     10.0.0.1/24 brd 10.0.0.255 dev e7 scope link label e:1", ConfigDump.Lines(result.Config));
    }

    [Fact]
    public void A_tracked_script_takes_its_weight_from_the_line_or_from_the_script()
    {
        string scripts = "vrrp_script s {\n script /bin/true\n weight 5 reverse\n}\nvrrp_script t {\n script /bin/true\n}\n";
        DaemonConfig config = ConfigSource.Parse(
            ConfigSource.Instance("virtual_ipaddress { 10.0.0.1 }\ntrack_script {\n t weight -7 reverse\n s\n}")
            + ConfigSource.Instance("virtual_ipaddress { 10.0.0.2 }\ntrack_script {\n s weight 3\n}", "B", 6) + scripts).Config!;

        Assert.Equal([new TrackedScript(1, -7, true), new TrackedScript(0, 5, true)], config.Routers[0].TrackedScripts);
        Assert.Equal([new TrackedScript(0, 3, false)], config.Routers[1].TrackedScripts);
    }

    [Fact]
    public void Garp_numbers_come_from_the_instance_or_from_global_defs_wherever_that_stands()
    {
        DaemonConfig config = ConfigSource.Parse(
            ConfigSource.Instance("garp_master_delay 10\ngarp_master_refresh 60\ngarp_master_refresh_repeat 2\nvirtual_ipaddress { 10.0.0.1 }")
            + ConfigSource.Instance("garp_lower_prio_repeat 0\ngarp_lower_prio_delay 1\nvirtual_ipaddress { 10.0.0.2 }", "B", 6)
            + "global_defs {\n vrrp_garp_master_repeat 2\n vrrp_garp_master_delay 7\n}\n").Config!;

        AnnounceConfig defaults = new()
        {
            Repeat = 2,
            Delay = TimeSpan.FromSeconds(7),
            LowerPriorityRepeat = 2,
            LowerPriorityDelay = TimeSpan.FromSeconds(7)
        };
        Assert.Equal(defaults, config.Globals.Announce);
        Assert.Equal(defaults with { Delay = TimeSpan.FromSeconds(10), Refresh = TimeSpan.FromSeconds(60), RefreshRepeat = 2 },
            config.Routers[0].Announce);
        Assert.Equal(defaults with { LowerPriorityRepeat = 0, LowerPriorityDelay = TimeSpan.FromSeconds(1) }, config.Routers[1].Announce);
    }

    private static ConfigResult ScriptOf(string lines) => ConfigSource.Parse($"vrrp_script s {{\n{lines}\n}}\n"
        + ConfigSource.Instance("virtual_ipaddress { 10.0.0.1 }\ntrack_script { s }"));
}
