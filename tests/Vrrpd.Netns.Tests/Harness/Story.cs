using System;
using System.Globalization;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>The story's names and files, and variations of its configuration.</summary>
internal static class Story
{
    /// <summary>The interface of every host.</summary>
    public const string Nic = "ens192";

    /// <summary>The virtual address.</summary>
    public const string Vip = "10.10.30.0";

    /// <summary>The address of the host that is to be master.</summary>
    public const string MasterAddress = "10.10.30.1";

    /// <summary>The address of the backup.</summary>
    public const string BackupAddress = "10.10.30.2";

    /// <summary>The client's address.</summary>
    public const string ClientAddress = "10.10.30.9";

    /// <summary>The story's check: alive while an nginx is there.</summary>
    public const string CheckAlived = """
        #!/bin/bash
        A=$(ps -C nginx --no-header | wc -l)
        if [ "$A" -eq 0 ]; then
            exit 1
        fi
        exit 0

        """;

    /// <summary>The story's configuration, byte for byte but for role, address and priority.</summary>
    public static string Config(string state, string address, int priority)
    {
        return $$"""
            ! Configuration File for keepalived
            global_defs {
                router_id LVS_DEVEL           # comments: 表示
                script_user root
                enable_script_security
            }
            vrrp_script check_alived {
                script "/etc/keepalived/check_alived.sh"
                interval 2
                fall 1
                rise 1
            }
            vrrp_instance VI_1 {
                state {{state}}
                interface ens192
                mcast_src_ip {{address}}
                virtual_router_id 51
                priority {{priority}}
                advert_int 2
                authentication {
                    auth_type PASS
                    auth_pass KP_PASS
                }
                virtual_ipaddress {
                    10.10.30.0
                }
                track_script {
                    check_alived
                }
            }

            """;
    }

    /// <summary>The master of the story.</summary>
    public static string Master { get; } = Config("MASTER", MasterAddress, 254);

    /// <summary>The backup of the story.</summary>
    public static string Backup { get; } = Config("BACKUP", BackupAddress, 100);

    /// <summary>A quicker virtual router for the shorter stories: no script, adverts every second.</summary>
    public static string Quick(int priority, string extra = "")
    {
        return $$"""
            global_defs {
                router_id LVS_DEVEL
                script_user root
                enable_script_security
            }
            vrrp_instance VI_1 {
                state BACKUP
                interface ens192
                virtual_router_id 51
                priority {{priority}}
                advert_int 1
                authentication {
                    auth_type PASS
                    auth_pass KP_PASS
                }
                virtual_ipaddress {
                    10.10.30.0
                }
                {{extra}}
            }

            """;
    }

    /// <summary>How much too early a time between two log lines may seem.</summary>
    public const double LogGrain = 0.3;

    /// <summary>RFC 3768's Skew_Time for a priority, in seconds.</summary>
    public static double Skew(int priority)
    {
        return (256 - priority) / 256.0;
    }

    /// <summary>RFC 3768's Master_Down_Interval, in seconds.</summary>
    public static double Down(int priority, int advertInterval)
    {
        return (3 * advertInterval) + Skew(priority);
    }

    /// <summary>
    /// Asserts a measured time: on the wire never early but for clock grain, late at most by a machine's stall. Between log
    /// lines, whose first may have been read late, <paramref name="early"/> forgives as much.
    /// </summary>
    public static void Takes(double expected, TimeSpan measured, string what, double early = 0.03, double late = 0.5)
    {
        double seconds = measured.TotalSeconds;
        if (seconds < expected - early || seconds > expected + late)
        {
            throw new Xunit.Sdk.XunitException(
                string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds:F3} s, expected {expected:F3} s (+{late:F1})"));
        }
    }
}
