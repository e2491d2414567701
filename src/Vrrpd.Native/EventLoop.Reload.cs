using System;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>
/// Reload, between two turns: nothing else happens meanwhile. First everything that can go wrong (reading, checks), then the change, which
/// cannot.
/// </summary>
internal sealed partial class EventLoop
{
    private bool _isReloadWanted;

    /// <summary>The end of the last reload: a deadline that passed during it was not missed by being late.</summary>
    private Instant _resumedAt = Instant.Zero;

    private void Reload()
    {
        Instant start = _clock.Now();
        ScriptCheckResult? next = _reloader!.Read();
        Instant read = _clock.Now();
        if (next is not null)
        {
            ConfigDiff diff = ConfigDiff.Compare(_engine.Config, next.Config);
            foreach (string line in DiffText.LogLines(diff))
            {
                _log.Write(LogLevel.Info, line);
            }

            Apply(diff, _reloader.Prepare(next), _clock.Now());
            _log.WriteParent(LogLevel.Info, "Reload complete");
        }

        Instant applied = _clock.Now();
        SteadyState.GiveBack();
        _resumedAt = _clock.Now();
        _log.WriteDetail($"reload: the loop stood still for {Milliseconds(_resumedAt - start)} ms: {Milliseconds(read - start)} for reading, "
            + $"{Milliseconds(applied - read)} for the change, {Milliseconds(_resumedAt - applied)} for giving memory back");
        _reloader.Settle();
    }

    private void Apply(ConfigDiff diff, PreparedCommand[] commands, Instant now)
    {
        // Under the old numbers: what goes. Answers to what was refused are about the old numbers too.
        EffectSink sink = new(_effects, _arena);
        _engine.BeginReload(diff, now, ref sink);
        Finish(now, ref sink);
        for (int round = 0; round < FailureRounds && _host.Failures.Count > 0; round++)
        {
            Finish(now, ref sink);
        }

        _host.Failures.Clear();

        // From here on the new numbers hold.
        if (!_host.Adopt(diff))
        {
            _log.Write(LogLevel.Error, "the kernel does not tell about interfaces that are new; their instances wait until it does");
        }

        _devices?.Adopt(diff.Next);
        _children.Adopt(commands, diff, now);
        _engine = _engine.Succeed(diff, now);
        SetWallClock(now);
        _executor.Config = diff.Next;
        MakeBuffers(diff.Next);
        sink = new EffectSink(_effects, _arena);
        TellHost(now, ref sink);
        if (_devices is not null)
        {
            MakeDevicesFirst(_devices, isReload: true, now, ref sink);
        }

        _engine.EndReload(diff, now, ref sink);
        Finish(now, ref sink);
        _devices?.Settle();
    }

    private static string Milliseconds(TimeSpan time) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.Ticks / TimeSpan.TicksPerMillisecond}.{time.Ticks / 1000 % 10}");
}
