using System;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Comments, quotes, braces, long lines, included files: what a file looks like before anything is understood.</summary>
public class LexerTests
{
    [Theory]
    [InlineData("foo#bar", "foo")]
    [InlineData("foo!bar", "foo")]
    [InlineData("foo # bar", "foo")]
    [InlineData(@"foo\#bar\!baz", "foo#bar!baz")]
    [InlineData("\"foo#bar!baz {x}\" # y", "foo#bar!baz {x}")]
    [InlineData("foo\"bar\"", "foo")]
    [InlineData("\"foo\"bar", "foo")]
    [InlineData("'foo bar'", "'foo")]
    [InlineData("\tfoo\t", "foo")]
    [InlineData(@"a\b", @"a\b")]
    [InlineData(@"a\""b", @"a\")]
    [InlineData("$foo", "$foo")]
    [InlineData("$foo/24", "$foo/24")]
    [InlineData("\"${HOME}\"", "${HOME}")]
    [InlineData("节点", "节点")]
    public void A_word_ends_at_a_blank_a_quote_or_a_comment(string written, string read)
    {
        ConfigResult result = ConfigSource.Parse($"global_defs {{\n router_id {written}\n}}\n");

        Assert.Equal(read, result.Config!.Globals.RouterId);
    }

    [Theory]
    [InlineData("vrrp_instance A {\ninterface e\nvirtual_router_id 5\nvirtual_ipaddress {\n10.0.0.1\n}\n}")]
    [InlineData("vrrp_instance A{\ninterface e\nvirtual_router_id 5\nvirtual_ipaddress{\n10.0.0.1}}")]
    [InlineData("vrrp_instance A\n{\ninterface e\nvirtual_router_id 5\nvirtual_ipaddress\n{\n10.0.0.1\n}\n}\n")]
    [InlineData("vrrp_instance A\n\n# where?\n{ interface e\nvirtual_router_id 5\nvirtual_ipaddress { 10.0.0.1 } }")]
    [InlineData("vrrp_instance A {interface e\nvirtual_router_id 5\nvirtual_ipaddress {10.0.0.1}} # done }")]
    [InlineData("vrrp_instance A {\r\ninterface e\r\nvirtual_router_id 5\r\nvirtual_ipaddress {\r\n10.0.0.1\r\n}\r\n}\r\n")]
    [InlineData("vrrp_instance \"A\" {\ninterface \"e\"\nvirtual_router_id \"5\"\nvirtual_ipaddress { \"10.0.0.1\" }\n}")]
    public void Braces_may_stand_anywhere(string text)
    {
        ConfigResult result = ConfigSource.Parse(text);

        Assert.Empty(ConfigSource.Found(result));
        RouterConfig router = Assert.Single(result.Config!.Routers);
        Assert.Equal(("A", 5, 1), (router.Name, router.Vrid, router.Addresses.Length));
    }

    [Fact]
    public void A_line_of_1023_bytes_is_whole_and_a_longer_one_loses_its_beginning()
    {
        string vip = ConfigSource.Instance("virtual_ipaddress { 10.0.0.1 }");
        Assert.Empty(ConfigSource.Found(ConfigSource.Parse("#" + new string('x', 1022) + "\r\n" + vip)));

        string[] found = ConfigSource.Found(ConfigSource.Parse("#" + new string('x', 1022) + "yyy\n" + vip));
        Assert.Equal(["1:1 Configuration line longer than 1023 bytes - dropping its beginning", "1:1024 Unknown keyword 'yyy'"], found);
        Assert.Equal(["1:1 Configuration line longer than 1023 bytes - dropping its beginning"],
            ConfigSource.Found(ConfigSource.Parse("#" + new string('x', 1022) + "#yyy\n" + vip)));
    }

    [Fact]
    public void An_included_file_is_read_in_place_and_named_in_complaints()
    {
        ConfigResult result = ConfigParser.Parse(Encoding.UTF8.GetBytes(
            "vrrp_instance A {\n include parts/a.conf # the rest\n}\n"), "/etc/k/main.conf", Read);

        Assert.Equal(["1:1 Unknown keyword 'foo'"], ConfigSource.Found(result));
        Assert.Equal("/etc/k/parts/a.conf", result.Diagnostics[0].Where.File);
        Assert.Single(result.Config!.Routers);

        static ReadOnlyMemory<byte>? Read(string path)
        {
            Assert.Equal("/etc/k/parts/a.conf", path);
            return Encoding.UTF8.GetBytes("foo\ninterface e\nvirtual_router_id 5\nvirtual_ipaddress { 10.0.0.1 }\n");
        }
    }
}
