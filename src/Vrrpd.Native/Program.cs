using System;
using System.Collections.Generic;
using System.Text;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>Everything that <see cref="Program"/> has made ready for the loop.</summary>
/// <param name="Commands">How to start each script of the configuration, in its order.</param>
/// <param name="Ready">To be called once, when sockets are open and the first turn is about to begin.</param>
internal sealed record DaemonParts(DaemonConfig Config, PreparedCommand[] Commands, Spawner Spawner, LogWriter Log, SignalSource Signals, Action Ready);

/// <summary>
/// The order of a start: signals, arguments, configuration, checks of the machine, background, pid file, loop; and its mirror at the
/// stop. Every way out of here has keepalived's exit status.
/// </summary>
internal static unsafe class Program
{
    /// <summary>keepalived's status of a fault of the program itself.</summary>
    private const int InternalStatus = 70;

    /// <summary>keepalived's status of -t for complaints with which it would run.</summary>
    private const int FaultTestStatus = 5;

    /// <summary>keepalived wraps its command line so that no line becomes longer (measured between 101 and 103 characters).</summary>
    private const int CommandLineWidth = 102;

    private static int Main(string[] args)
    {
        if (args.Length > 0 && args[0] == RunAs.Option)
        {
            // Before signals are touched: the mask would be inherited by the script.
            return RunAs.Run(args);
        }

        SignalMask.BlockEverywhere();
        StandardDescriptors.Tidy();
        CommandLine line = CommandLine.Parse(args);
        if (line.ReadyFd < 0)
        {
            foreach (string message in line.Messages)
            {
                Print(2, message + "\n");
            }
        }

        if (line.Output is int number)
        {
            Print(1, $"{number}\n");
        }

        if (line.Exit is int status)
        {
            return status;
        }

        // Scripts inherit it; our own files say their modes themselves.
        _ = Libc.umask(line.Umask);
        using LogWriter log = new(new LogOptions
        {
            Console = line.Console && line.Foreground && !line.Test,
            Syslog = line.Syslog && !line.Test,
            Detail = line.Detail > 0,
            Facility = line.Facility,
        });
        try
        {
            return line.Test ? Test(line) : Start(line, args, log);
        }
        catch (Exception broken)
        {
            return Crashed(broken, line, log);
        }
    }

    /// <summary>-t: everything that is wrong, and nothing else happens.</summary>
    private static int Test(CommandLine line)
    {
        StringBuilder report = new();
        int status = TestInto(line, report);
        if (report.Length > 0)
        {
            int fd = 2;
            if (line.TestFile != null)
            {
                // rw-r--r-- less umask; a link could lead root to somebody's file.
                fd = Libc.open(line.TestFile, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND | Libc.O_CLOEXEC | Libc.O_NOFOLLOW, 0b110_100_100);
                if (fd < 0)
                {
                    Print(2, $"Unable to open config-test log file {line.TestFile}: {Errno.Text(Errno.Last)}\n");
                    fd = 2;
                }
            }

            Print(fd, report.ToString());
        }

        // keepalived counts a bad argument among the configuration's errors.
        return status == 0 && line.Faulty ? FaultTestStatus : status;
    }

    private static int TestInto(CommandLine line, StringBuilder report)
    {
        ConfigFile file = ConfigFile.Load(line.ConfigPath);
        if (!file.IsRead)
        {
            report.Append(file.Error).Append('\n');
            return file.TestStatus;
        }

        ConfigResult result = file.Understand(out _);
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            report.Append(DiagnosticText.Full(diagnostic, withFile: true, withSource: true)).Append('\n');
        }

