using System.Collections.Generic;
using System.Text.Json;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config.Check;

/// <summary>`vrrpd diff --json` tells what the comparison tells.</summary>
public class DiffJsonTests
{
    [Fact]
    public void Every_entry_is_there_with_its_kind_changes_and_consequence()
    {
        DaemonConfig old = Config(LintCases.In("priority 100") + ConfigSource.Instance("", "Gone", 7) + "global_defs {\nrouter_id a\n}\n");
        DaemonConfig next = Config(LintCases.In("priority 120") + ConfigSource.Instance("", "New", 8) + "global_defs {\nrouter_id b\n}\n");
        ConfigDiff diff = ConfigDiff.Compare(old, next);
        using JsonDocument json = JsonDocument.Parse(DiffJson.Render(diff, "old.conf", "new.conf"));
        JsonElement root = json.RootElement;
        Assert.Equal((1, "old.conf", "new.conf", false), (root.GetProperty("version").GetInt32(), root.GetProperty("old").GetString(),
            root.GetProperty("new").GetString(), root.GetProperty("same").GetBoolean()));
        Assert.Equal(diff.Globals.Length, root.GetProperty("globals").GetArrayLength());
        List<string> found = [];
        foreach (JsonElement entry in root.GetProperty("instances").EnumerateArray())
        {
            Assert.NotEqual("", entry.GetProperty("consequence").GetString());
            found.Add($"{entry.GetProperty("name").GetString()} {entry.GetProperty("kind").GetString()} {entry.GetProperty("changes").GetArrayLength()}");
        }

        Assert.Contains("A changed 1", found);
        Assert.Contains(found, entry => entry.StartsWith("New added", System.StringComparison.Ordinal));
        Assert.Contains(found, entry => entry.StartsWith("Gone removed", System.StringComparison.Ordinal));
        Assert.Equal(diff.Instances.Length, found.Count);
    }

    [Fact]
    public void Nothing_changed_is_the_same()
    {
        DaemonConfig config = Config(LintCases.In("priority 100"));
        using JsonDocument json = JsonDocument.Parse(DiffJson.Render(ConfigDiff.Compare(config, config), "a", "b"));
        Assert.True(json.RootElement.GetProperty("same").GetBoolean());
        Assert.Equal(0, json.RootElement.GetProperty("scripts").GetArrayLength());
    }

    private static DaemonConfig Config(string text) => ConfigSource.Parse(text).Config!;
}
