using System;
using System.Collections.Generic;
using System.Text;

namespace Vrrpd.Native;

internal enum OptionId : byte
{
    UseFile,
    LogConsole,
    LogDetail,
    LogFacility,
    NoSyslog,
    Umask,
    DontFork,
    DumpConf,
    Pid,
    VrrpPid,
    ConfigTest,
    Signum,
    Version,
    Help,
    Detached,
    NoEffect,
    Refused,
}

internal enum OptionArgument : byte
{
    None,
    Required,
    Optional,
}

/// <summary>One row of the table that parsing, the help text and the manual page are made from.</summary>
/// <param name="Remark">For options without effect and refused ones: why.</param>
internal sealed record Option(OptionId Id, char Short, string Long, OptionArgument Argument, string ArgumentName, string Help, string Remark = "")
{
    /// <summary>Never shown: roles of the daemon itself.</summary>
    public bool Hidden => Help.Length == 0;

    public string Name => Short != '\0' ? $"-{Short}, --{Long}" : $"--{Long}";
}

/// <summary>What the command line asks for.</summary>
internal sealed class CommandLine
{
    public const string DefaultConfigFile = "/etc/keepalived/keepalived.conf";
    public const string DefaultPidFile = "/run/keepalived.pid";
    public const string DefaultVrrpPidFile = "/run/vrrp.pid";

    /// <summary>keepalived's umask: what scripts create is for their user only.</summary>
    public const uint DefaultUmask = 0b001_111_111;

    /// <summary>syslog's number of the facility daemon; local0 is 16.</summary>
    private const int Daemon = 3, User = 1, Local0 = 16;

    /// <summary>In the order of the help text, which is keepalived's.</summary>
    public static readonly Option[] Options =
    [
        new(OptionId.UseFile, 'f', "use-file", OptionArgument.Required, "FILE", $"Use the specified configuration file\n default '{DefaultConfigFile}'"),
        Idle('P', "vrrp", "", "Only run with VRRP subsystem", "VRRP is all there is"),
        new(OptionId.Refused, 'C', "check", OptionArgument.None, "", "Only run with Health-checker subsystem (refused)", "there is no health checker here, so nothing would run"),
        Idle('B', "no_bfd", "", "Don't run BFD subsystem", "there is no BFD"),
        Idle('\0', "all", "", "Force all child processes to run, even if have no configuration", "there is one process"),
        new(OptionId.LogConsole, 'l', "log-console", OptionArgument.None, "", "Log messages to local console (with -n)"),
        new(OptionId.LogDetail, 'D', "log-detail", OptionArgument.None, "", "Detailed log messages"),
        new(OptionId.LogFacility, 'S', "log-facility", OptionArgument.Required, "([0-7]|local[0-7]|user|daemon)", "Set syslog facility to LOG_LOCAL[0-7], user or daemon (default)"),
        new(OptionId.NoSyslog, 'G', "no-syslog", OptionArgument.None, "", "Don't log via syslog"),
        new(OptionId.Umask, 'u', "umask", OptionArgument.Required, "MASK", "umask for file creation (in numeric form)"),
        Idle('X', "release-vips", "", "Drop VIP on transition from signal.", "a stop always drops them"),
        Idle('V', "dont-release-vrrp", "", "Don't remove VRRP VIPs and VROUTEs on daemon stop", "addresses are removed at stop"),
        Idle('I', "dont-release-ipvs", "", "Don't remove IPVS topology on daemon stop", "there is no IPVS"),
        Idle('R', "dont-respawn", "", "Don't respawn child processes", "there are none"),
        new(OptionId.DontFork, 'n', "dont-fork", OptionArgument.None, "", "Don't fork the daemon process"),
        new(OptionId.DumpConf, 'd', "dump-conf", OptionArgument.None, "", "Dump the configuration data"),
        new(OptionId.Pid, 'p', "pid", OptionArgument.Required, "FILE", $"Use specified pidfile for parent process\n default '{DefaultPidFile}'"),
        new(OptionId.VrrpPid, 'r', "vrrp_pid", OptionArgument.Required, "FILE", $"Use specified pidfile for VRRP child process (the same pid)\n default '{DefaultVrrpPidFile}'"),
        new(OptionId.Refused, 'T', "genhash", OptionArgument.None, "", "Enter into genhash utility mode (refused)", "genhash is not part of this"),
        Idle('c', "checkers_pid", "FILE", "Use specified pidfile for checkers child process", "there is no health checker"),
        Idle('a', "address-monitoring", "", "Report all address additions/deletions notified via netlink", "only addresses of the configuration are logged"),
        Idle('b', "bfd_pid", "FILE", "Use specified pidfile for BFD child process", "there is no BFD"),
        Idle('x', "snmp", "", "Enable SNMP subsystem", "there is no SNMP agent"),
        Idle('A', "snmp-agent-socket", "FILE", "Use the specified socket for master agent", "there is no SNMP agent"),
        new(OptionId.Refused, 's', "namespace", OptionArgument.Required, "NAME", "Run in network namespace NAME (refused)", "run it there with `ip netns exec NAME vrrpd ...`"),
        Idle('m', "core-dump", "", "Produce core dump if terminate abnormally", "limits are left as they are"),
        new(OptionId.NoEffect, 'M', "core-dump-pattern", OptionArgument.Optional, "PATN", "Also set /proc/sys/kernel/core_pattern to PATN (default 'core')", "the kernel's setting is left alone"),
        Idle('e', "all-config", "", "Error if any configuration file missing (same as includet)", "includes are checked as written"),
        new(OptionId.Refused, 'i', "config-id", OptionArgument.Required, "id", "Skip any configuration lines beginning '@' that don't match id (refused)", "which lines of the configuration count would change"),
        new(OptionId.Signum, '\0', "signum", OptionArgument.Required, "SIGFUNC", "Return signal number for STOP, RELOAD, DATA, STATS, STATS_CLEAR, JSON"),
        new(OptionId.ConfigTest, 't', "config-test", OptionArgument.Optional, "LOG_FILE", "Check the configuration for obvious errors, output to\n stderr by default"),
        new(OptionId.Version, 'v', "version", OptionArgument.None, "", "Display the version number"),
        new(OptionId.Help, 'h', "help", OptionArgument.None, "", "Display this help message"),
        Idle('\0', "ignore-sigint", "", "", "Ctrl-C stops the daemon"),
        Idle('\0', "no-mem-check", "", "", "it is a debugging aid"),
        new(OptionId.Detached, '\0', "detached", OptionArgument.Required, "FD", ""),
    ];

