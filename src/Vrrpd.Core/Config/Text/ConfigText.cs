using System;
using System.Buffers;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>
/// Bytes of a configuration file to text and back without loss. A file is UTF-8 by intent only: a password or path in Latin-1 must
/// reach the wire or the kernel byte for byte, so a byte that is not UTF-8 becomes a lone surrogate (U+DC00 + byte) and turns back.
/// </summary>
public static class ConfigText
{
    private const char Escape = '\uDC00';

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        StringBuilder text = new(bytes.Length);
        Span<char> two = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == OperationStatus.Done)
            {
                text.Append(two[..rune.EncodeToUtf16(two)]);
                bytes = bytes[used..];
            }
            else
            {
                text.Append((char)(Escape + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>The length of what <see cref="Decode"/> would make of it.</summary>
    public static int CountCharacters(ReadOnlySpan<byte> bytes) => Ascii.IsValid(bytes) ? bytes.Length : Decode(bytes).Length;

    public static byte[] Encode(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            byte[] plain = new byte[text.Length];
            Encoding.UTF8.GetBytes(text, plain);
            return plain;
        }

        ArrayBufferWriter<byte> bytes = new(text.Length + 1);
        Span<byte> four = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int used) == OperationStatus.Done)
            {
                bytes.Write(four[..rune.EncodeToUtf8(four)]);
                text = text[used..];
            }
            else
            {
                four[0] = (byte)text[0];
                bytes.Write(four[..1]);
                text = text[1..];
            }
        }

        return bytes.WrittenSpan.ToArray();
    }
}
