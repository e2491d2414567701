using System.Text;
using Vrrpd.Core.Config;

namespace Vrrpd.Native;

/// <summary>-t: everything that is wrong, and nothing else happens.</summary>
internal static class ConfigTest
{
    /// <summary>keepalived's status of -t for complaints with which it would run.</summary>
    private const int FaultStatus = 5;

    private const int StandardError = 2;

    public static int Run(CommandLine line)
    {
        StringBuilder report = new();
        int status = Report(line, report);
        if (report.Length > 0)
        {
            Terminal.Write(line.TestFile == null ? StandardError : Open(line.TestFile, line.ConfigPath), report.ToString());
        }

        // keepalived counts a bad argument among the configuration's errors.
        return status == 0 && line.Faulty ? FaultStatus : status;
    }

    private static int Report(CommandLine line, StringBuilder report)
    {
        ConfigFile file = ConfigFile.LoadBriefly(line.ConfigPath);
        if (!file.IsRead)
        {
            report.Append(file.Error).Append('\n').Append(file.Advice).Append('\n');
            return file.TestStatus;
        }

        ConfigResult result = file.Understand(line.ConfigId, line.ChecksIncludes, out _);
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            report.Append(DiagnosticText.Full(diagnostic, withFile: true, withSource: true)).Append('\n');
        }

        return result.TestExitStatus;
    }

    /// <summary>The file of -tFILE, at whose end the report goes; standard error when it cannot be.</summary>
    private static int Open(string path, string config)
    {
        if (Libc.Stat(path, true, out FileStatus log) == 0 && Libc.Stat(config, true, out FileStatus tested) == 0
            && (log.Inode, log.DeviceMajor, log.DeviceMinor) == (tested.Inode, tested.DeviceMajor, tested.DeviceMinor))
        {
            Terminal.Write(StandardError, $"Nothing is appended to {path}, it is the configuration: -t takes a log file, -f the configuration\n");
            return StandardError;
        }

        // rw-r--r-- less umask; a link could lead root to somebody's file.
        int fd = Libc.open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND | Libc.O_CLOEXEC | Libc.O_NOFOLLOW, 0b110_100_100);
        if (fd < 0)
        {
            Terminal.Write(StandardError, $"Unable to open config-test log file {path}: {Errno.Text(Errno.Last)}\n");
            return StandardError;
        }

        return fd;
    }
}
