using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config.Check;

/// <summary>show-config: what counts, where it comes from, and that it is a configuration that means the same.</summary>
public class ShowConfigTests
{
    public static TheoryData<string> Files()
    {
        TheoryData<string> files = [];
        foreach (string folder in (string[])["tests/configs", "tests/corpus", "tests/check", "fuzz/corpus/config", "demo"])
        {
            string path = Path.Combine(Repository.Root, folder);
            foreach (string file in Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : [])
            {
                if (file.EndsWith(".conf", StringComparison.Ordinal) || folder.StartsWith("fuzz", StringComparison.Ordinal))
                {
                    files.Add(Path.GetRelativePath(Repository.Root, file));
                }
            }
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_it_shows_means_what_was_read(string file)
    {
        string path = Path.Combine(Repository.Root, file);
        ConfigStudy first = ConfigStudy.Of(File.ReadAllBytes(path), path, Read);
        string shown = ShowConfig.Text(first, showsSecrets: true);
        ConfigStudy second = ConfigStudy.Of(ConfigText.Encode(shown), path, Read);
        Assert.Equal(Model(first), Model(second));
        Assert.Equal(Flat(first), Flat(second));

        static ReadOnlyMemory<byte>? Read(string name) => File.Exists(name) ? File.ReadAllBytes(name) : null;
    }

    [Fact]
    public void Each_value_says_where_it_comes_from()
    {
        string text = Show("""
            vrrp_instance V {
              virtual_router_id 5
              interface eth0
              priority 90
              priority 120
              virtual_ipaddress { 10.0.0.1/24 }
            }
            global_defs {
              vrrp_garp_master_delay 7
            }
            """);
        Assert.Contains("\n    priority 120                                # f.conf:5\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("priority 90", text, StringComparison.Ordinal);
        Assert.Contains("\n    advert_int 1                                # default\n", text, StringComparison.Ordinal);
        Assert.Contains("\n    garp_master_delay 7                         # from vrrp_garp_master_delay, f.conf:9\n", text, StringComparison.Ordinal);
        Assert.Contains("\n    vrrp_garp_master_delay 7                    # f.conf:9\n", text, StringComparison.Ordinal);
        Assert.Contains("\n    vrrp_garp_lower_prio_delay 7                # from vrrp_garp_master_delay, f.conf:9\n", text, StringComparison.Ordinal);
        Assert.Contains("\n        10.0.0.1/24                             # f.conf:6\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state MASTER", "priority 255", "# default, because of state MASTER")]
    [InlineData("state BACKUP", "priority 100", "# default")]
    [InlineData("virtual_ipaddress {\n2001:db8::1\n}", "version 3", "# default, because of IPv6 addresses")]
    [InlineData("virtual_ipaddress {\n10.0.0.1\n}", "version 2", "# default")]
    public void A_default_that_depends_on_something_says_on_what(string line, string value, string origin)
    {
        Assert.Contains($"    {value.PadRight(44)}{origin}\n", Show(LintCases.In(line)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_rejected_or_comes_too_late_is_left_out()
    {
        string text = Show(LintCases.In("priority 300", "junk 5") + LintCases.In("priority 7"));
        Assert.Contains("priority 100 ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("junk", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("vrrp_instance A").Length);
    }

    /// <summary>The daemon falls back to 100 and not to what stands above.</summary>
    [Theory]
    [InlineData("priority 90", "priority t")]
    [InlineData("state MASTER", "priority 300")]
    public void A_priority_that_cannot_be_used_counts_as_the_default(string first, string second)
    {
        string text = LintCases.In(first, second);
        Assert.Equal(100, Study(text).Result.Config!.Routers[0].Priority);
        string shown = Show(text);
        Assert.Contains("    priority 100 ", shown, StringComparison.Ordinal);
        Assert.Contains("# default, because of a priority that cannot be used\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("priority 90", shown, StringComparison.Ordinal);
        Assert.Equal(100, Study(shown).Result.Config!.Routers[0].Priority);
    }

    [Fact]
    public void A_script_with_a_user_that_cannot_be_one_is_left_out()
    {
        string tracked = LintCases.In("track_script {", "s", "}");
        string good = tracked + "vrrp_script s {\nscript /bin/true\nuser root\n}\n", bad = good.Replace("user", "user a b c\nuser", StringComparison.Ordinal);
        Assert.Single(Study(good).Result.Config!.Scripts);
        Assert.Contains("vrrp_script", Show(good), StringComparison.Ordinal);
        Assert.Empty(Study(bad).Result.Config!.Scripts);
        Assert.DoesNotContain("vrrp_script", Show(bad), StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_line_without_a_command_leaves_the_one_above_it()
    {
        string text = LintCases.In("track_script {", "s", "}") + "vrrp_script s {\nscript /bin/true\nscript\n}\n";
        Assert.Equal(["/bin/true"], Study(text).Result.Config!.Scripts[0].Command);
        Assert.Equal(["/bin/true"], Study(Show(text)).Result.Config!.Scripts[0].Command);
    }

    [Fact]
    public void A_secret_with_blanks_and_without_quotes_is_masked_as_a_whole()
    {
        ConfigStudy study = Study(LintCases.In("authentication {", "auth_type PASS", "auth_pass hunter two three", "}", "auth_hmac {", "key 3 four five", "}"));
        string text = ShowConfig.Text(study, showsSecrets: false) + ShowConfig.Json(study, "f.conf", showsSecrets: false);
        Assert.All((string[])["hunter", "two", "three", "four", "five"], word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
    }

    /// <summary>The searches for comments, braces and words see quotes and backslashes each in its own way.</summary>
    [Theory]
    [InlineData("vrrp_script \"\\\"\n{\nscript /bin/true\n}\n", "\nvrrp_script \"\\\"\n{\n")]
    [InlineData("vrrp_script s {\nscript '\"'\n}\n", "\n    # f.conf:2\n    script '\"'\n")]
    [InlineData("global_defs { router_id \\ }\n", "\n    # f.conf:1\n    router_id \"\\\"\n")]
    [InlineData("global_defs {\nrouter_id\"\\\"{\n}\n", "\n    # f.conf:2\n    router_id \"\\\"{\n")]
    public void A_word_that_confuses_the_reader_is_written_in_the_way_that_it_takes(string text, string shown)
    {
        Assert.Contains(shown, Show(text), StringComparison.Ordinal);
        Assert.Equal(Flat(Study(text)), Flat(Study(Show(text))));
    }

    [Fact]
    public void A_word_that_no_line_can_mean_is_said_in_a_comment()
    {
        // At the end of a line the blank before the backslash goes away, and a command takes the quote behind it for escaped.
        string text = Show("vrrp_script s { script \\ }\nglobal_defs {\nvrrp_garp_master_delay 7\n}\n");
        Assert.Contains("    # cannot be written: script \\ (f.conf:1)\n", text, StringComparison.Ordinal);
        Assert.Contains("    vrrp_garp_master_delay 7 ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_way_through_many_variables_does_not_become_a_line_of_its_own()
    {
        StringBuilder text = new("$V0=lb\n");
        for (int i = 1; i < 60; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"$VARIABLE_NUMBER_{i}=$V0\n");
        }

        text.Append("global_defs {\nrouter_id ");
        for (int i = 1; i < 60; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"$VARIABLE_NUMBER_{i}");
        }

        string shown = Show(text.Append("\n}\n").ToString());
        Assert.All(shown.Split('\n'), line => Assert.True(line.Length <= 1023));
        Assert.Equal(Flat(Study(text.ToString())), Flat(Study(shown)));
    }

    [Fact]
    public void Secrets_are_masked_unless_they_are_asked_for()
    {
        ConfigStudy study = Study(LintCases.In("authentication {", "auth_type PASS", "auth_pass hunter2", "}", "auth_hmac {", "key 3 hunter2", "}"));
        string text = ShowConfig.Text(study, showsSecrets: false), json = ShowConfig.Json(study, "f.conf", showsSecrets: false);
        Assert.DoesNotContain("hunter2", text + json, StringComparison.Ordinal);
        Assert.Contains("auth_pass ******** ", text, StringComparison.Ordinal);
        Assert.Contains("key 3 ******** ", text, StringComparison.Ordinal);
        Assert.Equal(3, ShowConfig.Text(study, showsSecrets: true).Split("hunter2").Length);
    }

    [Theory]
    [InlineData("router_id a\\#b", "router_id a\\#b ")]
    [InlineData("router_id \"a b#c\" # d", "router_id \"a b#c\" ")]
    [InlineData("router_id \"\"", "router_id \"\" ")]
    [InlineData("router_id a'b", "router_id a'b ")]
    public void Words_keep_the_quotes_that_they_need(string line, string shown)
    {
        Assert.Contains("    " + shown, Show($"global_defs {{\n{line}\n}}\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_has_the_same_values_and_origins()
    {
        string json = ShowConfig.Json(Study(LintCases.In("state MASTER", "virtual_ipaddress {", "10.0.0.1 dev eth1", "}")), "f.conf", showsSecrets: false);
        using JsonDocument read = JsonDocument.Parse(json);
        Assert.Equal(1, read.RootElement.GetProperty("version").GetInt32());
        JsonElement instance = read.RootElement.GetProperty("configuration")[1];
        Assert.Equal("vrrp_instance", instance.GetProperty("keyword").GetString());
        Assert.Equal("A", instance.GetProperty("arguments")[0].GetString());
        List<string> found = [];
        foreach (JsonElement child in instance.GetProperty("children").EnumerateArray())
        {
            string from = child.TryGetProperty("from", out JsonElement because) ? " from " + because.GetString() : "";
            string line = child.TryGetProperty("line", out JsonElement number) ? $" line {number.GetInt32()}" : "";
            found.Add($"{child.GetProperty("keyword").GetString()} {child.GetProperty("source").GetString()}{line}{from}");
            if (child.TryGetProperty("children", out JsonElement lines))
            {
                Assert.Equal(["10.0.0.1", "dev", "eth1"], Words(lines[0].GetProperty("words")));
            }
        }

        Assert.Contains("state file line 4", found);
        Assert.Contains("priority default from state MASTER", found);
        Assert.Contains("advert_int default", found);
    }

    private static string[] Words(JsonElement array)
    {
        List<string> words = [];
        foreach (JsonElement word in array.EnumerateArray())
        {
            words.Add(word.GetString()!);
        }

        return words.ToArray();
    }

    private static ConfigStudy Study(string text) => ConfigStudy.Of(Encoding.UTF8.GetBytes(text), "f.conf");

    private static string Show(string text) => ShowConfig.Text(Study(text), showsSecrets: true);

    /// <summary>The values that are shown, without where they come from.</summary>
    private static List<string> Flat(ConfigStudy study)
    {
        List<string> lines = [];
        void Add(EffectiveNode node, string indent)
        {
            lines.Add($"{indent}{node.Keyword}[{string.Join("][", node.Meant)}]");
            node.Children.ForEach(child => Add(child, indent + " "));
        }

        EffectiveConfig.Of(study.Root, showsSecrets: true).ForEach(node => Add(node, ""));
        return lines;
    }

    /// <summary>Every value of the bound model but the places of its words.</summary>
    private static List<string> Model(ConfigStudy study)
    {
        List<string> lines = [];
        void Add(string name, object? value)
        {
            switch (value)
            {
                case null or SourceSpan or SourceSpan[]:
                    break;
                case string or IFormattable or bool:
                    lines.Add($"{name}={Convert.ToString(value, CultureInfo.InvariantCulture)}");
                    break;
                case IEnumerable many:
                    int i = 0;
                    foreach (object? one in many)
                    {
                        Add($"{name}[{i++}]", one);
                    }

                    break;
                default:
                    foreach (PropertyInfo property in value.GetType().GetProperties())
                    {
                        if (property.GetIndexParameters().Length == 0 && property.Name != "EqualityContract")
                        {
                            Add($"{name}.{property.Name}", property.GetValue(value));
                        }
                    }

                    break;
            }
        }

        Add("", study.Result.Config);
        return lines;
    }
}
