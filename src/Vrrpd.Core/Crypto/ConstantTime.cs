using System;
using System.Runtime.CompilerServices;

namespace Vrrpd.Core.Crypto;

/// <summary>Comparison whose duration does not tell how much of a guess was right.</summary>
public static class ConstantTime
{
    /// <summary>Whether both are the same bytes. Only different lengths end it early; the lengths are no secret.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        int difference = 0;
        for (int i = 0; i < left.Length; i++)
        {
            difference |= left[i] ^ right[i];
        }

        return difference == 0;
    }
}
