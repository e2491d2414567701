using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;
using Capture = Vrrpd.Netns.Tests.Harness.Capture;

namespace Vrrpd.Netns.Tests;

/// <summary>Thousands of reloads of the published binary: what the first hundreds needed is enough for all.</summary>
public sealed class ReloadLeakTests(ITestOutputHelper output)
{
    private const int Warm = 200;

    /// <summary>VRRPD_RELOADS=10000 for the long one.</summary>
    private static readonly int s_reloads =
        int.TryParse(Environment.GetEnvironmentVariable("VRRPD_RELOADS"), CultureInfo.InvariantCulture, out int wanted) ? wanted : 2000;

    [VrrpdFact]
    public void Thousands_of_reloads_leak_neither_memory_nor_descriptors_and_delay_no_advert()
    {
        using Lan lan = new(output);
        Host host = lan.AddHost("host", Story.MasterAddress);
        host.Write("check.sh", "#!/bin/sh\nexit 0\n", executable: true);

        // The first instance is always the same. Of the others one has another priority and address now and then, one is not always there,
        // and the script is sometimes another.
        string[] files = [Config(200, "10.10.30.61", true, "check.sh"), Config(190, "10.10.30.62", false, "check.sh x")];
        host.Write("keepalived.conf", files[0]);
        Daemon daemon = Daemon.Start(lan, host, Kind.Vrrpd, [Daemon.Binary(Kind.Vrrpd), "-n", "-l"]);
        daemon.WaitFor("VI_1\\) Entering MASTER STATE", 6);
        Capture capture = Capture.Start(lan, "ip proto 112");
        DateTime start = DateTime.UtcNow;
        (int Memory, int Descriptors, int Threads) before = default;
        for (int i = 1; i <= s_reloads; i++)
        {
            if (i == Warm)
            {
                Wait.Seconds(3);
                before = Cost(daemon);
            }

            // As often the same file as another one.
            host.Write("keepalived.conf", files[i / 2 % 2]);
            int mark = daemon.Mark();
            Shell.Run("kill", "-HUP", daemon.Pid).OrFail("kill -HUP");
            daemon.WaitFor("Reload complete", 10, mark);
        }

        Wait.Seconds(3);
        (int Memory, int Descriptors, int Threads) after = Cost(daemon);
        DateTime end = DateTime.UtcNow;
        lan.Say($"after {Warm} reloads {before}, after {s_reloads} {after}");
        Assert.Equal((before.Descriptors, before.Threads), (after.Descriptors, after.Threads));
        Assert.InRange(after.Memory - before.Memory, -4096, 200);
        Frame[] untouched = [.. capture.Judge().Where(frame => frame.Vrid == 51)];
        Rhythm.IsKept(lan, untouched, start, end);
        IEnumerable<double> pauses = untouched.Zip(untouched.Skip(1)).Select(pair => (pair.Second.At - pair.First.At).TotalSeconds);
        Assert.True(pauses.Min() > 0.5, "an advert came too early");
        Assert.Equal(1, daemon.Count("VI_1\\) Entering MASTER STATE"));
        Assert.Equal(0, daemon.Stop());
        Assert.Empty(host.Processes());
    }

    /// <summary>Private memory in kB, open descriptors, threads.</summary>
    private static (int Memory, int Descriptors, int Threads) Cost(Daemon daemon)
    {
        string line = File.ReadLines($"/proc/{daemon.Pid}/smaps_rollup").First(text => text.StartsWith("Private_Dirty:", StringComparison.Ordinal));
        int memory = int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

        // A script that runs just now has a descriptor.
        int descriptors = Directory.GetFileSystemEntries($"/proc/{daemon.Pid}/fd")
            .Count(path => File.ResolveLinkTarget(path, returnFinalTarget: false)?.Name.Contains("pidfd", StringComparison.Ordinal) != true);
        return (memory, descriptors, Directory.GetDirectories($"/proc/{daemon.Pid}/task").Length);
    }

    private static string Config(int priority, string address, bool withThird, string script)
    {
        string config = $$"""
            global_defs {
                script_user root
                enable_script_security
            }
            vrrp_script check {
                script "/etc/keepalived/{{script}}"
                interval 1
            }
            vrrp_instance VI_1 {
                interface ens192
                virtual_router_id 51
                priority 200
                virtual_ipaddress {
                    10.10.30.60
                }
            }
            vrrp_instance VI_2 {
                interface ens192
                virtual_router_id 52
                priority {{priority}}
                track_script {
                    check
                }
                virtual_ipaddress {
                    {{address}}
                }
            }

            """;
        if (!withThird)
        {
            return config;
        }

        string first = config[config.IndexOf("vrrp_instance VI_1", StringComparison.Ordinal)..config.IndexOf("vrrp_instance VI_2", StringComparison.Ordinal)];
        return config + first.Replace("VI_1", "VI_3", StringComparison.Ordinal).Replace("_id 51", "_id 53", StringComparison.Ordinal)
            .Replace("30.60", "30.63", StringComparison.Ordinal);
    }
}
