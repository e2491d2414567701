using System;
using Vrrpd.Core;

namespace Vrrpd.Native.Process;

/// <summary>
/// Going into the background: the daemon is our own binary, started again in a session of its own (a managed process cannot fork). The
/// first process stays until the daemon says that it is up, and ends with its status when it never gets there.
/// </summary>
internal static unsafe class Daemonizer
{
    /// <summary>The daemon's end of the pipe, whatever number it had here.</summary>
    private const int ReadyFd = 3;

    /// <summary>Far beyond any start that will still succeed; nobody is to wait for ever at a boot prompt.</summary>
    private const int PatienceMilliseconds = 60_000;

    /// <summary>Exit status of a process that a signal ended, as shells say it.</summary>
    private const int SignalBase = 128;

    /// <summary>Starts the daemon; returns the status for the first process to end with.</summary>
    public static int Detach(SelfExec self, string argv0, ReadOnlySpan<string> args, out string error)
    {
        error = "";
        int* pipe = stackalloc int[2];
        Invariant.Check(Libc.pipe2(pipe, Libc.O_CLOEXEC) == 0);
        int nullFd = StandardDescriptors.OpenNull();
        SpawnAttributes attributes = default;
        SpawnActions actions = default;
        SigSet none = SigSet.Empty, all = SigSet.Full;
        Spawner.Check(Libc.posix_spawnattr_init(&attributes));
        Spawner.Check(Libc.posix_spawnattr_setflags(&attributes, Libc.POSIX_SPAWN_SETSID | Libc.POSIX_SPAWN_SETSIGMASK | Libc.POSIX_SPAWN_SETSIGDEF));
        Spawner.Check(Libc.posix_spawnattr_setsigmask(&attributes, &none));
        Spawner.Check(Libc.posix_spawnattr_setsigdefault(&attributes, &all));
        Spawner.Check(Libc.posix_spawn_file_actions_init(&actions));
        for (int fd = 0; fd <= 2; fd++)
        {
            Spawner.Check(Libc.posix_spawn_file_actions_adddup2(&actions, nullFd, fd));
        }

        Spawner.Check(Libc.posix_spawn_file_actions_adddup2(&actions, pipe[1], ReadyFd));
        using PreparedCommand command = new(self.Path, [argv0, .. self.Arguments, $"--detached={ReadyFd}", .. args]);
        byte** environment = NativeText.AllocateArray(EnvironmentBlock.Whole());
        int pid;
        int failed = Libc.posix_spawn(&pid, command.Path, &actions, &attributes, command.Argv, environment);
        NativeText.FreeArray(environment);
        Libc.close(nullFd);
        Libc.close(pipe[1]);
        if (failed != 0)
        {
            error = $"Cannot start the daemon: {self.Path}: {Errno.Text(failed)}";
            return 1;
        }

        bool heard = Relay(pipe[0], out bool ready);
        if (ready)
        {
            return 0;
        }

        if (!heard)
        {
            error = $"The daemon (pid {pid}) is not ready after {PatienceMilliseconds / 1000} seconds";
            return 1;
        }

        WaitInfo info;
        Libc.waitid(Libc.P_PID, pid, &info, Libc.WEXITED);
        return info.Code == Libc.CLD_EXITED ? info.Status : SignalBase + info.Status;
    }

    /// <summary>In the daemon: the kernel calls us "exe" after the link we were executed by; killall and pidof look for the operator's name.</summary>
    public static void TakeName(string argv0)
    {
        fixed (byte* name = NativeText.Terminated(argv0[(argv0.LastIndexOf('/') + 1)..]))
        {
            Libc.prctl(Libc.PR_SET_NAME, name);
        }
    }

    /// <summary>Prints what the daemon says, until it is ready or gone. False when neither comes in time.</summary>
    private static bool Relay(int pipe, out bool ready)
    {
        ready = false;
        byte* buffer = stackalloc byte[4096];
        while (Libc.Poll(pipe, Libc.POLLIN, PatienceMilliseconds))
        {
            nint got = Libc.read(pipe, buffer, 4096);
            if (got <= 0)
            {
                return true;
            }

            ready = buffer[got - 1] == Terminal.ReadyByte;
            Terminal.Write(2, new ReadOnlySpan<byte>(buffer, (int)got - (ready ? 1 : 0)));
        }

        return false;
    }
}
