using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// Pieces of lines to a tree of what the keyword table knows. Unknown statements are reported and left out. Braces in wrong places get
/// keepalived's words and reaction but for one: the braces of a block that nobody knows are matched and skipped, where keepalived lets the
/// inner '}' end the surrounding block. A stack of its own and a counter make depth harmless.
/// </summary>
internal sealed class ConfigTree
{
    private readonly ConfigDocument _document;
    private readonly Findings _findings;

    /// <summary>The blocks that are open, outermost first, each with the last of its children so far.</summary>
    private readonly List<(int Node, int LastChild)> _open = [(0, 0)];
    private readonly KeywordBlock? _globals = ConfigKeywords.Block("global_defs");
    private Keyword? _block;
    private int _pending;

    /// <summary>The statement before, which a brace would belong to; line -1 for none. In three numbers: a copy of the whole piece would
    /// have to wait for its parts, written a moment ago, and on every line.</summary>
    private int _beforeLine = -1, _beforeStart, _beforeEnd;
    private bool _beforeIsUnknown;
    private int _skip;
    private Word _skipStart;
    private int _unclosed;
    private KeepalivedReading? _other;

    public ConfigTree(ConfigDocument document, Findings findings) => (_document, _findings) = (document, findings);

    /// <summary>Told of each statement of global_defs: some act from where they stand.</summary>
    public required Action<ConfigNode> Configure { get; init; }

    private ConfigNode Current => new(_document, _open[^1].Node);

    private ConfigNode Pending => new(_document, _pending);

    public void Open(int line, int at)
    {
        _other?.Open(line, at);
        _unclosed++;
        LexPiece? before = _beforeLine < 0 ? null : new(_beforeLine, _beforeStart, _beforeEnd, false);
        _beforeLine = -1;
        if (_skip > 0)
        {
            _skip++;
            return;
        }

        if (_pending != 0)
        {
            Enter();
            return;
        }

        Word brace = _document.Stretch(line, at, at + 1);
        if (before is { } statement && (_beforeIsUnknown || statement.Line == line))
        {
            Word first = new(_document, statement.Line, PlainWords.First(_document, statement));
            bool hidesRest = statement.Line == line && IsSecret;
            _findings.Add(new Diagnostic(brace.Where, Severity.Error, ConfigFault.UnexpectedBrace, "Unexpected '{' - ignoring")
            {
                Explanation = $"'{first.Text}' opens no block in {Current.Title}: everything up to the matching '}}' is skipped",
                SourceLine = statement.Line == line ? Shown(first) : brace.Line.Shown,
            }.From(hidesRest ? first : brace, hidesRest));
            Part(_unclosed - 1)?.Open(line, at);
            _skip = 1;
            _skipStart = brace;
        }
        else
        {
            _findings.Error(brace, ConfigFault.UnexpectedBrace, "Unexpected '{' - ignoring", "no block starts here; remove it");
        }
    }

    public void Close(int line, int at)
    {
        if (_pending != 0)
        {
            Part(_unclosed);
        }

        _other?.Close(line, at);
        _unclosed--;
        _beforeLine = -1;
        if (_skip > 0)
        {
            _skip--;
            return;
        }

        if (_pending != 0)
        {
            ReportMissingOpen(_document.Stretch(line, at, at + 1));
            ReportExtra(Pending, Pending.Keyword!);
            Pending.CloseAt(line, at);
            _pending = 0;
        }
        else if (_open.Count > 1)
        {
            Current.CloseAt(line, at);
            _open.RemoveAt(_open.Count - 1);
            _block = Current.Keyword;
        }
        else
        {
            _findings.Error(_document.Stretch(line, at, at + 1), ConfigFault.UnexpectedBrace, "Extra '}' found",
                "no block is open here: remove it, or look for a missing '{' above");
        }
    }

    public void Text(LexPiece piece)
    {
        if (_pending != 0 && _skip == 0)
        {
            Part(_unclosed);
        }

        _other?.Text(piece);
        if (_skip > 0)
        {
            return;
        }

        if (_pending != 0)
        {
            ReportMissingOpen(_document.Stretch(piece.Line, piece.Start, piece.End));
            Enter();
            if (_skip > 0)
            {
                return;
            }
        }

        (_beforeLine, _beforeStart, _beforeEnd) = (piece.Line, piece.Start, piece.End);
        _beforeIsUnknown = false;
        int words = _document.WordCount;
        if (_block is { Form: KeywordForm.Values })
        {
            PlainWords.Split(_document, piece, piece.Start, _findings);
            AddNode(null, piece.Line, words);
            return;
        }

        KeywordBlock where = _block?.Opens ?? ConfigKeywords.Root;
        WordEntry start = PlainWords.First(_document, piece);
        Word first = new(_document, piece.Line, start);
        Keyword? keyword = Find(where, first);
        if (keyword is null)
        {
            _beforeIsUnknown = true;
            ReportUnknown(first, where);
            return;
        }

        bool isCommand = keyword.Arguments is [{ Kind: ArgumentKind.Command }, ..];
        if (isCommand)
        {
            ScriptCommand.OuterWords(_document, piece, _findings);
        }

        if (_document.WordCount == words)
        {
            _document.AddWord(start);
            if (!isCommand)
            {
                PlainWords.Split(_document, piece, start.End, _findings);
            }
        }

        int node = AddNode(keyword, piece.Line, words);
        if (ReferenceEquals(where, _globals))
        {
            Configure(new(_document, node));
        }

        if (keyword.Form != KeywordForm.Statement)
        {
            _pending = node;
        }
    }

