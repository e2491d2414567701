using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>Which interfaces send their announcements from one queue.</summary>
internal static class GarpGroups
{
    /// <summary>The groups that are written, then one for every other interface with an instance or address if there are intervals for all.</summary>
    public static GarpGroupConfig[] Resolve(List<GarpDraft> drafts, GlobalsBinder globals, List<RouterConfig> routers, InterfaceSlots slots)
    {
        if (drafts.Count == 0 && globals.ArpMicroseconds == 0 && globals.NeighbourMicroseconds == 0)
        {
            return [];
        }

        int count = slots.ToArray().Length;
        short[] bases = Bases(routers, count, out bool[] isUsed);
        List<GarpGroupConfig> groups = [];
        bool[] isTaken = new bool[count];
        foreach (GarpDraft draft in drafts)
        {
            bool[] isMember = new bool[count];
            foreach (string name in draft.Interfaces)
            {
                if (slots.Find(name) is >= 0 and short slot)
                {
                    isMember[slot] = isTaken[slot] = true;
                }
            }

            Add(isMember, draft.ArpMicroseconds, draft.NeighbourMicroseconds);
        }

        for (int slot = 0; slot < count && (globals.ArpMicroseconds | globals.NeighbourMicroseconds) != 0; slot++)
        {
            if (isUsed[slot] && bases[slot] == slot && !isTaken[slot])
            {
                bool[] isMember = new bool[count];
                isMember[slot] = true;
                Add(isMember, globals.ArpMicroseconds, globals.NeighbourMicroseconds);
            }
        }

        return groups.ToArray();

        void Add(bool[] isMember, long arp, long neighbour)
        {
            List<short> members = [];
            for (short slot = 0; slot < isMember.Length; slot++)
            {
                if (isUsed[slot] && isMember[bases[slot]])
                {
                    members.Add(slot);
                }
            }

            if (members.Count > 0)
            {
                groups.Add(new(members.ToArray(), ConfigNumbers.Time(arp), ConfigNumbers.Time(neighbour)));
            }
        }
    }

    /// <summary>For each slot the interface below it, or itself.</summary>
    private static short[] Bases(List<RouterConfig> routers, int count, out bool[] isUsed)
    {
        short[] bases = new short[count];
        isUsed = new bool[count];
        for (short slot = 0; slot < count; slot++)
        {
            bases[slot] = slot;
        }

        foreach (RouterConfig router in routers)
        {
            Use(router.Interface, isUsed);
            Use(router.Addresses, isUsed);
            Use(router.Excluded, isUsed);
            if (router.Device is { Slot: >= 0 } device && router.Interface >= 0)
            {
                Use(device.Slot, isUsed);
                bases[device.Slot] = router.Interface;
            }
        }

        return bases;
    }

    private static void Use(VirtualAddress[] addresses, bool[] isUsed)
    {
        foreach (VirtualAddress address in addresses)
        {
            Use(address.Interface, isUsed);
        }
    }

    private static void Use(short slot, bool[] isUsed)
    {
        if (slot >= 0)
        {
            isUsed[slot] = true;
        }
    }
}
