using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Native.Netlink;
using Xunit;

namespace Vrrpd.Native.Tests.Netlink;

public sealed class InterfaceTableTests
{
    private static readonly Ip Address = Ip.FromV4(10, 0, 0, 1);

    private readonly HostEventQueue _events = new(0);
    private readonly InterfaceTable _table;

    public InterfaceTableTests() => _table = new InterfaceTable(["eth0", "eth1"], _events);

    [Fact]
    public void ALinkIsToldWhenItAppearsAndWhenItChangesAndNotAgain()
    {
        Assert.True(_table.LinkSeen(5, "eth0"u8, LinkFlags.Up, new MacAddress(1), 1));
        Assert.False(_table.LinkSeen(5, "eth0"u8, LinkFlags.Up, new MacAddress(1), 1));
        Assert.False(_table.LinkSeen(5, "eth0"u8, LinkFlags.Up | LinkFlags.Running, new MacAddress(1), 1));
        Assert.False(_table.LinkSeen(6, "docker0"u8, LinkFlags.Up, new MacAddress(2), 1));
        Expect(HostEvent.Link(0, LinkFlags.Up, new MacAddress(1)), HostEvent.Link(0, LinkFlags.Up | LinkFlags.Running, new MacAddress(1)));
        Assert.Equal(5, _table.IndexOf(0));
        Assert.Equal(0, _table.IndexOf(1));
        Assert.Equal(0, _table.IndexOf(-1));
    }

    [Fact]
    public void ARenameTakesTheInterfaceAwayWithItsAddresses()
    {
        _ = _table.LinkSeen(5, "eth0"u8, LinkFlags.Up, default, 1);
        _table.AddressSeen(0, Address, 24, 1);
        Take();
        Assert.True(_table.LinkSeen(5, "eth1"u8, LinkFlags.None, default, 1));
        Expect(HostEvent.LinkGone(0), HostEvent.Link(1, LinkFlags.None, default));
        Assert.Equal((0, 5), (_table.IndexOf(0), _table.IndexOf(1)));
        Assert.Empty(_table[0].Addresses.ToArray());

        // What we put on it is still to be taken off.
        Assert.Equal((5, 5), (_table.LastIndexOf(0), _table.LastIndexOf(1)));
        Assert.Equal(0, _table.LastIndexOf(-1));
    }

    [Fact]
    public void AReloadKeepsWhatIsKnownUnderANewSlotAndAsksForWhatIsNew()
    {
        _ = _table.LinkSeen(5, "eth0"u8, LinkFlags.Up, new MacAddress(1), 1);
        _ = _table.LinkSeen(6, "eth1"u8, LinkFlags.Up, new MacAddress(2), 1);
        _table.AddressSeen(1, Address, 24, 1);
        Take();
        Assert.True(_table.Adopt(["eth2", "eth1"], [-1, 1]));
        Assert.Equal((0, 6, 6), (_table.IndexOf(0), _table.IndexOf(1), _table.LastIndexOf(1)));
        Assert.Equal((-1, 1), (_table.SlotOf(5), _table.SlotOf("eth1"u8)));
        Assert.False(_table.Adopt(["eth1", "eth2"], [1, 0]));

        // What has not changed is not told again; of what the table does not know any more nothing is told.
        Assert.False(_table.LinkSeen(6, "eth1"u8, LinkFlags.Up, new MacAddress(2), 2));
        Assert.False(_table.LinkSeen(5, "eth0"u8, LinkFlags.None, new MacAddress(1), 2));
        _table.AddressGone(0, Address, 24);
        Assert.True(_table.LinkSeen(7, "eth2"u8, LinkFlags.Up, new MacAddress(3), 2));
        Expect(HostEvent.AddressRemoved(0, Address, 24), HostEvent.Link(1, LinkFlags.Up, new MacAddress(3)));
    }

    [Fact]
    public void ANewIndexUnderTheSameNameIsAnotherInterface()
    {
        _ = _table.LinkSeen(5, "eth0"u8, LinkFlags.Up, default, 1);
        Take();
        Assert.True(_table.LinkSeen(9, "eth0"u8, LinkFlags.Up, default, 1));
        Expect(HostEvent.LinkGone(0), HostEvent.Link(0, LinkFlags.Up, default));
        Assert.Equal(9, _table.IndexOf(0));
    }

    [Fact]
    public void AnAddressIsToldEveryTimeItIsSeenAndOnceWhenItGoes()
    {
        _ = _table.LinkSeen(5, "eth0"u8, LinkFlags.Up, default, 1);
        Take();
        _table.AddressSeen(0, Address, 24, 1);
        _table.AddressSeen(0, Address, 24, 1);
        Expect(HostEvent.AddressAdded(0, Address, 24), HostEvent.AddressAdded(0, Address, 24));
        _table.AddressGone(0, Address, 24);
        _table.AddressGone(0, Address, 24);
        Expect(HostEvent.AddressRemoved(0, Address, 24));
    }

    [Fact]
    public void TheSameAddressWithAnotherPrefixIsAnotherAddress()
    {
        _ = _table.LinkSeen(5, "eth0"u8, LinkFlags.Up, default, 1);
        Take();
        _table.AddressSeen(0, Address, 24, 1);
        _table.AddressSeen(0, Address, 32, 1);
        _table.AddressGone(0, Address, 24);
        Expect(HostEvent.AddressAdded(0, Address, 24), HostEvent.AddressAdded(0, Address, 32), HostEvent.AddressRemoved(0, Address, 24));
    }

    [Fact]
    public void AfterANewLookWhatIsThereIsToldAgainAndWhatVanishedIsGone()
    {
        _ = _table.LinkSeen(5, "eth0"u8, LinkFlags.Up, default, 1);
        _ = _table.LinkSeen(6, "eth1"u8, LinkFlags.Up, default, 1);
        _table.AddressSeen(0, Address, 24, 1);
        _table.AddressSeen(0, Ip.FromV4(10, 0, 0, 2), 24, 1);
        Take();
        _ = _table.LinkSeen(5, "eth0"u8, LinkFlags.Up, default, 2);
        _table.DropLinksNotIn(2);
        _table.AddressSeen(0, Ip.FromV4(10, 0, 0, 2), 24, 2);
        _table.AddressSeen(0, Ip.FromV4(10, 0, 0, 3), 24, 2);
        _table.DropAddressesNotIn(2);
        Expect(
            HostEvent.LinkGone(1),
            HostEvent.AddressAdded(0, Ip.FromV4(10, 0, 0, 2), 24),
            HostEvent.AddressAdded(0, Ip.FromV4(10, 0, 0, 3), 24),
            HostEvent.AddressRemoved(0, Address, 24));
    }

    [Fact]
    public void TheQueueKeepsItsOrderWhileItGrows()
    {
        HostEventQueue queue = new(0);
        int next = 0;
        for (int i = 0; i < 1000; i++)
        {
            queue.Add(HostEvent.Stalled(i));
            if (i % 3 == 0)
            {
                Assert.True(queue.TryTake(out HostEvent e));
                Assert.Equal(next++, e.Value);
            }
        }

        while (queue.TryTake(out HostEvent e))
        {
            Assert.Equal(next++, e.Value);
        }

        Assert.Equal(1000, next);
    }

    private List<HostEvent> Take()
    {
        List<HostEvent> all = [];
        while (_events.TryTake(out HostEvent e))
        {
            all.Add(e);
        }

        return all;
    }

    private void Expect(params HostEvent[] expected) => Assert.Equal(expected, Take());
}
