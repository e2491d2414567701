using System;
using System.Collections.Generic;
using System.Text;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>
/// The order of a start: who we are, configuration, checks of the machine, background; then <see cref="Daemon"/>. Nothing on the machine
/// is changed before all of it has passed.
/// </summary>
internal sealed class Startup(CommandLine line, string argv0, string[] args, LogWriter log, Terminal terminal)
{
    /// <summary>keepalived wraps its command line so that no line becomes longer (measured between 101 and 103 characters).</summary>
    private const int CommandLineWidth = 102;

    /// <summary>The process that was started, which in the background is not the daemon: it says only what ends the start.</summary>
    private bool IsFirst => line.ReadyFd < 0;

    /// <summary>The exit status.</summary>
    public int Run()
    {
        bool background = !line.Foreground;
        if (IsFirst)
        {
            SayWho();
        }

        ConfigFile file = ConfigFile.Load(line.ConfigPath);
        if (!file.IsRead)
        {
            log.WriteParent(LogLevel.Error, file.Error);
            log.WriteParent(LogLevel.Error, "  " + file.Advice);
            terminal.Say(file.Error + "\n" + file.Advice);
            return Stopped(log, ConfigFile.MissingStatus);
        }

        if (IsFirst)
        {
            log.WriteDetail($"Opening file '{line.ConfigPath}'.");
            log.WriteParent(LogLevel.Info, $"Configuration file {line.ConfigPath}");
        }

        ConfigResult result = file.Understand(line.ConfigId, line.ChecksIncludes, out ScriptCheckResult? scripts);
        if (!(IsFirst && background) || !result.CanRun)
        {
            Array.ForEach(result.Diagnostics, log.Write);
        }

        if (!result.CanRun)
        {
            return Refuse(result);
        }

        if (Forbidden(scripts!) is int status)
        {
            return status;
        }

        SelfExec self = SelfExec.Find(argv0);
        if (IsFirst && background)
        {
            int started = Daemonizer.Detach(self, argv0, args, out string error);
            if (error.Length > 0)
            {
                terminal.Say(error);
            }

            return started;
        }

        if (!IsFirst)
        {
            Daemonizer.TakeName(argv0);
        }

        if (line.Dump)
        {
            (uint uid, uint gid) = scripts!.DefaultIds;
            foreach (string text in ConfigDump.Lines(scripts.Config, $"{uid}:{gid}", Array.ConvertAll(scripts.Runs, run => $"{run.Uid}:{run.Gid}")))
            {
                log.Write(LogLevel.Info, text);
            }
        }

        return new Daemon(line, scripts!, self, log, terminal).Run();
    }

    public static int Stopped(LogWriter log, int status)
    {
        log.WriteParent(LogLevel.Info, "Stopped " + HelpText.Product);
        return status;
    }

    private int Refuse(ConfigResult result)
    {
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            if (!diagnostic.IsEcho)
            {
                terminal.Say(DiagnosticText.Full(diagnostic, withFile: true, withSource: true));
            }
        }

        // keepalived's child that misses a parameter goes without a word.
        if (!Array.Exists(result.Diagnostics, found => found.Fault == ConfigFault.MissingParameter))
        {
            log.Write(LogLevel.Info, "Stopped");
        }

        log.WriteParent(LogLevel.Error, $"pid {Libc.getpid()} exited with permanent error CONFIG. Terminating");
        return Stopped(log, result.RunExitStatus);
    }

    /// <summary>The exit status if the kernel would refuse what the configuration needs.</summary>
    private int? Forbidden(ScriptCheckResult scripts)
    {
        List<string> missing = Privileges.MissingFor(scripts);
        if (missing.Count == 0)
        {
            return null;
        }

        foreach (string reason in missing)
        {
            log.WriteParent(LogLevel.Error, reason);
            terminal.Say(reason);
        }

        log.WriteParent(LogLevel.Error, $"pid {Libc.getpid()} exited with permanent error missing permission. Terminating");
        return Stopped(log, Privileges.MissingStatus);
    }

    private void SayWho()
    {
        log.WriteParent(LogLevel.Info, "Starting " + HelpText.Product);
        SayMachine();
        SayCommandLine();
        foreach (string message in line.Messages)
        {
            log.WriteParent(LogLevel.Warning, message);
        }
    }

    private unsafe void SayMachine()
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

    private void SayCommandLine()
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
}
