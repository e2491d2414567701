using System.Collections.Generic;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>`vrrpd show-config`: the configuration as it counts, as a configuration or as JSON.</summary>
public static class ShowConfig
{
    public const int JsonVersion = 1;

    /// <summary>Begins the comment that stands for what no line can mean.</summary>
    public const string Unwritable = "cannot be written:";

    /// <summary>A configuration that means the same as the one that was read; each value with a comment that says where it comes from.</summary>
    public static string Text(ConfigStudy study, bool showsSecrets)
    {
        StringBuilder text = new();
        foreach (EffectiveNode node in EffectiveConfig.Of(study.Root, showsSecrets))
        {
            text.Append(text.Length > 0 ? "\n" : "");
            Node(text, node, []);
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

    /// <param name="parents">The keywords of the blocks that it stands in, outermost first.</param>
    private static void Node(StringBuilder text, EffectiveNode node, List<string> parents)
    {
        string indent = new(' ', parents.Count * 4), origin = Origin(node);
        if (ShownLine.Of(node, origin, parents) is not { } lines)
        {
            // Better a gap that can be seen than a line that means something else.
            text.Append(indent).Append(ShownLine.Comment($"{Unwritable} {node.Keyword} {string.Join(' ', node.Meant)} ({origin})")).Append('\n');
            return;
        }

        text.Append(lines);
        if (node.IsBlock)
        {
            parents.Add(node.Keyword);
            foreach (EffectiveNode child in node.Children)
            {
                Node(text, child, parents);
            }

            parents.RemoveAt(parents.Count - 1);
            text.Append(indent).Append("}\n");
        }
    }

    private static string Origin(EffectiveNode node)
    {
        string place = node.Where.Line > 0 ? $"{node.Where.File}:{node.Where.Line}" : "";
        return node.Source switch
        {
            ValueSource.Written => place + Way(node),
            ValueSource.Inherited => $"from {node.From}, {place}",
            _ => node.From.Length > 0 ? $"default, because of {node.From}" : "default",
        };
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
