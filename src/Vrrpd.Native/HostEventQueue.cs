using Vrrpd.Core;

namespace Vrrpd.Native;

/// <summary>
/// Events on their way to the engine, in order. Bounded by what produces them (one datagram of netlink, the effects of one turn); it grows
/// to the largest burst seen and then stays.
/// </summary>
internal sealed class HostEventQueue
{
    // More than one read of the monitor brings when the kernel tells of a thousand addresses one by one (LinkMonitor.DatagramsPerTurn).
    private HostEvent[] _events = new HostEvent[256];
    private int _head;

    public int Count { get; private set; }

    public void Add(in HostEvent e)
    {
        if (Count == _events.Length)
        {
            HostEvent[] larger = new HostEvent[_events.Length * 2];
            for (int i = 0; i < Count; i++)
            {
                larger[i] = _events[(_head + i) % _events.Length];
            }

            _events = larger;
            _head = 0;
        }

        _events[(_head + Count++) % _events.Length] = e;
    }

    public bool TryTake(out HostEvent e)
    {
        if (Count == 0)
        {
            e = default;
            return false;
        }

        e = _events[_head];
        _head = (_head + 1) % _events.Length;
        Count--;
        return true;
    }
}
