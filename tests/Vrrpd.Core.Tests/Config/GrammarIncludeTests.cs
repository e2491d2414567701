using System;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Included files: which are meant, and whose absence matters.</summary>
public class GrammarIncludeTests
{
    private static MemorySource Source() => new MemorySource().With("/etc/k/a.conf", "a\n").With("/etc/k/b.conf", "b\n").With("/etc/k/x.txt", "x\n")
        .With("/etc/k/.hidden.conf", "h\n").With("/etc/k/sub/c.conf", "c\ninclude d.conf\n").With("/etc/k/sub/d.conf", "d\n");

    [Theory]
    [InlineData("include a.conf", "a")]
    [InlineData("include\ta.conf # b", "a")]
    [InlineData("includer a.conf", "a")]
    [InlineData("includem a.conf", "a")]
    [InlineData("includew a.conf", "a")]
    [InlineData("includeb a.conf", "a")]
    [InlineData("includea a.conf", "a")]
    [InlineData("include /etc/k/b.conf", "b")]
    [InlineData("include *.conf", "a;b")]
    [InlineData("include ?.*", "a;b;x")]
    [InlineData("include [ax].*", "a;x")]
    [InlineData("include [^a].conf", "b")]
    [InlineData("include .h*", "h")]
    [InlineData("include {b,a}.conf", "b;a")]
    [InlineData("include {b,x}.*", "b;x")]
    [InlineData("include {a.c{on,x}f,x.txt}", "a;x")]
    [InlineData("include sub/c.conf\ninclude a.conf", "c;d;a")]
    [InlineData("$P=a\ninclude ${P}.conf", "a")]
    [InlineData("$P=include a.conf\n$P", "a")]
    [InlineData("~LST(i,b,a) include ${i}.conf", "b;a")]
    public void An_include_puts_the_files_it_names_in_its_place(string text, string lines) =>
        Assert.Equal(lines.Split(';'), Grammar.Data("\n" + text, Source()));

    [Fact]
    public void An_include_works_in_any_block_and_names_its_file_in_complaints()
    {
        MemorySource source = new MemorySource().With("/etc/k/i.conf", "state BACKUP\nfoo\n");
        Grammar read = Grammar.Read("vrrp_instance V {\n  include i.conf\n}\n", source);

        Assert.Equal(["vrrp_instance|V", " state|BACKUP"], read.Lines);
        Diagnostic found = Assert.Single(read.Diagnostics);
        Assert.Equal(("/etc/k/i.conf", 2), (found.Where.File, found.Where.Line));
        Assert.Equal(new TraceStep("included", new("/etc/k/f.conf", 2, 11, 6)), Assert.Single(found.Trace));
    }

    [Theory]
    [InlineData("includes a.conf")]
    [InlineData("included a.conf")]
    [InlineData("includerr a.conf")]
    [InlineData("include")]
    public void A_word_that_only_looks_like_it_is_a_keyword_like_any_other(string line) =>
        Assert.Equal([line.Replace(' ', '|')], Grammar.Data("\n" + line, Source()));

