using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Net;
using Vrrpd.Native.Netlink;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>The sockets against the real kernel, each test in namespaces of its own. Needs root.</summary>
public sealed unsafe partial class NetnsTests
{
    [Fact]
    public void AnAddressGoesToTheKernelWithOurMarkAndTheKernelTellsOfIt() => Namespace.Run(static () =>
    {
        DaemonConfig config = Samples.Config(Samples.Vip("near0:vip"));
        VirtualAddress vip = config.Routers[0].Addresses[0];
        using Poller poller = new();
        using Host host = Open(config, poller);
        List<HostEvent> first = Take(host.Events);
        Assert.Equal(HostEventKind.LinkChanged, first[0].Kind);
        Assert.Equal(LinkFlags.Up | LinkFlags.Running, first[0].Flags);
        Assert.Equal(HostEventKind.HostKnown, first[^1].Kind);

        // Twice is as good as once, in both directions.
        foreach (EffectKind kind in new[] { EffectKind.AddAddress, EffectKind.AddAddress })
        {
            host.Requests.Queue(Samples.Address(kind, vip), host.InterfaceIndex(0));
            host.Requests.Flush();
        }

        Assert.Empty(Take(host.Failures));
        Assert.Equal(0, host.Requests.Pending);
        Assert.Equal([(vip.Address, (byte)18, "near0:vip")], KernelAddresses(host.InterfaceIndex(0)));
        host.Monitor.Read();
        HostEvent ours = HostEvent.AddressAdded(0, vip.Address, 24);
        Assert.Equal([ours, ours], Take(host.Events));

        Namespace.Ip("addr del 10.9.0.100/24 dev near0");
        Namespace.Ip("addr add 10.9.0.7/24 dev near0");
        host.Monitor.Read();
        Assert.Equal([HostEvent.AddressRemoved(0, vip.Address, 24), HostEvent.AddressAdded(0, Ip.FromV4(10, 9, 0, 7), 24)], Take(host.Events));

        host.Requests.Queue(Samples.Address(EffectKind.AddAddress, vip), host.InterfaceIndex(0));
        host.Requests.Queue(Samples.Address(EffectKind.RemoveAddress, vip), host.InterfaceIndex(0));
        host.Requests.Queue(Samples.Address(EffectKind.RemoveAddress, vip), host.InterfaceIndex(0));
        host.Requests.Queue(Samples.Address(EffectKind.AddAddress, vip), 999_999);
        host.Requests.Queue(Samples.Address(EffectKind.AddAddress, vip), 0);
        host.Requests.Flush();
        List<HostEvent> failed = Take(host.Failures);
        Assert.Equal(2, failed.Count);
        Assert.All(failed, e => Assert.Equal(
            (HostEventKind.EffectFailed, EffectKind.AddAddress, Errno.ENODEV, vip.Address), (e.Kind, e.Effect, e.Value, e.Address)));
        host.Monitor.Read();
        Assert.Equal([ours, HostEvent.AddressRemoved(0, vip.Address, 24)], Take(host.Events));
    });

    [Fact]
    public void ManyAddressesInOneBatchAllArrive() => Namespace.Run(static () =>
    {
        VirtualAddress[] vips = new VirtualAddress[1000];
        for (int i = 0; i < vips.Length; i++)
        {
            vips[i] = new VirtualAddress { Address = Ip.FromV4(10, 8, (byte)(i >> 8), (byte)i), PrefixLength = 32, Interface = 0 };
        }

        using Poller poller = new();
        using Host host = Open(Samples.Config(vips), poller);
        foreach (EffectKind kind in new[] { EffectKind.AddAddress, EffectKind.RemoveAddress })
        {
            foreach (VirtualAddress vip in vips)
            {
                host.Requests.Queue(Samples.Address(kind, vip), host.InterfaceIndex(0));
            }

            host.Requests.Flush();
            Assert.Equal((0, 0), (host.Requests.Pending, host.Failures.Count));
            Assert.Equal(kind == EffectKind.AddAddress ? 1000 : 0, KernelAddresses(host.InterfaceIndex(0)).Count);
        }

        for (int i = 0; i < 100; i++)
        {
            host.Monitor.Read();
        }

        // Told one by one or, after an overrun, by a new look: what is left in the end is what the kernel has.
        HashSet<Ip> told = [];
        foreach (HostEvent e in Take(host.Events))
        {
            _ = e.Kind == HostEventKind.AddressAdded ? told.Add(e.Address) : told.Remove(e.Address);
        }

        Assert.DoesNotContain(told, ip => ip.V4 >> 16 == 0x0a08);
    });

