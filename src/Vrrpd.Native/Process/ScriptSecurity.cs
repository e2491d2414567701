using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;

namespace Vrrpd.Native.Process;

/// <summary>A script as it will be run: which file, as whom. <see cref="Command"/> keeps the words of the configuration as argv.</summary>
internal sealed record ScriptRun(string Path, string[] Command, uint Uid, uint Gid);

/// <summary>A configuration from which every script that must not or cannot run is gone, and how to run the others (same order as its Scripts).</summary>
internal sealed record ScriptCheckResult(DaemonConfig Config, ScriptRun[] Runs, Diagnostic[] Diagnostics);

/// <summary>
/// keepalived's rules about scripts, looked at once before anything starts: a script that runs as root must not be changeable by
/// anybody else, neither itself nor any directory or link on the way to it. Pure over <see cref="IFiles"/> and the user files.
/// </summary>
internal sealed class ScriptSecurity(IFiles files, UserDatabase users, uint ownUid, uint ownGid)
{
    /// <summary>Scripts run as this user when none is configured (keepalived's name for it).</summary>
    public const string DefaultUser = "keepalived_script";

    private const int WorldWritable = 0b000_000_010, GroupWritable = 0b000_010_000, Sticky = 0b001_000_000_000;

    private readonly List<Diagnostic> _diagnostics = [];

    public ScriptCheckResult Check(DaemonConfig config)
    {
        _diagnostics.Clear();
        bool hasDefault = TryDefaultUser(config, out uint defaultUid, out uint defaultGid);
        List<ScriptConfig> kept = [];
        List<ScriptRun> runs = [];
        short[] newIndex = new short[config.Scripts.Length];
        bool insecure = false;
        for (int i = 0; i < config.Scripts.Length; i++)
        {
            ScriptConfig script = config.Scripts[i];
            newIndex[i] = -1;
            if (!TryIdentity(script, hasDefault, defaultUid, defaultGid, out uint uid, out uint gid))
            {
                ReportTrackers(config, i);
                continue;
            }

            ScriptRun? run = CheckOne(script, uid, gid, config.Globals.ScriptSecurity, ref insecure);
            if (run != null)
            {
                newIndex[i] = (short)kept.Count;
                kept.Add(script);
                runs.Add(run);
            }
        }

        if (kept.Count > 0 && !config.Globals.ScriptSecurity)
        {
            Say(config.Globals.Where, Severity.Warning, ConfigFault.Security,
                "SECURITY VIOLATION - scripts are being executed but script_security not enabled."
                + (insecure ? " There are insecure scripts." : ""),
                "write enable_script_security in global_defs: then scripts that others could change are refused when they would run as root");
        }

        DaemonConfig result = kept.Count == config.Scripts.Length ? config : Without(config, kept, newIndex);
        return new ScriptCheckResult(result, [.. runs], [.. _diagnostics]);
    }

    /// <summary>script_user, else keepalived_script, else (without script security) ourselves.</summary>
    private bool TryDefaultUser(DaemonConfig config, out uint uid, out uint gid)
    {
        (uid, gid) = (ownUid, ownGid);
        if (config.Scripts.Length == 0)
        {
            return true;
        }

        GlobalConfig globals = config.Globals;
        if (globals.ScriptUser.Length > 0)
        {
            if (TryIds(globals.ScriptUser, globals.ScriptGroup, out uid, out gid))
            {
                return true;
            }

            Say(globals.Where, Severity.Error, ConfigFault.General, $"{GlobalPrefix(globals.Where)}Error setting global script uid/gid",
                $"script_user {globals.ScriptUser} {globals.ScriptGroup}".TrimEnd() + " is not in /etc/passwd or /etc/group");
            return false;
        }

        if (users.TryUser(DefaultUser, out uint defaultUid, out uint defaultGid))
        {
            (uid, gid) = (defaultUid, defaultGid);
            return true;
        }

        Say(globals.Where, Severity.Warning, ConfigFault.None, $"Script user '{DefaultUser}' does not exist",
            "name the user of scripts with script_user in global_defs; without it they run as " + (ownUid == 0 ? "root" : $"uid {ownUid}"));
        return !globals.ScriptSecurity;
    }

    private bool TryIdentity(ScriptConfig script, bool hasDefault, uint defaultUid, uint defaultGid, out uint uid, out uint gid)
    {
        (uid, gid) = (defaultUid, defaultGid);
        if (script.User.Length == 0)
        {
            if (!hasDefault)
            {
                Say(script.Where, Severity.Error, ConfigFault.General,
                    $"Unable to set default user for vrrp script {script.Name} - removing",
                    "the script has no user of its own and the default user does not exist", isBare: false);
            }

            return hasDefault;
        }

        if (TryIds(script.User, script.Group, out uid, out gid))
        {
            return true;
        }

        Say(script.Where, Severity.Error, ConfigFault.General, $"Unable to set user for vrrp script {script.Name} - removing",
            $"user {script.User} {script.Group}".TrimEnd() + " is not in /etc/passwd or /etc/group", isBare: false);
        return false;
    }

    private bool TryIds(string user, string group, out uint uid, out uint gid)
    {
        if (!users.TryUser(user, out uid, out gid))
        {
            Say(SourceSpan.None, Severity.Error, ConfigFault.None, $"Script user '{user}' does not exist", "");
            return false;
        }

        if (group.Length > 0 && !users.TryGroup(group, out gid))
        {
            Say(SourceSpan.None, Severity.Error, ConfigFault.None, $"Script group '{group}' does not exist", "");
            return false;
        }

        return true;
    }

