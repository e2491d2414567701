using System;
using System.Globalization;
using System.IO;
using SharpFuzz;

namespace Vrrpd.Fuzz;

/// <summary>
/// <c>run TARGET</c> under afl-fuzz, <c>bounded TARGET --seconds N --seed S CORPUS</c> by itself, <c>replay TARGET DIR</c> over known
/// inputs, <c>seeds config FUZZ</c> to make the seeds and the dictionary of the keyword table. Exit code 0: no failure found; 1: one was; 2: not started.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length < 2)
        {
            return Usage("");
        }

        if (Target.Find(args[1]) is not Target target)
        {
            return Usage($"no target '{args[1]}'");
        }

        switch (args[0])
        {
            case "run" or "afl":
                RunUnderAfl(target);
                return 0;

            case "replay" when args.Length == 3:
                return Directory.Exists(args[2]) ? Replay(target, args[2]) : Usage($"no directory '{args[2]}'");

            case "seeds" when args.Length == 3 && target.Name == "config":
                return Seeds.Write(args[2]);

            case "bounded":
                return Bounded(target, args.AsSpan(2));

            default:
                return Usage($"no mode '{args[0]}' with these arguments");
        }
    }

    private static int Usage(string complaint)
    {
        if (complaint.Length > 0)
        {
            Console.Error.WriteLine(complaint);
        }

        Console.Error.WriteLine("usage: Vrrpd.Fuzz run TARGET | bounded TARGET [--seconds N] [--seed S] [--out DIR] CORPUS | replay TARGET DIR");
        Console.Error.WriteLine("       Vrrpd.Fuzz seeds config FUZZ-DIR");
        foreach (Target target in Target.All)
        {
            Console.Error.WriteLine($"  target {target.Name}");
        }

        return 2;
    }

    private static void RunUnderAfl(Target target)
    {
        // Out of process: a stack overflow or a crash of the runtime ends only the child, and afl hears of it.
        byte[] buffer = new byte[target.MaxLength];
        Fuzzer.OutOfProcess.Run(stream => target.Run(buffer.AsSpan(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false))));
    }

    private static int Replay(Target target, string directory)
    {
        int failures = 0, count = 0;
        foreach (string file in Sorted(directory))
        {
            count++;
            try
            {
                target.Run(File.ReadAllBytes(file));
            }
            catch (Exception e)
            {
                failures++;
                Console.WriteLine($"{file}: {e}");
            }
        }

        Console.WriteLine($"{target.Name}: {count} inputs, {failures} failures");

        // An empty directory is a wrong path more often than a passed test.
        return failures > 0 || count == 0 ? 1 : 0;
    }

    private static int Bounded(Target target, ReadOnlySpan<string> args)
    {
        long seconds = 10;
        ulong seed = 1;
        string corpus = "", findings = "artifacts/fuzz";
        for (int i = 0; i < args.Length; i++)
        {
            bool isLast = i + 1 == args.Length;
            if (args[i] == "--seconds" && !isLast && long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seconds))
            {
                i++;
            }
            else if (args[i] == "--seed" && !isLast && ulong.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed))
            {
                i++;
            }
            else if (args[i] == "--out" && !isLast)
            {
                findings = args[++i];
            }
            else if (corpus.Length == 0 && !args[i].StartsWith('-'))
            {
                corpus = args[i];
            }
            else
            {
                return Usage($"what is '{args[i]}'?");
            }
        }

        if (!Directory.Exists(corpus))
        {
            return Usage($"no corpus directory '{corpus}'");
        }

        return new BoundedRun(target, seed, findings).Run(Array.ConvertAll(Sorted(corpus), File.ReadAllBytes), TimeSpan.FromSeconds(seconds));
    }

    /// <summary>In one order on every file system, so that a seed means the same run everywhere.</summary>
    private static string[] Sorted(string directory)
    {
        string[] files = Directory.GetFiles(directory);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }
}
