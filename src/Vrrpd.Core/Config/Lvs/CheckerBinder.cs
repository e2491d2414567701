using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// A health check to <see cref="Checker"/>. The rows of the table have checked the words; here is what needs the block around them, or
/// names from elsewhere in the file.
/// </summary>
internal sealed class CheckerBinder(BlockBinder common, HashSet<string> trackFiles, HashSet<string> sessions)
{
    private const int DigestLength = 32;
    private static readonly Argument Length = Argument.Range(0, ushort.MaxValue);
    private readonly PageBinder _pages = new(common);

    /// <summary>Null, with a complaint, if it could check nothing.</summary>
    public Checker? Bind(ConfigNode block, MemberDraft member, string server)
    {
        string kind = block.Keyword!.Name;
        List<LvsSetting> settings = [];
        List<Checker> blocks = [];
        Ip target = member.Address;
        bool hasInterface = false, isGood = true;
        foreach (ConfigNode node in block.Children)
        {
            string name = node.Keyword!.Name;
            if (node.Keyword.Form == KeywordForm.Block)
            {
                if ((name == "url" ? _pages.Bind(node) : Bind(node, member, server)) is { } inner)
                {
                    blocks.Add(inner);
                }

                continue;
            }

            if (node.IsRejected || !IsGood(node, kind, member, server, target, ref isGood))
            {
                continue;
            }

            if (name == "connect_ip" && Ip.TryParse(node.Words[1].Text, out Ip other))
            {
                target = other;
            }

            hasInterface |= name == "bind_if";
            settings.Add(Setting(node));
        }

        Checker checker = new() { Kind = kind, Settings = settings.ToArray(), Blocks = blocks.ToArray(), Where = block.First.Where };
        if (!isGood || Missing(checker, server) is { } missing && Complain(block.End, missing.Text, missing.Advice))
        {
            return null;
        }

        if (kind is not ("MISC_CHECK" or "BFD_CHECK" or "FILE_CHECK" or "host") && !hasInterface && IsLinkLocal(target))
        {
            Complain(block.End, $"Checker link local address {target} requires a bind_if", "add a line: bind_if IF");
        }

        if (kind == "UDP_CHECK")
        {
            CheckLengths(checker, block.End);
        }

        return checker;
    }

    /// <summary>A statement as it stands.</summary>
    public static LvsSetting Setting(ConfigNode node)
    {
        string[] words = new string[node.ArgumentCount];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = node.Words[i + 1].Text;
        }

