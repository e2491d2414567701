using System;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>
/// Two fresh network namespaces for a test, `near` (where it runs) and `far`, joined by a veth pair near0 - far0. A namespace belongs to a
/// thread, so the test runs on one of its own, and everything is gone when that ends.
/// </summary>
internal sealed partial class Namespace
{
    private const int CLONE_NEWNET = 0x40000000;
    private const int O_RDONLY = 0, O_CLOEXEC = 0x80000;

    private readonly int _near;
    private readonly int _far;

    private Namespace()
    {
        Enter();
        _far = Open();
        Ip("link set lo up");
        Enter();
        _near = Open();
        Ip("link set lo up");
        Ip($"link add near0 type veth peer name far0 netns /proc/{Environment.ProcessId}/fd/{_far}");

        // Their own link-local addresses would come whenever they are ready, and tests count what comes.
        Ip("link set near0 addrgenmode none up");
        Far(static () => Ip("link set far0 addrgenmode none up"));

        // The kernel tells of the carrier a moment later, on a busy machine a long one.
        for (int i = 0; i < 500 && !Ip("link show dev near0").Contains("state UP", StringComparison.Ordinal); i++)
        {
            Thread.Sleep(10);
        }
    }

    /// <summary>The same for a test that stays in the near namespace.</summary>
    public static void Run(Action test) => Run(_ => test());

    /// <summary>Runs a test that needs root. Without it the test fails loudly, unless VRRPD_ALLOW_SKIP=1 says that this is known.</summary>
    public static void Run(Action<Namespace> test)
    {
        if (geteuid() != 0)
        {
            Assert.True(
                Environment.GetEnvironmentVariable("VRRPD_ALLOW_SKIP") == "1",
                "NOT RUN: this test needs root for network namespaces. Run it as root, or set VRRPD_ALLOW_SKIP=1 to let it pass unseen.");
            return;
        }

        Exception? failure = null;
        Thread thread = new(() =>
        {
            Namespace? made = null;
            try
            {
                made = new Namespace();
                test(made);
            }
#pragma warning disable CA1031 // Whatever it was, it belongs to the test's own thread.
            catch (Exception e)
            {
                failure = e;
            }
#pragma warning restore CA1031
            finally
            {
                made?.Close();
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Capture(failure).Throw();
        }
    }

    /// <summary>Does something in the far namespace; sockets opened there stay there.</summary>
    public void Far(Action action)
    {
        Assert.Equal(0, setns(_far, CLONE_NEWNET));
        try
        {
            action();
        }
        finally
        {
            Assert.Equal(0, setns(_near, CLONE_NEWNET));
        }
    }

    /// <summary>iproute2 in the namespace of the calling thread.</summary>
    public static string Ip(string arguments) => Tool("ip", arguments);

    /// <summary>A program in the namespace of the calling thread, which must end well.</summary>
    public static string Tool(string program, string arguments)
    {
        Assert.True(Try(program, arguments, out string output), $"{program} {arguments}: {output}");
        return output;
    }

    /// <summary>Whether a program ends well, and what it said.</summary>
    public static bool Try(string program, string arguments, out string output)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        output = process.StandardOutput.ReadToEnd();
        output += process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static void Enter() => Assert.True(unshare(CLONE_NEWNET) == 0, "unshare(CLONE_NEWNET) was refused: root without CAP_SYS_ADMIN?");

    private static int Open()
    {
        int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
        Assert.True(fd >= 0);
        return fd;
    }

    private void Close()
    {
        _ = Libc.close(_near);
        _ = Libc.close(_far);
    }

    /// <summary>What the kernel has counted in the namespace of the calling thread: /proc/net/snmp.</summary>
    public static string Counters() => System.IO.File.ReadAllText("/proc/thread-self/net/snmp");

    /// <summary>One of its ICMP counters.</summary>
    public static long Counter(string counters, string name)
    {
        string[] lines = Array.FindAll(counters.Split('\n'), static line => line.StartsWith("Icmp: ", StringComparison.Ordinal));
        return long.Parse(lines[1].Split(' ')[Array.IndexOf(lines[0].Split(' '), name)], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The kernel's index of an interface, 0 if there is none.</summary>
    public static int Index(string name) => if_nametoindex(name);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int if_nametoindex(string name);

    [LibraryImport("libc")]
    private static partial int unshare(int flags);

    [LibraryImport("libc")]
    private static partial int setns(int fd, int type);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
}
