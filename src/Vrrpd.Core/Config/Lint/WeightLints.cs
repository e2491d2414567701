using System;

namespace Vrrpd.Core.Config;

/// <summary>Weights that cannot move the address, and what the others' priorities must be for those that can.</summary>
internal static class WeightLints
{
    private const int Lowest = 1, Highest = 254, Owner = 255;

    public static readonly LintRule NoEffect = new("weight-no-effect", Severity.Warning, "a weight that never changes the priority",
        "the effective priority stays within 1 and 254, and the owner's 255 never changes",
        "choose a priority that leaves room for the weight, such as 100; weight 0 means FAULT instead");

    public static readonly LintRule TooSmall = new("weight-too-small", Severity.Warning, "a weight of 1 or -1",
        "no priority fits between the two values, and a backup accepts the adverts of an equal: the address moves one way at most and not back",
        "use a weight larger than the difference between the routers' priorities, at least 2");

    public static readonly LintRule Window = new("weight-window", Severity.Note, "tracked objects with a weight",
        "a weight moves the address only if it carries this router from above the other to below it, equal is not enough",
        "if the other router tracks the same with the same weight, the two priorities must differ by less than the weight, and not be equal");

    public static readonly LintRule InGroup = new("weight-in-group", Severity.Warning, "a weight in a sync group without `sync_group_tracking_weight`",
        "members of a sync group must agree about their priority: keepalived drops weighted trackers of members (and makes interfaces count as FAULT)",
        "write sync_group_tracking_weight in the group, or track with weight 0");

    public static readonly LintRule NoPreempt = new("weight-nopreempt", Severity.Warning, "weights together with `nopreempt`",
        "with nopreempt a router accepts every living master, however low its priority: a rise never wins the address back, and if the other routers"
            + " have nopreempt too a fall does not lose it",
        "use weight 0 (FAULT gives the address up), or remove nopreempt");

    public static void Check(LintContext lint)
    {
        foreach (LintInstance instance in lint.Model.Instances)
        {
            int up = 0, down = 0;
            Word? first = null;
            foreach (LintTracker tracker in instance.Trackers)
            {
                int weight = tracker.Weight ?? OwnWeight(lint, tracker);
                if (weight == 0 || tracker.Block.Keyword!.Name == "track_file")
                {
                    // A file's weight is multiplied with what it will hold.
                    continue;
                }

                if (One(lint, instance, tracker, weight))
                {
                    (up, down) = (up + Math.Max(weight, 0), down + Math.Min(weight, 0));
                    first ??= tracker.Line.First;
                }
            }

            if (first is { } at)
            {
                Range(lint, instance, at, Math.Clamp(instance.Priority + down, Lowest, Highest), Math.Clamp(instance.Priority + up, Lowest, Highest));
            }
        }
    }

    /// <summary>Whether the weight can do anything; if not it is said.</summary>
    private static bool One(LintContext lint, LintInstance instance, LintTracker tracker, int weight)
    {
        Word at = tracker.Line.After("weight") ?? tracker.Line.First;
        if (instance.Group is { } group && !group.Node.Has("sync_group_tracking_weight") && !group.Node.Has("global_tracking"))
        {
            lint.Add(InGroup, at, $"({instance.Name}) weight {weight} of {tracker.Name} is not counted in the sync group {group.Name}");
            return false;
        }

        if (tracker.Block.Keyword!.Name == "track_interface" && tracker.Name == instance.Interface && !instance.Node.Has("dont_track_primary"))
        {
            lint.Add(NoEffect, at, $"({instance.Name}) {tracker.Name} is its own interface: without it the instance is in FAULT whatever the weight",
                "an instance always tracks its own interface with weight 0", "remove the line, or write dont_track_primary");
            return false;
        }

        int moved = Math.Clamp(instance.Priority + weight, Lowest, Highest);
        if (instance.Priority == Owner || moved == instance.Priority)
        {
            lint.Add(NoEffect, at, $"({instance.Name}) weight {weight} of {tracker.Name} cannot change priority {instance.Priority}");
            return false;
        }

        return true;
    }

    private static void Range(LintContext lint, LintInstance instance, Word at, int low, int high)
    {
        if (instance.Node.Last("nopreempt") is { } nopreempt && !instance.WantsMaster)
        {
            lint.Add(NoPreempt, nopreempt.First, $"({instance.Name}) nopreempt and weights work against each other");
        }

        if (high - low < 2)
        {
            lint.Add(TooSmall, at, $"({instance.Name}) is {high} or {low}: no priority lies between");
        }
        else
        {
            lint.Add(Window, at, $"({instance.Name}) is {high} when all is well and {low} when all fails:"
                + $" the tracked objects move the address only against a router of priority {low + 1} to {high - 1}");
        }
    }

    private static int OwnWeight(LintContext lint, LintTracker tracker)
    {
        if (tracker.Block.Keyword!.Name == "track_script")
        {
            return lint.Model.Scripts.TryGetValue(tracker.Name, out LintScript? script) ? script.Weight : 0;
        }

        string block = tracker.Block.Keyword.Name switch
        {
            "track_process" => "vrrp_track_process",
            "track_bfd" => "bfd_instance",
            _ => "",
        };
        return lint.Model.Tracked.TryGetValue($"{block} {tracker.Name}", out TreeNode? node) ? (int)(node.Last("weight")?.Whole() ?? 0) : 0;
    }
}
