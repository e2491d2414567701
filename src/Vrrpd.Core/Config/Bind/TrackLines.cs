using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>Lines of track_interface, track_script, track_file, track_process and track_bfd: NAME [weight W [reverse|noreverse]].</summary>
internal sealed class TrackLines(BlockBinder common, HostNames host)
{
    /// <summary>254 is read and cut to 253 where a priority of 254 must stay possible.</summary>
    private static readonly Argument Whole = Argument.Range(-254, 254), Narrow = Argument.Range(-253, 253);

    public static TrackKind? KindOf(string keyword) => keyword switch
    {
        "track_interface" => TrackKind.Interface,
        "track_script" => TrackKind.Script,
        "track_file" => TrackKind.File,
        "track_process" => TrackKind.Process,
        "track_bfd" => TrackKind.Bfd,
        _ => null,
    };

    /// <summary>Adds the good lines of a block. The owner is the instance or group.</summary>
    public void Read(ConfigNode block, TrackKind kind, string owner, List<TrackDraft> tracks)
    {
        foreach (ConfigNode line in block.Children)
        {
            Word name = line.First;
            string text = name.Text;
            if (!IsDefined(kind, name, text, owner))
            {
                continue;
            }

            if (Contains(tracks, kind, name))
            {
                common.Findings.Error(name, ConfigFault.General, $"({owner}) duplicate {Keyword(kind)} {text} - ignoring",
                    "each may stand once");
            }
            else if (Line(line, kind, owner, text) is { } track)
            {
                tracks.Add(track);
            }
        }
    }

    private static bool Contains(List<TrackDraft> tracks, TrackKind kind, Word name)
    {
        foreach (TrackDraft track in tracks)
        {
            if (track.Kind == kind && track.Name.Is(name.Bytes))
            {
                return true;
            }
        }

        return false;
    }

    private static string Keyword(TrackKind kind) => kind switch
    {
        TrackKind.Interface => "track_interface",
        TrackKind.Script => "track_script",
        TrackKind.File => "track_file",
        TrackKind.Process => "track_process",
        _ => "track_bfd",
    };

    /// <summary>As keepalived speaks of it.</summary>
    public static string Spoken(TrackKind kind) => kind == TrackKind.Interface ? "track_interface" : Keyword(kind).Replace('_', ' ');

    private bool IsDefined(TrackKind kind, Word at, string name, string owner)
    {
        if (kind == TrackKind.Interface)
        {
            host.Add(HostThing.Interface, at, $"({owner}) tracked interface {name} doesn't exist");
            return true;
        }

        (HashSet<string> known, string block) = kind switch
        {
            TrackKind.Script => (host.Scripts, "vrrp_script"),
            TrackKind.File => (host.Files, "track_file"),
            TrackKind.Process => (host.Processes, "vrrp_track_process"),
            _ => (host.Bfds, "bfd_instance"),
        };
        if (known.Contains(name))
        {
            return true;
        }

        common.Findings.Error(at, ConfigFault.General, $"({owner}) {Spoken(kind)} {name} not found, ignoring...",
            $"there is no {block} '{name}' in this configuration");
        return false;
    }

    private TrackDraft? Line(ConfigNode line, TrackKind kind, string owner, string name)
    {
        TrackDraft track = new(kind, line.First, null, null);
        if (line.Words.Length == 1)
        {
            return track;
        }

        string option = line.Words[1].Text;
        string named = kind is TrackKind.Interface or TrackKind.Bfd ? $"{Spoken(kind)} {name}" : Spoken(kind);
        if (option != "weight")
        {
            common.Findings.Error(line.Words[1], ConfigFault.General, $"({owner}) unknown {named} option {option} - ignoring",
                "a line is NAME [weight W [reverse|noreverse]]; the line is ignored");
            return null;
        }

        if (line.Words.Length == 2)
        {
            common.Findings.Error(line.Words[1], ConfigFault.General,
                $"({owner}) weight without value specified for {Spoken(kind)} {name} - ignoring",
                "a line is NAME [weight W [reverse|noreverse]]; the line is ignored");
            return null;
        }

        track = track with { Weight = Weight(line.Words[2], kind, owner, name), Reverse = false };
        return line.Words.Length == 3 ? track : track with { Reverse = Reverse(line, kind, owner, name) };
    }

    private int? Weight(Word at, TrackKind kind, string owner, string name)
    {
        string text = at.Text;
        string complaint = kind switch
        {
            TrackKind.Interface => $"({owner}) weight {text} for {name} must be between [-253..253] inclusive. Ignoring...",
            TrackKind.Script => $"({owner}) track script {name}: weight must be between [-253..253] inclusive, ignoring...",
            TrackKind.Bfd => $"({owner}) weight for {Spoken(kind)} {name} must be in [-253..253] inclusive. Ignoring...",
            _ => $"({owner}) weight for {Spoken(kind)} {name} must be in [-254..254] inclusive. Ignoring...",
        };
        bool isWide = kind is TrackKind.File or TrackKind.Process;
        long? weight = common.Number(at, kind == TrackKind.Bfd ? Narrow : Whole, complaint,
            $"weight takes {(isWide ? "-254..254" : "-253..253")}, not '{text}'");
        if (weight is 254 or -254 && !isWide)
        {
            common.Findings.Error(at, ConfigFault.General, $"({owner}) weight for {name} cannot be +/-254. Setting to +/-253",
                "weight takes -253..253");
            weight = weight > 0 ? 253 : -253;
        }

        return (int?)weight;
    }

    private bool? Reverse(ConfigNode line, TrackKind kind, string owner, string name)
    {
        string option = line.Words[3].Text;
        if (option == "reverse" || (option == "noreverse" && kind != TrackKind.Interface))
        {
            return option == "reverse";
        }

        string what = kind switch
        {
            TrackKind.Interface => "track_interace",
            TrackKind.Script or TrackKind.Process => Keyword(kind),
            _ => Spoken(kind),
        };
        common.Findings.Error(line.Words[3], ConfigFault.General, $"({owner}) unknown {what} {name} weight option {option} - ignoring",
            "behind the weight only 'reverse' or 'noreverse' may follow");
        return false;
    }
}
