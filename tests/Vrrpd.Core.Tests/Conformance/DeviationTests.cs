using System;
using System.Linq;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;
using static Vrrpd.Core.Tests.Conformance.Speech;

namespace Vrrpd.Core.Tests.Conformance;

/// <summary>Where keepalived 2.4.3 is wrong and we are not: a test for each of the numbers in docs/conformance.md.</summary>
public class DeviationTests
{
    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Deviation_01_a_flood_of_refused_packets_does_not_silence_a_master(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsMaster(speech);
        Words[] junk =
        [
            new(speech) { Priority = 255, Spoil = 1 }, new(speech) { Priority = 255, Version = 5 - speech.Version }, new(speech) { Priority = 255, Type = 7 },
            new(speech) { Priority = 0, Cut = 1 },
        ];
        int adverts = 0;
        Instant start = stage.Now, end = start + speech.Interval * 20;
        for (int i = 0; stage.Now < end; i++)
        {
            Assert.NotEqual(WireError.None, stage.Hear(junk[i % junk.Length]));
            stage.Pass(0.0078125);
            adverts += stage.Did.Length;
        }

        Assert.Equal(20 * speech.Destinations.Length, adverts);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Deviation_01_nor_does_it_keep_a_backup_from_taking_over_in_time(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech);
        Instant due = stage.Router.Deadline;
        while (stage.Now + TimeSpan.FromMilliseconds(200) < due)
        {
            Assert.NotEqual(WireError.None, stage.Hear(new Words(speech) { Priority = 255, Spoil = 1 }));
            stage.Pass(0.2);
        }

        Assert.Equal(due, stage.Router.Deadline);
        stage.PassToDeadline();
        Assert.Equal(RouterState.Master, stage.Router.State);
    }

