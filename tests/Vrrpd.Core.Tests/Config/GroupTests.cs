using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>vrrp_sync_group and track_group: who belongs to them, and what they may track. The complaints and lines are keepalived 2.2.7's.</summary>
public class GroupTests
{
    private const string Things = """
        vrrp_script S {
         script /bin/true
        }
        track_file S {
         file /tmp/x
        }
        vrrp_track_process S {
         process x
        }
        bfd_instance S {
         neighbor_ip 10.0.0.99
        }

        """;

    [Fact]
    public void A_group_is_made_of_the_instances_that_it_names_wherever_they_stand()
    {
        ConfigResult result = ConfigSource.Parse("vrrp_sync_group G {\n group {\n  A\n  B\n }\n}\n" + Pair());

        Assert.Empty(Complaints(result));
        SyncGroupConfig group = Assert.Single(result.Config!.SyncGroups);
        Assert.Equal("G", group.Name);
        Assert.Equal(["A", "B"], group.Members);
        Assert.Equal(1, group.Where.Line);
    }

    [Theory]
    [InlineData("group {\n A B\n}", "")]
    [InlineData("group { A B }", "")]
    [InlineData("group {\n A\n Z\n}", "Virtual router Z specified in sync group G doesn't exist - ignoring",
        "Sync group G has only 1 virtual router(s) - this probably isn't what you want")]
    [InlineData("group {\n Y\n}", "Virtual router Y specified in sync group G doesn't exist - ignoring",
        "Sync group G, no matching virtual router found in group declaration - removing")]
    [InlineData("group {\n A\n A\n B\n}", "Virtual router A cannot exist in more than one sync group; ignoring G")]
    [InlineData("group {\n}", "(Line 3) Warning - sync group G has empty group block", "Sync group G has no virtual router(s). removing")]
    [InlineData("", "Sync group G has no virtual router(s). removing")]
    [InlineData("group {\n A\n}\ngroup {\n B\n}", "(Line 5) Group list already specified for sync group G",
        "Sync group G has only 1 virtual router(s) - this probably isn't what you want")]
    [InlineData("group {\n A\n B\n}\nglobal_tracking",
        "(Line 6) (G) global_tracking is deprecated. Use track_interface/script/file on the sync group")]
    [InlineData("group {\n A\n B\n}\nnotify_master /bin/a\nnotify_master /bin/b\nnotify_stop /bin/a",
        "(Line 7) vrrp group G: notify_master script already specified - ignoring /bin/b")]
    [InlineData("group {\n A\n B\n}\nsmtp_alert x\nnotify_priority_changes x", "(Line 6) Invalid vrrp_group smtp_alert parameter x",
        "(Line 7) (G) Invalid value 'x' for sync group notify_priority_changes specified")]
    public void Members_are_looked_at_when_all_instances_are_known(string lines, params string[] complaints)
    {
        ConfigResult result = ConfigSource.Parse($"vrrp_sync_group G {{\n{lines}\n}}\n{Pair()}");

        Assert.Equal(Array.FindAll(complaints, line => line.Length > 0), Complaints(result));
        Assert.Equal(complaints[0].Length > 0 ? 5 : 0, result.TestExitStatus);
        Assert.True(result.CanRun);
    }

    [Fact]
    public void An_instance_stays_in_the_first_group_that_names_it()
    {
        ConfigResult result = ConfigSource.Parse(
            "vrrp_sync_group G {\n group {\n  A\n  B\n }\n}\nvrrp_sync_group H {\n group {\n  B\n  A\n }\n}\n" + Pair());

        Assert.Equal(["Virtual router B cannot exist in more than one sync group; ignoring H",
            "Virtual router A cannot exist in more than one sync group; ignoring H",
            "Sync group H, no matching virtual router found in group declaration - removing"], Complaints(result));
        Assert.Equal("G", Assert.Single(result.Config!.SyncGroups).Name);
    }

    [Theory]
    [InlineData("vrrp_sync_group {", "(Line 1) vrrp_sync_group must have a name - skipping")]
    [InlineData("vrrp_sync_group G H {", "(Line 1) vrrp_sync_group must have a name - skipping")]
    [InlineData("track_group {", "(Line 1) track_group must have a name - skipping")]
    [InlineData("track_group G H {", "(Line 1) track_group must have a name - skipping")]
    public void A_group_has_one_name(string header, string complaint)
    {
        ConfigResult result = ConfigSource.Parse($"{header}\n group {{\n  A\n  B\n }}\n}}\n{Pair()}");

        Assert.Equal([complaint], Complaints(result));
        Assert.Empty(result.Config!.SyncGroups);
    }

    [Fact]
    public void Names_of_groups_are_given_once()
    {
        const string Group = " G {\n group {\n  A\n  B\n }\n}\n";

        Assert.Equal(["(Line 7) vrrp sync group G already defined"],
            Complaints(ConfigSource.Parse($"vrrp_sync_group{Group}vrrp_sync_group{Group}{Pair()}")));
        Assert.Equal(["(Line 7) track_group G already defined"], Complaints(ConfigSource.Parse($"track_group{Group}track_group{Group}{Pair()}")));
        Assert.Empty(Complaints(ConfigSource.Parse($"vrrp_sync_group{Group}track_group{Group}{Pair()}")));
    }

