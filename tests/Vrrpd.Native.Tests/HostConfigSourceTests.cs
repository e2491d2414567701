using System;
using System.IO;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>Included files as the real file system has them.</summary>
public sealed class HostConfigSourceTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vrrpd-include-").FullName + "/";

    public void Dispose() => Directory.Delete(_root, true);

    [Fact]
    public void A_pattern_finds_what_is_there_in_order_and_by_the_names_it_was_written_with()
    {
        foreach (string name in (string[])["b.conf", "a.conf", ".h.conf", "x.txt", "d1/c.conf", "d2/c.conf", "é.conf"])
        {
            Write(name, name);
        }

        Assert.Equal(["a.conf", "b.conf", "é.conf"], Match("*.conf")!);
        Assert.Equal([".h.conf"], Match(".*.conf")!);
        Assert.Equal(["d1/c.conf", "d2/c.conf"], Match("d?/*.conf")!);
        Assert.Equal(["d1/c.conf", "d2/c.conf"], Match("d[0-9]/c.conf")!);
        Assert.Equal([_root + "x.txt"], Match(_root + "*.txt")!);
        Assert.Equal(["d1", "d2"], Match("d*")!);
        Assert.Equal([], Match("*.none")!);
        Assert.Equal([], Match("d?/none")!);
        Assert.Null(Match("none/*.conf"));
        Assert.Null(Match("a.conf/*"));

        string[]? Match(string pattern) => HostConfigSource.Instance.Match(_root, pattern);
    }

    [Fact]
    public void A_directory_of_more_names_than_one_call_gives_is_read_whole()
    {
        for (int i = 0; i < 2000; i++)
        {
            Write($"a-rather-long-name-so-that-few-fit-{i:0000}.conf", "");
        }

        string[] found = HostConfigSource.Instance.Match(_root, "*-*.conf")!;
        Assert.Equal(2000, found.Length);
        Assert.Equal("a-rather-long-name-so-that-few-fit-1999.conf", found[^1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void A_file_is_read_whole(int length)
    {
        string text = new('a', length);
        Write("f", text);

        ConfigFileContent read = HostConfigSource.Instance.Read(_root + "f");
        Assert.Equal((ConfigFileState.Read, text), (read.State, Encoding.UTF8.GetString(read.Bytes.Span)));
    }

    [Fact]
    public void What_is_no_plain_file_is_told_apart()
    {
        Write("f", "a");
        File.SetUnixFileMode(_root + "f", UnixFileMode.UserRead | UnixFileMode.OtherExecute);
        File.CreateSymbolicLink(_root + "gone", _root + "nothing");

        Assert.Equal(ConfigFileState.NotPlain, HostConfigSource.Instance.Read(_root + "f").State);
        Assert.Equal(ConfigFileState.NotPlain, HostConfigSource.Instance.Read("/dev/null").State);
        Assert.Equal(ConfigFileState.Directory, HostConfigSource.Instance.Read(_root).State);
        Assert.Equal(ConfigFileState.Missing, HostConfigSource.Instance.Read(_root + "gone").State);
        Assert.Equal(ConfigFileState.Missing, HostConfigSource.Instance.Read(_root + "f/g").State);
        Assert.Equal(ConfigFileState.Missing, HostConfigSource.Instance.Read("").State);
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_read()
    {
        using (FileStream file = File.Create(_root + "large"))
        {
            file.SetLength(100 << 20);
        }

        ConfigFileContent read = HostConfigSource.Instance.Read(_root + "large");
        Assert.Equal((ConfigFileState.Unreadable, "it is larger than 16 MB"), (read.State, read.Reason));
    }

    [Fact]
    public void The_environment_is_the_one_of_the_process()
    {
        IConfigSource source = HostConfigSource.Instance;

        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), Encoding.UTF8.GetString(source.Environment("PATH")!));
        Assert.Null(source.Environment("VRRPD_NO_SUCH_VARIABLE"));
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + name)!);
        File.WriteAllText(_root + name, text);
    }
}
