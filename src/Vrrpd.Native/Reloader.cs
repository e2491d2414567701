using System;
using System.Collections.Generic;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Native.Process;

namespace Vrrpd.Native;

/// <summary>
/// What a reload needs of the world of files and users: reads the configuration again and checks it as at the start, but where a start would
/// end, it only says so.
/// </summary>
/// <param name="directory">Where a relative path begins; "" for the directory in which the process is.</param>
internal sealed class Reloader(CommandLine line, string directory, SelfExec self, LogWriter log, SteadyState memory)
{
    private readonly string _path = directory.Length == 0 || line.ConfigPath.StartsWith('/') ? line.ConfigPath : $"{directory}/{line.ConfigPath}";

    /// <summary>The configuration that is to hold from now on; null when the one in force stays, and why is in the log.</summary>
    public ScriptCheckResult? Read()
    {
        log.WriteParent(LogLevel.Info, "Reloading ...");
        ConfigFile file = ConfigFile.Load(_path);
        if (!file.IsRead)
        {
            log.WriteParent(LogLevel.Error, file.Error);
            return Refuse(file.Advice);
        }

        log.WriteDetail($"Opening file '{_path}'.");
        log.WriteParent(LogLevel.Info, $"Configuration file {_path}");
        log.Write(LogLevel.Info, "Reloading");
        ConfigResult result = file.Understand(line.ConfigId, line.ChecksIncludes, out ScriptCheckResult? scripts);
        Array.ForEach(result.Diagnostics, log.Write);
        if (!result.CanRun)
        {
            return Refuse($"{_path} cannot run as it is");
        }

        if (result.IsMisread)
        {
            return Refuse($"braces or quotes of {_path} do not match, so that instances may be missing from it");
        }

        List<string> missing = Privileges.MissingFor(scripts!);
        missing.ForEach(reason => log.WriteParent(LogLevel.Error, reason));
        return missing.Count == 0 ? scripts : Refuse($"{_path} needs what this process must not do");
    }

    /// <summary>The commands of its scripts, ready to be run.</summary>
    public PreparedCommand[] Prepare(ScriptCheckResult scripts) => Array.ConvertAll(scripts.Runs, run => PreparedCommand.For(run, self));

    /// <summary>The reload is over: from here on allocations are counted.</summary>
    public void Settle() => memory.BeginAgain();

    private ScriptCheckResult? Refuse(string why)
    {
        log.WriteParent(LogLevel.Error, $"Reload refused, the configuration in force stays: {why}");
        return null;
    }
}
