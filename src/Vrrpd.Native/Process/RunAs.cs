using System;
using System.Globalization;

namespace Vrrpd.Native.Process;

/// <summary>
/// The role `vrrpd --run-as UID:GID -- FILE ARGV0 ARG…`: become that user for good, then become that program. A process of its own
/// because posix_spawn cannot change the user and fork is not safe in a managed process; the pid and process group stay.
/// </summary>
internal static unsafe class RunAs
{
    public const string Option = "--run-as";

    /// <summary>The shell's statuses for a program that could not be run and one that was not found.</summary>
    private const int CannotRun = 126, NotFound = 127;

    /// <summary>Only returns when something failed.</summary>
    public static int Run(ReadOnlySpan<string> args)
    {
        if (args.Length < 5 || args[2] != "--" || !TryIds(args[1], out uint uid, out uint gid))
        {
            return CannotRun;
        }

        // The group first: after the user is gone there is no right left to change it.
        if (Libc.setgroups(1, &gid) != 0 || Libc.setresgid(gid, gid, gid) != 0 || Libc.setresuid(uid, uid, uid) != 0)
        {
            return CannotRun;
        }

        // The runtime ignores SIGPIPE, and what is ignored stays so across exec.
        Libc.signal(Libc.SIGPIPE, Libc.SIG_DFL);
        // As it came: the daemon has stripped it already.
        byte** environment = NativeText.AllocateArray(EnvironmentBlock.Whole());
        using PreparedCommand command = new(args[3], args[4..]);
        Libc.execve(command.Path, command.Argv, environment);
        if (Errno.Last == Spawner.ENOEXEC)
        {
            Libc.execve(command.ShellPath, command.ShellArgv, environment);
        }

        return Errno.Last == Errno.ENOENT ? NotFound : CannotRun;
    }

    private static bool TryIds(string text, out uint uid, out uint gid)
    {
        gid = uid = 0;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && uint.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out uid)
            && uint.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out gid);
    }
}
