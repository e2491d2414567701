using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>
/// The configurations of <c>tests/corpus</c>, and the machine they are tested on: a host with the interfaces and scripts they name,
/// on which <c>-t</c> of both daemons answers for each of them.
/// </summary>
internal static class Corpus
{
    /// <summary>More than one of them takes, even on a busy machine; keepalived hangs on some.</summary>
    private const int SecondsEach = 10;

    private const string Names = "/etc/keepalived/names";

    // Every interface and address that the corpus mentions as present. No address waits for a duplicate to answer.
    private const string Links = """
        echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
        for pair in eth0:eth1 eth2:ens192 bond0:bond0p; do
            ip link add ${pair%:*} type veth peer name ${pair#*:}
            ip link set ${pair%:*} up; ip link set ${pair#*:} up
        done
        ip addr add 10.0.0.1/24 dev eth0; ip addr add fd00:1::1/64 dev eth0
        ip addr add 10.1.0.1/24 dev eth1; ip addr add fd00:2::1/64 dev eth1
        ip addr add 10.2.0.1/24 dev eth2
        ip addr add 192.168.50.1/24 dev ens192
        ip addr add 172.16.0.1/24 dev bond0
        for script in ok plain foreign world; do printf '#!/bin/sh\nexit 0\n' >/etc/keepalived/$script.sh; done
        chmod 755 /etc/keepalived/ok.sh /etc/keepalived/foreign.sh
        chmod 644 /etc/keepalived/plain.sh
        chmod 777 /etc/keepalived/world.sh
        chown 65534 /etc/keepalived/foreign.sh
        chmod 755 /etc/keepalived
        chown -R 0:0 /etc/keepalived/corpus
        chmod -R u=rwX,go=rX /etc/keepalived/corpus
        """;

    // $1 daemon, $2 where answers go. Reads "number file arguments" lines; one process each, no shell in between.
    private const string Play = """
        cd /etc/keepalived/corpus
        ulimit -c 0
        while read -r number file arguments; do
            timeout $3 "$1" -t -f "$file" $arguments >"$2/$number" 2>&1 </dev/null
            echo "$number $?" >>"$2/status"
        done <"$4"
        """;

    /// <summary>Where the corpus lies in the repository.</summary>
    public static string Folder => Path.Combine(Requirements.Root, "tests", "corpus");

    /// <summary>The configurations by name, <c>topic/name.conf</c>; not what is only included, in folders <c>parts</c> and <c>*.d</c>.</summary>
    public static IReadOnlyList<string> Configurations { get; } = Find();

    /// <summary>What both daemons say of every configuration: keepalived's verdict and vrrpd's.</summary>
    public static IReadOnlyDictionary<string, (Verdict Theirs, Verdict Ours)> PlayAll(string directory)
    {
        using Host host = Host.Start("corpus", directory, withEtc: true);
        Copy(Folder, Path.Combine(host.Etc, "corpus"));
        host.Sh(Links);
        IReadOnlyList<string> lines = [.. Configurations.Select((file, i) => $"{i} {file} {Arguments(file)}")];
        string[] halves = [Write(host, "even", lines, 0), Write(host, "odd", lines, 1)];
        foreach (string daemon in new[] { Requirements.Keepalived, Requirements.Vrrpd })
        {
            Parallel.ForEach(halves, half => Run(host, daemon, half));
        }

        Dictionary<int, Verdict> theirs = Read(host, Requirements.Keepalived);
        Dictionary<int, Verdict> ours = Read(host, Requirements.Vrrpd);
        return Configurations.Select((file, i) => (file, i)).ToDictionary(at => at.file, at => (theirs[at.i], ours[at.i]));
    }

    /// <summary>What <c># args:</c> among the first lines of a configuration adds to the command line.</summary>
    private static string Arguments(string file)
    {
        const string Mark = "# args:";
        return File.ReadLines(Path.Combine(Folder, file)).Take(5)
            .Where(line => line.StartsWith(Mark, StringComparison.Ordinal))
            .Select(line => line[Mark.Length..].Trim()).FirstOrDefault("");
    }

    private static string Write(Host host, string half, IReadOnlyList<string> lines, int remainder)
    {
        File.WriteAllLines(Path.Combine(host.Etc, "names-" + half), lines.Where((_, i) => i % 2 == remainder));
        return half;
    }

    private static void Run(Host host, string daemon, string half)
    {
        string answers = $"/etc/keepalived/{Path.GetFileName(daemon)}-{half}";
        string seconds = SecondsEach.ToString(CultureInfo.InvariantCulture);
        Directory.CreateDirectory(Path.Combine(host.Etc, Path.GetFileName(answers)));
        string[] play = ["sh", "-c", Play, "sh", daemon, answers, seconds, $"{Names}-{half}"];
        Shell.Run(host.Inside(play), TimeSpan.FromMinutes(5)).OrFail($"playing the {half} half to {daemon}");
    }

    private static Dictionary<int, Verdict> Read(Host host, string daemon)
    {
        Dictionary<int, Verdict> verdicts = [];
        foreach (string half in new[] { "even", "odd" })
        {
            string answers = Path.Combine(host.Etc, $"{Path.GetFileName(daemon)}-{half}");
            foreach (string line in File.ReadLines(Path.Combine(answers, "status")))
            {
                string[] words = line.Split(' ');
                int number = int.Parse(words[0], CultureInfo.InvariantCulture);

                // The names of files are ASCII; what keepalived quotes of binary files is anything.
                string said = File.ReadAllText(Path.Combine(answers, words[0]), Encoding.Latin1);
                verdicts[number] = Verdict.Of(int.Parse(words[1], CultureInfo.InvariantCulture), said, Configurations[number]);
            }
        }

        return verdicts;
    }

    private static List<string> Find()
    {
        return Directory.EnumerateFiles(Folder, "*.conf", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path))
            .Where(name => !Path.GetDirectoryName(name)!.Split('/').Any(part => part == "parts" || part.EndsWith(".d", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal).ToList();
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
