using System;
using System.IO;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>One daemon per pid file, whatever became of the last one.</summary>
public sealed class PidFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vrrpd-pid").FullName;

    private string Name => Path.Combine(_directory, "x.pid");

    public void Dispose() => Directory.Delete(_directory, true);

    [Fact]
    public void It_holds_the_pid_and_goes_with_us()
    {
        Assert.Equal(PidFileOutcome.Taken, PidFile.Take(Name, 4711, out PidFile? file, out _));
        Assert.Equal("4711\n", File.ReadAllText(Name));
        Assert.False(file!.WasStale);
        Assert.Equal((UnixFileMode)0b110_100_100, File.GetUnixFileMode(Name));
        file.Dispose();
        Assert.False(File.Exists(Name));
    }

    [Fact]
    public void A_second_one_is_refused_while_the_first_lives()
    {
        PidFile.Take(Name, 1, out PidFile? first, out _);
        Assert.Equal(PidFileOutcome.Running, PidFile.Take(Name, 2, out PidFile? second, out _));
        Assert.Null(second);
        Assert.Equal("1\n", File.ReadAllText(Name));
        first!.Dispose();
        Assert.Equal(PidFileOutcome.Taken, PidFile.Take(Name, 2, out second, out _));
        second!.Dispose();
    }

    [Fact]
    public void A_leftover_is_overwritten()
    {
        File.WriteAllText(Name, "99999999 and more than that\n");
        Assert.Equal(PidFileOutcome.Taken, PidFile.Take(Name, 5, out PidFile? file, out _));
        Assert.True(file!.WasStale);
        Assert.Equal("5\n", File.ReadAllText(Name));
        file.Dispose();
    }

    [Fact]
    public void A_keepalived_that_still_runs_keeps_its_file()
    {
        string program = Path.Combine(_directory, "keepalived");
        File.Copy("/bin/sleep", program);
        using System.Diagnostics.Process sleeper = System.Diagnostics.Process.Start(program, "60");
        try
        {
            File.WriteAllText(Name, $"{sleeper.Id}\n");
            Assert.Equal(PidFileOutcome.Keepalived, PidFile.Take(Name, 1, out _, out _));
            Assert.Equal($"{sleeper.Id}\n", File.ReadAllText(Name));
        }
        finally
        {
            sleeper.Kill();
            sleeper.WaitForExit();
        }

        Assert.Equal(PidFileOutcome.Taken, PidFile.Take(Name, 1, out PidFile? file, out _));
        file!.Dispose();
    }

    [Fact]
    public void A_directory_that_is_not_there_is_said()
    {
        Assert.Equal(PidFileOutcome.Refused, PidFile.Take(Path.Combine(_directory, "no", "x.pid"), 1, out _, out int errno));
        Assert.Equal(Errno.ENOENT, errno);
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        string victim = Path.Combine(_directory, "victim");
        File.WriteAllText(victim, "precious");
        File.CreateSymbolicLink(Name, victim);
        Assert.Equal(PidFileOutcome.Refused, PidFile.Take(Name, 1, out _, out _));
        Assert.Equal("precious", File.ReadAllText(victim));
    }
}
