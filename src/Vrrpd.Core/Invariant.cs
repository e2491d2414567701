using System;
using System.Runtime.CompilerServices;

namespace Vrrpd.Core;

/// <summary>
/// A broken invariant is our bug, not the operator's: the state can no longer be trusted, so the daemon stops at once.
/// The host catches this one exception at the top, says what was broken, and ends the process.
/// </summary>
public sealed class InvariantException(string message) : Exception(message);

/// <summary>Assertions that stay on in release.</summary>
public static class Invariant
{
    public static void Check(bool holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        if (!holds)
        {
            Fail(what);
        }
    }

    public static void Fail(string what) => throw new InvariantException(what);
}
