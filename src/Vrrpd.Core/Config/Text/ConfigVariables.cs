using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>A line of a value: a stretch of a line of the document.</summary>
internal readonly record struct ValueLine(int Line, int Start, int End);

/// <summary>A variable with where its value stands; the value is never copied.</summary>
internal sealed class ConfigVariable(byte[] name, Word where)
{
    public ReadOnlySpan<byte> Name => name;

    /// <summary>Where its name is written in the definition.</summary>
    public Word Where { get; } = where;

    /// <summary>None for an empty value, more than one only if <see cref="IsBlock"/>.</summary>
    public List<ValueLine> Lines { get; } = [];

    /// <summary>Defined over several lines with '\': stands for lines, not for part of one.</summary>
    public bool IsBlock { get; init; }

    /// <summary>The variable of a sequence: its value comes and goes with the repetitions.</summary>
    public bool IsLoop { get; init; }

    /// <summary>Of a loop: the value now.</summary>
    public byte[] Current { get; set; } = [];

    public ConfigVariable? SameHash { get; set; }
}

/// <summary>The variables defined so far, for all files together.</summary>
internal sealed class ConfigVariables
{
    private readonly Dictionary<int, ConfigVariable> _byHash = [];

    public bool IsEmpty => _byHash.Count == 0;

    public static bool IsNameStart(byte c) => char.IsAsciiLetter((char)c) || c == '_';

    public static bool IsNamePart(byte c) => char.IsAsciiLetterOrDigit((char)c) || c == '_';

    /// <summary>Where the name that begins at <paramref name="at"/> ends; the same place if none does.</summary>
    public static int NameEnd(ReadOnlySpan<byte> text, int at)
    {
        if (at < text.Length && IsNameStart(text[at]))
        {
            while (at < text.Length && IsNamePart(text[at]))
            {
                at++;
            }
        }

        return at;
    }

    public ConfigVariable? Find(ReadOnlySpan<byte> name)
    {
        ConfigVariable? variable = _byHash.GetValueOrDefault(Hash(name));
        while (variable is not null && !variable.Name.SequenceEqual(name))
        {
            variable = variable.SameHash;
        }

        return variable;
    }

    /// <summary>In place of an earlier one of that name.</summary>
    public void Define(ConfigVariable variable)
    {
        Remove(variable.Name);
        int hash = Hash(variable.Name);
        variable.SameHash = _byHash.GetValueOrDefault(hash);
        _byHash[hash] = variable;
    }

    public void Remove(ReadOnlySpan<byte> name)
    {
        int hash = Hash(name);
        ConfigVariable? before = null, at = _byHash.GetValueOrDefault(hash);
        while (at is not null && !at.Name.SequenceEqual(name))
        {
            (before, at) = (at, at.SameHash);
        }

        if (at is null)
        {
            return;
        }

        if (before is not null)
        {
            before.SameHash = at.SameHash;
        }
        else if (at.SameHash is not null)
        {
            _byHash[hash] = at.SameHash;
        }
        else
        {
            _byHash.Remove(hash);
        }
    }

    private static int Hash(ReadOnlySpan<byte> name)
    {
        // FNV-1a.
        uint hash = 2166136261;
        foreach (byte c in name)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)hash;
    }
}
