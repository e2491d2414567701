using Vrrpd.Core.Config;

namespace Vrrpd.Native.Commands;

/// <summary>`vrrpd diff OLD NEW`: what a reload from the one to the other would do. Statuses as of diff(1).</summary>
internal static class DiffCommand
{
    private const int StandardOutput = 1, StandardError = 2;
    private const int SameStatus = 0, DifferentStatus = 1, TroubleStatus = 2;

    public static int Run(SubcommandLine line)
    {
        DaemonConfig? old = Read(line, line.Words[0], "no daemon runs with it, so there is nothing to reload from");
        DaemonConfig? next = Read(line, line.Words[1], "a reload would change nothing and say why");
        if (old is null || next is null)
        {
            return TroubleStatus;
        }

        ConfigDiff diff = ConfigDiff.Compare(old, next);
        Terminal.Write(StandardOutput, line.Json ? DiffJson.Render(diff, line.Words[0], line.Words[1]) : string.Join('\n', DiffText.Lines(diff)) + "\n");
        return diff.IsEmpty ? SameStatus : DifferentStatus;
    }

    /// <summary>Null, after a word about it, for a configuration that a daemon would not start with.</summary>
    private static DaemonConfig? Read(SubcommandLine line, string path, string consequence)
    {
        ConfigFile file = ConfigFile.Load(path);
        if (!file.IsRead)
        {
            Terminal.Write(StandardError, $"{file.Error}\n{file.Advice}\n");
            return null;
        }

        ConfigResult result = file.Study(line.ConfigId, line.AllConfig).Result;
        if (result.CanRun)
        {
            return result.Config;
        }

        foreach (Diagnostic found in result.Diagnostics)
        {
            if (found.Severity == Severity.Error)
            {
                Terminal.Write(StandardError, DiagnosticText.Full(found, withFile: true, withSource: true) + "\n");
            }
        }

        Terminal.Write(StandardError, $"{path} has errors: {consequence}\n");
        return null;
    }
}
