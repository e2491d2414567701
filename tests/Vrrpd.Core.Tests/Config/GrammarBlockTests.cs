using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Braces: where they may stand, and what becomes of a file in which they do not match.</summary>
public class GrammarBlockTests
{
    [Theory]
    [InlineData("vrrp_instance V {\nstate BACKUP\n}")]
    [InlineData("vrrp_instance V{\nstate BACKUP}")]
    [InlineData("vrrp_instance V\n{\nstate BACKUP\n}")]
    [InlineData("vrrp_instance V\n\n# c\n  {state BACKUP} # done }")]
    [InlineData("vrrp_instance V { state BACKUP }")]
    [InlineData("vrrp_instance V\n{state BACKUP\n}\n")]
    public void A_brace_may_stand_on_the_line_on_the_next_or_attached(string text)
    {
        Grammar read = Grammar.Read(text);

        Assert.Equal(["vrrp_instance|V", " state|BACKUP"], read.Lines);
        Assert.Empty(read.Found);
    }

    [Theory]
    [InlineData("vrrp_instance V { virtual_ipaddress { 10.0.0.1 } }", "vrrp_instance|V; virtual_ipaddress;  10.0.0.1")]
    [InlineData("vrrp_instance V { authentication { auth_type PASS\nauth_pass x } state BACKUP\n}",
        "vrrp_instance|V; authentication;  auth_type|PASS;  auth_pass|x; state|BACKUP")]
    [InlineData("vrrp_instance V { state BACKUP priority 3\n}", "vrrp_instance|V; state|BACKUP|priority|3")]
    [InlineData("vrrp_instance \"V{}\" { virtual_ipaddress { \"}\" } }", "vrrp_instance|V{}; virtual_ipaddress;  }")]
    public void Only_braces_separate_statements_on_a_line(string text, string lines)
    {
        Grammar read = Grammar.Read(text);

        Assert.Equal(lines.Split(';'), read.Lines);
        Assert.Empty(read.Found);
    }

    [Fact]
    public void A_block_of_values_takes_any_line_up_to_its_brace() =>
        Assert.Equal(["static_ipaddress", " vrrp_instance|V", " 10.0.0.1|dev|e"],
            Grammar.Read("static_ipaddress {\nvrrp_instance V\n10.0.0.1 dev e\n}\n").Lines);

    [Theory]
    [InlineData("static_ipaddress a b { x\n}", "1:18 Block static_ipaddress has extra parameters a ...")]
    [InlineData("vrrp_instance V\nstate BACKUP\n}", "2:1 Missing '{' at beginning of configuration block")]
    [InlineData("static_ipaddress\n10.0.0.1\n}", "2:1 '{' missing from beginning of block static_ipaddress")]
    [InlineData("{\nvrrp_instance V {\n}\n}", "1:1 Unexpected '{' - ignoring")]
    [InlineData("vrrp_instance V {\n}\n}", "3:1 Extra '}' found")]
    [InlineData("vrrp_instance V {\nstate BACKUP\n", "1:1 There are 1 missing '}'s or extra '{'s")]
    [InlineData("vrrp_instance V {\nfoo {\nbar\n}\n}\n", "2:1 Unknown keyword 'foo'")]
    [InlineData("foo {\nbar\n}\n", "1:5 Unexpected '{' - ignoring")]
    public void A_brace_in_a_wrong_place_is_reported(string text, string complaint) => Assert.Contains(complaint, Grammar.Read(text).Found);

    [Fact]
    public void What_was_read_before_a_missing_brace_is_kept()
    {
        Assert.Equal(["vrrp_instance|V", " state|BACKUP"], Grammar.Read("vrrp_instance V\nstate BACKUP\n}").Lines);
        Assert.Equal(["vrrp_instance|V", " state|BACKUP"], Grammar.Read("vrrp_instance V {\nstate BACKUP\n").Lines);
    }

    [Fact]
    public void What_follows_a_brace_is_a_line_of_its_own()
    {
        MemorySource source = new MemorySource().With("/etc/k/a.conf", "state BACKUP\n");
        Grammar read = Grammar.Read("vrrp_instance V { include a.conf\n} $Z=W\nvrrp_instance $Z { @main priority 5\n} @^main foo\n", source);

        Assert.Equal(["vrrp_instance|V", " state|BACKUP", "vrrp_instance|W", " priority|5"], read.Lines);
        Assert.Empty(read.Found);
    }

    [Fact]
    public void An_undefined_variable_outside_quotes_is_cut_at_its_braces()
    {
        Grammar read = Grammar.Read("global_defs {\nrouter_id ${UNDEF}x\n}\n");

        Assert.Equal(["global_defs", " router_id|$"], read.Lines);
        Assert.Equal(["2:11 Variable '${UNDEF}' is not defined", "2:12 Unexpected '{' - ignoring", "2:19 Unknown keyword 'x'"], read.Found);
        Assert.Equal(["global_defs", " router_id|${UNDEF}x"], Grammar.Read("global_defs {\nrouter_id \"${UNDEF}x\"\n}\n").Lines);
    }
}
