using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>A vrrp_sync_group while it is being read.</summary>
internal sealed class GroupDraft(string name, Word where)
{
    public string Name { get; } = name;
    public Word Where { get; } = where;
    public List<Word> Members { get; } = [];
    public List<TrackDraft> Tracks { get; } = [];

    /// <summary>What its track_interface names.</summary>
    public HashSet<string> Interfaces { get; } = [];

    /// <summary>sync_group_tracking_weight: the priorities in the group may differ.</summary>
    public bool HasWeights { get; set; }
}

/// <summary>vrrp_sync_group and track_group. Who is in them is settled when all instances are known, so that order does not matter.</summary>
internal sealed class GroupBinder(BlockBinder common, HostNames host)
{
    private readonly Dictionary<string, GroupDraft> _byMember = [];
    private readonly TrackLines _lines = new(common, host);
    private readonly HashSet<string> _trackGroups = [];
    private readonly HashSet<string> _names = [];
    private readonly List<GroupDraft> _groups = [];

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
            group.HasWeights |= keyword is "sync_group_tracking_weight" or "global_tracking";
            if (TrackLines.KindOf(keyword) is { } kind)
            {
                _lines.Read(node, kind, group.Name, group.Tracks);
            }
            else if (keyword == "global_tracking")
            {
                Error(node.First, $"({group.Name}) global_tracking is deprecated. Use track_interface/script/file on the sync group",
                    "write sync_group_tracking_weight, and what is tracked in the group's own blocks");
            }
            else if (keyword.StartsWith("notify", StringComparison.Ordinal) && node.Keyword.Repeat == RepeatRule.FirstWins
                && !commands.Add(keyword))
            {
                Error(node.Words[1], $"vrrp group {group.Name}: {keyword} script already specified - ignoring {node.Words[1].Text}",
                    "the first one counts");
            }
        }

        foreach (TrackDraft track in group.Tracks)
        {
            if (track.Kind == TrackKind.Interface)
            {
                group.Interfaces.Add(track.Name.Text);
            }
        }

        _groups.Add(group);
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
    /// <param name="weightOf">What a vrrp_script is worth where nothing else is said.</param>
    public SyncGroupConfig[] Resolve(List<InstanceDraft> instances, Func<string, int> weightOf)
    {
        Dictionary<string, InstanceDraft> byName = [];
        foreach (InstanceDraft instance in instances)
        {
            byName[instance.Name] = instance;
        }

        HashSet<string> taken = [];
        List<SyncGroupConfig> groups = [];
        foreach (GroupDraft group in _groups)
        {
            List<string> members = [];
            foreach (Word at in group.Members)
            {
                string name = at.Text;
                if (!byName.ContainsKey(name))
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
                foreach (string name in members)
                {
                    _byMember[name] = group;
                    CheckMember(group, byName[name], weightOf);
                }

                groups.Add(new() { Name = group.Name, Members = members.ToArray(), HasWeights = group.HasWeights, Where = group.Where.Where });
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
            Late(group.Members[^1], $"Sync group {group.Name}, no matching virtual router found in group declaration - removing",
                "see what is said about its members");
        }
        else if (members.Count == 1)
        {
            Late(group.Members[^1], $"Sync group {group.Name} has only 1 virtual router(s) - this probably isn't what you want",
                $"'{members[0]}' has nobody to change state with");
        }

        return members.Count > 0;
    }

    /// <summary>Priorities in a group must not drift apart, unless the group says that they may.</summary>
    private void CheckMember(GroupDraft group, InstanceDraft member, Func<string, int> weightOf)
    {
        for (int i = 0; i < group.Tracks.Count && member.IsOwner; i++)
        {
            TrackDraft track = group.Tracks[i];
            string name = track.Name.Text;
            if (WeightOf(track, name, weightOf) != 0)
            {
                group.Tracks[i] = track with { Weight = 0 };
                string end = track.Kind is TrackKind.Interface or TrackKind.Script ? "clearing weight" : "setting weight 0";
                Late(track.Name, $"({group.Name}) Cannot have weighted {TrackLines.Spoken(track.Kind).Replace('_', ' ')} '{name}'"
                    + $" with member having priority 255 - {end}", $"'{member.Name}' has priority 255, which never changes");
            }
        }

        WatchOnce(group, member, member.Interface);
        foreach (TrackDraft track in member.Tracks ?? [])
        {
            string name = track.Name.Text;
            WatchOnce(group, member, track.Kind == TrackKind.Interface && name != member.Interface ? name : null);
            int weight = WeightOf(track, name, weightOf);
            string what = TrackLines.Spoken(track.Kind).Replace("track", "tracked", StringComparison.Ordinal);
            string? text = group.HasWeights || weight == 0 ? null : track.Kind switch
            {
                TrackKind.Interface => $"ignoring {name} tracked interface weight due to SYNC group",
                TrackKind.Script => $"ignoring {what} {name} with weights due to SYNC group",
                TrackKind.File when track.Weight is null => $"ignoring weight from {what} {name} due to SYNC group. specify weight 0",
                TrackKind.File or TrackKind.Bfd => $"ignoring {what} {name} with weight {weight} due to SYNC group",
                _ => null,
            };
            if (text is not null)
            {
                Late(track.Name, $"({member.Name}) {text}", $"the instances of '{group.Name}' must agree who is master: track it in the group,"
                    + " give it weight 0, or write sync_group_tracking_weight in the group");
            }
        }
    }

    private void WatchOnce(GroupDraft group, InstanceDraft member, string? name)
    {
        if (name is not null && group.Interfaces.Contains(name))
        {
            Late(member.Where, $"({member.Name}) track_interface {name} is configured on VRRP instance and sync group."
                + " Remove vrrp instance or sync group config", "it is watched for the instance anyway");
        }
    }

    /// <summary>The group of an instance, when all are resolved.</summary>
    public GroupDraft? Of(string instance) => _byMember.GetValueOrDefault(instance);

    /// <summary>Of a file whatever stands in it counts once, if nothing else is said.</summary>
    private static int WeightOf(TrackDraft track, string name, Func<string, int> weightOf) => track.Weight ?? track.Kind switch
    {
        TrackKind.Script => weightOf(name),
        TrackKind.File => 1,
        _ => 0,
    };

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