    [Fact]
    public void AnAdvertArrivesWithoutRouteAndWithAForeignSource() => Namespace.Run(static ns =>
    {
        using Poller poller = new();
        using Host host = Open(Samples.Config(), poller);
        Assert.Equal(0, host.Join(0));
        VrrpSocket? far = null;
        AdvertSender? farSender = null;
        ns.Far(() => (far, farSender) = (VrrpSocket.Open(Samples.Channel(), Index("far0"), "far0", out int _), AdvertSender.Open(out int _)));
        Assert.NotNull(far);
        Assert.NotNull(farSender);
        Assert.Equal("", Namespace.Ip("-4 route show"));

        byte[] advert = Samples.Advert();
        Assert.Equal(0, host.Adverts.Send(host.InterfaceIndex(0), advert));
        ReceiveBuffer buffer = new();
        Assert.Equal(advert.Length, far.Receive(buffer));
        Assert.Equal(advert[12..], buffer.Bytes(advert.Length)[12..].ToArray());
        Assert.Equal((0x45, 0xc0, 255, 112), (buffer.Bytes(40)[0], buffer.Bytes(40)[1], buffer.Bytes(40)[8], buffer.Bytes(40)[9]));
        Assert.Equal(-1, far.Receive(buffer));

        // We do not hear ourselves, but the other side; and the poller says so.
        Assert.Equal(-1, host.Receiver(0)!.Receive(buffer));
        int farIndex = 0;
        ns.Far(() => farIndex = Index("far0"));
        Assert.Equal(0, farSender.Send(farIndex, advert));
        Assert.True(poller.Wait(Instant.Never) >= 1);
        Assert.Equal(advert.Length, host.Receiver(0)!.Receive(buffer));

        // An interface that does not exist is an errno.
        Assert.Equal(Errno.ENODEV, host.Adverts.Send(999_999, advert));
        Assert.Equal(Errno.EINVAL, host.Adverts.Send(host.InterfaceIndex(0), advert.AsSpan(0, 19)));
        host.Leave(0);
        Assert.Null(host.Receiver(0));
        farSender.Close();
        far.Close();
    });

    [Fact]
    public void SendersKeepNothingOfWhatArrives() => Namespace.Run(static ns =>
    {
        using Poller poller = new();
        using Host host = Open(Samples.Config(), poller);
        Assert.Equal(0, host.Join(0));
        ns.Far(static () =>
        {
            AdvertSender sender = AdvertSender.Open(out int _)!;
            FrameSender arps = FrameSender.Open(out int _)!;
            byte[] vrrp = Samples.Advert(), raw = Samples.Advert(protocol: 255);
            for (int i = 0; i < 500; i++)
            {
                Assert.Equal(0, sender.Send(Index("far0"), vrrp));
                Assert.Equal(0, sender.Send(Index("far0"), raw));
                Assert.Equal(0, arps.Send(Index("far0"), Arp()));
            }

            sender.Close();
            arps.Close();
        });

        Assert.Equal(0u, Waiting(host.Adverts.Fd));
        Assert.Equal(0u, Waiting(host.Frames.Fd));

        // They did come: the receive socket holds all of them, within its buffer.
        int count = 0;
        while (host.Receiver(0)!.Receive(host.Buffer) > 0)
        {
            count++;
        }

        Assert.Equal(500, count);
    });

