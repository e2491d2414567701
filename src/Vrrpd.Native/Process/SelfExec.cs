using System;
using System.Text;

namespace Vrrpd.Native.Process;

/// <summary>How to start our own binary again, for roles that need a process of their own.</summary>
/// <param name="Path">What to execute.</param>
/// <param name="Arguments">Words between argv[0] and the role's own arguments (a test host runs us through `dotnet vrrpd.dll`).</param>
internal sealed record SelfExec(string Path, string[] Arguments)
{
    private const string ProcSelfExe = "/proc/self/exe";

    /// <summary>
    /// /proc/self/exe is our own inode even after an upgrade replaced the file; posix_spawn resolves it in the child, which still
    /// runs our image then. Without /proc the name that we were started by has to do.
    /// </summary>
    public static SelfExec Find(string argv0)
    {
        if (Libc.Stat(ProcSelfExe, false, out _) == 0)
        {
            return new SelfExec(ProcSelfExe, []);
        }

        if (argv0.Contains('/'))
        {
            return new SelfExec(Absolute(argv0), []);
        }

        string? found = PathSearch.Find(argv0, LinuxFiles.Instance);
        return new SelfExec(found ?? argv0, []);
    }

    /// <summary>Made independent of the working directory, which a daemon leaves.</summary>
    public static unsafe string Absolute(string path)
    {
        if (path.StartsWith('/'))
        {
            return path;
        }

        // PATH_MAX of limits.h.
        byte* buffer = stackalloc byte[4096];
        return Libc.getcwd(buffer, 4096) == null
            ? path
            : Encoding.UTF8.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer)) + "/" + path;
    }
}
