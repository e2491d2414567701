using System;

namespace Vrrpd.Core.Config;

/// <summary>
/// Holds every statement of the tree against its row of the keyword table: enough words, too many, of the right kind, in bounds, written
/// twice, without effect. What fails is marked and hidden from the binders, which so deal only with what a row cannot say. Blocks that
/// nobody binds are checked all the same.
/// </summary>
internal sealed class KeywordCheck(Findings findings)
{
    private readonly bool[] _reported = new bool[ConfigKeywords.Count];

    /// <summary>The block in which each row was seen last, by a number that each block gets.</summary>
    private readonly int[] _seenIn = new int[ConfigKeywords.Count];
    private int _block;

    /// <summary>The name of the nearest block that has one: complaints begin with it.</summary>
    private Word _name;

    private string Name => _name.IsNone ? "" : _name.Text;

    /// <param name="isSummed">That nothing here is served is said elsewhere.</param>
    public void Run(ConfigNode block, bool isSummed = false)
    {
        int number = ++_block;
        foreach (ConfigNode node in block.Children)
        {
            // What is skipped as a whole has been rejected before.
            if (node.IsRejected || node.Keyword is not { } keyword)
            {
                continue;
            }

            if (keyword.IsDeprecated)
            {
                findings.Error(node.First, ConfigFault.Deprecated, $"Keyword \"{keyword.Name}\" is deprecated"
                    + (keyword.SameAs.Length > 0 ? $" - please use \"{keyword.SameAs}\"" : ""), keyword.Help);
            }

            if (!HasWords(node, keyword) || !(keyword.IsFree || AreGood(node, keyword)))
            {
                node.Reject();
            }
            else
            {
                if (_seenIn[keyword.Row] == number)
                {
                    CheckRepeat(node, keyword);
                }

                _seenIn[keyword.Row] = number;
            }

            // What a block without effect holds has none either; only what follows besides is worth a line.
            if (keyword.Support == KeywordSupport.NotYet && !_reported[keyword.Row] && !isSummed && !keyword.IsSummed
                && !(block.Keyword?.Support == KeywordSupport.NotYet && keyword.Consequence.Length == 0))
            {
                _reported[keyword.Row] = true;
                findings.Advise(node.First, $"Keyword '{keyword.Name}' is understood but has no effect yet", keyword.Consequence,
                    FindingCode.NoEffect);
            }

            if (keyword.Form == KeywordForm.Block)
            {
                Word outer = _name;
                _name = keyword.Most > 0 && node.ArgumentCount > 0 ? node.Words[1] : outer;
                Run(node, isSummed || keyword.IsSummed);
                _name = outer;
            }
        }
    }

    /// <summary>A word that should be a number of this kind; null, after a complaint, if it is of no use.</summary>
    public long? Number(Word at, Argument argument, bool isLax, string complaint, string expected)
    {
        ParsedNumber number = argument.Kind == ArgumentKind.Seconds
            ? ConfigNumbers.Seconds(at.Text, argument.Min, argument.Max)
            : ConfigNumbers.Whole(at.Text, argument.Min, argument.Max, isLax);
        if (number.Complaint.Length == 0)
        {
            return number.Value;
        }

        findings.Add(new Diagnostic(at.Where, Severity.Error, ConfigFault.InvalidNumber, number.IsUsable ? number.Complaint : complaint)
        {
            Lead = number.IsUsable ? "" : number.Complaint,
            IsLax = isLax || argument.Kind == ArgumentKind.Seconds,
            Explanation = number.IsUsable ? $"'{at.Text}' is read up to the part that makes no sense" : expected,
            SourceLine = at.Line.Shown,
        }.From(at));
        return number.IsUsable ? number.Value : null;
    }

    private bool HasWords(ConfigNode node, Keyword keyword)
    {
        if (node.ArgumentCount < (keyword.IsSoft ? keyword.Expected : keyword.Mandatory))
        {
            ReportMissing(node, keyword);
            return false;
        }

        if (node.ArgumentCount > keyword.Most && keyword.Form != KeywordForm.Values)
        {
            Word extra = node.Words[keyword.Most + 1];
            if (keyword.IsSecret)
            {
                findings.Add(new(node.Words[1].Where, Severity.Warning, ConfigFault.None, $"Extra parameter of '{keyword.Name}' is ignored")
                {
                    Explanation = "put a value that has blanks in double quotes",
                    SourceLine = node.First.Line.ShownUpTo(node.First.End),
                    Code = FindingCode.ExtraParameter,
                });
                return true;
            }

            findings.Advise(extra, $"Extra parameter '{extra.Text}' of '{keyword.Name}' is ignored",
                keyword.Arguments is [{ Kind: ArgumentKind.Command }, ..] ? "put the command and its arguments together in double quotes"
                    : "a statement ends with its line: is this the next one?", FindingCode.ExtraParameter);
        }

        return true;
    }

