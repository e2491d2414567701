using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Vrrpd.Core;
using Vrrpd.Native.Log;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>Lines in keepalived's form, into descriptors that never make us wait.</summary>
public sealed unsafe class LogWriterTests
{
    [Fact]
    public void The_stamp_is_ctimes()
    {
        byte[] text = new byte[LocalTime.CtimeLength];
        LocalTime.Format(text, new LocalTime.Tm { Second = 5, Minute = 4, Hour = 3, Day = 2, Month = 10, YearsSince1900 = 126, WeekDay = 1 });
        Assert.Equal("Mon Nov  2 03:04:05 2026", Encoding.ASCII.GetString(text));
        Assert.Equal("Nov  2 03:04:05", Encoding.ASCII.GetString(text, LocalTime.SyslogOffset, LocalTime.SyslogLength));
    }

    [Fact]
    public void The_console_line_is_stamp_colon_text()
    {
        using Pipe pipe = new();
        using LogWriter log = new(new LogOptions { Console = true, ConsoleFd = pipe.WriteFd });
        log.Write(LogLevel.Info, "(VI_1) Entering BACKUP STATE");
        string line = pipe.Read();
        Assert.Matches(new Regex(@"^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}: \(VI_1\) Entering BACKUP STATE\n$"), line);
        string now = DateTime.Now.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(now[..2], line, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_can_forge_a_line_and_what_is_too_long_is_cut()
    {
        using Pipe pipe = new();
        using LogWriter log = new(new LogOptions { Console = true, ConsoleFd = pipe.WriteFd });
        log.Write(LogLevel.Info, "a\nb\u001b[2Jc");
        Assert.EndsWith(": a b [2Jc\n", pipe.Read(), StringComparison.Ordinal);
        log.Write(LogLevel.Info, new string('ä', 5000));
        string cut = pipe.Read();
        Assert.True(cut.Length is > 500 and < 1200);
        Assert.EndsWith("ä\n", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_console_drops_lines_and_says_so_later()
    {
        using Pipe pipe = new();
        using LogWriter log = new(new LogOptions { Console = true, ConsoleFd = pipe.WriteFd });

        // Two megabytes: twice what a pipe holds that was made larger.
        const int Lines = 20_000;
        for (int i = 0; i < Lines; i++)
        {
            log.Write(LogLevel.Info, "a line that makes the pipe full, because nobody reads from it for now");
        }

        int kept = pipe.Read().Split('\n').Length - 1;
        Assert.InRange(kept, 100, Lines - 1);
        log.Write(LogLevel.Info, "again");
        string[] lines = pipe.Read().TrimEnd('\n').Split('\n');
        Assert.EndsWith($": {Lines - kept} log lines were dropped", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(": again", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Syslog_lines_have_priority_ident_and_pid()
    {
        using Syslogd daemon = new();
        using LogWriter log = new(new LogOptions { Syslog = true, SyslogPath = daemon.Path });
        log.WriteParent(LogLevel.Info, "Starting");
        log.Write(LogLevel.Error, "bad");
        Assert.Matches(new Regex($@"^<30>\w{{3}} [ \d]\d \d\d:\d\d:\d\d Keepalived\[{Environment.ProcessId}\]: Starting$"), daemon.Read());
        Assert.Matches(new Regex($@"^<27>\w{{3}} [ \d]\d \d\d:\d\d:\d\d Keepalived_vrrp\[{Environment.ProcessId}\]: bad$"), daemon.Read());
        using LogWriter local3 = new(new LogOptions { Syslog = true, SyslogPath = daemon.Path, Facility = 19 });
        local3.WriteParent(LogLevel.Info, "x");
        Assert.StartsWith("<158>", daemon.Read(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_restarted_syslog_daemon_is_found_again()
    {
        Syslogd daemon = new();
        using LogWriter log = new(new LogOptions { Syslog = true, SyslogPath = daemon.Path });
        log.Write(LogLevel.Info, "one");
        daemon.Dispose();
        log.Write(LogLevel.Info, "lost");
        using Syslogd next = new(daemon.Path);
        log.Write(LogLevel.Info, "two");
        if (!next.HasLine)
        {
            // Within the same second nobody is asked again.
            System.Threading.Thread.Sleep(1100);
            log.Write(LogLevel.Info, "two");
        }

        Assert.Contains("log lines were dropped", next.Read(), StringComparison.Ordinal);
        Assert.EndsWith(": two", next.Read(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_allocates_nothing()
    {
        using Pipe pipe = new();
        using Syslogd daemon = new();
        using LogWriter log = new(new LogOptions { Console = true, ConsoleFd = pipe.WriteFd, Syslog = true, SyslogPath = daemon.Path });
        log.Write(LogLevel.Info, "warm");
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5000; i++)
        {
            // More than fit: the paths of a full console and a full syslog are walked as well.
            log.Write(LogLevel.Info, "(VI_1) Entering MASTER STATE");
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed class Syslogd : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

        public Syslogd(string? path = null)
        {
            Path = path ?? System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"vrrpd-log-{Guid.NewGuid():N}");
            File.Delete(Path);
            _socket.Bind(new UnixDomainSocketEndPoint(Path));
            _socket.ReceiveTimeout = 2000;
        }

        public string Path { get; }

        public bool HasLine => _socket.Available > 0;

        public string Read()
        {
            byte[] buffer = new byte[4096];
            return Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
        }

        public void Dispose()
        {
            _socket.Dispose();
            File.Delete(Path);
        }
    }
}
