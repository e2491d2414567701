using Vrrpd.Core;

namespace Vrrpd.Native;

/// <summary>Who a ready descriptor belongs to.</summary>
internal enum PollKind : byte
{
    Timer,
    Signal,
    Vrrp,
    NetlinkMonitor,
    NetlinkRequest,
    Child,
}

/// <summary>The epoll set: descriptors carry a kind and an index, so that the loop needs no look-up.</summary>
internal sealed class Poller
{
    /// <summary>Watches for readability (level-triggered).</summary>
    public void Add(int fd, PollKind kind, int index) => throw new System.NotImplementedException();

    public void Remove(int fd) => throw new System.NotImplementedException();

    /// <summary>Waits until something is ready or the deadline has come; says how many are ready.</summary>
    public int Wait(Instant deadline) => throw new System.NotImplementedException();

    public PollKind Kind(int ready) => throw new System.NotImplementedException();

    public int Index(int ready) => throw new System.NotImplementedException();
}
