using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>Check scripts and notify commands.</summary>
internal static class ScriptLints
{
    public static readonly LintRule Interval = new("script-interval", Severity.Warning, "a script's `interval` shorter than its `timeout`",
        "a run that is still going when the next is due makes that one fall out: a hanging script is noticed only after its timeout",
        "make timeout at most the interval");

    public static readonly LintRule Unused = new("script-unused", Severity.Warning, "a `vrrp_script` that nobody tracks",
        "it is never run", "name it in track_script of an instance or a group, or remove it")
    { IsComplaint = true };

    public static readonly LintRule Late = new("tracked-before-defined", Severity.Warning, "a script that is tracked above its definition",
        "here the order does not matter, but keepalived drops a reference to a script that it has not read yet, and runs without it",
        "move the vrrp_script above the instances that track it");

    public static readonly LintRule Processes = new("script-finds-process", Severity.Note, "`killall -0`, `pidof` or `pgrep` as check",
        "each run starts a program that reads all of /proc; on a busy machine it overruns its timeout and the address moves for nothing,"
            + " and it finds a process that hangs just as well",
        "vrrp_track_process sees a process end at once and runs nothing; to see that a service answers, ask it");

    public static readonly LintRule NoShell = new("script-no-shell", Severity.Warning, "shell syntax in a command",
        "commands are started directly, not by a shell: pipes, redirections, `&&`, `;` and `$VARIABLES` arrive as arguments",
        "put it in a script file, or write \"/bin/sh -c '...'\"");

    public static readonly LintRule Dropped = new("script-arguments-dropped", Severity.Warning, "arguments of a command outside its quotes",
        "only the first word, or what is in the quotes, is the command; what follows is dropped or taken as user and group",
        "put the command and its arguments together in double quotes")
    { IsComplaint = true };

    private static readonly string[] s_finders = ["killall", "pidof", "pgrep"];
    private static readonly string[] s_stateWords = ["MASTER", "BACKUP", "FAULT", "STOP", "master", "backup", "fault", "stop"];

    public static void Check(LintContext lint)
    {
        HashSet<string> used = [];
        foreach (LintInstance instance in lint.Model.Instances)
        {
            instance.Trackers.ForEach(tracker => Tracked(lint, tracker, used));
            Notify(lint, instance.Node);
        }

        foreach (LintGroup group in lint.Model.Groups)
        {
            List<LintTracker> trackers = [];
            foreach (TreeNode block in group.Node.Named("track_script"))
            {
                LintInstance.Tracked(block, trackers);
            }

            trackers.ForEach(tracker => Tracked(lint, tracker, used));
            Notify(lint, group.Node);
        }

        Notify(lint, lint.Model.Globals);
        foreach (LintScript script in lint.Model.Scripts.Values)
        {
            Script(lint, script, used);
        }
    }

    private static void Tracked(LintContext lint, LintTracker tracker, HashSet<string> used)
    {
        if (tracker.Block.Keyword!.Name != "track_script" || !lint.Model.Scripts.TryGetValue(tracker.Name, out LintScript? script))
        {
            return;
        }

        used.Add(tracker.Name);
        Word at = tracker.Line.First, definition = script.Node.First;
        if (definition.Line.File == at.Line.File && definition.Line.Number > at.Line.Number)
        {
            lint.Add(Late, at, $"{tracker.Name} is defined further down, in line {definition.Line.Number}");
        }
    }

    private static void Script(LintContext lint, LintScript script, HashSet<string> used)
    {
        if (!used.Contains(script.Name))
        {
            lint.Add(Unused, script.Node.Words[1], $"script {script.Name} is tracked by nobody");
        }

        if (script.Timeout > script.Interval)
        {
            Word at = script.Node.Last("timeout")!.Words[1];
            string interval = script.Node.Last("interval") is { ArgumentCount: > 0 } written ? written.Words[1].Text : "1";
            lint.Add(Interval, at, $"({script.Name}) a run may take {at.Text} s and is due every {interval} s");
        }

        if (script.Command is { ArgumentCount: > 0 } command)
        {
            Command(lint, command);
            if (command.ArgumentCount > 1)
            {
                lint.Add(Dropped, command.Words[2], $"({script.Name}) only {command.Words[1].Text} is run: {command.Words[2].Text} is dropped");
            }
        }
    }

    private static void Notify(LintContext lint, TreeNode block)
    {
        foreach (TreeNode node in block.Children)
        {
            string name = node.Keyword!.Name;
            if (node.ArgumentCount == 0 || !(name.StartsWith("notify", StringComparison.Ordinal) || name.EndsWith("_script", StringComparison.Ordinal))
                || name.Contains("email", StringComparison.Ordinal) || node.Keyword.Form != KeywordForm.Statement)
            {
                continue;
            }

            if (!name.EndsWith("fifo", StringComparison.Ordinal) && node.Words[1].Text.Contains('/', StringComparison.Ordinal))
            {
                Command(lint, node);
                string next = node.ArgumentCount > 1 ? node.Words[2].Text : "";
                if (node.ArgumentCount > 3 || next is ['-' or '/', ..] || Array.IndexOf(s_stateWords, next) >= 0)
                {
                    lint.Add(Dropped, node.Words[2], $"{next} is taken as the user that runs {node.Words[1].Text}, not as an argument");
                }
            }
        }
    }

    private static void Command(LintContext lint, TreeNode node)
    {
        Word at = node.Words[1];
        string[]? words = ScriptCommand.Split(at, new Findings());
        if (words is null or [])
        {
            return;
        }

        string program = words[0][(words[0].LastIndexOf('/') + 1)..];
        if (Array.IndexOf(s_finders, program) >= 0 && (program != "killall" || Array.IndexOf(words, "-0") > 0))
        {
            lint.Add(Processes, at, $"{program} looks through all processes at every run");
        }

        // </path is the one form that keepalived gives to a shell.
        if (program is "sh" or "bash" or "dash" or "ash" or "busybox" || words[0].StartsWith('<'))
        {
            return;
        }

        for (int i = 1; i < words.Length; i++)
        {
            if (IsShell(words[i]))
            {
                lint.Add(NoShell, at, $"{words[0]} gets '{words[i]}' as an argument: there is no shell");
                return;
            }
        }
    }

    private static bool IsShell(string word) => word is "|" or "||" or "&&" or "&" or ";" or "<" or ">" or ">>" or "2>&1"
        || word is "2>/dev/null" or ">/dev/null" or "&>/dev/null" || word.EndsWith(';')
        || word.StartsWith("$(", StringComparison.Ordinal) || word.StartsWith(">/", StringComparison.Ordinal)
        || (word.Length > 1 && word[0] == '$' && (char.IsAsciiLetter(word[1]) || word[1] is '{' or '_'));
}
