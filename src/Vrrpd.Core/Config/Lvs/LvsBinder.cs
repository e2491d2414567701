using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>
/// virtual_server_group, virtual_server and SSL to <see cref="LvsConfig"/>, with keepalived's complaints. None of it is served yet, which
/// is said once, in one line.
/// </summary>
internal sealed class LvsBinder(BlockBinder common)
{
    private readonly List<ServerGroup> _groups = [];
    private readonly List<VirtualServer> _servers = [];

    /// <summary>Null if the file has nothing of the kind.</summary>
    public static LvsConfig? Bind(ConfigNode root, BlockBinder common)
    {
        LvsBinder binder = new(common);
        return binder.Read(root);
    }

    private LvsConfig? Read(ConfigNode root)
    {
        CheckerBinder checkers = new(common, Names(root, "track_file", "vrrp_track_file"), Names(root, "bfd_instance", ""));
        List<ServerDraft> drafts = [];
        LvsSetting[]? ssl = null;
        Word? first = null;
        int servers = 0, realServers = 0;
        foreach (ConfigNode block in root.Children)
        {
            if (block.Keyword is not { IsSummed: true } keyword)
            {
                continue;
            }

            first ??= block.First;
            switch (keyword.Name)
            {
                case "virtual_server":
                    servers++;
                    realServers += Count(block, "real_server");
                    if (!block.IsRejected && new ServerBinder(common, checkers).Bind(block) is { } draft)
                    {
                        drafts.Add(draft);
                    }

                    break;
                case "virtual_server_group" when !block.IsRejected:
                    ReadGroup(block);
                    break;
                case "SSL":
                    ssl = ReadSsl(block, ssl);
                    break;
                default:
                    break;
            }
        }

        if (first is not { } place)
        {
            return null;
        }

        HashSet<string> known = [];
        foreach (ServerDraft draft in drafts)
        {
            Settle(draft, known);
        }

        foreach (ServerGroup group in _groups)
        {
            if (!drafts.Exists(draft => draft.Group == group.Name))
            {
                Advise(group.Where, $"virtual_server_group {group.Name} is not used", $"write: virtual_server group {group.Name} {{ ... }}");
            }
        }

        string what = servers == 0 && realServers == 0 ? $"{place.Text} is"
            : $"{Counted(servers, "virtual server")} with {Counted(realServers, "real server")} {(servers == 1 ? "is" : "are")}";
        common.Findings.Add(new(place.Where, Severity.Warning, ConfigFault.None,
            $"{what} understood but not served: no load balancing, no health checks")
        {
            Code = FindingCode.NoEffect,
        });
        return new() { Groups = _groups.ToArray(), Servers = _servers.ToArray(), Ssl = ssl, Where = place.Where };
    }

    /// <summary>What can be said when the groups are known.</summary>
    private void Settle(ServerDraft draft, HashSet<string> known)
    {
        ServerGroup? group = draft.Group.Length > 0 ? _groups.Find(one => one.Name == draft.Group) : null;
        if (draft.Group.Length > 0 && group is null)
        {
            Advise(draft.Where.Where,
                $"Virtual server group {draft.Group} specified but not configured - ignoring virtual server {draft.Title}",
                $"write: virtual_server_group {draft.Group} {{ ADDR PORT }}, or correct the name");
            return;
        }

        VirtualServer? server = new ServerChecks(common.Findings, draft, group).Settle();
        if (server is null)
        {
            return;
        }

        if (!known.Add(server.Title))
        {
            Advise(server.Where, $"Virtual server {server.Title} is defined twice", "the kernel has room for one of them: put the real servers together");
        }

        _servers.Add(server);
    }

    private void ReadGroup(ConfigNode block)
    {
        string name = block.Words[1].Text;
        List<ServerRange> ranges = new RangeBinder(common, name).Bind(block);
        if (ranges.Count == 0)
        {
            common.Findings.Error(block.End, ConfigFault.General, $"virtual server group {name} has no entries - removing",
                "a line is ADDR [PORT], a range of addresses [PORT], or fwmark N");
            return;
        }

        if (_groups.Exists(group => group.Name == name))
        {
            common.Findings.Advise(block.Words[1], $"virtual_server_group {name} is defined twice", "the first one counts: give the second another name");
        }

        _groups.Add(new() { Name = name, Ranges = ranges.ToArray(), Where = block.Words[1].Where });
    }

    private LvsSetting[] ReadSsl(ConfigNode block, LvsSetting[]? earlier)
    {
        if (earlier is not null)
        {
            common.Findings.Error(block.First, ConfigFault.General, "SSL context already specified - replacing", "put it all into one block");
        }

        List<LvsSetting> settings = [];
        foreach (ConfigNode node in block.Children)
        {
            if (!node.IsRejected)
            {
                settings.Add(CheckerBinder.Setting(node));
            }
        }

        return settings.ToArray();
    }

    private void Advise(SourceSpan where, string text, string explanation) => common.Findings.Add(new(where, Severity.Warning, ConfigFault.None, text)
    {
        Explanation = explanation,
        IsBare = true,
    });

    private static int Count(ConfigNode block, string keyword)
    {
        int count = 0;
        foreach (ConfigNode node in block.Children)
        {
            count += node.Keyword?.Name == keyword ? 1 : 0;
        }

        return count;
    }

    private static HashSet<string> Names(ConfigNode root, string keyword, string old)
    {
        HashSet<string> names = [];
        foreach (ConfigNode block in root.Children)
        {
            if (block.Keyword is { } found && (found.Name == keyword || found.Name == old) && block.ArgumentCount > 0)
            {
                names.Add(block.Words[1].Text);
            }
        }

        return names;
    }

    private static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
