using System;
using System.IO;

namespace Vrrpd.Native.Tests;

/// <summary>The published binary: out/vrrpd or the one that VRRPD_BINARY names.</summary>
internal static class Published
{
    public static readonly string Binary = Find();

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("VRRPD_BINARY") is { Length: > 0 } named)
        {
            return named;
        }

        for (string? at = AppContext.BaseDirectory; at != null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Vrrpd.sln")))
            {
                string file = Path.Combine(at, "out", "vrrpd");
                return File.Exists(file) ? file : throw new InvalidOperationException($"no {file}: run ./build.sh publish first");
            }
        }

        throw new InvalidOperationException("no published binary: VRRPD_BINARY can name it");
    }
}
