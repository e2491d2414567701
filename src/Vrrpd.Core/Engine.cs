using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core;

/// <summary>The daemon as one object: (state, event, now) -> (state, effects). This is the whole interface to the world.</summary>
public sealed class Engine
{
    public Engine(DaemonConfig config, ulong seed, Instant now, ref EffectSink sink) => Config = config;

    public DaemonConfig Config { get; private set; }

    /// <summary>When <see cref="HandleTimers"/> wants to be called. Early or repeated calls do nothing.</summary>
    public Instant NextDeadline => Instant.Never;

    /// <summary>One datagram from the socket of one interface. The answer is for the host's own statistics; the engine has counted it.</summary>
    public WireError HandleDatagram(scoped in Datagram datagram, Instant now, ref EffectSink sink) => WireError.None;

    public void HandleTimers(Instant now, ref EffectSink sink)
    {
    }

    public void HandleHost(in HostEvent e, Instant now, ref EffectSink sink)
    {
    }

    /// <summary>Orderly stop: every master says goodbye with priority 0 and takes its addresses off; scripts are killed.</summary>
    public void Stop(Instant now, ref EffectSink sink)
    {
    }
}
