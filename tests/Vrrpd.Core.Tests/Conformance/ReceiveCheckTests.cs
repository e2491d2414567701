using System;
using System.Collections.Generic;
using System.Linq;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;
using static Vrrpd.Core.Tests.Conformance.Speech;

namespace Vrrpd.Core.Tests.Conformance;

/// <summary>
/// What a receiver has to check (RFC 9568 7.1 with its errata, RFC 3768 7.1), one thing wrong at a time: the named counter counts, and nothing moves:
/// no timer, no state, no learnt interval, no master's address; nothing is sent.
/// </summary>
public class ReceiveCheckTests
{
    /// <summary>What is wrong, in whose speech, and the counter for it.</summary>
    public static TheoryData<string, string, WireError> Faults
    {
        get
        {
            TheoryData<string, string, WireError> all = [];
            foreach (string name in Names)
            {
                Speech speech = Of(name);
                foreach ((string fault, WireError error) in FaultsOf(speech))
                {
                    all.Add(name, fault, error);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_packet_with_one_fault_moves_nothing_at_a_backup(string name, string fault, WireError error)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech, interval: speech.Other);
        foreach (int priority in new[] { 0, Lower, Priority, 255 })
        {
            IsRefused(stage, Spoil(new Words(speech) { Priority = priority }, fault), error);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_packet_with_one_fault_moves_nothing_at_a_master(string name, string fault, WireError error)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsMaster(speech);
        foreach (int priority in new[] { 0, Lower, Priority, 255 })
        {
            IsRefused(stage, Spoil(new Words(speech) { Priority = priority }, fault), error);
        }
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void A_packet_cut_at_whatever_length_moves_nothing(string name)
    {
        Speech speech = Of(name);
        foreach (Stage stage in new[] { Stage.AsBackup(speech), Stage.AsMaster(speech) })
        {
            Words words = new(speech) { Priority = 255 };
            byte[] whole = words.Delivered();
            for (int length = 0; length < whole.Length; length++)
            {
                (RouterState, Instant, Instant, TimeSpan, Ip, byte, byte, long) before = stage.Clockwork;
                Assert.True(stage.Hear(words, whole[..length]) is WireError.Truncated or WireError.BadLength or WireError.BadIpHeader, $"cut at {length}");
                Assert.Equal(before, stage.Clockwork);
            }

            // The message cut, under an IP header that says so.
            int message = words.Message().Length;
            for (int cut = 1; cut <= message; cut++)
            {
                (RouterState, Instant, Instant, TimeSpan, Ip, byte, byte, long) before = stage.Clockwork;
                Assert.True(stage.Hear(words with { Cut = cut }) is WireError.Truncated or WireError.BadLength, $"{cut} bytes missing");
                Assert.Equal(before, stage.Clockwork);
            }

            Assert.Empty(stage.Did);
        }
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void A_packet_with_any_one_bit_wrong_is_refused_or_is_still_an_advert_of_somebody(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech, interval: speech.Other);
        Words words = new(speech) { Priority = Lower };
        byte[] whole = words.Delivered();
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] bytes = (byte[])whole.Clone();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            (RouterState, Instant, Instant, TimeSpan, Ip, byte, byte, long) before = stage.Clockwork;
            WireError error = stage.Hear(words, bytes);

            // The sum over the message finds every single bit; the IP header's other fields (class, identification) mean nothing here.
            bool isHarmless = !speech.IsV6 && bit < 20 * 8 && bit / 8 is not (0 or 2 or 3 or 9);
            Assert.True(error != WireError.None || isHarmless, $"bit {bit} does not matter");
            if (error != WireError.None)
            {
                Assert.Equal(before, stage.Clockwork);
            }
        }

        Assert.Equal(RouterState.Backup, stage.Router.State);
        Assert.Empty(stage.Did);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Of_another_virtual_router_nobody_hears(string name)
    {
        Stage stage = Stage.AsBackup(Of(name));
        (RouterState, Instant, Instant, TimeSpan, Ip, byte, byte, long) before = stage.Clockwork;
        Assert.Equal(WireError.UnknownVrid, stage.Hear(new Words(stage.Speech) { Vrid = 52 }));
        Assert.Equal(before, stage.Clockwork);
        Assert.Equal(1, stage.Unmatched(WireError.UnknownVrid));
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void An_owner_that_is_told_to_be_deaf_counts_what_it_does_not_hear(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsMaster(speech, "owner_ignore_adverts", priority: 255);
        IsRefused(stage, new Words(speech) { Priority = 255 }, WireError.OwnerIgnores);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void An_owner_hears_another_and_yields_to_the_higher_address_only(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsMaster(speech, priority: 255);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Number = Below, Priority = 255 }));
        Assert.Equal(RouterState.Master, stage.Router.State);
        Assert.Contains(LogEvent.TwoOwners, stage.Said);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Priority = 255 }));
        Assert.Equal(RouterState.Backup, stage.Router.State);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Another_list_of_addresses_is_counted_and_heard_all_the_same(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech);
        string other = speech.IsV6 ? "fd00::77" : "10.0.0.77";
        string[][] lists = [[speech.Addresses[0]], [speech.Addresses[0], other], [.. speech.Addresses, other]];
        foreach (string[] list in lists)
        {
            Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Addresses = list }));
            Assert.Equal(speech.Down(Priority, speech.Interval), stage.Wait);
            stage.Pass(0.0625);
        }

        Assert.Equal(lists.Length, stage.Router.Stats.AddressListErrors);

        // The same in another order is the same.
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Addresses = [.. speech.Addresses.Reverse()] }));
        Assert.Equal(lists.Length, stage.Router.Stats.AddressListErrors);
    }

    [Theory]
    [InlineData("v3 IPv6")]
    [InlineData("v3 IPv6 unicast")]
    public void A_first_address_that_is_not_link_local_is_heard_since_routers_in_the_field_send_it(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Addresses = ["fd00::100", "fe80::100"] }));
        Assert.Equal(speech.Down(Priority, speech.Interval), stage.Wait);
    }

    [Theory]
    [MemberData(nameof(OfVersion3), MemberType = typeof(Speech))]
    public void The_reserved_bits_of_version_3_mean_nothing(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Reserved = 0xf, Interval = speech.Other }));
        Assert.Equal(speech.Other, stage.Router.MasterInterval);
    }

    [Theory]
    [MemberData(nameof(OfVersion3), MemberType = typeof(Speech))]
    public void Every_interval_of_version_3_is_learnt_to_the_hundredth(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech);
        for (int hundredths = 1; hundredths <= 4095; hundredths += hundredths < 100 ? 1 : 17)
        {
            TimeSpan interval = TimeSpan.FromMilliseconds(10 * hundredths);
            Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Interval = interval }));
            Assert.Equal(interval, stage.Router.MasterInterval);
            Assert.Equal(speech.Down(Priority, interval), stage.Wait);
        }
    }

    [Theory]
    [InlineData("v2 IPv4 unicast")]
    [InlineData("v3 IPv4 unicast")]
    [InlineData("v3 IPv6 unicast")]
    public void A_peer_may_be_some_hops_away(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { HopLimit = 57 }));
        Assert.Equal(speech.Down(Priority, speech.Interval), stage.Wait);
    }

    [Theory]
    [InlineData("v2 IPv4 unicast")]
    [InlineData("v3 IPv4 unicast")]
    [InlineData("v3 IPv6 unicast")]
    public void With_check_unicast_src_only_peers_are_heard(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech, "check_unicast_src");
        IsRefused(stage, new Words(speech) { Number = 7 }, WireError.UnknownPeer);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Number = Below }));
    }

    [Fact]
    public void A_password_of_version_2_is_checked_and_never_said()
    {
        Speech speech = Of("v2 IPv4");
        Stage stage = Stage.AsMaster(speech, "authentication {\nauth_type PASS\nauth_pass KP_PASS\n}");
        IsRefused(stage, new Words(speech) { Priority = 255, AuthType = 1, Password = "WRONG" }, WireError.AuthFailure);
        IsRefused(stage, new Words(speech) { Priority = 255 }, WireError.AuthTypeMismatch);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Priority = 255, AuthType = 1, Password = "KP_PASS" }));
        Assert.Equal(RouterState.Backup, stage.Router.State);
    }

    private static IEnumerable<(string Fault, WireError Error)> FaultsOf(Speech speech)
    {
        if (!speech.IsUnicast)
        {
            yield return ("hop limit 254", WireError.BadTtl);
            yield return ("hop limit 1", WireError.BadTtl);
        }

        foreach (int version in new[] { 0, 1, 2, 3, 4, 7, 15 })
        {
            if (version != speech.Version)
            {
                yield return ($"version {version}", WireError.BadVersion);
            }
        }

        yield return ("type 0", WireError.BadType);
        yield return ("type 2", WireError.BadType);
        yield return ("type 7", WireError.BadType);
        yield return ("one byte too few", WireError.BadLength);
        yield return ("one byte too many", WireError.BadLength);
        yield return ("an address too many", WireError.BadLength);
        yield return ("count too high", WireError.BadLength);
        yield return ("count 255", WireError.BadLength);
        yield return ("checksum off by one", WireError.BadChecksum);
        yield return ("checksum 0", WireError.BadChecksum);
        yield return (speech.IsUnicast ? "to the group" : "to ourselves", WireError.BadDestination);
        if (speech.Version == 2)
        {
            yield return ("interval 2 s", WireError.IntervalMismatch);
            yield return ("interval 0", WireError.IntervalMismatch);
            yield return ("authentication of type 1", WireError.AuthTypeMismatch);
            yield return ("authentication of type 3", WireError.InvalidAuthType);
        }
        else
        {
            yield return ("interval 0", WireError.ZeroInterval);
            yield return ("no address", WireError.NoAddresses);
            if (speech.IsV6)
            {
                yield return ("sum without pseudo header", WireError.BadChecksum);
            }
        }
    }

    private static Words Spoil(Words words, string fault) => fault switch
    {
        "hop limit 254" => words with { HopLimit = 254 },
        "hop limit 1" => words with { HopLimit = 1 },
        "one byte too few" => words with { Cut = 1 },
        "one byte too many" => words with { Cut = -1 },
        "an address too many" => words with { Addresses = [.. words.Speech.Addresses, words.Speech.Addresses[0]], Count = words.Speech.Addresses.Length },
        "count too high" => words with { Count = words.Speech.Addresses.Length + 1 },
        "count 255" => words with { Count = 255 },
        "checksum off by one" => words with { Spoil = 1 },
        "checksum 0" => words with { Spoil = -Sum(words) },
        "to the group" => words with { Destination = words.Speech.Group },
        "to ourselves" => words with { Destination = words.Speech.Host(Own) },
        "interval 2 s" => words with { Interval = TimeSpan.FromSeconds(2) },
        "interval 0" => words with { Interval = TimeSpan.Zero },
        "no address" => words with { Addresses = [] },
        "sum without pseudo header" => words with { Sum = "none" },
        _ when fault.StartsWith("version ", StringComparison.Ordinal) => words with { Version = LastNumber(fault) },
        _ when fault.StartsWith("type ", StringComparison.Ordinal) => words with { Type = LastNumber(fault) },
        _ => words with { AuthType = LastNumber(fault) },
    };

    private static int Sum(Words words) => words.Message() is var message ? message[6] << 8 | message[7] : 0;

    private static int LastNumber(string text) => int.Parse(text[(text.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private static void IsRefused(Stage stage, Words words, WireError error)
    {
        (RouterState, Instant, Instant, TimeSpan, Ip, byte, byte, long) before = stage.Clockwork;
        long counted = stage.Router.Stats.Errors(error);
        Assert.Equal(error, stage.Hear(words));
        Assert.Equal(before, stage.Clockwork);
        Assert.Equal(counted + 1, stage.Router.Stats.Errors(error));
        Assert.Empty(stage.Did);
        Assert.NotEqual("", WireErrors.CounterName(error));
    }
}
