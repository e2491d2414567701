using System;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Net;
using Vrrpd.Native.Netlink;

namespace Vrrpd.Native;

/// <summary>
/// The sockets of the daemon, and the way from a slot of the configuration to the kernel's interface of the moment. Opened once; receive
/// sockets come and go with the engine's wishes.
/// </summary>
internal sealed class Host : IDisposable
{
    /// <summary>keepalived's exit codes: missing permission, and every other fatal error.</summary>
    public const int ExitNoPermission = 4, ExitFatal = 1;

    /// <summary>One datagram of netlink tells of no more than some hundred addresses.</summary>
    private const int MostExpectedEvents = 512;

    private readonly Poller _poller;
    private DaemonConfig _config;
    private VrrpSocket?[] _receivers;

    private Host(DaemonConfig config, Poller poller, AdvertSender adverts, FrameSender frames, NetlinkRequests requests, LinkMonitor monitor,
        HostEventQueue events, HostEventQueue failures)
    {
        _poller = poller;
        _config = config;
        _receivers = new VrrpSocket?[config.Channels.Length];
        Adverts = adverts;
        Frames = frames;
        Requests = requests;
        Monitor = monitor;
        Events = events;
        Failures = failures;
    }

    public AdvertSender Adverts { get; }

    public FrameSender Frames { get; }

    public NetlinkRequests Requests { get; }

    public LinkMonitor Monitor { get; }

    /// <summary>What the kernel told about links and addresses, on its way to the engine; the first look is in it after <see cref="Open"/>.</summary>
    public HostEventQueue Events { get; }

    /// <summary>Effects that were refused, on their way to the engine.</summary>
    public HostEventQueue Failures { get; }

    public ReceiveBuffer Buffer { get; } = new();

    public int Channels => _receivers.Length;

    /// <summary>
    /// Opens everything and takes the first look at links and addresses. Null: the text says what is
    /// missing and what it is needed for, the exit code is keepalived's.
    /// </summary>
    public static Host? Open(DaemonConfig config, Poller poller, out string error, out int exitCode)
    {
        HostEventQueue events = new(ExpectedEvents(config)), failures = new(0);
        exitCode = ExitFatal;
        AdvertSender? adverts = AdvertSender.Open(out int errno);
        FrameSender? frames = null;
        NetlinkRequests? requests = null;
        LinkMonitor? monitor = null;
        if (adverts is null)
        {
            error = Explain("raw socket", "CAP_NET_RAW", "VRRP adverts can neither be sent nor received", errno, ref exitCode);
        }
        else if ((frames = FrameSender.Open(out errno)) is null)
        {
            error = Explain("packet socket", "CAP_NET_RAW", "neither gratuitous ARP nor neighbour advertisements can be sent", errno, ref exitCode);
        }
        else if ((requests = NetlinkRequests.Open(failures, out errno)) is null || (errno = requests.ProbePermission()) != 0)
        {
            error = Explain("netlink request", "CAP_NET_ADMIN", "virtual addresses can neither be added nor removed", errno, ref exitCode);
        }
        else if ((monitor = LinkMonitor.Open(config.Interfaces, events, out errno)) is null)
        {
            error = Explain("netlink monitor", "CAP_NET_ADMIN", "links and addresses cannot be watched", errno, ref exitCode);
        }
        else
        {
            Host host = new(config, poller, adverts, frames, requests, monitor, events, failures);
            error = host.Start(config);
            if (error.Length == 0)
            {
                exitCode = 0;
                return host;
            }
        }

        monitor?.Close();
        requests?.Close();
        frames?.Close();
        adverts?.Close();
        return null;
    }

    public int InterfaceIndex(int slot) => Monitor.Interfaces.IndexOf(slot);

    public VrrpSocket? Receiver(int channel) => (uint)channel < (uint)_receivers.Length ? _receivers[channel] : null;

