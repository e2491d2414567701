using Vrrpd.Core;
using Xunit;

namespace Vrrpd.Native.Tests;

public class HostEventQueueTests
{
    [Fact]
    public void It_knows_which_address_of_which_router_was_refused_until_that_is_told()
    {
        Ip address = Ip.FromV4(10, 0, 0, 100);
        HostEventQueue queue = new(0);
        Assert.False(queue.HasRefused(1, address));
        queue.Add(HostEvent.Failed(new Effect(EffectKind.RemoveAddress, 1) { Address = address }, 16));
        Assert.False(queue.HasRefused(1, address));
        queue.Add(HostEvent.Failed(new Effect(EffectKind.AddAddress, 1) { Address = address }, 12));
        Assert.True(queue.HasRefused(1, address));
        Assert.False(queue.HasRefused(2, address));
        Assert.False(queue.HasRefused(1, Ip.FromV4(10, 0, 0, 101)));
        Assert.True(queue.TryTake(out _));
        Assert.True(queue.TryTake(out _));
        Assert.False(queue.HasRefused(1, address));
    }
}
