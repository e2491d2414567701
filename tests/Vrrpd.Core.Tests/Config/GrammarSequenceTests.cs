using System;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Lines that stand for several.</summary>
public class GrammarSequenceTests
{
    [Theory]
    [InlineData("~SEQ(i,1,3) s$i x", "s1|x;s2|x;s3|x")]
    [InlineData("~SEQ(i,1,2,6) j$i", "j1;j3;j5")]
    [InlineData("~SEQ(i,3) t${i}u", "t1u;t2u;t3u")]
    [InlineData("~SEQ(i,-2) t${i}u", "t-1u;t-2u")]
    [InlineData("~SEQ(i,3,1) w$i", "w3;w2;w1")]
    [InlineData("~SEQ(i,1,-2) w$i", "w1;w0;w-1;w-2")]
    [InlineData("~SEQ(i,-1,-3) g$i", "g-1;g-2;g-3")]
    [InlineData("~SEQ(i,5,-2,1) g$i", "g5;g3;g1")]
    [InlineData("~SEQ(i,5,5) h$i", "h5")]
    [InlineData("~SEQ(i,5,0) f$i", "f5;f4;f3;f2;f1;f0")]
    [InlineData("~SEQ(i,+1,+2) d$i", "d1;d2")]
    [InlineData("~SEQ(i,0x8,2,0xc) h$i", "h8;h10;h12")]
    [InlineData("~SEQ(i,06,010) o$i", "o6;o7;o8")]
    [InlineData("~SEQx(i,8,2,12) g$i", "g8;ga;gc")]
    [InlineData("~SEQx(i,0xFE,256) g$i", "gfe;gff;g100")]
    [InlineData("~SEQ(i, 1 , 2) d$i", "d1;d2")]
    [InlineData("~SEQ(i,1,2)e$i", "e1;e2")]
    [InlineData("~SEQ (i,1,2) e$i", "e1;e2")]
    [InlineData("$N=2\n~SEQ(i,$N) g$i", "g1;g2")]
    [InlineData("$N=2\n~SEQ(i,${N},3) g$i", "g2;g3")]
    [InlineData("~SEQ(i,1,2) \"a $i b\"", "a 1 b;a 2 b")]
    [InlineData("~SEQ(i,1,2) a$i/24", "a$i/24;a$i/24")]
    public void A_sequence_repeats_its_line_with_each_number(string text, string lines) =>
        Assert.Equal(lines.Split(';'), Grammar.Data("\n" + text));

    [Theory]
    [InlineData("~LST(i,a,b,c) l$i", "la;lb;lc")]
    [InlineData("~LST(i, 1, 2 ) s${i}t", "s1t;s2t")]
    [InlineData("~LST(i,) l$i", "l")]
    [InlineData("~LST({i,j},{a,1},{b}) m${i}-${j}", "ma-1;mb-")]
    [InlineData("~LST({a,b},{1,2},{,3},{,},4) p${a}-${b}", "p1-2;p-3;p-;p4-")]
    [InlineData("~LST({v,w},{a1,b1},{a2,b2}) $v $w", "a1|b1;a2|b2")]
    [InlineData("$X=u\n~LST(a,$X,w) q $a", "q|u;q|w")]
    public void A_list_repeats_its_line_with_each_element(string text, string lines) =>
        Assert.Equal(lines.Split(';'), Grammar.Data("\n" + text));

    [Fact]
    public void Several_on_a_line_nest_and_the_left_one_is_the_outer()
    {
        Assert.Equal(["n1_1", "n1_2", "n2_1", "n2_2"], Grammar.Data("\n~SEQ(i,1,2) ~SEQ(j,1,2) n${i}_${j}"));
        Assert.Equal(["n1_1", "n2_1", "n2_2"], Grammar.Data("\n~SEQ(i,1,2) ~SEQ(j,1,$i) n${i}_${j}"));
        Assert.Equal(["a1", "a2", "b1", "b2"], Grammar.Data("\n~LST(x,a,b) ~SEQ(j,2) ${x}$j"));
    }

    [Fact]
    public void The_repeated_text_may_be_a_block_a_definition_a_condition_or_a_variable()
    {
        Grammar read = Grammar.Read("~SEQ(i,1,2) vrrp_instance V$i { virtual_ipaddress { 10.0.0.${i} } }\n");
        Assert.Empty(read.Found);
        Assert.Equal(6, read.Lines.Count);
        Assert.Equal(["a|x1", "b|x2", "c|x2"],
            Grammar.Data("\n~SEQ(i,1,2) $V${i}=x$i\na $V1\nb $V2\n~SEQ(i,1,2) $W=x$i\nc $W"));
        Assert.Equal(["b"], Grammar.Data("\n~LST({h,t},{one,a},{main,b}) @${h} $t"));
        Assert.Equal(["vip1|a", "wip1", "vip2|a", "wip2"], Grammar.Data("\n$B= \\\nvip${i} a \\\nwip$i\n~SEQ(i,1,2) $B"));
        Assert.Equal(["t1", "t2"], Grammar.Data("\n$T=t${k}\n~SEQ(k,1,2) $T"));
    }

