using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Vrrpd.Core.Config;
using Vrrpd.Native.Process;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>keepalived's rules about scripts, on a file system that is a table.</summary>
public sealed class ScriptSecurityTests
{
    private const string Passwd = "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34:::\nkeepalived_script:x:500:501::/:/bin/false\n";
    private const string NoDefaultUser = "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34:::\n";
    private const string Group = "root:x:0:\nwww:x:34:\nops:x:77:a,b\n";
    private const string NotEnabled = "SECURITY VIOLATION - scripts are being executed but script_security not enabled.";

    private const string NotEnabledForChecks = "SECURITY VIOLATION - check scripts are being executed but script_security not enabled.";

    [Theory]
    [InlineData("/s/ok", "root", true, "")]
    [InlineData("/s/ok", "root", false, NotEnabled)]
    [InlineData("/s/other", "root", true, "Unsafe permissions found for script '/s/other' - disabling.|Disabling track script c due to insecure")]
    [InlineData("/s/other", "root", false, "Unsafe permissions found for script '/s/other'.|" + NotEnabled + " There are insecure scripts.")]
    [InlineData("/s/other", "web", true, "")]
    [InlineData("/s/groupw", "root", true, "")]
    [InlineData("/s/groupw34", "root", true, "Unsafe permissions found for script '/s/groupw34' - disabling.|Disabling track script c due to insecure")]
    [InlineData("/s/worldw", "root", true, "Unsafe permissions found for script '/s/worldw' - disabling.|Disabling track script c due to insecure")]
    [InlineData("/ww/x", "root", true, "Unsafe permissions found for script '/ww/x' - disabling.|Disabling track script c due to insecure")]
    [InlineData("/tmp/x", "root", true, "")]
    [InlineData("/tmp/weblink", "root", true, "Unsafe permissions found for script '/tmp/weblink' - disabling.|Disabling track script c due to insecure")]
    [InlineData("/bin/true", "root", true, "")]
    [InlineData("/s/link", "root", true, "")]
    [InlineData("/s/linkww", "root", true, "Unsafe permissions found for script '/s/linkww' - disabling.|Disabling track script c due to insecure")]
    [InlineData("/s/../s/./ok", "root", true, "")]
    [InlineData("/s/none", "root", true, "Script /s/none cannot be accessed - No such file or directory|Disabling track script c since not found/accessible")]
    [InlineData("/s/loop", "root", true,
        "Script /s/loop cannot be accessed - Too many levels of symbolic links|Disabling track script c since not found/accessible")]
    [InlineData("/s/ok/x", "root", true, "Script /s/ok/x cannot be accessed - Not a directory|Disabling track script c since not found/accessible")]
    [InlineData("/s/noexec", "root", true, "WARNING - script '/s/noexec' is not executable for uid:gid 0:0 - disabling.")]
    [InlineData("/s", "root", true, "script '/s' is a directory - disabling.|Disabling track script c due to insecure")]
    [InlineData("/s/rootonly", "web", true, "WARNING - script '/s/rootonly' is not executable for uid:gid 33:34 - disabling.")]
    [InlineData("/private/x", "web", true, "WARNING - script '/private/x' is not executable for uid:gid 33:34 - disabling.")]
    [InlineData("/private/x", "root", true, "")]
    [InlineData("/s/group34", "web", true, "")]
    [InlineData("true", "root", true, "WARNING - script `true` resolved by path search to `/usr/bin/true`. Please specify full path.")]
    [InlineData("nosuch", "root", true, "Cannot find script nosuch in path - disabling|Disabling track script c since not found/accessible")]
    public void One_script(string path, string user, bool security, string lines)
    {
        ScriptCheckResult result = Check(Passwd, 0, user, "", security, path);
        Assert.Equal(lines.Length == 0 ? [] : lines.Split('|'), Texts(result));
        bool kept = lines.Length == 0 || lines.EndsWith("full path.", StringComparison.Ordinal) || lines.Contains(NotEnabled, StringComparison.Ordinal);
        Assert.Equal(kept ? 1 : 0, result.Runs.Length);
        Assert.Equal(kept ? 1 : 0, result.Config.Routers[0].TrackedScripts.Length);
    }

    [Theory]
    [InlineData("/s/other", "/s/other belongs to uid 33, not to root")]
    [InlineData("/ww/x", "/ww is writable by everybody")]
    [InlineData("/s/groupw34", "/s/groupw34 is writable by the group 34")]
    [InlineData("/tmp/weblink", "/tmp/weblink belongs to uid 33, not to root")]
    [InlineData("/s/linkww", "/ww is writable by everybody")]
    public void The_component_to_blame_is_named(string path, string reason) =>
        Assert.Equal(reason, Check(Passwd, 0, "root", "", true, path).Diagnostics[0].Explanation);

