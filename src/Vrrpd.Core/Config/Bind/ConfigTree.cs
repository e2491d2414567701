using System.Collections.Generic;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>A statement, a block or a line of data, as written.</summary>
internal sealed class ConfigNode(Keyword? keyword, Word[] words)
{
    /// <summary>Null for the root and for lines of data.</summary>
    public Keyword? Keyword { get; } = keyword;

    /// <summary>The keyword itself first.</summary>
    public Word[] Words { get; } = words;
    public List<ConfigNode> Children { get; } = [];
    public Word First => Words[0];
    public int ArgumentCount => Words.Length - 1;

    /// <summary>The brace that closes it; null if none does. keepalived reports there what it finds when a block is over.</summary>
    public Word? End { get; set; }

    /// <summary>The check of the table found it unusable and said so.</summary>
    public bool IsRejected { get; set; }

    /// <summary>How to speak of a block: vrrp_script 'check_alived'.</summary>
    public string Title => Keyword is null ? "the top level"
        : Words.Length > 1 && Keyword.Most > 0 ? $"{Keyword.Name} '{Words[1].Text}'" : Keyword.Name;
}

/// <summary>
/// Pieces of lines to a tree of what the keyword table knows. Unknown statements are reported and left out. Braces in wrong places get
/// keepalived's words and reaction but for one: the braces of a block that nobody knows are matched and skipped, where keepalived lets the
/// inner '}' end the surrounding block. A stack of its own and a counter make depth harmless.
/// </summary>
internal sealed class ConfigTree
{
    private readonly Findings _findings;
    private readonly List<ConfigNode> _open = [new(null, [])];
    private ConfigNode? _pending;
    private LexPiece? _before;
    private bool _beforeIsUnknown;
    private int _skip;
    private Word _skipStart;
    private int _unclosed;

    private ConfigTree(Findings findings) => _findings = findings;

    private ConfigNode Current => _open[^1];

    public static ConfigNode Build(List<LexPiece> pieces, Findings findings)
    {
        ConfigTree tree = new(findings);
        foreach (LexPiece piece in pieces)
        {
            switch (piece.Kind)
            {
                case LexKind.Open:
                    tree.Open(piece);
                    break;
                case LexKind.Close:
                    tree.Close(piece);
                    break;
                default:
                    tree.Text(piece);
                    break;
            }
        }

        tree.End();
        return tree._open[0];
    }

    private void Open(LexPiece piece)
    {
        _unclosed++;
        LexPiece? before = _before;
        _before = null;
        if (_skip > 0)
        {
            _skip++;
        }
        else if (_pending is not null)
        {
            Enter(_pending);
        }
        else if (before is { } statement && (_beforeIsUnknown || ReferenceEquals(statement.Line, piece.Line)))
        {
            Word first = FirstWord(statement);
            _findings.Add(new(piece.AsWord.Where, Severity.Error, ConfigFault.UnexpectedBrace, "Unexpected '{' - ignoring")
            {
                Explanation = $"'{first.Text}' opens no block in {Current.Title}: everything up to the matching '}}' is skipped",
                SourceLine = ReferenceEquals(first.Line, piece.Line) ? Shown(first) : piece.Line.Shown,
            });
            _skip = 1;
            _skipStart = piece.AsWord;
        }
        else
        {
            _findings.Error(piece.AsWord, ConfigFault.UnexpectedBrace, "Unexpected '{' - ignoring", "no block starts here; remove it");
        }
    }

    private void Close(LexPiece piece)
    {
        _unclosed--;
        _before = null;
        if (_skip > 0)
        {
            _skip--;
            return;
        }

        if (_pending is not null)
        {
            ReportMissingOpen(piece.AsWord);
            _pending = null;
        }
        else if (_open.Count > 1)
        {
            _open[^1].End = piece.AsWord;
            _open.RemoveAt(_open.Count - 1);
        }
        else
        {
            _findings.Error(piece.AsWord, ConfigFault.UnexpectedBrace, "Extra '}' found",
                "no block is open here: remove it, or look for a missing '{' above");
        }
    }

