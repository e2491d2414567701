using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Talk;

/// <summary>auth_hmac and AH: what is refused, what survives, and that nothing old is accepted again, whatever clocks do.</summary>
public class SignedTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Today = TimeSpan.FromDays(20_000);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static RouterConfig Signed => Talker.Config(3, false) with { Hmac = Talker.Hmac(1) };

    [Theory]
    [InlineData(0, 2, WireError.TrailerMalformed, "auth_hmac of an unknown form")]
    [InlineData(2, 1, WireError.TrailerMalformed, "auth_hmac of an unknown form")]
    [InlineData(3, 1, WireError.TrailerMalformed, "auth_hmac of an unknown form")]
    [InlineData(1, 9, WireError.TrailerUnknownKey, "auth_hmac with key 9, which is not ours; our active key is 1")]
    [InlineData(4, 0, WireError.TrailerInvalid, "auth_hmac is wrong under key 1: is it the same there?")]
    [InlineData(27, 0, WireError.TrailerInvalid, "auth_hmac is wrong under key 1: is it the same there?")]
    public void A_wrong_byte_of_the_trailer_has_its_counter_and_its_line(int at, byte value, WireError expected, string line)
    {
        (Talker sender, Talker hearer) = Pair(Signed);
        byte[] packet = sender.Send()[0];
        packet[^(HmacTrailer.Length - at)] = value;
        Assert.Equal(expected, hearer.Hear(packet));
        Assert.Equal(["(VI_1) " + line + " - dropped the advert from 10.10.30.1 on eth0, VRID 51"], hearer.Said);
        Assert.Equal(1, hearer.Stats.Errors(expected));
    }

    [Fact]
    public void Modes_say_who_signs_and_whether_unsigned_adverts_are_heard()
    {
        RouterConfig plain = Talker.Config(3, false);
        foreach (HmacMode mode in (HmacMode[])[HmacMode.Enforce, HmacMode.Permissive, HmacMode.ReceiveOnly])
        {
            RouterConfig config = Signed with { Hmac = Signed.Hmac! with { Mode = mode } };
            Talker us = new(config, Talker.B4) { WallOffset = Today }, signs = new(Signed, Talker.A4) { WallOffset = Today };
            byte[] forged = signs.Send()[0];
            forged[^1] ^= 1;
            Assert.Equal(mode == HmacMode.Enforce ? WireError.TrailerMissing : WireError.None, us.Hear(new Talker(plain, Talker.C4).Send()[0]));
            Assert.Equal(1, us.Stats.Errors(WireError.TrailerMissing));
            Assert.Equal(WireError.None, us.Hear(signs.Send()[0]));
            Assert.Equal(WireError.TrailerInvalid, us.Hear(forged));
            Assert.Equal(mode == HmacMode.ReceiveOnly ? 32 : 60, us.Send()[0].Length);
        }

        // Who has no auth_hmac at all calls the trailer a wrong length.
        Assert.Equal(WireError.BadLength, new Talker(plain, Talker.B4).Hear(new Talker(Signed, Talker.A4) { WallOffset = Today }.Send()[0]));
    }

    [Fact]
    public void A_key_is_replaced_without_losing_an_advert()
    {
        (Talker a, Talker b) = Pair(Signed);
        HmacConfig[] steps = [Talker.Hmac(1), Talker.Hmac(1, 2), Talker.Hmac(2, 1), Talker.Hmac(2)];
        for (int step = 1; step < steps.Length; step++)
        {
            a.Reload(Signed with { Hmac = steps[step] });
            a.WallOffset = Today;
            Exchange(a, b, WireError.None);
            b.Reload(Signed with { Hmac = steps[step] });
            b.WallOffset = Today;
            Exchange(a, b, WireError.None);
            Exchange(b, a, WireError.None);
        }

        // What was signed with the old key is refused from now on.
        Assert.Equal(WireError.TrailerUnknownKey, a.Hear(new Talker(Signed, Talker.C4) { WallOffset = Today }.Send()[0]));
    }

    [Fact]
    public void A_key_that_the_host_could_not_read_switches_the_extension_off()
    {
        HmacConfig unread = new() { ActiveKey = 1, Keys = [new HmacKey(1, [], "/etc/key")] };
        Talker us = new(Talker.Config(3, false) with { Hmac = unread }, Talker.B4);
        Assert.Equal(32, us.Send()[0].Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_advert_is_accepted_twice_nor_after_a_later_one_even_over_a_reload(bool isMonotonic)
    {
        RouterConfig config = Signed with { Hmac = Signed.Hmac! with { IsMonotonic = isMonotonic } };
        (Talker a, Talker b) = Pair(config);
        List<byte[]> recorded = [];
        for (int i = 0; i < 50; i++)
        {
            recorded.Add(Exchange(a, b, WireError.None));
            if (i == 25)
            {
                b.Reload(config);
                b.WallOffset = Today;
            }

            foreach (byte[] old in recorded)
            {
                Assert.Equal(WireError.TrailerReplayed, b.Hear(old));
            }
        }

        // Also long after the sender has gone.
        b.Now += Hour;
        foreach (byte[] old in recorded)
        {
            Assert.Equal(WireError.TrailerReplayed, b.Hear(old));
        }

        Assert.Equal(50, b.Stats.AdvertsReceived);
    }

    [Fact]
    public void Adverts_within_one_tick_of_the_clock_are_told_apart_by_the_counter()
    {
        (Talker a, Talker b) = Pair(Signed);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(WireError.None, b.Hear(a.Send()[0]));
        }
    }

    [Fact]
    public void A_stranger_has_to_have_our_time_of_day()
    {
        foreach (int seconds in (int[])[-3600, -6, -5, 0, 5, 6, 3600])
        {
            Talker a = new(Signed, Talker.A4) { WallOffset = Today + seconds * Second }, b = new(Signed, Talker.B4) { WallOffset = Today };
            Assert.Equal(Math.Abs(seconds) <= 5 ? WireError.None : WireError.TrailerStale, b.Hear(a.Send()[0]));
            if (seconds == 3600)
            {
                string line = "(VI_1) auth_hmac 3600 s from our time of day, at most 5: are both clocks right?";
                Assert.StartsWith(line, Assert.Single(b.Said), StringComparison.Ordinal);
            }
        }

        RouterConfig monotonic = Signed with { Hmac = Signed.Hmac! with { IsMonotonic = true } };
        Talker wrong = new(monotonic, Talker.A4) { WallOffset = Today - Hour }, right = new(monotonic, Talker.B4) { WallOffset = Today };
        Assert.Equal(WireError.None, right.Hear(wrong.Send()[0]));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(10, 30)]
    [InlineData(200, 300)]
    public void The_window_is_three_adverts_within_bounds(int interval, int window)
    {
        RouterConfig config = Talker.Config(2, false) with { Hmac = Talker.Hmac(1), AdvertInterval = interval * Second };
        foreach (int late in (int[])[window, window + 1])
        {
            Talker a = new(config, Talker.A4) { WallOffset = Today }, b = new(config, Talker.B4) { WallOffset = Today + late * Second };
            Assert.Equal(late == window ? WireError.None : WireError.TrailerStale, b.Hear(a.Send()[0]));
        }

        RouterConfig wide = config with { Hmac = config.Hmac! with { Window = 100 * Second } };
        Talker early = new(wide, Talker.A4) { WallOffset = Today + 100 * Second };
        Assert.Equal(WireError.None, new Talker(wide, Talker.B4) { WallOffset = Today }.Hear(early.Send()[0]));
    }

    [Theory]
    [InlineData(-86_400, 0)]
    [InlineData(-3600, 0)]
    [InlineData(-7, 0)]
    [InlineData(-3, 0)]
    [InlineData(3, 0)]
    [InlineData(7, 0)]
    [InlineData(3600, 0)]
    [InlineData(86_400, 0)]
    [InlineData(0, -86_400)]
    [InlineData(0, -3600)]
    [InlineData(0, -4)]
    [InlineData(0, 4)]
    [InlineData(0, 3600)]
    [InlineData(0, 86_400)]
    [InlineData(3600, 3600)]
    [InlineData(-3600, -3600)]
    [InlineData(3600, -3600)]
    [InlineData(-3600, 3600)]
    public void Setting_a_clock_loses_no_advert_and_lets_no_old_one_in(int senderStep, int hearerStep)
    {
        foreach (bool isMonotonic in (bool[])[false, true])
        {
            RouterConfig config = Signed with { Hmac = Signed.Hmac! with { IsMonotonic = isMonotonic } };
            (Talker a, Talker b) = Pair(config);
            List<byte[]> recorded = [];
            for (int i = 0; i < 100; i++)
            {
                recorded.Add(Exchange(a, b, WireError.None));
            }

            a.WallOffset = Today + senderStep * Second;
            b.WallOffset = Today + hearerStep * Second;
            for (int i = 0; i < 100; i++)
            {
                recorded.Add(Exchange(a, b, WireError.None));
                foreach (byte[] old in recorded)
                {
                    Assert.NotEqual(WireError.None, b.Hear(old));
                }
            }

            // And the way back, of the sender first.
            a.WallOffset = Today;
            Exchange(a, b, WireError.None);
            b.WallOffset = Today;
            for (int i = 0; i < 10; i++)
            {
                Exchange(a, b, WireError.None);
                Exchange(b, a, WireError.None);
            }
        }
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void A_sender_whose_numbers_follow_its_clock_as_keepalived_s_is_believed_with_its_second_advert(int step)
    {
        // As a keepalived that was ahead, or behind, by an hour and is set right: it cannot be told from a new process at that address.
        (Talker a, Talker b) = Pair(Signed);
        b.WallOffset = Today;
        for (int i = 0; i < 10; i++)
        {
            Exchange(a, b, WireError.None);
        }

        Talker set = new(Signed, Talker.A4) { WallOffset = Today + step * Second, Now = a.Now };
        b.WallOffset = step < 0 ? Today + step * Second : Today;
        Exchange(set, b, step < 0 ? WireError.TrailerReplayed : WireError.TrailerStale);
        Exchange(set, b, WireError.None);
        Exchange(set, b, WireError.None);
    }

    [Fact]
    public void A_recording_of_another_time_gets_nowhere_while_its_sender_lives()
    {
        // The attacker has an hour of adverts of a sender whose clock was an hour ahead then, and plays them between its living ones.
        Talker ahead = new(Signed, Talker.A4) { WallOffset = Today + Hour };
        (Talker a, Talker b) = Pair(Signed);
        for (int i = 0; i < 100; i++)
        {
            Exchange(a, b, WireError.None);
            Assert.Equal(WireError.TrailerStale, b.Hear(ahead.Send()[0]));
            Assert.Equal(WireError.TrailerStale, b.Hear(ahead.Send()[0]));
            ahead.Now += Second;
        }
    }

    [Fact]
    public void An_advert_held_back_for_longer_than_the_window_is_stale()
    {
        (Talker a, Talker b) = Pair(Signed);
        Exchange(a, b, WireError.None);
        byte[] held = a.Send()[0];
        b.Now += 7 * Second;
        Assert.Equal(WireError.TrailerStale, b.Hear(held));
    }

    [Fact]
    public void Numbers_go_by_the_clock_again_once_a_peer_does()
    {
        (Talker a, Talker b) = Pair(Signed);
        Exchange(a, b, WireError.None);
        a.WallOffset = Today + Hour;
        Exchange(a, b, WireError.None);

        // A third host knows only the new time and nothing of us: we are strangers to it until it has spoken.
        Talker c = new(Signed, Talker.C4) { WallOffset = Today + Hour, Now = a.Now };
        Exchange(a, c, WireError.TrailerStale);
        c.Now = a.Now;
        Exchange(c, a, WireError.None);
        a.Now = c.Now;
        Exchange(a, c, WireError.None);
    }

    [Theory]
    [InlineData(60, 200)]
    [InlineData(0, 3600)]
    [InlineData(86_400, 60)]
    public void Machines_that_stood_still_and_then_had_their_clocks_set_hear_each_other_again(int aStood, int bStood)
    {
        (Talker a, Talker b) = Pair(Signed);
        for (int i = 0; i < 10; i++)
        {
            Exchange(a, b, WireError.None);
            Exchange(b, a, WireError.None);
        }

        // A snapshot: no clock of the machine runs, and then the time of day is set right. Their monotonic clocks are apart now for good.
        (a.WallOffset, b.WallOffset) = (Today + aStood * Second, Today + bStood * Second);
        (a.Now, b.Now) = (b.Now, b.Now + (aStood - bStood) * Second);
        for (int i = 0; i < 3; i++)
        {
            _ = b.Hear(a.Send()[0]);
            _ = a.Hear(b.Send()[0]);
            (a.Now, b.Now) = (a.Now + Second, b.Now + Second);
        }

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(WireError.None, b.Hear(a.Send()[0]));
            Assert.Equal(WireError.None, a.Hear(b.Send()[0]));
            (a.Now, b.Now) = (a.Now + Second, b.Now + Second);
        }
    }

    [Fact]
    public void Unicast_remembers_each_peer_and_multicast_four_senders()
    {
        Talker hearer = new(Signed, Talker.B4) { WallOffset = Today };
        byte[][] first = new byte[5][];
        for (byte i = 0; i < 5; i++)
        {
            Talker sender = new(Signed, Ip.FromV4(10, 10, 30, (byte)(10 + i))) { WallOffset = Today };
            first[i] = sender.Send()[0];
            Assert.Equal(WireError.None, hearer.Hear(first[i]));
            hearer.Now += TimeSpan.FromMilliseconds(100);
        }

        for (int i = 1; i < 5; i++)
        {
            Assert.Equal(WireError.TrailerReplayed, hearer.Hear(first[i]));
        }

        // The fifth took the place of the first, whose advert only its age can refuse now.
        hearer.Now += 6 * Second;
        Assert.Equal(WireError.TrailerStale, hearer.Hear(first[0]));

        UnicastPeer[] peers = new UnicastPeer[20];
        for (byte i = 0; i < peers.Length; i++)
        {
            peers[i] = AdvertTests.Peer(Ip.FromV4(10, 10, 30, (byte)(10 + i)));
        }

        Talker one = new(Signed with { IsUnicast = true, Peers = peers }, Talker.B4) { WallOffset = Today };
        byte[][] recorded = Array.ConvertAll(peers, peer => new Talker(
            Signed with { IsUnicast = true, Peers = [AdvertTests.Peer(Talker.B4)] }, peer.Address)
        { WallOffset = Today }.Send()[0]);
        Assert.All(recorded, packet => Assert.Equal(WireError.None, one.Hear(packet)));
        Assert.All(recorded, packet => Assert.Equal(WireError.TrailerReplayed, one.Hear(packet)));

        // A signed advert of a host that is no peer is refused although nobody asked for check_unicast_src.
        Talker stranger = new(Signed with { IsUnicast = true, Peers = [AdvertTests.Peer(Talker.B4)] }, Talker.A4) { WallOffset = Today };
        Assert.Equal(WireError.UnknownPeer, one.Hear(stranger.Send()[0]));
    }

    [Fact]
    public void An_advert_that_is_refused_for_something_else_does_not_use_up_its_number()
    {
        (Talker a, Talker b) = Pair(Signed);
        byte[] packet = a.Send()[0];
        packet[26] ^= 1;
        Assert.Equal(WireError.BadChecksum, b.Hear(packet));
        packet[26] ^= 1;
        Assert.Equal(WireError.None, b.Hear(packet));
    }

    [Fact]
    public void AH_refuses_wrong_passwords_other_sources_and_replays()
    {
        RouterConfig config = AdvertTests.Kind(2, false, false, "AH", default);
        Talker a = new(config, Talker.A4), b = new(config, Talker.B4);
        List<byte[]> recorded = [];
        for (int i = 0; i < 20; i++)
        {
            recorded.Add(a.Send()[0]);
            Assert.Equal(WireError.None, b.Hear(recorded[^1]));
            Assert.All(recorded, old => Assert.Equal(WireError.ReplayedSequence, b.Hear(old)));
        }

        const string Replayed = "(VI_1) IPSEC-AH : sequence number 1 already processed. Packet dropped. Local(1)";
        Assert.Equal(Replayed + " - dropped the advert from 10.10.30.1 on eth0, VRID 51", b.Said[0]);
        Talker other = new(config with { AuthPass = 1 }, Talker.A4);
        Assert.Equal(WireError.BadIcv, b.Hear(other.Send()[0]));
        Assert.StartsWith("(VI_1) IPSEC-AH : invalid IPSEC HMAC-MD5 value.", b.Said[^1], StringComparison.Ordinal);
        Assert.Equal(WireError.AuthTypeMismatch, b.Hear(new Talker(config with { Auth = AuthType.None }, Talker.A4).Send()[0]));
        Assert.Equal(WireError.AuthTypeMismatch, new Talker(config with { Auth = AuthType.None }, Talker.B4).Hear(a.Send()[0]));

        // The index is the source: signed with the password, and still not from where it says.
        byte[] moved = a.Send()[0];
        BinaryPrimitives.WriteUInt32BigEndian(moved.AsSpan(24), Talker.C4.V4);
        AuthHeader.Sign(moved, new Core.Crypto.HmacMd5("passwdrd"u8), isUnicast: false);
        Assert.Equal(WireError.BadSpi, b.Hear(moved));
        Assert.StartsWith("(VI_1) authentication header with SPI 10.10.30.3, expecting 10.10.30.1", b.Said[^1], StringComparison.Ordinal);
        moved[20] = 6;
        Assert.Equal(WireError.BadAuthHeader, b.Hear(moved));
    }

    [Fact]
    public void AH_goes_on_from_the_number_of_the_master_before()
    {
        RouterConfig config = AdvertTests.Kind(2, false, false, "AH", default);
        Talker a = new(config, Talker.A4), b = new(config, Talker.B4), c = new(config, Talker.C4);
        for (int i = 0; i < 1000; i++)
        {
            byte[] packet = a.Send()[0];
            Assert.Equal((WireError.None, WireError.None), (b.Hear(packet), c.Hear(packet)));
        }

        byte[] next = b.Send()[0];
        Assert.Equal(1001u, BinaryPrimitives.ReadUInt32BigEndian(next.AsSpan(28)));
        Assert.Equal((WireError.None, WireError.None), (a.Hear(next), c.Hear(next)));
        Assert.Equal(1002u, BinaryPrimitives.ReadUInt32BigEndian(a.Send()[0].AsSpan(28)));
    }

    private static (Talker A, Talker B) Pair(RouterConfig config) => (
        new Talker(config, Talker.A4) { WallOffset = Today }, new Talker(config, Talker.B4) { WallOffset = Today });

    /// <summary>A second passes, and one is heard by the other.</summary>
    private static byte[] Exchange(Talker from, Talker to, WireError expected)
    {
        from.Now += Second;
        to.Now += Second;
        byte[] packet = from.Send()[0];
        Assert.Equal(expected, to.Hear(packet));
        return packet;
    }
}
