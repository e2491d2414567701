using System;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests;

/// <summary>Who is master, when both could be.</summary>
public sealed class ElectionTests(ITestOutputHelper output)
{
    [NetnsTheory]
    [InlineData(Kind.Vrrpd, Kind.Vrrpd)]
    [InlineData(Kind.Vrrpd, Kind.Keepalived)]
    [InlineData(Kind.Keepalived, Kind.Vrrpd)]
    public void Of_two_masters_of_equal_priority_the_higher_address_stays(Kind low, Kind high)
    {
        using Lan lan = new(output);
        Host one = lan.AddHost("one", Story.MasterAddress);
        Host two = lan.AddHost("two", Story.BackupAddress);
        lan.SetIsolated(true, one, two);
        Daemon lower = Daemon.Start(lan, one, low, Story.Quick(150));
        Daemon higher = Daemon.Start(lan, two, high, Story.Quick(150));
        lower.WaitFor("Entering MASTER STATE", 6);
        higher.WaitFor("Entering MASTER STATE", 6);
        Capture capture = Capture.Start(lan);
        int mark = lower.Mark();
        int highMark = higher.Mark();

        lan.SetIsolated(false, one, two);

        lower.WaitFor("Master received advert from 10.10.30.2 with same priority 150 but higher IP address than ours", 3, mark);
        lower.WaitFor("Entering BACKUP STATE", 1, mark);
        Wait.Until(() => !one.Has(Story.Vip + "/32"), 2, "the virtual address gone from the lower");
        Wait.Seconds(2.5);
        Assert.True(two.Has(Story.Vip + "/32"));
        Assert.DoesNotContain(higher.Lines().Skip(highMark), line => line.Text.Contains("Entering", StringComparison.Ordinal));
        Frame[] frames = [.. capture.Judge()];
        Wire.IsWellFormed(frames);
        Assert.DoesNotContain(frames, frame => frame.Priority == 0);
        Assert.Equal(Story.BackupAddress, frames.Last(frame => frame.IsAdvert).From);
    }

    [NetnsFact]
    public void The_virtual_address_is_a_host_address_marked_as_ours()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(200));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => host.Has(Story.Vip + "/32"), 2, "the virtual address");

        string addresses = Perl.AddressProtocols(host);

        lan.Say(addresses);
        Assert.Contains(Story.MasterAddress + "/24 0\n", addresses, StringComparison.Ordinal);
        Assert.Contains(Story.Vip + (daemon.IsVrrpd ? "/32 18\n" : "/32 "), addresses, StringComparison.Ordinal);
        Assert.Equal(0, daemon.Stop());
        Assert.DoesNotContain(Story.Vip, Perl.AddressProtocols(host), StringComparison.Ordinal);
    }
}
