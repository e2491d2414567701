using System;
using System.Collections.Generic;
using System.Text;
using Vrrpd.Core.Config;

namespace Vrrpd.Native;

/// <summary>Findings about the configuration as an operator reads them: keepalived's line, then where, why and a caret.</summary>
internal static class DiagnosticPrinter
{
    /// <summary>Statuses of -t: only script security complaints; would not run; complaints, but would run.</summary>
    private const int SecurityStatus = 6, FatalStatus = 4, FaultStatus = 5;

    public static string Print(Diagnostic diagnostic)
    {
        StringBuilder text = new(diagnostic.Text);
        text.Append('\n');
        SourceSpan where = diagnostic.Where;
        if (diagnostic.Explanation.Length > 0)
        {
            text.Append("    ");
            if (where.Line > 0)
            {
                text.Append(where.File).Append(':').Append(where.Line).Append(':').Append(where.Column).Append(": ");
            }

            text.Append(diagnostic.Explanation).Append('\n');
        }

        if (diagnostic.SourceLine.Length > 0 && where.Column > 0)
        {
            // Tabs count as one column in a span; shown as blanks, the caret stands under the right character.
            text.Append("    ").Append(diagnostic.SourceLine.Replace('\t', ' ')).Append("\n    ");
            text.Append(' ', where.Column - 1).Append('^').Append('~', Math.Max(0, where.Length - 1)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>keepalived's rule: the highest class that was seen decides, not the worst.</summary>
    public static int TestStatus(IEnumerable<Diagnostic> diagnostics)
    {
        ConfigFault highest = ConfigFault.None;
        foreach (Diagnostic diagnostic in diagnostics)
        {
            if (diagnostic.Fault > highest)
            {
                highest = diagnostic.Fault;
            }
        }

        return highest switch
        {
            ConfigFault.None => 0,
            ConfigFault.Security => SecurityStatus,
            <= ConfigFault.Fatal => FatalStatus,
            _ => FaultStatus,
        };
    }
}
