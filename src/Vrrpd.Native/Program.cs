using System;
using Vrrpd.Native.Commands;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>Which of its roles the binary has this time. Every way out of here has keepalived's exit status.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length > 0 && args[0] == RunAs.Option)
        {
            // Before signals are touched: the mask would be inherited by the script.
            return RunAs.Run(args);
        }

        StandardDescriptors.Tidy();
        string argv0 = Environment.GetCommandLineArgs() is [string name, ..] ? name : "vrrpd";
        bool asKeepalived = argv0[(argv0.LastIndexOf('/') + 1)..] == "keepalived";
        if (args.Length > 0 && !asKeepalived && Subcommand.Find(args[0]) is Subcommand command)
        {
            // Signals keep their meaning: Ctrl-C ends it.
            return command.Start(args.AsSpan(1));
        }

        SignalMask.BlockEverywhere();
        CommandLine line = CommandLine.Parse(args, asKeepalived);
        bool runs = line.Exit == null && !line.Test;
        if (line.ReadyFd < 0 && !(runs && line.Console && line.Foreground))
        {
            // A daemon on the console says them in its log.
            foreach (string message in line.Messages)
            {
                Terminal.Write(2, message + "\n");
            }
        }

        if (line.Output is int number)
        {
            Terminal.Write(1, $"{number}\n");
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
        Terminal terminal = new(line);
        try
        {
            return line.Test ? ConfigTest.Run(line) : new Startup(line, argv0, args, log, terminal).Run();
        }
        catch (Exception broken)
        {
            return CrashReport.Say(broken, line, log, terminal);
        }
    }
}
