using System;
using System.Collections.Generic;
using System.Text;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Configuration texts of the tests and short ways to parse them.</summary>
internal static class ConfigSource
{
    /// <summary>The configuration of the story: what an administrator brings along from keepalived.</summary>
    public const string Story = """
        ! Configuration File for keepalived
        global_defs {
            router_id LVS_DEVEL           # comments in any language: 表示运行 keepalived 服务器的一个标识
            script_user root
            enable_script_security
        }
        vrrp_script check_alived {
            script "/etc/keepalived/check_alived.sh" # exits 1 when `ps -C nginx` finds nothing
            interval 2
            fall 1
            rise 1
        }
        vrrp_instance VI_1 {
            state MASTER
            interface ens192
            mcast_src_ip 10.10.30.1
            virtual_router_id 51
            priority 254
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

    public static ConfigResult Parse(string text, ConfigReader? reader = null) => ConfigParser.Parse(Encoding.UTF8.GetBytes(text), "f.conf",
        reader);

    /// <summary>The story with one stretch replaced.</summary>
    public static ConfigResult StoryWith(string old, string now)
    {
        Assert.Contains(old, Story, StringComparison.Ordinal);
        return Parse(Story.Replace(old, now, StringComparison.Ordinal));
    }

    /// <summary>A small good instance, with more lines inside.</summary>
    public static string Instance(string lines, string name = "A", int vrid = 5) =>
        $"vrrp_instance {name} {{\n interface ens192\n virtual_router_id {vrid}\n{lines}\n}}\n";

    /// <summary>Every finding as "LINE:COLUMN text".</summary>
    public static string[] Found(ConfigResult result)
    {
        List<string> found = [];
        foreach (Diagnostic diagnostic in Array.FindAll(result.Diagnostics, each => !each.IsEcho))
        {
            found.Add($"{diagnostic.Where.Line}:{diagnostic.Where.Column} {diagnostic.Text}");
        }

        return found.ToArray();
    }
}
