using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>What keepalived checks, and mends, when it has read a virtual server to its end: a draft to the model.</summary>
internal sealed class ServerChecks(Findings findings, ServerDraft draft, ServerGroup? group)
{
    private static readonly Forwarding DefaultForwarding = new(ForwardingMethod.Nat, "ipip", 0, "");

    /// <summary>Null, with a complaint, if it has nothing to do.</summary>
    public VirtualServer? Settle()
    {
        if (draft.Members.Count == 0)
        {
            Complain($"Virtual server {draft.Title} has no real servers - ignoring", "add a block: real_server ADDR PORT { ... }");
            return null;
        }

        bool hasMarks = draft.Mark is not null || (group is not null && Array.Exists(group.Ranges, range => range.Mark is not null));
        bool hasAddresses = draft.Mark is null && (group is null || Array.Exists(group.Ranges, range => range.Mark is null));
        if (group is not null && !FamilyFits(group))
        {
            return null;
        }

        Modes(hasMarks, hasAddresses);
        draft.Scheduler ??= Default("wlc", $"Virtual server {draft.Title}: no scheduler set, setting default 'wlc'", "add a line: lb_algo wlc");
        Forwarding forwarding = draft.Forwarding ?? Default(DefaultForwarding,
            $"Virtual server {draft.Title}: no forwarding method set, setting default NAT", "add a line: lb_kind NAT");
        DropTwins();
        Quorum();
        Ports(forwarding, hasMarks);
        if (!draft.Members.Exists(member => member.Checkers.Count > 0))
        {
            findings.Add(new(draft.Where.Where, Severity.Warning, ConfigFault.None, $"Virtual server {draft.Title} has no checks")
            {
                Explanation = "its real servers would get traffic whether or not they answer: add a TCP_CHECK { } to each real_server",
                SourceLine = draft.Where.Line.Shown,
            });
        }

        RealServer[] members = new RealServer[draft.Members.Count];
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = Member(draft.Members[i], forwarding);
        }

