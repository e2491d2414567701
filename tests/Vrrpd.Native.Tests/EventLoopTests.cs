using System;
using System.Threading;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Native.Net;
using Vrrpd.Native.Netlink;
using Vrrpd.Native.Process;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>The turn with the real engine on the real kernel. Needs root.</summary>
public sealed class EventLoopTests
{
    private const int PriorityOffset = 22;

    [Fact]
    public void TheOwnerTakesItsAddressAndGivesItBackAtTheEnd() => Namespace.Run(static ns =>
    {
        VrrpSocket far = FarSocket(ns);
        Namespace.Ip("addr add 10.9.0.9/24 dev near0");
        using Daemon daemon = new(priority: 255);
        for (int i = 0; i < 5 && far.Receive(daemon.Host.Buffer) < 0; i++)
        {
            Assert.True(daemon.Loop.Turn());
        }

        Assert.Equal(255, daemon.Host.Buffer.Bytes(40)[PriorityOffset]);
        Assert.Contains("10.9.0.100/24", Namespace.Ip("-4 addr show dev near0"), StringComparison.Ordinal);

        daemon.Loop.Stop();
        Assert.True(far.Receive(daemon.Host.Buffer) > 0);
        Assert.Equal(0, daemon.Host.Buffer.Bytes(40)[PriorityOffset]);
        Assert.DoesNotContain("10.9.0.100/24", Namespace.Ip("-4 addr show dev near0"), StringComparison.Ordinal);
        far.Close();
    });

    [Fact]
    public void AfterAStallTheWaitingAdvertIsHeardBeforeTheTimerIsBelieved() => Namespace.Run(static ns =>
    {
        (AdvertSender sender, int index) = FarSender(ns);
        VrrpSocket far = FarSocket(ns);
        Namespace.Ip("addr add 10.9.0.9/24 dev near0");
        using Daemon daemon = new(priority: 254);
        Assert.Equal(0, sender.Send(index, Samples.ValidAdvert(255)));
        Assert.True(daemon.Loop.Turn());
        Assert.Equal(1, daemon.Loop.Datagrams);

        // Longer than 3 intervals and skew; many more datagrams than one turn reads otherwise, all of them in time.
        for (int i = 0; i < 10 * Limits.DatagramsPerTurn; i++)
        {
            Assert.Equal(0, sender.Send(index, Samples.ValidAdvert(255)));
        }

        Thread.Sleep(3300);
        Assert.True(daemon.Loop.Turn());
        Assert.Equal(1 + 10 * Limits.DatagramsPerTurn, daemon.Loop.Datagrams);
        Assert.Equal(-1, far.Receive(daemon.Host.Buffer));
        Assert.DoesNotContain("10.9.0.100/24", Namespace.Ip("-4 addr show dev near0"), StringComparison.Ordinal);
        sender.Close();
        far.Close();
    });

    [Fact]
    public void AfterAStallEveryChannelIsReadEmptyBeforeAnyTimerIsBelieved() => Namespace.Run(static ns =>
    {
        const int Waiting = 10 * Limits.DatagramsPerTurn;
        (AdvertSender sender, int index) = FarSender(ns);
        Namespace.Ip("addr add 10.9.0.9/24 dev near0");
        Namespace.Ip("addr add fe80::9/64 dev near0 nodad");
        ns.Far(static () => Namespace.Ip("addr add fe80::2/64 dev far0 nodad"));
        Ip source6 = Ip.FromV6(0xfe80_0000_0000_0000, 2), vip6 = Ip.FromV6(0xfe80_0000_0000_0000, 0x100);
        RouterConfig four = Samples.Config(Samples.Vip()).Routers[0] with { Priority = 254 };
        RouterConfig six = four with
        {
            Name = "VI_2",
            IsV6 = true,
            Version = 3,
            Group = default,
            Addresses = [new VirtualAddress { Address = vip6, PrefixLength = 64, Interface = 0 }],
        };
        using Daemon daemon = new(ChannelTable.Complete(Samples.Config() with { Routers = [four, six] }));
        byte[] advert = Samples.ValidAdvert(255), advert6 = Samples.ValidAdvert6(source6, 255, vip6);

        // The kernel tells of the IPv6 address a moment later.
        for (int i = 0; i < 100 && daemon.Loop.Engine.Routers[1].State != RouterState.Backup; i++)
        {
            Thread.Sleep(10);
            Assert.Equal(0, sender.Send(index, advert));
            Assert.True(daemon.Loop.Turn());
        }

        Assert.Equal(0, sender.Send(index, advert6));
        Assert.True(daemon.Loop.Turn());
        Assert.Equal((RouterState.Backup, RouterState.Backup), (daemon.Loop.Engine.Routers[0].State, daemon.Loop.Engine.Routers[1].State));
        long before = daemon.Loop.Datagrams;
        for (int i = 0; i < Waiting; i++)
        {
            Assert.Equal(0, sender.Send(index, advert));
            Assert.Equal(0, sender.Send(index, advert6));
        }

        Thread.Sleep(3300);
        Assert.True(daemon.Loop.Turn());
        Assert.Equal(2 * Waiting, daemon.Loop.Datagrams - before);
        Assert.Equal((RouterState.Backup, RouterState.Backup), (daemon.Loop.Engine.Routers[0].State, daemon.Loop.Engine.Routers[1].State));
        daemon.Loop.Stop();
        sender.Close();
    });

