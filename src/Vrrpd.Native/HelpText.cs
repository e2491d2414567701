using System;
using System.Text;
using Vrrpd.Native.Commands;

namespace Vrrpd.Native;

/// <summary>What -h and -v print, and the names that the log begins and ends with.</summary>
internal static class HelpText
{
    /// <summary>The keepalived whose behaviour is followed. Tools look for "Keepalived vA.B.C" in logs and in -v.</summary>
    public const string FollowedVersion = "2.4.3";

    public const string OwnVersion = "0.1.0";

    /// <summary>Stands where keepalived has its version and date; says in the same breath who is really speaking.</summary>
    public const string Product = "Keepalived v" + FollowedVersion + " (vrrpd " + OwnVersion + ")";

    public const string Version = Product + "\n\nvrrpd is an independent implementation of keepalived's VRRP part. The first number is the keepalived\n"
        + "whose configuration, command line and log texts it follows, the number in brackets is its own.";

    /// <summary>Column of keepalived's help at which the explanations begin.</summary>
    private const int HelpColumn = 31;

    public static string Usage()
    {
        StringBuilder text = new("Usage: vrrpd [OPTION...]          the daemon, in the background\n"
            + "       vrrpd run [OPTION...]      in the foreground, all that happens on the console: the same as vrrpd -n -l -D\n"
            + "       vrrpd COMMAND [OPTION...]  does one thing and ends; --help behind it tells what it takes:\n");
        foreach (Subcommand command in Subcommand.All)
        {
            text.Append("         ").Append(command.Name.PadRight(14)).Append(command.Help).Append('\n');
        }

        foreach (Option option in Option.All)
        {
            if (option.Hidden)
            {
                continue;
            }

            string left = (option.Short != '\0' ? $"  -{option.Short}, --" : "      --") + option.Long
                + option.Argument switch
                {
                    OptionArgument.Required => "=" + option.ArgumentName,
                    OptionArgument.Optional => $"[={option.ArgumentName}]",
                    _ => "",
                };
            text.Append(left.Length < HelpColumn ? left.PadRight(HelpColumn) : left + "\n" + new string(' ', HelpColumn));
            string help = option.Verdict.Length == 0 ? option.Help : option.Help + "\n " + option.Verdict;
            text.Append(help.Replace("\n", "\n" + new string(' ', HelpColumn), StringComparison.Ordinal)).Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }
}