    // r read, m match, w wildcard_match, b brace_match: who minds what.
    [Theory]
    [InlineData("nope.conf", "mwa", "Config files missing 'nope.conf'.")]
    [InlineData("nope*.conf", "wa", "No config files matched 'nope*.conf'.")]
    [InlineData("{a,nope}.conf", "ba", "Some config files missing: \"{a,nope}.conf\".")]
    [InlineData("{no,nope}.conf", "wa", "Config files missing '{no,nope}.conf'.")]
    [InlineData("sub", "rmwba", "Configuration file 'sub/' is a directory - skipping")]
    [InlineData("exec.conf", "rmwba", "Configuration file 'exec.conf' is not a regular non-executable file - skipping")]
    [InlineData("secret.conf", "rmwba", "Unable to read configuration file secret.conf")]
    [InlineData("\"a.conf\"", "mwa", "Config files missing '\"a.conf\"'.")]
    [InlineData("a.conf b.conf", "mwa", "Config files missing 'a.conf b.conf'.")]
    public void A_failure_is_a_fault_only_for_the_keywords_that_check_it(string pattern, string faulty, string complaint)
    {
        foreach (string kind in (string[])["", "r", "m", "w", "b", "a"])
        {
            MemorySource source = Source();
            source.Directories.Add("/etc/k/sub/");
            source.Executables.Add("/etc/k/exec.conf");
            source.Secret.Add("/etc/k/secret.conf");
            Grammar read = Grammar.InBlock($"\ninclude{kind} {pattern}", source);

            bool isFault = kind.Length > 0 && faulty.Contains(kind, StringComparison.Ordinal);
            Diagnostic found = Assert.Single(read.Diagnostics);
            Assert.Equal(2, found.Where.Line);
            Assert.Equal((complaint, isFault ? ConfigFault.FileNotFound : ConfigFault.None), (found.Text, found.Fault));
            if (!pattern.Contains('*', StringComparison.Ordinal))
            {
                Assert.Equal("(/etc/k/f.conf: Line 2) " + complaint, DiagnosticText.Keepalived(found, withFile: true));
            }
        }
    }

    [Fact]
    public void A_failing_check_gives_6_and_the_others_change_nothing()
    {
        string vip = ConfigSource.Instance("virtual_ipaddress { 10.0.0.1 }");
        Assert.Equal((6, 6), Status("includem nope.conf"));
        Assert.Equal((0, 0), Status("includer nope.conf"));
        Assert.Equal((0, 0), Status("include nope.conf"));

        (int, int) Status(string line)
        {
            ConfigResult result = ConfigParser.Parse(new(System.Text.Encoding.UTF8.GetBytes(line + "\n" + vip), "/etc/k/f.conf") { Source = Source() });
            return (result.TestExitStatus, result.RunExitStatus);
        }
    }

    [Fact]
    public void A_pattern_in_a_directory_that_does_not_exist_is_reported_and_one_that_matches_nothing_noted()
    {
        Assert.Equal(Severity.Warning, Grammar.InBlock("\ninclude /none/*.conf", Source()).Diagnostics[0].Severity);
        Assert.Equal(Severity.Note, Grammar.InBlock("\ninclude no*.conf", Source()).Diagnostics[0].Severity);
    }

    [Fact]
    public void Directories_that_a_pattern_matches_are_passed_over_in_silence()
    {
        MemorySource source = Source();
        source.Directories.Add("/etc/k/z.conf/");

        Grammar read = Grammar.InBlock("\ninclude *.conf", source);
        Assert.Equal(["static_ipaddress", " a", " b"], read.Lines);
        Assert.Empty(read.Found);
        Assert.Equal(ConfigFault.FileNotFound, Assert.Single(Grammar.InBlock("\nincluder *.conf", source).Diagnostics).Fault);
    }

    [Fact]
    public void The_option_e_checks_everything() =>
        Assert.Equal(ConfigFault.FileNotFound, Grammar.Read("include nope.conf", checks: IncludeChecks.All).Diagnostics[0].Fault);