    private readonly List<string> _messages = [];

    public string ConfigPath { get; private set; } = DefaultConfigFile;
    public string PidPath { get; private set; } = DefaultPidFile;
    public string VrrpPidPath { get; private set; } = DefaultVrrpPidFile;
    public bool Foreground { get; private set; }
    public bool Console { get; private set; }

    /// <summary>How often -D was given.</summary>
    public int Detail { get; private set; }
    public bool Syslog { get; private set; } = true;
    public bool Dump { get; private set; }
    public bool Test { get; private set; }

    /// <summary>File of --config-test=FILE; null for stderr.</summary>
    public string? TestFile { get; private set; }

    /// <summary>An argument was refused in a way that keepalived counts as a configuration error under -t.</summary>
    public bool Faulty { get; private set; }
    public int Facility { get; private set; } = Daemon;
    public uint Umask { get; private set; } = DefaultUmask;

    /// <summary>--detached: the descriptor on which the first process waits for our readiness; -1 when we are the first.</summary>
    public int ReadyFd { get; private set; } = -1;

    /// <summary>Nothing is to be run: end with this status.</summary>
    public int? Exit { get; private set; }

    /// <summary>To be printed to stderr.</summary>
    public IReadOnlyList<string> Messages => _messages;

    /// <summary>Number to be printed to stdout (--signum).</summary>
    public int? Output { get; private set; }

    /// <summary>As getopt_long does it: options and other words in any order, prefixes of long names, grouped short options, `--` ends.</summary>
    public static CommandLine Parse(ReadOnlySpan<string> args)
    {
        CommandLine line = new();
        if (args.Length > 0 && args[0] == "run")
        {
            // `vrrpd run`: what somebody at a terminal wants to see.
            (line.Foreground, line.Console, line.Detail) = (true, true, 1);
            args = args[1..];
        }

        StringBuilder unexpected = new();
        for (int i = 0; i < args.Length && line.Exit == null; i++)
        {
            string word = args[i];
            if (word == "--")
            {
                foreach (string rest in args[(i + 1)..])
                {
                    unexpected.Append(rest).Append(' ');
                }

                break;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                line.Long(word, args, ref i);
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                line.Shorts(word, args, ref i);
            }
            else
            {
                unexpected.Append(word).Append(' ');
            }
        }

        if (unexpected.Length > 0 && line.Exit == null)
        {
            line._messages.Add("Unexpected argument(s): " + unexpected);
            line.Faulty = true;
        }

        return line;
    }

    private static Option Idle(char letter, string name, string argument, string help, string why) =>
        new(OptionId.NoEffect, letter, name, argument.Length > 0 ? OptionArgument.Required : OptionArgument.None, argument, help, why);

    private void Long(string word, ReadOnlySpan<string> args, ref int i)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word[2..] : word[2..equals];
        Option? option = null;
        List<string> candidates = [];
        foreach (Option one in Options)
        {
            if (one.Long == name)
            {
                option = one;
                candidates.Clear();
                break;
            }

            if (!one.Hidden && one.Long.StartsWith(name, StringComparison.Ordinal))
            {
                candidates.Add("--" + one.Long);
                option = one;
            }
        }

