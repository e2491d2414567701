using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Vrrpd.Core.Config;

/// <summary>
/// What happens to a line between its comment and its statements, in keepalived's order: condition, definition, sequence, variables,
/// include, braces. Lines that come out of sequences and variables of several lines start again at the top, and so does what follows a brace.
/// Whatever does not end is stopped by a count, and said.
/// </summary>
internal sealed class LinePipeline
{
    private readonly ConfigDocument _document;
    private readonly ConfigIncludes _includes;
    private readonly Findings _findings;
    private readonly ConfigTree _tree;
    private readonly ConfigVariables _variables = new();
    private readonly PredefinedVariables _predefined;
    private readonly Substitution _substitution;
    private readonly byte[] _id;

    /// <summary>A variable of several lines whose last line is still to come.</summary>
    private ConfigVariable? _defined;
    public LinePipeline(ConfigDocument document, ConfigInput input, ConfigIncludes includes, Findings findings)
    {
        (_document, _includes, _findings) = (document, includes, findings);
        Bounds = new(document, input, findings);
        _tree = new(document, findings) { Configure = Configure };
        _predefined = new(input, findings);
        _substitution = new(document, _variables, _predefined, findings);
        _id = ConfigText.Encode(input.ConfigId);
    }

    /// <summary>Reads an included file.</summary>
    public required Action<IncludedFile, Word> Read { get; init; }

    /// <summary>Of the file that is being read, with a '/' at its end, or "".</summary>
    public string Directory { get; set; } = "";

    public bool IsDefining => _defined is not null;

    public ExpansionBounds Bounds { get; }

    public void End() => _tree.End();

    /// <summary>A definition does not go on in another file.</summary>
    public void EndOfFile() => _defined = null;

    /// <summary>A line without quotes, variables, comments and backslashes: only its first word and its braces can matter.</summary>
    public void TakePlain(LexPiece piece, bool hasBraces)
    {
        while (piece.Start < piece.End)
        {
            ReadOnlySpan<byte> text = TextOf(piece)[piece.Start..];
            if (text[0] is (byte)'@' or (byte)'~' || (text[0] == 'i' && text.StartsWith("include"u8)))
            {
                Process(piece);
                return;
            }

            if (!hasBraces)
            {
                _tree.Text(piece);
                return;
            }

            piece = TakeStatement(piece);
        }
    }

    /// <summary>A line of a file, without its comment.</summary>
    public void Take(LexPiece piece)
    {
        piece = WithoutBlanksBeforeBackslash(piece);
        if (_defined is null)
        {
            Process(piece, mayBeCondition: true);
            return;
        }

        if (!AddValueLine(_defined, piece, piece.Start))
        {
            _defined = null;
        }
    }

