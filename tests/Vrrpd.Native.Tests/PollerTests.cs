using System;
using System.Runtime.InteropServices;
using Vrrpd.Core;
using Xunit;

namespace Vrrpd.Native.Tests;

public sealed unsafe partial class PollerTests : IDisposable
{
    private readonly Poller _poller = new();
    private readonly HostClock _clock = new();

    public void Dispose() => _poller.Dispose();

    [Fact]
    public void ReadyDescriptorsComeInTheOrderInWhichTheyBecameReady()
    {
        int[] first = Pipe(), second = Pipe(), third = Pipe();
        Assert.Equal(0, _poller.Add(first[0], PollKind.Vrrp, 7));
        Assert.Equal(0, _poller.Add(second[0], PollKind.Child, -2));
        Assert.Equal(0, _poller.Add(third[0], PollKind.NetlinkMonitor, int.MaxValue));
        Write(third[1]);
        Write(first[1]);

        Assert.Equal(2, _poller.Wait(Instant.Never));
        Assert.Equal((PollKind.NetlinkMonitor, int.MaxValue), (_poller.Kind(0), _poller.Index(0)));
        Assert.Equal((PollKind.Vrrp, 7), (_poller.Kind(1), _poller.Index(1)));

        // Level-triggered: unread descriptors are told again; a removed one is not.
        Write(second[1]);
        _poller.Remove(first[0]);
        Assert.Equal(2, _poller.Wait(Instant.Never));
        Assert.Equal((PollKind.NetlinkMonitor, PollKind.Child, -2), (_poller.Kind(0), _poller.Kind(1), _poller.Index(1)));
        _poller.Remove(first[0]);
        Close(first, second, third);
    }

    [Fact]
    public void ADescriptorThatWaitsToBeReadIsToldUnderItsNewIndex()
    {
        int[] pipe = Pipe();
        Assert.Equal(0, _poller.Add(pipe[0], PollKind.Vrrp, 7));
        Write(pipe[1]);
        _poller.Renumber(pipe[0], PollKind.Vrrp, 3);
        Assert.Equal(1, _poller.Wait(Instant.Never));
        Assert.Equal((PollKind.Vrrp, 3), (_poller.Kind(0), _poller.Index(0)));
        Close(pipe);
    }

    [Fact]
    public void TheTimerWakesNotBeforeItsDeadlineAndSoonAfter()
    {
        for (int i = 0; i < 20; i++)
        {
            Instant deadline = _clock.Now() + TimeSpan.FromMilliseconds(3);
            Assert.Equal(1, _poller.Wait(deadline));
            Assert.Equal(PollKind.Timer, _poller.Kind(0));
            TimeSpan late = _clock.Now() - deadline;
            Assert.InRange(late, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void APastDeadlineReturnsAtOnceAndAgainUntilItIsMoved()
    {
        Assert.Equal(1, _poller.Wait(Instant.Zero));
        Assert.Equal(1, _poller.Wait(Instant.Zero));

        // Moving it takes the old expiry back.
        int[] pipe = Pipe();
        Assert.Equal(0, _poller.Add(pipe[0], PollKind.Signal, 0));
        Write(pipe[1]);
        Assert.Equal(1, _poller.Wait(_clock.Now() + TimeSpan.FromHours(1)));
        Assert.Equal(PollKind.Signal, _poller.Kind(0));
        Assert.Equal(1, _poller.Wait(Instant.Never));
        Assert.Equal(PollKind.Signal, _poller.Kind(0));
        Close(pipe);
    }

    [Fact]
    public void AnExpiredTimerDoesNotHideReadySockets()
    {
        int[] pipe = Pipe();
        Assert.Equal(0, _poller.Add(pipe[0], PollKind.Vrrp, 3));
        Write(pipe[1]);
        int ready = _poller.Wait(Instant.Zero);
        Assert.Equal(2, ready);
        Assert.Contains(PollKind.Vrrp, new[] { _poller.Kind(0), _poller.Kind(1) });
        Close(pipe);
    }

    [Fact]
    public void WaitingAndReadingTheClockAllocateNothing()
    {
        _ = _poller.Wait(_clock.Now());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Instant deadline = _clock.Now();
            _ = _poller.Wait(deadline);
            _ = _poller.Kind(0);
            _ = _poller.Index(0);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void AWrongDescriptorIsAnErrnoNotAnException() => Assert.Equal(Errno.EBADF, _poller.Add(-1, PollKind.Vrrp, 0));

    private static int[] Pipe()
    {
        int* fds = stackalloc int[2];
        Assert.Equal(0, pipe(fds));
        return [fds[0], fds[1]];
    }

    private static void Write(int fd)
    {
        byte one = 1;
        Assert.Equal(1, Libc.write(fd, &one, 1));
    }

    private static void Close(params int[][] pipes)
    {
        foreach (int[] pipe in pipes)
        {
            _ = Libc.close(pipe[0]);
            _ = Libc.close(pipe[1]);
        }
    }

    [LibraryImport("libc")]
    private static partial int pipe(int* fds);
}
