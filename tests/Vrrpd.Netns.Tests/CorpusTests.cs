using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Xunit;

namespace Vrrpd.Netns.Tests;

/// <summary>
/// Hundreds of configurations, what people write and what they get wrong: <c>-t</c> ends as keepalived's does and complains of the
/// same lines. Where it does not, docs/compatibility.md lists the file with the reason, and nothing else.
/// </summary>
public sealed class CorpusTests(CorpusTests.Played played) : IClassFixture<CorpusTests.Played>
{
    private static readonly string[] Reasons = ["2.4 differs", "newer word", "bug of keepalived", "more is read on", "better told"];

    [Fact]
    public void The_corpus_is_large_and_every_file_tells_its_story_first()
    {
        Assert.True(Corpus.Configurations.Count >= 170, $"only {Corpus.Configurations.Count} configurations");
        foreach (string file in Corpus.Configurations)
        {
            byte[] start = File.ReadAllBytes(Path.Combine(Corpus.Folder, file));
            bool commented = start.Length == 0 || start[0] is (byte)'#' or (byte)'!';
            Assert.True(commented || file.StartsWith("bytes/", StringComparison.Ordinal), $"{file} begins without a comment");
        }
    }

    [VrrpdFact]
    public void The_verdict_and_the_complained_lines_are_keepalived_s_wherever_no_exception_is_listed()
    {
        Requirements.Check();
        string[] unlisted = played.Verdicts
            .Where(at => !at.Value.Theirs.Equals(at.Value.Ours) && !played.Listed.ContainsKey(at.Key))
            .Select(at => $"| {at.Key} | {at.Value.Theirs} | {at.Value.Ours} | WHY |")
            .ToArray();

        Assert.True(unlisted.Length == 0, $"{unlisted.Length} of {played.Verdicts.Count} disagree:\n{string.Join('\n', unlisted)}");
    }

    [VrrpdFact]
    public void Every_listed_exception_still_is_as_listed()
    {
        Requirements.Check();
        List<string> stale = [];
        foreach ((string file, Disagreement listed) in played.Listed)
        {
            if (!played.Verdicts.TryGetValue(file, out (Verdict Theirs, Verdict Ours) found))
            {
                stale.Add($"{file}: not in the corpus");
            }
            else if (found.Theirs.Equals(found.Ours))
            {
                stale.Add($"{file}: both say {found.Ours} now");
            }
            else if (!found.Theirs.Equals(listed.Theirs) || !found.Ours.Equals(listed.Ours))
            {
                stale.Add($"{file}: listed {listed.Theirs} against {listed.Ours}, found {found.Theirs} against {found.Ours}");
            }
        }

        Assert.True(stale.Count == 0, string.Join('\n', stale));
    }

    [Fact]
    public void Every_listed_exception_has_a_reason_of_a_known_kind()
    {
        Assert.NotEmpty(played.Listed);
        Assert.All(played.Listed, at => Assert.Contains(Reasons, kind => at.Value.Why.StartsWith(kind + ": ", StringComparison.Ordinal)));
    }

    /// <summary>Both daemons' answers to the whole corpus, asked once, and the table of exceptions.</summary>
    public sealed class Played
    {
        /// <summary>Plays, where that is possible; without the means the tests that need it skip or fail by themselves.</summary>
        public Played()
        {
            if (Requirements.Missing.Length > 0 || Requirements.StandIn)
            {
                return;
            }

            string directory = Directory.CreateTempSubdirectory("vrrpd-corpus-").FullName;
            try
            {
                Verdicts = Corpus.PlayAll(directory);
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        internal IReadOnlyDictionary<string, (Verdict Theirs, Verdict Ours)> Verdicts { get; } =
            new Dictionary<string, (Verdict, Verdict)>();

        internal IReadOnlyDictionary<string, Disagreement> Listed { get; } = Compatibility.Read();
    }
}
