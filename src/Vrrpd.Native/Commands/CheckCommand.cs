using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;

namespace Vrrpd.Native.Commands;

/// <summary>`vrrpd check`: all problems of a configuration at once. Needs no root and changes nothing.</summary>
internal static class CheckCommand
{
    private const int StandardOutput = 1;

    public static int Run(SubcommandLine line)
    {
        CheckReport report = Report(line);
        Terminal.Write(StandardOutput, line.Json ? CheckJson.Render(report) : CheckText.Render(report, line.IsColoured));
        return report.ExitStatus;
    }

    private static CheckReport Report(SubcommandLine line)
    {
        string path = line.Words.Count > 0 ? line.Words[0] : line.ConfigPath;
        ConfigFile file = ConfigFile.Load(path);
        if (!file.IsRead)
        {
            return CheckReport.OfUnreadable(path, file.Error, file.Advice);
        }

        ConfigStudy study = file.Study(line.ConfigId, line.AllConfig);
        Diagnostic[] host = line.Offline ? [] : ConfigFile.AskHost(study.Result.Config, out _);
        return study.Check(path, host, line.Offline ? [] : ReadableSecrets(study), line.Strict);
    }

    /// <summary>Secrets in files that everybody may read.</summary>
    private static Diagnostic[] ReadableSecrets(ConfigStudy study)
    {
        const int ReadableByOthers = 0b100, ModeBits = 0b111_111_111;
        List<Diagnostic> found = [];
        foreach (SourceSpan where in study.Secrets())
        {
            if (Libc.Stat(where.File, true, out FileStatus status) == 0 && (status.Mode & ReadableByOthers) != 0)
            {
                found.Add(ConfigStudy.ReadableSecret(where, Convert.ToString(status.Mode & ModeBits, 8).PadLeft(4, '0')));
            }
        }

        return [.. found];
    }
}
