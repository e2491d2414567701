
namespace Vrrpd.Core.Config;

/// <summary>
/// What keeps a text that multiplies from taking all memory or time. A configuration that is cut short is not what was meant, so each bound is
/// an error with which nothing runs, and after it nothing more is read.
/// </summary>
internal sealed class ExpansionBounds(ConfigDocument document, ConfigInput input, Findings findings)
{
    /// <summary>Lines that sequences and variables may make, all together.</summary>
    public const int MostLines = 250_000;

    /// <summary>How deep sequences and variables of several lines may hold one another.</summary>
    public const int Deepest = 50;

    private int _lines;
    private int _depth;

    /// <summary>Some bound has been reached, and said.</summary>
    public bool IsReached { get; private set; }

    /// <summary>The same, also looking at how much was stored.</summary>
    public bool IsFull => IsReached || (document.IsFull && SayFull());

    /// <summary>Into the expansion of what stands at <paramref name="at"/>; false if that is too deep.</summary>
    public bool Enter(Word at)
    {
        if (_depth < Deepest)
        {
            _depth++;
            return true;
        }

        Stop(at, $"Expansion of '{at.Text}' does not end",
            $"sequences and variables of several lines may be {Deepest} deep in one another: does one contain itself?");
        return false;
    }

    public void Leave() => _depth--;

    /// <summary>One line more; false if there may not be.</summary>
    public bool Produce(Word at)
    {
        if (++_lines > MostLines && !IsReached)
        {
            Stop(at, "Expansion does not end in time", $"sequences and variables together may make {MostLines} lines");
        }

        return !IsFull;
    }

    public void Stop(Word at, string text, string explanation)
    {
        IsReached = true;
        findings.Error(at, ConfigFault.Fatal, text, explanation + "; nothing more is read");
    }

    private bool SayFull()
    {
        IsReached = true;
        findings.Add(new(new(input.File, 1, 1, 1), Severity.Error, ConfigFault.Fatal, "The configuration is too large")
        {
            Explanation = $"it may have {ConfigDocument.MostLines} lines and {ConfigDocument.MostWords} words, and {ConfigLexer.TotalBytes >> 20} MB"
                + $" after expansion; nothing more is read",
        });
        return true;
    }
}