        return new()
        {
            Title = draft.Title,
            Address = draft.Address,
            Port = draft.Port,
            Mark = draft.Mark,
            Group = draft.Group,
            Protocol = draft.Protocol,
            Family = draft.Family,
            Scheduler = draft.Scheduler,
            Forwarding = forwarding,
            Persistence = TimeSpan.FromSeconds(draft.Persistence),
            Quorum = draft.Quorum,
            Hysteresis = draft.Hysteresis,
            Sorry = draft.Sorry is { } sorry ? Member(sorry, forwarding) : null,
            RealServers = members,
            Settings = draft.Settings.ToArray(),
            Where = draft.Where.Where,
        };
    }

    private RealServer Member(MemberDraft member, Forwarding forwarding) => new()
    {
        Address = member.Address,
        Port = member.Port,
        Weight = member.Weight ?? draft.Weight,
        Forwarding = member.Forwarding ?? forwarding,
        Checkers = member.Checkers.ToArray(),
        Settings = member.Settings.ToArray(),
        Where = member.Where.Where,
    };

    /// <summary>keepalived says this in its log only; the virtual server is not set up.</summary>
    private bool FamilyFits(ServerGroup with)
    {
        bool tunnelled = draft.Members.TrueForAll(member => (member.Forwarding ?? draft.Forwarding)?.Method == ForwardingMethod.Tunnel);
        if (tunnelled)
        {
            return true;
        }

        bool hasV4 = Array.Exists(with.Ranges, range => range.Family == 4), hasV6 = Array.Exists(with.Ranges, range => range.Family == 6);
        string? text = hasV4 && hasV6 ? $"{with.Name}: virtual server group with IPv4 & IPv6 doesn't match virtual server {draft.Title} - ignoring"
            : (draft.Family == 6 ? hasV4 : hasV6) ? $"{with.Name}: address family doesn't match virtual server {draft.Title} - ignoring" : null;
        if (text is not null)
        {
            findings.Add(new(draft.Where.Where, Severity.Warning, ConfigFault.None, text)
            {
                Explanation = "only tunnels (lvs_method TUN) lead from one family to the other",
                SourceLine = draft.Where.Line.Shown,
                IsBare = true,
            });
        }

        return text is null;
    }

    private void Modes(bool hasMarks, bool hasAddresses)
    {
        if (hasMarks && draft.HaSuspend)
        {
            Complain($"Virtual server {draft.Title}: cannot use ha_suspend with fwmarks - clearing ha_suspend", "a mark has no address to look for: remove it");
        }

        if (!hasAddresses && draft.Protocol != LvsProtocol.None)
        {
            Complain($"Warning: Virtual server {draft.Title}: protocol specified for fwmark - protocol will be ignored", "remove the line: protocol");
            draft.Protocol = LvsProtocol.None;
        }
        else if (hasAddresses && draft.Protocol == LvsProtocol.None)
        {
            Complain($"Virtual server {draft.Title}: no protocol set - defaulting to UDP", "add a line: protocol TCP, UDP or SCTP");
            draft.Protocol = LvsProtocol.Udp;
        }

        if (draft.OnePacket && hasAddresses && draft.Protocol != LvsProtocol.Udp)
        {
            Complain($"Virtual server {draft.Title}: one packet scheduling requires UDP - resetting", "remove the line: ops");
        }

        bool hasZero = group is null ? hasAddresses && draft.Port == 0 : Array.Exists(group.Ranges, range => range is { Mark: null, Port: 0 });
        if (hasZero && draft.Persistence == 0)
        {
            Complain($"Virtual server {draft.Title}: zero port only valid for persistent services - setting",
                "add a port, or a line: persistence_timeout 360");
            draft.Persistence = 360;
        }
    }

    /// <summary>By address and port.</summary>
    private void DropTwins()
    {
        HashSet<string> known = [];
        draft.Members.RemoveAll(member =>
        {
            string title = draft.Of(member.Address, member.Port);
            if (known.Add(title))
            {
                return false;
            }

            Complain($"VS {draft.Title}: real server {title} is duplicated - removing second rs", "each may stand once: change address or port", member.Where);
            return true;
        });
    }

    private void Quorum()
    {
        long total = 0;
        foreach (MemberDraft member in draft.Members)
        {
            total += member.Weight ?? draft.Weight;
        }

        if (draft.Quorum > total)
        {
            Complain($"Warning - quorum {draft.Quorum} for {draft.Title} exceeds total weight of real servers {total}, reducing quorum to {total}",
                "the quorum is a sum of weights, which these servers can never reach");
            draft.Quorum = total;
        }

        if (draft.Hysteresis >= draft.Quorum)
        {
            long most = Math.Max(0, draft.Quorum - 1);
            Complain($"Virtual server {draft.Title}: hysteresis {draft.Hysteresis} >= quorum {draft.Quorum}; setting hysteresis to {most}",
                "the quorum would never be lost");
            draft.Hysteresis = most;
        }
    }

    /// <summary>Only NAT can change the port.</summary>
    private void Ports(Forwarding forwarding, bool hasMarks)
    {
        const string Why = "only NAT can change the port: lb_kind NAT, or the port of the virtual server";
        foreach (MemberDraft member in draft.Members)
        {
            string title = draft.Of(member.Address, member.Port);
            if ((member.Forwarding ?? forwarding).Method == ForwardingMethod.Nat || member.Port == 0)
            {
                continue;
            }

            if (hasMarks)
            {
                Complain($"WARNING - fwmark virtual server {draft.Title}, real server {title} has port specified -"
                    + (group is null ? " clearing" : " port will be ignored"), Why, member.Where);
            }

            foreach (ServerRange range in group?.Ranges ?? [])
            {
                if (range.Mark is null && range.Port != member.Port)
                {
                    Complain($"virtual server {draft.Title}:[{range.ToString()},{range.Port}] and real server {title} ports don't match", Why, member.Where);
                }
            }

            if (group is null && !hasMarks && member.Port != draft.Port)
            {
                Complain($"WARNING - virtual server {draft.Title} and real server {title} ports don't match - resetting", Why, member.Where);
            }

            member.Port = group is null ? draft.Port : member.Port;
        }

        if (draft.Sorry is not { Port: > 0 } sorry || (sorry.Forwarding ?? forwarding).Method == ForwardingMethod.Nat)
        {
            return;
        }

        if (group is not null && hasMarks)
        {
            Complain($"WARNING - fwmark virtual server {draft.Title}, sorry server has port specified - port will be ignored", Why, sorry.Where);
        }

        if (draft.Mark is not null || (group is not null && Array.Exists(group.Ranges, range => range.Mark is null)))
        {
            Complain($"WARNING - virtual server {draft.Title}, sorry server has port specified -"
                + (group is null ? " clearing" : " port will be ignored"), Why, sorry.Where);
        }
        else if (group is null && sorry.Port != draft.Port)
        {
            Complain($"WARNING - virtual server {draft.Title} and sorry server ports don't match - resetting", Why, sorry.Where);
        }

        sorry.Port = group is null ? draft.Port : sorry.Port;
    }

    private T Default<T>(T value, string text, string explanation)
        where T : class
    {
        Complain(text, explanation);
        return value;
    }

    /// <summary>A line without a number in front, because keepalived finds it after reading.</summary>
    private void Complain(string text, string explanation, Word? at = null)
    {
        Word place = at ?? draft.Where;
        findings.Add(new(place.Where, Severity.Error, ConfigFault.General, text)
        {
            Explanation = explanation,
            SourceLine = place.Line.Shown,
            IsBare = true,
        });
    }
}