    /// <summary>The only place where the keyword table is asked.</summary>
    private static Keyword? Find(KeywordBlock where, Word name) => ConfigKeywords.Find(where, name.Bytes);

    private int AddNode(Keyword? keyword, int line, int firstWord)
    {
        int node = _document.AddNode(keyword, line, firstWord);
        (int parent, int last) = _open[^1];
        if (last == 0)
        {
            _document.NodeAt(parent).BeParent();
        }
        else
        {
            _document.NodeAt(last).Next = node;
        }

        _open[^1] = (parent, node);
        return node;
    }

    private void ReportUnknown(Word first, KeywordBlock where)
    {
        string name = first.Text;
        string why = _findings.IsFull ? "" : $"'{name}' is not a keyword of {Current.Title}{Suggestion.For(name, where)}";
        _findings.Add(new Diagnostic(first.Where, Severity.Error, ConfigFault.UnknownKeyword, $"Unknown keyword '{name}'")
        {
            Explanation = why,
            SourceLine = Shown(first),
        }.From(first, IsSecret));
    }

    /// <summary>Behind an unknown word of authentication there may well be a password: auth_pass mistyped.</summary>
    private bool IsSecret => _block?.Name is "authentication" or "auth_hmac" or "SSL";

    private string Shown(Word first) => IsSecret ? first.Line.ShownUpTo(first.End) : first.Line.Shown;

    /// <summary>Into the block that waits for its brace.</summary>
    private void Enter()
    {
        ConfigNode node = Pending;
        Keyword keyword = node.Keyword!;
        _pending = 0;
        if (keyword.Opens is null)
        {
            _skip = 1;
            _skipStart = node.First;
            return;
        }

        ReportExtra(node, keyword);
        _open.Add((node.Index, 0));
        _block = keyword;
    }

    private void ReportExtra(ConfigNode node, Keyword keyword)
    {
        if (keyword.Form == KeywordForm.Values && node.ArgumentCount > keyword.Most)
        {
            Word extra = node.Words[keyword.Most + 1];
            _findings.Error(extra, ConfigFault.General, $"Block {keyword.Name} has extra parameters {extra.Text} ...",
                "data belongs between the braces, one entry a line");
        }
    }

    private void ReportMissingOpen(Word at)
    {
        ConfigNode block = Pending;
        bool isValues = block.Keyword!.Form == KeywordForm.Values;
        string text = isValues ? $"'{{' missing from beginning of block {block.Keyword.Name}"
            : "Missing '{' at beginning of configuration block";
        string why = $"'{{' is missing after {block.Title} in line {block.First.Line.Number}";
        _findings.Add(new Diagnostic(at.Where, Severity.Error, ConfigFault.UnexpectedBrace, text)
        {
            Explanation = why,
            SourceLine = at.Line.Shown,
            IsBare = isValues
        }.From(at));
    }

    /// <summary>From here on keepalived reads otherwise; null if it has before.</summary>
    /// <param name="depth">Braces that are open.</param>
    private KeepalivedReading? Part(int depth)
    {
        if (_other is not null)
        {
            return null;
        }

        List<Keyword> open = [];
        for (int i = 1; i < _open.Count; i++)
        {
            open.Add(new ConfigNode(_document, _open[i].Node).Keyword!);
        }

        _other = new(_document, open, depth) { Pending = _pending == 0 ? null : Pending.Keyword };
        return _other;
    }

    /// <summary>No more text follows.</summary>
    public void End()
    {
        ReportUnclosed();
        _other?.Report(_findings);
    }

    private void ReportUnclosed()
    {
        if (_pending != 0)
        {
            ReportMissingOpen(Pending.First);
        }

        if (_unclosed <= 0)
        {
            return;
        }

        bool isOpen = _skip > 0 || _open.Count > 1;
        Word at = _skip > 0 ? _skipStart : isOpen ? Current.First : default;
        string block = _skip == 0 && isOpen ? Current.Title : "the block";
        string why = isOpen
            ? $"{block} that starts in line {at.Line.Number} is still open at the end of the file"
            : "there is a '{' too many above";
        _findings.Add(new(isOpen ? at.Where : SourceSpan.None, Severity.Error, ConfigFault.UnexpectedBrace,
            $"There are {_unclosed} missing '}}'s or extra '{{'s")
        {
            Explanation = why,
            SourceLine = isOpen ? at.Line.Shown : "",
            IsBare = true,
        });
    }
}
