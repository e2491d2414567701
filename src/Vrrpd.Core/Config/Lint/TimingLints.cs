using System;

namespace Vrrpd.Core.Config;

/// <summary>Intervals that are not what they look like.</summary>
internal static class TimingLints
{
    private const long Second = 1_000_000, Centisecond = 10_000, LongestV3 = 40_950_000, VeryShort = 50_000;

    public static readonly LintRule Rounded = new("advert-int-rounded", Severity.Warning,
        "`advert_int` with decimals that the packet cannot carry",
        "a VRRPv2 packet holds whole seconds, and routers whose intervals differ ignore each other: two masters",
        "write whole seconds, or version 3 on all routers for intervals below a second")
    { IsComplaint = true };

    public static readonly LintRule TooLong = new("advert-int-too-long", Severity.Warning,
        "`advert_int` above 40.95 s with version 3", "a VRRPv3 packet has 12 bits of centiseconds: 40.95 s is the longest",
        "write advert_int 40 or less")
    { IsComplaint = true };

    public static readonly LintRule Short = new("advert-int-short", Severity.Note,
        "`advert_int` below 50 ms", "a host that is not scheduled for that long loses its addresses: a busy disk or a migrated machine is enough",
        "0.1 to 1 s are usual; below, give the daemon real-time priority (vrrp_rt_priority)");

    public static readonly LintRule OneAdvert = new("down-timer-one", Severity.Warning,
        "`down_timer_adverts 1`", "a single lost packet makes the backup take over: two masters until the next advert",
        "leave it at 3; for faster failover shorten advert_int");

    public static readonly LintRule DelayIgnored = new("preempt-delay-ignored", Severity.Warning,
        "`preempt_delay` together with `state MASTER`, priority 255 or `nopreempt`",
        "preempt_delay holds back a router that would take over from a lower master; `state MASTER` clears it, and nopreempt never takes over",
        "remove one of the two; a delay needs state BACKUP and preemption")
    {
        Says = ["preempt delay will not work", "preempt_delay is incompatible with nopreempt"],
    };

    public static void Check(LintContext lint)
    {
        if (lint.Model.Globals.Last("vrrp_down_timer_adverts") is { } global)
        {
            DownTimer(lint, global);
        }

        foreach (LintInstance instance in lint.Model.Instances)
        {
            if (instance.Node.Last("advert_int") is { ArgumentCount: > 0 } interval && interval.Microseconds() is long length)
            {
                Interval(lint, instance, interval.Words[1], length);
            }

            if (instance.Node.Last("down_timer_adverts") is { } adverts)
            {
                DownTimer(lint, adverts);
            }

            if (instance.Node.Last("preempt_delay") is { ArgumentCount: > 0 } delay && delay.Microseconds() > 0)
            {
                Delay(lint, instance, delay.First);
            }
        }
    }

    private static void Interval(LintContext lint, LintInstance instance, Word at, long length)
    {
        if (instance.Version == 2)
        {
            if (length % Second != 0)
            {
                long used = Math.Clamp((length + Second / 2) / Second, 1, 255);
                lint.Add(Rounded, at, $"({instance.Name}) advert_int {at.Text} is sent as {used} with version 2");
            }
        }
        else if (length > LongestV3)
        {
            lint.Add(TooLong, at, $"({instance.Name}) advert_int {at.Text} does not fit a version 3 packet");
        }
        else if (length % Centisecond != 0)
        {
            long used = Math.Max(1, (length + Centisecond / 2) / Centisecond);
            lint.Add(Rounded, at, $"({instance.Name}) advert_int {at.Text} is sent as {Decimals(used * Centisecond)}",
                "a VRRPv3 packet holds hundredths of a second", "write a multiple of 0.01");
        }
        else if (length is > 0 and < VeryShort)
        {
            lint.Add(Short, at, $"({instance.Name}) a backup takes over {Decimals(3 * length)} s to {Decimals(4 * length)} s after the last advert");
        }
    }

    private static void DownTimer(LintContext lint, TreeNode node)
    {
        if (node.Whole() == 1)
        {
            lint.Add(OneAdvert, node.Words[1], $"{node.First.Text} 1 leaves no room for a lost packet");
        }
    }

    private static void Delay(LintContext lint, LintInstance instance, Word at)
    {
        string reason = instance.WantsMaster ? "state MASTER" : instance.IsOwner ? "priority 255"
            : instance.Node.Last("nopreempt") is not null && !instance.Node.Has("preempt") ? "nopreempt" : "";
        if (reason.Length > 0)
        {
            lint.Add(DelayIgnored, at, $"({instance.Name}) preempt_delay has no effect with {reason}");
        }
    }

    private static string Decimals(long microseconds) => ConfigNumbers.Decimal(microseconds).TrimEnd('0').TrimEnd('.');
}
