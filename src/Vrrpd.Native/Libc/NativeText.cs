using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Vrrpd.Native;

/// <summary>Strings as C wants them.</summary>
internal static unsafe class NativeText
{
    public static byte[] Terminated(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>A string in native memory that lives as long as the process (or until <see cref="Free"/>).</summary>
    public static byte* Allocate(string text)
    {
        byte[] bytes = Terminated(text);
        byte* native = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(native, bytes.Length));
        return native;
    }

    /// <summary>A null-terminated array of strings: argv or envp.</summary>
    public static byte** AllocateArray(ReadOnlySpan<string> texts)
    {
        byte** array = (byte**)NativeMemory.Alloc((nuint)(texts.Length + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Length; i++)
        {
            array[i] = Allocate(texts[i]);
        }

        array[texts.Length] = null;
        return array;
    }

    public static void Free(byte* text) => NativeMemory.Free(text);

    public static void FreeArray(byte** array)
    {
        for (byte** at = array; *at != null; at++)
        {
            NativeMemory.Free(*at);
        }

        NativeMemory.Free(array);
    }
}
