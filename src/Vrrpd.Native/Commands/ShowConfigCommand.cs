using Vrrpd.Core.Config;

namespace Vrrpd.Native.Commands;

/// <summary>`vrrpd show-config`: what a configuration comes to.</summary>
internal static class ShowConfigCommand
{
    private const int StandardOutput = 1, StandardError = 2, FaultyStatus = 2;

    public static int Run(SubcommandLine line)
    {
        string path = line.Words.Count > 0 ? line.Words[0] : line.ConfigPath;
        ConfigFile file = ConfigFile.Load(path);
        if (!file.IsRead)
        {
            Terminal.Write(StandardError, $"{file.Error}\n{file.Advice}\n");
            return CheckReport.UnreadableStatus;
        }

        ConfigStudy study = file.Study(line.ConfigId, line.AllConfig);

        // Not by way of UTF-8: a configuration may hold bytes that are none, and they go out as they came in.
        Terminal.Write(StandardOutput, ConfigText.Encode(line.Json ? ShowConfig.Json(study, path, line.Secrets) : ShowConfig.Text(study, line.Secrets)));
        CheckReport report = study.Check(path, [], [], isStrict: false);
        if (report.Errors == 0)
        {
            return 0;
        }

        Terminal.Write(StandardError, $"{path} has errors, and what they stand in is left out: see vrrpd check\n");
        return FaultyStatus;
    }
}
