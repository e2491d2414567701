using System;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Kernel;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>
/// Carries out effects in their order: one switch from effect to system call. Log lines come last, so that a slow console holds up no
/// packet; nothing on the machine can tell the difference. What the system refuses is put into
/// <see cref="Host.Failures"/>; nothing is decided here.
/// </summary>
internal sealed class Executor(DaemonConfig config, Host host, ChildTable children, LogWriter log, RouterDevices? devices = null)
{
    /// <summary>What effects are numbered by: names for the log.</summary>
    public DaemonConfig Config { get; set; } = config;

    /// <summary>Scripts that were started and not yet reaped.</summary>
    public int RunningScripts => children.Count;

    public void Run(scoped ref EffectSink sink)
    {
        ReadOnlySpan<Effect> effects = sink.Effects;
        for (int i = 0; i < effects.Length; i++)
        {
            ref readonly Effect effect = ref effects[i];
            if (effect.Kind == EffectKind.Log)
            {
                continue;
            }

            if (effect.Kind is not (EffectKind.AddAddress or EffectKind.RemoveAddress))
            {
                // What follows an address in the list must leave after the kernel has it.
                host.Requests.Flush();
            }

            if (effect.Kind == EffectKind.SendFrame && host.Failures.HasRefused(effect.Subject, effect.Address))
            {
                // The kernel did not take that address a moment ago: whoever believed the announcement would send into nothing.
                continue;
            }

            int error = Carry(effect, ref sink);
            if (error != 0)
            {
                host.Failures.Add(HostEvent.Failed(effect, error));
            }
        }

        host.Requests.Flush();
        foreach (ref readonly Effect effect in effects)
        {
            if (effect.Kind == EffectKind.Log)
            {
                log.Write(effect, Config);
            }
        }
    }

    /// <summary>A child of that poll index has ended.</summary>
    public bool TryReap(int index, out HostEvent e) => children.TryReap(index, out e);

    /// <summary>Orphans that became ours because we are process 1.</summary>
    public void ReapStrays() => children.ReapStrays();

    /// <summary>The last means against scripts that outlive the daemon's patience.</summary>
    public void KillScripts(int signal) => children.KillEvery(signal);

    /// <summary>0, or the errno with which it was refused.</summary>
    private int Carry(in Effect effect, scoped ref EffectSink sink)
    {
        switch (effect.Kind)
        {
            case EffectKind.SendAdvert:
                return Sendable(effect.Slot, out int advertIndex) ? host.Adverts.Send(advertIndex, sink.Bytes(effect)) : Errno.ENODEV;
            case EffectKind.SendFrame:
                return Sendable(effect.Slot, out int frameIndex) ? host.Frames.Send(frameIndex, sink.Bytes(effect)) : Errno.ENODEV;
            case EffectKind.JoinGroup:
                return host.Join(effect.Subject);
            case EffectKind.LeaveGroup:
                host.Leave(effect.Subject);
                return 0;
            case EffectKind.AddAddress:
                // Answered by the kernel at the flush.
                host.Requests.Queue(effect, host.InterfaceIndex(effect.Slot));
                return 0;
            case EffectKind.RemoveAddress:
                // By the index it had: an interface that was renamed away took our address along, and another host may serve it by now.
                host.Requests.Queue(effect, host.Monitor.Interfaces.LastIndexOf(effect.Slot));
                return 0;
            case EffectKind.RunScript:
                return children.Start(effect.Subject);
            case EffectKind.KillScript:
                return children.Kill(effect.Subject, (int)effect.A);
            case EffectKind.CreateLink:
                return devices?.Create(effect.Subject, effect.Slot) ?? Errno.EOPNOTSUPP;
            case EffectKind.RemoveLink:
                return devices?.Remove(effect.Slot) ?? 0;
            case EffectKind.DropTraffic:
                return devices?.Filter(effect.Subject, isDropped: true) ?? Errno.EOPNOTSUPP;
            case EffectKind.AcceptTraffic:
                return devices?.Filter(effect.Subject, isDropped: false) ?? 0;
            default:
                Invariant.Fail("an effect that the executor does not know");
                return 0;
        }
    }

    private bool Sendable(int slot, out int index)
    {
        // Index 0 would let the routing table choose an interface.
        index = host.InterfaceIndex(slot);
        return index != 0;
    }
}
