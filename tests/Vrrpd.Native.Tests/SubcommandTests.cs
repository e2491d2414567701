using System;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using Xunit;
using Child = System.Diagnostics.Process;

namespace Vrrpd.Native.Tests;

/// <summary>The subcommands of the published binary, from outside.</summary>
public sealed class SubcommandTests : IDisposable
{
    private const string Good = "vrrp_instance V {\n  interface lo9\n  virtual_router_id 5\n  virtual_ipaddress {\n    10.0.0.1\n  }\n}\n";

    private readonly string _directory = Directory.CreateTempSubdirectory("vrrpd-subcommand").FullName;

    public void Dispose() => Directory.Delete(_directory, true);

    [Theory]
    [InlineData("check --offline DIR/good", 0, "DIR/good:1:15: note: ")]
    [InlineData("check --offline --strict -f DIR/good", 0, "DIR/good:1:15: note: ")]
    [InlineData("check DIR/good", 2, "DIR/good:1:15: note: ")]
    [InlineData("check -f DIR/junk", 0, "DIR/junk:1:1: warning: Unknown keyword 'junk' [unknown-keyword]\n 1 | junk\n   | ^~~~\n")]
    [InlineData("check --strict -f DIR/junk", 2, "DIR/junk:1:1: error: Unknown keyword 'junk'")]
    [InlineData("check --color=always DIR/junk", 0, "\u001b[1mDIR/junk:1:1: \u001b[0m\u001b[1;35mwarning: ")]
    [InlineData("check DIR/none", 6, "DIR/none: error: Config files missing 'DIR/none'. [file-unreadable]\n")]
    [InlineData("check DIR", 6, "DIR: error: Configuration file 'DIR' is a directory - skipping")]
    [InlineData("check --help", 0, "Usage: vrrpd check [OPTION...] [FILE]\n")]
    [InlineData("check --nonsense", 64, "")]
    [InlineData("show-config DIR/good", 0, "global_defs { ")]
    [InlineData("show-config --json -f DIR/good", 0, "{\n  \"version\": 1,\n  \"file\": \"DIR/good\",\n")]
    [InlineData("show-config DIR/bad", 2, "global_defs { ")]
    [InlineData("show-config DIR/none", 6, "")]
    [InlineData("diff DIR/good DIR/good", 0, "unchanged: 1 instance\n")]
    [InlineData("diff DIR/good DIR/renamed", 1, "vrrp_instance W (lo9, VRID 5): renamed, was V\n")]
    [InlineData("diff --json DIR/good DIR/renamed", 1, "{\n  \"version\": 1,\n")]
    [InlineData("diff DIR/good DIR/unnamed", 2, "")]
    [InlineData("diff DIR/none DIR/good", 2, "")]
    [InlineData("diff DIR/good", 64, "")]
    [InlineData("diff --help", 0, "Usage: vrrpd diff [OPTION...] OLD NEW\n")]
    [InlineData("explain", 0, "Blocks of the configuration")]
    [InlineData("explain vrrp_instance.priority", 0, "priority 1..255\n")]
    [InlineData("explain vrrp_instance priority", 0, "priority 1..255\n")]
    [InlineData("explain nopreempt-ignored", 0, "nopreempt-ignored: ")]
    [InlineData("explain prioritty", 1, "")]
    public void Statuses_and_first_words(string words, int status, string start)
    {
        Write("good", Good);
        Write("junk", "junk\n");
        Write("bad", Good + "vrrp_instance W {\n  priority 300\n}\n");
        Write("unnamed", "vrrp_instance V {\n  interface lo9\n}\n");
        Write("renamed", Good.Replace("instance V", "instance W", StringComparison.Ordinal));
        (int exit, string output) = Run(words);
        Assert.StartsWith(start.Replace("DIR", _directory, StringComparison.Ordinal), output, StringComparison.Ordinal);
        Assert.Equal(status, exit);
    }

