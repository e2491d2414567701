using System;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>
/// Carries out effects in their order: one switch from effect to system call. What the system refuses is put into
/// <see cref="Host.Failures"/>; nothing is decided here.
/// </summary>
internal sealed class Executor(DaemonConfig config, Host host, ChildTable children, LogWriter log)
{
    private readonly bool[] _running = new bool[config.Scripts.Length];

    /// <summary>Scripts that were started and not yet reaped.</summary>
    public int RunningScripts { get; private set; }

    public void Run(scoped ref EffectSink sink)
    {
        ReadOnlySpan<Effect> effects = sink.Effects;
        for (int i = 0; i < effects.Length; i++)
        {
            ref readonly Effect effect = ref effects[i];
            if (effect.Kind is not (EffectKind.AddAddress or EffectKind.RemoveAddress or EffectKind.Log))
            {
                // What follows an address in the list must leave after the kernel has it.
                host.Requests.Flush();
            }

            int error = Carry(effect, ref sink);
            if (error != 0)
            {
                host.Failures.Add(HostEvent.Failed(effect, error));
            }
        }

        host.Requests.Flush();
    }

    /// <summary>A child of that poll index has ended.</summary>
    public bool TryReap(int index, out HostEvent e)
    {
        if (!children.TryReap(index, out e))
        {
            return false;
        }

        if (e.Kind == HostEventKind.ScriptExited && (uint)e.Subject < (uint)_running.Length && _running[e.Subject])
        {
            _running[e.Subject] = false;
            RunningScripts--;
        }

        return true;
    }

    /// <summary>The last means against scripts that outlive the daemon's patience.</summary>
    public void KillScripts(int signal)
    {
        for (short script = 0; script < _running.Length; script++)
        {
            if (_running[script])
            {
                _ = children.Kill(script, signal);
            }
        }
    }

    /// <summary>0, or the errno with which it was refused.</summary>
    private int Carry(in Effect effect, scoped ref EffectSink sink)
    {
        switch (effect.Kind)
        {
            case EffectKind.SendAdvert:
                return Sendable(effect.Slot, out int advertIndex) ? host.Adverts.Send(advertIndex, sink.Bytes(effect)) : Errno.ENODEV;
            case EffectKind.SendArp:
                return Sendable(effect.Slot, out int arpIndex) ? host.Arps.Send(arpIndex, sink.Bytes(effect)) : Errno.ENODEV;
            case EffectKind.JoinGroup:
                return host.Join(effect.Subject);
            case EffectKind.LeaveGroup:
                host.Leave(effect.Subject);
                return 0;
            case EffectKind.AddAddress:
            case EffectKind.RemoveAddress:
                // Answered by the kernel at the flush.
                host.Requests.Queue(effect, host.InterfaceIndex(effect.Slot));
                return 0;
            case EffectKind.RunScript:
                return Start(effect.Subject);
            case EffectKind.KillScript:
                return children.Kill(effect.Subject, (int)effect.A);
            case EffectKind.Log:
                log.Write(effect, config);
                return 0;
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

    private int Start(short script)
    {
        int error = children.Start(script);
        if (error == 0 && !_running[script])
        {
            _running[script] = true;
            RunningScripts++;
        }

        return error;
    }
}