    private ScriptRun? CheckOne(ScriptConfig script, uint uid, uint gid, bool security, ref bool insecure)
    {
        string path = script.Command[0];
        if (!path.Contains('/'))
        {
            string? found = PathSearch.Find(path, files);
            if (found == null)
            {
                Say(script.Where, Severity.Error, ConfigFault.None, $"Cannot find script {path} in path - disabling", "PATH is " + files.SearchPath);
                return Disable(script, "not found/accessible");
            }

            Say(script.Where, Severity.Warning, ConfigFault.None,
                $"WARNING - script `{path}` resolved by path search to `{found}`. Please specify full path.", "");
            path = found;
        }

        PathWalk walk = PathWalk.Follow(SelfExec.Absolute(path), files);
        if (walk.Error != 0)
        {
            Say(script.Where, Severity.Error, ConfigFault.None, $"Script {path} cannot be accessed - {Errno.Text(walk.Error)}",
                walk.ErrorAt == path ? "" : $"the part that fails is {walk.ErrorAt}");
            return Disable(script, "not found/accessible");
        }

        if ((uid != ownUid || gid != ownGid) && ownUid != 0)
        {
            Say(script.Where, Severity.Error, ConfigFault.None, $"Unable to set uid:gid {uid}:{gid} for script {path} - disabling",
                $"only root can run programs as somebody else, and this runs as uid {ownUid}");
            return Disable(script, "insecure");
        }

        if (WhyNotExecutable(walk, uid, gid) is string blame)
        {
            Say(script.Where, Severity.Error, ConfigFault.None,
                $"WARNING - script '{path}' is not executable for uid:gid {uid}:{gid} - disabling.", blame);
            return null;
        }

        if (uid == 0 && WhyInsecure(walk) is string reason)
        {
            insecure = true;
            Say(script.Where, Severity.Warning, ConfigFault.None,
                $"Unsafe permissions found for script '{path}'{(security ? " - disabling" : "")}.", reason);
            if (security)
            {
                return Disable(script, "insecure");
            }
        }

        return new ScriptRun(path, script.Command, uid, gid);
    }

    private static string? WhyNotExecutable(PathWalk walk, uint uid, uint gid)
    {
        for (int i = 0; i < walk.Steps.Count - 1; i++)
        {
            (string path, FileFacts facts) = walk.Steps[i];
            if (facts.IsDirectory && !facts.MayExecute(uid, gid))
            {
                return $"that user may not pass through the directory {path}";
            }
        }

        string end = walk.Steps[^1].Path;
        return !walk.End.IsRegular ? $"{end} is not a regular file" : walk.End.MayExecute(uid, gid) ? null : $"{end} has no execute permission for it";
    }

    /// <summary>The first component that somebody else than root could change. The modes of links mean nothing.</summary>
    private static string? WhyInsecure(PathWalk walk)
    {
        foreach ((string path, FileFacts facts) in walk.Steps)
        {
            if (facts.Uid != 0)
            {
                return $"{path} belongs to uid {facts.Uid}, not to root";
            }

            // In a sticky directory others can add files but not replace what is root's.
            if (facts.IsLink || (facts.IsDirectory && (facts.Mode & Sticky) != 0))
            {
                continue;
            }

            if ((facts.Mode & WorldWritable) != 0)
            {
                return $"{path} is writable by everybody";
            }

            // Group root may write: whoever is in it is root for this purpose.
            if ((facts.Mode & GroupWritable) != 0 && facts.Gid != 0)
            {
                return $"{path} is writable by the group {facts.Gid}";
            }
        }

        return null;
    }

    private ScriptRun? Disable(ScriptConfig script, string why)
    {
        Say(script.Where, Severity.Error, ConfigFault.General,
            $"Disabling track script {script.Name} {(why == "insecure" ? "due to" : "since")} {why}", "");
        return null;
    }

    /// <summary>keepalived drops a script without user while it reads, so the instances that track it complain.</summary>
    private void ReportTrackers(DaemonConfig config, int script)
    {
        foreach (RouterConfig router in config.Routers)
        {
            foreach (TrackedScript tracked in router.TrackedScripts)
            {
                if (tracked.Script == script)
                {
                    Say(router.Where, Severity.Warning, ConfigFault.General,
                        $"({router.Name}) track script {config.Scripts[script].Name} not found, ignoring...", "", isBare: false);
                }
            }
        }
    }

    private static DaemonConfig Without(DaemonConfig config, List<ScriptConfig> kept, short[] newIndex)
    {
        RouterConfig[] routers = new RouterConfig[config.Routers.Length];
        for (int i = 0; i < routers.Length; i++)
        {
            List<TrackedScript> tracked = [];
            foreach (TrackedScript one in config.Routers[i].TrackedScripts)
            {
                if (newIndex[one.Script] >= 0)
                {
                    tracked.Add(one with { Script = newIndex[one.Script] });
                }
            }

            routers[i] = config.Routers[i] with { TrackedScripts = [.. tracked] };
        }

        return config with { Scripts = [.. kept], Routers = routers };
    }

    private void Say(SourceSpan where, Severity severity, ConfigFault fault, string text, string explanation, bool isBare = true)
    {
        Diagnostic diagnostic = new(where, severity, fault, text) { Explanation = explanation, IsBare = isBare };

        // A user named by several scripts is reported once.
        if (!_diagnostics.Contains(diagnostic))
        {
            _diagnostics.Add(diagnostic);
        }
    }

    /// <summary>global_defs are read by keepalived's parent, which does not name the only file.</summary>
    private static string GlobalPrefix(SourceSpan where) => where.Line > 0 ? $"(Line {where.Line}) " : "";
}