        return new(node.First.Text, words, node.First.Where);
    }

    private static bool IsLinkLocal(Ip ip) => ip.IsV6 && ip.High >> 54 == 0xfe80 >> 6;

    private bool IsGood(ConfigNode node, string kind, MemberDraft member, string server, Ip target, ref bool isGood)
    {
        Word at = node.Words[Math.Min(1, node.ArgumentCount)];
        switch (kind, node.Keyword!.Name)
        {
            case (_, "bindto") when at.Text.Contains(':', StringComparison.Ordinal) != target.IsV6:
                return !Complain(at, $"bindto address {at.Text} does not match address family of connect_ip - skipping",
                    $"the check connects to {target}; write connect_ip before bindto");
            case ("BFD_CHECK", "name"):
                // keepalived drops the check whose name it cannot use, and says no more about it.
                isGood = Session(node, member, server);
                return isGood;
            case ("FILE_CHECK", "track_file") when !trackFiles.Contains(at.Text):
                return !Complain(at, $"track_file {at.Text} not found", $"write: track_file {at.Text} {{ file PATH }}");
            case ("FILE_CHECK", "weight") when node.ArgumentCount > 1 && node.Words[2].Text != "reverse":
                return !Complain(node.Words[2], $"unknown track file weight option {node.Words[2].Text} - ignoring",
                    "after the number only 'reverse' may follow");
            case ("DNS_CHECK", "name") when at.Text != "." && $".{at.Text}.".Contains("..", StringComparison.Ordinal):
                return !Complain(at, $"DNS_CHECK name '{at.Text}' has empty label - ignoring", "write the name without a dot at either end");
            case ("UDP_CHECK", "payload" or "require_reply"):
                return IsHex(node);
            case ("MISC_CHECK", "misc_path"):
                return node.ArgumentCount > 0 && at.Text.Length > 0;
            default:
                return true;
        }
    }

    private bool Session(ConfigNode node, MemberDraft member, string server)
    {
        Word at = node.Words[Math.Min(1, node.ArgumentCount)];
        string name = at.Text;
        string? text = node.ArgumentCount != 1 ? "No or too many names specified - skipping checker"
            : !sessions.Contains(name) ? $"BFD {name} not configured" : !member.Sessions.Add(name) ? $"RS already monitoring {name}" : null;
        return text is null || !Complain(at, $"({server}) BFD_CHECK - {text}", "the name is that of a bfd_instance, each may stand once");
    }

    /// <summary>Pairs of hexadecimal digits, a pair cut short by a blank; in what is compared, x stands for any digit.</summary>
    private bool IsHex(ConfigNode node)
    {
        bool isReply = node.Keyword!.Name == "require_reply";
        for (int i = 1; i < node.Words.Length; i++)
        {
            foreach (char c in node.Words[i].Text)
            {
                if (!char.IsAsciiHexDigit(c) && !(isReply && c is 'x' or 'X') && c != ' ')
                {
                    return !Complain(node.Words[i], $"Invalid hex string for UDP_CHECK {(isReply ? "reply" : "payload")}",
                        isReply ? "write hexadecimal digits, x for any digit" : "write hexadecimal digits");
                }
            }
        }

        return true;
    }

    /// <summary>What a check cannot be without.</summary>
    private static (string Text, string Advice)? Missing(Checker checker, string server) => checker.Kind switch
    {
        "HTTP_GET" or "SSL_GET" when checker.Blocks.Length == 0 =>
            ("HTTP/SSL_GET checker has no urls specified - ignoring", "add a block: url { path / }"),
        "MISC_CHECK" when !Has(checker, "misc_path") =>
            ("No script path has been specified for MISC_CHECKER - skipping", "add a line: misc_path \"COMMAND\""),
        "BFD_CHECK" when !Has(checker, "name") =>
            ($"({server}) No name has been specified for BFD_CHECKER - skipping", "add a line: name BFD-INSTANCE"),
        "FILE_CHECK" when !Has(checker, "track_file") =>
            ("FILE_CHECK has no track_file specified - ignoring", "add a line: track_file NAME"),
        _ => null,
    };

    private void CheckLengths(Checker checker, Word end)
    {
        long least = Number(checker, "min_reply_length", 0), most = Number(checker, "max_reply_length", 255);
        if (least > most)
        {
            Complain(end, $"UDP_CHECK min_reply length {least} > max_reply_length {most} - will always fail", "no answer can have such a length");
        }
    }

    private static long Number(Checker checker, string keyword, long value)
    {
        foreach (LvsSetting setting in checker.Settings)
        {
            value = setting.Keyword == keyword ? ConfigNumbers.Whole(setting.Words[0], Length.Min, Length.Max, isLax: false).Value : value;
        }

        return value;
    }

    private static bool Has(Checker checker, string keyword) => Array.Exists(checker.Settings, setting => setting.Keyword == keyword);

    /// <summary>Always true.</summary>
    private bool Complain(Word at, string text, string explanation)
    {
        common.Findings.Error(at, ConfigFault.General, text, explanation);
        return true;
    }

    /// <summary>url blocks.</summary>
    private sealed class PageBinder(BlockBinder common)
    {
        private const string Options = " allow_empty_class alt_bsux auto_callout caseless dollar_endonly dotall dupnames extended firstline"
            + " match_unset_backref multiline never_ucp never_utf no_auto_capture no_auto_possess no_dotstar_anchor no_start_optimize ucp"
            + " ungreedy utf never_backslash_c alt_circumflex alt_verbnames use_offset_limit ";

        private static readonly Argument Code = Argument.Range(100, 599), Any = Argument.Range(0, uint.MaxValue);

        /// <summary>Null, with a complaint, if it has no path.</summary>
        public Checker? Bind(ConfigNode block)
        {
            List<LvsSetting> settings = [];
            ConfigNode? search = null;
            bool hasPath = false, hasRegex = false;
            foreach (ConfigNode node in block.Children)
            {
                if (node.IsRejected || !IsGood(node))
                {
                    continue;
                }

                string name = node.Keyword!.Name;
                hasPath |= name == "path";
                hasRegex |= name == "regex";
                search = name.StartsWith("regex", StringComparison.Ordinal) ? node : search;
                settings.Add(Setting(node));
            }

            if (!hasPath)
            {
                common.Findings.Error(block.End, ConfigFault.General, "HTTP/SSL_GET checker url has no path - ignoring", "add a line: path /");
                return null;
            }

            if (search is { } stray && !hasRegex)
            {
                common.Findings.Advise(stray.First, "regex parameters specified without regex", "add a line: regex PATTERN");
            }

            return new() { Kind = "url", Settings = settings.ToArray(), Where = block.First.Where };
        }

        private bool IsGood(ConfigNode node)
        {
            Word at = node.Words[Math.Min(1, node.ArgumentCount)];
            switch (node.Keyword!.Name)
            {
                case "digest":
                    return IsDigest(at);
                case "status_code":
                    return AreCodes(node);
                case "regex" when node.ArgumentCount != 1:
                    return Advise(at, "regex missing or too many fields", "put a pattern that has blanks in double quotes");
                case "regex_options":
                    return AreOptions(node);
                case "regex_min_offset" or "regex_max_offset" when !IsNumber(node, 1):
                    return Advise(at, $"Invalid {node.First.Text} {(node.ArgumentCount > 0 ? at.Text : "")} specified", "it is a number of bytes");
                case "regex_stack" when node.ArgumentCount != 2:
                    return Advise(at, "regex_stack requires start and max values", "write: regex_stack START MAX");
                case "regex_stack" when !IsNumber(node, 1) || !IsNumber(node, 2):
                    return Advise(at, $"regex_stack invalid {(IsNumber(node, 1) ? "max" : "start")} value", "it is a number of bytes");
                default:
                    return true;
            }
        }

        private static bool IsNumber(ConfigNode node, int word) =>
            node.ArgumentCount >= word && ConfigNumbers.Whole(node.Words[word].Text, Any.Min, Any.Max, isLax: false).Complaint.Length == 0;

        private bool IsDigest(Word at)
        {
            string digest = at.Text;
            if (digest.Length != DigestLength)
            {
                common.Findings.Error(at, ConfigFault.General,
                    $"digest '{digest}' character length should be {DigestLength} rather than {digest.Length}", "keepalived --genhash computes it");
                return false;
            }

            for (int i = 0; i < digest.Length; i += 2)
            {
                if (!char.IsAsciiHexDigit(digest[i]) || !char.IsAsciiHexDigit(digest[i + 1]))
                {
                    common.Findings.Error(at, ConfigFault.General,
                        $"Unable to interpret hex digit in '{digest.AsSpan(i, 2)}' at offset {i}/{i + 1}", "keepalived --genhash computes it");
                    return false;
                }
            }

            return true;
        }

        private bool AreCodes(ConfigNode node)
        {
            bool isGood = true;
            for (int i = 1; i < node.Words.Length; i++)
            {
                string text = node.Words[i].Text;
                int dash = text.IndexOf('-', StringComparison.Ordinal);
                ParsedNumber first = ConfigNumbers.Whole(dash < 0 ? text : text[..dash], Code.Min, Code.Max, isLax: false);
                ParsedNumber last = dash < 0 ? first : ConfigNumbers.Whole(text[(dash + 1)..], Code.Min, Code.Max, isLax: false);
                if (first.Complaint.Length > 0 || last.Complaint.Length > 0 || last.Value < first.Value)
                {
                    common.Findings.Error(node.Words[i], ConfigFault.General, $"Invalid HTTP_GET status code '{text}'",
                        "write codes from 100 to 599 or ranges of them as 200-299, with blanks between");
                    isGood = false;
                }
            }

            return isGood;
        }

        private bool AreOptions(ConfigNode node)
        {
            for (int i = 1; i < node.Words.Length; i++)
            {
                if (!Options.Contains($" {node.Words[i].Text} ", StringComparison.Ordinal))
                {
                    return Advise(node.Words[i], $"Unknown regex option '{node.Words[i].Text}'", "options are those of pcre2api in lower case, as caseless");
                }
            }

            return true;
        }

        /// <summary>keepalived says this in its log only; it is no verdict of -t. Always false.</summary>
        private bool Advise(Word at, string text, string explanation)
        {
            common.Findings.Advise(at, text, explanation);
            return false;
        }
    }
}
