using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Vrrpd.Core.Crypto;

/// <summary>
/// MD5 (RFC 1321), fed and copied like <see cref="Sha256"/>. It is here for one purpose, the authentication header of VRRPv2 (RFC 2338
/// with HMAC-MD5-96), and protects no better than that.
/// </summary>
public struct Md5
{
    public const int HashLength = 16;
    public const int BlockLength = 64;

    private const int LengthAt = BlockLength - sizeof(ulong);

    private Words _state;
    private Block _block;
    private ulong _length;

    /// <summary>The integer parts of 2^32 * |sin(i)|, i = 1..64.</summary>
    private static readonly uint[] Constants =
    [
        0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
        0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
        0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
        0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
        0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
        0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
        0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
        0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
    ];

    /// <summary>Rotations: four of each round, taken in turn.</summary>
    private static ReadOnlySpan<byte> Shifts => [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

    public static Md5 Start()
    {
        Md5 hash = default;
        hash._state[0] = 0x67452301;
        hash._state[1] = 0xefcdab89;
        hash._state[2] = 0x98badcfe;
        hash._state[3] = 0x10325476;
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

    /// <summary>Writes the 16 bytes of the hash. The value is used up: start a new one, or keep a copy from before.</summary>
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
        BinaryPrimitives.WriteUInt64LittleEndian(block[LengthAt..], _length * 8);
        Compress(_state, block);
        for (int i = 0; i < HashLength / 4; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(hash[(4 * i)..], _state[i]);
        }
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
        for (int i = 0; i < 64; i++)
        {
            int round = i / 16;
            (uint mix, int word) = round switch
            {
                0 => (b & c | ~b & d, i),
                1 => (b & d | c & ~d, 5 * i + 1),
                2 => (b ^ c ^ d, 3 * i + 5),
                _ => (c ^ (b | ~d), 7 * i),
            };
            uint sum = a + mix + Constants[i] + BinaryPrimitives.ReadUInt32LittleEndian(block[(word % 16 * 4)..]);
            (a, d, c, b) = (d, c, b, b + BitOperations.RotateLeft(sum, Shifts[round * 4 + i % 4]));
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
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
