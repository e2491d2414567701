using System;

namespace Vrrpd.Core.Config;

/// <summary>vrrp_instance block to <see cref="InstanceDraft"/>: everything that can be said without the rest of the file.</summary>
internal sealed class InstanceBinder(BlockBinder common)
{
    private static Argument TrackWeight => ConfigKeywords.Find(ConfigKeywords.Block("track")!, "weight"u8)!.Arguments[0];

    private readonly AddressBinder _addresses = new(common);

    public InstanceDraft Bind(ConfigNode block)
    {
        InstanceDraft draft = new(block.Words[1].Text, block.Words[1]);
        foreach (ConfigNode node in BlockBinder.Accepted(block, Refuse))
        {
            switch (node.Keyword!.Name)
            {
                case "state":
                    State(node.Words[1], draft);
                    break;
                case "interface":
                    Interface(node.Words[1], draft);
                    break;
                case "mcast_src_ip" or "unicast_src_ip":
                    Source(node.Words[1], draft);
                    break;
                case "virtual_router_id":
                    draft.Vrid = (int)BlockBinder.Number(node);
                    break;
                case "priority":
                    draft.Priority = (int)BlockBinder.Number(node);
                    break;
                case "advert_int":
                    draft.AdvertMicroseconds = BlockBinder.Number(node);
                    draft.AdvertWhere = node.Words[1];
                    break;
                case "version":
                    Version(node, draft);
                    break;
                case "authentication":
                    Authentication(node, draft);
                    break;
                case "virtual_ipaddress":
                    Addresses(node, draft);
                    break;
                case "track_script":
                    TrackScripts(node, draft);
                    break;
                default:
                    AnnounceBinder.Bind(node, draft.Announce, common, $"({draft.Name}): ");
                    break;
            }
        }

        foreach (ConfigNode node in block.Children)
        {
            // keepalived falls back to the default, not to what an earlier line said.
            draft.Priority = node.IsRejected && node.Keyword!.Name == "priority" ? 100 : draft.Priority;
        }

        return draft;

        void Refuse(ConfigNode node)
        {
            draft.IsRefused = true;
            common.Refuse(node.First, $"({draft.Name}) Keyword '{node.First.Text}'", node.Keyword!.Consequence);
        }
    }

    private void Interface(Word at, InstanceDraft draft)
    {
        if (common.Interface(at) is string name)
        {
            (draft.Interface, draft.InterfaceWhere) = (name, at.Where);
        }
    }

    private void State(Word at, InstanceDraft draft)
    {
        if (at.Text is not ("MASTER" or "BACKUP"))
        {
            common.Findings.Error(at, ConfigFault.General, $"({draft.Name}) unknown state '{at.Text}', defaulting to BACKUP",
                "state is MASTER or BACKUP, in capitals");
        }

        bool wantsMaster = at.Text == "MASTER";
        if (draft.WantMaster == true && !wantsMaster)
        {
            common.Findings.Error(at, ConfigFault.General, $"({draft.Name}) state previously set as MASTER - ignoring {at.Text}",
                "state may stand once");
            return;
        }

        draft.WantMaster = wantsMaster;
    }

    private void Source(Word at, InstanceDraft draft)
    {
        if (Ip.TryParseV4(at.Text, out Ip ip))
        {
            draft.Source = ip;
        }
        else if (Ip.TryParseV6(at.Text, out _))
        {
            draft.IsRefused = true;
            common.Refuse(at, $"({draft.Name}) IPv6 source {at.Text}", "an instance for IPv6 cannot be served");
        }
        else
        {
            common.Findings.Error(at, ConfigFault.General,
                $"Configuration error: VRRP instance[{draft.Name}] malformed src address[{at.Text}]. Skipping...",
                $"'{at.Text}' is not an IPv4 address");
        }
    }

