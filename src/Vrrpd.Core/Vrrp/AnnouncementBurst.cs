using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// The announcements of one family that are under way: so many rounds over the addresses, A B A B and not A A B B, so that one frame lost hurts
/// no address more than another. Spacing and the budget of the turn interrupt it anywhere.
/// </summary>
internal sealed class AnnouncementBurst(VirtualAddress[] addresses)
{
    private VirtualAddress[] _addresses = addresses;
    private int _rounds;
    private int _next;
    private bool _isFirstRound;

    public Instant Deadline { get; private set; } = Instant.Never;

    /// <summary>Rounds from now on; those of a burst that is under way are among them.</summary>
    public void Begin(int rounds, Instant now)
    {
        if (rounds == 0 || _addresses.Length == 0)
        {
            return;
        }

        if (_rounds == 0)
        {
            _next = 0;
            _isFirstRound = true;
        }

        _rounds = Math.Max(_rounds, rounds);
        Deadline = Instant.Min(Deadline, now);
    }

    public void Stop() => (_rounds, _next, Deadline) = (0, 0, Instant.Never);

    /// <summary>Reload: it goes on over the addresses that there are now.</summary>
    public void Adopt(VirtualAddress[] next)
    {
        bool same = next.Length == _addresses.Length;
        for (int i = 0; same && i < next.Length; i++)
        {
            same = next[i].Address == _addresses[i].Address;
        }

        _addresses = next;
        if (_rounds > 0 && !same)
        {
            _next = 0;
            if (next.Length == 0)
            {
                Stop();
            }
        }
    }

    /// <summary>As many as are due, the budget allows, and the spacing of their interfaces.</summary>
    public void Continue(short router, Link[] links, Pacer?[] pacers, ref int budget, Instant now, ref EffectSink sink)
    {
        while (_rounds > 0 && now >= Deadline && budget > 0)
        {
            budget--;
            VirtualAddress vip = _addresses[_next];
            Pacer? pacer = pacers[vip.Interface];
            if (pacer is not null && pacer.FreeAt(vip.Address.IsV6) is var free && free > now)
            {
                Deadline = free;
                return;
            }

            if (Announcement.TrySend(vip.Address, vip.Interface, links[vip.Interface], router, _isFirstRound, ref sink))
            {
                pacer?.Take(vip.Address.IsV6, now);
            }

            if (++_next == _addresses.Length)
            {
                _next = 0;
                _rounds--;
                _isFirstRound = false;
            }
        }

        Deadline = _rounds > 0 ? Deadline : Instant.Never;
    }
}

/// <summary>One gratuitous ARP or unsolicited neighbour advertisement.</summary>
internal static class Announcement
{
    /// <summary>False if the interface cannot carry it.</summary>
    public static bool TrySend(Ip address, short slot, Link link, short router, bool isQueued, ref EffectSink sink)
    {
        if (!link.IsUp || link.NoArp)
        {
            return false;
        }

        if (isQueued)
        {
            sink.Log(address.IsV6 ? LogEvent.QueueingNeighborAdvert : LogEvent.QueueingArp, router, address: address, slot: slot);
        }

        sink.Log(address.IsV6 ? LogEvent.SendingNeighborAdvert : LogEvent.SendingArp, router, address: address, slot: slot);
        int length = address.IsV6 ? NeighborAdvert.WriteUnsolicited(sink.Free, link.Mac, address) : ArpPacket.WriteGratuitous(sink.Free, link.Mac, address);
        sink.Send(EffectKind.SendFrame, router, slot, length, address);
        return true;
    }
}
