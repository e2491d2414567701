using System;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>A complaint about text that came out of a variable, a sequence or an included file leads back to where it stands.</summary>
public class GrammarTraceTests
{
    [Fact]
    public void A_word_out_of_a_variable_is_shown_where_it_is_used_expanded_and_where_it_is_defined() =>
        Assert.Equal("""
            (/etc/k/f.conf: Line 4) Unknown keyword 'prioritty'
            /etc/k/f.conf:4:3: 'prioritty' is not a keyword of vrrp_instance 'V'; did you mean 'priority'?
             4 |   $P 5
               |   ^~
               = prioritty 5
               | ^~~~~~~~~
               from $P, defined at /etc/k/f.conf:2:6
            """, Shown("vrrp_instance V {\n  $P=prioritty # oh\n\n  $P 5\n}\n"));

    [Fact]
    public void A_variable_in_a_variable_is_followed_to_the_end() =>
        Assert.Equal("""
            (/etc/k/f.conf: Line 3) Unknown keyword 'xfoo'
            /etc/k/f.conf:3:1: 'xfoo' is not a keyword of the top level
             3 | x${A} b
               | ^~~~~
               = xfoo b
               | ^~~~
            """, Shown("$A=${B}\n$B=foo\nx${A} b\n"));

    [Fact]
    public void The_way_through_variables_is_told_innermost_first() =>
        Assert.Equal("""
            (/etc/k/f.conf: Line 3) Unknown keyword 'foo'
            /etc/k/f.conf:3:1: 'foo' is not a keyword of the top level
             3 | ${A} b
               | ^~~~
               = foo b
               | ^~~
               from $B, defined at /etc/k/f.conf:2:4
               from $A, defined at /etc/k/f.conf:1:4
            """, Shown("$A=${B}\n$B=foo\n${A} b\n"));

    [Fact]
    public void A_word_beside_a_variable_keeps_its_own_place()
    {
        Grammar read = Grammar.Read("$A=long_value\nvrrp_instance V { state ${A} } foo ${A} x { y\n");
        Diagnostic found = read.Diagnostics[0];

        Assert.Equal("2:32 Unknown keyword 'foo'", read.Found[0]);
        Assert.Equal(("vrrp_instance V { state long_value } foo long_value x { y", 38, 3), (found.Expanded, found.ExpandedColumn, found.ExpandedLength));
        Assert.Empty(found.Trace);
        Assert.Equal("2:43 Unexpected '{' - ignoring", read.Found[1]);
    }

    [Fact]
    public void A_line_of_a_variable_of_several_lines_leads_to_that_line() =>
        Assert.Equal("""
            (/etc/k/f.conf: Line 5) Unknown keyword 'foo'
            /etc/k/f.conf:5:1: 'foo' is not a keyword of vrrp_instance 'V'
             5 | $M
               | ^~
               = foo 1
               | ^~~
               from $M, defined at /etc/k/f.conf:3:3
            """, Shown("$M=vrrp_instance V { \\\n  state BACKUP \\\n  foo 1 \\\n}\n$M\n"));

    [Fact]
    public void A_sequence_tells_which_repetition_it_was() =>
        Assert.Equal("""
            (/etc/k/f.conf: Line 1) Unknown keyword 'b2'
            /etc/k/f.conf:1:15: 'b2' is not a keyword of the top level
             1 | ~LST(i,a1,b2) $i x
               |               ^~
               = b2 x
               | ^~
               from $i = b2, defined at /etc/k/f.conf:1:1
            """, Shown("~LST(i,a1,b2) $i x\n", 1));

    [Fact]
    public void An_included_file_tells_who_included_it()
    {
        MemorySource source = new MemorySource().With("/etc/k/a.conf", "\n include b.conf\n").With("/etc/k/b.conf", "foo\n");

        Assert.Equal("""
            (/etc/k/b.conf: Line 1) Unknown keyword 'foo'
            /etc/k/b.conf:1:1: 'foo' is not a keyword of the top level
             1 | foo
               | ^~~
               included at /etc/k/a.conf:2:10
               included at /etc/k/f.conf:1:9
            """, Shown("include *a.conf\n", 0, source));
    }

    [Fact]
    public void Columns_are_characters_on_both_lines()
    {
        Grammar read = Grammar.Read("$A=é\n\"ééé\" ${A}\n}\n");
        Diagnostic found = read.Diagnostics[0];
        Assert.Equal((1, 5, "\"ééé\" é"), (found.Where.Column, found.Where.Length, found.SourceLine.Replace("${A}", "é", StringComparison.Ordinal)));
        Assert.Equal("2:1 Unknown keyword 'ééé'", read.Found[0]);
    }

    [Fact]
    public void A_check_of_a_value_leads_back_too()
    {
        ConfigResult result = ConfigSource.Parse("$PRIO=300\n" + ConfigSource.Instance("priority $PRIO\nvirtual_ipaddress { 10.0.0.1 }"));
        Diagnostic found = Assert.Single(result.Diagnostics);

        Assert.Equal((5, 10, 5), (found.Where.Line, found.Where.Column, found.Where.Length));
        Assert.Equal("priority $PRIO", found.SourceLine);
    }

    [Theory]
    [InlineData("$PASSWORD=hushhush \"\n")]
    [InlineData("$MY_KEY=hushhush \"\n")]
    [InlineData("$X=hushhush\nvrrp_instance V {\nauthentication {\nauth_pas $X\nauth_pass $X }{ \"\n}\n")]
    [InlineData("vrrp_instance V {\nauthentication {\n$A=auth_pas \n$A hushhush\n}\n}\n")]
    [InlineData("$X=hushhush\nvrrp_instance V {\nauth_hmac {\nkey 1 $X { \n}\n}\n")]
    [InlineData("~SEQ(i,0,0,1) auth_pass hushhush\n")]
    public void Passwords_are_not_shown_whichever_way_they_come(string text)
    {
        Grammar read = Grammar.Read(text);

        Assert.NotEmpty(read.Found);
        foreach (Diagnostic found in read.Diagnostics)
        {
            if (!found.Text.StartsWith("Unknown keyword 'hushhush'", StringComparison.Ordinal))
            {
                Assert.DoesNotContain("hushhush", DiagnosticText.Full(found, true, true), StringComparison.Ordinal);
            }
        }
    }

    private static string Shown(string text, int index = 0, MemorySource? source = null) =>
        DiagnosticText.Full(Grammar.Read(Encoding.UTF8.GetBytes(text), source).Diagnostics[index], withFile: true, withSource: true);
}
