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

    /// <summary>Flags of an interface, or -1 when there is none of that name here.</summary>
    public delegate int FlagsOf(string name);

    public static List<Diagnostic> Check(DaemonConfig config, FlagsOf flagsOf)
    {
        List<Diagnostic> found = [];
        bool absent = false;
        foreach (RouterConfig router in config.Routers)
        {
            string name = config.Interfaces[router.Interface];
            int flags = flagsOf(name);
            if (flags < 0)
            {
                absent = true;
                found.Add(new Diagnostic(router.Where, Severity.Error, ConfigFault.BadInterface,
                    $"WARNING - interface {name} for vrrp_instance {router.Name} doesn't exist")
                {
                    StopsRun = true,
                });
            }
            else if ((flags & IFF_LOOPBACK) != 0)
            {
                found.Add(new Diagnostic(router.Where, Severity.Error, ConfigFault.General,
                    $"({router.Name}) cannot use a loopback interface ({name}) for vrrp - ignoring"));
                found.Add(new Diagnostic(router.Where, Severity.Error, ConfigFault.General, $"({router.Name}) Unknown interface!")
                {
                    StopsRun = true,
                    IsBare = true,
                });
            }
        }

        if (absent)
        {
            found.Add(new Diagnostic(SourceSpan.None, Severity.Error, ConfigFault.General, "Non-existent interface specified in configuration")
            {
                IsBare = true,
                StopsRun = true,
                Explanation = "the interfaces of vrrp_instance blocks must exist when the daemon starts",
            });
        }

        return found;
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

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int fd, nint request, byte* argument);
}
