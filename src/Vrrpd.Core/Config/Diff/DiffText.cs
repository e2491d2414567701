using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>A comparison for people: whole, and as the lines that a reload logs.</summary>
public static class DiffText
{
    /// <summary>Changes told in one line of the log: a thousand addresses more are a number.</summary>
    private const int MostChanges = 12;

    /// <summary>Everything that differs, with what a reload does about it; what does not differ is counted in the last line.</summary>
    public static string[] Lines(ConfigDiff diff)
    {
        List<string> lines = [];
        foreach (string change in diff.Globals)
        {
            lines.Add("global_defs: " + change);
        }

        int same = Entries(diff.Scripts, "vrrp_script", lines);
        string scripts = same == 0 ? "" : ", " + Count(same, "script");
        same = Entries(diff.Instances, "vrrp_instance", lines);
        lines.Add($"unchanged: {Count(same, "instance")}{scripts}");
        return [.. lines];
    }

    /// <summary>One line for each instance and script that a reload does something about, as the log has them.</summary>
    public static string[] LogLines(ConfigDiff diff)
    {
        List<string> lines = [];
        foreach (string change in diff.Globals)
        {
            lines.Add("reload: global_defs " + change);
        }

        foreach (DiffEntry entry in diff.Scripts)
        {
            Log(entry, $"VRRP_Script({entry.Name})", lines);
        }

        foreach (DiffEntry entry in diff.Instances)
        {
            Log(entry, $"({entry.Name})", lines);
        }

        return [.. lines];
    }

    /// <summary>The word of a kind, also for machines.</summary>
    public static string Word(DiffKind kind) => kind switch
    {
        DiffKind.Same => "same",
        DiffKind.Changed => "changed",
        DiffKind.Added => "added",
        DiffKind.Removed => "removed",
        _ => "renamed",
    };

    internal static string Count(int count, string what) =>
        count == 1 ? "1 " + what : Number(count) + " " + what + (what.EndsWith('s') ? "es" : "s");

    internal static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Entries(DiffEntry[] entries, string keyword, List<string> lines)
    {
        int same = 0;
        foreach (DiffEntry entry in entries)
        {
            if (entry.Kind == DiffKind.Same)
            {
                same++;
                continue;
            }

            string place = entry.Place.Length == 0 ? "" : $" ({entry.Place})";
            string was = IsNewName(entry) ? $", was {entry.OldName}" : "";
            lines.Add($"{keyword} {entry.Name}{place}: {Word(entry.Kind)}{was}");
            foreach (string change in entry.Changes)
            {
                lines.Add("    " + change);
            }

            lines.Add("  reload: " + entry.Consequence);
        }

        return same;
    }

    private static void Log(DiffEntry entry, string who, List<string> lines)
    {
        if (entry.Kind == DiffKind.Same)
        {
            return;
        }

        StringBuilder text = new(who);
        text.Append(" reload: ").Append(entry.Kind == DiffKind.Changed ? "" : Word(entry.Kind));
        if (entry.Kind is DiffKind.Added or DiffKind.Removed && entry.Place.Length > 0)
        {
            text.Append(" (").Append(entry.Place).Append(')');
        }

        string separator = entry.Kind == DiffKind.Renamed ? ", " : "";
        if (IsNewName(entry))
        {
            text.Append(separator).Append("was ").Append(entry.OldName);
            separator = ", ";
        }

        for (int i = 0; i < entry.Changes.Length && i < MostChanges; i++)
        {
            text.Append(separator).Append(entry.Changes[i]);
            separator = ", ";
        }

        int more = entry.Changes.Length - MostChanges;
        lines.Add(text.Append(more > 0 ? $" and {Number(more)} more" : "").ToString());
    }

    private static bool IsNewName(DiffEntry entry) => entry.OldName.Length > 0 && entry.OldName != entry.Name;
}
