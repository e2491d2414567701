using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests.Interop;

/// <summary>Alone on the machine: the matrix keeps it busy enough by itself.</summary>
[CollectionDefinition(nameof(Matrix), DisableParallelization = true)]
public sealed class MatrixCollection : ICollectionFixture<Matrix>;

/// <summary>vrrpd with itself, with keepalived and with FRR, in every way that they can speak; tshark judges every frame.</summary>
[Collection(nameof(Matrix))]
public sealed class InteropTests(Matrix matrix, ITestOutputHelper output)
{
    /// <summary>The names of the cells.</summary>
    public static TheoryData<string> Cells
    {
        get
        {
            TheoryData<string> names = [];
            foreach (Cell cell in Matrix.Cells())
            {
                names.Add(cell.ToString());
            }

            return names;
        }
    }

    [NetnsTheory]
    [MemberData(nameof(Cells))]
    public void Both_take_over_from_each_other_and_tshark_finds_nothing_wrong(string cell)
    {
        Outcome outcome = matrix.Of(cell);
        output.WriteLine(outcome.IsGreen ? outcome.Story.Split('\n')[^2] : outcome.Story);
        Assert.True(outcome.IsGreen, string.Join('\n', outcome.Faults.Take(20)));
    }
}
