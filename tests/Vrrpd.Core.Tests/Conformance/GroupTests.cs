using System;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;
using static Vrrpd.Core.Tests.Conformance.Speech;

namespace Vrrpd.Core.Tests.Conformance;

/// <summary>What keepalived adds to the state machine, as docs/conformance.md has it: sync groups move together.</summary>
public class GroupTests
{
    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Group_1_nobody_is_master_before_all_could_be(string name)
    {
        Stage stage = Pair(Of(name));
        Words master = new(stage.Speech) { Vrid = 52 };
        for (int i = 0; i < 20; i++)
        {
            stage.Hear(master);
            stage.Pass(stage.Speech.Interval);
        }

        Assert.Equal((RouterState.Backup, RouterState.Backup), (stage[0].State, stage[1].State));
        Assert.Empty(stage.Did);

        // The second member's master is gone, too.
        stage.Pass(stage.Speech.Down(Priority, stage.Speech.Interval));
        Assert.Equal((RouterState.Master, RouterState.Master), (stage[0].State, stage[1].State));
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Group_2_all_yield_together_and_only_to_what_the_one_has_heard(string name)
    {
        Stage stage = Masters(Of(name));
        Assert.Equal(WireError.None, stage.Hear(new Words(stage.Speech)));
        Assert.Equal((RouterState.Backup, RouterState.Backup), (stage[0].State, stage[1].State));
        Assert.Equal([.. stage.Each("remove"), .. stage.Each("remove")], stage.Did);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Group_3_a_fault_of_one_is_a_fault_of_all_and_each_says_priority_0_once(string name)
    {
        Stage stage = Masters(Of(name));
        Ip address = Stage.Ip(stage.Speech.Addresses[0]);
        stage.Tell(HostEvent.Failed(new Effect(EffectKind.AddAddress, 1) { Address = address }, 13));
        Assert.Equal((RouterState.Initialize, RouterState.Initialize), (stage[0].State, stage[1].State));
        string[] farewell = [.. stage.Adverts(0), .. stage.Each("remove")];
        Assert.Equal([.. farewell, .. farewell], stage.Did);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Speech))]
    public void Group_4_a_fault_of_a_backup_says_nothing_and_all_return_together(string name)
    {
        Stage stage = Pair(Of(name));
        stage.Tell(HostEvent.LinkGone(0));
        stage.Pass(30);
        Assert.Equal((RouterState.Initialize, RouterState.Initialize), (stage[0].State, stage[1].State));
        stage.Forget();
        stage.LinkUp();
        stage.Tell(HostEvent.AddressAdded(0, Stage.Ip(stage.Speech.Host(Own)), stage.Speech.IsV6 ? (byte)64 : (byte)24));
        Assert.Equal((RouterState.Backup, RouterState.Backup), (stage[0].State, stage[1].State));
        Assert.DoesNotContain(stage.Did, static did => did.StartsWith("advert", StringComparison.Ordinal));
        TimeSpan down = stage.Speech.Down(Priority, stage.Speech.Interval);
        Assert.Equal((down, down), (stage[0].Deadline - stage.Now, stage[1].Deadline - stage.Now));
    }

    private static Stage Pair(Speech speech)
    {
        Stage stage = Stage.Started(
            speech, speech.Instance("VI_1", 51) + speech.Instance("VI_2", 52) + "vrrp_sync_group VG_1 {\ngroup {\nVI_1\nVI_2\n}\n}\n");
        Assert.Equal((RouterState.Backup, RouterState.Backup), (stage[0].State, stage[1].State));
        stage.Forget();
        return stage;
    }

    private static Stage Masters(Speech speech)
    {
        Stage stage = Pair(speech);
        stage.Pass(speech.Down(Priority, speech.Interval) * 2);
        Assert.Equal((RouterState.Master, RouterState.Master), (stage[0].State, stage[1].State));
        stage.Forget();
        return stage;
    }
}
