using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Vrrpd.Sim;

/// <summary>A vrrp_script of every host of a world.</summary>
internal sealed class ScriptPlan
{
    public required string Name { get; init; }
    public int Interval { get; set; } = 1;
    public int Timeout { get; set; } = 1;
    public int Rise { get; set; } = 1;
    public int Fall { get; set; } = 1;
}

/// <summary>One virtual router as its hosts are to be configured.</summary>
internal sealed class InstancePlan
{
    public required string Name { get; init; }
    public required int Segment { get; init; }
    public required int Vrid { get; init; }

    /// <summary>Of each host; 0: it does not take part.</summary>
    public required int[] Priorities { get; init; }
    public string Interval { get; set; } = "1";

    /// <summary>2 or 3.</summary>
    public int Version { get; init; } = 2;
    public bool IsV6 { get; init; }

    /// <summary>To each of the other hosts by its address.</summary>
    public bool IsUnicast { get; init; }

    /// <summary>On a macvlan with the virtual MAC address.</summary>
    public bool HasDevice { get; init; }

    /// <summary>Version 3: each host has an interval of its own, and the others learn it.</summary>
    public bool HasOwnIntervals { get; init; }

    /// <summary>Lines of virtual_ipaddress.</summary>
    public List<string> Addresses { get; } = [];

    /// <summary>Lines of track_script.</summary>
    public List<string> Tracks { get; } = [];

    /// <summary>Any other lines: authentication, announcements.</summary>
    public List<string> Lines { get; } = [];
}

/// <summary>
/// What the operator of a world wants: the hosts' configurations before they are written down. Reloads edit it and write it down again.
/// Addresses: host h has 10.S.0.h+1 on ethS, virtual ones lie above 10.S.0.100.
/// </summary>
internal sealed class Plan
{
    public required int Hosts { get; init; }
    public required int Segments { get; init; }
    public List<InstancePlan> Instances { get; } = [];
    public List<ScriptPlan> Scripts { get; } = [];

    /// <summary>Names of instances that are master together.</summary>
    public List<string> SyncGroup { get; } = [];

    /// <summary>Lines of global_defs.</summary>
    public List<string> Globals { get; } = [];

    private int _comment;

    /// <summary>Any plan at all.</summary>
    public static Plan Random(Prng random)
    {
        Plan plan = new() { Hosts = random.Between(2, 4), Segments = random.Between(1, 2) };
        if (random.Chance(50))
        {
            for (int i = random.Between(1, 2); i > 0; i--)
            {
                plan.Scripts.Add(new ScriptPlan
                {
                    Name = $"check{i}",
                    Interval = random.Between(1, 5),
                    Timeout = random.Between(1, 4),
                    Rise = random.Between(1, 3),
                    Fall = random.Between(1, 3),
                });
            }
        }

        int count = random.Between(1, 3);
        for (int i = 0; i < count; i++)
        {
            plan.Instances.Add(plan.RandomInstance(random, i));
        }

        if (random.Chance(10))
        {
            plan.Globals.Add(string.Create(CultureInfo.InvariantCulture, $"vrrp_startup_delay {random.Between(1, 20)}"));
        }

        if (count > 1 && random.Chance(30))
        {
            plan.Join(random);
        }

        return plan;
    }

    /// <summary>keepalived.conf of one host.</summary>
    public string Text(int host)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# configuration {_comment}\nglobal_defs {{\n    router_id host{host}\n");
        foreach (string line in Globals)
        {
            text.Append("    ").Append(line).Append('\n');
        }

        text.Append("}\n");
        foreach (ScriptPlan script in Scripts)
        {
            text.Append(CultureInfo.InvariantCulture, $"vrrp_script {script.Name} {{\n    script \"/usr/bin/{script.Name}\"\n    interval {script.Interval}\n");
            text.Append(CultureInfo.InvariantCulture, $"    timeout {script.Timeout}\n    rise {script.Rise}\n    fall {script.Fall}\n}}\n");
        }

        foreach (InstancePlan instance in Instances)
        {
            if (instance.Priorities[host] == 0)
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"vrrp_instance {instance.Name} {{\n    interface eth{instance.Segment}\n");
            text.Append(CultureInfo.InvariantCulture, $"    virtual_router_id {instance.Vrid}\n    priority {instance.Priorities[host]}\n");
            text.Append(CultureInfo.InvariantCulture, $"    advert_int {(instance.HasOwnIntervals ? OwnInterval(host) : instance.Interval)}\n");
            if (instance.Version == 3)
            {
                text.Append("    version 3\n");
            }

