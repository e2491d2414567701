using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>
/// The keyword table. It is text, because it is meant to be read: one row a keyword, in columns that two or more blanks separate.
/// <code>
/// [block]    what it is                                 a kind of block; [root] is the top level; [A B] shares its rows
/// keyword    arguments    attributes    help ~consequence ?missing !complaint
/// </code>
/// '-' is an empty column; a line that starts with a blank goes on with the help. Arguments: words in capitals are kinds (see
/// <see cref="Argument"/>), int:1..255 and sec:0.01..255 numbers with bounds, a|b choices, [..] optional, ... repeats, LABEL= in front of
/// any, ~ before choices ignores case. Attributes: served, noeffect (the rule), refused; block, lines, opens=; default=,
/// from=; need=, soft, lax, free; first,
/// adds; since=, same=, deprecated; secret; summed. After ~ stands what follows from a keyword not being served, after ? keepalived's
/// line about missing arguments of a soft row, after ! its line about a bad value: %n the block's name, %k the keyword, %v the value. Of a
/// block of lines the row '*' is the entry itself, and the others are the words that may follow it.
/// <para>Rows are made into objects when they are asked for: a daemon that starts needs a dozen of five hundred.</para>
/// </summary>
public static class ConfigKeywords
{
    private static Index? s_index;

    /// <summary>Every row; for those who teach rather than parse.</summary>
    public static Keyword[] All
    {
        get
        {
            Keyword[] all = new Keyword[Table.Rows.Count];
            for (int i = 0; i < all.Length; i++)
            {
                all[i] = Table.At(i);
            }

            return all;
        }
    }

    public static int Count => Table.Rows.Count;
    public static KeywordBlock[] Blocks => Table.Blocks.ToArray();
    public static KeywordBlock Root => Table.Blocks[0];
    private static Index Table => s_index ??= new Index();

    public static Keyword? Find(KeywordBlock where, ReadOnlySpan<byte> name) => Table.Find(where, name);

    public static Keyword? Find(KeywordBlock where, string name) => Table.Find(where, ConfigText.Encode(name));

    /// <summary>Null if the table has no such block.</summary>
    public static KeywordBlock? Block(string name) => Table.Block(name);

    /// <summary>Forgets the table until it is asked for again: a running daemon has no use for it.</summary>
    public static void Release() => s_index = null;

    /// <summary>The files of the table, in the order of the manual.</summary>
    private static ReadOnlySpan<byte> Part(int number) => number switch
    {
        0 => RootRows.Text,
        1 => GlobalRows.Text,
        2 => InstanceRows.Text,
        3 => TrackRows.Text,
        4 => LineRows.Text,
        5 => LvsRows.Text,
        _ => default,
    };

    /// <summary>Where each row stands in the text, and a hash of (block, name) to find it.</summary>
    private sealed class Index
    {
        private const int Slots = 2048;
        private readonly short[] _slots = new short[Slots];
        private readonly List<Keyword?> _made = [];

        public Index()
        {
            for (int part = 0; !Part(part).IsEmpty; part++)
            {
                Scan(part);
            }
        }

        public List<(byte Part, byte Block, int Start, int End)> Rows { get; } = [];
        public List<KeywordBlock> Blocks { get; } = [];

        public KeywordBlock? Block(string name)
        {
            foreach (KeywordBlock block in Blocks)
            {
                if (block.Name == name)
                {
                    return block;
                }
            }

            return null;
        }

        public Keyword? Find(KeywordBlock where, ReadOnlySpan<byte> name)
        {
            for (uint at = Hash(where.Number, name); ; at++)
            {
                int row = _slots[at % Slots] - 1;
                if (row < 0)
                {
                    return null;
                }

                if (Rows[row].Block == where.Number && NameOf(row).SequenceEqual(name))
                {
                    return At(row);
                }
            }
        }

        public Keyword At(int row) => _made[row] ??= Make(row);

        private ReadOnlySpan<byte> Text(int row) => Part(Rows[row].Part)[Rows[row].Start..Rows[row].End];

        private ReadOnlySpan<byte> NameOf(int row)
        {
            ReadOnlySpan<byte> text = Text(row);
            int end = text.IndexOf((byte)' ');
            return end < 0 ? text : text[..end];
        }

        private void Scan(int part)
        {
            ReadOnlySpan<byte> text = Part(part);
            byte[] blocks = [];
            for (int start = 0; start < text.Length;)
            {
                int length = text[start..].IndexOf((byte)'\n');
                int end = length < 0 ? text.Length : start + length;
                ReadOnlySpan<byte> line = text[start..end];
                if (line.StartsWith("["u8))
                {
                    blocks = Header(Encoding.UTF8.GetString(line));
                }
                else if (!line.IsEmpty && line[0] == ' ')
                {
                    for (int i = 1; i <= blocks.Length; i++)
                    {
                        Rows[^i] = Rows[^i] with { End = end };
                    }
                }
                else if (!line.IsEmpty && line[0] != '#')
                {
                    foreach (byte block in blocks)
                    {
                        Rows.Add(((byte)part, block, start, end));
                        _made.Add(null);
                        Insert(Rows.Count - 1);
                    }
                }

                start = end + 1;
            }
        }

