using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Vrrpd.Core;
using Vrrpd.Native.Process;

namespace Vrrpd.Native.Kernel;

/// <summary>
/// Values under /proc/sys/net: set, read back, and given back when nobody needs them any more. A value that somebody else has changed since
/// is left to him. What cannot be set is one line that says what will not work; nothing here ends the daemon.
/// </summary>
internal sealed unsafe class Sysctls
{
    private const string Root = "/proc/sys/net/";

    private readonly LogWriter _log;
    private readonly CrashNote _note;
    private readonly List<Changed> _changed = [];

    /// <summary>Values that a killed daemon had changed are known from its note, and are not taken for the original ones.</summary>
    public Sysctls(LogWriter log, CrashNote note)
    {
        (_log, _note) = (log, note);
        foreach (string[] words in note.Left)
        {
            if (words is ["sysctl", string path, string was, string set] && !path.Contains("..", StringComparison.Ordinal)
                && int.TryParse(was, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int before)
                && int.TryParse(set, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int after))
            {
                // The last line about a value is the one that was in force.
                if (Find(path) is Changed earlier)
                {
                    _changed.Remove(earlier);
                }

                _changed.Add(new Changed(path, before) { Set = after });
            }
        }
    }

    /// <summary>
    /// Sets a value for as long as somebody claims it; claims are counted.
    /// </summary>
    /// <param name="path">Below /proc/sys/net, like ipv4/conf/eth0/arp_ignore.</param>
    /// <param name="consequence">What does not work without it.</param>
    public void Claim(string path, int value, string consequence)
    {
        if (!TryRead(path, out int now))
        {
            _ = Set(path, value, consequence);
            return;
        }

        Changed? entry = Find(path);
        if (entry is null)
        {
            if (now == value)
            {
                // As wished for: nothing is changed, so there is nothing to give back.
                return;
            }

            _changed.Add(entry = new Changed(path, now));
        }
        else if (now != entry.Set)
        {
            // Another interface of that name by now, or somebody's decision.
            entry.Was = now;
        }

        entry.Claims++;
        entry.Set = value;
        if (now == value)
        {
            return;
        }

        _note.Add(string.Create(CultureInfo.InvariantCulture, $"sysctl {path} {entry.Was} {value}"));
        if (!Set(path, value, consequence))
        {
            _changed.Remove(entry);
        }
    }

    /// <summary>One claim less; without any the value goes back to what it was.</summary>
    public void Release(string path)
    {
        if (Find(path) is Changed entry && --entry.Claims <= 0)
        {
            Restore(entry);
        }
    }

    /// <summary>Once the configuration has claimed what it needs: what else a killed daemon had changed goes back.</summary>
    public void RestoreUnclaimed()
    {
        for (int i = _changed.Count - 1; i >= 0; i--)
        {
            if (_changed[i].Claims == 0)
            {
                Restore(_changed[i]);
            }
        }
    }

    /// <summary>Everything back, the last first.</summary>
    public void Close()
    {
        for (int i = _changed.Count - 1; i >= 0; i--)
        {
            Restore(_changed[i]);
        }
    }