    [Theory]
    [InlineData("v3 IPv4", "v3_checksum_as_v2")]
    [InlineData("v3 IPv4 unicast", "v3_checksum_as_v2")]
    [InlineData("v3 IPv4 unicast", "old_unicast_checksum")]
    public void Deviation_02_whatever_form_of_checksum_is_sent_what_is_received_is_verified(string name, string more)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech, more);
        (RouterState, Instant, Instant, TimeSpan, Ip, byte, byte, long) before = stage.Clockwork;
        foreach (string sum in new[] { "", "none", "group" })
        {
            foreach (int spoil in new[] { 1, 0x0100, 0x1234 })
            {
                Assert.Equal(WireError.BadChecksum, stage.Hear(new Words(speech) { Sum = sum, Spoil = spoil }));
            }
        }

        Assert.Equal(before, stage.Clockwork);
        Assert.Equal(WireError.None, stage.Hear(new Words(speech)));
        Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Sum = "none" }));
    }

    [Theory]
    [MemberData(nameof(OfVersion3), MemberType = typeof(Speech))]
    public void Deviation_03_an_interval_of_0_makes_nobody_master(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(WireError.ZeroInterval, stage.Hear(new Words(speech) { Interval = TimeSpan.Zero }));
        }

        Assert.Equal((RouterState.Backup, speech.Interval), (stage.Router.State, stage.Router.MasterInterval));
        Assert.Empty(stage.Did);
    }

    [Theory]
    [MemberData(nameof(OfVersion3), MemberType = typeof(Speech))]
    public void Deviation_04_an_advert_without_address_is_none(string name)
    {
        Speech speech = Of(name);
        foreach (Stage stage in new[] { Stage.AsBackup(speech), Stage.AsMaster(speech) })
        {
            (RouterState, Instant, Instant, TimeSpan, Ip, byte, byte, long) before = stage.Clockwork;
            Assert.Equal(WireError.NoAddresses, stage.Hear(new Words(speech) { Priority = 255, Addresses = [] }));
            Assert.Equal(before, stage.Clockwork);
        }
    }

    [Theory]
    [InlineData("v3 IPv4")]
    [InlineData("v3 IPv4 unicast")]
    public void Deviation_05_a_checksum_of_the_message_only_is_good_without_a_word_in_the_configuration_and_said_once(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(WireError.None, stage.Hear(new Words(speech) { Sum = "none" }));
            Assert.Equal(speech.Down(Priority, speech.Interval), stage.Wait);
            stage.Pass(0.25);
        }

        Assert.Single(stage.Said, static said => said == LogEvent.ChecksumUnusual);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Deviation_06_an_owner_with_state_BACKUP_is_master_at_once(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.Started(speech, speech.Config(255, state: "BACKUP"));
        Assert.Equal(RouterState.Master, stage.Router.State);
        Assert.Equal(speech.Interval, stage.Wait);
    }

    [Fact]
    public void Deviation_07_a_fault_that_ends_does_not_end_another()
    {
        Speech speech = Of("v2 IPv4");
        string scripts = Script("one") + Script("two");
        Stage stage = Stage.Started(speech, scripts + speech.Config(more: "track_script {\none\ntwo\n}"));
        Exit(stage, one: 0, two: 0);
        Assert.Equal(RouterState.Backup, stage.Router.State);

        stage.LinkDown();
        stage.Pass(1);
        Exit(stage, one: 1, two: 1);
        stage.LinkUp();
        Assert.Equal(RouterState.Initialize, stage.Router.State);
        stage.Pass(1);
        Exit(stage, one: 0, two: 1);
        Assert.Equal(RouterState.Initialize, stage.Router.State);
        for (int i = 0; i < 10; i++)
        {
            stage.Pass(1);
            Exit(stage, one: 0, two: 1);
            Assert.Equal(RouterState.Initialize, stage.Router.State);
        }

        stage.Pass(1);
        Exit(stage, one: 0, two: 0);
        Assert.Equal(RouterState.Backup, stage.Router.State);
        Assert.Equal(speech.Down(Priority, speech.Interval), stage.Wait);
    }

    [Fact]
    public void Deviation_07_nor_at_the_start_when_everything_is_wrong()
    {
        Speech speech = Of("v2 IPv4");
        Stage stage = new(speech, Script("one") + speech.Config(more: "track_script {\none\n}"));
        stage.LinkDown();
        stage.Tell(HostEvent.HostKnown());
        stage.Tell(HostEvent.ScriptExited(0, 1));
        stage.LinkUp();
        Assert.Equal(RouterState.Initialize, stage.Router.State);
        stage.Tell(HostEvent.AddressAdded(0, Stage.Ip("10.0.0.5"), 24));
        Assert.Equal(RouterState.Initialize, stage.Router.State);
        stage.Pass(1);
        stage.Tell(HostEvent.ScriptExited(0, 0));
        Assert.Equal(RouterState.Backup, stage.Router.State);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Deviation_08_a_master_that_comes_into_a_fault_says_priority_0_once(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsMaster(speech);
        stage.Tell(HostEvent.Failed(new Effect(EffectKind.AddAddress, 0) { Address = Stage.Ip(speech.Addresses[0]) }, 13));
        Assert.Equal([.. stage.Adverts(0), .. stage.Each("remove")], stage.Did);
        Assert.Equal(RouterState.Initialize, stage.Router.State);
        stage.Stop();
        Assert.DoesNotContain(stage.Did, static did => did.StartsWith("advert", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Deviation_08_a_backup_that_comes_into_a_fault_says_nothing_and_waits_anew_afterwards(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech, interval: speech.Other);
        stage.LinkDown();
        Assert.Equal((RouterState.Initialize, Instant.Never), (stage.Router.State, stage.Router.Deadline));
        stage.Pass(60);
        Assert.Empty(stage.Did);
        stage.LinkUp();
        Assert.Equal(RouterState.Backup, stage.Router.State);
        Assert.Equal(speech.Down(Priority, speech.Interval), stage.Wait);
    }

    [Theory]
    [MemberData(nameof(OfVersion3), MemberType = typeof(Speech))]
    public void Deviation_09_a_member_that_its_group_makes_backup_waits_by_its_own_interval(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.Started(
            speech, speech.Instance("VI_1", 51) + speech.Instance("VI_2", 52) + "vrrp_sync_group VG_1 {\ngroup {\nVI_1\nVI_2\n}\n}\n");

        // Both learn a long interval from a master that goes.
        stage.Hear(new Words(speech) { Interval = TimeSpan.FromSeconds(4) });
        stage.Hear(new Words(speech) { Interval = TimeSpan.FromSeconds(4), Vrid = 52 });
        stage.Pass(30);
        Assert.Equal((RouterState.Master, RouterState.Master), (stage[0].State, stage[1].State));

        stage.Hear(new Words(speech) { Priority = 255, Interval = speech.Other });
        Assert.Equal((RouterState.Backup, RouterState.Backup), (stage[0].State, stage[1].State));
        Assert.Equal(speech.Down(Priority, speech.Other), stage[0].Deadline - stage.Now);
        Assert.Equal(speech.Down(Priority, speech.Interval), stage[1].Deadline - stage.Now);
    }

    [Theory]
    [MemberData(nameof(OfVersion3), MemberType = typeof(Speech))]
    public void Deviation_09_nor_does_a_master_that_loses_its_address_remember_what_it_learnt_before(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech, interval: speech.Other);
        stage.PassToDeadline();
        Assert.Equal(speech.Interval, stage.Router.MasterInterval);
        (Ip address, byte prefix) = (stage.Config.Routers[0].Addresses[0].Address, stage.Config.Routers[0].Addresses[0].PrefixLength);
        stage.Tell(HostEvent.AddressAdded(0, address, prefix));
        stage.Forget();
        stage.Tell(HostEvent.AddressRemoved(0, address, prefix));
        Assert.Equal([.. stage.Adverts(0), .. stage.Each("remove")], stage.Did);
        Assert.Equal((RouterState.Backup, speech.Skew(Priority, speech.Interval)), (stage.Router.State, stage.Wait));
    }

    [Theory]
    [InlineData("v3 IPv6")]
    [InlineData("v3 IPv6 unicast")]
    public void Deviation_10_whoever_holds_a_virtual_address_says_that_it_is_a_router_whether_it_forwards_or_not(string name)
    {
        Speech speech = Of(name);
        Stage stage = Stage.AsBackup(speech);
        stage.PassToDeadline();

        // The flags R and O, and not S, are asked of every announcement that is looked at.
        Assert.Equal(stage.Each("announce"), stage.Did.Where(static did => did.StartsWith("announce", StringComparison.Ordinal)));
    }

    private static string Script(string name) => $"vrrp_script {name} {{\nscript \"/bin/true\"\ninterval 1\nrise 1\nfall 1\n}}\n";

    private static void Exit(Stage stage, int one, int two)
    {
        stage.Tell(HostEvent.ScriptExited(0, one));
        stage.Tell(HostEvent.ScriptExited(1, two));
    }
}
