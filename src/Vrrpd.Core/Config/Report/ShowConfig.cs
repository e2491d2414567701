using System;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>`vrrpd show-config`: the configuration as it counts, as a configuration or as JSON.</summary>
public static class ShowConfig
{
    public const int JsonVersion = 1;

    /// <summary>Column of the comments, where the statements leave room.</summary>
    private const int CommentColumn = 48;

    /// <summary>A configuration that means the same as the one that was read; each value with a comment that says where it comes from.</summary>
    public static string Text(ConfigStudy study, bool showsSecrets)
    {
        StringBuilder text = new();
        foreach (EffectiveNode node in EffectiveConfig.Of(study.Root, showsSecrets))
        {
            text.Append(text.Length > 0 ? "\n" : "");
            Node(text, node, 0);
        }

        return text.ToString();
    }

    public static string Json(ConfigStudy study, string file, bool showsSecrets)
    {
        JsonWriter json = new();
        json.BeginObject().Member("version", JsonVersion).Member("file", file).Name("configuration").BeginArray();
        foreach (EffectiveNode node in EffectiveConfig.Of(study.Root, showsSecrets))
        {
            Node(json, node);
        }

        return json.EndArray().EndObject().ToString();
    }

    private static void Node(StringBuilder text, EffectiveNode node, int depth)
    {
        string line = string.Join(' ', node.Written);
        line = new string(' ', depth * 4) + node.Keyword + (node.Keyword.Length > 0 && line.Length > 0 ? " " : "") + line + (node.IsBlock ? " {" : "");
        string origin = "# " + Origin(node);
        if (line.Contains("\\\"", StringComparison.Ordinal) || ConfigText.Encode(line + origin).Length + 2 > ConfigLexer.LineBytes)
        {
            // No room behind it, or a comment would not be one: the search for comments does not see this quote.
            text.Append(' ', depth * 4).Append(origin).Append('\n');
            text.Append(ConfigText.Encode(line).Length > ConfigLexer.LineBytes ? line.TrimStart(' ') : line).Append('\n');
        }
        else
        {
            text.Append(line).Append(' ', line.Length < CommentColumn ? CommentColumn - line.Length : 2).Append(origin).Append('\n');
        }

        if (node.IsBlock)
        {
            foreach (EffectiveNode child in node.Children)
            {
                Node(text, child, depth + 1);
            }

            text.Append(' ', depth * 4).Append("}\n");
        }
    }

    private static string Origin(EffectiveNode node)
    {
        string place = node.Where.Line > 0 ? $"{node.Where.File}:{node.Where.Line}" : "";
        StringBuilder text = new();
        DiagnosticText.AppendPrintable(text, node.Source switch
        {
            ValueSource.Written => place + Way(node),
            ValueSource.Inherited => $"from {node.From}, {place}",
            _ => node.From.Length > 0 ? $"default, because of {node.From}" : "default",
        });
        return text.ToString();
    }

    /// <summary>Variables only: the file says where an include leads.</summary>
    private static string Way(EffectiveNode node)
    {
        string way = "";
        foreach (TraceStep step in node.Trace)
        {
            way += step.Text == TraceStep.Included ? "" : $", {step.Text} {step.Where.File}:{step.Where.Line}";
        }

        return way;
    }

    private static void Node(JsonWriter json, EffectiveNode node)
    {
        json.BeginObject();
        if (node.Keyword.Length > 0)
        {
            json.Member("keyword", node.Keyword);
        }

        json.Name(node.Keyword.Length > 0 ? "arguments" : "words").BeginArray();
        foreach (string word in node.Meant)
        {
            json.Value(word);
        }

        json.EndArray().Member("source", node.Source switch
        {
            ValueSource.Written => "file",
            ValueSource.Inherited => "inherited",
            _ => "default",
        });
        if (node.Where.Line > 0)
        {
            json.Member("file", node.Where.File).Member("line", node.Where.Line);
        }

        if (node.From.Length > 0)
        {
            json.Member("from", node.From);
        }

        if (node.Trace.Length > 0)
        {
            CheckJson.Trace(json, node.Trace);
        }

        if (node.IsBlock)
        {
            json.Name("children").BeginArray();
            foreach (EffectiveNode child in node.Children)
            {
                Node(json, child);
            }

            json.EndArray();
        }

        json.EndObject();
    }
}
