namespace Vrrpd.Core.Config;

/// <summary>A kind of block of the keyword table, by the name that opens it; "root" is the top level.</summary>
public sealed class KeywordBlock(byte number, string name, string about)
{
    public byte Number { get; } = number;
    public string Name { get; } = name;

    /// <summary>What such a block is, for the manual.</summary>
    public string About { get; } = about;

    /// <summary>How to speak of it.</summary>
    public string Title => Number == 0 ? "the top level" : Name;
}

public enum KeywordForm : byte
{
    Statement,

    /// <summary>Holds keywords.</summary>
    Block,

    /// <summary>Holds data, one entry a line.</summary>
    Values,
}

/// <summary>What happens when a keyword that may stand once is written again.</summary>
public enum RepeatRule : byte
{
    LastWins,
    FirstWins,
    Adds,
}

public enum KeywordSupport : byte
{
    /// <summary>Understood, reported once, without effect.</summary>
    NotYet,
    Served,

    /// <summary>Going on would put wrong things on the wire: the configuration cannot be served.</summary>
    Refused,
}

/// <summary>A row of the keyword table: everything there is to know about a keyword except what it does.</summary>
public sealed class Keyword
{
    /// <summary>Which row of the table.</summary>
    public required int Row { get; init; }
    public required KeywordBlock Where { get; init; }
    public required string Name { get; init; }
    public Argument[] Arguments { get; init; } = [];
    public KeywordForm Form { get; init; }

    /// <summary>What the braces hold, for a block; null while nobody has written that down, and then only braces are counted.</summary>
    public KeywordBlock? Opens { get; init; }

    /// <summary>Words without which keepalived gives up (exit 2).</summary>
    public int Mandatory { get; init; }

    /// <summary>Words without which it says nothing: those that are not optional.</summary>
    public int Expected { get; init; }

    /// <summary>Words that are read; more are reported and ignored.</summary>
    public int Most { get; init; }
    public RepeatRule Repeat { get; init; }
    public KeywordSupport Support { get; init; }

    /// <summary>What holds when it is not written; "" for nothing.</summary>
    public string Default { get; init; } = "";

    /// <summary>The keyword of global_defs whose value holds when it is not written; "" for none.</summary>
    public string From { get; init; } = "";

    /// <summary>The keepalived release that brought it; "" for before 2.2.</summary>
    public string Since { get; init; } = "";

    /// <summary>The keyword of the same block that this is another name of; "" for none.</summary>
    public string SameAs { get; init; } = "";
    public bool IsDeprecated { get; init; }

    /// <summary>Of a number keepalived takes the digits before trailing junk when it runs, with a complaint.</summary>
    public bool IsLax { get; init; }

    /// <summary>Missing arguments are a complaint among others and not the end.</summary>
    public bool IsSoft { get; init; }

    /// <summary>Its value is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The arguments are described here and checked by code of their own.</summary>
    public bool IsFree { get; init; }

    /// <summary>What it is for.</summary>
    public string Help { get; init; } = "";

    /// <summary>Of one that is not served: what follows from that.</summary>
    public string Consequence { get; init; } = "";

    /// <summary>keepalived's line about a bad value, see <see cref="ConfigKeywords"/>; "" for the usual one.</summary>
    public string Complaint { get; init; } = "";

    /// <summary>keepalived's line about missing arguments of a soft row; "" for the line about a bad value.</summary>
    public string MissingComplaint { get; init; } = "";

    /// <summary>That the block and what stands in it is not served is said once for all its like, by its binder.</summary>
    public bool IsSummed { get; init; }

    /// <summary>The arguments as a manual would show them.</summary>
    public string ArgumentText
    {
        get
        {
            string text = "";
            foreach (Argument argument in Arguments)
            {
                string one = argument.Kind == ArgumentKind.Choice && argument.Label.Contains('|', System.StringComparison.Ordinal)
                    || argument.Kind != ArgumentKind.Choice || argument.Choices.Length == 1 ? argument.Label
                    : $"{argument.Label}={string.Join('|', argument.Choices)}";
                one = argument.Repeats ? one + "..." : one;
                text += (text.Length > 0 ? " " : "") + (argument.IsOptional ? $"[{one}]" : one);
            }

            return text;
        }
    }
}
