using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// The configuration as it counts: without what was rejected, replaced or comes too late, and with the defaults and inherited values
/// written out. Defaults are added for keywords that have an effect only: others would ask for something that nobody asked for.
/// </summary>
internal sealed class EffectiveConfig
{
    private const string Mask = "********", MinGarp = "vrrp_min_garp";

    private readonly bool _showsSecrets;
    private readonly bool _isMinimal;
    private readonly LintModel _model;
    private readonly Dictionary<object, LintInstance> _instances = [];

    private EffectiveConfig(TreeNode root, bool showsSecrets)
    {
        (_showsSecrets, _model) = (showsSecrets, new(root));
        _isMinimal = _model.Globals.Last(MinGarp).IsOn();
        foreach (LintInstance instance in _model.Instances)
        {
            _instances.Add(instance.Node, instance);
        }
    }

    public static List<EffectiveNode> Of(TreeNode root, bool showsSecrets)
    {
        EffectiveConfig config = new(root, showsSecrets);
        List<EffectiveNode> all = [config.Globals()];
        HashSet<string> names = [];
        foreach (TreeNode node in root.Children)
        {
            bool isNamed = node.Keyword!.Arguments is [{ Kind: ArgumentKind.Name }, ..];
            if (node.IsRejected || node.Keyword.Name == "global_defs"
                || (isNamed && (node.ArgumentCount == 0 || (node.Keyword.Name == "vrrp_instance" && node.ArgumentCount != 1)))
                || (isNamed && !names.Add($"{node.Keyword.Opens?.Name} {node.Words[1].Text}"))
                || IsRemoved(node))
            {
                continue;
            }

            if (node.Keyword.Form != KeywordForm.Statement || Counts(root, node))
            {
                all.Add(config.Node(node));
            }
        }

        return all;
    }

    /// <summary>A script with a user that cannot be one is not run as anybody, whatever user stands below.</summary>
    private static bool IsRemoved(TreeNode node) => node.Keyword!.Name == "vrrp_script" && node.Named("user").Exists(
        line => BlockBinder.User(line.ArgumentCount, line.Words[1].Text, line.ArgumentCount > 1 ? line.Words[2].Text : "") is null);

    /// <summary>All global_defs as one block.</summary>
    private EffectiveNode Globals()
    {
        TreeNode? first = _model.Root.Last("global_defs");
        EffectiveNode block = new()
        {
            Keyword = "global_defs",
            IsBlock = true,
            Where = first?.First.Where ?? SourceSpan.None,
            Source = first is null ? ValueSource.Default : ValueSource.Written,
        };
        Fill(block, _model.Globals, ConfigKeywords.Block("global_defs"));
        return block;
    }

    /// <summary>Depth is bounded by the grammar: what nests deeper is not in the table and not in the tree.</summary>
    private EffectiveNode Node(TreeNode node)
    {

        // What follows a secret may well be the rest of it: one with blanks and without quotes.
        int secret = node.Keyword is { IsSecret: true } keyword && !_showsSecrets ? Math.Min(keyword.Arguments.Length, node.Words.Length - 1) : int.MaxValue;
        int first = node.Keyword is null ? 0 : 1;
        bool isCommand = node.Keyword is { Arguments: [{ Kind: ArgumentKind.Command }, ..] };
        List<string> written = [], meant = [];
        for (int i = first; i < node.Words.Length; i++)
        {
            bool isMasked = i >= secret && i > 0;
            written.Add(isMasked ? Mask : WordText.Written(node.Words[i], isFirst: i == 0, isCommand));
            meant.Add(isMasked ? Mask : node.Words[i].Text);
        }

        // Words behind a block of lines that has no name say nothing.
        bool isIgnored = node.Keyword is { Form: KeywordForm.Values, Most: 0 };
        EffectiveNode copy = new()
        {
            Keyword = node.Keyword?.Name ?? "",
            Written = isIgnored ? [] : written.ToArray(),
            Meant = isIgnored ? [] : meant.ToArray(),
            Raw = isIgnored || secret < int.MaxValue || written.Count == 0 ? "" : WordText.Raw(node.Words[first], node.Words[^1]),
            IsBlock = node.Keyword is { Form: not KeywordForm.Statement },
            Where = node.First.Where,
            Trace = TraceOf(node),
        };
        Fill(copy, node, node.Keyword is { Form: KeywordForm.Block } ? node.Keyword.Opens : null);
        return copy;
    }

    /// <summary>Of the first word that has a history: the keyword of a line is often plain where its value is a variable.</summary>
    private static TraceStep[] TraceOf(TreeNode node)
    {
        TraceStep[] longest = [];
        foreach (Word word in node.Words)
        {
            TraceStep[] trace = word.HasTrace ? word.Trace : [];
            longest = trace.Length > longest.Length ? trace : longest;
        }

        return longest;
    }

    /// <param name="kind">The keywords that the block may have, for the values that are not written.</param>
    private void Fill(EffectiveNode copy, TreeNode block, KeywordBlock? kind)
    {
        foreach (TreeNode child in block.Children)
        {
            if (!child.IsRejected && (child.Keyword is null || Counts(block, child)))
            {
                copy.Children.Add(Node(child));
            }
        }

        if (kind is null)
        {
            return;
        }

        foreach (Keyword keyword in ConfigKeywords.All)
        {
            if (keyword.Where == kind && keyword.Form == KeywordForm.Statement && keyword.SameAs.Length == 0 && !IsWritten(block, keyword)
                && Missing(block, keyword) is { } value)
            {
                copy.Children.Add(value);
            }
        }
    }

