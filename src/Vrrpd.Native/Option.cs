using System;

namespace Vrrpd.Native;

internal enum OptionId : byte
{
    UseFile,
    LogConsole,
    LogDetail,
    LogFacility,
    NoSyslog,
    Umask,
    DontFork,
    DumpConf,
    AllConfig,
    ConfigId,
    Pid,
    VrrpPid,
    ConfigTest,
    Signum,
    Version,
    Help,
    Detached,

    /// <summary>Asks for what is so anyway: nothing is to be said.</summary>
    Fulfilled,

    /// <summary>Asks for something that is not done: a warning.</summary>
    NoEffect,

    /// <summary>To run without it would be something else than what was asked for.</summary>
    Refused,
}

internal enum OptionArgument : byte
{
    None,
    Required,
    Optional,
}

/// <summary>One row of the table that parsing and the help text are made from.</summary>
/// <param name="Remark">For fulfilled options, those without effect and refused ones: why.</param>
internal sealed record Option(OptionId Id, char Short, string Long, OptionArgument Argument, string ArgumentName, string Help,
    string Remark = "")
{
    private const OptionArgument None = OptionArgument.None, Required = OptionArgument.Required, Optional = OptionArgument.Optional;

    /// <summary>In the order of the help text, which is keepalived's.</summary>
    public static readonly Option[] All =
    [
        new(OptionId.UseFile, 'f', "use-file", Required, "FILE",
            $"Use the specified configuration file\n default '{CommandLine.DefaultConfigFile}'"),
        new(OptionId.Fulfilled, 'P', "vrrp", None, "", "Only run with VRRP subsystem", "VRRP is all there is"),
        new(OptionId.Refused, 'C', "check", None, "", "Only run with Health-checker subsystem",
            "there is no health checker here, so nothing would run"),
        new(OptionId.Fulfilled, 'B', "no_bfd", None, "", "Don't run BFD subsystem", "there is none"),
        new(OptionId.Fulfilled, '\0', "all", None, "", "Force all child processes to run, even if have no configuration",
            "there is one process"),
        new(OptionId.LogConsole, 'l', "log-console", None, "", "Log messages to local console (with -n)"),
        new(OptionId.LogDetail, 'D', "log-detail", None, "", "Detailed log messages"),
        new(OptionId.LogFacility, 'S', "log-facility", Required, "([0-7]|local[0-7]|user|daemon)",
            "Set syslog facility to LOG_LOCAL[0-7], user or daemon (default)"),
        new(OptionId.NoSyslog, 'G', "no-syslog", None, "", "Don't log via syslog"),
        new(OptionId.Umask, 'u', "umask", Required, "MASK", "umask for file creation (in numeric form)"),
        new(OptionId.Fulfilled, 'X', "release-vips", None, "", "Drop VIP on transition from signal.", "a stop drops them"),
        new(OptionId.NoEffect, 'V', "dont-release-vrrp", None, "", "Don't remove VRRP VIPs and VROUTEs on daemon stop",
            "addresses are removed at stop"),
        new(OptionId.Fulfilled, 'I', "dont-release-ipvs", None, "", "Don't remove IPVS topology on daemon stop", "there is no IPVS"),
        new(OptionId.Fulfilled, 'R', "dont-respawn", None, "", "Don't respawn child processes", "there are none"),
        new(OptionId.DontFork, 'n', "dont-fork", None, "", "Don't fork the daemon process"),
        new(OptionId.DumpConf, 'd', "dump-conf", None, "", "Dump the configuration data"),
        new(OptionId.Pid, 'p', "pid", Required, "FILE",
            $"Use specified pidfile for parent process\n default '{CommandLine.DefaultPidFile}'"),
        new(OptionId.VrrpPid, 'r', "vrrp_pid", Required, "FILE",
            $"Use specified pidfile for VRRP child process (the same pid)\n default '{CommandLine.DefaultVrrpPidFile}'"),
        new(OptionId.Refused, 'T', "genhash", None, "", "Enter into genhash utility mode", "genhash is not part of this"),
        new(OptionId.Fulfilled, 'c', "checkers_pid", Required, "FILE", "Use specified pidfile for checkers child process",
            "there is no such process"),
        new(OptionId.NoEffect, 'a', "address-monitoring", None, "", "Report all address additions/deletions notified via netlink",
            "only addresses of the configuration are logged"),
        new(OptionId.Fulfilled, 'b', "bfd_pid", Required, "FILE", "Use specified pidfile for BFD child process",
            "there is no such process"),
        new(OptionId.NoEffect, 'x', "snmp", None, "", "Enable SNMP subsystem", "there is no SNMP agent"),
        new(OptionId.NoEffect, 'A', "snmp-agent-socket", Required, "FILE", "Use the specified socket for master agent",
            "there is no SNMP agent"),
        new(OptionId.Refused, 's', "namespace", Required, "NAME", "Run in network namespace NAME",
            "run it there with `ip netns exec NAME vrrpd ...`"),
        new(OptionId.NoEffect, 'm', "core-dump", None, "", "Produce core dump if terminate abnormally", "limits are left as they are"),
        new(OptionId.NoEffect, 'M', "core-dump-pattern", Optional, "PATN",
            "Also set /proc/sys/kernel/core_pattern to PATN (default 'core')", "the kernel's setting is left alone"),
        new(OptionId.AllConfig, 'e', "all-config", None, "", "Error if any configuration file missing (same as includea)"),
        new(OptionId.ConfigId, 'i', "config-id", Required, "id", "Skip any configuration lines beginning '@' that don't match id"),
        new(OptionId.Signum, '\0', "signum", Required, "SIGFUNC",
            "Return signal number for STOP, RELOAD, DATA, STATS, STATS_CLEAR, JSON\n (so far the daemon acts on STOP and RELOAD only)"),
        new(OptionId.ConfigTest, 't', "config-test", Optional, "LOG_FILE",
            "Check the configuration for obvious errors, output to\n stderr by default, else appended to LOG_FILE"),
        new(OptionId.Version, 'v', "version", None, "", "Display the version number"),
        new(OptionId.Help, 'h', "help", None, "", "Display this help message"),
        new(OptionId.NoEffect, '\0', "ignore-sigint", None, "", "Don't stop on SIGINT, for a debugger", "Ctrl-C stops the daemon"),
        new(OptionId.Fulfilled, '\0', "no-mem-check", None, "", "Don't check memory", "it is a debugging aid"),
        new(OptionId.Detached, '\0', "detached", Required, "FD", ""),
    ];

    /// <summary>Never shown: roles of the daemon itself.</summary>
    public bool Hidden => Help.Length == 0;

    public string Name => Short != '\0' ? $"-{Short}, --{Long}" : $"--{Long}";

    /// <summary>What the help text says behind <see cref="Help"/>.</summary>
    public string Verdict => Id switch
    {
        OptionId.Fulfilled => $"(always: {Remark})",
        OptionId.NoEffect => $"(no effect yet: {Remark})",
        OptionId.Refused => $"(refused: {Remark})",
        _ => "",
    };
}