    private void Text(LexPiece piece)
    {
        if (_skip > 0)
        {
            return;
        }

        if (_pending is not null)
        {
            ReportMissingOpen(piece.AsWord);
            Enter(_pending);
            if (_skip > 0)
            {
                return;
            }
        }

        _before = piece;
        _beforeIsUnknown = false;
        if (Current.Keyword is { Form: KeywordForm.Values })
        {
            Current.Children.Add(new(null, PlainWords.Split(piece, _findings)));
            return;
        }

        KeywordBlock where = Current.Keyword?.Opens ?? ConfigKeywords.Root;
        Word first = FirstWord(piece);
        Keyword? keyword = ConfigKeywords.Find(where, first.Text);
        if (keyword is null)
        {
            _beforeIsUnknown = true;
            string why = _findings.IsFull ? "" : $"'{first.Text}' is not a keyword of {Current.Title}{Suggestion.For(first.Text, where)}";
            _findings.Add(new(first.Where, Severity.Error, ConfigFault.UnknownKeyword, $"Unknown keyword '{first.Text}'")
            {
                Explanation = why,
                SourceLine = Shown(first),
            });
            return;
        }

        Word[] words = keyword.Arguments is [{ Kind: ArgumentKind.Command }, ..] ? ScriptCommand.OuterWords(piece, _findings) : PlainWords.Split(piece,
            _findings);
        ConfigNode node = new(keyword, words.Length == 0 ? [first] : words);
        Current.Children.Add(node);
        if (keyword.Form != KeywordForm.Statement)
        {
            _pending = node;
        }
    }

    /// <summary>Behind an unknown word of authentication there may well be a password: auth_pass mistyped.</summary>
    private string Shown(Word first) =>
        Current.Keyword?.Name == "authentication" ? first.Line.Text[..first.End] + " ********" : first.Line.Shown;

    /// <summary>The keyword must be known before the words can be cut, because scripts are quoted differently.</summary>
    private Word FirstWord(LexPiece piece)
    {
        string line = piece.Line.Text;
        if (line[piece.Start] == '"')
        {
            return PlainWords.Split(piece with { HasOpenQuote = true }, _findings)[0];
        }

        int end = piece.Start;
        while (end < piece.End && !ConfigLexer.IsBlank(line[end]) && line[end] != '"')
        {
            end++;
        }

        return new(line[piece.Start..end], piece.Line, piece.Start, end);
    }

    private void Enter(ConfigNode node)
    {
        _pending = null;
        if (node.Keyword!.Opens is null)
        {
            _skip = 1;
            _skipStart = node.First;
            return;
        }

        if (node.Keyword.Form == KeywordForm.Values && node.ArgumentCount > 0)
        {
            _findings.Error(node.Words[1], ConfigFault.General, $"Block {node.Keyword.Name} has extra parameters {node.Words[1].Text} ...",
                "data belongs between the braces, one entry a line");
        }

        _open.Add(node);
    }

    private void ReportMissingOpen(Word at)
    {
        ConfigNode block = _pending!;
        bool isValues = block.Keyword!.Form == KeywordForm.Values;
        string text = isValues ? $"'{{' missing from beginning of block {block.Keyword.Name}"
            : "Missing '{' at beginning of configuration block";
        string why = string.Create(CultureInfo.InvariantCulture, $"'{{' is missing after {block.Title} in line {block.First.Line.Number}");
        _findings.Add(new(at.Where, Severity.Error, ConfigFault.UnexpectedBrace, text)
        {
            Explanation = why,
            SourceLine = at.Line.Shown,
            IsBare = isValues
        });
    }

    private void End()
    {
        if (_pending is not null)
        {
            ReportMissingOpen(_pending.First);
        }

        if (_unclosed <= 0)
        {
            return;
        }

        bool isOpen = _skip > 0 || _open.Count > 1;
        Word at = _skip > 0 ? _skipStart : isOpen ? Current.First : default;
        string block = _skip == 0 && isOpen ? Current.Title : "the block";
        string why = isOpen
            ? string.Create(CultureInfo.InvariantCulture,
                $"{block} that starts in line {at.Line.Number} is still open at the end of the file")
            : "there is a '{' too many above";
        _findings.Add(new(isOpen ? at.Where : SourceSpan.None, Severity.Error, ConfigFault.UnexpectedBrace,
            string.Create(CultureInfo.InvariantCulture, $"There are {_unclosed} missing '}}'s or extra '{{'s"))
        {
            Explanation = why,
            SourceLine = isOpen ? at.Line.Shown : "",
            IsBare = true,
        });
    }
}
