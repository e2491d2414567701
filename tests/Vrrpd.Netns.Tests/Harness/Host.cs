using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>
/// A machine of its own: network, process and mount namespaces, its own /run, /sys and /etc/keepalived.
/// Its first process lives as long as a pipe from us; when we die, however, the kernel ends the whole machine.
/// </summary>
internal sealed class Host : IDisposable
{
    // The first process ignores SIGCHLD, so that orphans are reaped and `ps -C nginx` never finds a zombie.
    private const string Boot = """
        set -e
        ip link set lo up
        mount -t tmpfs tmpfs /run
        mount -t sysfs sysfs /sys
        if [ -n "$1" ]; then mkdir -p /etc/keepalived; mount --bind "$1" /etc/keepalived; fi
        echo ready
        exec perl -e '$SIG{CHLD} = "IGNORE"; 1 while <STDIN>'
        """;

    private readonly Process _keeper;
    private readonly string _init;
    private bool _dead;

    private Host(string name, string directory, bool withEtc)
    {
        Name = name;
        Directory = directory;
        string etc = Path.Combine(directory, "etc");
        System.IO.Directory.CreateDirectory(etc);
        _keeper = Process.Start(Shell.Describe(
            ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private",
                "sh", "-c", Boot, name, withEtc ? etc : ""])) ?? throw new InvalidOperationException("cannot start unshare");
        if (_keeper.StandardOutput.ReadLine() != "ready")
        {
            throw new InvalidOperationException($"host {name} did not start: {_keeper.StandardError.ReadToEnd()}");
        }

        _init = ChildOf(_keeper.Id);
    }

    /// <summary>What the host is called in stories.</summary>
    public string Name { get; }

    /// <summary>The host's directory outside: configuration, logs, web server.</summary>
    public string Directory { get; }

    /// <summary>What the host sees as /etc/keepalived.</summary>
    public string Etc => Path.Combine(Directory, "etc");

    /// <summary>The process id, outside, of the host's first process: the handle of its namespaces.</summary>
    public string Init => _init;

    /// <summary>Boots a host.</summary>
    public static Host Start(string name, string directory, bool withEtc)
    {
        return new Host(name, directory, withEtc);
    }

    /// <summary>The command that runs <paramref name="argv"/> on this host.</summary>
    public string[] Inside(params string[] argv)
    {
        return ["nsenter", "-t", _init, "-n", "-m", "-p", "--", .. argv];
    }

    /// <summary>Runs a command here and returns its result, whatever it is.</summary>
    public Result Run(params string[] argv)
    {
        return Shell.Run(Inside(argv), Shell.Patience);
    }

    /// <summary>Runs a shell script here; it must succeed.</summary>
    public string Sh(string script)
    {
        return Run("sh", "-ec", script).OrFail($"{Name}: {script}").Out;
    }

    /// <summary>Starts a command here; its streams are the caller's.</summary>
    public Process StartProcess(IReadOnlyList<string> argv)
    {
        return Process.Start(Shell.Describe(Inside([.. argv]))) ?? throw new InvalidOperationException($"cannot start {argv[0]}");
    }

    /// <summary>Writes /etc/keepalived/<paramref name="file"/> of this host.</summary>
    public string Write(string file, string text, bool executable = false)
    {
        string path = Path.Combine(Etc, file);
        File.WriteAllText(path, text);
        UnixFileMode plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        UnixFileMode run = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(path, executable ? plain | run : plain);
        return "/etc/keepalived/" + file;
    }

    /// <summary>True when the interface carries <paramref name="address"/>, in CIDR form.</summary>
    public bool Has(string address, string nic = Story.Nic)
    {
        return Run("ip", "-4", "-o", "addr", "show", "dev", nic).Out.Contains($" {address} ", StringComparison.Ordinal);
    }

    /// <summary>The process id, outside, of the only child of an outside process.</summary>
    public static string ChildOf(int pid)
    {
        string path = $"/proc/{pid}/task/{pid}/children";
        string children = "";
        Wait.Until(
            () =>
            {
                children = File.Exists(path) ? File.ReadAllText(path).Trim() : "";
                return children.Length > 0;
            },
            5,
            $"child of process {pid}");
        return children.Split(' ')[0];
    }

    /// <summary>Process ids, outside, of everything alive in this host but its first process.</summary>
    public IReadOnlyList<string> Processes()
    {
        string space = PidSpace(_init);
        return System.IO.Directory.GetDirectories("/proc")
            .Select(path => Path.GetFileName(path))
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out int _) && name != _init && PidSpace(name) == space)
            .ToList();
    }

    /// <summary>Kills every process of the host at once, as a power cut does.</summary>
    public void Kill()
    {
        if (!_dead)
        {
            _dead = true;
            Shell.Run("kill", "-9", _init);
            _keeper.WaitForExit(5000);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        _keeper.Dispose();
    }

    private static string PidSpace(string pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/ns/pid", returnFinalTarget: false)?.Name ?? "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or not ours to see; not of this host either way.
            return "";
        }
    }
}