    [Theory]
    [InlineData("include_check", "nope.conf", true)]
    [InlineData("include_check", "n*.conf", true)]
    [InlineData("include_check match", "nope.conf", true)]
    [InlineData("include_check read", "nope.conf", false)]
    [InlineData("include_check read match", "nope.conf", true)]
    [InlineData("include_check read +match", "nope.conf", true)]
    [InlineData("include_check wildcard_match", "n*.conf", true)]
    [InlineData("include_check match", "n*.conf", false)]
    [InlineData("include_check brace_match", "{a,n}.conf", true)]
    [InlineData("include_check read", "exec.conf", true)]
    [InlineData("include_check readable", "exec.conf", true)]
    [InlineData("include_check\ninclude_check -match -wildcard_match", "nope.conf", false)]
    [InlineData("include_check read\ninclude_check match", "exec.conf", false)]
    [InlineData("include_check read\ninclude_check +match", "exec.conf", true)]
    public void Include_check_says_what_a_plain_include_checks(string keywords, string pattern, bool isFault)
    {
        MemorySource source = Source();
        source.Executables.Add("/etc/k/exec.conf");
        Grammar read = Grammar.Read($"global_defs {{\n{keywords}\n}}\nstatic_ipaddress {{\ninclude {pattern}\n}}\n", source);

        Assert.Equal(isFault ? ConfigFault.FileNotFound : ConfigFault.None, read.Diagnostics[0].Fault);
    }

    [Fact]
    public void Include_check_acts_from_where_it_stands_to_the_end_of_its_file()
    {
        MemorySource source = new MemorySource().With("/etc/k/a.conf", "include in1\nglobal_defs {\ninclude_check\n}\ninclude in2\n");
        Grammar read = Grammar.Read("include a.conf\ninclude out\n", source);

        Assert.Equal([("in1", ConfigFault.None), ("in2", ConfigFault.FileNotFound), ("out", ConfigFault.None)],
            Array.ConvertAll(read.Diagnostics, found => (found.Text.Split('\'')[1], found.Fault)).AsSpan().ToArray() is var all && all[0].Item1 == "out"
                ? [all[1], all[2], all[0]] : all);
    }

    [Fact]
    public void Include_check_knows_its_words() =>
        Assert.Equal(["2:15 Unknown include_check type 'foo' - ignoring"], Grammar.Read("global_defs {\ninclude_check foo\n}\n").Found);

    [Fact]
    public void Files_that_include_each_other_come_to_an_end()
    {
        MemorySource one = new MemorySource().With("/etc/k/a.conf", "include a.conf\n");
        Assert.Equal("Too many nested files at 'a.conf'", Assert.Single(Grammar.Read("include a.conf", one).Diagnostics).Text);
        MemorySource two = new MemorySource().With("/etc/k/a.conf", "include b.conf\n").With("/etc/k/b.conf", "include a.conf\ninclude a.conf\n");
        Assert.Equal("Too many nested files at 'a.conf'", Assert.Single(Grammar.Read("include b.conf", two).Diagnostics).Text);
        MemorySource many = new MemorySource().With("/etc/k/a.conf", "# nothing\n");
        Diagnostic found = Assert.Single(Grammar.Read("~SEQ(i,10000) include a.conf", many).Diagnostics);
        Assert.Equal(("Too many files at 'a.conf'", true), (found.Text, found.PreventsRun));
        Assert.InRange(many.Asked.Count, 4000, 4100);
    }

    [Fact]
    public void Braces_that_multiply_are_bounded()
    {
        string bomb = string.Concat(System.Linq.Enumerable.Repeat("{a,b}", 100));

        Assert.Equal($"2:9 Too many alternatives in '{bomb}'", Assert.Single(Grammar.InBlock("\ninclude " + bomb).Found));
    }

    [Theory]
    [InlineData("*", "abc", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abcd", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("?", "", false)]
    [InlineData("[a-c]", "b", true)]
    [InlineData("[a-c]", "d", false)]
    [InlineData("[!a-c]", "d", true)]
    [InlineData("[^a]", "a", false)]
    [InlineData("[]a]", "]", true)]
    [InlineData("[a", "[a", true)]
    [InlineData(@"\*", "*", true)]
    [InlineData(@"\*", "a", false)]
    [InlineData("*", ".a", false)]
    [InlineData(".*", ".a", true)]
    [InlineData("", "", true)]
    public void A_pattern_matches_as_in_a_shell(string pattern, string name, bool expected) =>
        Assert.Equal(expected, PathPattern.Matches(pattern, name));
}
