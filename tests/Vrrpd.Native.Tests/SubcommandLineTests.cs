using System;
using Vrrpd.Native.Commands;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>What may stand behind the name of a subcommand.</summary>
public class SubcommandLineTests
{
    [Theory]
    [InlineData("-f a.conf", "a.conf")]
    [InlineData("-fa.conf", "a.conf")]
    [InlineData("--use-file a.conf", "a.conf")]
    [InlineData("--use-file=a.conf", "a.conf")]
    [InlineData("", "/etc/keepalived/keepalived.conf")]
    public void The_file_is_named_as_for_the_daemon(string words, string file)
    {
        Assert.Equal(file, Parse(words).ConfigPath);
    }

    [Fact]
    public void Options_and_words_may_be_mixed()
    {
        SubcommandLine line = Parse("--json a.conf --strict --offline -i red -e");
        Assert.Equal("", line.Error);
        Assert.Equal(["a.conf"], line.Words);
        Assert.True(line.Json && line.Strict && line.Offline && line.AllConfig && !line.WantsHelp);
        Assert.Equal("red", line.ConfigId);
    }

    [Fact]
    public void Behind_two_dashes_everything_is_a_word()
    {
        Assert.Equal(["--json"], Parse("-- --json").Words);
    }

    [Theory]
    [InlineData("a b", "Unexpected word 'b'")]
    [InlineData("--nonsense", "Unknown option --nonsense of vrrpd check")]
    [InlineData("-n", "Unknown option -n of vrrpd check")]
    [InlineData("-f", "Missing FILE after -f")]
    [InlineData("--json=1", "Option --json=1: --json takes no value")]
    [InlineData("--color=red", "--color is auto, always or never, not 'red'")]
    public void What_is_wrong_is_said(string words, string error)
    {
        Assert.Equal(error, Parse(words).Error);
    }

    [Theory]
    [InlineData("--color", true)]
    [InlineData("--color=always", true)]
    [InlineData("--colour=always", true)]
    [InlineData("--color=never", false)]
    public void Colours_can_be_asked_for(string words, bool isColoured)
    {
        Assert.Equal(isColoured, Parse(words).IsColoured);
    }

    [Fact]
    public void Every_command_has_a_word_of_help_and_options_that_exist()
    {
        foreach (Subcommand command in Subcommand.All)
        {
            Assert.NotEqual("", command.Help);
            Assert.Contains(command.Name, Subcommand.Names, StringComparison.Ordinal);
            Assert.All(command.Wishes, wish => Assert.Contains(WishOption.All, option => option.Wish == wish));
            Assert.Same(command, Subcommand.Find(command.Name));
        }
    }

    private static SubcommandLine Parse(string words) =>
        SubcommandLine.Parse(Subcommand.Find("check")!, words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
