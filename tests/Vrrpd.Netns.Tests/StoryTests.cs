using System;
using System.Collections.Generic;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests;

/// <summary>The story with vrrpd in both roles.</summary>
public sealed class StoryOfVrrpdAndVrrpd(ITestOutputHelper output) : StoryTests(output, Kind.Vrrpd, Kind.Vrrpd);

/// <summary>The story with vrrpd as master, keepalived as backup.</summary>
public sealed class StoryOfVrrpdAndKeepalived(ITestOutputHelper output) : StoryTests(output, Kind.Vrrpd, Kind.Keepalived);

/// <summary>The story with keepalived as master, vrrpd as backup.</summary>
public sealed class StoryOfKeepalivedAndVrrpd(ITestOutputHelper output) : StoryTests(output, Kind.Keepalived, Kind.Vrrpd);

/// <summary>
/// Two hosts, a web server on each, one address, one client: the whole story on one LAN, because its steps follow from
/// each other and most of their time is waiting. One class per pair, so that the pairs run side by side.
/// </summary>
public abstract class StoryTests(ITestOutputHelper output, Kind masterKind, Kind backupKind)
{
    private const int Interval = 2;

    [NetnsFact]
    public void The_address_follows_the_web_server_and_nobody_notices_who_plays_which_role()
    {
        using Lan lan = new(output);
        Host master = lan.AddHost("master", Story.MasterAddress);
        Host backup = lan.AddHost("backup", Story.BackupAddress);
        Client client = new(lan.AddHost("client", Story.ClientAddress));
        master.Write("check_alived.sh", Story.CheckAlived, executable: true);
        backup.Write("check_alived.sh", Story.CheckAlived, executable: true);
        WebServer web = WebServer.On(lan, master);
        WebServer.On(lan, backup);
        Capture capture = Capture.Start(lan);
        Daemon keeper = Daemon.Start(lan, backup, backupKind, Story.Backup);
        Daemon first = Daemon.Start(lan, master, masterKind, Story.Master);

        TheMasterTakesTheAddress(lan, master, first, client);
        DateTime fault = TheScriptFailsAndTheBackupTakesOver(lan, master, first, web, keeper, client);
        DateTime back = TheWebServerReturnsAndTheMasterPreempts(lan, first, web, keeper, client);
        DateTime term = TheMasterIsStopped(lan, master, first, keeper, client);
        DateTime cut = TheMasterDies(lan, master, keeper, client);

        IReadOnlyList<Frame> frames = capture.Judge();
        foreach (Frame frame in frames.Where(frame => frame.IsAdvert || frame.Announces(Story.Vip)))
        {
            lan.Say(frame.At, $"  wire | {(frame.IsAdvert ? $"advert {frame.Priority} from {frame.From}" : $"gratuitous ARP by {frame.Mac}")}");
        }

        Wire.IsWellFormed(frames);
        AnnouncementsComeInTwoFives(frames, fault, back);
        AdvertsComeEveryTwoSeconds(frames, fault);
        OnePriorityZeroPerOrderlyStop(frames, first, fault, back, term);
        TheBackupWaitsItsSkewAfterAGoodbye(frames, fault, term);
        TheBackupWaitsThreeIntervalsAndItsSkewAfterAPowerCut(frames, cut);
    }

    private static void TheMasterTakesTheAddress(Lan lan, Host master, Daemon daemon, Client client)
    {
        lan.Say("STEP 1: the master takes the address");
        DateTime elected = daemon.WaitFor("VI_1\\) Entering BACKUP STATE", 5).At;
        LogLine line = daemon.WaitFor("VI_1\\) Entering MASTER STATE", 10);
        Story.Takes(Story.Down(254, Interval), line.At - elected, "BACKUP to MASTER", early: Story.LogGrain);
        Wait.Until(() => master.Has(Story.Vip + "/32"), 2, "the virtual address on the master");
        Assert.Equal("master", client.Ask());

        // Five intervals of adverts, and the second five announcements after five seconds.
        Wait.Seconds((5 * Interval) + 1);
    }

    private static DateTime TheScriptFailsAndTheBackupTakesOver(Lan lan, Host master, Daemon first, WebServer web, Daemon keeper, Client client)
    {
        lan.Say("STEP 2: nginx stops, the script fails, the backup takes over");
        string old = client.ArpEntry();
        int mark = first.Mark();
        int keeperMark = keeper.Mark();
        DateTime stopped = web.Stop();
        LogLine fault = first.WaitFor("VI_1\\) Entering FAULT STATE", 5, mark);
        Assert.InRange((fault.At - stopped).TotalSeconds, 0, 2.7);
        first.WaitFor("now returning 1", 1, mark);
        first.WaitFor("VRRP_Script\\(check_alived\\) failed", 1, mark);
        keeper.WaitFor("VI_1\\) Entering MASTER STATE", 3, keeperMark);
        Wait.Until(() => !master.Has(Story.Vip + "/32"), 2, "the virtual address gone from the old master");
        Wait.Until(() => client.ArpEntry() != old && client.ArpEntry().Length > 0, 2, "the client's ARP entry moving");
        Assert.Equal("backup", client.Ask());
        Wait.Seconds(6);
        return fault.At;
    }

