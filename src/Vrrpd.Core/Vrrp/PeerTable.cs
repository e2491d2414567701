using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>What is remembered of one sender.</summary>
internal struct PeerNote
{
    public Ip Address;

    /// <summary>For the oldest to make room.</summary>
    public Instant HeardAt;

    /// <summary>The checksum it uses in version 3 over IPv4; None before the first.</summary>
    public ChecksumForm Form;

    /// <summary>It is heard in version 3, so that its version 2 is a copy for others.</summary>
    public Instant NewerUntil;
    public SequenceMark Mark;
}

/// <summary>
/// Senders whose adverts were accepted: the unicast peers each in a place of their own, of others the four heard last (as keepalived
/// remembers). Nobody gets a place who has not passed every check.
/// </summary>
internal sealed class PeerTable
{
    private const int Others = 4;

    private PeerNote[] _notes;
    private int _peers;

    public PeerTable(RouterConfig config)
    {
        _notes = [];
        Adopt(config);
    }

    /// <summary>Reload: who is a peer now as before, or is spoken to by the same group, is known as before.</summary>
    public void Adopt(RouterConfig next)
    {
        PeerNote[] before = _notes;
        _peers = next.Peers.Length;
        _notes = new PeerNote[_peers + Others];
        Array.Fill(_notes, new PeerNote { HeardAt = new Instant(long.MinValue), NewerUntil = new Instant(long.MinValue) });
        int other = _peers;
        for (int i = 0; i < _peers; i++)
        {
            _notes[i].Address = next.Peers[i].Address;
        }

        foreach (PeerNote note in before)
        {
            int place = Array.FindIndex(_notes, 0, _peers, has => has.Address == note.Address);
            if (place >= 0)
            {
                _notes[place] = note;
            }
            else if (!note.Address.IsUnspecified && other < _notes.Length)
            {
                _notes[other++] = note;
            }
        }
    }

    /// <summary>Number of a known sender, or -1.</summary>
    public int Find(Ip source)
    {
        PeerNote[] notes = _notes;
        for (int i = 0; i < notes.Length; i++)
        {
            if (notes[i].Address == source)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Number of a sender, at the cost of whoever has not been heard for longest if it is new.</summary>
    public int FindOrAdd(Ip source)
    {
        int found = Find(source);
        if (found >= 0)
        {
            return found;
        }

        int oldest = _peers;
        for (int i = _peers + 1; i < _notes.Length; i++)
        {
            oldest = _notes[i].HeardAt < _notes[oldest].HeardAt ? i : oldest;
        }

        _notes[oldest] = new PeerNote { Address = source, NewerUntil = new Instant(long.MinValue) };
        return oldest;
    }

    public ref PeerNote this[int number] => ref _notes[number];

    /// <summary>How that peer's adverts are summed, as far as it is known.</summary>
    public ChecksumForm FormOf(Ip peer)
    {
        int found = Find(peer);
        return found < 0 ? ChecksumForm.None : _notes[found].Form;
    }
}
