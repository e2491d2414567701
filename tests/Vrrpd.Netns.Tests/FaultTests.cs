using System;
using System.Collections.Generic;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests;

/// <summary>What happens to a master when its link, its interface or its addresses go and come back.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    [NetnsFact]
    public void Link_down_is_a_fault_and_link_up_starts_over()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon daemon = StartMaster(lan, host);
        int mark = daemon.Mark();

        lan.SetCable(host, up: false);

        daemon.WaitFor("Netlink reports ens192 down", 2, mark);
        daemon.WaitFor("Entering FAULT STATE", 2, mark);
        Wait.Until(() => !host.Has(Story.Vip + "/32"), 2, "the virtual address removed");
        Wait.Seconds(1);
        mark = daemon.Mark();
        lan.SetCable(host, up: true);
        daemon.WaitFor("Netlink reports ens192 up", 2, mark);
        DateTime well = daemon.WaitFor("Entering BACKUP STATE", 2, mark).At;
        DateTime again = daemon.WaitFor("Entering MASTER STATE", 6, mark).At;
        Story.Takes(Story.Down(200, 1), again - well, "link up to MASTER", early: Story.LogGrain);
        Wait.Until(() => host.Has(Story.Vip + "/32"), 2, "the virtual address back");
        Assert.Equal(0, daemon.Stop());
    }

    [NetnsFact]
    public void A_deleted_interface_is_a_fault_and_its_return_is_noticed()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon daemon = StartMaster(lan, host);
        int mark = daemon.Mark();

        lan.Say("host: the interface is deleted");
        host.Sh("ip link del ens192");

        daemon.WaitFor("Entering FAULT STATE", 2, mark);
        Wait.Seconds(0.5);
        Assert.True(daemon.Running);
        mark = daemon.Mark();
        lan.Plug(host);
        host.Sh($"ip link set ens192 up; ip addr add {Story.MasterAddress}/24 dev ens192");
        lan.Say("host: the interface is back");
        Capture capture = Capture.Start(lan);
        daemon.WaitFor("Entering MASTER STATE", 8, mark);
        Wait.Until(() => host.Has(Story.Vip + "/32"), 2, "the virtual address on the new interface");
        Wait.Seconds(1.2);
        Wire.IsWellFormed(capture.Judge());
        Assert.Equal(0, daemon.Stop());
    }

    [NetnsFact]
    public void What_a_killed_master_left_behind_goes_at_its_next_start()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon killed = StartMaster(lan, host);
        killed.Signal("KILL");
        Wait.Until(() => !killed.Running, 2, "the daemon dead");
        Assert.True(host.Has(Story.Vip + "/32"), "nobody is left to take the address off");

        Daemon next = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(200));
        next.WaitFor("removing VIPs", 2);
        Wait.Until(() => !host.Has(Story.Vip + "/32"), 1, "the leftover gone while another may be master");
        next.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => host.Has(Story.Vip + "/32"), 2, "the virtual address");
        Assert.Equal(0, next.Stop());
    }

    [NetnsFact]
    public void A_virtual_address_removed_by_hand_costs_one_election()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon daemon = StartMaster(lan, host);
        Capture capture = Capture.Start(lan);
        int mark = daemon.Mark();

        lan.Say("host: the virtual address is removed by hand");
        host.Sh("ip addr del 10.10.30.0/32 dev ens192");

        daemon.WaitFor("Netlink reflector reports IP 10.10.30.0 removed from ens192", 2, mark);
        daemon.WaitFor("Entering BACKUP STATE", 2, mark);
        daemon.WaitFor("Entering MASTER STATE", 2, mark);
        Wait.Until(() => host.Has(Story.Vip + "/32"), 2, "the virtual address back");
        IReadOnlyList<Frame> frames = capture.Judge();
        Wire.IsWellFormed(frames);
        Frame goodbye = Assert.Single(frames, frame => frame.Priority == 0);
        Frame next = frames.First(frame => frame.Priority == 200 && frame.At > goodbye.At);
        Story.Takes(Story.Skew(200), next.At - goodbye.At, "priority 0 to the next advert");
        Assert.Equal(0, daemon.Stop());
    }

    [NetnsFact]
    public void Losing_the_only_address_of_the_interface_is_a_fault()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        Daemon daemon = StartMaster(lan, host);
        Capture capture = Capture.Start(lan);
        int mark = daemon.Mark();

        lan.Say("host: its own address is removed");
        host.Sh($"ip addr del {Story.MasterAddress}/24 dev ens192");

        daemon.WaitFor("Entering FAULT STATE", 2, mark);
        Wait.Until(() => !host.Has(Story.Vip + "/32"), 2, "the virtual address removed");
        Wait.Seconds(0.5);
        mark = daemon.Mark();
        lan.Say("host: its own address is back");
        host.Sh($"ip addr add {Story.MasterAddress}/24 dev ens192");
        DateTime well = daemon.WaitFor("Entering BACKUP STATE", 2, mark).At;
        DateTime again = daemon.WaitFor("Entering MASTER STATE", 6, mark).At;
        Story.Takes(Story.Down(200, 1), again - well, "address back to MASTER", early: Story.LogGrain);
        Wait.Seconds(0.2);
        IReadOnlyList<Frame> frames = capture.Judge();
        Wire.IsWellFormed(frames);
        Assert.Equal(daemon.IsVrrpd ? 1 : 2, frames.Count(frame => frame.Priority == 0));
        Assert.All(frames.Where(frame => frame.IsAdvert), frame => Assert.Equal(Story.MasterAddress, frame.From));
        Assert.Equal(0, daemon.Stop());
    }

    private static Daemon StartMaster(Lan lan, Host host)
    {
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, Story.Quick(200));
        daemon.WaitFor("Entering MASTER STATE", 6);
        Wait.Until(() => host.Has(Story.Vip + "/32"), 2, "the virtual address");
        return daemon;
    }
}
