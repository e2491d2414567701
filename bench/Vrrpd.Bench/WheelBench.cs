using System;
using BenchmarkDotNet.Attributes;
using Vrrpd.Core;

namespace Vrrpd.Bench;

/// <summary>A thousand timers, as a thousand virtual routers at an interval of one second would have them.</summary>
[MemoryDiagnoser]
public class WheelBench
{
    private const int Timers = 1000;
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _masterDown = TimeSpan.FromSeconds(3.609375);

    private readonly int[] _due = new int[64];
    private TimerWheel _backups = new(Timers, Instant.Zero);
    private TimerWheel _masters = new(Timers, Instant.Zero);
    private Instant _now;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        _now = Instant.Zero;
        _backups = new TimerWheel(Timers, _now);
        _masters = new TimerWheel(Timers, _now);
        for (int id = 0; id < Timers; id++)
        {
            _backups.Set(id, _now + _masterDown + id * (_interval / Timers));
            _masters.Set(id, _now + id * (_interval / Timers));
        }
    }

    /// <summary>A backup hears its master: the deadline moves later. One each millisecond, each asking for the next deadline.</summary>
    [Benchmark]
    public long AdvertHeard()
    {
        _now += _interval / Timers;
        _next = _next + 1 == Timers ? 0 : _next + 1;
        _backups.Set(_next, _now + _masterDown);
        return _backups.NextDeadline.Ticks;
    }

    /// <summary>A master's turn: sleep until the next deadline, hand it out, set it one interval later.</summary>
    [Benchmark]
    public long ExpireAndSet()
    {
        Instant now = _masters.NextDeadline;
        int count = _masters.Expire(now, _due);
        for (int i = 0; i < count; i++)
        {
            _masters.Set(_due[i], now + _interval);
        }

        return now.Ticks;
    }
}

/// <summary>After a long stall: a thousand timers due at once, in any order.</summary>
[MemoryDiagnoser]
public class StallBench
{
    private const int Timers = 1000;

    private readonly int[] _due = new int[64];
    private readonly TimerWheel _wheel = new(Timers, Instant.Zero);
    private Instant _now = Instant.Zero;

    [Benchmark(OperationsPerInvoke = Timers)]
    public int SetAndExpireAll()
    {
        for (int id = 0; id < Timers; id++)
        {
            _wheel.Set(id, _now + TimeSpan.FromTicks(id * 7919 % Timers * 10_000));
        }

        _now += TimeSpan.FromSeconds(2);
        int total = 0, count;
        while ((count = _wheel.Expire(_now, _due)) > 0)
        {
            total += count;
        }

        return total;
    }
}
