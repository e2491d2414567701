using Vrrpd.Core;

namespace Vrrpd.Native.Process;

/// <summary>What we inherit from whoever started us, put in order before anything is opened.</summary>
internal static unsafe class StandardDescriptors
{
    /// <summary>Descriptors looked at one by one on kernels without CLOSE_RANGE_CLOEXEC (before 5.11).</summary>
    private const int OldKernelDescriptors = 1024;

    /// <summary>
    /// 0, 1 and 2 are open afterwards (else our next socket would get one of these numbers and a log line would go into it), and no
    /// inherited descriptor reaches a script.
    /// </summary>
    public static void Tidy()
    {
        for (int fd = 0; fd <= 2; fd++)
        {
            if (Libc.fcntl(fd, Libc.F_GETFD, 0) < 0)
            {
                int opened = OpenNull();
                if (opened != fd && opened >= 0)
                {
                    Libc.dup2(opened, fd);
                    Libc.close(opened);
                }
            }
        }

        if (Libc.syscall(Libc.SYS_close_range, 3, -1, Libc.CLOSE_RANGE_CLOEXEC, 0, 0) != 0)
        {
            for (int fd = 3; fd < OldKernelDescriptors; fd++)
            {
                Libc.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC);
            }
        }
    }

    /// <summary>
    /// /dev/null; where there is none (an empty root directory), the reading end of a pipe that nobody writes to: reading ends at
    /// once and writing fails with EBADF, but nothing is killed by SIGPIPE as it would be at a writing end without reader.
    /// </summary>
    public static int OpenNull()
    {
        int fd = Libc.open("/dev/null", Libc.O_RDWR | Libc.O_CLOEXEC, 0);
        if (fd >= 0)
        {
            return fd;
        }

        int* ends = stackalloc int[2];
        Invariant.Check(Libc.pipe2(ends, Libc.O_CLOEXEC) == 0);
        Libc.close(ends[1]);
        return ends[0];
    }
}
