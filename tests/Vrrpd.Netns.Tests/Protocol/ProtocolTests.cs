using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests.Protocol;

/// <summary>The protocol as others see it, on the published binary, in VRRPv2 and in VRRPv3 over both families.</summary>
[Collection(nameof(Playbill))]
public sealed class ProtocolTests(Playbill bill, ITestOutputHelper output)
{
    /// <summary>The rows of the state machine.</summary>
    public static TheoryData<string, string> Rows => Playbill.Names(typeof(RowScenes));

    /// <summary>Wrong packets.</summary>
    public static TheoryData<string, string> Noise => Playbill.Names(typeof(NoiseScenes));

    [VrrpdTheory]
    [MemberData(nameof(Rows))]
    public void Every_row_of_the_state_machine_is_kept(string row, string speech)
    {
        bill.Judge(row, speech, output);
    }

    [VrrpdTheory]
    [MemberData(nameof(Noise))]
    public void Whoever_only_makes_noise_changes_nothing(string scene, string speech)
    {
        bill.Judge(scene, speech, output);
    }
}
