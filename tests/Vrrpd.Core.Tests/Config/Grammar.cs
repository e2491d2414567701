using System;
using System.Collections.Generic;
using System.Text;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Files and environment of a test.</summary>
internal sealed class MemorySource : IConfigSource
{
    public Dictionary<string, byte[]> Files { get; } = [];
    public Dictionary<string, string> Variables { get; } = [];
    public HashSet<string> Directories { get; } = ["/etc/", "/etc/k/"];
    public HashSet<string> Executables { get; } = [];
    public HashSet<string> Secret { get; } = [];
    public HashSet<string> Shared { get; } = [];
    public List<string> Asked { get; } = [];

    public MemorySource With(string path, string text)
    {
        Files[path] = Encoding.UTF8.GetBytes(text);
        return this;
    }

    public ConfigFileContent Read(string path)
    {
        Asked.Add(path);
        return Directories.Contains(path.TrimEnd('/') + "/") ? new(ConfigFileState.Directory, default)
            : Executables.Contains(path) ? new(ConfigFileState.NotPlain, default)
            : Secret.Contains(path) ? new(ConfigFileState.Unreadable, default, "Permission denied")
            : Files.TryGetValue(path, out byte[]? bytes) ? new(ConfigFileState.Read, bytes, IsShared: Shared.Contains(path))
            : new(ConfigFileState.Missing, default);
    }

    /// <summary>Wildcards in the last part of the path only.</summary>
    public string[]? Match(string directory, string pattern)
    {
        string full = pattern.StartsWith('/') ? pattern : directory + pattern;
        string parent = full[..(full.LastIndexOf('/') + 1)];
        if (!Directories.Contains(parent))
        {
            return null;
        }

        List<string> found = [];
        foreach (string path in (IEnumerable<string>)[.. Files.Keys, .. Directories])
        {
            string name = path.TrimEnd('/');
            bool isThere = name.StartsWith(parent, StringComparison.Ordinal) && !name.AsSpan(parent.Length).Contains('/');
            if (isThere && PathPattern.Matches(full.AsSpan(parent.Length), name.AsSpan(parent.Length)))
            {
                found.Add(pattern.StartsWith('/') ? name : name[directory.Length..]);
            }
        }

        found.Sort(string.CompareOrdinal);
        return found.ToArray();
    }

    public byte[]? Environment(string name) => Variables.TryGetValue(name, out string? value) ? Encoding.UTF8.GetBytes(value) : null;
}

/// <summary>What the grammar alone makes of a text: the statements in order, before anybody asks what they mean.</summary>
internal sealed class Grammar
{
    private Grammar(ConfigDocument document, Diagnostic[] diagnostics)
    {
        Diagnostics = diagnostics;
        foreach (ConfigNode node in document.Root.Children)
        {
            Tell(node, "");
        }
    }

    /// <summary>Each statement, its words joined by '|', those in a block indented by its depth.</summary>
    public List<string> Lines { get; } = [];
    public Diagnostic[] Diagnostics { get; }

    /// <summary>Every finding as "LINE:COLUMN text".</summary>
    public string[] Found => Array.ConvertAll(Array.FindAll(Diagnostics, each => !each.IsEcho),
        found => $"{found.Where.Line}:{found.Where.Column} {found.Text}");

    public static Grammar Read(string text, MemorySource? source = null, string id = "main", IncludeChecks checks = IncludeChecks.None) =>
        Read(Encoding.UTF8.GetBytes(text), source, id, checks);

    public static Grammar Read(byte[] text, MemorySource? source = null, string id = "main", IncludeChecks checks = IncludeChecks.None)
    {
        Findings findings = new();
        ConfigInput input = new(text, "/etc/k/f.conf") { Source = source ?? new(), ConfigId = id, Seed = 7, Checks = checks };
        ConfigDocument document = ConfigLexer.Read(input, findings);
        return new(document, findings.ToArray());
    }

    /// <summary>The lines of data that a text makes: it is put into a block that takes any. Line 1 of the text is line 1 of the file.</summary>
    public static string[] Data(string text, MemorySource? source = null, string id = "main")
    {
        Grammar read = InBlock(text, source, id);
        List<string> data = [];
        foreach (string line in read.Lines)
        {
            if (line.StartsWith(' '))
            {
                data.Add(line.Trim());
            }
        }

        return data.ToArray();
    }

    public static Grammar InBlock(string text, MemorySource? source = null, string id = "main") =>
        Read($"static_ipaddress {{ {text}\n}}\n", source, id);

    private void Tell(ConfigNode node, string indent)
    {
        List<string> words = [];
        foreach (Word word in node.Words)
        {
            words.Add(word.Text);
        }

        Lines.Add(indent + string.Join('|', words));
        foreach (ConfigNode child in node.Children)
        {
            Tell(child, indent + " ");
        }
    }
}
