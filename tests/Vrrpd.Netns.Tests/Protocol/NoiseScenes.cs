using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Vrrpd.Netns.Tests.Interop;
using Xunit;

namespace Vrrpd.Netns.Tests.Protocol;

/// <summary>
/// Packets that must be refused. keepalived 2.4.3 moves a master's timer with every one of them; here a noisy LAN has to look like a silent one.
/// </summary>
internal static class NoiseScenes
{
    /// <summary>Five times a second: faster than any interval here, so that a timer that is moved by it never comes to its end.</summary>
    private const double Pace = 0.2;

    /// <summary>What a busy machine may add to a pause.</summary>
    private const double Stall = 0.4;

    public static void Noise_does_not_silence_a_master(Arena arena)
    {
        Daemon daemon = arena.StartAsMaster();
        double phase = 5 * arena.Speech.Interval;
        DateTime idle = DateTime.UtcNow;
        Wait.Seconds(phase);
        DateTime noisy = DateTime.UtcNow;
        int mark = daemon.Mark();
        using (arena.Rival.Shouts(Pace, Noise(arena.Speech)))
        {
            Wait.Seconds(phase);
        }

        DateTime end = DateTime.UtcNow;
        Wait.Seconds(0.1);
        Assert.True(arena.Holds());
        Sight[] adverts = arena.Adverts();
        double quiet = LongestPause(adverts, idle, noisy), loud = LongestPause(adverts, noisy, end);
        arena.Lan.Say(string.Create(CultureInfo.InvariantCulture, $"longest pause {quiet:F3} s in silence, {loud:F3} s in noise"));
        Assert.True(loud < Math.Max(quiet, arena.Speech.Interval) + Stall, "noise keeps the master from speaking");
        Assert.DoesNotContain(daemon.Lines().Skip(mark), line => line.Text.Contains("Entering", StringComparison.Ordinal));
        IsSaid(daemon, mark, "checksum", "TTL", "version", arena.Speech.Version == 2 ? "auth" : "packet type");
    }

    public static void Noise_does_not_keep_a_backup_from_taking_over(Arena arena)
    {
        (Daemon daemon, IDisposable reign) = arena.StartAsBackup();
        int mark = daemon.Mark();
        reign.Dispose();
        daemon.WaitFor("Entering MASTER STATE", 8, mark);

        mark = daemon.Mark();
        IDisposable next = arena.Rival.Reigns(200, Arena.Above);
        daemon.WaitFor("Entering BACKUP STATE", 3, mark);
        Wait.Seconds(arena.Speech.Interval);
        mark = daemon.Mark();
        using (arena.Rival.Shouts(Pace, Noise(arena.Speech)))
        {
            next.Dispose();
            daemon.WaitFor("Entering MASTER STATE", 8, mark);
        }

        Sight[] all = arena.Sights();
        bool IsMastersWord(Sight sight) => sight.IsAdvert && sight.Source == arena.Speech.Address(Arena.Above) && sight.Priority == 200;
        TimeSpan Takeover(Sight first) => first.At - all.Last(sight => IsMastersWord(sight) && sight.At < first.At).At;
        Sight[] adverts = arena.Adverts();
        Sight silent = adverts[0];
        Sight noisy = adverts.First(advert => all.Any(sight => IsMastersWord(sight) && sight.At > silent.At && sight.At < advert.At)
            && !all.Any(sight => IsMastersWord(sight) && sight.At > advert.At));
        double down = arena.Speech.Down(Arena.Priority, arena.Speech.Interval);
        Story.Takes(down, Takeover(silent), "takeover in silence");
        Story.Takes(down, Takeover(noisy), "takeover in noise");
    }

    public static void Broken_adverts_of_every_kind_move_no_master(Arena arena)
    {
        Daemon daemon = arena.StartAsMaster();
        int mark = daemon.Mark();
        DateTime start = DateTime.UtcNow;
        Break(arena);
        Wait.Seconds(arena.Speech.Interval);

        Assert.True(daemon.Running);
        Assert.True(arena.Holds());
        Assert.DoesNotContain(daemon.Lines().Skip(mark), line => line.Text.Contains("Entering", StringComparison.Ordinal));
        IsSaid(daemon, mark, "checksum", "TTL", "version", "packet type", "too (short|long)");
        DateTime end = DateTime.UtcNow;

        // It still hears what is right.
        arena.Rival.Says(200, Arena.Above);
        daemon.WaitFor("Entering BACKUP STATE", 2, mark);
        Assert.True(LongestPause(arena.Adverts(), start, end) < arena.Speech.Interval + Stall);
    }

