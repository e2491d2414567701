using System;

namespace Vrrpd.Core.Crypto;

/// <summary>
/// HMAC-SHA256 (RFC 2104, RFC 4231) with one key. Both padded keys are hashed when the object is made, so that each message costs
/// only its own blocks and one more, and the key itself is kept nowhere. <see cref="Start"/>, append, <see cref="Finish"/>.
/// </summary>
public sealed class HmacSha256
{
    public const int Length = Sha256.HashLength;

    private readonly Sha256 _inner;
    private readonly Sha256 _outer;

    public HmacSha256(ReadOnlySpan<byte> key)
    {
        Span<byte> pad = stackalloc byte[Sha256.BlockLength];
        pad.Clear();
        if (key.Length > pad.Length)
        {
            Sha256 hash = Sha256.Start();
            hash.Append(key);
            hash.Finish(pad);
        }
        else
        {
            key.CopyTo(pad);
        }

        _inner = Keyed(pad, 0x36);
        _outer = Keyed(pad, 0x36 ^ 0x5c);
        pad.Clear();
    }

    /// <summary>A hash that has taken in the key: append the message to it.</summary>
    public Sha256 Start() => _inner;

    /// <summary>Writes the code of what was appended, or as many bytes of it as <paramref name="code"/> is long. The hash is used up.</summary>
    public void Finish(ref Sha256 hash, Span<byte> code)
    {
        Span<byte> whole = stackalloc byte[Length];
        hash.Finish(whole);
        Sha256 outer = _outer;
        outer.Append(whole);
        outer.Finish(whole);
        whole[..Math.Min(Length, code.Length)].CopyTo(code);
    }

    /// <summary>Turns the pad into the next one in place: the second call gets what the first has left.</summary>
    private static Sha256 Keyed(Span<byte> pad, byte turn)
    {
        foreach (ref byte b in pad)
        {
            b ^= turn;
        }

        Sha256 hash = Sha256.Start();
        hash.Append(pad);
        return hash;
    }
}
