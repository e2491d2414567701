using System;
using Vrrpd.Core;

namespace Vrrpd.Native;

/// <summary>Our own fault. The state cannot be trusted, so nothing is tidied here; the next start removes leftover addresses.</summary>
internal static class CrashReport
{
    /// <summary>keepalived's status of a fault of the program itself.</summary>
    public const int Status = 70;

    public static int Say(Exception broken, CommandLine line, LogWriter log, Terminal terminal)
    {
        string text = $"vrrpd has a fault and must stop: {broken.Message}. Addresses that it held are removed at the next start.";
        terminal.Say(text);
        log.WriteParent(LogLevel.Error, text);
        if (line.Detail > 1)
        {
            foreach (string frame in broken.ToString().Split('\n'))
            {
                log.WriteParent(LogLevel.Error, frame);
            }
        }

        return Status;
    }
}