    private void ReportMissing(ConfigNode node, Keyword keyword)
    {
        string why = $"{keyword.Name} needs {keyword.ArgumentText}: {keyword.Help}";
        if (keyword.IsSoft)
        {
            findings.Error(node.First, ConfigFault.General, Complaint(keyword, keyword.MissingComplaint.Length > 0 ? keyword.MissingComplaint
                : keyword.Complaint, node, ""), why);
            return;
        }

        findings.MissingArgument(node, node.First, why);
    }

    private void CheckRepeat(ConfigNode node, Keyword keyword)
    {
        if (keyword.Repeat == RepeatRule.LastWins && keyword.Name != "state")
        {
            findings.Advise(node.First, $"Keyword '{keyword.Name}' is repeated", "the last one counts", FindingCode.Repeated);
        }
    }

    private bool AreGood(ConfigNode node, Keyword keyword)
    {
        int next = 1;
        foreach (Argument argument in keyword.Arguments)
        {
            int start = next;
            do
            {
                if (next >= node.Words.Length)
                {
                    // Optional words in front may have used up what was to be here.
                    bool isMissing = next == start && !argument.IsOptional && (keyword.IsSoft || keyword.Mandatory == keyword.Expected);
                    if (isMissing)
                    {
                        ReportMissing(node, keyword);
                    }

                    return !isMissing;
                }

                Word at = node.Words[next];
                if (argument.IsOptional && argument.Kind == ArgumentKind.Choice && !argument.Accepts(at.Text) && next < keyword.Arguments.Length)
                {
                    // Optional words may be left out one by one; what is none of them is found by the last.
                    break;
                }

                if (!IsGood(node, at, keyword, argument))
                {
                    return false;
                }

                next += argument.Kind is ArgumentKind.User or ArgumentKind.Rest ? node.Words.Length : 1;
            }
            while (argument.Repeats);
        }

        return true;
    }

    private bool IsGood(ConfigNode node, Word at, Keyword keyword, Argument argument)
    {
        if (argument.IsNumber)
        {
            // Nearly all of them; the words for a complaint are put together only for one.
            return ConfigNumbers.IsPlain(at.Bytes, argument, out _)
                || Number(at, argument, keyword.IsLax, Complaint(keyword, keyword.Complaint, node, at.Text),
                $"{keyword.Name} takes {keyword.ArgumentText}, not '{at.Text}'") is not null;
        }

        bool isGood = argument.Kind switch
        {
            ArgumentKind.Choice => argument.Accepts(at.Text),
            ArgumentKind.Bool => at.Is("on"u8) || at.Is("true"u8) || at.Is("yes"u8) || at.Is("off"u8) || at.Is("false"u8) || at.Is("no"u8),
            ArgumentKind.Address => Ip.TryParseV4(at.Text, out _) || Ip.TryParseV6(at.Text, out _),
            ArgumentKind.Address4 => Ip.TryParseV4(at.Text, out _),
            ArgumentKind.Address6 => Ip.TryParseV6(at.Text, out _),
            ArgumentKind.Interface => at.Bytes.Length is > 0 and <= 15 || at.Text.Length is > 0 and <= 15,
            _ => true,
        };
        if (!isGood)
        {
            string text = argument.Kind == ArgumentKind.Interface && keyword.Complaint.Length == 0
                ? $"Interface name '{at.Text}' too {(at.Text.Length == 0 ? "short" : "long")} - ignoring"
                : Complaint(keyword, keyword.Complaint, node, at.Text);
            findings.Error(at, ConfigFault.General, text, argument.Kind == ArgumentKind.Interface ? "an interface name has 1 to 15 characters"
                : $"{keyword.Name} takes {keyword.ArgumentText}, not '{(keyword.IsSecret ? "***" : at.Text)}'");
        }

        return isGood;
    }

    private string Complaint(Keyword keyword, string pattern, ConfigNode node, string value)
    {
        string text = pattern.Length > 0 ? pattern
            : Name.Length > 0 ? "(%n): %k '%v' invalid - ignoring" : "%k '%v' invalid - ignoring";
        return text.Replace("%n", Name, StringComparison.Ordinal).Replace("%k", node.First.Text, StringComparison.Ordinal)
            .Replace("%v", keyword.IsSecret ? "***" : value, StringComparison.Ordinal);
    }
}
