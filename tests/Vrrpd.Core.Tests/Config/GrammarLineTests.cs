using System;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Physical lines, comments, quotes: what there is before anything is expanded.</summary>
public class GrammarLineTests
{
    [Theory]
    [InlineData("foo#bar", "foo")]
    [InlineData("foo!bar", "foo")]
    [InlineData("foo # bar", "foo")]
    [InlineData(@"foo\#bar\!baz", "foo#bar!baz")]
    [InlineData(@"foo\#bar#baz", "foo#bar")]
    [InlineData("\"foo#bar!baz {x}\" # y", "foo#bar!baz {x}")]
    [InlineData("abc\"def\"", "abc|def")]
    [InlineData("\"abc\"def", "abc|def")]
    [InlineData("a \"\" b", "a||b")]
    [InlineData("'foo bar'", "'foo|bar'")]
    [InlineData("\ta\t b\v", "a|b")]
    [InlineData(@"a\b", @"a\b")]
    [InlineData(@"a\""b", @"a\|b")]
    [InlineData("\"a\\b\"", @"a\b")]
    [InlineData("节点 # 表示", "节点")]
    [InlineData(@"10.0.0.10/24 \", @"10.0.0.10/24\")]
    [InlineData(@"foo\", @"foo\")]
    [InlineData(@"a b   \", @"a|b\")]
    public void Blanks_and_quotes_make_words_and_comments_end_them(string written, string words) =>
        Assert.Equal([words], Grammar.Data("\n" + written));

    [Fact]
    public void A_comment_sign_that_is_escaped_stays_whatever_the_line_goes_through() =>
        Assert.Equal(["qx#yz", "x#y", "a#b"], Grammar.Data("\n$Q=x\\#y\nq${Q}z\n\"${Q}\"\n~LST(i,a\\#b) $i"));

    [Theory]
    [InlineData("\n\n  \n\t\n# c\n   ! c\na\n\n")]
    [InlineData("\r\na\r\n")]
    [InlineData("\na\r\r\n")]
    public void Blank_lines_comments_and_carriage_returns_are_nothing(string text) => Assert.Equal(["a"], Grammar.Data(text));

    [Fact]
    public void A_byte_order_mark_is_skipped_with_a_note()
    {
        Grammar read = Grammar.Read("\uFEFFstatic_ipaddress { a\n}");

        Assert.Equal(["1:1 The file starts with a byte order mark"], read.Found);
        Assert.Equal(["static_ipaddress", " a"], read.Lines);
        Assert.Equal(Severity.Note, read.Diagnostics[0].Severity);
    }

    [Fact]
    public void A_line_with_a_NUL_byte_is_ignored_whole_even_as_a_comment()
    {
        Grammar read = Grammar.InBlock("\na\0b\n# \0\nc");

        Assert.Equal([" c"], read.Lines[1..]);
        Assert.Equal(["2:2 Configuration line contains a NUL byte - ignoring the line", "3:3 Configuration line contains a NUL byte - ignoring the line"],
            read.Found);
    }

    [Theory]
    [InlineData(1023, "", 0)]
    [InlineData(1024, "b", 1)]
    [InlineData(1024, "# b", 1)]
    [InlineData(2046, "", 1)]
    [InlineData(2047, "", 2)]
    [InlineData(3000, "", 2)]
    public void A_line_longer_than_1023_bytes_loses_them_and_the_rest_is_a_fresh_line(int length, string rest, int complaints)
    {
        string line = new string('a', length - rest.Length) + rest;
        Grammar read = Grammar.InBlock("\n" + line);

        string expected = line[(Math.Max(0, line.Length - 1) / 1023 * 1023)..];
        int comment = expected.IndexOf('#', StringComparison.Ordinal);
        Assert.Equal((comment < 0 ? expected : expected[..comment]).Trim(), string.Join("", read.Lines[1..]).Trim());
        Assert.Equal(complaints, read.Found.Length);
        for (int i = 0; i < complaints; i++)
        {
            Assert.Equal($"2:{1 + i * 1023} Configuration line longer than 1023 bytes - dropping its beginning", read.Found[i]);
        }
    }

    [Fact]
    public void Columns_of_the_rest_of_a_long_line_count_from_the_beginning_in_characters()
    {
        // Two bytes each: the cut is in the middle of the 512th, which becomes two characters.
        Grammar read = Grammar.Read("#" + new string('é', 511) + " foo");

        Assert.Equal("1:514 Unknown keyword 'foo'", read.Found[1]);
    }

    [Theory]
    [InlineData("a \"b c", "2:3 Unterminated quote 'a \"b c'", "a|b c")]
    [InlineData("\"", "2:1 Unterminated quote '\"'", "")]
    [InlineData("\"a\\\"b\"", "2:6 Unmatched quote: '\"a\\\"b\"'", "a\\|b|")]
    public void A_quote_must_be_closed_on_its_line(string line, string complaint, string words)
    {
        Grammar read = Grammar.InBlock("\n" + line);

        Assert.Equal(complaint, read.Found[0]);
        Assert.Equal(ConfigFault.UnmatchedQuote, read.Diagnostics[0].Fault);
        Assert.Equal(words, read.Lines[1].Trim());
    }

    [Fact]
    public void A_word_that_is_no_UTF8_keeps_its_bytes()
    {
        byte[] text = [.. "static_ipaddress {\n"u8, 0xe9, (byte)'a', .. "\n}\n"u8];
        Findings findings = new();
        ConfigDocument document = ConfigLexer.Read(new(text, "f"), findings);
        Word word = default;
        foreach (ConfigNode node in document.Root.Children)
        {
            foreach (ConfigNode child in node.Children)
            {
                word = child.First;
            }
        }

        Assert.True(word.Is([0xe9, (byte)'a']));
        Assert.Equal([0xe9, (byte)'a'], ConfigText.Encode(word.Text));
    }

    [Fact]
    public void The_last_line_needs_no_end() => Assert.Equal(["static_ipaddress", " a"], Grammar.Read("static_ipaddress { a }").Lines);

    [Fact]
    public void A_password_is_not_shown_in_a_complaint_about_its_line()
    {
        Grammar read = Grammar.Read("auth_pass hushhush \"\nfoo { key 1 hushhush }\n");
        foreach (Diagnostic found in read.Diagnostics)
        {
            Assert.DoesNotContain("hushhush", DiagnosticText.Full(found, true, true), StringComparison.Ordinal);
        }

        Assert.NotEmpty(read.Found);
        Assert.Contains("auth_pass ********", read.Diagnostics[0].SourceLine, StringComparison.Ordinal);
    }
}
