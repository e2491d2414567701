namespace Vrrpd.Core.Config;

/// <summary>A statement, a block or a line of data, as written: an index into a <see cref="ConfigDocument"/>.</summary>
internal readonly struct ConfigNode(ConfigDocument document, int index)
{
    /// <summary>Null for the root and for lines of data.</summary>
    public Keyword? Keyword => document.KeywordOf(index);

    /// <summary>The keyword itself first; none for the root.</summary>
    public WordList Words => document.WordsOf(index);

    public NodeList Children => new(document, document.FirstChild(index));

    public Word First => Words[0];

    public int ArgumentCount => document.NodeAt(index).WordCount - 1;

    /// <summary>The check of the table found it unusable and said so.</summary>
    public bool IsRejected => document.NodeAt(index).IsRejected;

    public void Reject() => document.NodeAt(index).Reject();

    /// <summary>Of a block: its closing brace, or the keyword if it has none.</summary>
    public Word End => document.EndOf(index) ?? First;

    public void CloseAt(int line, int at) => document.CloseAt(index, line, at);

    /// <summary>How to speak of a block: vrrp_script 'check_alived'.</summary>
    public string Title => Keyword is not { } keyword ? "the top level"
        : ArgumentCount > 0 && keyword.Most > 0 ? $"{keyword.Name} '{Words[1].Text}'" : keyword.Name;

    /// <summary>The place in the document, by which it can be told from other nodes.</summary>
    public int Index => index;
}

/// <summary>What stands in a block, in the order of the text.</summary>
internal readonly struct NodeList(ConfigDocument document, int first)
{
    public bool IsEmpty => first == 0;

    /// <summary>Counted each time.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (int at = first; at != 0; at = document.NodeAt(at).Next)
            {
                count++;
            }

            return count;
        }
    }

    public Enumerator GetEnumerator() => new(document, first);

    public struct Enumerator(ConfigDocument document, int first)
    {
        private int _next = first;
        private int _at;

        public readonly ConfigNode Current => new(document, _at);

        public bool MoveNext()
        {
            _at = _next;
            if (_at == 0)
            {
                return false;
            }

            _next = document.NodeAt(_at).Next;
            return true;
        }
    }
}
