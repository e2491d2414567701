using System;
using System.Runtime.InteropServices;
using System.Text;
using Vrrpd.Core;
using Vrrpd.Core.Config;

namespace Vrrpd.Native.Netlink;

/// <summary>
/// Adds and removes addresses. Consecutive requests go to the kernel as one datagram; each answer is matched by its sequence number to the
/// effect that asked, and a refusal becomes <see cref="HostEventKind.EffectFailed"/>.
/// </summary>
internal sealed class NetlinkRequests
{
    /// <summary>RTPROT_KEEPALIVED (linux/rtnetlink.h), as keepalived marks its own addresses: `ip addr show proto keepalived` works.</summary>
    public const byte AddressProtocol = 18;

    /// <summary>Requests in one datagram: their answers fit the receive buffer many times over.</summary>
    private const int BatchRequests = 64;

    /// <summary>No request is longer: headers, three addresses, a label, flags, lifetimes and protocol.</summary>
    private const int RequestBytes = 192;

    /// <summary>Answers read in one go from the loop.</summary>
    private const int AnswersPerTurn = 256;

    private readonly NetlinkSocket _socket;
    private readonly byte[] _batch = new byte[BatchRequests * RequestBytes];

    // The last requests by sequence number: a ring, so that nothing an answer says can make us reach outside of it.
    // Answers are read with each batch, so two batches are more than ever wait.
    private readonly Request[] _ring = new Request[2 * BatchRequests];
    private readonly HostEventQueue _failures;
    private uint _sequence;
    private int _batchLength;
    private int _batchCount;

    private NetlinkRequests(NetlinkSocket socket, HostEventQueue failures)
    {
        _socket = socket;
        _failures = failures;
    }

    public int Fd => _socket.Fd;

    /// <summary>Sent and not yet answered.</summary>
    public int Pending { get; private set; }

    /// <summary>Opens the request socket; refusals go to the queue. Null means errno.</summary>
    public static NetlinkRequests? Open(HostEventQueue failures, out int errno)
    {
        NetlinkSocket? socket = NetlinkSocket.Open(0, out errno);
        return socket is null ? null : new NetlinkRequests(socket, failures);
    }

    /// <summary>
    /// Whether the kernel would let us change addresses: a removal from an interface that cannot exist is refused for the missing right
    /// (EPERM) before it is refused for the missing interface. 0, or errno.
    /// </summary>
    public int ProbePermission()
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        NetlinkWriter writer = new(request);
        uint sequence = ++_sequence;
        VirtualAddress nobody = new() { Address = Ip.FromV4(0), PrefixLength = 32, Interface = 0 };
        bool fits = WriteAddress(ref writer, EffectKind.RemoveAddress, nobody, int.MaxValue, sequence);
        Invariant.Check(fits);
        int error = _socket.Send(request[..writer.Length]);
        if (error != 0)
        {
            return error;
        }

