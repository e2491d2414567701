using System;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>The command line as scripts and unit files write it.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("-f F", "F")]
    [InlineData("-fF", "F")]
    [InlineData("--use-file F", "F")]
    [InlineData("--use-file=F", "F")]
    [InlineData("--use=F", "F")]
    [InlineData("-nlDf F", "F")]
    [InlineData("run -f F", "F")]
    [InlineData("word -f F", "F")]
    [InlineData("-f A -f F", "F")]
    [InlineData("-- -f F", CommandLine.DefaultConfigFile)]
    [InlineData("", CommandLine.DefaultConfigFile)]
    public void The_configuration_file_is_found(string words, string file)
    {
        CommandLine line = Parse(words);
        Assert.Null(line.Exit);
        Assert.Equal(file, line.ConfigPath);
    }

    [Fact]
    public void Grouped_short_options_are_taken_apart()
    {
        CommandLine line = Parse("-nlDDGd");
        Assert.True(line.Foreground && line.Console && line.Dump && !line.Syslog);
        Assert.Equal(2, line.Detail);
    }

    [Fact]
    public void Run_means_foreground_console_and_detail()
    {
        CommandLine line = Parse("run");
        Assert.True(line.Foreground && line.Console && line.Detail == 1);
    }

    [Theory]
    [InlineData("-Z", "Unknown option -Z")]
    [InlineData("-nZ", "Unknown option -Z")]
    [InlineData("--nonsense", "Unknown option --nonsense")]
    [InlineData("-f", "Missing parameter for option -f")]
    [InlineData("--pid", "Missing parameter for option --pid")]
    [InlineData("--vrrp_", "Missing parameter for option --vrrp_pid")]
    [InlineData("--signum=FOO", "Unknown sigfunc FOO")]
    [InlineData("--log-c=3", "Unknown option --log-c=3 (--log-console takes no value)")]
    [InlineData("--log", "Unknown option --log (it could be --log-console or --log-detail or --log-facility)")]
    public void A_wrong_option_ends_with_1(string words, string message)
    {
        CommandLine line = Parse(words);
        Assert.Equal(1, line.Exit);
        Assert.Equal([message], line.Messages);
    }

    [Theory]
    [InlineData("-i node1 -e")]
    [InlineData("-inode1 -e")]
    [InlineData("--config-id=node1 --all-config")]
    public void The_config_id_and_the_check_of_includes_are_taken(string words)
    {
        CommandLine line = Parse(words);
        Assert.Empty(line.Messages);
        Assert.Equal(("node1", true), (line.ConfigId, line.ChecksIncludes));
        Assert.Equal((null, false), (Parse("-t").ConfigId, Parse("-t").ChecksIncludes));
    }

    [Theory]
    [InlineData("-s red")]
    [InlineData("--namespace=red")]
    [InlineData("-C")]
    [InlineData("-T")]
    public void An_option_that_would_change_what_is_served_is_refused(string words)
    {
        CommandLine line = Parse(words);
        Assert.Equal(1, line.Exit);
        Assert.Contains("is not supported", line.Messages[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-x")]
    [InlineData("-A unix:/x")]
    [InlineData("-V")]
    [InlineData("-m")]
    [InlineData("-M")]
    [InlineData("-Mcore.%p")]
    [InlineData("--core-dump-pattern=x")]
    [InlineData("-a")]
    public void Other_options_of_keepalived_run_with_a_warning(string words)
    {
        CommandLine line = Parse(words);
        Assert.Null(line.Exit);
        Assert.Contains("has no effect yet", Assert.Single(line.Messages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-P")]
    [InlineData("--vrrp")]
    [InlineData("-c /run/c.pid")]
    [InlineData("-b /run/b.pid")]
    [InlineData("-R")]
    [InlineData("-I")]
    [InlineData("-B")]
    [InlineData("-X")]
    [InlineData("--all")]
    public void Options_that_ask_for_what_is_so_anyway_run_without_a_word(string words)
    {
        CommandLine line = Parse(words);
        Assert.Null(line.Exit);
        Assert.Empty(line.Messages);
    }

    [Theory]
    [InlineData("run", null, "")]
    [InlineData("-n status", null, "Unexpected argument(s): status ")]
    [InlineData("status", 1, "Unknown command 'status': the commands are run, check, show-config, diff and explain, and vrrpd without a command starts the daemon")]
    public void A_mistyped_command_starts_no_daemon(string words, int? exit, string message)
    {
        CommandLine line = CommandLine.Parse(words.Split(' '), asKeepalived: false);
        Assert.Equal(exit, line.Exit);
        Assert.Equal(message, string.Concat(line.Messages));
        Assert.False(line.Test);
    }

    [Theory]
    [InlineData("STOP", 15)]
    [InlineData("RELOAD", 1)]
    [InlineData("DATA", 10)]
    [InlineData("STATS", 12)]
    [InlineData("STATS_CLEAR", 63)]
    [InlineData("JSON", 36)]
    public void Signal_numbers_are_keepaliveds(string name, int number)
    {
        CommandLine line = Parse("--signum=" + name);
        Assert.Equal(number, line.Output);
        Assert.Equal(0, line.Exit);
    }

    [Theory]
    [InlineData("-S 3", 19, false)]
    [InlineData("-S local7", 23, false)]
    [InlineData("--log-facility=user", 1, false)]
    [InlineData("-S daemon", 3, false)]
    [InlineData("-S 99", 3, true)]
    [InlineData("-S local8", 3, true)]
    public void Facilities(string words, int facility, bool faulty)
    {
        CommandLine line = Parse(words);
        Assert.Null(line.Exit);
        Assert.Equal((facility, faulty), (line.Facility, line.Faulty));
    }

    [Theory]
    [InlineData("-u 022", 0b000_010_010u)]
    [InlineData("-u 0x3f", 63u)]
    [InlineData("-u 18", 18u)]
    [InlineData("-u 8x", CommandLine.DefaultUmask)]
    [InlineData("-u 09", CommandLine.DefaultUmask)]
    [InlineData("-u 01000", CommandLine.DefaultUmask)]
    public void Umasks(string words, uint mask) => Assert.Equal(mask, Parse(words).Umask);

    [Theory]
    [InlineData("-t", true, null)]
    [InlineData("-tFILE", true, "FILE")]
    [InlineData("--config-test", true, null)]
    [InlineData("--config-test=FILE", true, "FILE")]
    public void Config_test_has_an_optional_file(string words, bool test, string? file)
    {
        CommandLine line = Parse(words);
        Assert.Equal((test, file), (line.Test, line.TestFile));
    }

    [Fact]
    public void Other_words_are_named_and_it_runs_anyway()
    {
        CommandLine line = Parse("foo -n bar");
        Assert.Null(line.Exit);
        Assert.True(line.Foreground);
        Assert.Equal("Unexpected argument(s): foo bar ", Assert.Single(line.Messages));
    }

    [Fact]
    public void Every_option_is_in_the_help_once_and_reachable()
    {
        string help = HelpText.Usage();
        foreach (Option option in Option.All)
        {
            Assert.Equal(!option.Hidden, help.Contains("--" + option.Long, StringComparison.Ordinal) && option.Help.Length > 0);
            Assert.Single(Option.All, other => other.Long == option.Long || (option.Short != '\0' && other.Short == option.Short));
        }
    }

    [Theory]
    [InlineData("-v", "Keepalived v")]
    [InlineData("--help", "Usage: ")]
    [InlineData("-vZ", "Keepalived v")]
    public void Version_and_help_end_with_0(string words, string start)
    {
        CommandLine line = Parse(words);
        Assert.Equal(0, line.Exit);
        Assert.StartsWith(start, Assert.Single(line.Messages), StringComparison.Ordinal);
    }

    private static CommandLine Parse(string words) =>
        CommandLine.Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), asKeepalived: true);
}
