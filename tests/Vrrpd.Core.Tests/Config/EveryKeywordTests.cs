using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Every row of the keyword table, with arguments that are missing, too many, out of bounds or no text at all.</summary>
public class EveryKeywordTests
{
    /// <summary>Behind every keyword, valid or not: none of it may throw.</summary>
    private static readonly string[] Hostile =
    [
        "", "\"\"", "\"", "'", "-1", "0", "5x", "1.5", "99999999999", "99999999999999999999999999", "-99999999999999999999", "0.0000000001",
        "\u00ff\u00fe", "\u00c3", "a\0b", "\u001b[31m", "{ }", "}", "${_RANDOM}", "$x", "~SEQ(a,1,3)", "@id", "\\", "10.0.0.0/99", "fe80::%",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", new string('9', 900), new string('x', 2000),
    ];

    private static readonly Keyword[] Rows = ConfigKeywords.All.Where(row => KeywordSamples.Way(row) is not null).ToArray();

    [Fact]
    public void Every_row_can_stand_somewhere()
    {
        Assert.Empty(ConfigKeywords.All.Where(row => KeywordSamples.Way(row) is null).Select(Title));
        Assert.True(Rows.Length >= 250, $"only {Rows.Length} rows");
    }

    [Fact]
    public void A_keyword_with_arguments_that_fit_is_not_complained_of_as_unknown_or_misspelt()
    {
        Each((row, at) =>
        {
            Diagnostic? found = Worst(Parse(row, KeywordSamples.Arguments(row)), at);
            bool isFine = found is null or { Fault: not (ConfigFault.UnknownKeyword or ConfigFault.InvalidNumber or ConfigFault.MissingParameter) };
            return isFine ? null : $"{KeywordSamples.Arguments(row)}: {found!.Lead} {found.Text}";
        });
    }

    [Fact]
    public void No_argument_whatever_makes_reading_throw_and_every_complaint_can_be_shown()
    {
        Each((row, _) =>
        {
            foreach (string arguments in Hostile)
            {
                Show(Parse(row, arguments));
                Show(Parse(row, $"{KeywordSamples.Arguments(row)} {arguments}"));
            }

            return null;
        });
    }

    [Fact]
    public void A_keyword_whose_mandatory_argument_is_missing_ends_the_test_with_2_and_names_its_line()
    {
        int count = Each((row, at) =>
        {
            if (row.Mandatory == 0 || row.IsSoft || row.IsDeprecated || row.Name == "*" || row.Form != KeywordForm.Statement || IsLine(row))
            {
                return null;
            }

            ConfigResult result = Parse(row, "");
            bool isSaid = Worst(result, at) is { Fault: ConfigFault.MissingParameter } && result.TestExitStatus == 2;
            return isSaid ? "" : $"exit {result.TestExitStatus}, {Worst(result, at)?.Text ?? "nothing said"}";
        });
        Assert.True(count >= 40, $"only {count} rows need an argument");
    }

    [Fact]
    public void A_number_is_accepted_up_to_its_bounds_and_complained_of_beyond_them()
    {
        int count = Each((row, at) =>
        {
            if (row.IsFree || row.Arguments is not [{ IsNumber: true, IsOptional: false } number, ..] || row.Name == "*" || IsLine(row))
            {
                return null;
            }

            string rest = string.Concat(row.Arguments.Skip(1).Where(more => !more.IsOptional).Select(more => " " + KeywordSamples.Fitting(more)));
            long step = number.Kind == ArgumentKind.Seconds ? 1_000_000 : 1;
            string[] good = [Text(number, number.Min), Text(number, number.Max)];
            string[] bad = ["99999999999999999999", "abc", "\u00ff", .. number.Min > 0 ? [Text(number, 0)] : Array.Empty<string>(),
                .. number.Min >= 0 ? ["-1"] : Array.Empty<string>(), .. number.Max < uint.MaxValue ? [Text(number, number.Max + step)] : Array.Empty<string>()];
            IEnumerable<string> wrong = good.Where(value => HasNumberFault(row, value + rest, at)).Select(value => $"{value} is refused")
                .Concat(bad.Where(value => !IsComplained(row, value + rest, at)).Select(value => $"{value} is accepted"));
            return string.Join(", ", wrong);
        });
        Assert.True(count >= 50, $"only {count} rows take a number");
    }

    [Fact]
    public void The_fuzzer_knows_every_keyword_as_a_seed_and_as_a_word_of_its_dictionary()
    {
        string fuzz = Path.Combine(Repository.Root, "fuzz");
        string seeds = string.Concat(Directory.GetFiles(Path.Combine(fuzz, "corpus", "config")).Select(file => File.ReadAllText(file, Encoding.Latin1) + "\n"));
        HashSet<string> words = [.. seeds.Split([' ', '\t', '\n', '\r', '{', '}'], StringSplitOptions.RemoveEmptyEntries)];
        HashSet<string> dictionary = [.. File.ReadAllLines(Path.Combine(fuzz, "config.dict"))];

        string[] missing = ConfigKeywords.All.Where(row => row.Name != "*" && (!words.Contains(row.Name) || !dictionary.Contains($"\"{row.Name}\"")))
            .Select(Title).ToArray();

        Assert.True(missing.Length == 0, $"run `dotnet run --project fuzz/Vrrpd.Fuzz -- seeds config fuzz`; not there: {string.Join(", ", missing)}");
    }

    /// <summary>Tries every row. The trial answers null if the row is not meant, "" if all is well, else what is wrong.</summary>
    private static int Each(Func<Keyword, int, string?> trial)
    {
        List<string> wrong = [];
        int count = 0;
        foreach (Keyword row in Rows)
        {
            string? answer;
            try
            {
                answer = trial(row, KeywordSamples.Statement(row, "").Line);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                answer = error.ToString();
            }

            count += answer is null ? 0 : 1;
            if (!string.IsNullOrEmpty(answer))
            {
                wrong.Add($"{Title(row)}: {answer}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} rows:\n{string.Join('\n', wrong)}");
        return count;
    }

    private static ConfigResult Parse(Keyword row, string arguments) => ConfigParser.Parse(KeywordSamples.Statement(row, arguments).Text, "f.conf");

    private static Diagnostic? Worst(ConfigResult result, int line) =>
        result.Diagnostics.Where(found => found.Where.Line == line).OrderByDescending(found => found.Fault).FirstOrDefault();

    private static bool HasNumberFault(Keyword row, string arguments, int line) =>
        Parse(row, arguments).Diagnostics.Any(found => found.Where.Line == line && found.Fault == ConfigFault.InvalidNumber);

    private static bool IsComplained(Keyword row, string arguments, int line) => Worst(Parse(row, arguments), line) is { Fault: not ConfigFault.None };

    private static void Show(ConfigResult result)
    {
        foreach (Diagnostic found in result.Diagnostics)
        {
            Assert.NotEqual("", DiagnosticText.Full(found, withFile: true, withSource: true));
        }

        _ = result.TestExitStatus;
        _ = ConfigDump.Lines(result.Config!);
    }

    /// <summary>A word within a line of a list, as 'dev' of an address.</summary>
    private static bool IsLine(Keyword row) => KeywordSamples.Way(row) is [.., { Form: KeywordForm.Values }];

    private static string Text(Argument number, long value) =>
        number.Kind == ArgumentKind.Seconds ? KeywordSamples.Seconds(value) : value.ToString(CultureInfo.InvariantCulture);

    private static string Title(Keyword row) => $"{row.Where.Name} {row.Name}";
}
