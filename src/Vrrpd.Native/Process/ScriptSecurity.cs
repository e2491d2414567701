using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;

namespace Vrrpd.Native.Process;

/// <summary>A script as it will be run: which file, as whom. <see cref="Command"/> keeps the words of the configuration as argv.</summary>
internal sealed record ScriptRun(string Path, string[] Command, uint Uid, uint Gid);

/// <summary>A configuration from which every script that must not or cannot run is gone, and how to run the others.</summary>
/// <param name="Runs">In the order of the configuration's Scripts.</param>
/// <param name="DefaultIds">uid:gid of scripts that name no user.</param>
internal sealed record ScriptCheckResult(DaemonConfig Config, ScriptRun[] Runs, (uint Uid, uint Gid) DefaultIds, Diagnostic[] Diagnostics);

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

        SourceSpan? notify = FirstNotify(config);
        if ((kept.Count > 0 || notify is not null) && !config.Globals.ScriptSecurity)
        {
            SourceSpan where = config.Globals.Where.Line > 0 ? config.Globals.Where : kept.Count > 0 ? kept[0].CommandWhere : notify!.Value;
            Say(where, Severity.Warning, ConfigFault.Security,
                "SECURITY VIOLATION - scripts are being executed but script_security not enabled."
                + (insecure ? " There are insecure scripts." : ""),
                "write enable_script_security in global_defs: then scripts that others could change are refused when they would run as root");
        }

        if (config.Lvs is not null && !config.Globals.ScriptSecurity)
        {
            CheckBalancer(config.Lvs);
        }

        DaemonConfig result = kept.Count == config.Scripts.Length ? config : Without(config, kept, newIndex);
        return new ScriptCheckResult(result, [.. runs], (defaultUid, defaultGid), [.. _diagnostics]);
    }

    /// <summary>A notify command that keepalived would run: it counts for the verdict although it is not run here yet.</summary>
    private SourceSpan? FirstNotify(DaemonConfig config)
    {
        foreach (RouterConfig router in config.Routers)
        {
            foreach (NotifyCommand notify in router.Extras.Notify)
            {
                bool isRunnable = notify.Command.Length > 0 && notify.Command[0].Length > 0
                    && (notify.User.Length == 0 || users.TryUser(notify.User.Split(':')[0], out _, out _))
                    && (notify.Group.Length == 0 || users.TryGroup(notify.Group.TrimStart(':'), out _));
                string path = isRunnable ? notify.Command[0] : "";
                if (isRunnable && (path.Contains('/') ? PathWalk.Follow(SelfExec.Absolute(path), files).Error == 0 : PathSearch.Find(path, files) is not null))
                {
                    return notify.Where;
                }
            }
        }

        return null;
    }

    /// <summary>The scripts of a load balancer are not run here; but keepalived would, and its -t says so.</summary>
    private void CheckBalancer(LvsConfig balancer)
    {
        foreach (LvsSetting script in balancer.Scripts())
        {
            string path = script.Words[0].Trim();
            int end = path.IndexOf(' ', StringComparison.Ordinal);
            path = end < 0 ? path : path[..end];
            string? found = path.Contains('/', StringComparison.Ordinal) ? path : PathSearch.Find(path, files);
            if (found is not null && PathWalk.Follow(SelfExec.Absolute(found), files) is { Error: 0, End: { IsRegular: true } file } && file.MayExecute(0, 0))
            {
                Say(script.Where, Severity.Warning, ConfigFault.Security,
                    "SECURITY VIOLATION - check scripts are being executed but script_security not enabled.",
                    "keepalived would run it, vrrpd does not; write enable_script_security in global_defs before going back to keepalived");
                return;
            }
        }
    }

    /// <summary>script_user, else keepalived_script, else (without script security) ourselves.</summary>
    private bool TryDefaultUser(DaemonConfig config, out uint uid, out uint gid)
    {
        (uid, gid) = (ownUid, ownGid);
        GlobalConfig globals = config.Globals;
        if (globals.ScriptUser.Length > 0)
        {
            if (TryIds(globals.ScriptUser, globals.ScriptGroup, out uid, out gid))
            {
                return true;
            }

            // global_defs are read by keepalived's parent, which does not name the only file.
            SourceSpan where = globals.ScriptUserWhere;
            string prefix = where.Line > 0 ? $"(Line {where.Line}) " : "";
            Say(where, Severity.Error, ConfigFault.General, $"{prefix}Error setting global script uid/gid",
                $"'{globals.ScriptUser} {globals.ScriptGroup}".TrimEnd() + "' is not in /etc/passwd and /etc/group");
            return false;
        }

        if (config.Scripts.Length == 0)
        {
            return true;
        }

        if (users.TryUser(DefaultUser, out uint defaultUid, out uint defaultGid))
        {
            (uid, gid) = (defaultUid, defaultGid);
            return true;
        }

        SourceSpan nearest = globals.Where.Line > 0 ? globals.Where : config.Scripts[0].CommandWhere;
        Say(nearest, Severity.Warning, ConfigFault.None, $"Script user '{DefaultUser}' does not exist",
            "name the user of scripts with script_user in global_defs: without it "
            + (globals.ScriptSecurity ? "none is run" : "they run as " + (ownUid == 0 ? "root" : $"uid {ownUid}")));
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

        Say(script.UserWhere, Severity.Error, ConfigFault.General, $"Unable to set user for vrrp script {script.Name} - removing",
            $"'{script.User} {script.Group}".TrimEnd() + "' is not in /etc/passwd and /etc/group", isBare: false);
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
                Say(script.CommandWhere, Severity.Error, ConfigFault.None, $"Cannot find script {path} in path - disabling",
                    $"write its full path; PATH is {files.SearchPath}");
                return Disable(script, "not found/accessible");
            }

            Say(script.CommandWhere, Severity.Warning, ConfigFault.None,
                $"WARNING - script `{path}` resolved by path search to `{found}`. Please specify full path.",
                "with another PATH it could be another program");
            path = found;
        }

        PathWalk walk = PathWalk.Follow(SelfExec.Absolute(path), files);
        if (walk.Error != 0)
        {
            Say(script.CommandWhere, Severity.Error, ConfigFault.None, $"Script {path} cannot be accessed - {Errno.Text(walk.Error)}",
                (walk.ErrorAt == path ? "" : $"it ends at {walk.ErrorAt}; ") + "instances that track it run without it");
            return Disable(script, "not found/accessible");
        }

        if ((uid != ownUid || gid != ownGid) && ownUid != 0)
        {
            Say(script.CommandWhere, Severity.Error, ConfigFault.None, $"Unable to set uid:gid {uid}:{gid} for script {path} - disabling",
                $"only root can run programs as somebody else, and this runs as uid {ownUid}");
            return Disable(script, "insecure");
        }

        if (walk.End is { IsDirectory: true })
        {
            Say(script.CommandWhere, Severity.Error, ConfigFault.None, $"script '{path}' is a directory - disabling.", "name the program in it");
            return Disable(script, "insecure");
        }

        if (WhyNotExecutable(walk, uid, gid) is string blame)
        {
            Say(script.CommandWhere, Severity.Error, ConfigFault.None,
                $"WARNING - script '{path}' is not executable for uid:gid {uid}:{gid} - disabling.", blame);
            return null;
        }

        if (uid == 0 && WhyInsecure(walk) is string reason)
        {
            insecure = true;
            Say(script.CommandWhere, Severity.Warning, ConfigFault.None,
                $"Unsafe permissions found for script '{path}'{(security ? " - disabling" : "")}.", reason);
            if (security)
            {
                return Disable(script, "insecure");
            }
        }

        // A daemon does not stay in the directory it was started in.
        return new ScriptRun(SelfExec.Absolute(path), script.Command, uid, gid);
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
        return !walk.End.IsRegular ? $"{end} is not a regular file"
            : walk.End.MayExecute(uid, gid) ? null : $"{end} has no execute permission for that user: chmod +x, or another script_user";
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
            for (int i = 0; i < router.TrackedScripts.Length; i++)
            {
                if (router.TrackedScripts[i].Script == script)
                {
                    Say(router.WhereTracked(i), Severity.Warning, ConfigFault.General,
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
            RouterConfig router = config.Routers[i];
            List<TrackedScript> tracked = [];
            List<SourceSpan> places = [];
            for (int j = 0; j < router.TrackedScripts.Length; j++)
            {
                TrackedScript one = router.TrackedScripts[j];
                if (newIndex[one.Script] >= 0)
                {
                    tracked.Add(one with { Script = newIndex[one.Script] });
                    places.Add(router.WhereTracked(j));
                }
            }

            routers[i] = router with { TrackedScripts = [.. tracked], TrackedWhere = [.. places] };
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
}
