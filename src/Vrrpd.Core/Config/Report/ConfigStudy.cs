using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// A configuration read in order to be talked about rather than run: what a run would make of it, and the whole file beside it, with what
/// is not served. The subcommands work on this.
/// </summary>
public sealed class ConfigStudy
{
    private ConfigStudy(ConfigResult result, TreeNode root) => (Result, Root) = (result, root);

    public ConfigResult Result { get; }
    internal TreeNode Root { get; }

    public static ConfigStudy Of(ReadOnlyMemory<byte> text, string file, ConfigReader? reader = null) =>
        Of(ConfigParser.Input(text, file, reader));

    public static ConfigStudy Of(ConfigInput input)
    {
        ConfigResult result = ConfigParser.Parse(input, out ConfigNode root);
        return new(result, TreeNode.From(root));
    }

    /// <summary>The report on it.</summary>
    /// <param name="more">What only the host knows: interfaces, users, script files, modes of files.</param>
    public CheckReport Check(string file, ReadOnlySpan<Diagnostic> more, ReadOnlySpan<Diagnostic> hostTraps, bool isStrict)
    {
        Diagnostic[] traps = FindTraps();
        ConfigResult all = Result with { Diagnostics = WithLines(Result.With(more).Diagnostics) };
        return CheckReport.Of(file, all, (Diagnostic[])[.. traps, .. WithLines(hostTraps)], isStrict);
    }

    /// <summary>Adds the lines to findings that came without.</summary>
    private Diagnostic[] WithLines(ReadOnlySpan<Diagnostic> found)
    {
        Diagnostic[] all = found.ToArray();
        Dictionary<string, string>? lines = null;
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].SourceLine.Length == 0 && (lines ??= Lines()).TryGetValue(Key(all[i].Where.File, all[i].Where.Line), out string? line))
            {
                all[i] = all[i] with { SourceLine = line };
            }
        }

        return all;
    }

    private static string Key(string file, int line) => $"{line} {file}";

    private Dictionary<string, string> Lines()
    {
        Dictionary<string, string> lines = [];
        Stack<TreeNode> rest = new([Root]);
        while (rest.TryPop(out TreeNode? node))
        {
            node.Children.ForEach(rest.Push);
            if (node.Words.Length > 0)
            {
                lines.TryAdd(Key(node.First.Line.File, node.First.Line.Number), node.First.Line.Shown);
            }
        }

        return lines;
    }

    /// <summary>Advice about traps, see <see cref="Lints"/>.</summary>
    public Diagnostic[] FindTraps() => Lints.Find(Root);

    /// <summary>For each file that holds secrets the place of the first one.</summary>
    public SourceSpan[] Secrets()
    {
        Word[] words = Lints.Secrets(Root).ToArray();
        return Array.ConvertAll(words, word => word.Where);
    }

    /// <summary>The trap of a file with a secret that everybody may read.</summary>
    public static Diagnostic ReadableSecret(SourceSpan where, string mode) =>
        new(where, AuthLints.Readable.Severity, ConfigFault.None, $"{where.File} holds a secret and everybody may read it (mode {mode})")
        {
            Code = AuthLints.Readable.Code,
            Explanation = AuthLints.Readable.Why,
            Suggestion = $"chmod o-rwx {where.File}",
        };
}
