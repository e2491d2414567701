using Vrrpd.Core;
using Vrrpd.Core.Config;

namespace Vrrpd.Native;

/// <summary>Lines to the console and/or syslog, never waiting: a descriptor that is full drops the line and counts it.</summary>
internal sealed class LogWriter
{
    /// <summary>A log effect of the core; allocates nothing.</summary>
    public void Write(in Effect effect, DaemonConfig config) => throw new System.NotImplementedException();

    /// <summary>A line of the host side (start, stop, refused system calls).</summary>
    public void Write(LogLevel level, string text) => throw new System.NotImplementedException();
}