    [Fact]
    public void The_default_user_is_keepalived_script()
    {
        ScriptRun run = Assert.Single(Check(Passwd, 0, "", "", true, "/s/ok").Runs);
        Assert.Equal((500u, 501u), (run.Uid, run.Gid));
    }

    [Fact]
    public void Without_that_user_scripts_run_as_we_do_unless_security_is_on()
    {
        ScriptCheckResult result = Check(NoDefaultUser, 0, "", "", false, "/s/ok");
        Assert.Equal(["Script user 'keepalived_script' does not exist", NotEnabled], Texts(result));
        Assert.Equal((0u, 0u), (result.Runs[0].Uid, result.Runs[0].Gid));
        Assert.Equal(6, TestStatus(result));

        result = Check(NoDefaultUser, 0, "", "", true, "/s/ok");
        Assert.Empty(result.Runs);
        Assert.Equal(5, TestStatus(result));
    }

    [Fact]
    public void An_unknown_user_is_said_once_and_its_scripts_go()
    {
        ScriptCheckResult result = Check(Passwd, 0, "nosuchuser", "", true, "/s/ok");
        Assert.Equal(
            [
                "Script user 'nosuchuser' does not exist",
                "(Line 4) Error setting global script uid/gid",
                "(F: Line 12) Unable to set default user for vrrp script c - removing",
                "(F: Line 28) (V) track script c not found, ignoring...",
            ],
            Texts(result));
        Assert.Empty(result.Config.Scripts);
        Assert.Empty(result.Config.Routers[0].TrackedScripts);
    }

    [Fact]
    public void A_group_of_its_own_and_numbers_are_taken()
    {
        Assert.Equal(77u, Check(Passwd, 0, "web", "ops", true, "/s/ok").Runs[0].Gid);
        ScriptRun run = Check(Passwd, 0, "1234", "99", true, "/s/ok").Runs[0];
        Assert.Equal((1234u, 99u), (run.Uid, run.Gid));
        Assert.Empty(Check(Passwd, 0, "web", "nogroup", true, "/s/ok").Runs);
    }

    [Fact]
    public void Who_is_not_root_can_only_run_as_himself()
    {
        ScriptCheckResult result = Check(Passwd, 33, "root", "", true, "/s/ok");
        Assert.Equal(["Unable to set uid:gid 0:0 for script /s/ok - disabling", "Disabling track script c due to insecure"], Texts(result));
        Assert.Single(Check(Passwd, 33, "web", "", true, "/s/ok").Runs);
    }

    [Fact]
    public void Trackers_are_numbered_anew()
    {
        DaemonConfig config = Config("root", "", true, "/s/none", "/s/ok", "/s/worldw", "/s/groupw");
        TrackedScript[] tracked = [new(0, 1, false), new(3, 4, true), new(1, 2, false), new(2, 3, false)];
        config = config with { Routers = [config.Routers[0] with { TrackedScripts = tracked }] };
        ScriptCheckResult result = Security(Passwd, 0).Check(config);
        Assert.Equal(["/s/ok", "/s/groupw"], Array.ConvertAll(result.Runs, run => run.Path));
        Assert.Equal([new TrackedScript(1, 4, true), new TrackedScript(0, 2, false)], result.Config.Routers[0].TrackedScripts);
    }

    [Fact]
    public void Real_files_are_judged_too()
    {
        ScriptSecurity security = new(LinuxFiles.Instance, new UserDatabase(Passwd, Group), 0, 0);
        ScriptCheckResult result = security.Check(Config("root", "", true, "/bin/true"));
        Assert.Empty(result.Diagnostics);
        Assert.Equal("/bin/true", Assert.Single(result.Runs).Path);

        string file = Path.Combine(Path.GetTempPath(), $"vrrpd-{Guid.NewGuid():N}");
        File.WriteAllText(file, "x");
        Assert.Contains("is not executable", Texts(security.Check(Config("root", "", true, file)))[0], StringComparison.Ordinal);
        File.SetUnixFileMode(file, UnixFileMode.UserExecute | UnixFileMode.OtherWrite | UnixFileMode.UserRead);
        result = security.Check(Config("root", "", true, file));
        Assert.StartsWith("Unsafe permissions", Texts(result)[0], StringComparison.Ordinal);
        File.Delete(file);
    }

    private static string[] Texts(ScriptCheckResult result) => Array.ConvertAll(result.Diagnostics, d => DiagnosticText.Keepalived(d, withFile: true));

    private static int TestStatus(ScriptCheckResult result) => new ConfigResult { Diagnostics = result.Diagnostics }.TestExitStatus;