        return result.TestExitStatus;
    }

    private static int Start(CommandLine line, string[] args, LogWriter log)
    {
        bool first = line.ReadyFd < 0, background = !line.Foreground;
        string argv0 = Environment.GetCommandLineArgs() is [string name, ..] ? name : "vrrpd";
        if (first)
        {
            log.WriteParent(LogLevel.Info, "Starting " + HelpText.Product);
            SayMachine(log);
            SayCommandLine(log, argv0, args);
            foreach (string message in line.Messages)
            {
                log.WriteParent(LogLevel.Warning, message);
            }
        }

        ConfigFile file = ConfigFile.Load(line.ConfigPath);
        if (!file.IsRead)
        {
            log.WriteParent(LogLevel.Error, file.Error);
            PrintIf(background && first, file.Error + "\n");
            return Stopped(log, ConfigFile.MissingStatus);
        }

        if (first)
        {
            if (log.Detail)
            {
                log.WriteParent(LogLevel.Info, $"Opening file '{line.ConfigPath}'.");
            }

            log.WriteParent(LogLevel.Info, $"Configuration file {line.ConfigPath}");
        }

        ConfigResult result = file.Understand(out ScriptCheckResult? scripts);

        // The background daemon says all this; its first process only when it never gets that far.
        if (!(first && background) || !result.CanRun)
        {
            foreach (Diagnostic diagnostic in result.Diagnostics)
            {
                Say(log, diagnostic);
                PrintIf(background && first, DiagnosticText.Full(diagnostic, withFile: true, withSource: true) + "\n");
            }
        }

        if (!result.CanRun)
        {
            log.Write(LogLevel.Info, "Stopped");
            log.WriteParent(LogLevel.Error, $"pid {Libc.getpid()} exited with permanent error CONFIG. Terminating");
            return Stopped(log, result.RunExitStatus);
        }

        bool otherUsers = Array.Exists(scripts!.Runs, run => run.Uid != Libc.geteuid());
        List<string> missing = scripts.Config.Routers.Length == 0 ? [] : Privileges.Missing(Libc.EffectiveCapabilities(), otherUsers);
        if (missing.Count > 0)
        {
            foreach (string reason in missing)
            {
                log.WriteParent(LogLevel.Error, reason);
                PrintIf(background && first, reason + "\n");
            }

            log.WriteParent(LogLevel.Error, $"pid {Libc.getpid()} exited with permanent error missing permission. Terminating");
            return Stopped(log, Privileges.MissingStatus);
        }

        SelfExec self = SelfExec.Find(argv0);
        if (first && background)
        {
            int started = Daemonizer.Detach(self, argv0, args, out string error);
            PrintIf(error.Length > 0, error + "\n");
            return started;
        }

        if (!first)
        {
            Daemonizer.TakeName(argv0);
        }

        if (line.Dump)
        {
            foreach (string text in ConfigDump.Lines(scripts.Config))
            {
                log.Write(LogLevel.Info, text);
            }
        }

        return Daemon(line, scripts, self, log);
    }

    private static int Daemon(CommandLine line, ScriptCheckResult scripts, SelfExec self, LogWriter log)
    {
        if (!line.Foreground)
        {
            Libc.chdir("/");
        }

        List<PidFile> pidFiles = [];
        try
        {
            if (!TakePidFiles(line, pidFiles, log))
            {
                // keepalived ends with 0 in both cases: "already running" is what was asked for.
                return 0;
            }

            log.WriteParent(LogLevel.Info, $"Starting VRRP child process, pid={Libc.getpid()}");
            using SignalSource signals = new();
            using Spawner spawner = new();
            PreparedCommand[] commands = Array.ConvertAll(scripts.Runs, run => PreparedCommand.For(run, self));
            int status = RunDaemon(new DaemonParts(scripts.Config, commands, spawner, log, signals, () =>
            {
                log.WriteParent(LogLevel.Info, "Startup complete");
                Daemonizer.TellReady(line.ReadyFd);
            }));
            if (status != 0)
            {
                return Stopped(log, status);
            }

            log.Write(LogLevel.Info, "Stopped");
        }
        finally
        {
            pidFiles.ForEach(file => file.Dispose());
        }

        return Stopped(log, 0);
    }

    /// <summary>Opens the host, runs the loop until a signal says stop, and says how it went. The exit status.</summary>
    private static int RunDaemon(DaemonParts parts)
    {
        using Poller poller = new();
        using Host? host = Host.Open(parts.Config, poller, out string error, out int status);
        if (host is null)
        {
            parts.Log.WriteParent(LogLevel.Error, error);
            return status;
        }

        using ChildTable children = new(parts.Spawner, parts.Commands, poller);
        EventLoop loop = new(parts.Config, host, poller, new HostClock(), parts.Signals, children, parts.Log);
        parts.Ready();
        // What start-up needed goes back to the system; from here on nothing is allocated, so this is the last collection.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        (long bytes, int collections) = (GC.GetTotalAllocatedBytes(precise: true), GC.CollectionCount(0));
        status = loop.Run();
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        parts.Log.WriteDetail($"allocated {bytes} bytes since start-up, {GC.CollectionCount(0) - collections} garbage collections, {loop.Datagrams} adverts read");
        return status;
    }

    private static bool TakePidFiles(CommandLine line, List<PidFile> taken, LogWriter log)
    {
        int pid = Libc.getpid();
        string[] paths = line.PidPath == line.VrrpPidPath ? [line.PidPath] : [line.PidPath, line.VrrpPidPath];
        foreach (string path in paths)
        {
            switch (PidFile.Take(path, pid, out PidFile? file, out int errno))
            {
                case PidFileOutcome.Taken:
                    taken.Add(file!);
                    if (file!.WasStale)
                    {
                        log.WriteParent(LogLevel.Info, $"Remove a zombie pid file {path}");
                    }

                    break;
                case PidFileOutcome.Running:
                    log.WriteParent(LogLevel.Info, $"Another process has pid file {path} locked");
                    log.WriteParent(LogLevel.Info, "daemon is already running");
                    return false;
                default:
                    log.WriteParent(LogLevel.Error, $"pidfile_write : Cannot open {path} pidfile");
                    log.WriteParent(LogLevel.Error, $"  {Errno.Text(errno)}; choose other files with -p and -r");

                    // As process 1 there is nobody to read pid files, often no /run, and ending would be the machine's end.
                    if (pid != 1)
                    {
                        Stopped(log, 0);
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    private static void Say(LogWriter log, Diagnostic diagnostic)
    {
        LogLevel level = diagnostic.Severity switch
        {
            Severity.Error => LogLevel.Error,
            Severity.Warning => LogLevel.Warning,
            _ => LogLevel.Notice,
        };
        foreach (string text in DiagnosticText.Keepalived(diagnostic, withFile: true).Split('\n'))
        {
            log.Write(level, text);
        }

        if (DiagnosticText.Ours(diagnostic) is { Length: > 0 } ours)
        {
            log.Write(level, "  " + ours);
        }
    }

    private static void SayMachine(LogWriter log)
    {
        byte[] names = new byte[6 * Libc.UtsField];
        fixed (byte* p = names)
        {
            if (Libc.uname(p) == 0)
            {
                // sysname, nodename, release, version.
                log.WriteParent(LogLevel.Info, $"Running on {Field(0)} {Field(2)} {Field(3)}");
            }
        }

        string Field(int index)
        {
            ReadOnlySpan<byte> field = names.AsSpan(index * Libc.UtsField, Libc.UtsField);
            return Encoding.UTF8.GetString(field[..field.IndexOf((byte)0)]);
        }
    }

    private static void SayCommandLine(LogWriter log, string argv0, string[] args)
    {
        const string Head = "Command line:", Continued = "             ";
        StringBuilder text = new(Head);
        foreach (string word in (string[])[argv0, .. args])
        {
            if (text.Length + word.Length + 3 > CommandLineWidth && text.Length > Head.Length)
            {
                log.WriteParent(LogLevel.Info, text.ToString());
                text.Clear().Append(Continued);
            }

            text.Append(" '").Append(word).Append('\'');
        }

        log.WriteParent(LogLevel.Info, text.ToString());
    }

    private static int Stopped(LogWriter log, int status)
    {
        log.WriteParent(LogLevel.Info, "Stopped " + HelpText.Product);
        return status;
    }

    /// <summary>Our own fault. The state cannot be trusted, so nothing is tidied here; the next start removes leftover addresses.</summary>
    private static int Crashed(Exception broken, CommandLine line, LogWriter log)
    {
        string text = $"vrrpd has a fault and must stop: {broken.Message}. Addresses that it held are removed at the next start.";
        if (!line.Console || !line.Foreground)
        {
            Print(2, text + "\n");
        }

        log.WriteParent(LogLevel.Error, text);
        if (line.Detail > 1)
        {
            foreach (string frame in broken.ToString().Split('\n'))
            {
                log.WriteParent(LogLevel.Error, frame);
            }
        }

        return InternalStatus;
    }

    private static void PrintIf(bool condition, string text)
    {
        if (condition)
        {
            Print(2, text);
        }
    }

    private static void Print(int fd, string text)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        while (rest.Length > 0)
        {
            fixed (byte* p = rest)
            {
                nint written = Libc.write(fd, p, (nuint)rest.Length);
                if (written <= 0 && Errno.Last != Errno.EINTR)
                {
                    return;
                }

                rest = rest[(int)Math.Max(written, 0)..];
            }
        }
    }
}
