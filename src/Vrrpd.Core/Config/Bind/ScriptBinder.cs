using System;

namespace Vrrpd.Core.Config;

/// <summary>vrrp_script block to <see cref="ScriptConfig"/>.</summary>
internal sealed class ScriptBinder(BlockBinder common)
{
    /// <summary>Null, with a complaint, if it can run nothing.</summary>
    public ScriptConfig? Bind(ConfigNode block)
    {
        string name = block.Words[1].Text;
        ScriptConfig script = new() { Name = name, Command = [], Where = block.Words[1].Where };
        TimeSpan? timeout = null;
        foreach (ConfigNode node in common.Check(block, common.Refuse))
        {
            switch (node.Keyword!.Id)
            {
                case KeywordId.Command:
                    script = script with { Command = Command(node), CommandWhere = node.Words[Math.Min(1, node.ArgumentCount)].Where };
                    break;
                case KeywordId.Interval:
                    script = script with
                    {
                        Interval = Time(node, $"({name}): vrrp script interval",
                        " must be between 1 and 4294 - ignoring") ?? script.Interval
                    };
                    break;
                case KeywordId.Timeout:
                    timeout = Time(node, $"({name}): vrrp script timeout", " invalid - ignoring") ?? timeout;
                    break;
                case KeywordId.Weight:
                    script = Weight(node, script);
                    break;
                case KeywordId.Rise:
                    script = script with { Rise = Count(node, name) };
                    break;
                case KeywordId.Fall:
                    script = script with { Fall = Count(node, name) };
                    break;
                case KeywordId.User when common.User(node) is { } user:
                    script = script with { User = user.User, Group = user.Group, UserWhere = node.Words[1].Where };
                    break;
                case KeywordId.User:
                    // Running it as somebody else instead could be worse than not running it.
                    common.Findings.Error(node.Words[1], ConfigFault.General,
                        $"Invalid user '{node.Words[1].Text}' for vrrp script {name} - removing",
                        "user takes USER [GROUP] or USER:GROUP");
                    return null;
                default:
                    break;
            }
        }

        if (script.Command.Length == 0)
        {
            common.Findings.Error(block.Words[1], ConfigFault.General, $"No script set for vrrp_script {name} - removing",
                "a vrrp_script needs a line: script \"COMMAND\"");
            return null;
        }

        return script with { Timeout = timeout ?? script.Interval };
    }

    private string[] Command(ConfigNode node)
    {
        return node.ArgumentCount == 0 ? [] : ScriptCommand.Split(node.Words[1], common.Findings) ?? [];
    }

    private TimeSpan? Time(ConfigNode node, string what, string complaint)
    {
        long? microseconds = common.Number(node, $"{what} '{node.Words[1].Text}'{complaint}");
        if (microseconds is null)
        {
            return null;
        }

        // The resolution is a millisecond.
        long rounded = (microseconds.Value + 500) / 1000 * 1000;
        if (rounded == 0)
        {
            common.Findings.Error(node.Words[1], ConfigFault.General, $"{what} must be greater than 0, setting to 1",
                "the smallest is 0.001");
            rounded = 1_000_000;
        }

        return ConfigNumbers.Time(rounded);
    }

    private ScriptConfig Weight(ConfigNode node, ScriptConfig script)
    {
        Word at = node.Words[1];
        long? weight = common.Number(node, $"vrrp_script {script.Name} weight {at.Text} must be in [-253, 253]");
        if (weight is null)
        {
            return script;
        }

        bool isReverse = node.ArgumentCount > 1 && node.Words[2].Text == "reverse";
        if (node.ArgumentCount > 1 && !isReverse)
        {
            common.Findings.Error(node.Words[2], ConfigFault.General,
                $"vrrp_script {script.Name} unknown weight option {node.Words[2].Text}",
                "after the number only 'reverse' may follow");
        }

        return script with { Weight = (int)weight.Value, Reverse = isReverse };
    }

    private int Count(ConfigNode node, string script)
    {
        string word = node.First.Text;
        return (int)(common.Number(node, $"({script}): vrrp script {word} value '{node.Words[1].Text}' invalid, defaulting to 1") ?? 1);
    }
}
