using System;
using System.Collections.Generic;
using System.IO;
using Xunit;

namespace Vrrpd.Core.Tests.Scenarios;

/// <summary>Every file of tests/scenarios is a test. See <see cref="Scenario"/> for the grammar.</summary>
public class ScenarioTests
{
    public static IEnumerable<object[]> Files()
    {
        foreach (string file in Directory.GetFiles(Folder(), "*.scn"))
        {
            yield return [Path.GetFileName(file)];
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_same_events_have_the_same_effects_in_the_same_order(string file)
    {
        string path = Path.Combine(Folder(), file);
        Scenario scenario = new(file, File.ReadAllLines(path));
        scenario.Run();
        if (Environment.GetEnvironmentVariable("VRRPD_UPDATE_SCENARIOS") == "1")
        {
            File.WriteAllText(path, scenario.Rewritten);
            return;
        }

        Assert.NotEmpty(scenario.Expected);
        Assert.Equal(scenario.Expected, scenario.Actual);
    }

    [Fact]
    public void A_replay_gives_the_file_back_to_the_letter()
    {
        foreach (object[] file in Files())
        {
            string path = Path.Combine(Folder(), (string)file[0]);
            Scenario scenario = new(path, File.ReadAllLines(path));
            scenario.Run();
            Assert.Equal(File.ReadAllText(path), scenario.Rewritten);
        }
    }

    private static string Folder() => Path.Combine(Repository.Root, "tests", "scenarios");
}
