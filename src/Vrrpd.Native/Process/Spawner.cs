using System;
using System.Runtime.InteropServices;
using Vrrpd.Core;

namespace Vrrpd.Native.Process;

/// <summary>
/// Starts programs by posix_spawn: a process group of their own, no blocked and no ignored signals (the runtime ignores SIGPIPE,
/// and a child would inherit that), stdio to /dev/null, the environment less the variables that change how programs are loaded.
/// Everything is prepared at configuration time; a run allocates nothing.
/// </summary>
internal sealed unsafe class Spawner : IDisposable
{
    /// <summary>errno.h: the kernel does not know the file's format, i.e. a script without `#!`.</summary>
    public const int ENOEXEC = 8;

    /// <summary>What execvp falls back to for such a file (POSIX).</summary>
    public const string Shell = "/bin/sh";

    // In native memory: their addresses are inside libc's structures.
    private readonly SpawnAttributes* _attributes;
    private readonly SpawnActions* _actions;
    private readonly byte** _environment;
    private readonly int _nullFd;

    public Spawner()
    {
        _attributes = (SpawnAttributes*)NativeMemory.AllocZeroed((nuint)sizeof(SpawnAttributes));
        _actions = (SpawnActions*)NativeMemory.AllocZeroed((nuint)sizeof(SpawnActions));
        SigSet none = SigSet.Empty, all = SigSet.Full;
        Check(Libc.posix_spawnattr_init(_attributes));
        Check(Libc.posix_spawnattr_setflags(_attributes, Libc.POSIX_SPAWN_SETPGROUP | Libc.POSIX_SPAWN_SETSIGMASK | Libc.POSIX_SPAWN_SETSIGDEF));
        Check(Libc.posix_spawnattr_setpgroup(_attributes, 0));
        Check(Libc.posix_spawnattr_setsigmask(_attributes, &none));
        Check(Libc.posix_spawnattr_setsigdefault(_attributes, &all));
        Check(Libc.posix_spawn_file_actions_init(_actions));
        _nullFd = StandardDescriptors.OpenNull();
        for (int fd = 0; fd <= 2; fd++)
        {
            Check(Libc.posix_spawn_file_actions_adddup2(_actions, _nullFd, fd));
        }

        _environment = NativeText.AllocateArray(EnvironmentBlock.ForScripts());
    }

    /// <summary>Starts a prepared command. 0 and its pid (which is also its process group), or the errno why not.</summary>
    public int Start(PreparedCommand command, out int pid)
    {
        int child;
        int error = Libc.posix_spawn(&child, command.Path, _actions, _attributes, command.Argv, _environment);
        if (error == ENOEXEC)
        {
            error = Libc.posix_spawn(&child, command.ShellPath, _actions, _attributes, command.ShellArgv, _environment);
        }

        pid = child;
        return error;
    }

    public void Dispose()
    {
        Libc.close(_nullFd);
        NativeText.FreeArray(_environment);
        NativeMemory.Free(_attributes);
        NativeMemory.Free(_actions);
    }

    /// <summary>The preparing calls of spawn.h fail for want of memory or by our mistake only.</summary>
    internal static void Check(int error) => Invariant.Check(error == 0);
}

/// <summary>A program and its arguments as native strings, made once.</summary>
internal sealed unsafe class PreparedCommand : IDisposable
{
    /// <summary>Runs <paramref name="path"/> with these arguments (the first is the name it sees itself called by) as ourselves.</summary>
    public PreparedCommand(string path, ReadOnlySpan<string> arguments)
    {
        Path = NativeText.Allocate(path);
        Argv = NativeText.AllocateArray(arguments);
        ShellPath = NativeText.Allocate(Spawner.Shell);
        ShellArgv = NativeText.AllocateArray([Spawner.Shell, path, .. arguments.Length > 1 ? arguments[1..] : []]);
    }

    /// <summary>The command of a script: directly when the user is ours, else by way of our own binary, which changes the user and executes it.</summary>
    public static PreparedCommand For(ScriptRun run, SelfExec self)
    {
        if (run.Uid == Libc.geteuid() && run.Gid == Libc.getegid())
        {
            return new PreparedCommand(run.Path, run.Command);
        }

        string[] arguments = [self.Path, .. self.Arguments, RunAs.Option, $"{run.Uid}:{run.Gid}", "--", run.Path, .. run.Command];
        return new PreparedCommand(self.Path, arguments);
    }

    public byte* Path { get; }
    public byte** Argv { get; }
    public byte* ShellPath { get; }
    public byte** ShellArgv { get; }

    public void Dispose()
    {
        NativeText.Free(Path);
        NativeText.Free(ShellPath);
        NativeText.FreeArray(Argv);
        NativeText.FreeArray(ShellArgv);
    }
}
