using System;
using System.Buffers.Binary;
using Vrrpd.Core.Crypto;

namespace Vrrpd.Core.Wire;

/// <summary>
/// What keepalived's auth_hmac puts behind a VRRP message, over borrowed bytes.
/// <code>
/// off size
///  0  1   extension type: 1
///  1  1   key id, 1..255
///  2  2   reserved: 0
///  4  8   sequence: Unix seconds (4), 1/65536 s (2), counter (2), as one number that grows
/// 12  16  the first 128 bits of HMAC-SHA256
/// </code>
/// The code covers 20 bytes that are not sent (family 4 or 6, VRRP version, VRID, 0, source address in 16 bytes with zeros behind IPv4),
/// the message with its checksum field zero, and the trailer with its own code zero. The destination is not covered: one code serves all peers.
/// </summary>
public readonly ref struct HmacTrailer
{
    public const int Length = 28;
    public const byte Extension = 1;

    private const int CodeLength = 16;
    private const int PrefixLength = 20;
    private const int KeyIdAt = 1;
    private const int ReservedAt = 2;
    private const int SequenceAt = 4;
    private const int CodeAt = 12;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Over exactly <see cref="Length"/> bytes.</summary>
    public HmacTrailer(ReadOnlySpan<byte> bytes)
    {
        Invariant.Check(bytes.Length == Length);
        _bytes = bytes;
    }

    /// <summary>The fields whose value is fixed have it.</summary>
    public bool IsWellFormed => _bytes[0] == Extension && BinaryPrimitives.ReadUInt16BigEndian(_bytes[ReservedAt..]) == 0;
    public byte KeyId => _bytes[KeyIdAt];
    public ulong Sequence => BinaryPrimitives.ReadUInt64BigEndian(_bytes[SequenceAt..]);

    /// <summary>The sender's clock by its sequence number, Unix seconds.</summary>
    public uint Seconds => (uint)(Sequence >> 32);

    /// <summary>Whether the code is right for that message. Takes as long for a wrong one as for a right one.</summary>
    public bool Verify(ReadOnlySpan<byte> message, Ip source, HmacSha256 key)
    {
        Span<byte> code = stackalloc byte[CodeLength];
        Compute(message, source, _bytes, key, code);
        return ConstantTime.AreEqual(code, _bytes[CodeAt..]);
    }

    /// <summary>Writes the trailer of a written message and says how long it is.</summary>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> message, Ip source, byte keyId, ulong sequence, HmacSha256 key)
    {
        target = target[..Length];
        target[0] = Extension;
        target[KeyIdAt] = keyId;
        target[ReservedAt] = target[ReservedAt + 1] = 0;
        BinaryPrimitives.WriteUInt64BigEndian(target[SequenceAt..], sequence);
        Compute(message, source, target, key, target[CodeAt..]);
        return Length;
    }

    private static void Compute(ReadOnlySpan<byte> message, Ip source, ReadOnlySpan<byte> trailer, HmacSha256 key, Span<byte> code)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        prefix.Clear();
        prefix[0] = (byte)(source.IsV6 ? 6 : 4);
        prefix[1] = (byte)(message[0] >> 4);
        prefix[2] = message[1];
        source.Write(prefix[4..]);
        Sha256 hash = key.Start();
        hash.Append(prefix);
        VrrpPacket.AppendUnsummed(ref hash, message);
        hash.Append(trailer[..CodeAt]);
        prefix.Clear();
        hash.Append(prefix[..CodeLength]);
        key.Finish(ref hash, code);
    }
}
