using System;

namespace Vrrpd.Sim;

/// <summary>
/// xorshift64*: the same numbers on every machine, forever. Every purpose has a branch of its own, so that one more question asked of one changes no
/// other.
/// </summary>
internal sealed class Prng
{
    private ulong _state;

    public Prng(ulong seed) => _state = Mix(seed) | 1;

    /// <summary>Independent numbers for a purpose.</summary>
    public Prng Branch(ulong purpose) => new(_state ^ Mix(purpose + 0x9e37_79b9_7f4a_7c15));

    public ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545_f491_4f6c_dd1d;
    }

    /// <summary>0..bound-1.</summary>
    public int Below(int bound) => (int)((Next() >> 33) % (ulong)bound);

    /// <summary>Both ends included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool Chance(int percent) => Below(100) < percent;

    public bool ChancePermille(int permille) => permille > 0 && Below(1000) < permille;

    public TimeSpan Between(TimeSpan low, TimeSpan high) => new(low.Ticks + (long)((Next() >> 1) % (ulong)(high.Ticks - low.Ticks + 1)));

    public T Pick<T>(ReadOnlySpan<T> among) => among[Below(among.Length)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ z >> 27) * 0x94d0_49bb_1331_11eb;
        return z ^ z >> 31;
    }
}
