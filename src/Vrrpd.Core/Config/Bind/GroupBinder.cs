using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>A vrrp_sync_group while it is being read.</summary>
internal sealed class GroupDraft(string name, Word where)
{
    public string Name { get; } = name;
    public Word Where { get; } = where;
    public List<Word> Members { get; } = [];
}

/// <summary>vrrp_sync_group and track_group. Who is in them is settled when all instances are known, so that order does not matter.</summary>
internal sealed class GroupBinder(BlockBinder common)
{
    private readonly HashSet<string> _trackGroups = [];
    private readonly HashSet<string> _names = [];

    public List<GroupDraft> Groups { get; } = [];

    public void Read(ConfigNode block)
    {
        if (Name(block, "vrrp_sync_group") is not { } at)
        {
            return;
        }

        GroupDraft group = new(at.Text, at);
        if (!_names.Add(group.Name))
        {
            Error(at, $"vrrp sync group {group.Name} already defined", "the second block of that name is skipped");
            return;
        }

        HashSet<string> commands = [];
        Members(block, group.Members, group.Name, "sync");
        foreach (ConfigNode node in BlockBinder.Accepted(block, common.Refuse))
        {
            string keyword = node.Keyword!.Name;
            if (keyword == "global_tracking")
            {
                Error(node.First, $"({group.Name}) global_tracking is deprecated. Use track_interface/script/file on the sync group",
                    "write sync_group_tracking_weight, and what is tracked in the group's own blocks");
            }
            else if (keyword.StartsWith("notify", System.StringComparison.Ordinal) && node.Keyword.Repeat == RepeatRule.FirstWins
                && !commands.Add(keyword))
            {
                Error(node.Words[1], $"vrrp group {group.Name}: {keyword} script already specified - ignoring {node.Words[1].Text}",
                    "the first one counts");
            }
        }

        Groups.Add(group);
    }

    public void ReadTrackGroup(ConfigNode block)
    {
        if (Name(block, "track_group") is not { } at)
        {
            return;
        }

        if (!_trackGroups.Add(at.Text))
        {
            Error(at, $"track_group {at.Text} already defined", "the second block of that name is skipped");
            return;
        }

        Members(block, [], at.Text, "track");
    }

    /// <summary>
    /// When all instances are known: the groups that are left, each with its members. An instance is in the first group that names it.
    /// </summary>
    public SyncGroupConfig[] Resolve(HashSet<string> instances)
    {
        HashSet<string> taken = [];
        List<SyncGroupConfig> groups = [];
        foreach (GroupDraft group in Groups)
        {
            List<string> members = [];
            foreach (Word at in group.Members)
            {
                string name = at.Text;
                if (!instances.Contains(name))
                {
                    Late(at, $"Virtual router {name} specified in sync group {group.Name} doesn't exist - ignoring",
                        $"there is no vrrp_instance '{name}' in this configuration");
                }
                else if (!taken.Add(name))
                {
                    Late(at, $"Virtual router {name} cannot exist in more than one sync group; ignoring {group.Name}",
                        "an instance is named once, in one group");
                }
                else
                {
                    members.Add(name);
                }
            }

            if (IsUseful(group, members))
            {
                groups.Add(new() { Name = group.Name, Members = members.ToArray(), Where = group.Where.Where });
            }
        }

        return groups.ToArray();
    }

    private bool IsUseful(GroupDraft group, List<string> members)
    {
        if (group.Members.Count == 0)
        {
            Late(group.Where, $"Sync group {group.Name} has no virtual router(s). removing", "a group needs a block: group { NAME NAME }");
        }
        else if (members.Count == 0)
        {
            Late(group.Where, $"Sync group {group.Name}, no matching virtual router found in group declaration - removing",
                "see what is said about its members");
        }
        else if (members.Count == 1)
        {
            Late(group.Where, $"Sync group {group.Name} has only 1 virtual router(s) - this probably isn't what you want",
                $"'{members[0]}' has nobody to change state with");
        }

        return members.Count > 0;
    }

    /// <summary>The name behind the keyword; null, with a complaint, if there is not exactly one.</summary>
    private Word? Name(ConfigNode block, string keyword)
    {
        if (block.ArgumentCount == 1)
        {
            return block.Words[1];
        }

        Error(block.Words[block.ArgumentCount], $"{keyword} must have a name - skipping",
            "one name only, or one in double quotes; the block is skipped");
        return null;
    }

    private void Members(ConfigNode block, List<Word> members, string name, string kind)
    {
        bool isSecond = false;
        foreach (ConfigNode node in block.Children)
        {
            if (node.Keyword!.Name != "group" || node.IsRejected)
            {
                continue;
            }

            if (isSecond)
            {
                Error(node.First, $"Group list already specified for sync group {name}", "put all members into one block");
                continue;
            }

            isSecond = true;
            foreach (ConfigNode line in node.Children)
            {
                foreach (Word at in line.Words)
                {
                    members.Add(at);
                }
            }

            if (members.Count == 0)
            {
                Error(node.End, $"Warning - {kind} group {name} has empty group block", "write the names of instances between the braces");
            }
        }
    }

    private void Error(Word at, string text, string explanation) => common.Findings.Error(at, ConfigFault.General, text, explanation);

    /// <summary>Found after reading: no line number in keepalived's line.</summary>
    private void Late(Word at, string text, string explanation) => common.Findings.Add(new(at.Where, Severity.Error, ConfigFault.General, text)
    {
        Explanation = explanation,
        SourceLine = at.Line.Shown,
        IsBare = true,
    });
}
