using System;
using System.Runtime.InteropServices;
using Vrrpd.Core;
using Vrrpd.Core.Config;

namespace Vrrpd.Native.Process;

/// <summary>Who is told when a pidfd becomes ready.</summary>
internal interface IChildWatch
{
    /// <summary>0, or the errno why not.</summary>
    public int Add(int fd, int index);

    public void Renumber(int fd, int index);

    public void Remove(int fd);
}

/// <summary>
/// Running scripts: at most one of each, a pidfd each in the poller. No SIGCHLD: only we reap, so a pid cannot be
/// somebody else's between the start of a child and the opening of its pidfd.
/// </summary>
internal sealed unsafe partial class ChildTable : IDisposable
{
    /// <summary>From TERM to KILL for those whom a reload has left without a script, and from one KILL to the next (keepalived's 2 s).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Poll indexes from here on are orphans.</summary>
    private const int FirstOrphan = short.MaxValue + 1;

    private readonly Spawner _spawner;
    private readonly IChildWatch _watch;
    private PreparedCommand[] _commands;
    private Running[] _running;

    /// <summary>Runs of scripts that a reload removed or gave another program: ended, reaped, and told to nobody. Free places have no pid.</summary>
    private Running[] _orphans = [];
    private readonly bool _isInit = Libc.getpid() == 1;

    /// <summary>One command per script of the configuration, in its order.</summary>
    public ChildTable(Spawner spawner, PreparedCommand[] commands, Poller poller)
        : this(spawner, commands, new PollerWatch(poller))
    {
    }

    internal ChildTable(Spawner spawner, PreparedCommand[] commands, IChildWatch watch)
    {
        _spawner = spawner;
        _commands = commands;
        _running = new Running[commands.Length];
        _watch = watch;

        // Whoever started us may ignore SIGCHLD (perl daemons, some supervisors), and that is inherited: the kernel would reap the scripts
        // itself, and every check would count as failed for want of its status.
        if (IsIgnored(Libc.SIGCHLD))
        {
            _ = Libc.signal(Libc.SIGCHLD, Libc.SIG_DFL);
        }
    }

    /// <summary>Scripts that have not been reaped.</summary>
    public int Count { get; private set; }

    /// <summary>When <see cref="KillOrphans"/> has something to do.</summary>
    public Instant KillDue
    {
        get
        {
            Instant due = Instant.Never;
            foreach (Running orphan in _orphans)
            {
                due = orphan.Pid != 0 ? Instant.Min(due, orphan.KillAt) : due;
            }

            return due;
        }
    }

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
        error = fd < 0 ? Errno.Last : _watch.Add(fd, script);
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

        child = new Running(pid, fd, false, Instant.Never);
        Count++;
        return 0;
    }

    /// <summary>Signals the whole process group. 0, or errno; a script that has ended already is no error.</summary>
    public int Kill(short script, int signal) => Kill(ref _running[script], signal);

    /// <summary>Signals whatever runs.</summary>
    public void KillEvery(int signal)
    {
        foreach (ref Running child in _running.AsSpan())
        {
            Kill(ref child, signal);
        }

        foreach (ref Running orphan in _orphans.AsSpan())
        {
            Kill(ref orphan, signal);
        }
    }

    /// <summary>Orphans that were asked to end and have had time to.</summary>
    public void KillOrphans(Instant now)
    {
        foreach (ref Running orphan in _orphans.AsSpan())
        {
            if (orphan.Pid != 0 && now >= orphan.KillAt)
            {
                Kill(ref orphan, Libc.SIGKILL);
                orphan = orphan with { KillAt = now + Patience };
            }
        }
    }

    /// <summary>
    /// Between the halves of a reload, one command per script of the new configuration: what still runs of a script that stays goes on under its new
    /// number; the rest has been sent TERM and becomes an orphan.
    /// </summary>
    public void Adopt(PreparedCommand[] commands, ConfigDiff diff, Instant now)
    {
        Running[] running = new Running[commands.Length];
        for (short script = 0; script < _running.Length; script++)
        {
            Running child = _running[script];
            if (child.Pid == 0)
            {
                continue;
            }

            if (diff.IsSameRun(script))
            {
                running[diff.ScriptsNow[script]] = child;
                _watch.Renumber(child.Fd, diff.ScriptsNow[script]);
            }
            else
            {
                Abandon(child with { KillAt = now + Patience });
            }
        }

        Array.ForEach(_commands, static command => command.Dispose());
        (_commands, _running) = (commands, running);
    }

    private void Abandon(in Running child)
    {
        int free = 0;
        while (free < _orphans.Length && _orphans[free].Pid != 0)
        {
            free++;
        }

        if (free == _orphans.Length)
        {
            Array.Resize(ref _orphans, free + 4);
        }

        _orphans[free] = child;
        _watch.Renumber(child.Fd, FirstOrphan + free);
    }

    private static int Kill(ref Running child, int signal)
    {
        if (child.Pid == 0)
        {
            return 0;
        }

        // Not reaped yet, so the number is still this group's.
        child = child with { Killed = true };
        return Libc.kill(-child.Pid, signal) == 0 || Errno.Last == Errno.ESRCH ? 0 : Errno.Last;
    }

    /// <summary>The pidfd with that poll index is ready: reaps the child and says how it ended, unless that concerns nobody any more.</summary>
    public bool TryReap(int index, out HostEvent e)
    {
        e = default;
        bool isOrphan = index >= FirstOrphan;
        ref Running place = ref isOrphan ? ref _orphans[index - FirstOrphan] : ref _running[index];
        Running child = place;
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

        _watch.Remove(child.Fd);
        Libc.close(child.Fd);
        place = default;
        Count--;
        ReapStrays();
        if (isOrphan)
        {
            return false;
        }

        e = HostEvent.ScriptExited((short)index, info.Code == Libc.CLD_EXITED ? info.Status : HostEvent.KilledBySignal + info.Status);
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
        KillEvery(Libc.SIGKILL);
        for (int i = 0; i < _running.Length; i++)
        {
            Await(_running[i], i);
        }

        for (int i = 0; i < _orphans.Length; i++)
        {
            Await(_orphans[i], FirstOrphan + i);
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

    private void Await(in Running child, int index)
    {
        if (child.Pid != 0)
        {
            WaitInfo info;
            Libc.waitid(Libc.P_PIDFD, child.Fd, &info, Libc.WEXITED | Libc.WNOWAIT);
            TryReap(index, out _);
        }
    }

    private bool IsOurs(int pid) => IsAmong(_running, pid) || IsAmong(_orphans, pid);

    private static bool IsAmong(Running[] children, int pid)
    {
        foreach (Running child in children)
        {
            if (child.Pid == pid)
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="Killed">We sent a signal, so the group is to end as a whole.</param>
    /// <param name="KillAt">Of an orphan: when it is killed.</param>
    private readonly record struct Running(int Pid, int Fd, bool Killed, Instant KillAt);

    private sealed class PollerWatch(Poller poller) : IChildWatch
    {
        public int Add(int fd, int index) => poller.Add(fd, PollKind.Child, index);

        public void Renumber(int fd, int index) => poller.Renumber(fd, PollKind.Child, index);

        public void Remove(int fd) => poller.Remove(fd);
    }
}
