using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>Which daemon plays a role.</summary>
public enum Kind
{
    /// <summary>The daemon under test.</summary>
    Vrrpd,

    /// <summary>The installed keepalived.</summary>
    Keepalived,

    /// <summary>The VRRP daemon of the installed FRR, which wants more around it: <see cref="Interop.FrrSpeaker"/>.</summary>
    Frr,
}

/// <summary>A log line and when we read it.</summary>
internal sealed record LogLine(DateTime At, string Text);

/// <summary>A running VRRP daemon on a host, with its log in our hands.</summary>
internal sealed class Daemon : IDisposable
{
    private readonly Lan _lan;
    private readonly Host _host;
    private readonly Process _process;
    private readonly List<LogLine> _lines = [];
    private readonly List<Thread> _readers = [];

    private Daemon(Lan lan, Host host, Kind kind, IReadOnlyList<string> argv)
    {
        _lan = lan;
        _host = host;
        Kind = kind;
        _process = host.StartProcess(argv);
        _process.StandardInput.Close();
        Listen(_process.StandardError);
        Listen(_process.StandardOutput);
        lan.Say($"{host.Name}: started {string.Join(' ', argv)}");
    }

    /// <summary>Which daemon this is.</summary>
    public Kind Kind { get; }

    /// <summary>True for vrrpd itself; false for keepalived, also where it stands in.</summary>
    public bool IsVrrpd => Kind == Kind.Vrrpd && !Requirements.StandIn;

    /// <summary>The process id, outside, of the process that was started.</summary>
    public string Pid => Host.ChildOf(_process.Id);

    /// <summary>True while it runs.</summary>
    public bool Running => !_process.HasExited;

    /// <summary>The path of a daemon's executable.</summary>
    public static string Binary(Kind kind)
    {
        return kind switch
        {
            Kind.Vrrpd => Requirements.Vrrpd,
            Kind.Keepalived => Requirements.Keepalived,
            _ => Requirements.Frr + "/vrrpd",
        };
    }

    /// <summary>Writes the configuration and starts the daemon in the foreground with a detailed log.</summary>
    public static Daemon Start(Lan lan, Host host, Kind kind, string config, params string[] more)
    {
        host.Write("keepalived.conf", config);
        return Start(lan, host, kind, [Binary(kind), "-n", "-l", "-D", .. more]);
    }

    /// <summary>Starts a daemon by a whole command line.</summary>
    public static Daemon Start(Lan lan, Host host, Kind kind, IReadOnlyList<string> argv)
    {
        return lan.Keep(new Daemon(lan, host, kind, argv));
    }

    /// <summary>The log until now.</summary>
    public IReadOnlyList<LogLine> Lines()
    {
        lock (_lines)
        {
            return [.. _lines];
        }
    }

    /// <summary>The whole log as one text.</summary>
    public string Text()
    {
        return string.Join('\n', Lines().Select(line => line.Text));
    }

    /// <summary>How many lines match a pattern.</summary>
    public int Count(string pattern)
    {
        return Lines().Count(line => Regex.IsMatch(line.Text, pattern));
    }

    /// <summary>A mark in the log: what <see cref="WaitFor"/> sees is after it.</summary>
    public int Mark()
    {
        lock (_lines)
        {
            return _lines.Count;
        }
    }

    /// <summary>Waits for a line that matches, after <paramref name="mark"/>, and returns it with its time.</summary>
    public LogLine WaitFor(string pattern, double seconds, int mark = 0)
    {
        LogLine? found = null;
        Wait.Until(
            () =>
            {
                // In this order: what a process says last is there when its end is seen.
                bool isOver = !Running && Gone();
                found = Lines().Skip(mark).FirstOrDefault(line => Regex.IsMatch(line.Text, pattern));
                return found is not null || isOver;
            },
            seconds,
            $"{_host.Name}: log line /{pattern}/ in\n{Text()}");
        return found ?? throw new InvalidOperationException($"{_host.Name}: ended ({ExitCode()}) without line /{pattern}/\n{Text()}");
    }

    /// <summary>Sends a signal to the process that was started.</summary>
    public void Signal(string name)
    {
        _lan.Say($"{_host.Name}: SIG{name}");
        Shell.Run("kill", "-s", name, Pid).OrFail($"kill -s {name}");
    }

    /// <summary>nsenter stops itself when what it runs is stopped, and would never tell us of its end.</summary>
    public void WakeKeeper()
    {
        Shell.Run("kill", "-s", "CONT", _process.Id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Waits for the end and returns the exit code; 128 + signal when a signal ended it.</summary>
    public int ExitCode(double seconds = 10)
    {
        if (!_process.WaitForExit((int)(seconds * 1000)))
        {
            throw new TimeoutException($"{_host.Name}: still running after {seconds} s\n{Text()}");
        }

        Gone();
        return _process.ExitCode;
    }

    /// <summary>Stops it in order: SIGTERM, and the exit code.</summary>
    public int Stop()
    {
        Signal("TERM");
        return ExitCode();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Running)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(5000);
        }

        _process.Dispose();
    }

    private bool Gone()
    {
        return _readers.TrueForAll(reader => reader.Join(1000));
    }

    private void Listen(StreamReader stream)
    {
        Thread reader = new(() =>
        {
            while (stream.ReadLine() is string line)
            {
                DateTime now = DateTime.UtcNow;
                lock (_lines)
                {
                    _lines.Add(new LogLine(now, line));
                }

                _lan.Say(now, $"  {_host.Name} | {line}");
            }
        })
        {
            IsBackground = true,
        };
        reader.Start();
        _readers.Add(reader);
    }
}
