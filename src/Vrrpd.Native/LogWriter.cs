using System;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Log;

namespace Vrrpd.Native;

/// <summary>Where lines go and which are said.</summary>
internal sealed record LogOptions
{
    /// <summary>-l together with -n.</summary>
    public bool Console { get; init; }

    /// <summary>Not with -G.</summary>
    public bool Syslog { get; init; }

    /// <summary>-D.</summary>
    public bool Detail { get; init; }

    /// <summary>syslog facility number: daemon is 3 (RFC 5424 section 6.2.1).</summary>
    public int Facility { get; init; } = 3;

    public int ConsoleFd { get; init; } = 2;
    public string SyslogPath { get; init; } = "/dev/log";
}

/// <summary>
/// Lines to the console and/or syslog in keepalived's form, never waiting: a descriptor that is full drops the line and counts it.
/// A line allocates nothing.
/// </summary>
internal sealed unsafe partial class LogWriter : IDisposable
{
    /// <summary>Longest text of a line; what is longer is cut.</summary>
    private const int MaxText = 1024;

    /// <summary>Room for the stamp, the ident and the pid before the text.</summary>
    private const int MaxPrefix = 96;

    private readonly LogOptions _options;
    private readonly SyslogSocket? _syslog;
    private readonly int _consoleFd;
    private readonly LocalTime _clock = new();
    private readonly int _pid = Libc.getpid();
    private readonly byte[] _text = new byte[MaxText];
    private readonly byte[] _line = new byte[MaxPrefix + MaxText + 1];
    private long _consoleDropped;
    private long _syslogDropped;

    public LogWriter(LogOptions options)
    {
        _options = options;
        _consoleFd = options.Console ? OwnConsole(options.ConsoleFd) : options.ConsoleFd;
        _syslog = options.Syslog ? new SyslogSocket(options.SyslogPath) : null;
    }

    /// <summary>Whether -D was given.</summary>
    public bool Detail => _options.Detail;

    private static ReadOnlySpan<byte> ParentIdent => "Keepalived"u8;

    private static ReadOnlySpan<byte> VrrpIdent => "Keepalived_vrrp"u8;

    /// <summary>A log effect of the core; allocates nothing.</summary>
    public void Write(in Effect effect, DaemonConfig config)
    {
        if (_options.Detail || !LogText.IsDetail(effect.Event))
        {
            int length = LogText.Write(_text, effect, config);
            Emit(LogText.Level(effect.Event), VrrpIdent, Clean(length));
        }
    }

    /// <summary>A line of the host side (refused system calls, links) that keepalived's VRRP process would say.</summary>
    public void Write(LogLevel level, string text) => Emit(level, VrrpIdent, Encode(text));

    /// <summary>A finding about the configuration: keepalived's lines, and ours beneath.</summary>
    public void Write(Diagnostic diagnostic)
    {
        if (diagnostic.IsEcho)
        {
            return;
        }

        LogLevel level = diagnostic.Severity switch
        {
            Severity.Error => LogLevel.Error,
            Severity.Warning => LogLevel.Warning,
            _ => LogLevel.Notice,
        };
        foreach (string text in DiagnosticText.Keepalived(diagnostic, withFile: true, runs: true).Split('\n'))
        {
            Write(level, text);
        }

        if (DiagnosticText.Ours(diagnostic) is { Length: > 0 } ours)
        {
            Write(level, "  " + ours);
        }
    }

    /// <summary>The same, only with -D.</summary>
    public void WriteDetail(string text)
    {
        if (_options.Detail)
        {
            Write(LogLevel.Info, text);
        }
    }

    /// <summary>A line that keepalived's parent process would say: start, configuration, stop.</summary>
    public void WriteParent(LogLevel level, string text) => Emit(level, ParentIdent, Encode(text));

    public void Dispose()
    {
        _syslog?.Dispose();
        if (_consoleFd != _options.ConsoleFd)
        {
            _ = Libc.close(_consoleFd);
        }
    }