    /// <summary>As keepalived does: 'a \' is 'a\'.</summary>
    private LexPiece WithoutBlanksBeforeBackslash(LexPiece piece)
    {
        ReadOnlySpan<byte> text = _document.LineBytes(piece.Line);
        int last = piece.End - 1, end = last;
        while (text[last] == '\\' && end > piece.Start && PlainWords.IsBlank(text[end - 1]))
        {
            end--;
        }

        if (end == last || end == piece.Start)
        {
            return piece;
        }

        byte[] glued = [.. text[..end], (byte)'\\'];
        int line = _document.AddExpanded(piece.Line, glued, [new(0, 0, 0, 0), new(end, last, 0, 0)]);
        return piece with { Line = line, End = end + 1 };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> TextOf(LexPiece piece) => _document.LineBytes(piece.Line)[..piece.End];

    private void Process(LexPiece piece, bool mayBeCondition = true)
    {
        // What follows a brace is a line of its own.
        for (; piece.Start < piece.End && !Bounds.IsReached; mayBeCondition = true)
        {
            byte first = TextOf(piece)[piece.Start];
            if (mayBeCondition && first == '@' && !IsMeant(ref piece))
            {
                return;
            }

            if (TryDefine(piece) || TryRepeat(piece) || (TextOf(piece)[piece.Start..].Contains((byte)'$') && !Substitute(ref piece)))
            {
                return;
            }

            // The manual's way to give a condition a name: $IF_MAIN=@main.
            if (first == '$' && TextOf(piece)[piece.Start] == '@' && !IsMeant(ref piece))
            {
                return;
            }

            if (TryInclude(piece))
            {
                return;
            }

            piece = TakeStatement(piece);
        }
    }

    /// <summary>Whether the line is for this config-id; if so the piece begins behind the condition.</summary>
    private bool IsMeant(ref LexPiece piece)
    {
        ReadOnlySpan<byte> text = TextOf(piece);
        int start = piece.Start + 1;
        bool isNegated = start < text.Length && text[start] == '^';
        start += isNegated ? 1 : 0;
        int end = WordEnd(text, start);
        bool isMeant = text[start..end].SequenceEqual(_id) != isNegated && end > start;
        if (end == start || end == text.Length)
        {
            _findings.Advise(_document.Stretch(piece.Line, piece.Start, end), "Condition without text - ignoring the line",
                "write @ID TEXT for lines of the config-id ID only, @^ID TEXT for those of all others");
        }

        piece = From(piece, end);
        return isMeant && piece.Start < piece.End;
    }

    private bool TryDefine(LexPiece piece)
    {
        ReadOnlySpan<byte> text = TextOf(piece);
        int name = piece.Start + 1;
        int end = text[piece.Start] == '$' ? ConfigVariables.NameEnd(text, name) : name;
        if (end == name || end == text.Length || text[end] != '=')
        {
            return false;
        }

        bool goesOn = text[^1] == '\\';
        ConfigVariable variable = new(text[name..end].ToArray(), _document.Stretch(piece.Line, piece.Start, end)) { IsBlock = goesOn };
        AddValueLine(variable, piece, end + 1);
        _variables.Define(variable);
        _defined = goesOn ? variable : null;
        return true;
    }

    /// <summary>Whether the value goes on in the next line.</summary>
    private bool AddValueLine(ConfigVariable variable, LexPiece piece, int start)
    {
        ReadOnlySpan<byte> text = TextOf(piece);
        bool goesOn = text[^1] == '\\';
        int end = text.Length - (goesOn ? 1 : 0);
        start = From(piece, start).Start;
        while (end > start && PlainWords.IsBlank(text[end - 1]))
        {
            end--;
        }

        if (start < end)
        {
            variable.Lines.Add(new(piece.Line, start, end));
        }

        return goesOn;
    }

    private bool TryRepeat(LexPiece piece)
    {
        ReadOnlySpan<byte> text = TextOf(piece)[piece.Start..];
        if (!ConfigSequence.IsOne(text))
        {
            return false;
        }

        int headEnd = ConfigSequence.HeadEnd(text);
        LexPiece head = piece with { End = headEnd < 0 ? piece.End : piece.Start + headEnd };
        ReadOnlySpan<byte> written = TextOf(head)[head.Start..];
        bool isReplaced = text[1] == 'S' && written.Contains((byte)'$')
            && _substitution.Run(head, Directory, loopsOnly: false, out _, out _) == Substituted.Replaced;
        Word at = _document.Stretch(head.Line, head.Start, head.End);
        ConfigSequence sequence = ConfigSequence.Parse(isReplaced ? _substitution.Result : written, SecretMask.Of(ConfigText.Decode(text)));
        foreach (byte[] name in sequence.Names)
        {
            if (sequence.IsGood && _variables.Find(name) is { } other)
            {
                sequence.Refuse($"'${ConfigText.Decode(name)}' is defined already in line {other.Where.Line.Number}: take another name");
            }
        }

        LexPiece rest = From(piece, head.End);
        if (!sequence.IsGood)
        {
            _findings.Add(new Diagnostic(at.Where, Severity.Error, ConfigFault.General, sequence.Complaint)
            {
                Lead = sequence.Lead,
                Explanation = sequence.Why,
                SourceLine = at.Line.Shown,
            }.From(at));
        }
        else if (rest.Start >= rest.End)
        {
            _findings.Advise(at, "Sequence without text - ignoring the line", "what is to be repeated follows the ')'");
        }
        else if (sequence.Count > ExpansionBounds.MostLines)
        {
            Bounds.Stop(at, "Sequence does not end in time",
                $"{sequence.Count} lines are wanted; sequences and variables together may make {ExpansionBounds.MostLines}");
        }
        else
        {
            Repeat(sequence, rest, at);
        }

        return true;
    }

    private void Repeat(ConfigSequence sequence, LexPiece rest, Word at)
    {
        List<ConfigVariable> variables = [];
        foreach (byte[] name in sequence.Names)
        {
            variables.Add(new(name, at) { IsLoop = true });
        }

        if (!Bounds.Enter(at))
        {
            return;
        }

        // What comes before the replacing of variables must see the value all the same.
        bool isDirective = TextOf(rest)[rest.Start] is (byte)'$' or (byte)'@';
        for (ulong i = 0; i < sequence.Count && Bounds.Produce(at); i++)
        {
            for (int k = 0; k < variables.Count; k++)
            {
                variables[k].Current = sequence.Value(i, k);
                _variables.Define(variables[k]);
            }

            if (isDirective && _substitution.Run(rest, Directory, loopsOnly: true, out _, out _) == Substituted.Replaced)
            {
                Process(Stripped(_substitution.AddLine()));
            }
            else
            {
                Process(rest);
            }
        }

        foreach (ConfigVariable variable in variables)
        {
            _variables.Remove(variable.Name);
        }

        Bounds.Leave();
    }

    /// <summary>False if nothing is left to do with the line.</summary>
    private bool Substitute(ref LexPiece piece)
    {
        switch (_substitution.Run(piece, Directory, loopsOnly: false, out ConfigVariable? block, out MapSpan place))
        {
            case Substituted.Replaced:
                piece = Stripped(_substitution.AddLine());
                return piece.Start < piece.End;
            case Substituted.Block:
                ExpandBlock(piece.Line, block!, place);
                return false;
            default:
                return true;
        }
    }

    private void ExpandBlock(int parent, ConfigVariable block, MapSpan place)
    {
        Word at = _document.Stretch(parent, place.Source, place.Source + place.Length);
        byte[] prefix = _substitution.Result.ToArray();
        MapSpan[] prefixMap = _substitution.ResultMap.ToArray();
        if (!Bounds.Enter(at))
        {
            return;
        }

        for (int i = 0; i < block.Lines.Count && Bounds.Produce(at); i++)
        {
            ValueLine value = block.Lines[i];
            ReadOnlySpan<byte> glued = i == 0 ? prefix : [];
            byte[] text = [.. glued, .. _document.LineBytes(value.Line)[value.Start..value.End]];
            if (text.Length > ConfigLexer.LineBytes)
            {
                _findings.Error(at, ConfigFault.General,
                    $"Line is longer than {ConfigLexer.LineBytes} bytes with '{at.Text}' replaced", "it is left out: break the line");
                continue;
            }

            int step = _document.AddStep(new(block, null, _document.Stretch(value.Line, value.Start, value.End), place.Step));
            MapSpan span = place with { At = glued.Length, Step = step };
            Process(Stripped(_document.AddExpanded(parent, text, i == 0 ? [.. prefixMap, span] : [span])));
        }

        Bounds.Leave();
    }

    /// <summary>A line that was made, without what its values brought along: comments and blanks.</summary>
    private LexPiece Stripped(int line)
    {
        ReadOnlySpan<byte> text = _document.LineBytes(line);
        int end = ConfigLexer.FindEnd(text, out bool hasOpenQuote);
        LexPiece piece = From(new(line, 0, end, hasOpenQuote), 0);
        if (hasOpenQuote)
        {
            ConfigLexer.SayOpenQuote(_document, piece, _findings);
        }

        return piece;
    }

    private bool TryInclude(LexPiece piece)
    {
        ReadOnlySpan<byte> text = TextOf(piece);
        int end = text[piece.Start] == 'i' ? WordEnd(text, piece.Start) : text.Length;
        if (end == text.Length || ConfigIncludes.ChecksOf(text[piece.Start..end]) is not { } checks)
        {
            return false;
        }

        piece = From(piece, end);
        Word at = _document.Stretch(piece.Line, piece.Start, piece.End);
        foreach (IncludedFile file in _includes.Find(at, checks, Directory))
        {
            Read(file, at);
        }

        return true;
    }

    /// <summary>One statement and the brace that ends it; what is left.</summary>
    private LexPiece TakeStatement(LexPiece piece)
    {
        ReadOnlySpan<byte> text = TextOf(piece);
        bool isQuoted = false;
        for (int i = piece.Start; i < text.Length; i++)
        {
            byte c = text[i];
            if (c is > (byte)'"' and < (byte)'{' and not (byte)'\\')
            {
                // Nearly all of them.
                continue;
            }

            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == '\\' && i + 1 < text.Length && text[i + 1] is not ((byte)'{' or (byte)'}'))
            {
                i++;
            }
            else if (c is (byte)'{' or (byte)'}' && !isQuoted)
            {
                if (c == '{' && i > piece.Start && text[i - 1] == '$')
                {
                    SayUndefined(piece, text, i);
                }

                Text(new(piece.Line, piece.Start, i, false));
                if (c == '{')
                {
                    _tree.Open(piece.Line, i);
                }
                else
                {
                    _tree.Close(piece.Line, i);
                }

                return From(piece, i + 1);
            }
        }

        Text(piece);
        return piece with { Start = piece.End };
    }

