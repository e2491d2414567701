using System;
using System.Numerics;

namespace Vrrpd.Core;

/// <summary>
/// Index from small numbers (machines) to their deadlines: who is due, in which order, and when next. The machines own the
/// deadlines, this only finds them; an id that has been handed out waits for nothing until it is set again.
/// <para>
/// Deadlines are exact to the tick, buckets are only buckets. The far future is a hierarchical wheel: nine levels of 64 slots,
/// 2^13 ticks (0.8 ms) to 2^61 ticks a slot, each an intrusive list in int arrays, each level with a bitmap of its slots in use,
/// so that a jump by days costs as much as one by a millisecond. The nearest bucket is opened into a binary heap ordered by
/// (deadline, id); everything in the heap is before everything in the wheel, so the top of the heap is the next deadline.
/// </para>
/// <para>
/// A node lies where its deadline was when it was placed (its key). Moving a deadline later, which every advert received does,
/// only stores a number: the node moves on when its old place comes up. So a key is a lower bound of its deadline, always.
/// </para>
/// Nothing is allocated after construction.
/// </summary>
public sealed class TimerWheel
{
    private const int TickBits = 13;
    private const int SlotBits = 6;
    private const int Slots = 1 << SlotBits;
    private const int Levels = 9;

    /// <summary>Values of _place that are no index into the heap: idle, or in the list of slot ~place - 1.</summary>
    private const int Idle = -1;

    private readonly Instant[] _deadlines;
    private readonly Instant[] _keys;
    private readonly int[] _place;

    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _heads = new int[Levels * Slots];
    private readonly ulong[] _used = new ulong[Levels];

    private readonly int[] _heap;
    private int _heapCount;

    /// <summary>Number of the opened bucket. The heap has all keys up to its end, the wheel all later ones. It may be ahead of the clock.</summary>
    private long _opened;

    /// <param name="capacity">Ids are 0..capacity-1.</param>
    /// <param name="origin">The clock when the wheel is made; it only decides what lies near.</param>
    public TimerWheel(int capacity, Instant origin)
    {
        _deadlines = new Instant[capacity];
        _keys = new Instant[capacity];
        _place = new int[capacity];
        _next = new int[capacity];
        _previous = new int[capacity];
        _heap = new int[capacity];
        Array.Fill(_deadlines, Instant.Never);
        Array.Fill(_place, Idle);
        Array.Fill(_heads, -1);
        _opened = Bucket(origin);
    }

    public int Capacity => _deadlines.Length;

    /// <summary>
    /// A lower bound of <see cref="NextDeadline"/> without looking into buckets; <see cref="Instant.Never"/> only if nothing at all
    /// is placed.
    /// </summary>
    public Instant Next
    {
        get
        {
            if (_heapCount > 0)
            {
                return _keys[_heap[0]];
            }

            int level = FirstLevel();
            return level < 0 ? Instant.Never : new Instant(FirstBucket(level) << TickBits);
        }
    }

    /// <summary>
    /// Exactly the earliest deadline, or <see cref="Instant.Never"/>. While it looks it moves stale nodes on, each at most once per
    /// level of the wheel for each time it was set.
    /// </summary>
    public Instant NextDeadline
    {
        get
        {
            int id = First();
            return id < 0 ? Instant.Never : _deadlines[id];
        }
    }

    /// <summary>What was last set for the id; <see cref="Instant.Never"/> once it was handed out.</summary>
    public Instant Deadline(int id) => _deadlines[id];

    /// <summary>
    /// The id is due at that time; <see cref="Instant.Never"/> takes it out. O(1); where the time lies in or before the opened
    /// bucket, logarithmic in the few that are there.
    /// </summary>
    public void Set(int id, Instant deadline)
    {
        _deadlines[id] = deadline;
        int place = _place[id];
        if (place != Idle)
        {
            if (deadline >= _keys[id])
            {
                return;
            }

            if (place >= 0)
            {
                _keys[id] = deadline;
                SiftUp(place);
                return;
            }

            Unlink(id);
        }

        Place(id);
    }

    /// <summary>
    /// Ids whose deadline is not after <paramref name="now"/>, by deadline and then by id, as many as there is room for; the others
    /// come with the next call. Says how many.
    /// </summary>
    public int Expire(Instant now, Span<int> due)
    {
        int count = 0;
        while (count < due.Length)
        {
            int id = First();
            if (id < 0 || _deadlines[id] > now)
            {
                break;
            }

            PopTop();
            _deadlines[id] = Instant.Never;
            due[count++] = id;
        }

        return count;
    }

    private static long Bucket(Instant t) => Math.Max(0, t.Ticks >> TickBits);