        error = _socket.Await(sequence);
        return error is Errno.EPERM or Errno.EACCES or Errno.ENOBUFS ? error : 0;
    }

    /// <summary>Takes an AddAddress or RemoveAddress into the batch; <see cref="Flush"/> sends it.</summary>
    public void Queue(in Effect effect, int interfaceIndex)
    {
        VirtualAddress vip = effect.Vip!;
        if (interfaceIndex == 0)
        {
            // No interface, no address on it: a removal has nothing left to do.
            if (effect.Kind == EffectKind.AddAddress)
            {
                Fail(effect, Errno.ENODEV);
            }

            return;
        }

        if (_batchCount == BatchRequests)
        {
            Flush();
        }

        uint sequence = ++_sequence;
        NetlinkWriter writer = new(_batch.AsSpan(_batchLength));
        bool fits = WriteAddress(ref writer, effect.Kind, vip, interfaceIndex, sequence);
        Invariant.Check(fits);
        _ring[sequence & (uint)(_ring.Length - 1)] = new Request { Sequence = sequence, Effect = effect, Waiting = true };
        _batchLength += writer.Length;
        _batchCount++;
    }

    /// <summary>
    /// Sends the batch. rtnetlink works within the call, so the answers are already there and are read at once: a refusal is known in the
    /// same turn.
    /// </summary>
    public void Flush()
    {
        if (_batchCount == 0)
        {
            return;
        }

        int count = _batchCount;
        int error = _socket.Send(_batch.AsSpan(0, _batchLength));
        _batchCount = 0;
        _batchLength = 0;
        Pending += count;
        if (error == 0)
        {
            ReadAnswers();
            return;
        }

        for (uint i = (uint)count; i > 0; i--)
        {
            Settle(_sequence - i + 1, error);
        }
    }

    /// <summary>Reads the answers that wait.</summary>
    public void ReadAnswers()
    {
        for (int i = 0; i < AnswersPerTurn; i++)
        {
            NetlinkRead read = _socket.Receive(wait: false);
            if (read == NetlinkRead.Empty)
            {
                return;
            }

            if (read == NetlinkRead.Overrun)
            {
                ForgetWaiting();
            }

            NetlinkReader reader = new(_socket.Bytes);
            while (reader.TryNext(out NetlinkMessage message))
            {
                if (message.Header.Type == Libc.NLMSG_ERROR)
                {
                    Settle(message.Header.Sequence, message.Error);
                }
            }
        }
    }

    /// <summary>A reload: answers that are still to come would be about numbers of the old configuration; what became of it, the monitor tells.</summary>
    public void Forget()
    {
        Array.Clear(_ring);
        Pending = 0;
    }

    public void Close() => _socket.Close();

    /// <summary>One RTM_NEWADDR or RTM_DELADDR. False if there is no room.</summary>
    internal static bool WriteAddress(ref NetlinkWriter writer, EffectKind kind, VirtualAddress vip, int interfaceIndex, uint sequence)
    {
        bool add = kind == EffectKind.AddAddress;
        bool v6 = vip.Address.IsV6;
        ushort flags = Libc.NLM_F_REQUEST | Libc.NLM_F_ACK;
        writer.Begin(add ? Libc.RTM_NEWADDR : Libc.RTM_DELADDR, add ? (ushort)(flags | Libc.NLM_F_CREATE | Libc.NLM_F_REPLACE) : flags, sequence);

        // On a point-to-point link the length is that of the far end.
        Ip peer = vip.Words.Extras.Peer;
        writer.Append(new AddressHeader
        {
            Family = (byte)(v6 ? Libc.AF_INET6 : Libc.AF_INET),
            PrefixLength = peer.IsUnspecified ? vip.PrefixLength : vip.Words.Extras.PeerLength,
            Scope = v6 ? (byte)0 : vip.Scope,
            Index = interfaceIndex,
        });
        writer.Address(Libc.IFA_LOCAL, vip.Address);
        writer.Address(Libc.IFA_ADDRESS, peer.IsUnspecified ? vip.Address : peer);
        if (add)
        {
            WriteTraits(ref writer, vip);
        }

        return writer.End();
    }

    /// <summary>What an address is besides its number.</summary>
    private static void WriteTraits(ref NetlinkWriter writer, VirtualAddress vip)
    {
        bool v6 = vip.Address.IsV6;
        if (!vip.Broadcast.IsUnspecified)
        {
            writer.Address(Libc.IFA_BROADCAST, vip.Broadcast);
        }

        if (vip.Label.Length > 0)
        {
            WriteLabel(ref writer, vip.Label);
        }

        uint flags = Flags(vip.Words.Extras.Traits, v6);
        if (flags != 0)
        {
            writer.Number(Libc.IFA_FLAGS, flags);
        }

        // As keepalived: a /128 is nobody's choice as a source of connections unless something else is said.
        const byte WholeLength = 128;
        uint? preferred = vip.Words.Extras.PreferredLifetime ?? (v6 && vip.PrefixLength == WholeLength && vip.Words.Extras.Peer.IsUnspecified ? 0 : null);
        if (preferred is uint seconds && seconds != uint.MaxValue)
        {
            writer.Number(Libc.IFA_CACHEINFO, new AddressLifetimes { Preferred = seconds, Valid = uint.MaxValue });
        }

        // Linux 5.18; older kernels skip an attribute that they do not know.
        writer.Number(Libc.IFA_PROTO, AddressProtocol);
    }

    private static uint Flags(AddressTraits traits, bool v6)
    {
        uint flags = (traits.HasFlag(AddressTraits.NoPrefixRoute) ? Libc.IFA_F_NOPREFIXROUTE : 0)
            | (traits.HasFlag(AddressTraits.AutoJoin) ? Libc.IFA_F_MCAUTOJOIN : 0);
        if (!v6)
        {
            // Duplicate address detection is of IPv6; on an IPv4 address the flag would only show as `nodad` in `ip addr`.
            return flags;
        }

        return flags | (traits.HasFlag(AddressTraits.DetectsDuplicates) ? 0 : Libc.IFA_F_NODAD)
            | (traits.HasFlag(AddressTraits.Home) ? Libc.IFA_F_HOMEADDRESS : 0)
            | (traits.HasFlag(AddressTraits.ManagesTemporary) ? Libc.IFA_F_MANAGETEMPADDR : 0);
    }

    private static void WriteLabel(ref NetlinkWriter writer, string label)
    {
        Span<byte> text = stackalloc byte[Libc.IFNAMSIZ];
        text.Clear();

        // Cut at 15 bytes, which the configuration has checked; the terminator is part of the attribute.
        _ = Encoding.UTF8.TryGetBytes(label, text[..^1], out int length);
        Span<byte> value = writer.Attribute(Libc.IFA_LABEL, length + 1);
        if (!value.IsEmpty)
        {
            text[..(length + 1)].CopyTo(value);
        }
    }

    private void Settle(uint sequence, int errno)
    {
        ref Request request = ref _ring[sequence & (uint)(_ring.Length - 1)];
        if (request.Sequence != sequence || !request.Waiting)
        {
            return;
        }

        request.Waiting = false;
        Pending--;
        bool asWanted = request.Effect.Kind == EffectKind.AddAddress
            ? errno is 0 or Errno.EEXIST
            : errno is 0 or Errno.EADDRNOTAVAIL or Errno.ENODEV or Errno.ENXIO;
        if (!asWanted)
        {
            Fail(request.Effect, errno);
        }
    }

    /// <summary>Answers were lost: what became of the requests, the monitor tells.</summary>
    private void ForgetWaiting()
    {
        for (int i = 0; i < _ring.Length; i++)
        {
            _ring[i].Waiting = false;
        }

        Pending = 0;
    }

    private void Fail(in Effect effect, int errno) =>
        _failures.Add(HostEvent.Failed(effect with { Address = effect.Vip!.Address }, errno));

    private struct Request
    {
        public uint Sequence;
        public bool Waiting;
        public Effect Effect;
    }
}
