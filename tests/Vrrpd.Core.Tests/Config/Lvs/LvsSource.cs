using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Virtual servers to put a few lines into. The first of these lines has the number that the member says.</summary>
internal static class LvsSource
{
    /// <summary>Inside a virtual server, from line 5.</summary>
    public static string Server(string lines) => "virtual_server 10.0.0.1 80 {\nprotocol TCP\nlb_kind NAT\nlb_algo rr\n" + lines
        + "\nreal_server 192.168.0.1 80 {\nTCP_CHECK {\n}\n}\n}\n";

    /// <summary>Inside a real server, from line 6.</summary>
    public static string Member(string lines) => "virtual_server 10.0.0.1 80 {\nprotocol TCP\nlb_kind NAT\nlb_algo rr\nreal_server 192.168.0.1 80 {\n"
        + lines + "\nTCP_CHECK {\n}\n}\n}\n";

    /// <summary>Inside a checker, from line 7.</summary>
    public static string Check(string kind, string lines) => "virtual_server 10.0.0.1 80 {\nprotocol TCP\nlb_kind NAT\nlb_algo rr\n"
        + $"real_server 192.168.0.1 80 {{\n{kind} {{\n{lines}\n}}\n}}\n}}\n";

    /// <summary>Inside a url with a path, from line 9.</summary>
    public static string Page(string lines) => Check("HTTP_GET", "url {\npath /\n" + lines + "\n}");

    /// <summary>Inside a group, from line 2.</summary>
    public static string Group(string lines) => "virtual_server_group g {\n" + lines
        + "\n}\nvirtual_server group g {\nprotocol TCP\nlb_kind NAT\nlb_algo rr\nreal_server 192.168.0.1 80 {\nTCP_CHECK {\n}\n}\n}\n";

    /// <summary>What keepalived says too, as "LINE text"; without a line what it finds after reading.</summary>
    public static string[] Complaints(ConfigResult result)
    {
        List<string> found = [];
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            if (diagnostic.Fault != ConfigFault.None)
            {
                string lead = diagnostic.Lead.Length > 0 ? diagnostic.Lead + " / " : "";
                found.Add(diagnostic.IsBare ? diagnostic.Text : $"{diagnostic.Where.Line} {lead}{diagnostic.Text}");
            }
        }

        return found.ToArray();
    }

    /// <summary>What only we say, but for the line about a file without instances.</summary>
    public static string[] Advice(ConfigResult result)
    {
        List<string> found = [];
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            if (diagnostic.Fault == ConfigFault.None && !diagnostic.Text.StartsWith("Warning - keepalived has no", StringComparison.Ordinal))
            {
                found.Add($"{diagnostic.Where.Line} {diagnostic.Text}");
            }
        }

        return found.ToArray();
    }
}
