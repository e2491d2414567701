using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>What a finished command left behind.</summary>
/// <param name="ExitCode">Its exit status; 128 + signal when a signal ended it.</param>
/// <param name="Out">Everything it wrote to standard output.</param>
/// <param name="Err">Everything it wrote to standard error.</param>
internal sealed record Result(int ExitCode, string Out, string Err)
{
    /// <summary>Both streams, for messages that may stand on either.</summary>
    public string Text => Out + Err;

    /// <summary>Itself, or an exception with the whole output when the command failed.</summary>
    public Result OrFail(string what)
    {
        return ExitCode == 0 ? this : throw new InvalidOperationException($"{what}: exit {ExitCode}\n{Text}");
    }
}

/// <summary>Runs commands with a deadline; a command past it is killed with everything below it.</summary>
internal static class Shell
{
    /// <summary>Long enough for anything but a hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs a command to its end.</summary>
    public static Result Run(params string[] argv)
    {
        return Run(argv, Patience);
    }

    /// <summary>Runs a command to its end, at most <paramref name="limit"/>.</summary>
    public static Result Run(IReadOnlyList<string> argv, TimeSpan limit)
    {
        using Process process = Process.Start(Describe(argv)) ?? throw new InvalidOperationException($"cannot start {argv[0]}");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit((int)limit.TotalMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"still running after {limit.TotalSeconds:F0} s: {string.Join(' ', argv)}");
        }

        // A grandchild may hold the pipes open; what is there by then is enough.
        Task.WaitAll([output, errors], TimeSpan.FromSeconds(5));
        return new Result(
            process.ExitCode,
            output.IsCompletedSuccessfully ? output.Result : "",
            errors.IsCompletedSuccessfully ? errors.Result : "");
    }

    /// <summary>How to start <paramref name="argv"/> with all three streams in our hands.</summary>
    public static ProcessStartInfo Describe(IReadOnlyList<string> argv)
    {
        ProcessStartInfo start = new(argv[0], argv.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        return start;
    }
}
