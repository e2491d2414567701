using System;
using System.Collections.Generic;
using System.Text;
using Vrrpd.Core.Config;

namespace Vrrpd.Native.Process;

/// <summary>Names of routing tables and the like that routes and rules use, against the files of iproute2.</summary>
internal static class RouteNameCheck
{
    private const int MaxBytes = 1 << 20;

    private static readonly string[] s_folders = ["/etc/iproute2/", "/usr/share/iproute2/", "/usr/lib/iproute2/"];

    /// <summary>The bytes of a file, or null if it cannot be read.</summary>
    public delegate byte[]? ReadFile(string path);

    /// <summary>The complaints. No file is read if no name asks for it.</summary>
    public static Diagnostic[] Check(DaemonConfig config, ReadFile read)
    {
        List<Diagnostic> found = [];
        Dictionary<string, HashSet<string>> known = [];
        foreach (HostName name in config.HostNames)
        {
            if (FileOf(name.Thing) is not { } file)
            {
                continue;
            }

            if (!known.TryGetValue(file, out HashSet<string>? names))
            {
                names = Load(file, read);
                known.Add(file, names);
            }

            if (!names.Contains(name.Name))
            {
                found.Add(new(name.Where, Severity.Error, ConfigFault.General, name.Complaint)
                {
                    Explanation = $"'{name.Name}' is not in {(file == "protocols" ? "/etc/protocols" : s_folders[0] + file)}:"
                        + " write the number, or add the name there",
                });
            }
        }

        return [.. found];
    }

    /// <summary>From the disk.</summary>
    public static byte[]? FromDisk(string path) => FileReader.Read(path, MaxBytes, out byte[] bytes) == 0 ? bytes : null;

    private static string? FileOf(HostThing thing) => thing switch
    {
        HostThing.RouteTable => "rt_tables",
        HostThing.RouteProtocol => "rt_protos",
        HostThing.RouteScope => "rt_scopes",
        HostThing.RouteRealm => "rt_realms",
        HostThing.TypeOfService => "rt_dsfield",
        HostThing.LinkGroup => "group",
        HostThing.IpProtocol => "protocols",
        _ => null,
    };

    /// <summary>Lines of NUMBER NAME; in /etc/protocols NAME NUMBER ALIAS... Every word that is no number is a name.</summary>
    private static HashSet<string> Load(string file, ReadFile read)
    {
        HashSet<string> names = [];
        foreach (string folder in file == "protocols" ? ["/etc/"] : s_folders)
        {
            if (read(folder + file) is not { } bytes)
            {
                continue;
            }

            foreach (string line in Encoding.Latin1.GetString(bytes).Split('\n'))
            {
                int comment = line.IndexOf('#');
                foreach (string word in (comment < 0 ? line : line[..comment]).Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
                {
                    names.Add(word);
                }
            }
        }

        return names;
    }
}