        /// <summary>The blocks that the rows below a header stand in; those that are new are made.</summary>
        private byte[] Header(string line)
        {
            int close = line.IndexOf(']', StringComparison.Ordinal);
            string[] names = line[1..close].Split(' ');
            byte[] blocks = new byte[names.Length];
            for (int i = 0; i < names.Length; i++)
            {
                if (Block(names[i]) is { } known)
                {
                    blocks[i] = known.Number;
                    continue;
                }

                blocks[i] = (byte)Blocks.Count;
                Blocks.Add(new(blocks[i], names[i], line[(close + 1)..].Trim()));
            }

            return blocks;
        }

        private void Insert(int row)
        {
            uint at = Hash(Rows[row].Block, NameOf(row));
            while (_slots[at % Slots] != 0)
            {
                at++;
            }

            _slots[at % Slots] = (short)(row + 1);
        }

        /// <summary>FNV-1a of the length, up to four letters on the way and the last one: they tell keywords apart as well as all do.</summary>
        private static uint Hash(byte block, ReadOnlySpan<byte> name)
        {
            const uint Prime = 16777619;
            uint hash = ((2166136261 ^ block) * Prime ^ (uint)name.Length) * Prime;
            for (int i = 0, step = (name.Length + 3) / 4; i < name.Length; i += step)
            {
                hash = (hash ^ name[i]) * Prime;
            }

            hash = name.IsEmpty ? hash : (hash ^ name[^1]) * Prime;
            return hash ^ hash >> 15;
        }

        private Keyword Make(int row)
        {
            string[] columns = Columns(Encoding.UTF8.GetString(Text(row)));
            Attributes attributes = new(columns[2]);
            Argument[] arguments = Argument.ParseAll(columns[1]);
            int mandatory = 0, most = 0;
            foreach (Argument argument in arguments)
            {
                mandatory += argument.IsOptional ? 0 : 1;
                most += argument.Kind == ArgumentKind.User ? 3 : 1;
                most = argument.Repeats || argument.Kind is ArgumentKind.Rest ? int.MaxValue / 2 : most;
            }

            string help = columns[3];
            string complaint = Cut(ref help, '!'), missing = Cut(ref help, '?'), consequence = Cut(ref help, '~');
            KeywordForm form = attributes.Has("block") ? KeywordForm.Block : attributes.Has("lines") ? KeywordForm.Values : KeywordForm.Statement;
            string opens = attributes.Value("opens");
            return new()
            {
                Row = row,
                Where = Blocks[Rows[row].Block],
                Name = columns[0],
                Arguments = arguments,
                Form = form,
                Opens = form == KeywordForm.Statement ? null : Block(opens.Length > 0 ? opens : columns[0]),
                Mandatory = attributes.Has("soft") ? 0
                    : attributes.Value("need") is { Length: > 0 } need ? int.Parse(need, CultureInfo.InvariantCulture) : mandatory,
                Expected = mandatory,
                Most = attributes.Has("free") ? int.MaxValue : most,
                Repeat = attributes.Has("first") ? RepeatRule.FirstWins
                    : attributes.Has("adds") || form != KeywordForm.Statement ? RepeatRule.Adds : RepeatRule.LastWins,
                Support = attributes.Has("served") ? KeywordSupport.Served : attributes.Has("refused") ? KeywordSupport.Refused : KeywordSupport.NotYet,
                Default = attributes.Value("default"),
                From = attributes.Value("from"),
                Since = attributes.Value("since"),
                SameAs = attributes.Value("same"),
                IsDeprecated = attributes.Has("deprecated"),
                IsLax = attributes.Has("lax"),
                IsSoft = attributes.Has("soft"),
                IsSecret = attributes.Has("secret"),
                IsFree = attributes.Has("free"),
                Help = help,
                Consequence = consequence,
                Complaint = complaint,
                MissingComplaint = missing,
                IsSummed = attributes.Has("summed"),
            };
        }

        /// <summary>Keyword, arguments, attributes and the rest; missing ones are empty.</summary>
        private static string[] Columns(string row)
        {
            string[] columns = ["", "", "", ""];
            row = string.Join(' ', row.Split('\n', StringSplitOptions.TrimEntries));
            for (int i = 0; i < 4; i++)
            {
                int end = i == 3 ? -1 : row.IndexOf("  ", StringComparison.Ordinal);
                string column = end < 0 ? row : row[..end];
                columns[i] = column == "-" ? "" : column;
                row = end < 0 ? "" : row[end..].TrimStart(' ');
            }

            return columns;
        }

        /// <summary>Takes " ~...", " ?..." or " !..." off the end of the help; either may stand at its beginning.</summary>
        private static string Cut(ref string help, char mark)
        {
            int at = help.StartsWith(mark) ? 0 : help.IndexOf($" {mark}", StringComparison.Ordinal);
            if (at < 0)
            {
                return "";
            }

            string cut = help[at..].TrimStart(' ')[1..].Trim();
            help = help[..at].TrimEnd();
            return cut;
        }
    }

    /// <summary>The third column of a row.</summary>
    private readonly struct Attributes(string column)
    {
        private readonly string[] _words = column.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        public bool Has(string word) => Array.IndexOf(_words, word) >= 0;

        public string Value(string name)
        {
            foreach (string word in _words)
            {
                if (word.Length > name.Length && word[name.Length] == '=' && word.StartsWith(name, StringComparison.Ordinal))
                {
                    return word[(name.Length + 1)..];
                }
            }

            return "";
        }
    }
}