    public static void Broken_adverts_of_every_kind_move_no_backup(Arena arena)
    {
        (Daemon daemon, IDisposable reign) = arena.StartAsBackup();
        int mark = daemon.Mark();
        Break(arena);
        Assert.True(daemon.Running);
        Assert.DoesNotContain(daemon.Lines().Skip(mark), line => line.Text.Contains("Entering", StringComparison.Ordinal));
        IsSaid(daemon, mark, "checksum", "TTL", "version", "packet type", "too (short|long)");
        reign.Dispose();
        daemon.WaitFor("Entering MASTER STATE", 8, mark);

        Sight last = arena.Sights().Last(sight => sight.IsAdvert && sight.Source == arena.Speech.Address(Arena.Above) && sight.Priority == 200);
        Story.Takes(arena.Speech.Down(Arena.Priority, arena.Speech.Interval), arena.Adverts()[0].At - last.At, "takeover");
    }

    /// <summary>Would be a better master, if it were right.</summary>
    private static Word[] Noise(Speech speech)
    {
        Word best = new(255, Arena.Above);
        return
        [
            best with { Spoil = 1 }, best with { HopLimit = 64 }, best with { Version = 5 - speech.Version },
            speech.Version == 2 ? best with { Password = "WRONG" } : best with { Type = 7 },
        ];
    }

    /// <summary>Everything that can be wrong with an advert, one thing at a time: every length, every bit, every version and type.</summary>
    private static void Break(Arena arena)
    {
        Speech speech = arena.Speech;
        int length = 8 + (speech.Addresses.Length * (speech.IsV6 ? 16 : 4)) + (speech.Version == 2 ? 8 : 0);
        Word best = new(255, Arena.Above);
        List<Word> broken = [.. Noise(speech)];
        broken.AddRange(Enumerable.Range(1, length).Select(cut => best with { Cut = cut }));
        broken.AddRange(Enumerable.Range(0, length * 8).Select(bit => best with { FlippedBit = bit }));
        broken.AddRange(Enumerable.Range(0, 16).Where(version => version != speech.Version).Select(version => best with { Version = version }));
        broken.AddRange(Enumerable.Range(0, 16).Where(type => type != 1).Select(type => best with { Type = type }));
        broken.AddRange(Enumerable.Range(0, 255).Where(hops => hops % 10 == 0 || hops == 254).Select(hops => best with { HopLimit = hops }));
        broken.AddRange(Enumerable.Range(0, 256).Where(id => id != 51).Select(id => best with { Vrid = id }));
        broken.AddRange(Enumerable.Range(0, 256).Where(count => count > speech.Addresses.Length).Select(count => best with { Count = count }));
        broken.Add(best with { Interval = 0 });
        arena.Lan.Say($"rival: {broken.Count} broken adverts");
        foreach (Word[] some in broken.Chunk(16))
        {
            Array.ForEach(some, arena.Rival.Says);
            Wait.Seconds(0.02);
        }
    }

    private static double LongestPause(Sight[] adverts, DateTime from, DateTime to)
    {
        DateTime[] times = [from, .. adverts.Select(advert => advert.At).Where(at => at > from && at < to), to];
        return times.Zip(times.Skip(1)).Max(pair => (pair.Second - pair.First).TotalSeconds);
    }

    /// <summary>Every reason was said, and none of them again and again.</summary>
    private static void IsSaid(Daemon daemon, int mark, params string[] reasons)
    {
        foreach (string reason in reasons)
        {
            daemon.WaitFor("(?i)" + reason + ".*dropped", 1, mark);
        }

        int lines = daemon.Lines().Skip(mark).Count(line => line.Text.Contains("dropped", StringComparison.Ordinal));
        Assert.True(lines < 20, $"{lines} lines about dropped adverts");
    }
}
