using System;
using System.Collections.Generic;
using Xunit;

namespace Vrrpd.Core.Tests;

public class TimerWheelTests
{
    [Fact]
    public void An_empty_wheel_waits_for_nothing()
    {
        TimerWheel wheel = new(4, At(5));
        Assert.Equal(Instant.Never, wheel.Next);
        Assert.Equal(Instant.Never, wheel.NextDeadline);
        Assert.Empty(Expire(wheel, At(1_000_000_000)));
    }

    [Fact]
    public void Priorities_100_and_101_at_a_10_ms_interval_do_not_collapse()
    {
        // Their skews differ by 39 microseconds, far less than a bucket.
        TimerWheel wheel = new(2, Instant.Zero);
        wheel.Set(0, new Instant(300_000 + 60_937));
        wheel.Set(1, new Instant(300_000 + 60_546));
        Assert.Equal(new Instant(360_546), wheel.NextDeadline);
        Assert.Equal([1], Expire(wheel, new Instant(360_546)));
        Assert.Equal(new Instant(360_937), wheel.NextDeadline);
        Assert.Empty(Expire(wheel, new Instant(360_936)));
        Assert.Equal([0], Expire(wheel, new Instant(360_937)));
    }

    [Fact]
    public void Equal_deadlines_come_in_the_order_of_their_ids()
    {
        TimerWheel wheel = new(5, Instant.Zero);
        foreach (int id in new[] { 3, 0, 4, 1, 2 })
        {
            wheel.Set(id, At(1000));
        }

        Assert.Equal([0, 1, 2, 3, 4], Expire(wheel, At(1000)));
    }

    [Fact]
    public void What_was_handed_out_waits_for_nothing_until_it_is_set_again()
    {
        TimerWheel wheel = new(1, Instant.Zero);
        wheel.Set(0, At(1));
        Assert.Equal([0], Expire(wheel, At(2)));
        Assert.Equal(Instant.Never, wheel.NextDeadline);
        Assert.Equal(Instant.Never, wheel.Deadline(0));
        wheel.Set(0, At(1));
        Assert.Equal([0], Expire(wheel, At(2)));
    }

    [Fact]
    public void A_deadline_that_moves_later_with_every_advert_never_comes()
    {
        TimerWheel wheel = new(1, Instant.Zero);
        for (int second = 0; second < 100; second++)
        {
            Instant now = At(second * 1000);
            Assert.Empty(Expire(wheel, now));
            Instant down = now + TimeSpan.FromSeconds(3.609375);
            wheel.Set(0, down);
            Assert.True(wheel.Next <= down);
            Assert.Equal(down, wheel.NextDeadline);
        }
    }

    [Fact]
    public void A_deadline_may_move_earlier_even_before_the_bucket_that_was_looked_at()
    {
        TimerWheel wheel = new(2, Instant.Zero);
        wheel.Set(0, At(3_600_000));
        Assert.Equal(At(3_600_000), wheel.NextDeadline);
        wheel.Set(1, At(7));
        Assert.Equal(At(7), wheel.NextDeadline);
        wheel.Set(0, At(6));
        Assert.Equal([0, 1], Expire(wheel, At(7)));
    }

    [Fact]
    public void Never_takes_a_timer_out()
    {
        TimerWheel wheel = new(2, Instant.Zero);
        wheel.Set(0, At(1));
        wheel.Set(1, At(90_000));
        wheel.Set(0, Instant.Never);
        wheel.Set(1, Instant.Never);
        Assert.Equal(Instant.Never, wheel.NextDeadline);
        Assert.Empty(Expire(wheel, At(100_000)));
        wheel.Set(1, At(100_001));
        Assert.Equal(At(100_001), wheel.NextDeadline);
    }

    [Fact]
    public void When_there_is_no_room_the_rest_comes_with_the_next_call_in_order()
    {
        TimerWheel wheel = new(10, Instant.Zero);
        for (int id = 0; id < 10; id++)
        {
            wheel.Set(id, At(100 - id));
        }

        int[] due = new int[4];
        Assert.Equal(4, wheel.Expire(At(100), due));
        Assert.Equal([9, 8, 7, 6], due);
        wheel.Set(0, At(50));
        Assert.Equal(4, wheel.Expire(At(100), due));
        Assert.Equal([0, 5, 4, 3], due);
        Assert.Equal(2, wheel.Expire(At(100), due));
        Assert.Equal([2, 1], due[..2]);
        Assert.Equal(0, wheel.Expire(At(100), []));
    }

