using System;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;
using static Vrrpd.Core.Tests.Conformance.Speech;

namespace Vrrpd.Core.Tests.Conformance;

/// <summary>Skew_Time and Active_Down_Interval in numbers (RFC 3768 and RFC 9568, 6.1): to the microsecond, no centisecond is cut off.</summary>
public class TimerTests
{
    [Theory]
    [InlineData("v2 IPv4", 100, 1.0, 3.609375)]
    [InlineData("v2 IPv4", 254, 1.0, 3.0078125)]
    [InlineData("v2 IPv4", 1, 1.0, 3.99609375)]
    [InlineData("v2 IPv4", 100, 2.0, 6.609375)]
    [InlineData("v3 IPv4", 100, 1.0, 3.609375)]
    [InlineData("v3 IPv4", 100, 0.5, 1.8046875)]
    [InlineData("v3 IPv4", 254, 1.0, 3.0078125)]
    [InlineData("v3 IPv4", 1, 1.0, 3.99609375)]
    [InlineData("v3 IPv6", 100, 0.01, 0.0360937)]
    [InlineData("v3 IPv6", 101, 0.01, 0.0360546)]
    [InlineData("v3 IPv6", 100, 40.95, 147.80390625)]
    public void A_backup_waits_three_intervals_and_its_skew(string name, int priority, double interval, double expected)
    {
        Speech speech = Of(name);
        string config = speech.Config(priority).Replace(
            FormattableString.Invariant($"advert_int {speech.Interval.TotalSeconds}"), FormattableString.Invariant($"advert_int {interval}"),
            StringComparison.Ordinal);
        Stage stage = Stage.Started(speech, config);
        Assert.Equal((long)Math.Floor((expected * TimeSpan.TicksPerSecond) + 0.001), stage.Wait.Ticks);
    }

    [Theory]
    [MemberData(nameof(OfVersion3), MemberType = typeof(Speech))]
    public void A_learnt_interval_stretches_the_skew_as_well(string name)
    {
        Stage stage = Stage.AsBackup(Of(name));
        stage.Hear(new Words(stage.Speech) { Interval = TimeSpan.FromSeconds(2) });
        Assert.Equal(7.21875, stage.Wait.TotalSeconds);
    }

    [Theory]
    [InlineData(1, 1.609375)]
    [InlineData(3, 3.609375)]
    [InlineData(10, 10.609375)]
    public void Down_timer_adverts_says_how_many_may_be_missed(int adverts, double expected)
    {
        Stage stage = Stage.AsBackup(Of("v2 IPv4"), FormattableString.Invariant($"down_timer_adverts {adverts}"));
        stage.Hear(new Words(stage.Speech));
        Assert.Equal(expected, stage.Wait.TotalSeconds);
    }

    [Fact]
    public void A_priority_that_changes_moves_the_running_timer_by_the_difference_in_skew_only()
    {
        const string Script = "vrrp_script one {\nscript \"/bin/true\"\ninterval 1\nweight -64\nrise 1\nfall 1\n}\n";
        Speech speech = Of("v2 IPv4");
        Stage stage = Stage.Started(speech, Script + speech.Config(more: "track_script {\none\n}"));
        stage.Tell(HostEvent.ScriptExited(0, 0));
        stage.Hear(new Words(speech));
        stage.Pass(1);
        Instant before = stage.Router.Deadline;
        stage.Tell(HostEvent.ScriptExited(0, 1));
        Assert.Equal(Priority - 64, stage.Router.Priority);
        Assert.Equal(0.25, (stage.Router.Deadline - before).TotalSeconds);
    }

    [Fact]
    public void One_id_in_both_families_is_two_virtual_routers()
    {
        Speech four = Of("v3 IPv4"), six = Of("v3 IPv6");
        Stage stage = Stage.Started(four, four.Instance("VI_4", 51) + six.Instance("VI_6", 51));
        stage.Tell(HostEvent.AddressAdded(0, Stage.Ip("fe80::5"), 64));
        Assert.Equal((RouterState.Backup, RouterState.Backup), (stage[0].State, stage[1].State));
        stage.Pass(0.25);
        Instant other = stage[1].Deadline;
        Assert.Equal(WireError.None, stage.Hear(new Words(four)));
        Assert.Equal(four.Down(Priority, four.Interval), stage[0].Deadline - stage.Now);
        Assert.Equal(other, stage[1].Deadline);
        Assert.Equal(0, stage[1].Stats.AdvertsReceived);
    }
}
