namespace Vrrpd.Core.Config;

/// <summary>
/// A report for programs; docs/check.md describes every member. Members are never removed or given another meaning while
/// <see cref="Version"/> stays; new ones may come.
/// </summary>
public static class CheckJson
{
    public const int Version = 1;

    public static string Render(CheckReport report)
    {
        JsonWriter json = new();
        json.BeginObject().Member("version", Version).Member("file", report.File).Member("exitStatus", report.ExitStatus).Member("canRun", report.CanRun)
            .Member("errors", report.Errors).Member("warnings", report.Warnings).Member("notes", report.Notes);
        json.Name("findings").BeginArray();
        foreach (Diagnostic found in report.Findings)
        {
            Finding(json, found);
        }

        return json.EndArray().EndObject().ToString();
    }

    private static void Finding(JsonWriter json, Diagnostic found)
    {
        json.BeginObject();
        Place(json, found.Where);
        string between = found.Lead.Length > 0 && found.Explanation.Length > 0 ? ": " : "";
        json.Member("severity", CheckText.Name(found.Severity)).Member("code", found.Code).Member("message", found.Text)
            .Member("explanation", found.Lead + between + found.Explanation)
            .Member("suggestion", found.Suggestion).Member("sourceLine", found.SourceLine)
            .Member("keepalived", found.Fault == ConfigFault.None ? "" : DiagnosticText.Keepalived(found, withFile: true));
        json.Member("expanded", found.Expanded).Name("paste").BeginArray();
        foreach (string line in found.Paste)
        {
            json.Value(line);
        }

        json.EndArray();
        Trace(json, found.Trace);
        json.EndObject();
    }

    /// <summary>The member "trace": how text came to where it stands, innermost first.</summary>
    internal static void Trace(JsonWriter json, TraceStep[] trace)
    {
        json.Name("trace").BeginArray();
        foreach (TraceStep step in trace)
        {
            json.BeginObject().Member("text", step.Text);
            Place(json, step.Where);
            json.EndObject();
        }

        json.EndArray();
    }

    /// <summary>Lines and columns count characters from 1, 0 for none; the end is the column behind the last character.</summary>
    private static void Place(JsonWriter json, SourceSpan where) => json.Member("file", where.File).Member("line", where.Line)
        .Member("column", where.Column).Member("endColumn", where.Column + where.Length);
}
