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
        foreach (ConfigNode node in BlockBinder.Accepted(block, common.Refuse))
        {
            switch (node.Keyword!.Name)
            {
                case "script" when node.ArgumentCount > 0:
                    script = script with { Command = Command(node), CommandWhere = node.Words[1].Where };
                    break;
                case "interval":
                    script = script with { Interval = Time(node, $"({name}): vrrp script interval") };
                    break;
                case "timeout":
                    timeout = Time(node, $"({name}): vrrp script timeout");
                    break;
                case "weight":
                    script = Weight(node, script);
                    break;
                case "rise":
                    script = script with { Rise = (int)BlockBinder.Number(node) };
                    break;
                case "fall":
                    script = script with { Fall = (int)BlockBinder.Number(node) };
                    break;
                case "user" when BlockBinder.User(node) is { } user:
                    script = script with { User = user.User, Group = user.Group, UserWhere = node.Words[1].Where };
                    break;
                case "user":
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
            common.Findings.Error(block.End, ConfigFault.General, $"No script set for vrrp_script {name} - removing",
                "a vrrp_script needs a line: script \"COMMAND\"");
            return null;
        }

        return script with { Timeout = timeout ?? script.Interval };
    }

    private string[] Command(ConfigNode node) => ScriptCommand.Split(node.Words[1], common.Findings) ?? [];

    private TimeSpan Time(ConfigNode node, string what)
    {
        long microseconds = BlockBinder.Number(node);

        // The resolution is a millisecond.
        long rounded = (microseconds + 500) / 1000 * 1000;
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
        (long? weight, bool isReverse) = common.Weight(node, $"vrrp_script {script.Name} weight %v must be in [-253, 253]",
            $"vrrp_script {script.Name}");
        return weight is null ? script : script with { Weight = (int)weight.Value, Reverse = isReverse };
    }
}
