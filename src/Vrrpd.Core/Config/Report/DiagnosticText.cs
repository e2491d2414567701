using System;
using System.Globalization;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>How a diagnostic looks: keepalived's line for the tools that grep for it, ours for the person who has to mend the
/// file.</summary>
public static class DiagnosticText
{
    /// <summary>
    /// keepalived's line or lines, without a line end: <c>(Line N) Text</c>, or with <paramref name="withFile"/> <c>(FILE: Line N)
    /// Text</c>. When it <paramref name="runs"/>, some of them begin with a word more. What keepalived does not say has a form that no
    /// tool takes for its: <c>FILE:LINE:COL: warning: Text</c>.
    /// </summary>
    public static string Keepalived(Diagnostic found, bool withFile, bool runs = false)
    {
        const string Warning = "WARNING - ";
        if (found.IsBare || found.Where.Line == 0)
        {
            return found.Text;
        }

        if (found.Fault == ConfigFault.None && !found.IsTheirs)
        {
            string weight = found.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" };
            return $"{found.Where.File}:{found.Where.Line}:{found.Where.Column}: {weight}: {found.Text}";
        }

        string prefix = withFile
            ? $"({found.Where.File}: Line {found.Where.Line}) "
            : $"(Line {found.Where.Line}) ";
        string word = runs && found.IsLax ? Warning : "";
        return found.Lead.Length == 0 ? prefix + word + found.Text : $"{prefix}{word}{found.Lead}\n{prefix}{found.Text}";
    }

    /// <summary>Our line, <c>FILE:LINE:COL: Explanation</c>; "" if keepalived's says it all.</summary>
    public static string Ours(Diagnostic found)
    {
        if (found.Explanation.Length == 0)
        {
            return "";
        }

        return found.Where.Line == 0 ? found.Explanation
            : $"{found.Where.File}:{found.Where.Line}:{found.Where.Column}: {found.Explanation}";
    }

    /// <summary>Both, and with <paramref name="withSource"/> the line of the file with a caret under the word.</summary>
    public static string Full(Diagnostic found, bool withFile, bool withSource)
    {
        StringBuilder text = new(Keepalived(found, withFile));
        string ours = Ours(found);
        if (ours.Length > 0)
        {
            text.Append('\n').Append(ours);
        }

        AppendPaste(text, found.Paste);
        if (withSource && HasSource(found))
        {
            AppendSource(text, found);
        }

        return text.ToString();
    }

    internal static void AppendPaste(StringBuilder text, string[] lines)
    {
        foreach (string line in lines)
        {
            text.Append("\n    ");
            AppendPrintable(text, line);
        }
    }

    /// <summary>The line is known and the place is on it.</summary>
    internal static bool HasSource(Diagnostic found) => found.SourceLine.Length > 0 && found.Where.Column <= found.SourceLine.Length + 1;

    /// <summary>The line and the caret, the same after expansion, and the way it came, each with a line end in front.</summary>
    /// <param name="caret">Put before the caret, and <paramref name="end"/> behind its tail: colours.</param>
    internal static void AppendSource(StringBuilder text, Diagnostic found, string caret = "", string end = "")
    {
        string margin = found.Where.Line.ToString(CultureInfo.InvariantCulture);
        AppendLine(text, margin + " | ", found.SourceLine, found.Where.Column, found.Where.Length, caret, end);
        if (found.Expanded.Length > 0 && found.ExpandedColumn <= found.Expanded.Length + 1)
        {
            AppendLine(text, new string(' ', margin.Length) + " = ", found.Expanded, found.ExpandedColumn, found.ExpandedLength, caret, end);
        }

        foreach (TraceStep step in found.Trace)
        {
            text.Append('\n').Append(' ', margin.Length + 2).Append(CultureInfo.InvariantCulture,
                $"{step.Text} at {step.Where.File}:{step.Where.Line}:{step.Where.Column}");
        }
    }

    private static void AppendLine(StringBuilder text, string margin, string line, int column, int length, string caret, string end)
    {
        text.Append("\n ").Append(margin);
        AppendPrintable(text, line);
        text.Append('\n').Append(' ', margin.Length - 1).Append("| ");
        int before = column - 1;
        for (int i = 0; i < before; i++)
        {
            // A tab stays a tab, so that the caret stands under the word whatever the width; wide characters take two columns.
            char c = line[i];
            text.Append(c == '\t' ? "\t" : IsWide(c) ? "  " : " ");
        }

        text.Append(caret).Append('^').Append('~', Math.Clamp(length - 1, 0, Math.Max(0, line.Length - before - 1))).Append(end);
    }

    /// <summary>A terminal must not obey what stands in a file.</summary>
    internal static void AppendPrintable(StringBuilder text, string line)
    {
        foreach (char c in line)
        {
            text.Append(c != '\t' && char.IsControl(c) ? '?' : c);
        }
    }

    private static bool IsWide(char c) => c is >= '\u1100' and <= '\u115f' or >= '\u2e80' and <= '\ua4cf' or >= '\uac00' and <= '\ud7a3'
        or >= '\uf900' and <= '\ufaff' or >= '\ufe30' and <= '\ufe6f' or >= '\uff00' and <= '\uff60' or >= '\uffe0' and <= '\uffe6';
}