    [Fact]
    public void AnArpFrameLeavesAsItIs() => Namespace.Run(static ns =>
    {
        int far = -1;
        ns.Far(() => far = Libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK, 0x0608));
        Assert.True(far >= 0);
        FrameSender sender = FrameSender.Open(out int _)!;
        Assert.Equal(0, sender.Send(Index("near0"), Arp()));

        // The other end of the cable may be served by another processor, a little later.
        Assert.True(Libc.Poll(far, Libc.POLLIN, 2000));
        byte[] got = new byte[100];
        fixed (byte* pointer = got)
        {
            Assert.Equal(42, Libc.recv(far, pointer, 100, 0));
        }

        Assert.Equal(Arp(), got[..42]);
        Assert.Equal(Errno.ENXIO, sender.Send(999_999, Arp()));
        sender.Close();
        _ = Libc.close(far);
    });

    [Fact]
    public void TenThousandDatagramsAllocateNothing() => Namespace.Run(static ns =>
    {
        using Poller poller = new();
        using Host host = Open(Samples.Config(), poller);
        Assert.Equal(0, host.Join(0));
        AdvertSender? sender = null;
        int farIndex = 0;
        ns.Far(() => (sender, farIndex) = (AdvertSender.Open(out int _), Index("far0")));
        byte[] advert = Samples.Advert();
        int received = Exchange(100);
        Assert.Equal(100, received);

        long before = GC.GetAllocatedBytesForCurrentThread();
        received = Exchange(10_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((10_000, 0L), (received, allocated));
        sender!.Close();

        int Exchange(int datagrams)
        {
            int count = 0;
            for (int i = 0; i < datagrams; i++)
            {
                if (sender!.Send(farIndex, advert) != 0)
                {
                    return -1;
                }

                int ready = poller.Wait(Instant.Never);
                for (int r = 0; r < ready; r++)
                {
                    VrrpSocket socket = host.Receiver(poller.Index(r))!;
                    while (socket.Receive(host.Buffer) is int length && length > 0)
                    {
                        count += host.Buffer.Bytes(length)[9] == 112 ? 1 : 0;
                    }
                }
            }

            return count;
        }
    });

    [Fact]
    public void AfterAnOverrunTheDifferenceIsFoundByANewLook() => Namespace.Run(static () =>
    {
        Namespace.Ip("addr add 10.9.0.1/24 dev near0");
        Namespace.Ip("addr add 10.9.0.2/24 dev near0");
        using Poller poller = new();
        using Host host = Open(Samples.Config(), poller);
        Assert.Equal(4, Take(host.Events).Count);
        Assert.Equal(0, SocketOptions.Set(host.Monitor.Fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, 0));
        NetlinkRequests other = NetlinkRequests.Open(new HostEventQueue(0), out int _)!;
        for (int i = 0; i < 500; i++)
        {
            VirtualAddress passing = new() { Address = Ip.FromV4(10, 7, 0, (byte)i), PrefixLength = 32, Interface = 0 };
            other.Queue(Samples.Address(EffectKind.AddAddress, passing), host.InterfaceIndex(0));
            other.Queue(Samples.Address(EffectKind.RemoveAddress, passing), host.InterfaceIndex(0));
        }

        other.Flush();
        Namespace.Ip("addr del 10.9.0.2/24 dev near0");
        Namespace.Ip("addr add 10.9.0.3/24 dev near0");
        Namespace.Ip("link set near0 down");
        for (int i = 0; i < 20; i++)
        {
            host.Monitor.Read();
        }

        Assert.True(host.Monitor.Overruns > 0);
        Assert.False(host.Monitor.IsLookDue);
        List<HostEvent> events = Take(host.Events);
        Assert.Contains(HostEvent.AddressRemoved(0, Ip.FromV4(10, 9, 0, 2), 24), events);
        Assert.Contains(HostEvent.AddressAdded(0, Ip.FromV4(10, 9, 0, 3), 24), events);
        Assert.Contains(events, static e => e.Kind == HostEventKind.LinkChanged && e.Flags == LinkFlags.None);
        Assert.DoesNotContain(events, static e => e.Kind == HostEventKind.LinkGone);
        other.Close();
    });

    [Fact]
    public void AnInterfaceThatIsRenamedDeletedAndMadeAgainIsFollowed() => Namespace.Run(static () =>
    {
        using Poller poller = new();
        using Host host = Open(Samples.Config(), poller);
        Namespace.Ip("addr add 10.9.0.1/24 dev near0");
        host.Monitor.Read();
        _ = Take(host.Events);
        int before = host.InterfaceIndex(0);

        Namespace.Ip("link set near0 down");
        Namespace.Ip("link set near0 name other0");
        host.Monitor.Read();
        List<HostEvent> events = Take(host.Events);
        Assert.Equal(HostEvent.LinkGone(0), events[^1]);
        Assert.DoesNotContain(events, e => e.Kind == HostEventKind.AddressRemoved);
        Assert.Equal((0, Errno.ENODEV), (host.InterfaceIndex(0), host.Join(0)));

        // Back again: the addresses come along although the kernel tells none of them.
        Namespace.Ip("link set other0 name near0");
        Read(host.Monitor);
        events = Take(host.Events);
        Assert.Contains(HostEvent.AddressAdded(0, Ip.FromV4(10, 9, 0, 1), 24), events);
        Assert.Equal(before, host.InterfaceIndex(0));
        Assert.Equal(0, host.Join(0));

        Namespace.Ip("link del near0");
        Namespace.Ip("link add near0 type veth peer name far1");
        Read(host.Monitor);
        events = Take(host.Events);
        Assert.Contains(HostEvent.LinkGone(0), events);
        Assert.Equal(HostEventKind.LinkChanged, events[^1].Kind);
        Assert.NotEqual(before, host.InterfaceIndex(0));
        Assert.Equal(0, host.Join(0));
    });

    [Fact]
    public void APortThatLeavesItsBridgeIsNotGone() => Namespace.Run(static () =>
    {
        using Poller poller = new();
        using Host host = Open(Samples.Config(), poller);
        Namespace.Ip("link add br0 type bridge");
        Namespace.Ip("link set near0 master br0");
        Namespace.Ip("link set near0 nomaster");
        Namespace.Ip("link del br0");
        Read(host.Monitor);
        Assert.DoesNotContain(Take(host.Events), static e => e.Kind == HostEventKind.LinkGone);
    });

    [Theory]
    [InlineData(0ul, "CAP_NET_RAW")]
    [InlineData(1ul << 13, "CAP_NET_ADMIN")]
    public void AMissingCapabilityIsNamed(ulong left, string named) => Namespace.Run(() =>
    {
        // capset(2) acts on this thread alone, and the thread ends with the test.
        uint* header = stackalloc uint[2] { 0x20080522, 0 };
        uint* data = stackalloc uint[6] { (uint)left, (uint)left, 0, 0, 0, 0 };
        Assert.Equal(0, capset(header, data));
        using Poller poller = new();
        Assert.Null(Host.Open(Samples.Config(), poller, out string error, out int exitCode));
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Equal(4, exitCode);
    });

    private static Host Open(DaemonConfig config, Poller poller)
    {
        Host? host = Host.Open(config, poller, out string error, out int exitCode);
        Assert.True(host is not null, error);
        Assert.Equal(0, exitCode);
        return host;
    }

    private static List<HostEvent> Take(HostEventQueue queue)
    {
        List<HostEvent> all = [];
        while (queue.TryTake(out HostEvent e))
        {
            all.Add(e);
        }

        return all;
    }

    private static void Read(LinkMonitor monitor)
    {
        for (int i = 0; i < 5; i++)
        {
            monitor.Read();
        }

        Assert.False(monitor.IsLookDue);
    }

    private static int Index(string name)
    {
        int index = Namespace.Index(name);
        Assert.NotEqual(0, index);
        return index;
    }

    private static byte[] Arp()
    {
        byte[] frame = new byte[42];
        frame.AsSpan(0, 6).Fill(0xff);
        frame[6] = 2;
        frame[12] = 8;
        frame[13] = 6;
        return frame;
    }

    /// <summary>Bytes in the receive queue: SK_MEMINFO_RMEM_ALLOC, the first of the array.</summary>
    private static uint Waiting(int fd)
    {
        uint* values = stackalloc uint[16];
        uint length = 64;
        Assert.Equal(0, Libc.getsockopt(fd, Libc.SOL_SOCKET, Libc.SO_MEMINFO, values, &length));
        return values[0];
    }

    /// <summary>IPv4 addresses with protocol mark and label, from a dump of the test's own.</summary>
    private static List<(Ip Address, byte Protocol, string Label)> KernelAddresses(int index)
    {
        List<(Ip, byte, string)> all = [];
        NetlinkSocket socket = NetlinkSocket.Open(0, out int _)!;
        Assert.True(socket.RequestDump(Libc.RTM_GETADDR, Libc.AF_INET, 1));
        for (bool more = true; more;)
        {
            Assert.Equal(NetlinkRead.Datagram, socket.Receive(wait: true));
            NetlinkReader reader = new(socket.Bytes);
            while (reader.TryNext(out NetlinkMessage message))
            {
                more = message.Header.Type != Libc.NLMSG_DONE;
                if (more && message.TryRead(out AddressHeader head, out AttributeReader attributes) && head.Index == index)
                {
                    (Ip Address, byte Protocol, string Label) one = default;
                    while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
                    {
                        switch (type)
                        {
                            case Libc.IFA_LOCAL:
                                one.Address = Ip.Read(value);
                                break;
                            case Libc.IFA_PROTO:
                                one.Protocol = value[0];
                                break;
                            case Libc.IFA_LABEL:
                                one.Label = System.Text.Encoding.UTF8.GetString(value[..^1]);
                                break;
                            default:
                                break;
                        }
                    }

                    all.Add(one);
                }
            }
        }

        socket.Close();
        return all;
    }

    [LibraryImport("libc")]
    private static partial int capset(uint* header, uint* data);
}
