using System;
using System.IO;

namespace Vrrpd.Core.Tests;

/// <summary>Where the sources lie, for tests that read them.</summary>
internal static class Repository
{
    /// <summary>The folder with Vrrpd.sln, found upwards from the test assembly.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string from)
    {
        for (DirectoryInfo? at = new(from); at != null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Vrrpd.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException($"no Vrrpd.sln above {from}");
    }
}
