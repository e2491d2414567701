namespace Vrrpd.Native;

/// <summary>The signals of the daemon as a descriptor (signalfd), with every thread's mask set so that none is lost.</summary>
internal sealed class SignalSource
{
    public int Fd => throw new System.NotImplementedException();

    /// <summary>The next pending signal, or false when there is none.</summary>
    public bool TryRead(out int signal) => throw new System.NotImplementedException();
}
