using System;
using Vrrpd.Core;

namespace Vrrpd.Sim;

internal enum SimEventKind : byte
{
    /// <summary>A host wanted to be woken now.</summary>
    Wake,

    /// <summary>A packet arrives at a host.</summary>
    Packet,

    /// <summary>Anything else: <see cref="SimEvent.What"/> is an <see cref="Action"/>.</summary>
    Act,
}

internal readonly record struct SimEvent(Instant At, long Order, SimEventKind Kind, short Host, object? What);

/// <summary>What will happen, by time and then by when it was planned: two of one moment never change places. A binary heap.</summary>
internal sealed class EventQueue
{
    private SimEvent[] _heap = new SimEvent[256];
    private long _order;

    public int Count { get; private set; }

    public void Add(Instant at, SimEventKind kind, short host, object? what)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * Count);
        }

        SimEvent e = new(at, _order++, kind, host, what);
        int i = Count++;
        while (i > 0 && IsBefore(e, _heap[(i - 1) / 2]))
        {
            _heap[i] = _heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }

        _heap[i] = e;
    }

    public bool TryTake(Instant until, out SimEvent e)
    {
        if (Count == 0 || _heap[0].At > until)
        {
            e = default;
            return false;
        }

        e = _heap[0];
        SimEvent last = _heap[--Count];
        _heap[Count] = default;
        int i = 0;
        while (2 * i + 1 < Count)
        {
            int child = 2 * i + 1;
            if (child + 1 < Count && IsBefore(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!IsBefore(_heap[child], last))
            {
                break;
            }

            _heap[i] = _heap[child];
            i = child;
        }

        if (Count > 0)
        {
            _heap[i] = last;
        }

        return true;
    }

    private static bool IsBefore(in SimEvent a, in SimEvent b) => a.At < b.At || (a.At == b.At && a.Order < b.Order);
}
