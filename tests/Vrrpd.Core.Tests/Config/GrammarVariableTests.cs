using System.Globalization;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Variables: definitions, references, values of several lines, and those that are there anyway.</summary>
public class GrammarVariableTests
{
    [Theory]
    [InlineData("$A=x\na$A", "ax")]
    [InlineData("  $A=x\n$A", "x")]
    [InlineData("$A=  v  w  \n$A", "v|w")]
    [InlineData("$A=\na${A}b", "ab")]
    [InlineData("$A=1\n$A=2\n$A", "2")]
    [InlineData("$_a9=x\n$_a9", "x")]
    [InlineData("$A=1 $B=2\n$A", "1|$B=2")]
    [InlineData("$A=x # c\na${A}b", "axb")]
    [InlineData("$A=\"a b\"\nx $A", "x|a b")]
    [InlineData("$A={ x }\na ${A", "a|$")]
    public void A_definition_takes_the_rest_of_its_line_without_blanks(string text, string lines) =>
        Assert.Equal(lines.Split(';'), Grammar.Data("\n" + text));

    [Theory]
    [InlineData("$A =3")]
    [InlineData("$ A=3")]
    [InlineData("$1=3")]
    [InlineData("x $A=3")]
    public void A_definition_stands_at_the_start_and_has_a_name_and_no_blank(string line) =>
        Assert.Equal([line.Replace(' ', '|')], Grammar.Data("\n" + line));

    [Theory]
    [InlineData("c$H,d", "cx,d")]
    [InlineData("e$H)f", "ex)f")]
    [InlineData("k$H\tl", "kx|l")]
    [InlineData("k $H l", "k|x|l")]
    [InlineData("$H", "x")]
    [InlineData("a${H}b", "axb")]
    [InlineData("\"a ${H} b\"", "a x b")]
    [InlineData("\"a $H b\"", "a x b")]
    [InlineData("l$$H", "l$x")]
    [InlineData(@"m\$H", @"m\x")]
    [InlineData(@"n\${H}", @"n\x")]
    [InlineData("o ${H}${H} $H", "o|xx|x")]
    public void A_reference_is_replaced_before_a_blank_a_comma_a_parenthesis_or_the_end(string line, string words) =>
        Assert.Equal([words], Grammar.Data("\n$H=x\n" + line));

    [Theory]
    [InlineData("$H.1")]
    [InlineData("$H/24")]
    [InlineData("$H-x")]
    [InlineData("g$H;")]
    [InlineData("$Hx")]
    [InlineData("$U")]
    [InlineData("$")]
    [InlineData("a$ b")]
    public void Anything_else_after_the_name_makes_it_text(string line) =>
        Assert.Equal([line.Replace(' ', '|')], Grammar.Data("\n$H=x\n" + line));

    [Fact]
    public void A_quote_that_follows_makes_it_text_too() => Assert.Equal(["a $H", "b"], Grammar.Data("\n$H=x\n\"a $H\"\nb"));

    [Theory]
    [InlineData("$A=aa$C\n$C=ccc\nz$A", "zaaccc")]
    [InlineData("$A=aa$C\n$C=ccc\nz${A}y", "zaa$Cy")]
    [InlineData("$A=aa$C\n$C=ccc\nz${A} y", "zaaccc|y")]
    [InlineData("$A=${B}\n$B=${C}\n$C=x\n$A", "x")]
    [InlineData("$X=1\n$N1=foo\nzz${N${X}}", "zzfoo")]
    [InlineData("$X=1\n$N1=foo\n$N${X}", "foo")]
    [InlineData("$A=$B\n$B=1\n$A\n$B=2\n$A", "1;2")]
    public void Values_are_looked_up_when_used_again_and_again_as_text(string text, string lines) =>
        Assert.Equal(lines.Split(';'), Grammar.Data("\n" + text));

    [Fact]
    public void A_value_may_bring_braces_and_comments()
    {
        Grammar read = Grammar.Read("$OPEN=vrrp_instance V {\n$STATE=state BACKUP\n$END=}\n$OPEN\n$STATE\n$END\n");
        Assert.Equal(["vrrp_instance|V", " state|BACKUP"], read.Lines);
        Assert.Empty(read.Found);
        Assert.Equal(["a"], Grammar.Data("\n$H=${_HASH}\na${H}b"));
    }

    [Fact]
    public void A_line_that_becomes_too_long_stays_as_it_is()
    {
        string half = new('x', 600);
        Grammar read = Grammar.InBlock($"\n$A={half}\n\"${{A}}\"\n\"a ${{A}}${{A}}\"");

        Assert.Equal([" " + half, " a ${A}${A}"], read.Lines[1..]);
        Assert.Equal(["4:8 Line is longer than 1023 bytes with '${A}' replaced"], read.Found);
        Assert.Equal(ConfigFault.General, read.Diagnostics[0].Fault);
    }

    [Fact]
    public void A_line_of_exactly_1023_bytes_may_come_out() =>
        Assert.Equal(1023, Grammar.Data("\n$A=" + new string('x', 1000) + "\n${A}" + new string('y', 23))[0].Length);

