using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests.Interop;

/// <summary>The scenes that gave the golden captures, played again by vrrpd: byte for byte what keepalived put on the wire.</summary>
public sealed class GoldenTests(ITestOutputHelper output)
{
    private static string Golden => Path.Combine(Requirements.Root, "tests", "golden");

    [NetnsFact]
    public void Every_frame_is_keepalived_s_but_for_the_flow_label_and_the_router_flag()
    {
        Requirements.Check();
        string results = Directory.CreateTempSubdirectory("vrrpd-golden-").FullName;
        try
        {
            Result run = Shell.Run(
                ["env", $"KEEPALIVED={Requirements.Vrrpd}", $"OUT={results}", Path.Combine(Golden, "capture.sh"), "^ka_"], TimeSpan.FromMinutes(4));
            Assert.True(run.ExitCode == 0, run.Text);
            List<string> different = [];
            string[] expected = Directory.GetFiles(Golden, "ka_*.hex");
            foreach (string file in expected)
            {
                string name = Path.GetFileNameWithoutExtension(file);
                string theirs = Comparable(name, File.ReadAllText(file));
                string path = Path.Combine(results, name + ".hex");
                string ours = File.Exists(path) ? Comparable(name, File.ReadAllText(path)) : "nothing";
                if (ours != theirs)
                {
                    different.Add($"{name}\n  keepalived {theirs}\n  vrrpd      {ours}");
                }
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{expected.Length} frames"));
            Assert.True(expected.Length > 100, "where are the golden captures?");
            Assert.True(different.Count == 0, string.Join('\n', different));
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    /// <summary>The frame without what may differ.</summary>
    private static string Comparable(string name, string hex)
    {
        const int Ethernet = 14;
        const int Ipv4 = Ethernet + 20;
        const int Icmp = Ethernet + 40;
        byte[] frame = Convert.FromHexString(hex.Trim());
        bool isV6 = frame[12] == 0x86;
        if (isV6)
        {
            // The kernel labels keepalived's flows with a hash of its own; ours have none.
            frame.AsSpan(Ethernet + 1, 3).Clear();
        }

        if (isV6 && frame[Ethernet + 6] == 58)
        {
            // keepalived sets the router flag only where the host forwards, vrrpd always (RFC 9568): the flag and the checksum.
            frame[Icmp + 4] |= 0x80;
            frame.AsSpan(Icmp + 2, 2).Clear();
        }

        if (name.EndsWith("_farewell", StringComparison.Ordinal) && frame[12] == 0x08)
        {
            // How many adverts there were before is a matter of time: identification, header checksum, and AH's sequence number and ICV.
            frame.AsSpan(Ethernet + 4, 2).Clear();
            frame.AsSpan(Ethernet + 10, 2).Clear();
            if (frame[Ethernet + 9] == 51)
            {
                frame.AsSpan(Ipv4 + 8, 16).Clear();
            }
        }

        return Convert.ToHexString(frame);
    }
}
