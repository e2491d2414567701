using System;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>The generated parts of the manual: tables in Markdown, from the tables that the program works with.</summary>
public static class Manual
{
    /// <summary>docs/configuration.md: every keyword, block by block.</summary>
    public static string Keywords()
    {
        StringBuilder text = new();
        foreach (KeywordBlock block in ConfigKeywords.Blocks)
        {
            Keyword[] rows = Array.FindAll(ConfigKeywords.All, keyword => keyword.Where == block);
            if (rows.Length == 0)
            {
                continue;
            }

            string[] owners = ExplainText.Owners(block);
            bool isLines = rows[0].Name == "*";
            text.Append(block.Number == 0 ? "### Top level\n" : isLines && owners.Length > 0 ? $"### Lines of {Listed(owners)}\n" : $"### In `{block.Name}`\n");
            text.Append(block.Number == 0 ? "" : $"\n{Sentence(block.About)}\n")
                .Append("\n| keyword | arguments | default | meaning | effect |\n|---|---|---|---|---|\n");
            foreach (Keyword row in rows)
            {
                Row(text, row);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>docs/check.md: every trap that is looked for.</summary>
    public static string Traps()
    {
        StringBuilder text = new("| code | severity | what | why it matters | what to do |\n|---|---|---|---|---|\n");
        foreach (LintRule rule in Lints.All)
        {
            text.Append($"| `{rule.Code}` | {CheckText.Name(rule.Severity)} | {Cell(rule.What)} | {Cell(rule.Why)} | {Cell(rule.Fix)} |\n");
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, Keyword row)
    {
        string form = row.Form == KeywordForm.Statement ? "" : " { }";
        string help = row.SameAs.Length > 0 ? $"{(row.IsDeprecated ? "old" : "another")} name of `{row.SameAs}`" : Cell(row.Help);
        help += row.Since.Length > 0 ? $" (since keepalived {row.Since})" : "";
        help += row.IsDeprecated && row.SameAs.Length == 0 ? " (deprecated)" : "";
        string effect = row.Support switch
        {
            KeywordSupport.Served => "yes",
            KeywordSupport.Refused => "**refused**" + (row.Consequence.Length > 0 ? ": " + Cell(row.Consequence) : ""),
            _ => "not yet" + (row.Consequence.Length > 0 ? ": " + Cell(row.Consequence) : ""),
        };
        string standard = row.From.Length > 0 ? $"`{row.From}`{(row.Default.Length > 0 ? $", else {Cell(row.Default)}" : "")}" : Cell(row.Default);
        text.Append($"| {(row.Name == "*" ? "*the entry*" : $"`{row.Name}{form}`")} | {Cell(Arguments(row))} | {standard} | {help} | {effect} |\n");
    }

    /// <summary>With units, and with the bounds of numbers that have a name.</summary>
    private static string Arguments(Keyword row)
    {
        string text = row.ArgumentText;
        foreach (Argument argument in row.Arguments)
        {
            bool hasBounds = argument.Label.Contains("..", StringComparison.Ordinal);
            string more = argument.Kind == ArgumentKind.Whole && !hasBounds ? $"{argument.Min}..{argument.Max}" : "";
            if (argument.IsNumber && argument.Unit.Length > 0)
            {
                more += (more.Length > 0 ? " " : "") + argument.Unit;
            }

            text += more.Length == 0 ? "" : hasBounds && row.Arguments.Length == 1 ? $" {more}" : $", {argument.Label}: {more}";
        }

        return text;
    }

    private static string Listed(string[] names) => "`" + string.Join("`, `", names) + "`";

    private static string Sentence(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..] + ".";

    /// <summary>What would end a cell or look like HTML or emphasis is escaped; code in backquotes stays.</summary>
    private static string Cell(string text)
    {
        StringBuilder cell = new();
        bool isCode = false;
        foreach (char c in text)
        {
            isCode ^= c == '`';
            bool isMarkup = c == '|' || (!isCode && c is '<' or '*' or '_');
            cell.Append(isMarkup ? "\\" : "").Append(c);
        }

        return cell.ToString();
    }
}
