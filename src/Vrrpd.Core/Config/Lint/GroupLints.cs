
namespace Vrrpd.Core.Config;

/// <summary>vrrp_sync_group.</summary>
internal static class GroupLints
{
    public static readonly LintRule Priorities = new("group-priorities", Severity.Warning, "members of a sync group with different priorities",
        "a member may become master only together with the others: one of lower priority holds the group back and one of higher priority drags it along",
        "give all members of a group the same priority on a router");

    public static readonly LintRule Blind = new("group-blind", Severity.Warning, "a sync group that watches nothing",
        "its members ignore their own interfaces (dont_track_primary) and track nothing: no failure can move the group",
        "remove dont_track_primary, or add track_interface or track_script to the group");

    public static readonly LintRule NoPreempt = new("group-nopreempt", Severity.Warning, "`nopreempt` in some members of a sync group",
        "the members without it preempt and take the whole group with them", "write nopreempt in all members or in none");

    public static void Check(LintContext lint)
    {
        foreach (LintGroup group in lint.Model.Groups)
        {
            if (group.Members.Count < 2)
            {
                continue;
            }

            LintInstance first = group.Members[0];
            Word name = group.Node.Words[1];
            LintInstance? other = group.Members.Find(member => member.Priority != first.Priority);
            if (other is not null && !group.Node.Has("sync_group_tracking_weight"))
            {
                lint.Add(Priorities, name, $"({group.Name}) {first.Name} has priority {first.Priority}, {other.Name} has {other.Priority}");
            }

            if (!Watches(group.Node) && group.Members.TrueForAll(member => member.Node.Has("dont_track_primary") && !Watches(member.Node)))
            {
                lint.Add(Blind, name, $"({group.Name}) tracks nothing");
            }

            LintInstance? with = group.Members.Find(member => member.Node.Has("nopreempt"));
            LintInstance? without = group.Members.Find(member => !member.Node.Has("nopreempt"));
            if (with is not null && without is not null)
            {
                lint.Add(NoPreempt, with.Node.Last("nopreempt")!.First, $"({group.Name}) {with.Name} has nopreempt, {without.Name} has not");
            }
        }
    }

    private static bool Watches(TreeNode block) => block.Has("track_interface") || block.Has("track_script") || block.Has("track_file")
        || block.Has("track_process") || block.Has("track_bfd") || block.Has("track_src_ip");
}
