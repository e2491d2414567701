using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>A virtual_server while it is read. What is not set was not written.</summary>
internal sealed class ServerDraft(Word where)
{
    public Word Where { get; } = where;
    public Ip Address { get; set; }
    public ushort Port { get; set; }
    public uint? Mark { get; set; }
    public string Group { get; set; } = "";

    /// <summary>4 or 6, 0 while nothing has decided it.</summary>
    public byte Family { get; set; }
    public LvsProtocol Protocol { get; set; }
    public string? Scheduler { get; set; }
    public Forwarding? Forwarding { get; set; }

    /// <summary>Seconds, 0 for none.</summary>
    public long Persistence { get; set; }
    public long Quorum { get; set; } = 1;
    public long Hysteresis { get; set; }
    public long Weight { get; set; } = 1;
    public bool OnePacket { get; set; }
    public bool HaSuspend { get; set; }
    public MemberDraft? Sorry { get; set; }
    public List<MemberDraft> Members { get; } = [];
    public List<LvsSetting> Settings { get; } = [];

    public string ProtocolName => Protocol switch
    {
        LvsProtocol.Tcp => "tcp",
        LvsProtocol.Udp => "udp",
        LvsProtocol.Sctp => "sctp",
        _ => "none",
    };

    /// <summary>As keepalived speaks of it.</summary>
    public string Title => Group.Length > 0 ? $"[{Group}]:0"
        : Mark is { } mark ? $"FWM {mark}" : Of(Address, Port);

    /// <summary>And of a real server.</summary>
    public string Of(Ip address, ushort port) => $"[{address}]:{ProtocolName}:{port}";
}

/// <summary>A real_server or the sorry_server while it is read.</summary>
internal sealed class MemberDraft(Word where, Ip address, ushort port)
{
    public Word Where { get; } = where;
    public Ip Address { get; } = address;
    public ushort Port { get; set; } = port;
    public long? Weight { get; set; }
    public Forwarding? Forwarding { get; set; }
    public List<Checker> Checkers { get; } = [];
    public List<LvsSetting> Settings { get; } = [];

    /// <summary>BFD sessions that its checks follow.</summary>
    public HashSet<string> Sessions { get; } = [];
}
