using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests;

/// <summary>Files that are no configuration by their size alone: an answer, soon, and not with all the memory there is.</summary>
public sealed class HugeConfigTests(ITestOutputHelper output)
{
    private const int Mebibyte = 1 << 20;

    /// <summary>The largest file that is read has 16 MiB: these stay just below.</summary>
    private const int JustReadable = 15 * Mebibyte;

    private const int MostSeconds = 20;
    private const int MostMebibytes = 768;
    private const int MostWords = 4 * Mebibyte;

    // maxrss of all that was waited for: field 4 of struct rusage, in KiB; syscall 98 is getrusage, -1 RUSAGE_CHILDREN.
    private const string Measure = """
        my $status = system(@ARGV);
        my $usage = "\0" x 144;
        syscall(98, -1, $usage);
        my @fields = unpack("q*", $usage);
        print "peak $fields[4]\n";
        exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
        """;

    /// <summary>what it is, size of the file, what is repeated in it, exit status of <c>-t</c>.</summary>
    public static TheoryData<string, int, string, int> Files => new()
    {
        { "100 MB of zero bytes", 100 * Mebibyte, "", 4 },
        { "100 MB of comments", 100 * Mebibyte, "# nothing to see here, nor in the next million lines\n", 4 },
        { "empty lines", JustReadable, "\n", 0 },
        { "comments", JustReadable, "# x\n", 0 },
        { "unknown words", JustReadable, "a\n", 5 },
        { "braces that open", JustReadable, "{\n", 5 },
        { "braces that close", JustReadable, "}\n", 5 },
        { "one line of braces", JustReadable, "{", 5 },
        { "quotes", JustReadable, "\"\n", 5 },
        // Three million lines: more than are read at all.
        { "definitions", JustReadable, "$a=b\n", 4 },
        { "scripts of one name", JustReadable, "vrrp_script a {\nscript \"x\"\n}\n", 5 },
        { "an instance in an instance in an instance", JustReadable, "vrrp_instance A {\n", 5 },
        { "bytes that are no text", JustReadable, "\u00ff", 5 },
    };

    [VrrpdTheory]
    [MemberData(nameof(Files))]
    public void A_file_of_absurd_size_is_answered_in_bounded_time_memory_and_words(string what, int size, string unit, int exit)
    {
        Requirements.Check();
        string file = Path.GetTempFileName();
        try
        {
            Write(file, size, unit);
            Stopwatch clock = Stopwatch.StartNew();

            Result result = Shell.Run(["perl", "-e", Measure, Requirements.Vrrpd, "-t", "-f", file], TimeSpan.FromSeconds(3 * MostSeconds));

            double seconds = clock.Elapsed.TotalSeconds;
            int peak = int.Parse(result.Out.Split(' ')[^1], CultureInfo.InvariantCulture) / 1024;
            output.WriteLine($"{what}: exit {result.ExitCode} after {seconds:F2} s, {peak} MiB, {result.Err.Length} characters said");
            Assert.Equal(exit, result.ExitCode);
            Assert.True(seconds < MostSeconds, $"took {seconds:F1} s");
            Assert.True(peak < MostMebibytes, $"took {peak} MiB");
            Assert.True(result.Err.Length < MostWords, $"said {result.Err.Length} characters");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Write(string path, int size, string unit)
    {
        using FileStream file = new(path, FileMode.Create);
        if (unit.Length == 0)
        {
            // A hole: zero bytes that take no room.
            file.SetLength(size);
            return;
        }

        byte[] once = Encoding.Latin1.GetBytes(unit);
        byte[] block = new byte[Math.Max(1, 65_536 / once.Length) * once.Length];
        for (int at = 0; at < block.Length; at += once.Length)
        {
            once.CopyTo(block, at);
        }

        for (int written = 0; written < size; written += block.Length)
        {
            file.Write(block);
        }
    }
}
