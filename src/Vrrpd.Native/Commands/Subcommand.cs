using System;
using System.Text;

namespace Vrrpd.Native.Commands;

/// <summary>What an option of a subcommand asks for.</summary>
internal enum Wish : byte
{
    File,
    ConfigId,
    AllConfig,
    Json,
    Strict,
    Offline,
    Color,
    Secrets,
    Help,
}

/// <summary>A row of the table of options that subcommands have.</summary>
/// <param name="Argument">Name of its value; "" for none, and [..] for one that only stands behind '='.</param>
internal sealed record WishOption(Wish Wish, char Short, string Long, string Argument, string Help)
{
    public static readonly WishOption[] All =
    [
        new(Wish.File, 'f', "use-file", "FILE", $"the configuration, default {CommandLine.DefaultConfigFile}"),
        new(Wish.ConfigId, 'i', "config-id", "ID", "read the lines that begin with @ID, default the host name up to its first '.'"),
        new(Wish.AllConfig, 'e', "all-config", "", "a missing included file is an error"),
        new(Wish.Json, '\0', "json", "", "for programs"),
        new(Wish.Strict, '\0', "strict", "", "warnings make the exit status 1, and an unknown keyword is an error"),
        new(Wish.Offline, '\0', "offline", "", "do not look at this machine: interfaces, users, script files"),
        new(Wish.Color, '\0', "color", "[=WHEN]", "auto (the default: on a terminal, unless NO_COLOR is set), always, never"),
        new(Wish.Secrets, '\0', "secrets", "", "show passwords and keys, so that the output can be used as it is"),
        new(Wish.Help, 'h', "help", "", "what you are reading"),
    ];
}

/// <summary>A command of our own beside keepalived's options: it does one thing, says it on standard output and ends.</summary>
/// <param name="Words">What may stand behind the options, for the help text.</param>
/// <param name="Most">How many words that are.</param>
internal sealed record Subcommand(string Name, string Words, int Most, Wish[] Wishes, string Help, Func<SubcommandLine, int> Run)
{
    /// <summary>sysexits.h: EX_USAGE. keepalived's 1 would be mistaken for a verdict.</summary>
    public const int UsageStatus = 64;

    private const int StandardOutput = 1, StandardError = 2;

    public static readonly Subcommand[] All =
    [
        new("check", "[FILE]", 1, [Wish.File, Wish.ConfigId, Wish.AllConfig, Wish.Json, Wish.Strict, Wish.Offline, Wish.Color, Wish.Help],
            "what is wrong with a configuration, why, and what to do", CheckCommand.Run),
        new("show-config", "[FILE]", 1, [Wish.File, Wish.ConfigId, Wish.AllConfig, Wish.Json, Wish.Secrets, Wish.Help],
            "what a configuration comes to: includes, variables, defaults and inheritance resolved, each value with its origin", ShowConfigCommand.Run),
        new("diff", "OLD NEW", 2, [Wish.ConfigId, Wish.AllConfig, Wish.Json, Wish.Help],
            "what a reload from one configuration to the other would do, instance by instance", DiffCommand.Run) { Least = 2 },
        new("explain", "[BLOCK | KEYWORD | BLOCK.KEYWORD | FINDING]", 2, [Wish.Help],
            "what a keyword means, where it may stand and what it takes; without a word the blocks", ExplainCommand.Run),
    ];

    /// <summary>Words without which there is nothing to do.</summary>
    public int Least { get; init; }

    /// <summary>For a sentence.</summary>
    public static string Names
    {
        get
        {
            StringBuilder text = new("run");
            for (int i = 0; i < All.Length; i++)
            {
                text.Append(i + 1 < All.Length ? ", " : " and ").Append(All[i].Name);
            }

            return text.ToString();
        }
    }

    public static Subcommand? Find(string name) => Array.Find(All, command => command.Name == name);

    /// <summary>The exit status.</summary>
    public int Start(ReadOnlySpan<string> args)
    {
        SubcommandLine line = SubcommandLine.Parse(this, args);
        if (line.Error.Length > 0)
        {
            Terminal.Write(StandardError, $"{line.Error}\nvrrpd {Name} --help lists what it takes\n");
            return UsageStatus;
        }

        if (line.WantsHelp)
        {
            Terminal.Write(StandardOutput, Usage());
            return 0;
        }

        try
        {
            return Run(line);
        }
        catch (Exception broken)
        {
            Terminal.Write(StandardError, $"this is a fault of vrrpd: {broken.Message}\n{broken.StackTrace}\n");
            return CrashReport.Status;
        }
    }

    private string Usage()
    {
        const int Column = 24;
        StringBuilder text = new($"Usage: vrrpd {Name} [OPTION...] {Words}".TrimEnd() + $"\n{Help}\n\n");
        foreach (WishOption option in WishOption.All)
        {
            if (Array.IndexOf(Wishes, option.Wish) >= 0)
            {
                string left = (option.Short != '\0' ? $"  -{option.Short}, --" : "      --") + option.Long
                    + (option.Argument.StartsWith('[') || option.Argument.Length == 0 ? option.Argument : "=" + option.Argument);
                text.Append(left.PadRight(Column)).Append("  ").Append(option.Help).Append('\n');
            }
        }

        return text.ToString();
    }
}