            if (instance.HasDevice)
            {
                text.Append("    use_vmac\n");
            }

            if (instance.IsUnicast)
            {
                Unicast(text, instance, host);
            }

            foreach (string line in instance.Lines)
            {
                text.Append("    ").Append(line).Append('\n');
            }

            Block(text, "virtual_ipaddress", instance.Addresses);
            Block(text, "track_script", instance.Tracks);
            text.Append("}\n");
        }

        if (SyncGroup.Count > 0 && Instances[0].Priorities[host] > 0)
        {
            text.Append("vrrp_sync_group G {\n");
            Block(text, "group", SyncGroup);
            text.Append("}\n");
        }

        return text.ToString();
    }

    /// <summary>The same in other words: no router may notice.</summary>
    public void Reword() => _comment++;

    /// <summary>Some change that an operator may want. The answer says whether it has to be made on all hosts.</summary>
    public bool Edit(Prng random, int host)
    {
        InstancePlan instance = Instances[random.Below(Instances.Count)];
        bool isOwned = Array.IndexOf(instance.Priorities, 255) >= 0 || SyncGroup.Contains(instance.Name);
        switch (random.Below(6))
        {
            case 0 when !isOwned:
                instance.Priorities[host] = instance.Priorities[host] == 0 ? 0 : RandomPriority(random);
                return false;
            case 1 when !isOwned && instance.Addresses.Count > 1:
                instance.Addresses.RemoveAt(random.Below(instance.Addresses.Count));
                return true;
            case 1 when !isOwned && !instance.IsV6:
                instance.Addresses.Add(string.Create(CultureInfo.InvariantCulture, $"10.{instance.Segment}.3.{instance.Vrid}/24"));
                return true;
            case 2 when instance.Version == 2:
                instance.Interval = random.Between(1, 3).ToString(CultureInfo.InvariantCulture);
                return true;
            case 3 when !isOwned:
                // Goes, or comes.
                instance.Priorities[host] = instance.Priorities[host] == 0 ? RandomPriority(random) : 0;
                return false;
            case 4 when Scripts.Count > 0:
                ScriptPlan script = Scripts[random.Below(Scripts.Count)];
                (script.Rise, script.Fall, script.Interval) = (random.Between(1, 3), random.Between(1, 3), random.Between(1, 5));
                return true;
            default:
                instance.Lines.RemoveAll(static line => line.StartsWith("garp_master_refresh ", StringComparison.Ordinal));
                instance.Lines.Add(string.Create(CultureInfo.InvariantCulture, $"garp_master_refresh {random.Between(0, 60)}"));
                return false;
        }
    }

    private static string OwnInterval(int host) => host switch
    {
        0 => "1",
        1 => "0.4",
        2 => "2",
        _ => "0.75",
    };

    private void Unicast(StringBuilder text, InstancePlan instance, int host)
    {
        List<string> peers = [];
        for (int other = 0; other < Hosts; other++)
        {
            if (other != host)
            {
                peers.Add(Address(other));
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"    unicast_src_ip {Address(host)}\n    track_src_ip\n");
        Block(text, "unicast_peer", peers);
        string Address(int of) => instance.IsV6 ? string.Create(CultureInfo.InvariantCulture, $"fd00:{instance.Segment}::{of + 1}")
            : string.Create(CultureInfo.InvariantCulture, $"10.{instance.Segment}.0.{of + 1}");
    }

    /// <summary>The first two in one group: on each host of one priority, and nothing that moves one of them alone.</summary>
    private void Join(Prng random)
    {
        for (int i = 0; i < 2; i++)
        {
            for (int host = 0; host < Hosts; host++)
            {
                Instances[i].Priorities[host] = i > 0 ? Instances[0].Priorities[host] : random.Pick<int>([50, 100, 101, 150, 200]);
            }

            SyncGroup.Add(Instances[i].Name);
            Instances[i].Tracks.RemoveAll(static track => track.Contains("weight", StringComparison.Ordinal));
            Instances[i].Lines.RemoveAll(static line => line.Contains("preempt", StringComparison.Ordinal));

            // A member that hears nobody by its signature alone would be held back by the others, which hear.
            Instances[i].Lines.RemoveAll(static line => line.StartsWith("auth_hmac", StringComparison.Ordinal));
            if (!Instances[i].IsV6 && Instances[i].Addresses[0].Contains($".0.", StringComparison.Ordinal))
            {
                // It was to have an owner.
                Instances[i].Addresses[0] = string.Create(CultureInfo.InvariantCulture, $"10.{Instances[i].Segment}.{1 + i}.100/24");
            }
        }
    }

    private InstancePlan RandomInstance(Prng random, int number)
    {
        int segment = random.Below(Segments);
        bool isV6 = random.Chance(25);
        int version = isV6 || random.Chance(40) ? 3 : 2;
        string interval = version == 3 && random.Chance(60) ? random.Pick<string>(
                ["0.5", "0.5", "0.5", "0.25", "0.25", "0.1", "1.37", "1.37", random.Chance(20) ? "0.03" : "0.7"])
            : random.Pick<string>(["1", "1", "1", "2", "3"]);
        bool isUnicast = random.Chance(20);
        InstancePlan instance = new()
        {
            Name = $"VI_{number + 1}",
            Segment = segment,
            Vrid = 51 + number,
            Version = version,
            IsV6 = isV6,
            IsUnicast = isUnicast,
            HasDevice = !isUnicast && random.Chance(20),
            HasOwnIntervals = version == 3 && random.Chance(15),
            Priorities = new int[Hosts],
            Interval = interval,
        };
        bool isTied = random.Chance(20);
        int tied = RandomPriority(random);
        for (int host = 0; host < Hosts; host++)
        {
            instance.Priorities[host] = host >= 2 && random.Chance(30) ? 0 : isTied ? tied : RandomPriority(random);
        }

        int owner = random.Below(2);
        string owned = string.Create(CultureInfo.InvariantCulture, $"10.{segment}.0.{owner + 1}/24");
        if (random.Chance(15) && !isV6 && !Instances.Exists(other => other.Addresses.Contains(owned)))
        {
            instance.Priorities[owner] = 255;
            instance.Addresses.Add(owned);
        }
        else
        {
            int many = random.Chance(10) ? random.Between(30, 45) : random.Between(1, 3);
            if (isV6)
            {
                // RFC 9568 5.2.9: the first is a link-local one.
                instance.Addresses.Add(string.Create(CultureInfo.InvariantCulture, $"fe80::{instance.Vrid}:100/64"));
            }

            for (int i = 0; i < many; i++)
            {
                bool isElsewhere = Segments > 1 && random.Chance(10);
                int on = isElsewhere ? 1 - segment : segment;
                string dev = isElsewhere ? $" dev eth{on}" : "";
                instance.Addresses.Add(isV6 ? string.Create(CultureInfo.InvariantCulture, $"fd00:{on}::{1 + number}:{100 + i}/64{dev}")
                    : string.Create(CultureInfo.InvariantCulture, $"10.{on}.{1 + number}.{100 + i}/24{dev}"));
            }

            foreach (ScriptPlan script in Scripts)
            {
                if (random.Chance(50))
                {
                    int weight = random.Chance(40) ? 0 : random.Between(-60, 60);
                    instance.Tracks.Add(script.Name + (weight == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" weight {weight}")));
                }
            }
        }

        if (random.Chance(25))
        {
            instance.Lines.Add(version == 3
                ? "auth_hmac {\n        key 1 0123456789abcdef0123456789abcdef\n        key 2 fedcba9876543210fedcba9876543210\n        active_key 1\n    }"
                : $"authentication {{\n        auth_type {(random.Chance(50) ? "PASS" : "AH")}\n        auth_pass secret\n    }}");
        }

        if (random.Chance(30))
        {
            instance.Lines.Add(random.Pick<string>(["no_accept", "nopreempt", "preempt_delay 2", "preempt_delay 12.5", "down_timer_adverts 2",
                "down_timer_adverts 5",
                "lower_prio_no_advert", "higher_prio_send_advert"]));
        }

        if (random.Chance(40))
        {
            instance.Lines.Add(string.Create(CultureInfo.InvariantCulture, $"garp_master_repeat {random.Between(1, 3)}"));
            instance.Lines.Add(string.Create(CultureInfo.InvariantCulture, $"garp_master_delay {random.Between(0, 7)}"));
            instance.Lines.Add(string.Create(CultureInfo.InvariantCulture, $"garp_master_refresh {random.Between(0, 60)}"));
        }

        return instance;
    }

    /// <summary>Few different ones, so that there are ties.</summary>
    private static int RandomPriority(Prng random) => random.Pick<int>([1, 50, 90, 100, 100, 101, 150, 200, 254]);

    private static void Block(StringBuilder text, string name, List<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        text.Append("    ").Append(name).Append(" {\n");
        foreach (string line in lines)
        {
            text.Append("        ").Append(line).Append('\n');
        }

        text.Append("    }\n");
    }
}
