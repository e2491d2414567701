using System;
using System.Runtime.InteropServices;
using Vrrpd.Core;

namespace Vrrpd.Native.Process;

/// <summary>
/// Running scripts: at most one of each, a pidfd each in the poller. No SIGCHLD: only we reap, so a pid cannot be
/// somebody else's between the start of a child and the opening of its pidfd.
/// </summary>
internal sealed unsafe partial class ChildTable : IDisposable
{
    private readonly Spawner _spawner;
    private readonly PreparedCommand[] _commands;
    private readonly Running[] _running;
    private readonly Func<int, short, int> _watch;
    private readonly Action<int> _unwatch;
    private readonly bool _isInit = Libc.getpid() == 1;

    /// <summary>One command per script of the configuration, in its order.</summary>
    public ChildTable(Spawner spawner, PreparedCommand[] commands, Poller poller)
        : this(spawner, commands, (fd, script) => poller.Add(fd, PollKind.Child, script), poller.Remove)
    {
    }

    internal ChildTable(Spawner spawner, PreparedCommand[] commands, Func<int, short, int> watch, Action<int> unwatch)
    {
        _spawner = spawner;
        _commands = commands;
        _running = new Running[commands.Length];
        _watch = watch;
        _unwatch = unwatch;

        // Whoever started us may ignore SIGCHLD (perl daemons, some supervisors), and that is inherited: the kernel would reap the scripts
        // itself, and every check would count as failed for want of its status.
        if (IsIgnored(Libc.SIGCHLD))
        {
            _ = Libc.signal(Libc.SIGCHLD, Libc.SIG_DFL);
        }
    }

    /// <summary>Scripts that have not been reaped.</summary>
    public int Count { get; private set; }

    /// <summary>Starts the script of that number in a process group of its own. 0, or the errno why not (EEXIST: it still runs).</summary>
    public int Start(short script)
    {
        ref Running child = ref _running[script];
        if (child.Pid != 0)
        {
            return Errno.EEXIST;
        }

        int error = _spawner.Start(_commands[script], out int pid);
        if (error != 0)
        {
            return error;
        }

        // pidfd_open sets close-on-exec by itself.
        int fd = (int)Libc.syscall(Libc.SYS_pidfd_open, pid, 0, 0, 0, 0);
        error = fd < 0 ? Errno.Last : _watch(fd, script);
        if (error != 0)
        {
            // Without a descriptor that is watched nobody would ever hear of its end: it must not run at all.
            Libc.kill(-pid, Libc.SIGKILL);
            WaitInfo info;
            Libc.waitid(Libc.P_PID, pid, &info, Libc.WEXITED);
            if (fd >= 0)
            {
                Libc.close(fd);
            }

            return error;
        }

        child = new Running(pid, fd, false);
        Count++;
        return 0;
    }

    /// <summary>Signals the whole process group. 0, or errno; a script that has ended already is no error.</summary>
    public int Kill(short script, int signal)
    {
        ref Running child = ref _running[script];
        if (child.Pid == 0)
        {
            return 0;
        }

        // Not reaped yet, so the number is still this group's.
        child = child with { Killed = true };
        return Libc.kill(-child.Pid, signal) == 0 || Errno.Last == Errno.ESRCH ? 0 : Errno.Last;
    }

    /// <summary>The pidfd with that poll index is ready: reaps the child and says how it ended.</summary>
    public bool TryReap(int index, out HostEvent e)
    {
        e = default;
        Running child = _running[index];
        if (child.Pid == 0)
        {
            return false;
        }

        WaitInfo info = default;
        int how = Libc.WEXITED | Libc.WNOHANG;
        if (Libc.waitid(Libc.P_PIDFD, child.Fd, &info, child.Killed ? how | Libc.WNOWAIT : how) == 0)
        {
            if (info.Pid == 0)
            {
                return false;
            }

            if (child.Killed)
            {
                // The leader obeyed; whoever of its group did not goes now, while the dead leader still keeps the group's number ours.
                Libc.kill(-child.Pid, Libc.SIGKILL);
                Libc.waitid(Libc.P_PIDFD, child.Fd, &info, how);
            }
        }
        else if (Errno.Last != Errno.ECHILD)
        {
            return false;
        }
        else
        {
            // Somebody reaped it behind our back: its status is lost, and a check whose result is unknown has failed.
            info = new WaitInfo { Code = Libc.CLD_EXITED, Status = 255 };
        }

        _unwatch(child.Fd);
        Libc.close(child.Fd);
        _running[index] = default;
        Count--;
        e = HostEvent.ScriptExited((short)index, info.Code == Libc.CLD_EXITED ? info.Status : HostEvent.KilledBySignal + info.Status);
        ReapStrays();
        return true;
    }

    /// <summary>
    /// As process 1 the orphans of everybody become ours and must be reaped (on SIGCHLD). Our own scripts are left for
    /// <see cref="TryReap"/>: when one of them is first in the kernel's queue, this ends and is called again from there.
    /// </summary>
    public void ReapStrays()
    {
        if (!_isInit)
        {
            return;
        }

        WaitInfo info = default;
        while (Libc.waitid(Libc.P_ALL, 0, &info, Libc.WEXITED | Libc.WNOHANG | Libc.WNOWAIT) == 0 && info.Pid != 0 && !IsOurs(info.Pid))
        {
            Libc.waitid(Libc.P_PID, info.Pid, &info, Libc.WEXITED | Libc.WNOHANG);
            info = default;
        }
    }

    /// <summary>At the end of the daemon: nothing that we started outlives us.</summary>
    public void KillAll()
    {
        for (short i = 0; i < _running.Length; i++)
        {
            if (_running[i].Pid != 0)
            {
                Kill(i, Libc.SIGKILL);
                WaitInfo info;
                Libc.waitid(Libc.P_PIDFD, _running[i].Fd, &info, Libc.WEXITED | Libc.WNOWAIT);
                TryReap(i, out _);
            }
        }
    }

    public void Dispose() => KillAll();

    private static bool IsIgnored(int signal)
    {
        // struct sigaction begins with the handler in both libcs; 152 bytes of it follow at most. SIG_IGN is 1.
        const int Words = 32;
        nint* action = stackalloc nint[Words];
        return sigaction(signal, null, action) == 0 && action[0] == 1;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sigaction(int signal, void* action, nint* old);

    private bool IsOurs(int pid)
    {
        foreach (Running child in _running)
        {
            if (child.Pid == pid)
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="Killed">We sent a signal, so the group is to end as a whole.</param>
    private readonly record struct Running(int Pid, int Fd, bool Killed);
}
