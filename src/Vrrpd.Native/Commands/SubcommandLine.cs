using System;
using System.Collections.Generic;

namespace Vrrpd.Native.Commands;

/// <summary>What stands behind the name of a subcommand: options and words in any order, `--` ends the options.</summary>
internal sealed class SubcommandLine
{
    private readonly Subcommand _command;
    private readonly List<string> _words = [];
    private string? _color;

    private SubcommandLine(Subcommand command) => _command = command;

    /// <summary>What is wrong with it; "" for nothing.</summary>
    public string Error { get; private set; } = "";
    public IReadOnlyList<string> Words => _words;
    public string ConfigPath { get; private set; } = CommandLine.DefaultConfigFile;

    /// <summary>-i; null for the host name.</summary>
    public string? ConfigId { get; private set; }

    /// <summary>-e.</summary>
    public bool AllConfig { get; private set; }
    public bool Json { get; private set; }
    public bool Strict { get; private set; }
    public bool Offline { get; private set; }
    public bool Secrets { get; private set; }
    public bool WantsHelp { get; private set; }

    /// <summary>Whether what goes to standard output is to be coloured. See no-color.org.</summary>
    public bool IsColoured => _color switch
    {
        "always" => true,
        "never" => false,
        _ => Libc.isatty(1) == 1 && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
    };

    public static SubcommandLine Parse(Subcommand command, ReadOnlySpan<string> args)
    {
        SubcommandLine line = new(command);
        bool isOver = false;
        for (int i = 0; i < args.Length && line.Error.Length == 0; i++)
        {
            string word = args[i];
            if (isOver || word is "-" or [not '-', ..] or "")
            {
                line._words.Add(word);
            }
            else if (word == "--")
            {
                isOver = true;
            }
            else
            {
                line.Option(word, args, ref i);
            }
        }

        if (line.Error.Length == 0 && line._words.Count < command.Least && !line.WantsHelp)
        {
            line.Error = $"vrrpd {command.Name} needs {command.Words}";
        }

        if (line.Error.Length == 0 && line._words.Count > command.Most)
        {
            line.Error = $"Unexpected word '{line._words[command.Most]}'";
        }

        return line;
    }

    private void Option(string word, ReadOnlySpan<string> args, ref int i)
    {
        bool isLong = word.StartsWith("--", StringComparison.Ordinal);
        int equals = isLong ? word.IndexOf('=', StringComparison.Ordinal) : -1;
        string name = isLong ? word[2..(equals < 0 ? word.Length : equals)] : "";
        string? value = equals >= 0 ? word[(equals + 1)..] : null;
        WishOption? option = Array.Find(WishOption.All, one => Array.IndexOf(_command.Wishes, one.Wish) >= 0
            && (isLong ? one.Long == name || (one.Wish == Wish.Color && name == "colour") : one.Short != '\0' && one.Short == word[1]));
        if (option == null)
        {
            Error = $"Unknown option {word} of vrrpd {_command.Name}";
            return;
        }

        if (!isLong && word.Length > 2)
        {
            // -fFILE; switches are not put together, there are too few of them.
            value = word[2..];
        }

        if (option.Argument.Length == 0 && value != null)
        {
            Error = $"Option {word}: --{option.Long} takes no value";
        }
        else if (option.Argument.Length > 0 && !option.Argument.StartsWith('[') && value == null)
        {
            if (i + 1 >= args.Length)
            {
                Error = $"Missing {option.Argument} after {word}";
                return;
            }

            value = args[++i];
        }

        Apply(option.Wish, value);
    }

    private void Apply(Wish wish, string? value)
    {
        switch (wish)
        {
            case Wish.File: ConfigPath = value!; break;
            case Wish.ConfigId: ConfigId = value; break;
            case Wish.AllConfig: AllConfig = true; break;
            case Wish.Json: Json = true; break;
            case Wish.Strict: Strict = true; break;
            case Wish.Offline: Offline = true; break;
            case Wish.Secrets: Secrets = true; break;
            case Wish.Help: WantsHelp = true; break;
            default:
                _color = value ?? "always";
                if (_color is not ("auto" or "always" or "never"))
                {
                    Error = $"--color is auto, always or never, not '{value}'";
                }

                break;
        }
    }
}