    /// <summary>
    /// A terminal polls writable while it has room for one byte, and then a line waits for whoever does not read: a frozen ssh session
    /// would silence a master. Opened anew it has a mode of its own, which may be non-blocking without anybody else noticing. Without
    /// /proc, or if it is no terminal, it stays as it is. A pipe is made larger: 250 instances that become master at once say some
    /// 300 kB within milliseconds, and who reads only a little slower would miss the very lines that matter.
    /// </summary>
    private static int OwnConsole(int fd)
    {
        const int O_NOCTTY = 0x100, F_SETPIPE_SZ = 1031, PipeBytes = 1 << 20;
        if (isatty(fd) != 1)
        {
            // No pipe, or no right to more of it: then it stays as large as it is.
            _ = Libc.fcntl(fd, F_SETPIPE_SZ, PipeBytes);
            return fd;
        }

        int own = Libc.open($"/proc/self/fd/{fd}", Libc.O_WRONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC | O_NOCTTY, 0);
        return own < 0 ? fd : own;
    }

    [LibraryImport("libc")]
    private static partial int isatty(int fd);

    private ReadOnlySpan<byte> Encode(string text)
    {
        Utf8.FromUtf16(text, _text, out _, out int length);
        return Clean(length);
    }

    /// <summary>A name out of a file or packet must not be able to forge a second line or steer the terminal.</summary>
    private ReadOnlySpan<byte> Clean(int length)
    {
        Span<byte> text = _text.AsSpan(0, length);
        foreach (ref byte b in text)
        {
            if (b is < 0x20 or 0x7f)
            {
                b = (byte)' ';
            }
        }

        return text;
    }

    private void Emit(LogLevel level, ReadOnlySpan<byte> ident, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> stamp = _clock.Now();
        if (_options.Console)
        {
            if (_consoleDropped > 0 && ToConsole(stamp, "log lines were dropped"u8, _consoleDropped))
            {
                _consoleDropped = 0;
            }

            if (!ToConsole(stamp, text, 0))
            {
                _consoleDropped++;
            }
        }

        if (_syslog != null)
        {
            if (_syslogDropped > 0 && ToSyslog(LogLevel.Warning, ident, stamp, "log lines were dropped"u8, _syslogDropped))
            {
                _syslogDropped = 0;
            }

            if (!ToSyslog(level, ident, stamp, text, 0))
            {
                _syslogDropped++;
            }
        }
    }

    /// <summary>ctime, colon, text. A number goes before the text when it is not 0.</summary>
    private bool ToConsole(ReadOnlySpan<byte> stamp, ReadOnlySpan<byte> text, long number)
    {
        int at = Append(0, stamp);
        at = Append(at, ": "u8);
        at = AppendNumber(at, number);
        at = Append(at, text);
        _line[at++] = (byte)'\n';

        // The descriptor is shared with whoever started us, so it must not be made non-blocking: ask first. A line is shorter than
        // PIPE_BUF, and a pipe that polls writable takes that much at once.
        if (!Libc.Poll(_consoleFd, Libc.POLLOUT, 0))
        {
            return false;
        }

        fixed (byte* p = _line)
        {
            return Libc.write(_consoleFd, p, (nuint)at) == at;
        }
    }

    /// <summary>`&lt;PRI&gt;Mmm dd hh:mm:ss ident[pid]: text` without an end of line (RFC 3164 as libcs write it to /dev/log).</summary>
    private bool ToSyslog(LogLevel level, ReadOnlySpan<byte> ident, ReadOnlySpan<byte> stamp, ReadOnlySpan<byte> text, long number)
    {
        int at = Append(0, "<"u8);
        at = AppendDigits(at, _options.Facility << 3 | (int)level);
        at = Append(at, ">"u8);
        at = Append(at, stamp.Slice(LocalTime.SyslogOffset, LocalTime.SyslogLength));
        at = Append(at, " "u8);
        at = Append(at, ident);
        at = Append(at, "["u8);
        at = AppendDigits(at, _pid);
        at = Append(at, "]: "u8);
        at = AppendNumber(at, number);
        at = Append(at, text);
        return _syslog!.Send(_line.AsSpan(0, at), _clock.Second);
    }

    private int Append(int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_line.AsSpan(at));
        return at + bytes.Length;
    }

    private int AppendDigits(int at, long number)
    {
        Utf8Formatter.TryFormat(number, _line.AsSpan(at), out int length);
        return at + length;
    }

    private int AppendNumber(int at, long number) => number == 0 ? at : Append(AppendDigits(at, number), " "u8);
}