    /// <summary>The id with the earliest deadline, which is then the top of the heap; -1 if none waits.</summary>
    private int First()
    {
        while (true)
        {
            while (_heapCount > 0)
            {
                int id = _heap[0];
                Instant deadline = _deadlines[id];
                if (deadline == _keys[id])
                {
                    return id;
                }

                // Moved later since it was placed.
                if (deadline != Instant.Never && Bucket(deadline) <= _opened)
                {
                    _keys[id] = deadline;
                    SiftDown(0);
                }
                else
                {
                    PopTop();
                    Place(id);
                }
            }

            int level = FirstLevel();
            if (level < 0)
            {
                return -1;
            }

            Open(level);
        }
    }

    /// <summary>Puts an idle id into heap or wheel by its deadline.</summary>
    private void Place(int id)
    {
        Instant deadline = _deadlines[id];
        if (deadline == Instant.Never)
        {
            return;
        }

        _keys[id] = deadline;
        long bucket = Bucket(deadline);
        if (bucket <= _opened)
        {
            _heap[_heapCount] = id;
            SiftUp(_heapCount++);
            return;
        }

        // The level is that of the highest digit (base 64) in which the bucket differs from the opened one. So every slot in
        // use is later than the opened one's on its level, and every one of a lower level is before all of a higher.
        int level = BitOperations.Log2((ulong)(bucket ^ _opened)) / SlotBits;
        int slot = (int)(bucket >> (level * SlotBits)) & (Slots - 1);
        int list = level * Slots + slot;
        int head = _heads[list];
        _next[id] = head;
        _previous[id] = -1;
        if (head >= 0)
        {
            _previous[head] = id;
        }

        _heads[list] = id;
        _place[id] = ~(list + 1);
        _used[level] |= 1UL << slot;
    }

    private void Unlink(int id)
    {
        int list = ~_place[id] - 1;
        int next = _next[id], previous = _previous[id];
        if (next >= 0)
        {
            _previous[next] = previous;
        }

        if (previous >= 0)
        {
            _next[previous] = next;
        }
        else
        {
            _heads[list] = next;
            if (next < 0)
            {
                _used[list / Slots] &= ~(1UL << (list % Slots));
            }
        }

        _place[id] = Idle;
    }

    /// <summary>The lowest level in use, which has the earliest slot; -1 if the wheel is empty.</summary>
    private int FirstLevel()
    {
        for (int level = 0; level < Levels; level++)
        {
            if (_used[level] != 0)
            {
                return level;
            }
        }

        return -1;
    }

    /// <summary>The first bucket of the earliest slot of a level in use.</summary>
    private long FirstBucket(int level)
    {
        int shift = level * SlotBits;
        long slot = BitOperations.TrailingZeroCount(_used[level]);
        return (_opened >> shift >> SlotBits << SlotBits | slot) << shift;
    }

    /// <summary>Goes on to the earliest slot of that level and places its ids anew: into the heap, a lower level, or wherever they moved to.</summary>
    private void Open(int level)
    {
        _opened = FirstBucket(level);
        int slot = BitOperations.TrailingZeroCount(_used[level]);
        int id = _heads[level * Slots + slot];
        _heads[level * Slots + slot] = -1;
        _used[level] &= ~(1UL << slot);
        while (id >= 0)
        {
            int next = _next[id];
            _place[id] = Idle;
            Place(id);
            id = next;
        }
    }

    private void PopTop()
    {
        _place[_heap[0]] = Idle;
        int last = _heap[--_heapCount];
        if (_heapCount > 0)
        {
            _heap[0] = last;
            SiftDown(0);
        }
    }

    private bool IsBefore(int a, int b) => _keys[a] != _keys[b] ? _keys[a] < _keys[b] : a < b;

    private void SiftUp(int at)
    {
        int id = _heap[at];
        while (at > 0)
        {
            int parent = (at - 1) / 2;
            if (!IsBefore(id, _heap[parent]))
            {
                break;
            }

            _heap[at] = _heap[parent];
            _place[_heap[at]] = at;
            at = parent;
        }

        _heap[at] = id;
        _place[id] = at;
    }

    private void SiftDown(int at)
    {
        int id = _heap[at];
        while (true)
        {
            int child = 2 * at + 1;
            if (child >= _heapCount)
            {
                break;
            }

            if (child + 1 < _heapCount && IsBefore(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!IsBefore(_heap[child], id))
            {
                break;
            }

            _heap[at] = _heap[child];
            _place[_heap[at]] = at;
            at = child;
        }

        _heap[at] = id;
        _place[id] = at;
    }
}