    [Theory]
    [InlineData("$X=1\n$M= \\\n first one \\\n\n second $X \\\n third\npre$M", "prefirst|one;second|1;third")]
    [InlineData("$M=a \\\n# c\nb \\\n\nc\n$M\nd", "a;b;c;d")]
    [InlineData("$M=a \\\nb\nx ${M}", "x|a;b")]
    [InlineData("$M=a \\\nb\nx$M y", "x$M|y")]
    [InlineData("$M=a \\\nb\nx\"$M\"", "x|$M")]
    [InlineData("$M=$N x \\\nb\n$N=1\n$M", "1|x;b")]
    [InlineData("$M=$V=5 \\\n$V\n$M\n$V", "5;5")]
    [InlineData("$M=~SEQ(i,2) s$i \\\nb\n$M", "s1;s2;b")]
    [InlineData("$I=x \\\ny\n$O=a \\\n$I \\\nb\n$O", "a;x;y;b")]
    [InlineData("$M=a\\\nb\n$M", "a;b")]
    public void A_variable_of_several_lines_stands_for_them_at_the_end_of_a_line(string text, string lines) =>
        Assert.Equal(lines.Split(';'), Grammar.Data("\n" + text));

    [Fact]
    public void A_variable_of_several_lines_may_hold_whole_blocks()
    {
        Grammar read = Grammar.Read("$B=vrrp_instance ${N} { \\\nstate BACKUP \\\nvirtual_ipaddress { 10.0.0.${I} } \\\n}\n$N=V\n$I=7\n$B\n");

        Assert.Equal(["vrrp_instance|V", " state|BACKUP", " virtual_ipaddress", "  10.0.0.7"], read.Lines);
        Assert.Empty(read.Found);
    }

    [Fact]
    public void Variables_hold_for_all_files_from_their_definition_on()
    {
        MemorySource source = new MemorySource().With("/etc/k/a.conf", "a $V\n$V=2\n$W=3\n");

        Assert.Equal(["a|1", "b|2|3"], Grammar.Data("\n$V=1\ninclude a.conf\nb $V $W", source));
    }

    [Theory]
    [InlineData("_${_INSTANCE}_", "_main_")]
    [InlineData("$_INSTANCE", "main")]
    [InlineData("_${_PWD}_", "_/etc/k_")]
    [InlineData("a${_HASH}b", "a")]
    [InlineData("a${_BANG}b", "a")]
    [InlineData("\"a${_HASH}b${_BANG}\"", "a#b!")]
    [InlineData("a${_ENV HOME}b", "a/rootb")]
    [InlineData("a${_ENV  HOME }b", "a/rootb")]
    [InlineData("a${_ENV NOTHING}b", "ab")]
    [InlineData("${_RANDOM 5 5}", "5")]
    [InlineData("${_RANDOM 32767}x", "32767x")]
    [InlineData("$_INSTANCE=own\n$_INSTANCE", "own")]
    public void Some_variables_are_there_without_a_definition(string text, string words)
    {
        MemorySource source = new();
        source.Variables["HOME"] = "/root";

        Assert.Equal([words], Grammar.Data("\n" + text, source));
    }

    [Theory]
    [InlineData("${_ENV A-B}")]
    [InlineData("${_ENV}")]
    [InlineData("${_FOO}")]
    [InlineData("${_RANDOM a}")]
    [InlineData("${_RANDOM 1 2 3}")]
    [InlineData("${_PWD x}")]
    [InlineData("${ H }")]
    public void Others_are_not(string text) => Assert.Equal([text], Grammar.Data($"\n$H=x\n\"{text}\""));

    [Fact]
    public void The_directory_is_that_of_the_file_that_is_read()
    {
        MemorySource source = new MemorySource().With("/etc/k/sub/a.conf", "a ${_PWD}\n").With("/b.conf", "b $_PWD\n");

        Assert.Equal(["a|/etc/k/sub", "b|/", "c|/etc/k"], Grammar.Data("\ninclude sub/a.conf\ninclude /b.conf\nc $_PWD", source));
    }

    [Fact]
    public void Random_numbers_stay_in_their_range_and_follow_the_seed()
    {
        Assert.All(Grammar.Data("\n~SEQ(i,500) ${_RANDOM 3 7}"), line => Assert.InRange(int.Parse(line, CultureInfo.InvariantCulture), 3, 7));
        Assert.All(Grammar.Data("\n~SEQ(i,500) ${_RANDOM}"), line => Assert.InRange(int.Parse(line, CultureInfo.InvariantCulture), 0, 32767));
        string[] numbers = Grammar.Data("\n~SEQ(i,20) ${_RANDOM}");
        Assert.Equal(numbers, Grammar.Data("\n~SEQ(i,20) ${_RANDOM}"));
        Assert.True(new System.Collections.Generic.HashSet<string>(numbers).Count > 15);

        // random_seed counts from where it stands.
        string one = Seeded(1), two = Seeded(2);
        Assert.Equal(one, Seeded(1));
        Assert.NotEqual(one, two);

        static string Seeded(int seed) => Grammar.Read($"global_defs {{\nrandom_seed {seed}\nrouter_id ${{_RANDOM}}\n}}\n").Lines[2];
    }

    [Fact]
    public void A_random_range_the_wrong_way_round_gives_its_first_number()
    {
        Grammar read = Grammar.InBlock("\n${_RANDOM 9 5}");

        Assert.Equal(" 9", read.Lines[1]);
        Assert.Equal(["2:1 Invalid range 9 5 of _RANDOM"], read.Found);
    }
}
