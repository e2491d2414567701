using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Vrrpd.Core.Crypto;

/// <summary>
/// SHA-256 (FIPS 180-4) as a value that is fed piece by piece. It is our own because the framework's loads OpenSSL at run time, which
/// ends a statically linked process. A copy of the value is a copy of the state: that is how a key is prepared once and used often.
/// </summary>
public struct Sha256
{
    public const int HashLength = 32;
    public const int BlockLength = 64;

    private const int LengthAt = BlockLength - sizeof(ulong);

    private Words _state;
    private Block _block;
    private ulong _length;

    /// <summary>Fractional parts of the cube roots of the first 64 primes.</summary>
    private static readonly uint[] Constants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Fractional parts of the square roots of the first 8 primes.</summary>
    private static readonly uint[] Initial =
        [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    public static Sha256 Start()
    {
        Sha256 hash = default;
        Initial.CopyTo(hash._state);
        return hash;
    }

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        Span<byte> block = _block;
        int used = (int)(_length % BlockLength);
        _length += (ulong)bytes.Length;
        if (used > 0)
        {
            int fits = Math.Min(BlockLength - used, bytes.Length);
            bytes[..fits].CopyTo(block[used..]);
            bytes = bytes[fits..];
            if (used + fits < BlockLength)
            {
                return;
            }

            Compress(_state, block);
        }

        while (bytes.Length >= BlockLength)
        {
            Compress(_state, bytes);
            bytes = bytes[BlockLength..];
        }

        bytes.CopyTo(block);
    }

    /// <summary>Writes the 32 bytes of the hash. The value is used up: start a new one, or keep a copy from before.</summary>
    public void Finish(Span<byte> hash)
    {
        Span<byte> block = _block;
        int used = (int)(_length % BlockLength);
        block[used++] = 0x80;
        if (used > LengthAt)
        {
            block[used..].Clear();
            Compress(_state, block);
            used = 0;
        }

        block[used..LengthAt].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(block[LengthAt..], _length * 8);
        Compress(_state, block);
        for (int i = 0; i < HashLength / 4; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash[(4 * i)..], _state[i]);
        }
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        for (int i = 0; i < 16; i++)
        {
            w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        }

        for (int i = 16; i < w.Length; i++)
        {
            uint early = w[i - 15], late = w[i - 2];
            w[i] = (BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ late >> 10) + w[i - 7]
                + (BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ early >> 3) + w[i - 16];
        }

        uint[] k = Constants;
        (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
        (uint e, uint f, uint g, uint h) = (state[4], state[5], state[6], state[7]);
        for (int i = 0; i < w.Length; i++)
        {
            uint one = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25))
                + (e & f ^ ~e & g) + k[i] + w[i];
            uint two = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22))
                + (a & b ^ a & c ^ b & c);
            (h, g, f, e, d, c, b, a) = (g, f, e, d + one, c, b, a, one + two);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    [InlineArray(HashLength / 4)]
    private struct Words
    {
        private uint _first;
    }

    [InlineArray(BlockLength)]
    private struct Block
    {
        private byte _first;
    }
}
