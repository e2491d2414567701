using System;
using System.Collections.Generic;
using System.IO;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>A configuration over which the daemons disagree, and why that is so.</summary>
/// <param name="Theirs">What keepalived 2.2.7 answers.</param>
/// <param name="Ours">What vrrpd answers.</param>
/// <param name="Why">The kind of reason, a colon, the reason.</param>
internal sealed record Disagreement(Verdict Theirs, Verdict Ours, string Why);

/// <summary>The table of docs/compatibility.md: the one list of configurations that keepalived and vrrpd judge differently.</summary>
internal static class Compatibility
{
    /// <summary>Rows <c>| topic/name.conf | theirs | ours | why |</c>, of whatever tables the document has.</summary>
    public static Dictionary<string, Disagreement> Read()
    {
        Dictionary<string, Disagreement> listed = [];
        foreach (string line in File.ReadLines(Path.Combine(Requirements.Root, "docs", "compatibility.md")))
        {
            string[] cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length >= 6 && cells[1].EndsWith(".conf", StringComparison.Ordinal))
            {
                listed.Add(cells[1], new Disagreement(Verdict.Parse(cells[2]), Verdict.Parse(cells[3]), cells[4]));
            }
        }

        return listed;
    }
}
