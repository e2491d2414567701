using System.Collections.Generic;

namespace Vrrpd.Native.Netlink;

/// <summary>Which interfaces of a configuration do not exist just now. Needs no privilege: the configuration test uses it too.</summary>
internal static class InterfaceLook
{
    /// <summary>Slots without an interface, in order. If the kernel cannot be asked, none, and why.</summary>
    public static short[] Missing(string[] names, out string? error)
    {
        error = null;
        InterfaceTable? table = Take(names, out int errno);
        if (table is null)
        {
            error = $"cannot ask the kernel for its interfaces: {Errno.Text(errno)}";
            return [];
        }

        List<short> missing = [];
        for (int slot = 0; slot < table.Count; slot++)
        {
            if (table.IndexOf(slot) == 0)
            {
                missing.Add((short)slot);
            }
        }

        return missing.ToArray();
    }

    /// <summary>One look at the links and addresses of those interfaces. Null means errno.</summary>
    internal static InterfaceTable? Take(string[] names, out int errno)
    {
        LinkMonitor? monitor = LinkMonitor.Open(names, new HostEventQueue(0), out errno);
        if (monitor is null)
        {
            return null;
        }

        bool known = monitor.LookAndWait();
        monitor.Close();
        errno = known ? 0 : Errno.EAGAIN;
        return known ? monitor.Interfaces : null;
    }
}