    /// <summary>Whether a statement is the one of its kind that counts.</summary>
    private static bool Counts(TreeNode block, TreeNode node)
    {
        Keyword keyword = node.Keyword!;
        if (keyword.Form != KeywordForm.Statement || keyword.Repeat == RepeatRule.Adds || keyword.IsFree)
        {
            return true;
        }

        // A script without a command changes nothing, nor does a user with more behind than a group.
        TreeNode? counts = keyword.Name switch
        {
            "script" => block.Named("script").FindLast(other => other.ArgumentCount > 0),
            "script_user" => block.Named("script_user").FindLast(other => other.ArgumentCount <= 2),
            _ => block.Last(keyword.Name),
        };
        if (keyword.Name == "priority" && block.HasWrongPriority())
        {
            return false;
        }

        if (keyword.Repeat == RepeatRule.FirstWins)
        {
            counts = block.Children.Find(other => other.Keyword == keyword && !other.IsRejected);
        }

        return ReferenceEquals(counts, node);
    }

    private static bool IsWritten(TreeNode block, Keyword keyword) => !(keyword.Name == "priority" && block.HasWrongPriority())
        && block.Children.Exists(child => !child.IsRejected && child.Keyword is { } other && (other == keyword || other.SameAs == keyword.Name));

    /// <summary>The value of a keyword that is not written; null if there is nothing to say.</summary>
    private EffectiveNode? Missing(TreeNode block, Keyword keyword)
    {
        bool isServed = keyword.Support == KeywordSupport.Served && !keyword.IsFree;
        if (_instances.TryGetValue(block, out LintInstance? instance))
        {
            // Those whose default depends on other keywords of the instance.
            if (keyword.Name == "priority" && (instance.IsOwner || block.HasWrongPriority()))
            {
                return instance.IsOwner ? Standard(keyword, "255", "state MASTER") : Standard(keyword, "100", "a priority that cannot be used");
            }

            if (keyword.Name == "version" && (instance.IsV6 || IsDual(block)))
            {
                return Standard(keyword, "3", instance.IsV6 ? "IPv6 addresses" : "dual_version");
            }
        }

        // A value that has no effect yet is not inherited either, and strict mode answers for itself.
        bool isStrict = instance is { IsStrict: true } && keyword.Name is "garp_lower_prio_repeat" or "garp_lower_prio_delay"
            or "down_timer_adverts" or "higher_prio_send_advert" or "lower_prio_no_advert";
        if (!isServed || isStrict)
        {
            return null;
        }

        string from = keyword.From;
        for (int hops = 0; from.Length > 0 && hops < 3; hops++)
        {
            if (_model.Globals.Last(from) is { } global && global.Words.Length > 1)
            {
                return new()
                {
                    Keyword = keyword.Name,
                    Written = WordText.Arguments(global),
                    Meant = Array.ConvertAll(global.Words[1..], word => word.Text),
                    Source = ValueSource.Inherited,
                    Where = global.First.Where,
                    From = global.Keyword!.Name,
                };
            }

            Keyword? row = ConfigKeywords.Find(ConfigKeywords.Block("global_defs")!, from);
            if (row is not null && DefaultOf(row) is { Length: > 0 } standard)
            {
                return Standard(keyword, standard, standard == row.Default ? "" : MinGarp);
            }

            from = row?.From ?? "";
        }

        string value = DefaultOf(keyword);
        return value.Length > 0 ? Standard(keyword, value, value == keyword.Default ? "" : MinGarp) : null;
    }

    private static bool IsDual(TreeNode block) => block.Last("dual_version") is { IsRejected: false } dual && dual.IsOn();

    /// <summary>vrrp_min_garp changes what holds for three words; of the last one it is a number that cannot be written.</summary>
    private string DefaultOf(Keyword keyword) => !_isMinimal ? keyword.Default : keyword.Name switch
    {
        "vrrp_garp_master_repeat" => "1",
        "vrrp_garp_master_delay" => "0",
        "vrrp_garp_master_refresh_repeat" => "",
        _ => keyword.Default,
    };

    /// <summary>A default, if the keyword would take it when it is written.</summary>
    private static EffectiveNode? Standard(Keyword keyword, string value, string because)
    {
        bool isGood = keyword.Arguments is [{ } argument, ..] && argument.Kind switch
        {
            ArgumentKind.Whole => ConfigNumbers.Whole(value, argument.Min, argument.Max, false).Complaint.Length == 0,
            ArgumentKind.Seconds => ConfigNumbers.Seconds(value, argument.Min, argument.Max).Complaint.Length == 0,
            ArgumentKind.Choice => argument.Accepts(value),
            ArgumentKind.Bool => false,
            _ => true,
        };
        return isGood ? new() { Keyword = keyword.Name, Written = [value], Meant = [value], Source = ValueSource.Default, From = because } : null;
    }
}