        if (option == null || candidates.Count > 1)
        {
            Fail(candidates.Count > 1 ? $"Unknown option {word} (it could be {string.Join(" or ", candidates)})" : $"Unknown option {word}");
        }
        else if (equals >= 0)
        {
            if (option.Argument == OptionArgument.None)
            {
                Fail($"Unknown option {word} (--{option.Long} takes no value)");
            }
            else
            {
                Apply(option, word[(equals + 1)..]);
            }
        }
        else if (option.Argument == OptionArgument.Required)
        {
            Separate(option, "--" + option.Long, args, ref i);
        }
        else
        {
            Apply(option, null);
        }
    }

    private void Shorts(string word, ReadOnlySpan<string> args, ref int i)
    {
        for (int at = 1; at < word.Length && Exit == null; at++)
        {
            Option? option = Array.Find(Options, o => o.Short == word[at]);
            if (option == null)
            {
                Fail($"Unknown option -{word[at]}");
            }
            else if (option.Argument == OptionArgument.None)
            {
                Apply(option, null);
            }
            else if (at + 1 < word.Length)
            {
                // The rest of the word is the value.
                Apply(option, word[(at + 1)..]);
                return;
            }
            else if (option.Argument == OptionArgument.Required)
            {
                Separate(option, "-" + option.Short, args, ref i);
            }
            else
            {
                Apply(option, null);
            }
        }
    }

    private void Separate(Option option, string name, ReadOnlySpan<string> args, ref int i)
    {
        if (i + 1 >= args.Length)
        {
            Fail($"Missing parameter for option {name}");
            return;
        }

        Apply(option, args[++i]);
    }

    private void Apply(Option option, string? value)
    {
        switch (option.Id)
        {
            case OptionId.UseFile: ConfigPath = value!; break;
            case OptionId.LogConsole: Console = true; break;
            case OptionId.LogDetail: Detail++; break;
            case OptionId.LogFacility: SetFacility(value!); break;
            case OptionId.NoSyslog: Syslog = false; break;
            case OptionId.Umask: SetUmask(value!); break;
            case OptionId.DontFork: Foreground = true; break;
            case OptionId.DumpConf: Dump = true; break;
            case OptionId.Pid: PidPath = value!; break;
            case OptionId.VrrpPid: VrrpPidPath = value!; break;
            case OptionId.ConfigTest: (Test, TestFile) = (true, value); break;
            case OptionId.Signum: SetSignum(value!); break;
            case OptionId.Version: Stop(HelpText.Version); break;
            case OptionId.Help: Stop(HelpText.Usage()); break;
            case OptionId.NoEffect: _messages.Add($"Option {option.Name} has no effect yet: {option.Remark}"); break;
            case OptionId.Refused: Fail($"Option {option.Name} is not supported: {option.Remark}"); break;
            case OptionId.Detached: ReadyFd = int.TryParse(value, out int fd) ? fd : -1; break;
            default: throw new Vrrpd.Core.InvariantException("option without action");
        }
    }

    private void SetFacility(string name)
    {
        if (name.Length == 1 && name[0] is >= '0' and <= '7')
        {
            Facility = Local0 + name[0] - '0';
        }
        else if (name.Length == 6 && name.StartsWith("local", StringComparison.Ordinal) && name[5] is >= '0' and <= '7')
        {
            Facility = Local0 + name[5] - '0';
        }
        else if (name is "user" or "daemon")
        {
            Facility = name == "user" ? User : Daemon;
        }
        else
        {
            // A message only; the daemon runs with the facility it had.
            _messages.Add($"Invalid log facility '{name}'");
            Faulty = true;
        }
    }

    /// <summary>Numeric as C reads it: 0x hexadecimal, 0 octal, else decimal.</summary>
    private void SetUmask(string text)
    {
        uint value = 0;
        int numberBase = text.StartsWith("0x", StringComparison.Ordinal) ? 16 : text.StartsWith('0') ? 8 : 10;
        string digits = numberBase == 16 ? text[2..] : text;
        bool good = digits.Length is > 0 and < 10;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
            good &= digit < numberBase;
            value = value * (uint)numberBase + (uint)digit;
        }

        // rwxrwxrwx is all that a umask can take away.
        if (good && value <= 0b111_111_111)
        {
            Umask = value;
        }
        else
        {
            _messages.Add($"Invalid umask '{text}'");
            Faulty = true;
        }
    }

    private void SetSignum(string name)
    {
        Output = name switch
        {
            "STOP" => Libc.SIGTERM,
            "RELOAD" => Libc.SIGHUP,
            "DATA" => Libc.SIGUSR1,
            "STATS" => Libc.SIGUSR2,
            "STATS_CLEAR" => Libc.SignalStatsClear,
            "JSON" => Libc.SignalJson,
            _ => null,
        };
        if (Output == null)
        {
            Fail($"Unknown sigfunc {name}");
        }
        else
        {
            Exit = 0;
        }
    }

    private void Stop(string text)
    {
        _messages.Add(text);
        Exit = 0;
    }

    private void Fail(string text)
    {
        _messages.Add(text);
        Exit = 1;
    }
}
