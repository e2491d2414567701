using System;
using System.Globalization;

namespace Vrrpd.Core.Config;

/// <summary>The variables that are there without a definition. A definition of the same name goes before them.</summary>
internal sealed class PredefinedVariables(ConfigInput input, Findings findings)
{
    /// <summary>The largest number of ${_RANDOM} if none is said.</summary>
    private const ulong Largest = 32767;

    private ulong _random = input.Seed;

    /// <summary>random_seed.</summary>
    public void Seed(ulong seed) => _random = seed;

    /// <summary>The value of ${NAME} or ${NAME ARGUMENTS}; null if there is no such variable.</summary>
    /// <param name="name">Begins with '_'.</param>
    /// <param name="directory">Of the file that is being read, with a '/' at its end, or "".</param>
    public byte[]? Value(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments, string directory, Word at)
    {
        switch (ConfigText.Decode(name))
        {
            case "_HASH" when arguments.IsEmpty:
                return "#"u8.ToArray();
            case "_BANG" when arguments.IsEmpty:
                return "!"u8.ToArray();
            case "_PWD" when arguments.IsEmpty:
                return ConfigText.Encode(Full(directory));
            case "_INSTANCE" when arguments.IsEmpty:
                return ConfigText.Encode(input.ConfigId);
            case "_ENV" when !arguments.IsEmpty && ConfigVariables.NameEnd(arguments, 0) == arguments.Length:
                return input.Source?.Environment(ConfigText.Decode(arguments)) ?? [];
            case "_RANDOM":
                return Random(ConfigText.Decode(arguments), at);
            default:
                return null;
        }
    }

    private string Full(string directory)
    {
        string full = (directory.StartsWith('/') ? directory : $"{input.Directory}/{directory}").TrimEnd('/');
        return full.Length == 0 ? "/" : full;
    }

    private byte[]? Random(string arguments, Word at)
    {
        string[] words = arguments.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        ulong least = 0, most = Largest;
        if (words.Length > 2 || (words.Length > 0 && !TryNumber(words[0], out least)) || (words.Length > 1 && !TryNumber(words[1], out most)))
        {
            return null;
        }

        if (most < least)
        {
            findings.Error(at, ConfigFault.General, $"Invalid range {least} {most} of _RANDOM",
                $"it is written as ${{_RANDOM LEAST MOST}}; {least} is taken");
            most = least;
        }

        ulong count = most - least + 1;
        ulong number = least + (count == 0 ? Next() : Next() % count);
        return ConfigText.Encode(number.ToString(CultureInfo.InvariantCulture));
    }

    private static bool TryNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>SplitMix64: evenly spread whatever the seed.</summary>
    private ulong Next()
    {
        _random += 0x9e3779b97f4a7c15;
        ulong mixed = _random;
        mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
        return mixed ^ mixed >> 31;
    }
}
