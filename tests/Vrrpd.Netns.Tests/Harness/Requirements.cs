using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

// Mostly sleeping: three stories at a time keep two cores busy enough.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>What these tests need of the machine, and the two daemons they know.</summary>
internal static class Requirements
{
    private static readonly string[] Tools =
        ["ip", "bridge", "unshare", "nsenter", "setpriv", "ps", "bash", "perl", "curl", "nginx", "tshark", "dumpcap", "nft", "keepalived"];

    private static readonly string[] Places = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The repository these tests were built in; the current directory when they were carried elsewhere.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The daemon under test: VRRPD_BINARY, else out/vrrpd of the repository.</summary>
    public static string Vrrpd { get; } =
        Path.GetFullPath(Environment.GetEnvironmentVariable("VRRPD_BINARY") ?? Path.Combine(Root, "out", "vrrpd"));

    /// <summary>The installed keepalived, the other half of the mixed pairs.</summary>
    public static string Keepalived { get; } = Find("keepalived") ?? "keepalived";

    /// <summary>Where the installed FRR keeps its daemons.</summary>
    public static string Frr => "/usr/lib/frr";

    /// <summary>True when keepalived itself stands in for vrrpd: the harness is being proved, not the daemon.</summary>
    public static bool StandIn { get; } = Real(Vrrpd) == Real(Keepalived);

    /// <summary>What is missing, in words; empty when everything is there.</summary>
    public static string Missing { get; } = string.Join("; ", Complaints());

    /// <summary>True when a machine without the means may skip instead of fail.</summary>
    public static bool AllowSkip { get; } = Environment.GetEnvironmentVariable("VRRPD_ALLOW_SKIP") == "1";

    /// <summary>Fails loudly when something is missing.</summary>
    public static void Check()
    {
        if (Missing.Length > 0)
        {
            throw new InvalidOperationException($"cannot run here: {Missing} (VRRPD_ALLOW_SKIP=1 skips instead)");
        }
    }

    private static IEnumerable<string> Complaints()
    {
        if (Environment.UserName != "root")
        {
            yield return "not root (network namespaces need it)";
        }

        string[] absent = Tools.Where(tool => Find(tool) is null).ToArray();
        if (absent.Length > 0)
        {
            yield return $"tools not installed: {string.Join(", ", absent)}";
        }

        if (!File.Exists(Frr + "/vrrpd"))
        {
            yield return $"no {Frr}/vrrpd (package frr)";
        }

        if (!File.Exists(Vrrpd))
        {
            yield return $"no daemon at {Vrrpd} (publish it there, or name one in VRRPD_BINARY)";
        }
    }

    private static string? Find(string tool)
    {
        return Places.Select(place => Path.Combine(place, tool)).FirstOrDefault(File.Exists);
    }

    private static string Real(string path)
    {
        return File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Vrrpd.sln")))
            {
                return at.FullName;
            }
        }

        return ".";
    }
}

/// <summary>A fact that needs namespaces; skipped only when that is allowed.</summary>
internal sealed class NetnsFactAttribute : FactAttribute
{
    /// <summary>Decides at discovery.</summary>
    public NetnsFactAttribute()
    {
        Skip = Skipping.Reason(vrrpdOnly: false);
    }
}

/// <summary>A theory that needs namespaces; skipped only when that is allowed.</summary>
internal sealed class NetnsTheoryAttribute : TheoryAttribute
{
    /// <summary>Decides at discovery.</summary>
    public NetnsTheoryAttribute()
    {
        Skip = Skipping.Reason(vrrpdOnly: false);
    }
}

/// <summary>A fact about vrrpd that keepalived, standing in for it, is known not to fulfil.</summary>
internal sealed class VrrpdFactAttribute : FactAttribute
{
    /// <summary>Decides at discovery.</summary>
    public VrrpdFactAttribute()
    {
        Skip = Skipping.Reason(vrrpdOnly: true);
    }
}

/// <summary>A theory about vrrpd that keepalived, standing in for it, is known not to fulfil.</summary>
internal sealed class VrrpdTheoryAttribute : TheoryAttribute
{
    /// <summary>Decides at discovery.</summary>
    public VrrpdTheoryAttribute()
    {
        Skip = Skipping.Reason(vrrpdOnly: true);
    }
}

/// <summary>The one place that decides about skipping.</summary>
internal static class Skipping
{
    /// <summary>Why to skip; null to run (and to fail when something is missing).</summary>
    public static string? Reason(bool vrrpdOnly)
    {
        if (Requirements.AllowSkip && Requirements.Missing.Length > 0)
        {
            return Requirements.Missing;
        }

        return vrrpdOnly && Requirements.StandIn ? "keepalived stands in for vrrpd and does not do this" : null;
    }
}
