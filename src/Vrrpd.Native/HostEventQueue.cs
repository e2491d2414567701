using Vrrpd.Core;

namespace Vrrpd.Native;

/// <summary>
/// Events on their way to the engine, in order. Bounded by what produces them (one datagram of netlink, the effects of one turn); it grows
/// to the largest burst seen and then stays.
/// </summary>
internal sealed class HostEventQueue(int expected)
{
    /// <summary>Links, other addresses and scripts that happen at the same time.</summary>
    private const int Others = 32;

    private HostEvent[] _events = new HostEvent[expected + Others];
    private int _head;

    public int Count { get; private set; }

    /// <summary>Room for so many that happen at once, as the constructor makes it.</summary>
    public void Reserve(int expected)
    {
        if (expected + Others > _events.Length)
        {
            Grow(expected + Others);
        }
    }

    public void Add(in HostEvent e)
    {
        if (Count == _events.Length)
        {
            Grow(_events.Length * 2);
        }

        _events[(_head + Count++) % _events.Length] = e;
    }

    public void Clear() => Count = 0;

    /// <summary>That router's address is among those that were refused and not told of yet. Mostly nothing is.</summary>
    public bool HasRefused(short router, Ip address)
    {
        for (int i = 0; i < Count; i++)
        {
            ref readonly HostEvent e = ref _events[(_head + i) % _events.Length];
            if (e.Kind == HostEventKind.EffectFailed && e.Effect == EffectKind.AddAddress && e.Subject == router && e.Address == address)
            {
                return true;
            }
        }

        return false;
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

    private void Grow(int length)
    {
        HostEvent[] larger = new HostEvent[length];
        for (int i = 0; i < Count; i++)
        {
            larger[i] = _events[(_head + i) % _events.Length];
        }

        (_events, _head) = (larger, 0);
    }
}
