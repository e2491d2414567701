
namespace Vrrpd.Core.Config;

/// <summary>`state`, `priority` and `nopreempt`: who starts as what, and who gives way.</summary>
internal static class StateLints
{
    public static readonly LintRule NoPreemptIgnored = new("nopreempt-ignored", Severity.Warning,
        "`nopreempt` together with `state MASTER` or priority 255",
        "keepalived forgets nopreempt of a router that wants to be master or owns the addresses: it takes over as soon as it returns",
        "write state BACKUP on all routers; the priorities still decide who is master first")
    { Says = ["nopreempt will not work"] };

    public static readonly LintRule BareMaster = new("state-master-owner", Severity.Warning,
        "`state MASTER` without `priority`",
        "without a priority, state MASTER means 255: the owner of the addresses, who never yields and whom no tracked object can lower",
        "write a priority, such as 150, or priority 255 if the addresses really are the interface's own");

    public static readonly LintRule MasterNoEffect = new("state-master-no-effect", Severity.Note,
        "`state MASTER` with a priority below 255",
        "it starts as BACKUP and waits for adverts like any other; the highest priority becomes master. All that state MASTER does is to clear"
            + " nopreempt and preempt_delay",
        "write state BACKUP everywhere, so that the files differ in their priority only");

    public static readonly LintRule BackupOwner = new("state-backup-owner", Severity.Note,
        "`state BACKUP` with priority 255", "an owner that starts as backup waits for the master to fall silent before it takes its own addresses",
        "write state MASTER, or a priority below 255");

    public static void Check(LintContext lint)
    {
        foreach (LintInstance instance in lint.Model.Instances)
        {
            TreeNode? nopreempt = instance.Node.Last("nopreempt");
            if (nopreempt is not null && (instance.WantsMaster || instance.IsOwner))
            {
                lint.Add(NoPreemptIgnored, nopreempt.First,
                    $"({instance.Name}) nopreempt is forgotten because of {(instance.WantsMaster ? "state MASTER" : "priority 255")}");
            }

            if (instance.State is not { ArgumentCount: > 0 } state)
            {
                continue;
            }

            Word at = state.Words[1];
            if (instance.WantsMaster && !instance.Node.Has("priority"))
            {
                lint.Add(BareMaster, at, $"({instance.Name}) is the address owner: state MASTER without a priority means 255");
            }
            else if (instance.WantsMaster && !instance.IsOwner)
            {
                lint.Add(MasterNoEffect, at, $"({instance.Name}) starts as BACKUP all the same, because its priority is {instance.Priority}");
            }
            else if (instance.IsOwner && at.Text == "BACKUP")
            {
                lint.Add(BackupOwner, at, $"({instance.Name}) owns its addresses and yet starts as BACKUP");
            }
        }
    }
}
