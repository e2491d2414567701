using System;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Vrrpd.Netns.Tests.Interop;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests.Protocol;

/// <summary>Active in VRRPv2.</summary>
public sealed class ActiveOfVersion2(ITestOutputHelper output) : ActiveTests(output, new Speech(2, IsV6: false));

/// <summary>Active in VRRPv3 over IPv4.</summary>
public sealed class ActiveOfVersion3(ITestOutputHelper output) : ActiveTests(output, new Speech(3, IsV6: false));

/// <summary>Active in VRRPv3 over IPv6.</summary>
public sealed class ActiveOfVersion3OverIpv6(ITestOutputHelper output) : ActiveTests(output, new Speech(3, IsV6: true));

/// <summary>RFC 9568's state machine (6.4), event by event, on the published binary: rows 11 to 18, Active. Times are those of the wire.</summary>
public abstract class ActiveTests(ITestOutputHelper output, Speech speech)
{
    private const int Higher = 200;
    private const int Lower = 50;

    /// <summary>How late an answer "at once" may be on a busy machine; far below an interval.</summary>
    private const double AtOnce = 0.15;

    [NetnsFact]
    public void Row_11_Active_has_the_addresses_answers_for_them_and_accepts_what_is_sent_to_them()
    {
        using Arena arena = new(output, speech);
        arena.StartAsMaster();

        foreach (string address in speech.Addresses)
        {
            Assert.Equal(("router", arena.Mac), arena.Lan.WhoHas(address));
            string scope = address.StartsWith("fe80", StringComparison.Ordinal) ? "%br0" : "";
            Assert.Equal(0, arena.Lan.Bridge.Run("ping", "-n", "-c", "1", "-W", "2", address + scope).ExitCode);
        }
    }

    [NetnsFact]
    public void Row_12_Active_Shutdown_says_priority_0_once_and_lets_the_addresses_go()
    {
        using Arena arena = new(output, speech);
        Daemon daemon = arena.StartAsMaster();
        DateTime stop = DateTime.UtcNow;

        Assert.Equal(0, daemon.Stop());

        Assert.True(arena.IsEmpty());
        Sight[] adverts = arena.Adverts();
        Sight goodbye = Assert.Single(adverts, advert => advert.Priority == 0);
        Assert.Same(adverts[^1], goodbye);
        Assert.InRange((goodbye.At - stop).TotalSeconds, 0, 0.5);
        arena.Announces(goodbye, isAnnounced: false);
    }

    [NetnsFact]
    public void Row_13_Active_advertises_at_every_interval()
    {
        using Arena arena = new(output, speech);
        arena.StartAsMaster();
        Wait.Seconds((5 * speech.Interval) + 0.2);

        Sight[] adverts = arena.Adverts();
        Assert.InRange(adverts.Length, 6, 8);
        Assert.All(adverts.Zip(adverts.Skip(1)), pair => Story.Takes(speech.Interval, pair.Second.At - pair.First.At, "advert to advert", early: 0.05));
        Assert.InRange((adverts[^1].At - adverts[0].At).TotalSeconds / (adverts.Length - 1), speech.Interval - 0.01, speech.Interval + 0.05);
    }

    [NetnsFact]
    public void Row_14_Active_answers_priority_0_with_an_advert_at_once()
    {
        using Arena arena = new(output, speech);
        Daemon daemon = arena.StartAsMaster();
        Wait.Seconds(0.5 * speech.Interval);
        arena.Rival.Says(0, Arena.Above);
        Wait.Seconds(1.5 * speech.Interval);

        Assert.True(arena.Holds());
        Assert.Equal(1, daemon.Count("Entering MASTER STATE"));
        AnswersAtOnce(arena, Arena.Above);
    }

    [NetnsFact]
    public void Row_15_Active_yields_to_a_higher_priority_without_a_goodbye_and_learns_its_interval()
    {
        using Arena arena = new(output, speech);
        Daemon daemon = arena.StartAsMaster();
        Yields(arena, daemon, Higher, Arena.Below);
    }

    [NetnsFact]
    public void Row_16_Active_yields_to_an_equal_priority_from_a_higher_address()
    {
        using Arena arena = new(output, speech);
        Daemon daemon = arena.StartAsMaster();
        Yields(arena, daemon, Arena.Priority, Arena.Above);
    }

    [NetnsTheory]
    [InlineData(Lower, Arena.Above)]
    [InlineData(Arena.Priority, Arena.Below)]
    public void Row_17_Active_discards_what_is_lower_and_answers_with_an_advert_at_once(int priority, int from)
    {
        using Arena arena = new(output, speech);
        Daemon daemon = arena.StartAsMaster();
        Wait.Seconds(0.5 * speech.Interval);
        arena.Rival.Says(priority, from);
        Wait.Seconds(1.5 * speech.Interval);

        Assert.True(arena.Holds());
        Assert.Equal(1, daemon.Count("Entering MASTER STATE"));
        AnswersAtOnce(arena, from);
    }

    [NetnsFact]
    public void Row_18_Active_stays_when_its_own_words_come_back()
    {
        using Arena arena = new(output, speech);

        // Without this the kernel keeps from us what comes from our own address.
        arena.Host.Sh($"sysctl -qw net.ipv4.conf.all.accept_local=1 net.ipv4.conf.{Story.Nic}.accept_local=1");
        Daemon daemon = arena.StartAsMaster();
        int mark = daemon.Mark();
        for (int i = 0; i < 5; i++)
        {
            arena.Rival.Says(Arena.Priority, Arena.Own);
        }

        Wait.Seconds((2 * speech.Interval) + 0.1);
        Assert.True(arena.Holds());
        Assert.Equal(1, daemon.Count("Entering MASTER STATE"));
        Assert.True(daemon.Mark() - mark <= 12, "a loop fills the log");
        Sight[] adverts = arena.Adverts();
        Assert.All(adverts.Zip(adverts.Skip(1)), pair => Story.Takes(speech.Interval, pair.Second.At - pair.First.At, "advert to advert", early: 0.05));
    }

    private void AnswersAtOnce(Arena arena, int from)
    {
        Sight word = arena.AdvertsFrom(from)[^1];
        Sight[] answers = [.. arena.Adverts().Where(advert => advert.At >= word.At)];
        Story.Takes(0, answers[0].At - word.At, "word to answer", late: AtOnce);
        Story.Takes(speech.Interval, answers[1].At - answers[0].At, "answer to next advert");
        Assert.Equal(Arena.Priority, answers[0].Priority);
    }

    private void Yields(Arena arena, Daemon daemon, int priority, int from)
    {
        int mark = daemon.Mark();
        arena.Rival.Says(priority, from, speech.Other);
        daemon.WaitFor("Entering BACKUP STATE", 2, mark);
        Wait.Until(arena.IsEmpty, 1, "the virtual addresses gone");
        daemon.WaitFor("Entering MASTER STATE", 7, mark);

        Sight word = arena.AdvertsFrom(from)[^1];
        Sight[] adverts = arena.Adverts();
        Assert.DoesNotContain(adverts, advert => advert.Priority == 0);
        Story.Takes(speech.Down(Arena.Priority, speech.Other), adverts.First(advert => advert.At > word.At).At - word.At, "word to our next advert");
    }
}
