using System;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config.Check;

/// <summary>`vrrpd explain` says what the table says.</summary>
public class ExplainTests
{
    [Fact]
    public void A_keyword_of_a_block_has_its_place_arguments_default_and_rules()
    {
        Assert.Equal("""
            priority 1..255
              the highest is master; 255 owns the addresses
              where         in vrrp_instance
              argument      1..255: a whole number
              default       100
              repeated      the last one counts
              support       served

            """, ExplainText.About("vrrp_instance.priority"));
    }

    [Theory]
    [InlineData("garp_master_delay", "  default       that of vrrp_garp_master_delay in global_defs\n")]
    [InlineData("auth_hmac.key", "  argument      ID: a whole number, 1 to 255\n")]
    [InlineData("auth_hmac.key", "  secret        never shown")]
    [InlineData("auth_hmac", "  since         keepalived 2.4.0\n")]
    [InlineData("auth_hmac", "In auth_hmac may have:\n\n  key ID VALUE  ")]
    [InlineData("version", "  repeated      the first one counts\n")]
    [InlineData("timer_expired_backup", "  old names     thread_timer_expired\n")]
    [InlineData("thread_timer_expired", "  another name  of timer_expired_backup, which is the one to write\n")]
    [InlineData("virtual_ipaddress", "A line of static_ipaddress, virtual_ipaddress, virtual_ipaddress_excluded may have:")]
    [InlineData("virtual_ipaddress.dev", "  where         in ")]
    [InlineData("vrrp_instance", "In vrrp_instance may have:\n\n")]
    [InlineData("vrf", "  support       refused: ")]
    [InlineData("root", "The top level may have:\n\n")]
    [InlineData("auth-pass-cut", "auth-pass-cut: `auth_pass` longer than 8 bytes\n  why ")]
    public void What_there_is_to_know_is_said(string topic, string expected)
    {
        Assert.Contains(expected, ExplainText.About(topic), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prioritty", "priority")]
    [InlineData("vrrp_instance.advertint", "advert_int")]
    [InlineData("auth-pass-cutt", "auth-pass-cut")]
    [InlineData("zzzzzzzzzzzz", "")]
    public void An_unknown_topic_gets_the_nearest(string topic, string nearest)
    {
        Assert.Null(ExplainText.About(topic));
        Assert.Equal(nearest, ExplainText.Nearest(topic));
    }

    [Fact]
    public void Every_row_can_be_explained_and_every_block_is_in_the_overview()
    {
        foreach (Keyword keyword in ConfigKeywords.All)
        {
            string? text = ExplainText.About($"{keyword.Where.Name}.{keyword.Name}");
            Assert.NotNull(text);
            foreach (string line in text.Split('\n'))
            {
                Assert.True(line.Length <= 120, line);
            }
        }

        string overview = ExplainText.Overview();
        Assert.All(ConfigKeywords.Blocks, block => Assert.Contains(block.Number == 0 ? "(top level)" : $"  {block.Name} ", overview, StringComparison.Ordinal));
    }
}