    [Fact]
    public void A_block_opened_in_a_sequence_opens_each_time() =>
        Assert.Contains(Grammar.Read("~SEQ(i,2) vrrp_instance V$i {\n}\n").Found, found => found.Contains("missing '}'s", StringComparison.Ordinal));

    [Fact]
    public void The_variable_of_a_sequence_ends_with_it() => Assert.Equal(["a1", "$i"], Grammar.Data("\n~SEQ(i,1) a$i\n$i"));

    [Fact]
    public void A_sequence_inside_a_line_is_text() => Assert.Equal(["foo|~SEQ(i,2)|m$i"], Grammar.Data("\nfoo ~SEQ(i,2) m$i"));

    [Theory]
    [InlineData("~SEQ(i,1,0,3) a", "Invalid ~SEQ values '~SEQ(i,1,0,3) a'", "~SEQ", "a step of 0 never reaches the end")]
    [InlineData("~SEQ(i,1,-1,3) a", "Invalid ~SEQ values '~SEQ(i,1,-1,3) a'", "~SEQ", "the step leads away from the end")]
    [InlineData("~SEQ(i,3,1,1) a", "Invalid ~SEQ values '~SEQ(i,3,1,1) a'", "~SEQ", "the step leads away from the end")]
    [InlineData("~SEQ(i,a) a", "Invalid ~SEQ definition '~SEQ(i,a) a'", "~SEQ", "'a' is not a number: 12, -12, 0x1f (hexadecimal) or 017 (octal)")]
    [InlineData("~SEQ(i,08) a", "Invalid ~SEQ definition '~SEQ(i,08) a'", "~SEQ", "'08' is not a number: 12, -12, 0x1f (hexadecimal) or 017 (octal)")]
    [InlineData("~SEQ(i,1,3.5) a", "Invalid ~SEQ definition '~SEQ(i,1,3.5) a'", "~SEQ",
        "'3.5' is not a number: 12, -12, 0x1f (hexadecimal) or 017 (octal)")]
    [InlineData("~SEQ(i) a", "Invalid ~SEQ definition '~SEQ(i) a'", "~SEQ", "write ~SEQ(NAME,END), ~SEQ(NAME,START,END) or ~SEQ(NAME,START,STEP,END)")]
    [InlineData("~SEQ(i,1,2,3,4) a", "Invalid ~SEQ definition '~SEQ(i,1,2,3,4) a'", "~SEQ",
        "write ~SEQ(NAME,END), ~SEQ(NAME,START,END) or ~SEQ(NAME,START,STEP,END)")]
    [InlineData("~SEQx(i,-2) a", "~SEQx is only valid for positive numbers '~SEQx(i,-2) a'", "~SEQ", "hexadecimal numbers have no sign here: use ~SEQ")]
    [InlineData("~SEQ(i,1,2 a", "", "~SEQ", "write ~SEQ(NAME,START,STEP,END) TEXT, and ~SEQx for hexadecimal")]
    [InlineData("~SEQX(i,1) a", "", "~SEQ", "write ~SEQ(NAME,START,STEP,END) TEXT, and ~SEQx for hexadecimal")]
    [InlineData("~SEQ(1a,2) a", "", "~SEQ", "'1a' is not the name of a variable: letters, digits and '_', no digit first")]
    [InlineData("~SEQ(D,2) a", "", "~SEQ", "'$D' is defined already in line 2: take another name")]
    [InlineData("~SEQ(i,2) ~SEQ(i,2) a", "", "~SEQ", "'$i' is defined already in line 3: take another name")]
    [InlineData("~LST() a", "", "~LST", "'' is not the name of a variable: letters, digits and '_', no digit first")]
    [InlineData("~LST(i) a", "", "~LST", "no value is listed")]
    [InlineData("~LST({i,j},{a,1,5},{b}) a", "~LST specification has too many values '~LST({i,j},{a,1,5},{b}) a'", "~LST",
        "'{a,1,5}' has 3 values for 2 variables")]
    [InlineData("~LST(i,{1,2}) a", "~LST specification has too many values '~LST(i,{1,2}) a'", "~LST", "'{1,2}' has 2 values for 1 variables")]
    [InlineData("~LST(i,a b) a", "", "~LST", "'a b' is not one value: they are separated by ',' and hold no blanks and no braces")]
    [InlineData("~LST({a,b},{{1,2},{3,4}}) a", "", "~LST", "'{1,2}' is not one value: they are separated by ',' and hold no blanks and no braces")]
    public void A_sequence_that_makes_no_sense_is_reported_and_left_out(string line, string lead, string form, string why)
    {
        Grammar read = Grammar.InBlock("\n$D=x\n" + line);

        Assert.Single(read.Lines);
        Diagnostic found = read.Diagnostics[0];
        Assert.StartsWith($"Invalid {form} specification '", found.Text, StringComparison.Ordinal);
        Assert.Equal((3, lead, why, ConfigFault.General), (found.Where.Line, found.Lead, found.Explanation, found.Fault));
    }

    [Fact]
    public void A_sequence_without_text_does_nothing_and_says_so() =>
        Assert.Equal(["2:1 Sequence without text - ignoring the line"], Grammar.InBlock("\n~SEQ(i,1,2)").Found);
}