    /// <summary>
    /// Sets a value that ends with its device, and reads it back. False, after a line, if it is not so afterwards.
    /// </summary>
    public bool Set(string path, int value, string consequence)
    {
        if (TryRead(path, out int now) && now == value)
        {
            return true;
        }

        int error = Write(path, value);
        if (error == 0 && TryRead(path, out now) && now == value)
        {
            return true;
        }

        // A kernel without IPv6 has nothing for it to do; without /proc that is not known.
        if (error == Errno.ENOENT && path.StartsWith("ipv6/", StringComparison.Ordinal) && TryRead("ipv4/ip_forward", out _))
        {
            return true;
        }

        string why = error == 0 ? string.Create(CultureInfo.InvariantCulture, $"the kernel keeps {now}") : Errno.Text(error);
        _log.Write(LogLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"cannot set sysctl {Dotted(path)} to {value}: {why} - {consequence}"));
        return false;
    }

    /// <summary>The value as it is without us. False if there is no such value.</summary>
    public bool TryReadOriginal(string path, out int value)
    {
        if (!TryRead(path, out value))
        {
            return false;
        }

        if (Find(path) is Changed entry && entry.Set == value)
        {
            value = entry.Was;
        }

        return true;
    }

    public static bool TryRead(string path, out int value)
    {
        const int Enough = 64;
        value = 0;
        return FileReader.Read(Root + path, Enough, Enough, out byte[] text) == 0
            && int.TryParse(Encoding.ASCII.GetString(text).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private static int Write(string path, int value)
    {
        int fd = Libc.open(Root + path, Libc.O_WRONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0)
        {
            return Errno.Last;
        }

        byte[] text = Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));
        int error;
        fixed (byte* p = text)
        {
            error = Libc.write(fd, p, (nuint)text.Length) == text.Length ? 0 : Errno.Last;
        }

        _ = Libc.close(fd);
        return error;
    }

    private static string Dotted(string path) => "net." + path.Replace('.', '/').Replace('/', '.');

    private Changed? Find(string path) => _changed.Find(entry => entry.Path == path);

    private void Restore(Changed entry)
    {
        _changed.Remove(entry);

        // Gone with its interface, or no longer ours.
        if (TryRead(entry.Path, out int now) && now == entry.Set && Write(entry.Path, entry.Was) is var error && error != 0)
        {
            _log.Write(LogLevel.Warning, string.Create(CultureInfo.InvariantCulture,
                $"cannot set sysctl {Dotted(entry.Path)} back to {entry.Was}: {Errno.Text(error)}"));
        }
    }

    private sealed class Changed(string path, int was)
    {
        public string Path { get; } = path;

        public int Was { get; set; } = was;

        public int Set { get; set; }

        public int Claims { get; set; }
    }
}

/// <summary>
/// Reverse path filtering while virtual MAC devices are there. `all` and an interface's own value are one filter, the stricter of the two;
/// a virtual MAC device must have none, so the value of `all` moves to the interfaces, and to those that are still to come.
/// </summary>
internal sealed class ReversePathFilter(Sysctls sysctls, LogWriter log)
{
    private readonly List<string> _paths = [];

    /// <summary>With the first device; does nothing when `all` is 0 or it has been done.</summary>
    public void Move()
    {
        const string All = "ipv4/conf/all/rp_filter", Default = "ipv4/conf/default/rp_filter";
        if (_paths.Count > 0 || !sysctls.TryReadOriginal(All, out int strict) || strict == 0)
        {
            return;
        }

        // First the interfaces, then `all`: none is without its filter for a moment.
        foreach (string name in InterfaceCheck.KernelNames())
        {
            if (name != "lo")
            {
                Raise($"ipv4/conf/{name}/rp_filter", strict);
            }
        }

        Raise(Default, strict);
        log.Write(LogLevel.Notice, string.Create(CultureInfo.InvariantCulture, $"NOTICE: setting sysctl net.ipv4.conf.all.rp_filter from {strict} to 0"));
        Claim(All, 0, "packets to virtual MAC devices may be dropped as coming from the wrong side");
    }

    /// <summary>After the last device.</summary>
    public void Return()
    {
        for (int i = _paths.Count - 1; i >= 0; i--)
        {
            sysctls.Release(_paths[i]);
        }

        _paths.Clear();
    }

    private void Raise(string path, int strict)
    {
        if (sysctls.TryReadOriginal(path, out int own) && own < strict)
        {
            Claim(path, strict, "its reverse path filter is off while there are virtual MAC devices");
        }
    }

    private void Claim(string path, int value, string consequence)
    {
        _paths.Add(path);
        sysctls.Claim(path, value, consequence);
    }
}
