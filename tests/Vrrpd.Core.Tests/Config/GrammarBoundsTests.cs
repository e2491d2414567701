using System;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Texts that multiply, or never end: each ends soon, and says which bound it met.</summary>
public class GrammarBoundsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("$A=$A\n$A", "Variable '$A' does not end")]
    [InlineData("$A=x${A}\n$A", "Variable '${A}' does not end")]
    [InlineData("$A=$B\n$B=$A\nx $A", "Variable '$A' does not end")]
    [InlineData("$M=$M \\\n$M\n$M", "Expansion of '$M' does not end")]
    [InlineData("$M= \\\n~SEQ(i,2) x$i \\\n$N\n$N= \\\n$M \\\na\n$M", "Expansion of '$M' does not end")]
    [InlineData("~SEQ(i,1000000) a", "Sequence does not end in time")]
    [InlineData("~SEQ(i,-9223372036854775807,9223372036854775807) a", "Sequence does not end in time")]
    [InlineData("~SEQ(i,99999999999999999999) a", "Sequence does not end in time")]
    [InlineData("~SEQ(i,1000) ~SEQ(j,1000) ~SEQ(k,1000) a", "Expansion does not end in time")]
    [InlineData("~SEQ(i,100000) a\n~SEQ(i,100000) a\n~SEQ(i,100000) a", "Expansion does not end in time")]
    public void What_does_not_end_is_stopped_and_the_configuration_does_not_run(string text, string complaint)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Grammar read = Grammar.InBlock("\n" + text);

        Assert.True(watch.Elapsed < Patience, $"took {watch.Elapsed}");
        Diagnostic found = Assert.Single(read.Diagnostics, found => found.Fault == ConfigFault.Fatal);
        Assert.Equal((complaint, true), (found.Text, found.PreventsRun));
        string bound = complaint[0] == 'V' ? "1000 replacements" : complaint.EndsWith("time", StringComparison.Ordinal) ? "250000" : "50 deep";
        Assert.Contains(bound, found.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_values_that_double_end_too()
    {
        StringBuilder text = new("\n$A0=\n");
        for (int i = 1; i < 40; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"$A{i}=${{A{i - 1}}}${{A{i - 1}}}\n");
        }

        Stopwatch watch = Stopwatch.StartNew();
        Grammar read = Grammar.InBlock(text.Append("$A39").ToString());

        Assert.True(watch.Elapsed < Patience, $"took {watch.Elapsed}");
        Assert.Contains("does not end", Assert.Single(read.Found), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_lines_that_do_not_end_takes_bounded_time()
    {
        StringBuilder text = new("$A=$A\n");
        for (int i = 0; i < 100_000; i++)
        {
            text.Append("foo $A\n");
        }

        Stopwatch watch = Stopwatch.StartNew();
        Grammar read = Grammar.Read(text.ToString());

        Assert.True(watch.Elapsed < Patience, $"took {watch.Elapsed}");
        Assert.InRange(read.Found.Length, 2, 1100);
    }

    [Fact]
    public void Expansion_to_more_than_memory_is_stopped()
    {
        string text = $"\n$A={new string('x', 1000)}\n~SEQ(i,100000) ${{A}}\n";
        Grammar read = Grammar.InBlock(text);

        Assert.Equal("The configuration is too large", Assert.Single(read.Diagnostics, found => found.Fault == ConfigFault.Fatal).Text);
    }

    [Fact]
    public void A_file_with_too_many_words_is_stopped()
    {
        byte[] text = new byte[9 << 20];
        Encoding.ASCII.GetBytes("static_ipaddress {\n").CopyTo(text, 0);
        for (int i = 20; i < text.Length; i++)
        {
            text[i] = i % 1000 == 0 ? (byte)'\n' : i % 2 == 0 ? (byte)'a' : (byte)' ';
        }

        Stopwatch watch = Stopwatch.StartNew();
        Grammar read = Grammar.Read(text);

        Assert.True(watch.Elapsed < Patience, $"took {watch.Elapsed}");
        Assert.Contains("1:1 The configuration is too large", read.Found);
    }

    [Fact]
    public void Files_that_together_are_too_large_are_not_read()
    {
        MemorySource source = new();
        source.Files["/etc/k/a.conf"] = new byte[12 << 20];
        Array.Fill(source.Files["/etc/k/a.conf"], (byte)'\n');
        Grammar read = Grammar.Read("include a.conf\ninclude a.conf\ninclude a.conf\n", source);

        Diagnostic found = Assert.Single(read.Diagnostics);
        Assert.Equal(("Configuration file '/etc/k/a.conf' is not read", ConfigFault.Fatal), (found.Text, found.Fault));
    }

    [Fact]
    public void One_line_of_megabytes_is_cut_in_linear_time()
    {
        Stopwatch watch = Stopwatch.StartNew();
        Grammar read = Grammar.Read(new string('a', 16 << 20));

        Assert.True(watch.Elapsed < Patience, $"took {watch.Elapsed}");
        Assert.InRange(read.Found.Length, 1000, 1100);
    }

    [Fact]
    public void Random_text_never_throws_and_ends_soon()
    {
        string[] pieces = ["$A", "$B", "${A}", "${B}", "$A=", "$B=", "~SEQ(i,", "~SEQx(", "~LST({i,j},{1,2}", "$i", "${i}", ")", ",", "{", "}",
            "\"", "'", "\\", " \\\n", "#", "!", "\\#", "@main ", "@^main ", "@", "\n", " ", "\t", "include ", "includea *.conf", "a.conf",
            "include_check ", "+match", "9", "-3", "0x", "${_RANDOM 1 ", "${_ENV H}", "${_HASH}", "${_PWD}", "global_defs ",
            "vrrp_instance V ", "static_ipaddress ", "script '", "random_seed 4", "foo", "é", "\0", "\r\n", "auth_pass x", "\uFEFF", "999999999999"];
        Stopwatch watch = Stopwatch.StartNew();
        for (int run = 0; run < 5000; run++)
        {
            Random random = new(run);
            StringBuilder text = new();
            MemorySource source = new();
            source.With("/etc/k/a.conf", string.Concat(random.GetItems(pieces, 20))).With("/etc/k/b.conf", "include a.conf\n");
            string all = text.AppendJoin("", random.GetItems(pieces, random.Next(1, 120))).ToString();

            ConfigInput input = new(Encoding.UTF8.GetBytes(all), "/etc/k/f.conf") { Source = source, ConfigId = "main" };
            foreach (Diagnostic found in ConfigParser.Parse(input).Diagnostics)
            {
                string shown = DiagnosticText.Full(found, withFile: true, withSource: true);
                Assert.True(shown.Length is > 0 and < 20_000, all);
            }
        }

        Assert.True(watch.Elapsed < 3 * Patience, $"took {watch.Elapsed}");
    }
}
