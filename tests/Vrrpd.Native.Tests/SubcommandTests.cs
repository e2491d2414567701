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
    public void Statuses_and_first_words(string words, int status, string start)
    {
        Write("good", Good);
        Write("junk", "junk\n");
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
