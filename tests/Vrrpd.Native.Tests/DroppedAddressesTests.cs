using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Native.Firewall;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>The table behind the filter, held against one that is known to be right.</summary>
public sealed class DroppedAddressesTests
{
    [Fact]
    public void It_holds_what_was_added_and_not_removed_whatever_the_order()
    {
        Random random = new(3);
        DroppedAddresses table = new();
        HashSet<DroppedAddress> known = [];
        for (int i = 0; i < 50_000; i++)
        {
            int number = random.Next(300);
            DroppedAddress key = number % 2 == 0 ? new(Ip.FromV4(10, 0, 0, (byte)number), 0) : new(Ip.FromV6(0xfe80_0000_0000_0000, (ulong)number), number % 7);
            if (random.Next(5) < 3)
            {
                Assert.Equal(known.Add(key), table.Add(key));
            }
            else
            {
                Assert.Equal(known.Remove(key), table.Remove(key));
            }

            Assert.Equal(known.Count, table.Count);
        }

        HashSet<DroppedAddress> listed = [];
        for (int i = 0; i < table.Count; i++)
        {
            Assert.True(listed.Add(table[i]));
        }

        Assert.True(known.SetEquals(listed));
    }

    [Fact]
    public void With_room_reserved_nothing_is_allocated()
    {
        DroppedAddresses table = new();
        table.Reserve(2000);

        // The runtime makes its comparers with the first comparison.
        _ = table.Add(new(Ip.FromV4(1), 0));
        Assert.True(table.Remove(new(Ip.FromV4(1), 0)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 2000; i++)
        {
            _ = table.Add(new(Ip.FromV4((uint)i), 0));
        }

        for (int i = 0; i < 2000; i++)
        {
            _ = table.Remove(new(Ip.FromV4((uint)i), 0));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, table.Count);
    }
}
