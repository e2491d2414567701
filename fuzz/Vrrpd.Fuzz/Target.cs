using System;

namespace Vrrpd.Fuzz;

/// <summary>
/// Tries one input. Throws if the code under test is wrong. Answers a number that tells kinds of behaviour apart: the bounded run
/// keeps an input that showed a new one, which is its poor man's coverage.
/// </summary>
internal delegate int Trial(ReadOnlySpan<byte> input);

/// <summary>Something to fuzz, by name; fuzz/corpus/NAME has what to begin with.</summary>
internal sealed record Target(string Name, int MaxLength, Trial Run)
{
    public static readonly Target[] All =
    [
        new("packet4", 2048, Packet4.Run),
        new("packet6", 4500, Packet6.Run),
        new("config", 65_536, ConfigText.Run),
    ];

    public static Target? Find(string name) => Array.Find(All, t => t.Name == name);
}

/// <summary>The code under test did what it must not.</summary>
internal sealed class WrongException(string what) : Exception(what);