    private void Version(ConfigNode node, InstanceDraft draft)
    {
        long version = BlockBinder.Number(node);
        if (draft.Version is { } earlier && earlier != version)
        {
            common.Findings.Error(node.Words[1], ConfigFault.General,
                $"({draft.Name}) vrrp_version {version} conflicts with configured or deduced version {earlier}; ignoring.",
                "version may stand once");
            return;
        }

        draft.Version = (int)version;
        if (version == 3)
        {
            draft.IsRefused = true;
            common.Refuse(node.Words[1], $"({draft.Name}) version 3", "the instance cannot be served");
        }
    }

    private void Authentication(ConfigNode block, InstanceDraft draft)
    {
        foreach (ConfigNode node in BlockBinder.Accepted(block, common.Refuse))
        {
            Word at = node.Words[1];
            draft.HasAuthType |= node.Keyword!.Name == "auth_type";
            switch (node.Keyword.Name)
            {
                case "auth_type" when at.Text == "PASS":
                    draft.HasPassType = true;
                    break;
                case "auth_type" when at.Text == "AH":
                    draft.IsRefused = true;
                    common.Refuse(at, $"({draft.Name}) auth_type AH", "peers would reject adverts without the header");
                    break;
                case "auth_type":
                    common.Findings.Error(at, ConfigFault.General, $"({draft.Name}) unknown authentication type '{at.Text}'",
                        at.Text.Equals("pass", StringComparison.OrdinalIgnoreCase) ? "write PASS in capitals" : "auth_type takes PASS");
                    break;
                default:
                    if (ConfigText.Encode(at.Text).Length > 8)
                    {
                        common.Findings.Error(at, ConfigFault.General, "Truncating auth_pass to 8 characters",
                            "the packet has room for 8 bytes; peers use these only");
                    }

                    draft.Password = at;
                    break;
            }
        }
    }

    private void Addresses(ConfigNode block, InstanceDraft draft)
    {
        foreach (ConfigNode line in block.Children)
        {
            AddressDraft? address = _addresses.Bind(line, draft);
            if (address is not null)
            {
                draft.Addresses.Add(address);
            }
        }
    }

    private void TrackScripts(ConfigNode block, InstanceDraft draft)
    {
        foreach (ConfigNode line in block.Children)
        {
            TrackDraft? track = TrackScript(line, draft);
            if (track is null)
            {
                continue;
            }

            if (draft.ScriptsSeen.Add(track.Name.Text))
            {
                draft.Scripts.Add(track);
            }
            else
            {
                common.Findings.Error(line.First, ConfigFault.General,
                    $"({draft.Name}) duplicate track_script {track.Name.Text} - ignoring", "each script may stand once");
            }
        }
    }

    private TrackDraft? TrackScript(ConfigNode line, InstanceDraft draft)
    {
        TrackDraft track = new(line.First, null, null, null);
        WordList words = line.Words;
        for (int i = 1; i < words.Length; i++)
        {
            switch (words[i].Text)
            {
                case "weight" when i + 1 < words.Length:
                    Word at = words[++i];
                    long? weight = common.Number(at, TrackWeight,
                        $"({draft.Name}) track script {line.First.Text}: weight must be between [-253..253] inclusive, ignoring...",
                        $"weight takes -253..253, not '{at.Text}'");
                    track = weight is null ? track : track with { Weight = (int)weight.Value, Reverse = false, WeightWhere = at };
                    break;
                case "weight":
                    common.Findings.Error(words[i], ConfigFault.General,
                        $"({draft.Name}) weight without value specified for track script {line.First.Text} - ignoring",
                        "a line is NAME [weight W [reverse|noreverse]]; the line is ignored");
                    return null;
                case "reverse":
                    track = track with { Reverse = true };
                    break;
                case "noreverse":
                    track = track with { Reverse = false };
                    break;
                default:
                    common.Findings.Error(words[i], ConfigFault.General,
                        $"({draft.Name}) unknown track script option {words[i].Text} - ignoring",
                        "a line is NAME [weight W [reverse|noreverse]]; the line is ignored");
                    return null;
            }
        }

        return track;
    }
}
