using System.Globalization;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>
/// A report for people: each finding as FILE:LINE:COLUMN: severity: message [code], the line with a caret, why, and what to do; at the end
/// one line that sums up. Editors that know compilers can jump to the places.
/// </summary>
public static class CheckText
{
    private const string Bold = "\e[1m", Red = "\e[1;31m", Magenta = "\e[1;35m", Cyan = "\e[1;36m", Green = "\e[1;32m", Plain = "\e[0m";

    /// <param name="isColoured">With the escape sequences that terminals know.</param>
    public static string Render(CheckReport report, bool isColoured)
    {
        StringBuilder text = new();
        foreach (Diagnostic found in report.Findings)
        {
            Finding(text, found, isColoured);
        }

        Summary(text, report, isColoured);
        return text.ToString();
    }

    /// <summary>The word that stands for it in every output.</summary>
    public static string Name(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };

    private static void Finding(StringBuilder text, Diagnostic found, bool isColoured)
    {
        string colour = found.Severity == Severity.Error ? Red : found.Severity == Severity.Warning ? Magenta : Cyan;
        if (found.Where.File.Length > 0)
        {
            text.Append(isColoured ? Bold : "");
            DiagnosticText.AppendPrintable(text, found.Where.File);
            text.Append(CultureInfo.InvariantCulture, $"{(found.Where.Line > 0 ? $":{found.Where.Line}:{found.Where.Column}" : "")}: ")
                .Append(isColoured ? Plain : "");
        }

        text.Append(isColoured ? colour : "").Append(Name(found.Severity)).Append(": ").Append(isColoured ? Plain + Bold : "");
        DiagnosticText.AppendPrintable(text, found.Text);
        text.Append(isColoured ? Plain : "").Append(" [").Append(found.Code).Append(']');
        if (DiagnosticText.HasSource(found))
        {
            DiagnosticText.AppendSource(text, found, isColoured ? Green : "", isColoured ? Plain : "");
        }

        Line(text, "", found.Lead);
        Line(text, "", found.Explanation);
        DiagnosticText.AppendPaste(text, found.Paste);
        Line(text, "fix: ", found.Suggestion);
        text.Append("\n\n");
    }

    private static void Line(StringBuilder text, string head, string line)
    {
        if (line.Length > 0)
        {
            text.Append("\n  ").Append(head);
            DiagnosticText.AppendPrintable(text, line);
        }
    }

    private static void Summary(StringBuilder text, CheckReport report, bool isColoured)
    {
        DiagnosticText.AppendPrintable(text, report.File);
        text.Append(": ");
        if (report.Findings.Length == 0)
        {
            text.Append(isColoured ? Green : "").Append("nothing to complain about").Append(isColoured ? Plain : "").Append('\n');
            return;
        }

        text.Append(isColoured ? report.Errors > 0 ? Red : report.Warnings > 0 ? Magenta : Cyan : "")
            .Append(Count(report.Errors, "error")).Append(", ").Append(Count(report.Warnings, "warning")).Append(", ").Append(Count(report.Notes, "note"))
            .Append(isColoured ? Plain : "").Append(report.CanRun ? "; vrrpd would start with it\n" : "; vrrpd would not start with it\n");
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
