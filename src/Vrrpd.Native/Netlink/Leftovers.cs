using System;
using Vrrpd.Core;
using Vrrpd.Core.Config;

namespace Vrrpd.Native.Netlink;

/// <summary>
/// Addresses that a crash left behind: virtual addresses of this configuration that stand on their interface with our protocol mark
/// (IFA_PROTO 18, which keepalived uses as well). They go before the first advert: another router may own them by now. An address without
/// the mark is the operator's, and stays. Linux before 5.18 has no marks: nothing is found there.
/// </summary>
internal static class Leftovers
{
    /// <summary>Says how many were removed; refusals go the way of every refused effect.</summary>
    public static int Remove(DaemonConfig config, InterfaceTable interfaces, NetlinkRequests requests)
    {
        NetlinkSocket? socket = NetlinkSocket.Open(0, out _);
        if (socket is null)
        {
            return 0;
        }

        // The marks of both families; AF_UNSPEC (0) dumps them all.
        const uint Sequence = 1;
        int removed = 0;
        bool more = socket.RequestDump(Libc.RTM_GETADDR, 0, Sequence);
        while (more && socket.Receive(wait: true) is NetlinkRead.Datagram or NetlinkRead.Ignored)
        {
            NetlinkReader reader = new(socket.Bytes);
            while (reader.TryNext(out NetlinkMessage message))
            {
                if (message.Header.Type is Libc.NLMSG_DONE or Libc.NLMSG_ERROR)
                {
                    more = false;
                }
                else if (TryFind(message, config, interfaces, out short router, out VirtualAddress? vip))
                {
                    Effect effect = new(EffectKind.RemoveAddress, router) { Slot = vip!.Interface, Vip = vip, Address = vip.Address };
                    requests.Queue(effect, interfaces.IndexOf(vip.Interface));
                    removed++;
                }
            }
        }

        socket.Close();
        requests.Flush();
        return removed;
    }

    /// <summary>Whether a message tells of an address that is marked as ours and configured on the interface it stands on.</summary>
    internal static bool TryFind(in NetlinkMessage message, DaemonConfig config, InterfaceTable interfaces, out short router, out VirtualAddress? vip)
    {
        router = -1;
        vip = null;
        if (message.Header.Type != Libc.RTM_NEWADDR || !message.TryRead(out AddressHeader head, out AttributeReader attributes))
        {
            return false;
        }

        int slot = interfaces.SlotOf(head.Index);
        int length = head.Family == Libc.AF_INET ? 4 : head.Family == Libc.AF_INET6 ? 16 : 0;
        ReadOnlySpan<byte> local = default;
        bool ours = false;
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            if ((type == Libc.IFA_LOCAL || (type == Libc.IFA_ADDRESS && local.IsEmpty)) && value.Length == length)
            {
                local = value;
            }
            else if (type == Libc.IFA_PROTO && value.Length >= 1)
            {
                ours = value[0] == NetlinkRequests.AddressProtocol;
            }
        }

        if (!ours || slot < 0 || local.IsEmpty)
        {
            return false;
        }

        Ip address = Ip.Read(local);
        for (short i = 0; i < config.Routers.Length; i++)
        {
            foreach (VirtualAddress candidate in config.Routers[i].Addresses)
            {
                if (candidate.Interface == slot && candidate.Address == address && candidate.PrefixLength == head.PrefixLength)
                {
                    router = i;
                    vip = candidate;
                    return true;
                }
            }
        }

        return false;
    }
}