    /// <summary>
    /// Listens on a channel: with the socket that it has if that is of the same interface still, else with a new one. 0, or errno.
    /// </summary>
    public int Join(short channel)
    {
        ChannelConfig config = _config.Channels[channel];
        int index = InterfaceIndex(config.Slot);
        if (index != 0 && _receivers[channel] is VrrpSocket living && living.TryAdopt(config, index))
        {
            return 0;
        }

        Leave(channel);
        if (index == 0)
        {
            return Errno.ENODEV;
        }

        VrrpSocket? socket = VrrpSocket.Open(config, index, _config.Interfaces[config.Slot], out int errno);
        if (socket is null)
        {
            return errno;
        }

        errno = _poller.Add(socket.Fd, PollKind.Vrrp, channel);
        if (errno != 0)
        {
            socket.Close();
            return errno;
        }

        _receivers[channel] = socket;
        return 0;
    }

    public void Leave(short channel)
    {
        if (_receivers[channel] is VrrpSocket socket)
        {
            _poller.Remove(socket.Fd);
            socket.Close();
            _receivers[channel] = null;
        }
    }

    /// <summary>
    /// Between the halves of a reload: sockets of channels that stay go on under their new numbers without losing a packet, the others are
    /// closed, and interfaces that are new are looked at. What the kernel says about them is in <see cref="Events"/> then; false if it says nothing.
    /// </summary>
    public bool Adopt(ConfigDiff diff)
    {
        VrrpSocket?[] receivers = new VrrpSocket?[diff.Next.Channels.Length];
        for (short i = 0; i < _receivers.Length; i++)
        {
            short now = diff.ChannelsNow[i];
            if (now == ConfigDiff.None)
            {
                Leave(i);
            }
            else if (_receivers[i] is VrrpSocket socket)
            {
                receivers[now] = socket;
                _poller.Renumber(socket.Fd, PollKind.Vrrp, now);
            }
        }

        (_receivers, _config) = (receivers, diff.Next);
        Requests.Forget();
        Events.Reserve(ExpectedEvents(diff.Next));
        bool hasNew = Monitor.Interfaces.Adopt(diff.Next.Interfaces, diff.SlotsBefore);
        Monitor.Interfaces.Reserve(diff.Next);
        return !hasNew || Monitor.LookAndWait();
    }

    /// <summary>Hears nothing any more: for the end, when only children are waited for.</summary>
    public void StopListening()
    {
        for (short i = 0; i < _receivers.Length; i++)
        {
            Leave(i);
        }

        _poller.Remove(Monitor.Fd);
    }

    public void Dispose()
    {
        StopListening();
        _poller.Remove(Requests.Fd);
        Monitor.Close();
        Requests.Close();
        Frames.Close();
        Adverts.Close();
    }

    /// <summary>Room for the kernel's word on every address of ours, so that a takeover grows nothing.</summary>
    private static int ExpectedEvents(DaemonConfig config) => Math.Min(config.AddressCount, MostExpectedEvents);

    private static string Explain(string what, string capability, string consequence, int errno, ref int exitCode)
    {
        if (errno is not (Errno.EPERM or Errno.EACCES))
        {
            return $"cannot open {what}: {Errno.Text(errno)}";
        }

        exitCode = ExitNoPermission;
        return $"cannot open {what}: {Errno.Text(errno)} - {capability} is missing; without it {consequence}";
    }

    private string Start(DaemonConfig config)
    {
        Monitor.Interfaces.Reserve(config);
        if (!Monitor.LookAndWait())
        {
            return "cannot ask the kernel for its interfaces: no answer";
        }

        int errno = _poller.Add(Monitor.Fd, PollKind.NetlinkMonitor, 0);
        if (errno == 0)
        {
            errno = _poller.Add(Requests.Fd, PollKind.NetlinkRequest, 0);
        }

        return errno == 0 ? "" : $"cannot watch the netlink sockets: {Errno.Text(errno)}";
    }
}
