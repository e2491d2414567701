using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// How keepalived reads on behind a brace in the wrong place. It ignores the brace of a block that it does not know, so that the inner '}'
/// ends the surrounding block and everything after it is out of place. <see cref="ConfigTree"/> matches such braces and reads on in the
/// right place; but tools that count keepalived's complaints by line must still find one in each of its lines. This follows from where
/// the two readings part and gathers them.
/// </summary>
internal sealed class KeepalivedReading(ConfigDocument document, List<Keyword> open, int depth)
{
    private readonly List<(Word At, ConfigFault Fault, string Text)> _complaints = [];
    private Keyword? _pending;
    private int _depth = depth;
    private bool _isList = open.Count > 0 && open[^1].Form == KeywordForm.Values;

    /// <summary>The block keyword that has been read and whose '{' has not.</summary>
    public required Keyword? Pending { init => _pending = value; }

    private KeywordBlock Where => open.Count == 0 ? ConfigKeywords.Root : open[^1].Opens ?? ConfigKeywords.Root;

    public void Open(int line, int at)
    {
        _depth++;
        if (_isList)
        {
            return;
        }

        if (_pending is null)
        {
            Complain(document.Stretch(line, at, at + 1), ConfigFault.UnexpectedBrace, "Unexpected '{' - ignoring");
            return;
        }

        Enter(_pending);
    }

    public void Close(int line, int at)
    {
        _depth--;
        Word brace = document.Stretch(line, at, at + 1);
        if (_depth < 0)
        {
            _depth = 0;
            Complain(brace, ConfigFault.UnexpectedBrace, "Extra '}' found");
            Complain(brace, ConfigFault.UnknownKeyword, "Unknown keyword '}'");
            return;
        }

        bool endsMissing = _pending is { Form: KeywordForm.Values };
        _pending = null;
        if (endsMissing)
        {
            // The list never began for the braces, but it was read and ends here.
            return;
        }

        if (open.Count == 0)
        {
            Complain(brace, ConfigFault.UnknownKeyword, "Unknown keyword '}'");
            return;
        }

        open.RemoveAt(open.Count - 1);
        _isList = false;
    }

    public void Text(LexPiece piece)
    {
        if (_isList || _pending is { Form: KeywordForm.Values })
        {
            return;
        }

        // A block that misses its brace is forgotten, and its first line belongs to what is around it.
        _pending = null;
        Word first = new(document, piece.Line, PlainWords.First(document, piece));
        Keyword? keyword = ConfigKeywords.Find(Where, first.Bytes);
        if (keyword is null)
        {
            Complain(first, ConfigFault.UnknownKeyword, "");
        }
        else if (keyword.Form != KeywordForm.Statement)
        {
            _pending = keyword;
        }
    }

    /// <summary>Hands over what nothing has been said about in its line.</summary>
    public void Report(Findings findings)
    {
        HashSet<(string File, int Line)> said = findings.ComplainedLines();
        foreach ((Word at, ConfigFault fault, string text) in _complaints)
        {
            SourceSpan where = at.Where;
            if (!said.Contains((where.File, where.Line)))
            {
                findings.Add(new Diagnostic(where, Severity.Note, fault, text.Length > 0 ? text : $"Unknown keyword '{at.Text}'") { IsEcho = true });
            }
        }
    }

    private void Enter(Keyword block)
    {
        _pending = null;
        open.Add(block);
        _isList = block.Form == KeywordForm.Values;
    }

    private void Complain(Word at, ConfigFault fault, string text)
    {
        if (_complaints.Count < Findings.Capacity)
        {
            _complaints.Add((at, fault, text));
        }
    }
}
