using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using Xunit;
using Child = System.Diagnostics.Process;

namespace Vrrpd.Native.Tests;

/// <summary>
/// The program from outside: statuses, lines, files. Runs the published binary, out/vrrpd or the one that VRRPD_BINARY names: the one built
/// for these tests would not do, its runtime has threads that take signals.
/// </summary>
public sealed class ProgramTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vrrpd-program").FullName;

    public void Dispose() => Directory.Delete(_directory, true);

    [Theory]
    [InlineData("-v", 0, "Keepalived v")]
    [InlineData("-h", 0, "Usage: ")]
    [InlineData("--nonsense", 1, "Unknown option --nonsense\n")]
    [InlineData("-f", 1, "Missing parameter for option -f\n")]
    [InlineData("-s red", 1, "Option -s, --namespace is not supported")]
    [InlineData("-t -f DIR/none", 0, "Config files missing 'DIR/none'.\n")]
    [InlineData("-G -f DIR/none", 6, "Config files missing 'DIR/none'.\n")]
    [InlineData("-t -f DIR", 0, "Configuration file 'DIR' is a directory - skipping\n")]
    [InlineData("-G -f DIR", 6, "Configuration file 'DIR' is a directory - skipping\n")]
    [InlineData("-t -f DIR/exec", 0, "Configuration file 'DIR/exec' is not a regular non-executable file - skipping\n")]
    [InlineData("-t -f DIR/empty", 0, "")]
    [InlineData("-t -f DIR/junk", 5, "(DIR/junk: Line 1) Unknown keyword 'junk'")]
    [InlineData("-t -f DIR/junk -S 99", 5, "Invalid log facility '99'\n")]
    [InlineData("-t -f DIR/empty -S 99", 5, "Invalid log facility '99'\n")]
    [InlineData("-t -f DIR/empty foo bar", 5, "Unexpected argument(s): foo bar \n")]
    [InlineData("-t -f DIR/empty foo bar", 5, "Unexpected argument(s): foo bar \nThe configuration that is tested is DIR/empty: ")]
    [InlineData("status", 1, "Unknown command 'status'")]
    [InlineData("-G -n -f DIR/none", 6, "Config files missing 'DIR/none'.\nlook at the path after -f\n")]
    [InlineData("-n -l -G -f DIR/halved", 2, "")]
    [InlineData("-G -n -f DIR/unnamed", 2, "(V) the virtual router id must be set\nDIR/unnamed:1:15: ")]
    [InlineData("-G -f DIR/unnamed", 2, "(V) the virtual router id must be set\nDIR/unnamed:1:15: ")]
    [InlineData("-t -f DIR/absent", 5,
        "(DIR/absent: Line 2) WARNING - interface nope for vrrp_instance V doesn't exist\nDIR/absent:2:13: ")]
    [InlineData("-G -n -f DIR/empty -p DIR/no/p -r DIR/r", 0, "pidfile_write : Cannot open DIR/no/p pidfile\nNo such file or directory; ")]
    [InlineData("-G -f DIR/empty -p DIR/no/p -r DIR/r", 0, "pidfile_write : Cannot open DIR/no/p pidfile\nNo such file or directory; ")]
    [InlineData("-G -f DIR/empty -p DIR/no/p -r DIR/r -n -l", 0, "")]
    public void Statuses_and_first_words(string words, int status, string start)
    {
        File.WriteAllText(Path.Combine(_directory, "empty"), "");
        File.WriteAllText(Path.Combine(_directory, "junk"), "junk\n");
        string exec = Path.Combine(_directory, "exec");
        File.WriteAllText(exec, "");
        File.SetUnixFileMode(exec, (UnixFileMode)0b111_101_101);
        File.WriteAllText(Path.Combine(_directory, "unnamed"), "vrrp_instance V {\n interface lo\n}\n");
        File.WriteAllText(Path.Combine(_directory, "absent"),
            "vrrp_instance V {\n  interface nope\n  virtual_router_id 9\n  virtual_ipaddress {\n    10.0.0.1\n  }\n}\n");
        File.WriteAllText(Path.Combine(_directory, "halved"), "vrrp_instance V {\n  priority\n}\n");
        using Child process = Begin(words.Replace("DIR", _directory, StringComparison.Ordinal));
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.StartsWith(start.Replace("DIR", _directory, StringComparison.Ordinal), error, StringComparison.Ordinal);
        Assert.Equal(status, process.ExitCode);
    }

    [Fact]
    public void Config_test_appends_to_a_file_but_not_through_a_link()
    {
        File.WriteAllText(Path.Combine(_directory, "junk"), "junk\n");
        string log = Path.Combine(_directory, "log");
        for (int i = 1; i <= 2; i++)
        {
            using Child process = Begin($"--config-test={log} -f {_directory}/junk");
            process.WaitForExit();
            Assert.Equal(5, process.ExitCode);
            Assert.Equal(i + 1, File.ReadAllText(log).Split("Unknown keyword").Length);
        }

        File.CreateSymbolicLink(Path.Combine(_directory, "link"), log);
        long size = new FileInfo(log).Length;
        using Child refused = Begin($"--config-test={_directory}/link -f {_directory}/junk");
        refused.WaitForExit();
        Assert.Equal(size, new FileInfo(log).Length);
    }

    [Fact]
    public void Config_test_appends_nothing_to_the_configuration_itself()
    {
        string file = Path.Combine(_directory, "junk");
        File.WriteAllText(file, "junk\n");
        using Child process = Begin($"-t{file} -f {file}");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal("junk\n", File.ReadAllText(file));
        Assert.StartsWith($"Nothing is appended to {file}", error, StringComparison.Ordinal);
        Assert.Contains("Unknown keyword 'junk'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_copy_in_the_background_says_that_there_is_one()
    {
        File.WriteAllText(Path.Combine(_directory, "empty"), "");
        using Child first = Begin($"-n -l -G -f {_directory}/empty -p {_directory}/p -r {_directory}/r");
        WaitFor(Path.Combine(_directory, "r"));
        using Child second = Begin($"-G -f {_directory}/empty -p {_directory}/p -r {_directory}/r");
        Assert.Equal($"daemon is already running: another process has {_directory}/p\n", second.StandardError.ReadToEnd());
        second.WaitForExit();
        Assert.Equal(0, second.ExitCode);
        Libc.kill(first.Id, Libc.SIGTERM);
        first.WaitForExit();
    }

    [Fact]
    public void A_message_about_the_command_line_comes_once()
    {
        File.WriteAllText(Path.Combine(_directory, "empty"), "");
        using Child process = Begin($"-n -l -G -x -f {_directory}/none");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, error.Split("Option -x, --snmp has no effect yet").Length);
    }

    [Fact]
    public void Every_thread_blocks_the_signals_and_TERM_stops_in_order()
    {
        File.WriteAllText(Path.Combine(_directory, "empty"), "");
        using Child process = Begin($"-n -l -G -f {_directory}/empty -p {_directory}/p -r {_directory}/r");
        WaitFor(Path.Combine(_directory, "r"));
        Assert.Equal($"{process.Id}\n", File.ReadAllText(Path.Combine(_directory, "p")));

        string[] tasks = Directory.GetDirectories($"/proc/{process.Id}/task");
        Assert.Equal(2, tasks.Length);
        foreach (string task in tasks)
        {
            string line = Array.Find(File.ReadAllLines(task + "/status"), l => l.StartsWith("SigBlk:", StringComparison.Ordinal))!;
            ulong mask = ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            foreach (int signal in (int[])[1, 2, 10, 12, 15, 17, 36, 63, 64])
            {
                Assert.NotEqual(0UL, mask & 1UL << (signal - 1));
            }

            // The libc's and the collector's own, and the traps.
            foreach (int signal in (int[])[8, 11, 32, 33, 34, 35])
            {
                Assert.Equal(0UL, mask & 1UL << (signal - 1));
            }
        }

        using Child second = Begin($"-n -l -G -f {_directory}/empty -p {_directory}/p -r {_directory}/r");
        Assert.EndsWith(": daemon is already running\n", second.StandardError.ReadToEnd(), StringComparison.Ordinal);
        second.WaitForExit();
        Assert.Equal(0, second.ExitCode);

        Libc.kill(process.Id, Libc.SIGTERM);
        string log = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        string[] lines = Array.ConvertAll(log.TrimEnd('\n').Split('\n'), line => line[26..]);
        Assert.StartsWith("Starting Keepalived v", lines[0], StringComparison.Ordinal);
        Assert.Contains("Startup complete", lines);
        Assert.Equal("Stopping", lines[^3]);
        Assert.Equal("Stopped", lines[^2]);
        Assert.StartsWith("Stopped Keepalived v", lines[^1], StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_directory, "p")) || File.Exists(Path.Combine(_directory, "r")));
    }

    [Fact]
    public void In_the_background_it_is_a_session_of_its_own_and_the_first_process_ends_when_it_is_up()
    {
        File.WriteAllText(Path.Combine(_directory, "empty"), "");
        using Child process = Begin($"-G -f {_directory}/empty -p {_directory}/p -r {_directory}/r");
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        int pid = int.Parse(File.ReadAllText(Path.Combine(_directory, "p")), CultureInfo.InvariantCulture);
        Assert.NotEqual(process.Id, pid);
        string[] stat = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ');
        Assert.Equal($"{pid}", stat[3]);
        Assert.Equal("/", File.ResolveLinkTarget($"/proc/{pid}/cwd", false)!.FullName);
        Assert.Equal("/dev/null", File.ResolveLinkTarget($"/proc/{pid}/fd/2", false)!.FullName);
        Assert.Equal("vrrpd\n", File.ReadAllText($"/proc/{pid}/comm")[..6]);
        Libc.kill(pid, Libc.SIGKILL);
    }

    private Child Begin(string words)
    {
        ProcessStartInfo info = new(Published.Binary, words.Split(' '))
        {
            RedirectStandardError = true,
            WorkingDirectory = _directory,
        };
        return Child.Start(info)!;
    }

    private static void WaitFor(string file)
    {
        for (int i = 0; i < 500 && !(File.Exists(file) && new FileInfo(file).Length > 0); i++)
        {
            Thread.Sleep(10);
        }
    }
}
