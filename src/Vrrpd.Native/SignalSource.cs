using System;
using System.Buffers.Binary;
using Vrrpd.Core;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>The signals of the daemon as a descriptor (signalfd), with every thread's mask set so that none is lost.</summary>
internal sealed unsafe class SignalSource : IDisposable
{
    private readonly byte[] _info = new byte[Libc.SignalfdInfoSize];

    /// <summary>The signals must be blocked already (<see cref="SignalMask.BlockEverywhere"/>).</summary>
    public SignalSource()
    {
        SigSet set = SignalMask.Daemon();
        Fd = Libc.signalfd(-1, &set, Libc.SFD_CLOEXEC | Libc.SFD_NONBLOCK);
        Invariant.Check(Fd >= 0);
    }

    public int Fd { get; }

    /// <summary>The next pending signal, or false when there is none.</summary>
    public bool TryRead(out int signal)
    {
        fixed (byte* info = _info)
        {
            nint got = Libc.read(Fd, info, (nuint)_info.Length);
            signal = got == _info.Length ? BinaryPrimitives.ReadInt32LittleEndian(_info) : 0;
            return signal != 0;
        }
    }

    public void Dispose() => Libc.close(Fd);
}
