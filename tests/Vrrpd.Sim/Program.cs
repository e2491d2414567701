using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;

namespace Vrrpd.Sim;

/// <summary>
/// `--seed N [--hours H] [--without A,B] [--only A,B] [--story HOST]` runs one world (and prints what that host was told); `--seeds N [--first S]` so
/// many of an hour each. The exit status is the number of worlds that failed, at most 100.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        ulong? seed = null;
        ulong first = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        int seeds = 1;
        int story = -1;
        TimeSpan time = TimeSpan.FromHours(1);
        WorldOptions options = WorldOptions.Usual;
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            string value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--seed":
                    seed = ulong.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "--seeds":
                    seeds = int.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "--first":
                    first = ulong.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "--hours":
                    time = TimeSpan.FromHours(double.Parse(value, CultureInfo.InvariantCulture));
                    break;
                case "--without":
                    options = options with { Without = Enum.Parse<Fault>(value) };
                    break;
                case "--story":
                    story = int.Parse(value, CultureInfo.InvariantCulture);
                    options = options with { IsRecording = true };
                    break;
                case "--only":
                    options = options with { Faults = Enum.Parse<Fault>(value) };
                    break;
                default:
                    Console.Error.WriteLine($"sim: what is {arguments[i]}? --seed N | --seeds N [--first S], --hours H, --without FAULTS, --only FAULTS");
                    return 2;
            }
        }

        return seed is ulong one ? One(one, time, options, story) : Many(first, seeds, time, options);
    }

    private static int One(ulong seed, TimeSpan time, WorldOptions options, int story)
    {
        long start = Stopwatch.GetTimestamp();
        World world = new(seed, options);
        world.Run(time);
        if (story >= 0 && story < world.HostCount && world.Hosts[story].Recorder is Recorder recorder)
        {
            recorder.Add(world.Hosts[story].EngineNow, "wait");
            Console.Write(recorder.Story($"a host of the simulator (--seed {seed} --only {world.Chaos.Faults})"));
            return 0;
        }

        Console.WriteLine($"seed {seed}: {Report.Of(world)}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.000} s"));
        if (world.Complaints.Count == 0)
        {
            return 0;
        }

        Console.WriteLine(Report.Failure(seed, time, options));
        return 1;
    }

    private static int Many(ulong first, int count, TimeSpan time, WorldOptions options)
    {
        Console.WriteLine($"seeds {first} to {first + (ulong)count - 1}, {time.TotalHours.ToString(CultureInfo.InvariantCulture)} h each");
        long start = Stopwatch.GetTimestamp();
        ConcurrentQueue<ulong> failed = [];
        int next = -1, quiet = 0;
        long events = 0, judged = 0, takeovers = 0, wrong = 0, neighbours = 0;
        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                World world = new(first + (ulong)i, options);
                world.Run(time);
                Interlocked.Add(ref events, world.Events);
                Interlocked.Add(ref judged, world.Tally.Judged);
                Interlocked.Add(ref wrong, world.Tally.WrongNeighbours);
                Interlocked.Add(ref neighbours, world.Tally.Neighbours);
                Interlocked.Add(ref takeovers, world.Tally.Takeovers);
                _ = world.Tally.Judged == 0 ? Interlocked.Increment(ref quiet) : 0;
                if (world.Complaints.Count > 0)
                {
                    failed.Enqueue(first + (ulong)i);
                }
            }
        }

        List<Thread> threads = [];
        for (int i = Math.Clamp(Environment.ProcessorCount, 1, 16); i > 0; i--)
        {
            Thread thread = new(Work);
            thread.Start();
            threads.Add(thread);
        }

        threads.ForEach(static thread => thread.Join());
        int shown = 0;
        foreach (ulong seed in failed)
        {
            if (shown++ < 3)
            {
                Console.WriteLine(Report.Failure(seed, time, options));
            }
            else
            {
                Console.WriteLine($"seed {seed} failed");
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count - failed.Count} seeds passed, {failed.Count} failed; "
            + $"{events} events, {takeovers} takeovers, {judged} judgements, {quiet} worlds never quiet, "
            + $"{wrong} of {neighbours} looks found the client with an old neighbour; "
            + $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
        return Math.Min(100, failed.Count);
    }
}
