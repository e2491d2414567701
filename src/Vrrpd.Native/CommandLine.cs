using System;
using System.Collections.Generic;
using System.Text;
using Vrrpd.Core;
using Vrrpd.Native.Commands;

namespace Vrrpd.Native;

/// <summary>What the command line asks for.</summary>
internal sealed class CommandLine
{
    public const string DefaultConfigFile = "/etc/keepalived/keepalived.conf";
    public const string DefaultPidFile = "/run/keepalived.pid";
    public const string DefaultVrrpPidFile = "/run/vrrp.pid";

    /// <summary>keepalived's umask: what scripts create is for their user only.</summary>
    public const uint DefaultUmask = 0b001_111_111;

    private readonly List<string> _messages = [];
    public string ConfigPath { get; private set; } = DefaultConfigFile;

    /// <summary>-i; null for the host's name.</summary>
    public string? ConfigId { get; private set; }

    /// <summary>-e: an include that finds nothing is a fault.</summary>
    public bool ChecksIncludes { get; private set; }
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
    public int Facility { get; private set; } = OptionValue.DaemonFacility;
    public uint Umask { get; private set; } = DefaultUmask;

    /// <summary>--detached: the descriptor on which the first process waits for our readiness; -1 when we are the first.</summary>
    public int ReadyFd { get; private set; } = -1;

    /// <summary>Nothing is to be run: end with this status.</summary>
    public int? Exit { get; private set; }

    /// <summary>To be printed to stderr.</summary>
    public IReadOnlyList<string> Messages => _messages;

    /// <summary>Number to be printed to stdout (--signum).</summary>
    public int? Output { get; private set; }

    /// <summary>
    /// As getopt_long does it: options and other words in any order, prefixes of long names, grouped short options, `--` ends.
    /// </summary>
    /// <param name="asKeepalived">
    /// Started under that name: words that are no options are named and it runs all the same. Otherwise a first word that is no command is
    /// an error, because whoever types `vrrpd status` does not want to start a daemon.
    /// </param>
    public static CommandLine Parse(ReadOnlySpan<string> args, bool asKeepalived)
    {
        CommandLine line = new();
        if (args is ["run", ..])
        {
            // What somebody at a terminal wants to see.
            (line.Foreground, line.Console, line.Detail) = (true, true, 1);
            args = args[1..];
        }
        else if (!asKeepalived && args is [[not '-', ..], ..])
        {
            line.Fail($"Unknown command '{args[0]}': the commands are {Subcommand.Names}, and vrrpd without a command starts the daemon");
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
            line.Reject("Unexpected argument(s): " + unexpected);
            if (line.Test)
            {
                line._messages.Add($"The configuration that is tested is {line.ConfigPath}: name another with -f");
            }
        }

        return line;
    }

    private void Long(string word, ReadOnlySpan<string> args, ref int i)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word[2..] : word[2..equals];
        Option? option = null;
        List<string> candidates = [];
        foreach (Option one in Option.All)
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
            Option? option = Array.Find(Option.All, o => o.Short == word[at]);
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
            case OptionId.LogFacility when OptionValue.TryFacility(value!, out int facility): Facility = facility; break;
            case OptionId.LogFacility: Reject($"Invalid log facility '{value}'"); break;
            case OptionId.NoSyslog: Syslog = false; break;
            case OptionId.Umask when OptionValue.TryUmask(value!, out uint mask): Umask = mask; break;
            case OptionId.Umask: Reject($"Invalid umask '{value}'"); break;
            case OptionId.DontFork: Foreground = true; break;
            case OptionId.DumpConf: Dump = true; break;
            case OptionId.ConfigId: ConfigId = value; break;
            case OptionId.AllConfig: ChecksIncludes = true; break;
            case OptionId.Pid: PidPath = value!; break;
            case OptionId.VrrpPid: VrrpPidPath = value!; break;
            case OptionId.ConfigTest: (Test, TestFile) = (true, value); break;
            case OptionId.Signum when OptionValue.Signal(value!) is int signal: (Output, Exit) = (signal, 0); break;
            case OptionId.Signum: Fail($"Unknown sigfunc {value}"); break;
            case OptionId.Version: End(HelpText.Version, 0); break;
            case OptionId.Help: End(HelpText.Usage(), 0); break;
            case OptionId.Fulfilled: break;
            case OptionId.NoEffect: _messages.Add($"Option {option.Name} has no effect yet: {option.Remark}"); break;
            case OptionId.Refused: Fail($"Option {option.Name} is not supported: {option.Remark}"); break;
            case OptionId.Detached: ReadyFd = int.TryParse(value, out int fd) ? fd : -1; break;
            default: throw new InvariantException("option without action");
        }
    }

    /// <summary>A message only; the daemon runs with what it had.</summary>
    private void Reject(string text)
    {
        _messages.Add(text);
        Faulty = true;
    }

    private void Fail(string text) => End(text, 1);

    private void End(string text, int status)
    {
        _messages.Add(text);
        Exit = status;
    }
}