    [Fact]
    public void A_secret_that_everybody_may_read_is_found_and_not_shown()
    {
        Write("open", Good.Replace("}\n}\n", "}\n  authentication {\n    auth_type PASS\n    auth_pass hunter2x\n  }\n}\n", StringComparison.Ordinal));
        File.SetUnixFileMode(Path.Combine(_directory, "open"), (UnixFileMode)0b110_100_100);
        (_, string output) = Run("check DIR/open");
        Assert.Contains($"{_directory}/open:9:5: warning: {_directory}/open holds a secret and everybody may read it (mode 0644) [secret-readable]", output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2x", output, StringComparison.Ordinal);

        File.SetUnixFileMode(Path.Combine(_directory, "open"), (UnixFileMode)0b110_100_000);
        Assert.DoesNotContain("secret-readable", Run("check DIR/open").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_of_check_is_json()
    {
        Write("junk", "junk \"\u001b\"\n");
        (int exit, string output) = Run("check --json DIR/junk");
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(exit, json.RootElement.GetProperty("exitStatus").GetInt32());
        Assert.Equal("junk \"\u001b\"", json.RootElement.GetProperty("findings")[0].GetProperty("sourceLine").GetString());
    }

    [Fact]
    public void A_difference_that_cannot_be_told_says_why()
    {
        Write("good", Good);
        Write("unnamed", "vrrp_instance V {\n  interface lo9\n}\n");
        (int exit, string output, string error) = Run(Published.Binary, $"diff {_directory}/good {_directory}/unnamed");
        Assert.Equal((2, ""), (exit, output));
        Assert.StartsWith("(V) the virtual router id must be set\n", error, StringComparison.Ordinal);
        Assert.EndsWith("/unnamed has errors: a reload would change nothing and say why\n", error, StringComparison.Ordinal);
        (_, _, error) = Run(Published.Binary, "explain prioritty");
        Assert.Equal("There is no 'prioritty'; did you mean 'priority'?\n", error);
    }

    [Fact]
    public void The_config_id_and_included_files_count()
    {
        Write("main", "include part\n@red vrrp_instance R {\n@^red vrrp_instance B {\n  interface lo9\n  virtual_router_id 5\n}\n");
        Write("part", "$LEVEL=7\nvrrp_script s {\n  script /bin/true\n  rise $LEVEL\n}\n");
        string red = Run("show-config -i red DIR/main").Output, blue = Run("show-config -i blue DIR/main").Output;
        Assert.Contains("vrrp_instance R {", red, StringComparison.Ordinal);
        Assert.Contains("vrrp_instance B {", blue, StringComparison.Ordinal);
        Assert.Matches($"    rise 7 +# {_directory}/part:4, from \\$LEVEL, defined {_directory}/part:1\n", red);
        Assert.Contains($"{_directory}/part:2:13: warning: Warning - script s is not used [script-unused]", Run("check --offline -i blue DIR/main").Output,
            StringComparison.Ordinal);
        Assert.Contains($"   included at {_directory}/main:1:9\n", Run("check --offline -i blue DIR/main").Output, StringComparison.Ordinal);
        Write("lost", "include nowhere\n");
        Assert.NotEqual(6, Run("check DIR/lost").Exit);
        Assert.Equal(6, Run("check -e DIR/lost").Exit);
    }

    [Fact]
    public void What_show_config_shows_can_be_used_as_it_is()
    {
        byte[] start = System.Text.Encoding.ASCII.GetBytes(Good[..^2] + "  authentication {\n    auth_type PASS\n    auth_pass p");
        byte[] latin = [.. start, 0xe4, (byte)'\n', .. "  }\n}\n"u8];
        File.WriteAllBytes(Path.Combine(_directory, "latin"), latin);
        using (Child shell = Child.Start("/bin/sh", ["-c", $"{Published.Binary} show-config --secrets {_directory}/latin > {_directory}/shown"])!)
        {
            shell.WaitForExit();
        }

        Assert.True(File.ReadAllBytes(Path.Combine(_directory, "shown")).AsSpan().IndexOf((byte[])[(byte)'p', 0xe4, (byte)' ']) > 0);
        Assert.Equal((0, "unchanged: 1 instance\n"), Run("diff DIR/latin DIR/shown"));
    }

    [Fact]
    public void Under_the_name_of_keepalived_a_subcommand_is_a_word_too_many()
    {
        Write("empty", "");
        string link = Path.Combine(_directory, "keepalived");
        File.CreateSymbolicLink(link, Published.Binary);
        (int exit, _, string error) = Run(link, $"-t -f {_directory}/empty check");
        Assert.Equal(5, exit);
        Assert.StartsWith("Unexpected argument(s): check \n", error, StringComparison.Ordinal);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_directory, name), text);

    private (int Exit, string Output) Run(string words)
    {
        (int exit, string output, _) = Run(Published.Binary, words.Replace("DIR", _directory, StringComparison.Ordinal));
        return (exit, output);
    }

    private (int Exit, string Output, string Error) Run(string program, string words)
    {
        ProcessStartInfo info = new(program, words.Split(' ')) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory };
        using Child process = Child.Start(info)!;
        System.Threading.Tasks.Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
