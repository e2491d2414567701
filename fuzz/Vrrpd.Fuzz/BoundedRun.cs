using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Threading;

namespace Vrrpd.Fuzz;

/// <summary>
/// The fuzzer for where no afl is wanted: seeds first, then mutations until the time is up. The time decides only how far the run
/// gets; what it tries follows from seed and corpus alone.
/// </summary>
internal sealed class BoundedRun(Target target, ulong seed, string findings)
{
    private const int PoolLimit = 20_000;
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(10);

    private readonly string _current = Path.Combine(findings, $"{target.Name}-{seed}.current");
    private long _executions;

    public int Run(byte[][] corpus, TimeSpan time)
    {
        // Before anything else, so that a run that hangs or dies can be repeated too.
        Console.WriteLine($"{target.Name}: seed {seed}, {corpus.Length} seeds of the corpus, {time.TotalSeconds} s");
        if (corpus.Length == 0)
        {
            Console.WriteLine("an empty corpus: nothing to begin with");
            return 1;
        }

        Directory.CreateDirectory(findings);
        int result = Run(corpus, time, Stopwatch.StartNew());
        if (result == 0)
        {
            File.Delete(_current);
        }

        return result;
    }

    private int Run(byte[][] corpus, TimeSpan time, Stopwatch watch)
    {
        // The input at hand lies in a mapped file: a stack overflow takes the process without asking, but not the file.
        using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(_current, FileMode.Create, null, sizeof(int) + target.MaxLength);
        using MemoryMappedViewAccessor current = file.CreateViewAccessor();
        using Timer hang = new(Watch, null, _hang, _hang);

        List<byte[]> pool = [];
        HashSet<int> seen = [];
        foreach (byte[] input in corpus)
        {
            byte[] fitting = input.Length <= target.MaxLength ? input : input[..target.MaxLength];
            pool.Add(fitting);
            if (!Try(fitting, current, out int behaviour))
            {
                return 1;
            }

            seen.Add(behaviour);
        }

        Mutator mutator = new(seed, target.MaxLength);
        while (watch.Elapsed < time)
        {
            // Asking the clock costs as much as an input.
            for (int i = 0; i < 64; i++)
            {
                ReadOnlySpan<byte> input = mutator.Next(pool);
                if (!Try(input, current, out int behaviour))
                {
                    return 1;
                }

                if (pool.Count < PoolLimit && seen.Add(behaviour))
                {
                    pool.Add(input.ToArray());
                }
            }
        }

        Console.WriteLine($"{target.Name}: {_executions} executions, {_executions / Math.Max(1, watch.ElapsedMilliseconds)} per ms, "
            + $"{seen.Count} kinds of behaviour, no failure");
        return 0;
    }

    private bool Try(ReadOnlySpan<byte> input, MemoryMappedViewAccessor current, out int behaviour)
    {
        current.Write(0, input.Length);
        current.SafeMemoryMappedViewHandle.WriteSpan(sizeof(int), input);
        Interlocked.Increment(ref _executions);
        try
        {
            behaviour = target.Run(input);
            return true;
        }
        catch (Exception e)
        {
            behaviour = 0;
            string path = Path.Combine(findings, $"{target.Name}-{seed}-{_executions}.bin");
            File.WriteAllBytes(path, input);
            Console.WriteLine($"{target.Name}: FAILED at execution {_executions}, seed {seed}; the input is in {path}\n{e}");
            return false;
        }
    }

    private long _watched = -1;

    /// <summary>Called every ten seconds: if nothing moved since, the input at hand never ends.</summary>
    private void Watch(object? state)
    {
        long now = Interlocked.Read(ref _executions);
        if (now == _watched)
        {
            Console.WriteLine($"{target.Name}: HANGS at execution {now}, seed {seed}; length and input are in {_current}");
            Environment.Exit(1);
        }

        _watched = now;
    }
}
