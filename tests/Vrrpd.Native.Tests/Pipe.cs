using System;
using System.IO;
using System.Text;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>A console that somebody reads only when asked.</summary>
internal sealed unsafe class Pipe : IDisposable
{
    private readonly int _readFd;

    public Pipe()
    {
        int* ends = stackalloc int[2];
        Assert.Equal(0, Libc.pipe2(ends, Libc.O_CLOEXEC));
        (_readFd, WriteFd) = (ends[0], ends[1]);
    }

    public int WriteFd { get; }

    public string Read()
    {
        MemoryStream all = new();
        byte[] buffer = new byte[65536];
        while (Libc.Poll(_readFd, Libc.POLLIN, 0))
        {
            fixed (byte* p = buffer)
            {
                all.Write(buffer, 0, (int)Libc.read(_readFd, p, (nuint)buffer.Length));
            }
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }

    public void Dispose()
    {
        Libc.close(_readFd);
        Libc.close(WriteFd);
    }
}
