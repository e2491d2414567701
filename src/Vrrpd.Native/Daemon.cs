using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Kernel;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>The daemon itself: pid files, sockets, loop, and all of it back at the stop.</summary>
internal sealed class Daemon(CommandLine line, ScriptCheckResult scripts, SelfExec self, LogWriter log, Terminal terminal)
{
    /// <summary>Where a relative path of the configuration begins, once the daemon has left the directory it was started in.</summary>
    private readonly string _directory = line.Foreground ? "" : SelfExec.Absolute("").TrimEnd('/');

    /// <summary>The exit status.</summary>
    public int Run()
    {
        if (!line.Foreground)
        {
            Libc.chdir("/");
        }

        List<PidFile> pidFiles = [];
        try
        {
            if (!TakePidFiles(pidFiles))
            {
                // keepalived ends with 0 in both cases: "already running" is what was asked for.
                return 0;
            }

            log.WriteParent(LogLevel.Info, $"Starting VRRP child process, pid={Libc.getpid()}");
            int status = Loop();
            if (status != 0)
            {
                return Startup.Stopped(log, status);
            }

            log.Write(LogLevel.Info, "Stopped");
        }
        finally
        {
            pidFiles.ForEach(file => file.Dispose());
        }

        return Startup.Stopped(log, 0);
    }

    /// <summary>Opens the host, runs the loop until a signal says stop, and says how it went. The exit status.</summary>
    private int Loop()
    {
        using SignalSource signals = new();
        using Spawner spawner = new();
        using Poller poller = new();
        using Host? host = Host.Open(scripts.Config, poller, out string error, out int status);
        if (host is null)
        {
            log.WriteParent(LogLevel.Error, error);
            terminal.Say(error);
            return status;
        }

        using RouterDevices devices = RouterDevices.Open(scripts.Config, host.Monitor.Interfaces, log, CrashNote.PathBeside(line.VrrpPidPath));
        SteadyState memory = new();
        Reloader reloader = new(line, _directory, self, log, memory);
        using ChildTable children = new(spawner, reloader.Prepare(scripts), poller);
        EventLoop loop = new(scripts.Config, host, poller, new HostClock(), signals, children, log, reloader, devices);
        log.WriteParent(LogLevel.Info, "Startup complete");
        terminal.Ready();
        memory.Begin();
        status = loop.Run();

        // First the count: putting a line together allocates.
        string report = memory.Report();
        log.WriteDetail($"{report}, {loop.Datagrams} adverts read");
        return status;
    }

    private bool TakePidFiles(List<PidFile> taken)
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
                    terminal.Say($"daemon is already running: another process has {path}");
                    return false;
                case PidFileOutcome.Keepalived:
                    log.WriteParent(LogLevel.Info, "daemon is already running");
                    log.WriteParent(LogLevel.Info, $"  keepalived runs with pid file {path}: stop it first, or choose other files with -p and -r");
                    terminal.Say($"daemon is already running: keepalived, with pid file {path}; stop it first");
                    return false;
                default:
                    string advice = $"{Errno.Text(errno)}; choose other files with -p and -r";
                    log.WriteParent(LogLevel.Error, $"pidfile_write : Cannot open {path} pidfile");
                    log.WriteParent(LogLevel.Error, "  " + advice);

                    // As process 1 there is nobody to read pid files, often no /run, and ending would be the machine's end.
                    if (pid != 1)
                    {
                        terminal.Say($"pidfile_write : Cannot open {path} pidfile\n{advice}");
                        Startup.Stopped(log, 0);
                        return false;
                    }

                    break;
            }
        }

        return true;
    }
}