    [Theory]
    [InlineData("link set near0 name away0")]
    [InlineData("link set near0 down", "link set near0 name away0", "link set away0 up")]
    public void AnInterfaceThatIsRenamedAwayDoesNotKeepTheAddress(params string[] commands) => Namespace.Run(ns =>
    {
        VrrpSocket far = FarSocket(ns);
        Namespace.Ip("addr add 10.9.0.9/24 dev near0");
        using Daemon daemon = new(priority: 255);
        Assert.True(daemon.Loop.Turn());
        Assert.Contains("10.9.0.100/24", Namespace.Ip("-4 addr show dev near0"), StringComparison.Ordinal);

        // All of it waits in the monitor's socket when the loop comes to read.
        foreach (string command in commands)
        {
            Namespace.Ip(command);
        }

        Assert.True(daemon.Loop.Turn());
        Assert.DoesNotContain("10.9.0.100/24", Namespace.Ip("-4 addr show dev away0"), StringComparison.Ordinal);
        Assert.Equal(RouterState.Initialize, daemon.Loop.Engine.Routers[0].State);

        Namespace.Ip("link set away0 down");
        Namespace.Ip("link set away0 name near0");
        Namespace.Ip("link set near0 up");
        for (int i = 0; i < 20 && daemon.Loop.Engine.Routers[0].State != RouterState.Master; i++)
        {
            Assert.True(daemon.Loop.Turn());
        }

        Assert.Contains("10.9.0.100/24", Namespace.Ip("-4 addr show dev near0"), StringComparison.Ordinal);
        daemon.Loop.Stop();
        far.Close();
    });

    [Fact]
    public void TurnsOfABackupAllocateNothing() => Namespace.Run(static ns =>
    {
        (AdvertSender sender, int index) = FarSender(ns);
        Namespace.Ip("addr add 10.9.0.9/24 dev near0");
        using Daemon daemon = new(priority: 100);
        byte[] advert = Samples.ValidAdvert(200);
        bool running = Exchange(50);
        long before = GC.GetAllocatedBytesForCurrentThread(), datagrams = daemon.Loop.Datagrams;
        running &= Exchange(2000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(running);
        Assert.Equal((2000L, 0L), (daemon.Loop.Datagrams - datagrams, allocated));
        sender.Close();

        bool Exchange(int count)
        {
            bool all = true;
            for (int i = 0; i < count; i++)
            {
                all &= sender.Send(index, advert) == 0 && daemon.Loop.Turn();
            }

            return all;
        }
    });

    private static VrrpSocket FarSocket(Namespace ns)
    {
        VrrpSocket? socket = null;
        ns.Far(() => socket = VrrpSocket.Open(Samples.Channel(), Index(), "far0", out int _));
        return socket!;
    }

    private static (AdvertSender Sender, int Index) FarSender(Namespace ns)
    {
        (AdvertSender?, int) sender = default;
        ns.Far(() => sender = (AdvertSender.Open(out int _), Index()));
        return sender!;
    }

    private static int Index() => Namespace.Index("far0");

    /// <summary>All parts of the daemon but the command line, without scripts and silent.</summary>
    private sealed class Daemon : IDisposable
    {
        private readonly Poller _poller = new();
        private readonly SignalSource _signals = new();
        private readonly Spawner _spawner = new();
        private readonly LogWriter _log = new(new LogOptions());
        private readonly ChildTable _children;

        public Daemon(byte priority)
            : this(Samples.Config(Samples.Vip()) with { Routers = [Samples.Config(Samples.Vip()).Routers[0] with { Priority = priority }] })
        {
        }

        public Daemon(DaemonConfig config)
        {
            Host? host = Host.Open(config, _poller, out string error, out _);
            Assert.True(host is not null, error);
            Host = host;
            _children = new ChildTable(_spawner, [], _poller);
            Loop = new EventLoop(config, host, _poller, new HostClock(), _signals, _children, _log);
        }

        public Host Host { get; }

        public EventLoop Loop { get; }

        public void Dispose()
        {
            Host.Dispose();
            _children.Dispose();
            _spawner.Dispose();
            _signals.Dispose();
            _poller.Dispose();
            _log.Dispose();
        }
    }
}