    [Theory]
    [InlineData("track_script", "S weight 300", "(G) track script S: weight must be between [-253..253] inclusive, ignoring...")]
    [InlineData("track_script", "S weight 254", "(G) weight for S cannot be +/-254. Setting to +/-253")]
    [InlineData("track_script", "T", "(G) track script T not found, ignoring...")]
    [InlineData("track_file", "S weight x", "(G) weight for track file S must be in [-254..254] inclusive. Ignoring...")]
    [InlineData("track_file", "S foo", "(G) unknown track file option foo - ignoring")]
    [InlineData("track_process", "S weight", "(G) weight without value specified for track process S - ignoring")]
    [InlineData("track_bfd", "S weight 3 foo", "(G) unknown track bfd S weight option foo - ignoring")]
    [InlineData("track_interface", "e2 reverse", "(G) unknown track_interface e2 option reverse - ignoring")]
    [InlineData("track_interface", "e2\n e2", "(G) duplicate track_interface e2 - ignoring")]
    [InlineData("track_file", "S\n S", "(G) duplicate track_file S - ignoring")]
    public void What_a_group_tracks_is_read_as_what_an_instance_tracks(string keyword, string lines, string complaint)
    {
        ConfigResult result = ConfigSource.Parse(Grouped($" {keyword} {{\n {lines}\n }}\n") + Things);

        Assert.Equal([complaint], Texts(result));
    }

    [Theory]
    [InlineData("track_interface", "e2", "(G) Cannot have weighted track interface 'e2' with member having priority 255 - clearing weight")]
    [InlineData("track_script", "S", "(G) Cannot have weighted track script 'S' with member having priority 255 - clearing weight")]
    [InlineData("track_file", "S", "(G) Cannot have weighted track file 'S' with member having priority 255 - setting weight 0")]
    [InlineData("track_process", "S", "(G) Cannot have weighted track process 'S' with member having priority 255 - setting weight 0")]
    [InlineData("track_bfd", "S", "(G) Cannot have weighted track bfd 'S' with member having priority 255 - setting weight 0")]
    public void A_weight_is_lost_on_the_owner_of_the_addresses(string keyword, string name, string complaint)
    {
        string track = $" {keyword} {{\n  {name} weight 5\n }}\n";

        Assert.Equal([complaint], Complaints(ConfigSource.Parse(Grouped(track, "priority 255\n") + Things)));
        Assert.Empty(Complaints(ConfigSource.Parse(Grouped(track) + Things)));
    }

    [Theory]
    [InlineData("track_interface", "e2 weight 5", "(B) ignoring e2 tracked interface weight due to SYNC group")]
    [InlineData("track_script", "S weight 5", "(B) ignoring tracked script S with weights due to SYNC group")]
    [InlineData("track_file", "S weight 5", "(B) ignoring tracked file S with weight 5 due to SYNC group")]
    [InlineData("track_file", "S", "(B) ignoring weight from tracked file S due to SYNC group. specify weight 0")]
    [InlineData("track_bfd", "S weight 5", "(B) ignoring tracked bfd S with weight 5 due to SYNC group")]
    public void A_member_has_no_weights_of_its_own_unless_the_group_allows_them(string keyword, string line, string complaint)
    {
        string track = $"{keyword} {{\n{line}\n}}\n";

        Assert.Equal([complaint], Complaints(ConfigSource.Parse(Grouped("", track) + Things)));
        Assert.Empty(Complaints(ConfigSource.Parse(Grouped(" sync_group_tracking_weight\n", track) + Things)));
    }

    [Fact]
    public void The_interface_of_a_member_is_not_tracked_by_the_group_too()
    {
        Assert.Equal(
        [
            "(A) track_interface ens192 is configured on VRRP instance and sync group. Remove vrrp instance or sync group config",
            "(B) track_interface ens192 is configured on VRRP instance and sync group. Remove vrrp instance or sync group config",
        ], Complaints(ConfigSource.Parse(Grouped(" track_interface {\n  ens192\n }\n"))));
    }

    [Fact]
    public void A_script_that_only_a_group_tracks_is_in_use()
    {
        ConfigResult result = ConfigSource.Parse(Grouped(" track_script {\n  S\n }\n") + Things);

        Assert.DoesNotContain(result.Diagnostics, found => found.Text.Contains("is not used", StringComparison.Ordinal));
    }

    private static string Pair(string lines = "") => ConfigSource.Instance("virtual_ipaddress { 10.0.0.1 }")
        + ConfigSource.Instance(lines + "virtual_ipaddress { 10.0.0.2 }", "B", 6);

    private static string Grouped(string group, string member = "") => $"vrrp_sync_group G {{\n group {{\n  A\n  B\n }}\n{group}}}\n{Pair(member)}";

    /// <summary>keepalived's lines, one for each complaint that counts.</summary>
    private static string[] Complaints(ConfigResult result)
    {
        List<string> lines = [];
        foreach (Diagnostic found in result.Diagnostics)
        {
            if (found.Fault != ConfigFault.None)
            {
                lines.Add(DiagnosticText.Keepalived(found, withFile: false));
            }
        }

        return lines.ToArray();
    }

    private static string[] Texts(ConfigResult result)
    {
        List<string> lines = [];
        foreach (Diagnostic found in result.Diagnostics)
        {
            if (found.Fault != ConfigFault.None)
            {
                lines.Add(found.Text);
            }
        }

        return lines.ToArray();
    }
}
