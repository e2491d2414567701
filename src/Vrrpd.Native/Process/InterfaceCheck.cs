using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Vrrpd.Core.Config;

namespace Vrrpd.Native.Process;

/// <summary>The interfaces that instances run on, looked at once before the start: keepalived refuses to start without one of them.</summary>
internal static unsafe partial class InterfaceCheck
{
    private const int AF_INET = 2, SOCK_DGRAM = 2, SOCK_CLOEXEC = 0x80000;

    /// <summary>sockios.h, and offset and size of the flags in struct ifreq (40 bytes).</summary>
    private const nint SIOCGIFFLAGS = 0x8913;
    private const int NameBytes = 16, RequestBytes = 40;
    private const int IFF_LOOPBACK = 8;

    /// <summary>As many names as help; a host of containers has hundreds.</summary>
    private const int MostNames = 12;

    /// <summary>Flags of an interface, or -1 when there is none of that name here.</summary>
    public delegate int FlagsOf(string name);

    /// <summary>The complaints; <paramref name="here"/> are the names that there are, for who mistyped one.</summary>
    public static Diagnostic[] Check(DaemonConfig config, FlagsOf flagsOf, ReadOnlySpan<string> here)
    {
        List<Diagnostic> found = [];
        string choice = here.IsEmpty ? "" : $" (here are {string.Join(", ", here[..Math.Min(here.Length, MostNames)])}"
            + (here.Length > MostNames ? " ...)" : ")");
        bool absent = false;

        // Asked once for everything on it.
        int[] known = new int[config.Interfaces.Length];
        for (int i = 0; i < known.Length; i++)
        {
            known[i] = flagsOf(config.Interfaces[i]);
        }

        short[] below = Below(config);
        foreach (RouterConfig router in config.Routers)
        {
            string name = config.Interfaces[router.Interface];
            int flags = known[router.Interface];
            if (flags < 0)
            {
                Add(router.InterfaceWhere, $"WARNING - interface {name} for vrrp_instance {router.Name} doesn't exist",
                    $"{name} must exist when the daemon starts{choice}");
            }
            else if ((flags & IFF_LOOPBACK) != 0)
            {
                found.Add(new Diagnostic(router.InterfaceWhere, Severity.Error, ConfigFault.General,
                    $"({router.Name}) cannot use a loopback interface ({name}) for vrrp - ignoring")
                {
                    Explanation = $"name the interface on which the other routers are{choice}",
                });
                found.Add(new Diagnostic(router.Where, Severity.Error, ConfigFault.General, $"({router.Name}) Unknown interface!")
                {
                    StopsRun = true,
                    IsBare = true,
                });
            }

            Addresses(router.Addresses);
            Addresses(router.Excluded);
        }

        Addresses(config.StaticAddresses);
        foreach (HostName name in config.HostNames)
        {
            if (name.Thing is HostThing.Interface or HostThing.Vrf && flagsOf(name.Name) < 0)
            {
                Add(name.Where, name.Complaint, $"{name.Name} must exist when the daemon starts{choice}");
            }
            else if (name.Thing == HostThing.WatchedInterface && flagsOf(name.Name) < 0)
            {
                found.Add(new(name.Where, Severity.Error, ConfigFault.BadInterface, name.Complaint) { Explanation = $"the line is ignored{choice}" });
            }
            else if (name.Thing == HostThing.RouteVrf && flagsOf(name.Name) < 0)
            {
                found.Add(new(name.Where, Severity.Error, ConfigFault.General, name.Complaint) { Explanation = $"there is no VRF {name.Name}{choice}" });
            }
        }

        if (absent && !config.Globals.DynamicInterfaces)
        {
            found.Add(new Diagnostic(SourceSpan.None, Severity.Error, ConfigFault.General, "Non-existent interface specified in configuration")
            {
                IsBare = true,
                StopsRun = true,
            });
        }

        return [.. found];

        void Addresses(VirtualAddress[] addresses)
        {
            foreach (VirtualAddress address in addresses)
            {
                short slot = below[address.Interface];
                if (known[slot] >= 0)
                {
                    continue;
                }

                string device = config.Interfaces[slot];
                string text = address.PrefixLength == (address.Address.IsV6 ? 128 : 32) ? $"{address.Address}"
                    : $"{address.Address}/{address.PrefixLength}";
                if (address.Words.DeviceWhere.Line > 0)
                {
                    Add(address.Words.DeviceWhere, $"WARNING - interface {device} for ip address {text} doesn't exist",
                        $"'dev {device}' must exist when the daemon starts{choice}");
                }
                else if (ReferenceEquals(addresses, config.StaticAddresses))
                {
                    found.Add(new(address.Where, Severity.Error, ConfigFault.General,
                        $"Static address {text} requires either an interface or default interface must exist")
                    {
                        Explanation = $"there is no {device}: write dev IF behind the address, or default_interface IF into global_defs{choice}",
                    });
                }
            }
        }

        // With dynamic_interfaces keepalived waits for it; that is not served, but it is no fault of the file.
        void Add(SourceSpan where, string text, string explanation)
        {
            absent = true;
            found.Add(config.Globals.DynamicInterfaces
                ? new(where, Severity.Error, ConfigFault.None, $"{text}: an absent interface cannot be served")
                {
                    StopsRun = true,
                    Explanation = $"{explanation}; dynamic_interfaces has no effect yet",
                }
                : Absent(where, text, explanation));
        }
    }

    /// <summary>For each slot the interface that the host must have: of a macvlan for single addresses, which we make, the one below it.</summary>
    private static short[] Below(DaemonConfig config)
    {
        short[] below = new short[config.Interfaces.Length];
        for (short slot = 0; slot < below.Length; slot++)
        {
            below[slot] = slot;
        }

        foreach (RouterConfig router in config.Routers)
        {
            foreach (VirtualDevice device in router.AddressDevices)
            {
                below[device.Slot] = device.Base;
            }
        }

        return below;
    }

    /// <summary>From the kernel.</summary>
    public static int KernelFlags(string name)
    {
        byte* request = stackalloc byte[RequestBytes];
        new Span<byte>(request, RequestBytes).Clear();
        if (name.Length >= NameBytes)
        {
            return -1;
        }

        Encoding.ASCII.GetBytes(name, new Span<byte>(request, NameBytes));
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        int result = ioctl(fd, SIOCGIFFLAGS, request) == 0 ? *(ushort*)(request + NameBytes) : -1;
        Libc.close(fd);
        return result;
    }

    /// <summary>Every interface of this network namespace, in the kernel's order.</summary>
    public static string[] KernelNames()
    {
        NameIndex* all = if_nameindex();
        List<string> names = [];
        for (NameIndex* one = all; one != null && one->Index != 0; one++)
        {
            names.Add(Marshal.PtrToStringUTF8(one->Name) ?? "");
        }

        if (all != null)
        {
            if_freenameindex(all);
        }

        return [.. names];
    }

    private static Diagnostic Absent(SourceSpan where, string text, string explanation) =>
        new(where, Severity.Error, ConfigFault.BadInterface, text) { StopsRun = true, Explanation = explanation };

    [LibraryImport("libc")]
    private static partial NameIndex* if_nameindex();

    [LibraryImport("libc")]
    private static partial void if_freenameindex(NameIndex* names);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int fd, nint request, byte* argument);

    /// <summary>struct if_nameindex of net/if.h; the last has index 0.</summary>
    private readonly record struct NameIndex(uint Index, nint Name);
}
