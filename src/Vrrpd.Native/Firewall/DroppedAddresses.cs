using System;
using Vrrpd.Core;

namespace Vrrpd.Native.Firewall;

/// <param name="Index">Interface of a link-local address, else 0.</param>
internal readonly record struct DroppedAddress(Ip Address, int Index);

/// <summary>
/// The addresses whose traffic is dropped, in one array with chains through it: thousands may come and go in one takeover. With room reserved
/// it allocates nothing.
/// </summary>
internal sealed class DroppedAddresses
{
    private const int None = -1;

    private Entry[] _entries = [];
    private int[] _heads = [];

    /// <summary>Used from the front; a removal moves the last into the gap.</summary>
    public int Count { get; private set; }

    public DroppedAddress this[int at] => _entries[at].Key;

    public void Reserve(int count)
    {
        if (count <= _entries.Length)
        {
            return;
        }

        // A power of two, so that a chain is found by masking.
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count);
        Array.Resize(ref _entries, size);
        _heads = new int[size];
        Array.Fill(_heads, None);
        for (int i = 0; i < Count; i++)
        {
            Link(i);
        }
    }

    /// <summary>False if it is there.</summary>
    public bool Add(DroppedAddress key)
    {
        if (Find(key) != None)
        {
            return false;
        }

        Reserve(Count + 1);
        _entries[Count].Key = key;
        Link(Count++);
        return true;
    }

    /// <summary>False if it is not there.</summary>
    public bool Remove(DroppedAddress key)
    {
        int at = Find(key);
        if (at == None)
        {
            return false;
        }

        Unlink(at);
        int last = --Count;
        if (at != last)
        {
            Unlink(last);
            _entries[at].Key = _entries[last].Key;
            Link(at);
        }

        return true;
    }

    private int Find(DroppedAddress key)
    {
        for (int at = _heads.Length == 0 ? None : _heads[Chain(key)]; at != None; at = _entries[at].Next)
        {
            if (_entries[at].Key == key)
            {
                return at;
            }
        }

        return None;
    }

    private int Chain(DroppedAddress key)
    {
        // Neighbouring addresses are the rule: multiplied, they spread over the upper bits.
        ulong mixed = (key.Address.High ^ key.Address.Low ^ (uint)key.Index) * 0x9e3779b97f4a7c15;
        return (int)(mixed >> 33) & (_heads.Length - 1);
    }

    private void Link(int at)
    {
        ref int head = ref _heads[Chain(_entries[at].Key)];
        (_entries[at].Next, head) = (head, at);
    }

    private void Unlink(int at)
    {
        ref int link = ref _heads[Chain(_entries[at].Key)];
        while (link != at)
        {
            link = ref _entries[link].Next;
        }

        link = _entries[at].Next;
    }

    private struct Entry
    {
        public DroppedAddress Key;
        public int Next;
    }
}
