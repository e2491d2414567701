using System;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Whatever the bytes: no exception, bounded time, bounded complaints.</summary>
public class RobustnessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void Ten_thousand_addresses_are_read_and_those_that_no_advert_has_room_for_are_excluded_ones()
    {
        StringBuilder one = new("virtual_ipaddress {\n"), many = new();
        for (int i = 0; i < 10_000; i++)
        {
            one.Append(CultureInfo.InvariantCulture, $"10.1.{i / 250}.{i % 250}\n");
            if (i % 250 == 0)
            {
                many.Append(i == 0 ? "" : "}\n}\n");
                many.Append(CultureInfo.InvariantCulture,
                    $"vrrp_instance I{i} {{\ninterface e{i / 250}\nvirtual_router_id 1\nvirtual_ipaddress {{\n");
            }

            many.Append(CultureInfo.InvariantCulture, $"10.1.{i / 250}.{i % 250}/24 label x\n");
        }

        ConfigResult crowded = ConfigSource.Parse(ConfigSource.Instance(one.Append('}').ToString()));
        Assert.Equal(["260:1 (A) Number of VIPs (10000) exceeds maximum/space available in packet"
            + " (max 255 addresses) - excess moved to eVIPs"], ConfigSource.Found(crowded));
        Assert.True(crowded.CanRun);
        Assert.Equal((255, 9745), (crowded.Config!.Routers[0].Addresses.Length, crowded.Config.Routers[0].Excluded.Length));
        ConfigResult served = ConfigSource.Parse(many.Append("}\n}\n").ToString());
        Assert.Empty(ConfigSource.Found(served));
        Assert.Equal((40, 40, 250), (served.Config!.Routers.Length, served.Config.Interfaces.Length,
            served.Config.Routers[39].Addresses.Length));
    }

    [Theory]
    [InlineData("vrrp_instance A {\n")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("foo {")]
    [InlineData("foo bar\n")]
    [InlineData("\"")]
    [InlineData("\"\n")]
    [InlineData("virtual_server a { b { c\n")]
    [InlineData("vrrp_instance A {\nvirtual_ipaddress {\n10.0.0.1 {\n")]
    [InlineData("vrrp_instance A {\ntrack_script {\nx weight\n}}\n")]
    [InlineData("$a=b $a ${a}\n")]
    public void A_hundred_thousand_times_the_same_takes_no_time(string text)
    {
        StringBuilder all = new();
        for (int i = 0; i < 100_000; i++)
        {
            all.Append(text);
        }

        Stopwatch watch = Stopwatch.StartNew();
        ConfigResult result = ConfigSource.Parse(all.ToString());

        Assert.True(watch.Elapsed < Patience, $"took {watch.Elapsed}");
        Assert.InRange(result.Diagnostics.Length, 1, 1100);
    }

    [Fact]
    public void Junk_bytes_are_complained_about_and_nothing_else()
    {
        Random random = new(1);
        byte[] junk = new byte[4096];
        for (int i = 0; i < 200; i++)
        {
            random.NextBytes(junk);
            ConfigResult result = ConfigParser.Parse(junk, "junk");
            Assert.NotEqual(0, result.TestExitStatus);
            Render(result);
        }
    }

    [Fact]
    public void A_mutated_story_never_throws()
    {
        Random random = new(20_26);
        byte[] story = Encoding.UTF8.GetBytes(ConfigSource.Story);
        byte[][] pieces = [[0], [0xff], "\""u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "\n"u8.ToArray(), "#"u8.ToArray(),
            "\\"u8.ToArray(), "'"u8.ToArray(),
            "${_x}"u8.ToArray(), "~SEQ"u8.ToArray(), "include a\n"u8.ToArray(), "weight "u8.ToArray(), "\nscript '"u8.ToArray(),
                "99999999999999999999"u8.ToArray(), "\ud83d\ude00"u8.ToArray()];
        for (int run = 0; run < 2000; run++)
        {
            byte[] text = story;
            for (int edits = random.Next(1, 8); edits > 0; edits--)
            {
                int at = random.Next(text.Length), length = random.Next(Math.Min(12, text.Length - at));
                byte[] piece = random.Next(3) == 0 ? [] : pieces[random.Next(pieces.Length)];
                text = [.. text[..at], .. piece, .. text[(at + length)..]];
            }

            Render(ConfigParser.Parse(text, "f.conf", path => random.Next(2) == 0 ? null : story));
        }
    }

    private static void Render(ConfigResult result)
    {
        foreach (Diagnostic found in result.Diagnostics)
        {
            Assert.NotEqual("", DiagnosticText.Full(found, withFile: true, withSource: true));
        }

        Assert.NotEmpty(ConfigDump.Lines(result.Config!));
        foreach (RouterConfig router in result.Config!.Routers)
        {
            Assert.InRange(router.Interface, 0, result.Config.Interfaces.Length - 1);
            Assert.InRange(router.Addresses.Length, 0, 255);
            Assert.All(router.TrackedScripts, tracked => Assert.InRange(tracked.Script, 0, result.Config.Scripts.Length - 1));
        }
    }
}