    [Fact]
    public void A_machine_that_slept_for_a_year_finds_everything_due()
    {
        TimerWheel wheel = new(3, At(1_000));
        wheel.Set(0, At(1_000) + TimeSpan.FromDays(200));
        wheel.Set(1, At(1_001));
        wheel.Set(2, At(1_000) + TimeSpan.FromDays(400));
        Assert.Equal([1, 0], Expire(wheel, At(1_000) + TimeSpan.FromDays(365)));
        Assert.Equal(At(1_000) + TimeSpan.FromDays(400), wheel.NextDeadline);
    }

    [Fact]
    public void The_last_instant_before_Never_and_those_before_the_origin_are_instants_too()
    {
        TimerWheel wheel = new(3, At(50));
        wheel.Set(0, new Instant(long.MaxValue - 1));
        wheel.Set(1, new Instant(-5));
        wheel.Set(2, new Instant(-6));
        Assert.Equal(new Instant(-6), wheel.NextDeadline);
        Assert.Equal([2, 1], Expire(wheel, At(50)));
        Assert.Equal(new Instant(long.MaxValue - 1), wheel.NextDeadline);
    }

    [Fact]
    public void Nothing_is_allocated_after_construction()
    {
        TimerWheel wheel = new(1000, Instant.Zero);
        int[] due = new int[64];
        long expired = Churn(wheel, due, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        expired += Churn(wheel, due, 2);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(expired > 1000);

        static long Churn(TimerWheel wheel, int[] due, ulong seed)
        {
            ulong state = seed;
            long count = 0;
            for (int i = 0; i < 20_000; i++)
            {
                wheel.Set((int)(Random(ref state) % 1000), At(i + (int)(Random(ref state) % 5000)));
                count += wheel.Expire(At(i), due);
                _ = wheel.NextDeadline;
            }

            return count;
        }
    }

    [Theory]
    [InlineData(1, 4, 3)]
    [InlineData(2, 64, 8)]
    [InlineData(3, 1000, 64)]
    [InlineData(4, 300, 1)]
    [InlineData(5, 50, 50)]
    public void It_answers_as_a_sorted_list_would(ulong seed, int capacity, int room)
    {
        ulong state = seed;
        Instant now = new((long)(Random(ref state) % 1_000_000_000));
        TimerWheel wheel = new(capacity, now);
        SortedSet<(Instant Deadline, int Id)> model = [];
        Instant[] deadlines = new Instant[capacity];
        Array.Fill(deadlines, Instant.Never);
        int[] due = new int[room];
        for (int step = 0; step < 100_000; step++)
        {
            switch (Random(ref state) % 8)
            {
                case 0 or 1 or 2 or 3:
                    Set((int)(Random(ref state) % (ulong)capacity), SomeInstant(ref state, now));
                    break;

                case 4:
                    // Clocks do not go back, but the wheel would not mind that either.
                    now += new TimeSpan(Span(ref state));
                    break;

                case 5:
                    Instant bound = wheel.Next;
                    Instant exact = model.Count == 0 ? Instant.Never : model.Min.Deadline;
                    Assert.True(bound <= exact);
                    Assert.Equal(exact, wheel.NextDeadline);
                    break;

                default:
                    int count = wheel.Expire(now, due);
                    for (int i = 0; i < count; i++)
                    {
                        Assert.Equal(model.Min.Id, due[i]);
                        Assert.True(model.Min.Deadline <= now);
                        model.Remove(model.Min);
                        deadlines[due[i]] = Instant.Never;
                    }

                    Assert.True(count == room || model.Count == 0 || model.Min.Deadline > now);
                    break;
            }
        }

        void Set(int id, Instant deadline)
        {
            model.Remove((deadlines[id], id));
            deadlines[id] = deadline;
            wheel.Set(id, deadline);
            if (deadline != Instant.Never)
            {
                model.Add((deadline, id));
            }
        }
    }

    private static Instant SomeInstant(ref ulong state, Instant now) => (Random(ref state) % 16) switch
    {
        0 => Instant.Never,
        1 => now,
        2 => new Instant(now.Ticks - Span(ref state)),
        _ => new Instant(now.Ticks + Span(ref state)),
    };

    /// <summary>From nothing to months, all magnitudes equally often, and often the same few values.</summary>
    private static long Span(ref ulong state)
    {
        int bits = (int)(Random(ref state) % 48);
        ulong mask = (1UL << bits) - 1;
        return (long)(Random(ref state) % 3 == 0 ? mask : Random(ref state) & mask);
    }

    /// <summary>splitmix64.</summary>
    private static ulong Random(ref ulong state)
    {
        ulong z = state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    private static int[] Expire(TimerWheel wheel, Instant now)
    {
        int[] due = new int[wheel.Capacity];
        return due[..wheel.Expire(now, due)];
    }

    private static Instant At(int milliseconds) => new(milliseconds * TimeSpan.TicksPerMillisecond);
}