    [Theory]
    [InlineData("MISC_CHECK {\nmisc_path \"/s/ok -v\"\n}", "", NotEnabledForChecks)]
    [InlineData("notify_down /s/other web", "", NotEnabledForChecks)]
    [InlineData("MISC_CHECK {\nmisc_path /s/none\n}", "", "")]
    [InlineData("MISC_CHECK {\nmisc_path /s/noexec\n}", "", "")]
    [InlineData("MISC_CHECK {\nmisc_path /s/ok\n}", "enable_script_security", "")]
    [InlineData("TCP_CHECK {\n}", "", "")]
    public void Scripts_of_a_load_balancer_count_for_the_verdict_though_they_are_not_run(string lines, string security, string text)
    {
        string file = $"global_defs {{\n{security}\n}}\nvirtual_server 10.0.0.1 80 {{\nprotocol TCP\nlb_algo rr\nlb_kind NAT\n"
            + $"real_server 10.0.0.2 80 {{\n{lines}\n}}\n}}\n";
        DaemonConfig config = ConfigParser.Parse(Encoding.UTF8.GetBytes(file), "F").Config!;

        ScriptCheckResult result = Security(Passwd, 0).Check(config);

        Assert.Equal(text.Length == 0 ? [] : [text], Texts(result));
        Assert.Empty(result.Runs);
        Assert.All(result.Diagnostics, found => Assert.Equal(ConfigFault.Security, found.Fault));
    }

    private static ScriptCheckResult Check(string passwd, uint own, string user, string group, bool security, string path) =>
        Security(passwd, own).Check(Config(user, group, security, path));

    private static ScriptSecurity Security(string passwd, uint own) => new(new Table(), new UserDatabase(passwd, Group), own, own == 0 ? 0u : 34u);

    private static DaemonConfig Config(string user, string group, bool security, params string[] paths)
    {
        SourceSpan At(int line) => new("F", line, 1, 1);
        return new DaemonConfig
        {
            Globals = new GlobalConfig
            {
                ScriptUser = user,
                ScriptGroup = group,
                ScriptUserWhere = At(4),
                ScriptSecurity = security,
                Where = At(2),
            },
            Interfaces = ["lan"],
            Scripts = Array.ConvertAll(paths, path => new ScriptConfig { Name = "c", Command = [path, "arg"], Where = At(12) }),
            Routers = [new RouterConfig { Name = "V", Interface = 0, Vrid = 1, Where = At(28), TrackedScripts = [new TrackedScript(0, 0, false)] }],
        };
    }

    private sealed class Table : IFiles
    {
        private const ushort Dir = 0x4000, Reg = 0x8000, Lnk = 0xa000;

        private static readonly Dictionary<string, (int Mode, uint Uid, uint Gid, string? Target)> s_files = new()
        {
            ["/"] = (Dir | 0b111_101_101, 0, 0, null),
            ["/s"] = (Dir | 0b111_101_101, 0, 0, null),
            ["/s/ok"] = (Reg | 0b111_101_101, 0, 0, null),
            ["/s/other"] = (Reg | 0b111_101_101, 33, 0, null),
            ["/s/groupw"] = (Reg | 0b111_111_101, 0, 0, null),
            ["/s/groupw34"] = (Reg | 0b111_111_101, 0, 34, null),
            ["/s/worldw"] = (Reg | 0b111_101_111, 0, 0, null),
            ["/s/noexec"] = (Reg | 0b110_100_100, 0, 0, null),
            ["/s/rootonly"] = (Reg | 0b111_000_000, 0, 0, null),
            ["/s/group34"] = (Reg | 0b000_001_000, 0, 34, null),
            ["/s/link"] = (Lnk | 0b111_111_111, 0, 0, "../s/ok"),
            ["/s/linkww"] = (Lnk | 0b111_111_111, 0, 0, "/ww/x"),
            ["/s/loop"] = (Lnk | 0b111_111_111, 0, 0, "loop"),
            ["/ww"] = (Dir | 0b111_111_111, 0, 0, null),
            ["/ww/x"] = (Reg | 0b111_101_101, 0, 0, null),
            ["/tmp"] = (Dir | 0b001_111_111_111, 0, 0, null),
            ["/tmp/x"] = (Reg | 0b111_101_101, 0, 0, null),
            ["/tmp/weblink"] = (Lnk | 0b111_111_111, 33, 34, "/s/ok"),
            ["/private"] = (Dir | 0b111_000_000, 0, 0, null),
            ["/private/x"] = (Reg | 0b111_101_101, 0, 0, null),
            ["/bin"] = (Lnk | 0b111_111_111, 0, 0, "usr/bin"),
            ["/usr"] = (Dir | 0b111_101_101, 0, 0, null),
            ["/usr/bin"] = (Dir | 0b111_101_101, 0, 0, null),
            ["/usr/bin/true"] = (Reg | 0b111_101_101, 0, 0, null),
        };

        public string SearchPath => "/nowhere::/usr/bin:/s";

        public int Look(string path, out FileFacts facts)
        {
            bool found = s_files.TryGetValue(path, out (int Mode, uint Uid, uint Gid, string? Target) file);
            facts = new FileFacts((ushort)file.Mode, file.Uid, file.Gid);
            return found ? 0 : Errno.ENOENT;
        }

        public string? LinkTarget(string path) => s_files[path].Target;
    }
}
