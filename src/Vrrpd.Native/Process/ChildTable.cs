using Vrrpd.Core;

namespace Vrrpd.Native.Process;

/// <summary>Running scripts: at most one of each, a pidfd each in the poller. No SIGCHLD anywhere.</summary>
internal sealed class ChildTable
{
    /// <summary>Starts the script of that number in a process group of its own. 0, or the errno why not.</summary>
    public int Start(short script) => throw new System.NotImplementedException();

    /// <summary>Signals the whole process group. 0, or errno; a script that has ended already is no error.</summary>
    public int Kill(short script, int signal) => throw new System.NotImplementedException();

    /// <summary>The pidfd with that poll index is ready: reaps the child and says how it ended.</summary>
    public bool TryReap(int index, out HostEvent e) => throw new System.NotImplementedException();
}
