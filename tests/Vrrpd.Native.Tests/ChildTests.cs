using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Process;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>Real children. Each test waits on the pidfd as the loop would, by poll.</summary>
public sealed class ChildTests : IDisposable
{
    private const int WaitMilliseconds = 10_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("vrrpd-child").FullName;
    private readonly Spawner _spawner = new();
    private readonly Dictionary<int, int> _fds = [];
    private ChildTable? _children;

    public ChildTests() => File.SetUnixFileMode(_directory, (UnixFileMode)0b111_111_111);

    private string Out => Path.Combine(_directory, "out");

    public void Dispose()
    {
        _children?.Dispose();
        _spawner.Dispose();
        Directory.Delete(_directory, true);
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -9 $$", HostEvent.KilledBySignal + 9)]
    [InlineData("kill -TERM $$", HostEvent.KilledBySignal + 15)]
    public void The_end_of_a_script_is_told(string script, int status)
    {
        Table("/bin/sh", "sh", "-c", script);
        Assert.Equal(0, _children!.Start(0));
        Assert.Equal(HostEvent.ScriptExited(0, status), Reap());
        Assert.Equal(0, _children.Count);
    }

    [Fact]
    public void One_script_runs_once_at_a_time_and_again_later()
    {
        Table("/bin/sleep", "sleep", "0.2");
        Assert.Equal(0, _children!.Start(0));
        Assert.Equal(Errno.EEXIST, _children.Start(0));
        Assert.False(_children.TryReap(0, out _));
        Reap();
        Assert.Equal(0, _children.Start(0));
        Reap();
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_errno()
    {
        Table("/nonexistent/x", "x");
        Assert.Equal(Errno.ENOENT, _children!.Start(0));
        Assert.Equal(0, _children.Count);
    }

    [Fact]
    public void A_script_without_interpreter_line_goes_to_the_shell()
    {
        string file = Script("echo \"$0 $1\" >" + Out + "; exit 7\n");
        Table(file, "myname", "arg");
        Assert.Equal(0, _children!.Start(0));
        Assert.Equal(7, Reap().Value);
        Assert.Equal(file + " arg\n", File.ReadAllText(Out));
    }

    [Fact]
    public void Signals_are_clean_in_the_child()
    {
        Table("/bin/sh", "sh", "-c", $"grep -E 'Sig(Blk|Ign)' /proc/self/status >{Out}");
        _children!.Start(0);
        Assert.Equal(0, Reap().Value);
        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", File.ReadAllText(Out));
    }

    [Fact]
    public void A_writer_without_reader_is_ended_by_SIGPIPE()
    {
        Table("/bin/sh", "sh", "-c", "yes | head -1");
        _children!.Start(0);
        Assert.Equal(0, Reap().Value);
    }

    [Fact]
    public void Stdio_is_null_and_nothing_else_is_open()
    {
        using FileStream inheritable = File.Create(Path.Combine(_directory, "open"));
        Libc.fcntl((int)inheritable.SafeFileHandle.DangerousGetHandle(), Libc.F_SETFD, 0);
        StandardDescriptors.Tidy();
        Table("/bin/sh", "sh", "-c", $"echo $$ >{Out}; exec sleep 300");
        _children!.Start(0);
        int pid = ReadPid();
        string open = "";
        for (int i = 0; i < 200 && open != "0:/dev/null 1:/dev/null 2:/dev/null"; i++)
        {
            // The shell needs a moment to undo its own redirection.
            Thread.Sleep(10);
            open = string.Join(' ', Array.ConvertAll(Directory.GetFileSystemEntries($"/proc/{pid}/fd"),
                fd => $"{Path.GetFileName(fd)}:{File.ResolveLinkTarget(fd, false)}"));
        }

        Assert.Equal("0:/dev/null 1:/dev/null 2:/dev/null", open);
    }

    [Fact]
    public void It_leads_a_process_group_of_its_own()
    {
        Table("/bin/sh", "sh", "-c", $"cut -d' ' -f1,5 /proc/$$/stat >{Out}");
        _children!.Start(0);
        Reap();
        string[] ids = File.ReadAllText(Out).Trim().Split(' ');
        Assert.Equal(ids[0], ids[1]);
    }

    [Fact]
    public void The_loaders_variables_are_not_passed_on()
    {
        Environment.SetEnvironmentVariable("LD_LIBRARY_PATH", "/evil");
        Environment.SetEnvironmentVariable("VRRPD_TEST_KEPT", "a=b c");
        using Spawner spawner = new();
        Environment.SetEnvironmentVariable("LD_LIBRARY_PATH", null);
        _children = new ChildTable(spawner, [new PreparedCommand("/usr/bin/env", ["env"])], new Watcher(_fds));
        using PreparedCommand command = new("/bin/sh", ["sh", "-c", $"env >{Out}"]);
        _children = new ChildTable(spawner, [command], new Watcher(_fds));
        _children.Start(0);
        Reap();
        string[] lines = File.ReadAllLines(Out);
        Assert.Contains("VRRPD_TEST_KEPT=a=b c", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("LD_LIBRARY_PATH", StringComparison.Ordinal));
    }

    [Fact]
    public void Kill_takes_grandchildren_that_ignore_TERM()
    {
        Table("/bin/sh", "sh", "-c", $"trap '' TERM; sleep 300 & echo $! >{Out}; wait; sleep 300");
        _children!.Start(0);
        int grandchild = ReadPid();
        _children.Kill(0, Libc.SIGTERM);
        Assert.False(Libc.Poll(_fds[0], Libc.POLLIN, 200));
        Assert.True(IsAlive(grandchild));
        Assert.Equal(0, _children.Kill(0, Libc.SIGKILL));
        Assert.Equal(HostEvent.KilledBySignal + 9, Reap().Value);
        AssertDies(grandchild);
    }

    [Fact]
    public void A_leader_that_obeys_TERM_does_not_leave_its_group_behind()
    {
        Table("/bin/sh", "sh", "-c", $"sh -c 'trap \"\" TERM; echo $$ >{Out}; while :; do sleep 300; done' & wait");
        _children!.Start(0);
        int grandchild = ReadPid();
        _children.Kill(0, Libc.SIGTERM);
        Assert.Equal(HostEvent.KilledBySignal + 15, Reap().Value);
        AssertDies(grandchild);
    }

    [Fact]
    public void Killing_what_has_ended_is_no_error()
    {
        Table("/bin/true", "true");
        Assert.Equal(0, _children!.Kill(0, Libc.SIGTERM));
        _children.Start(0);
        Libc.Poll(_fds[0], Libc.POLLIN, WaitMilliseconds);
        Assert.Equal(0, _children.Kill(0, Libc.SIGTERM));
        Assert.Equal(0, Reap().Value);
    }

    [Fact]
    public void At_the_end_nothing_that_runs_is_left()
    {
        Table("/bin/sh", "sh", "-c", $"echo $$ >{Out}; exec sleep 300");
        _children!.Start(0);
        int pid = ReadPid();
        _children.KillAll();
        Assert.False(IsAlive(pid));
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        Table("/bin/true", "true");
        _children!.Start(0);
        Reap();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            _children.Start(0);
            Reap();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Another_user_is_reached_through_our_own_binary()
    {
        if (Libc.geteuid() != 0)
        {
            return;
        }

        string self = Path.Combine(AppContext.BaseDirectory, "vrrpd");
        string script = $"(id -u; id -g; id -G; grep -E 'Sig(Blk|Ign)' /proc/$$/status; ps -o pgid= -p $$; echo $$) >{Out}; exit 9";
        ScriptRun run = new("/bin/sh", ["sh", "-c", script], 65534, 65533);
        string builtFor = Path.Combine(AppContext.BaseDirectory, "vrrpd.dll");
        using PreparedCommand command = PreparedCommand.For(run, File.Exists(self) ? new SelfExec(self, []) : new SelfExec("/usr/bin/dotnet", [builtFor]));
        _children = new ChildTable(_spawner, [command], new Watcher(_fds));
        Assert.Equal(0, _children.Start(0));
        Assert.Equal(9, Reap().Value);
        string[] lines = File.ReadAllLines(Out);
        Assert.Equal(["65534", "65533", "65533", "SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"], lines[..5]);
        Assert.Equal(lines[5].Trim(), lines[6]);
    }

    [Fact]
    public void A_reload_ends_what_is_gone_and_leaves_what_stays_under_its_new_number()
    {
        // Both ignore TERM. The first script is removed, the second becomes the first and has another timeout.
        string gone = Script($"#!/bin/sh\ntrap '' TERM\necho $$ >{Out}\nwhile :; do sleep 0.1; done\n");
        PreparedCommand[] old = [new PreparedCommand(gone, [gone]), new PreparedCommand("/bin/sh", ["sh", "-c", "sleep 1; exit 7"])];
        _children = new ChildTable(_spawner, old, new Watcher(_fds));
        Assert.Equal((0, 0), (_children.Start(0), _children.Start(1)));
        int pid = ReadPid();
        Assert.Equal(0, _children.Kill(0, Libc.SIGTERM));
        Instant now = new(1_000_000_000);
        using PreparedCommand stays = new("/bin/sh", ["sh", "-c", "exit 3"]);
        _children.Adopt([stays], ConfigDiff.Compare(Scripts("gone", "stays"), Scripts("stays")), now);
        Assert.Equal((2, now + TimeSpan.FromSeconds(2)), (_children.Count, _children.KillDue));
        Assert.Equal(Errno.EEXIST, _children.Start(0));

        _children.KillOrphans(now + TimeSpan.FromSeconds(1));
        Assert.True(IsAlive(pid));
        _children.KillOrphans(now + TimeSpan.FromSeconds(2));
        int orphan = Assert.Single(_fds.Keys, static index => index > short.MaxValue);
        Assert.True(Libc.Poll(_fds[orphan], Libc.POLLIN, WaitMilliseconds));
        Assert.False(_children.TryReap(orphan, out _));
        Assert.Equal((1, Instant.Never), (_children.Count, _children.KillDue));
        Assert.False(IsAlive(pid));

        Assert.Equal(HostEvent.ScriptExited(0, 7), Reap());
        Assert.Equal(0, _children.Start(0));
        Assert.Equal(3, Reap().Value);
        Assert.Equal(0, _children.Count);
    }

    [Fact]
    public void At_the_end_nobody_outlives_us_whom_a_reload_has_left_without_a_script()
    {
        string gone = Script($"#!/bin/sh\ntrap '' TERM\necho $$ >{Out}\nwhile :; do sleep 0.1; done\n");
        _children = new ChildTable(_spawner, [new PreparedCommand(gone, [gone])], new Watcher(_fds));
        Assert.Equal(0, _children.Start(0));
        int pid = ReadPid();
        _children.Adopt([], ConfigDiff.Compare(Scripts("gone"), Scripts()), new Instant(1));
        Assert.True(IsAlive(pid));
        _children.KillAll();
        Assert.Equal(0, _children.Count);
        Assert.False(IsAlive(pid));
    }

    [Theory]
    [InlineData("--run-as", "0:0", "--", "/bin/true")]
    [InlineData("--run-as", "0", "--", "/bin/true", "true")]
    [InlineData("--run-as", "0:x", "--", "/bin/true", "true")]
    [InlineData("--run-as", "-1:0", "--", "/bin/true", "true")]
    [InlineData("--run-as", "0:0", "-", "/bin/true", "true")]
    public void Malformed_run_as_runs_nothing(params string[] args) => Assert.Equal(126, RunAs.Run(args));

    private void Table(string path, params string[] arguments) =>
        _children = new ChildTable(_spawner, [new PreparedCommand(path, arguments)], new Watcher(_fds));

    private static DaemonConfig Scripts(params string[] names) => ChannelTable.Complete(new DaemonConfig
    {
        Globals = new GlobalConfig(),
        Interfaces = [],
        Routers = [],
        Scripts = Array.ConvertAll(names, static name => new ScriptConfig { Name = name, Command = ["/bin/" + name] }),
    });

    private HostEvent Reap()
    {
        Assert.True(Libc.Poll(_fds[0], Libc.POLLIN, WaitMilliseconds));
        Assert.True(_children!.TryReap(0, out HostEvent e));
        return e;
    }

    private string Script(string text)
    {
        string file = Path.Combine(_directory, "script");
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
        return file;
    }

    private int ReadPid()
    {
        for (int i = 0; i < 500; i++)
        {
            if (File.Exists(Out) && int.TryParse(File.ReadAllText(Out), CultureInfo.InvariantCulture, out int pid))
            {
                return pid;
            }

            Thread.Sleep(10);
        }

        throw new InvalidOperationException("the child did not write its pid");
    }

    /// <summary>Running, that is: a zombie of somebody else's is as good as gone.</summary>
    private static bool IsAlive(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void AssertDies(int pid)
    {
        for (int i = 0; i < 300 && IsAlive(pid); i++)
        {
            Thread.Sleep(10);
        }

        Assert.False(IsAlive(pid));
    }

    /// <summary>No poller: the test asks the descriptors itself.</summary>
    private sealed class Watcher(Dictionary<int, int> fds) : IChildWatch
    {
        public int Add(int fd, int index)
        {
            fds[index] = fd;
            return 0;
        }

        public void Renumber(int fd, int index) => fds[index] = fd;

        public void Remove(int fd)
        {
        }
    }
}
