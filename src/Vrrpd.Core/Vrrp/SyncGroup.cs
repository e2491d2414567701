using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>
/// A vrrp_sync_group: its members are master together or not at all. It looks at them after whatever happened to one, and moves the others.
/// Only when all want to be master they are; the first that is backup again takes the others along; a fault of one is the fault of all.
/// </summary>
internal sealed class SyncGroup
{
    private readonly VirtualRouter[] _members;
    private readonly RouterState[] _seen;
    private readonly short _number;

    /// <summary>Of members as they are: after a reload they may be in any state.</summary>
    public SyncGroup(SyncGroupConfig config, short number, VirtualRouter[] routers)
    {
        _number = number;
        _members = Array.ConvertAll(config.Routers, member => routers[member]);
        _seen = new RouterState[_members.Length];
        Note();
        IsFault = HasFault(out _);
        IsOfOwners = Array.TrueForAll(_members, static member => member.Config.IsOwner);
    }

    /// <summary>FAULT of one is FAULT of all.</summary>
    public bool IsFault { get; private set; }

    /// <summary>All are address owners, who do not wait. Otherwise an owner waits like the others.</summary>
    public bool IsOfOwners { get; }

    /// <summary>Whether a member whose timer ran out may be master: all the others are, or want to be.</summary>
    public bool Admits(VirtualRouter who)
    {
        bool admits = true;
        foreach (VirtualRouter member in _members)
        {
            admits &= member == who || member.WantsMaster || member.State == RouterState.Master;
        }

        return admits;
    }

    /// <summary>A rival of one member has been heard, and whoever believed it believes it of the others.</summary>
    public void AnnounceAgain(VirtualRouter but, Instant now)
    {
        foreach (VirtualRouter member in _members)
        {
            if (member != but)
            {
                member.AnnounceAgain(now);
            }
        }
    }

    /// <summary>Something happened to a member or several: the others follow.</summary>
    public void Settle(Instant now, ref EffectSink sink)
    {
        SettleFaults(now, ref sink);
        if (Moved(RouterState.Master, RouterState.Backup) is { } yielded)
        {
            Move(RouterState.Backup, yielded, now, ref sink);
        }
        else if (Moved(RouterState.Backup, RouterState.Master) is { } first)
        {
            Move(RouterState.Master, first, now, ref sink);
        }

        Note();
    }

    private bool HasFault(out bool isWaiting)
    {
        bool isFault = false;
        isWaiting = false;
        foreach (VirtualRouter member in _members)
        {
            // Before the host is known, everything looks like a fault.
            Blockers own = member.Blockers & ~VirtualRouter.OfGroup;
            isFault |= (own & ~VirtualRouter.NoFault) != 0 && !own.HasFlag(Blockers.HostUnknown);
            isWaiting |= own != Blockers.None;
        }

        return isFault;
    }

    /// <summary>All go into FAULT together, and leave it together, in their order. So they start, too.</summary>
    private void SettleFaults(Instant now, ref EffectSink sink)
    {
        bool isFault = HasFault(out bool isWaiting);
        bool isNews = isFault && !IsFault && Array.Exists(_members, static member => member.State != RouterState.Initialize);
        IsFault = isFault;
        if (isNews)
        {
            sink.Log(LogEvent.GroupSyncing, _number, (long)RouterState.Initialize);
        }

        foreach (VirtualRouter member in _members)
        {
            // Who runs already goes on when another, which came with a reload, is still waited for.
            Blockers set = isFault ? Blockers.GroupFault
                : isWaiting && member.State == RouterState.Initialize ? Blockers.GroupWait : Blockers.None;
            member.Block(set, VirtualRouter.OfGroup & ~set, TransitionReason.Group, now, ref sink);
        }
    }

    private void Move(RouterState to, VirtualRouter first, Instant now, ref EffectSink sink)
    {
        bool isSaid = false;
        RouterState from = to == RouterState.Master ? RouterState.Backup : RouterState.Master;
        foreach (VirtualRouter member in _members)
        {
            if (member.State == from)
            {
                if (!isSaid)
                {
                    sink.Log(LogEvent.GroupSyncing, _number, (long)to);
                    isSaid = true;
                }

                member.Follow(to, first.LastReason, now, ref sink);
            }
        }
    }

    private VirtualRouter? Moved(RouterState from, RouterState to)
    {
        for (int i = 0; i < _members.Length; i++)
        {
            if (_seen[i] == from && _members[i].State == to)
            {
                return _members[i];
            }
        }

        return null;
    }

    private void Note()
    {
        for (int i = 0; i < _members.Length; i++)
        {
            _seen[i] = _members[i].State;
        }
    }
}