    /// <summary>A reference to a variable that is not there is text, and its braces are braces like any others.</summary>
    private void SayUndefined(LexPiece piece, ReadOnlySpan<byte> text, int open)
    {
        int end = ConfigVariables.NameEnd(text, open + 1);
        if (end > open + 1 && end < text.Length && text[end] == '}')
        {
            Word at = _document.Stretch(piece.Line, open - 1, end + 1);
            _findings.Advise(at, $"Variable '{at.Text}' is not defined",
                "so it is text, which is cut at its braces: define it above, or put the text in double quotes");
        }
    }

    private void Text(LexPiece piece)
    {
        ReadOnlySpan<byte> text = TextOf(piece);
        int end = piece.End;
        while (end > piece.Start && PlainWords.IsBlank(text[end - 1]))
        {
            end--;
        }

        if (end > piece.Start)
        {
            _tree.Text(piece with { End = end });
        }
    }

    /// <summary>The keywords of global_defs that act from where they stand.</summary>
    private void Configure(ConfigNode node)
    {
        if (node.First.Is("include_check"u8))
        {
            _includes.Configure(node.Words);
        }
        else if (node.First.Is("random_seed"u8) && node.ArgumentCount > 0
            && uint.TryParse(node.Words[1].Text, NumberStyles.None, CultureInfo.InvariantCulture, out uint seed))
        {
            _predefined.Seed(seed);
        }
    }

    private LexPiece From(LexPiece piece, int start)
    {
        ReadOnlySpan<byte> text = TextOf(piece);
        while (start < text.Length && PlainWords.IsBlank(text[start]))
        {
            start++;
        }

        return piece with { Start = start };
    }

    private static int WordEnd(ReadOnlySpan<byte> text, int start)
    {
        while (start < text.Length && !PlainWords.IsBlank(text[start]))
        {
            start++;
        }

        return start;
    }
}