    private static DateTime TheWebServerReturnsAndTheMasterPreempts(Lan lan, Daemon first, WebServer web, Daemon keeper, Client client)
    {
        lan.Say("STEP 3: nginx returns, the master preempts");
        int mark = first.Mark();
        int keeperMark = keeper.Mark();
        web.Start();
        first.WaitFor("VRRP_Script\\(check_alived\\) succeeded", 4, mark);
        DateTime well = first.WaitFor("VI_1\\) Entering BACKUP STATE", 2, mark).At;
        DateTime again = first.WaitFor("VI_1\\) Entering MASTER STATE", 9, mark).At;
        Story.Takes(Story.Down(254, Interval), again - well, "FAULT over to MASTER again", early: Story.LogGrain);
        keeper.WaitFor("Master received advert from 10.10.30.1 with higher priority 254, ours 100", 2, keeperMark);
        keeper.WaitFor("VI_1\\) Entering BACKUP STATE", 2, keeperMark);
        Assert.True(Wait.Eventually(() => client.Ask() == "master", 3), "the master does not answer the client");
        Wait.Seconds(6);
        return again;
    }

    private DateTime TheMasterIsStopped(Lan lan, Host master, Daemon first, Daemon keeper, Client client)
    {
        lan.Say("STEP 4a: SIGTERM");
        int keeperMark = keeper.Mark();
        DateTime term = DateTime.UtcNow;
        Assert.Equal(0, first.Stop());
        Assert.False(master.Has(Story.Vip + "/32"), "the virtual address outlives the daemon");
        keeper.WaitFor("VI_1\\) Entering MASTER STATE", 2, keeperMark);
        Assert.True(Wait.Eventually(() => client.Ask() == "backup", 3), "the backup does not answer the client");
        first = Daemon.Start(lan, master, masterKind, Story.Master);
        first.WaitFor("VI_1\\) Entering MASTER STATE", 10);
        keeper.WaitFor("VI_1\\) Entering BACKUP STATE", 2, keeperMark);
        Assert.True(Wait.Eventually(() => client.Ask() == "master", 3), "the restarted master does not answer the client");
        return term;
    }

    private static DateTime TheMasterDies(Lan lan, Host master, Daemon keeper, Client client)
    {
        lan.Say("STEP 4b: the master's host dies");
        Wait.Seconds(Interval);
        int keeperMark = keeper.Mark();
        DateTime cut = DateTime.UtcNow;
        lan.PowerOff(master);
        keeper.WaitFor("VI_1\\) Entering MASTER STATE", Story.Down(100, Interval) + 2, keeperMark);
        Assert.True(Wait.Eventually(() => client.Ask() == "backup", 3), "the backup does not answer the client");
        Wait.Seconds(1);
        return cut;
    }

    private static void AnnouncementsComeInTwoFives(IReadOnlyList<Frame> frames, DateTime fault, DateTime back)
    {
        DateTime[] first = frames.Where(frame => frame.Announces(Story.Vip) && frame.At < fault).Select(frame => frame.At).ToArray();
        Wire.IsTwoBursts(first, "the master's first announcements");
        DateTime[] second = frames.Where(frame => frame.Announces(Story.Vip) && frame.At > fault && frame.At < back.AddSeconds(-0.5))
            .Select(frame => frame.At).ToArray();
        Wire.IsTwoBursts(second, "the backup's announcements");
    }

    private static void AdvertsComeEveryTwoSeconds(IReadOnlyList<Frame> frames, DateTime fault)
    {
        DateTime[] times = frames.Where(frame => frame.Priority == 254 && frame.At < fault).Select(frame => frame.At).ToArray();
        Assert.True(times.Length >= 6, $"only {times.Length} adverts");
        double mean = (times[^1] - times[0]).TotalSeconds / (times.Length - 1);
        Assert.InRange(mean, Interval - 0.01, Interval + 0.05);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalSeconds, Interval - 0.25, Interval + 0.25));
    }

    private static void OnePriorityZeroPerOrderlyStop(IReadOnlyList<Frame> frames, Daemon first, DateTime fault, DateTime back, DateTime term)
    {
        Frame[] zeros = frames.Where(frame => frame.Priority == 0).ToArray();
        Assert.All(zeros, zero => Assert.Equal(Story.MasterAddress, zero.From));
        Assert.Equal(first.IsVrrpd ? 1 : 2, zeros.Count(zero => zero.At > fault.AddSeconds(-0.3) && zero.At < back));
        Assert.Equal(1, zeros.Count(zero => zero.At >= term));
        Assert.Equal(first.IsVrrpd ? 2 : 3, zeros.Length);
    }

    private static void TheBackupWaitsItsSkewAfterAGoodbye(IReadOnlyList<Frame> frames, DateTime fault, DateTime term)
    {
        foreach (DateTime moment in new DateTime[] { fault, term })
        {
            Frame goodbye = frames.Last(frame => frame.Priority == 0 && frame.At > moment.AddSeconds(-0.3) && frame.At < moment.AddSeconds(2));
            Frame advert = frames.First(frame => frame.Priority == 100 && frame.At > goodbye.At);
            Story.Takes(Story.Skew(100), advert.At - goodbye.At, "priority 0 to the backup's first advert");
        }
    }

    private static void TheBackupWaitsThreeIntervalsAndItsSkewAfterAPowerCut(IReadOnlyList<Frame> frames, DateTime cut)
    {
        Frame last = frames.Last(frame => frame.Priority == 254);
        Assert.InRange((cut - last.At).TotalSeconds, -0.2, Interval + 0.3);
        Frame advert = frames.First(frame => frame.Priority == 100 && frame.At > last.At);
        Story.Takes(Story.Down(100, Interval), advert.At - last.At, "last advert of the dead to the backup's first");
    }
}
