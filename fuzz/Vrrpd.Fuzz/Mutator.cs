using System;
using System.Collections.Generic;

namespace Vrrpd.Fuzz;

/// <summary>
/// Makes new inputs of old ones: flips, known awkward values, splices, length changes. Its whole state is the seed, so the same
/// seed over the same corpus makes the same inputs in the same order.
/// </summary>
internal sealed class Mutator(ulong seed, int maxLength)
{
    private static readonly byte[] _awkward = [0, 1, 0x7f, 0x80, 0xff, 0xfe, (byte)' ', (byte)'\n', (byte)'{', (byte)'}', (byte)'"', (byte)'0'];

    private readonly byte[] _work = new byte[maxLength];
    private ulong _state = seed;
    private int _length;

    /// <summary>One of the pool, changed in one to eight places. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Next(List<byte[]> pool)
    {
        byte[] parent = pool[Below(pool.Count)];
        _length = Math.Min(parent.Length, _work.Length);
        parent.AsSpan(0, _length).CopyTo(_work);
        for (int changes = 1 << Below(4); changes > 0; changes--)
        {
            Change(pool);
        }

        return _work.AsSpan(0, _length);
    }

    private void Change(List<byte[]> pool)
    {
        if (_length == 0)
        {
            Insert([_awkward[Below(_awkward.Length)]]);
            return;
        }

        int at = Below(_length);
        switch (Below(8))
        {
            case 0:
                _work[at] ^= (byte)(1 << Below(8));
                break;

            case 1:
                _work[at] = _awkward[Below(_awkward.Length)];
                break;

            case 2:
                _work[at] = (byte)Below(256);
                break;

            case 3:
                _work[at] += (byte)(Below(17) - 8);
                break;

            case 4:
                // Cut a piece out.
                int cut = 1 + Below(Math.Min(_length - at, 32));
                _work.AsSpan(at + cut, _length - at - cut).CopyTo(_work.AsSpan(at));
                _length -= cut;
                break;

            case 5:
                // Say a piece twice.
                Insert(_work.AsSpan(at, 1 + Below(Math.Min(_length - at, 64))).ToArray());
                break;

            case 6:
                // A piece of another one.
                byte[] other = pool[Below(pool.Count)];
                if (other.Length > 0)
                {
                    int from = Below(other.Length);
                    Insert(other.AsSpan(from, 1 + Below(Math.Min(other.Length - from, 64))));
                }

                break;

            default:
                // End early.
                _length = at;
                break;
        }
    }

    private void Insert(ReadOnlySpan<byte> piece)
    {
        int at = Below(_length + 1);
        int room = Math.Min(piece.Length, _work.Length - _length);
        _work.AsSpan(at, _length - at).CopyTo(_work.AsSpan(at + room));
        piece[..room].CopyTo(_work.AsSpan(at));
        _length += room;
    }

    /// <summary>splitmix64, cut to 0..bound-1.</summary>
    private int Below(int bound)
    {
        ulong z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return (int)((z ^ (z >> 31)) % (ulong)bound);
    }
}
