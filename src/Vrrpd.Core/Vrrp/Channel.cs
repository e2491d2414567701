using Vrrpd.Core.Config;

namespace Vrrpd.Core.Vrrp;

/// <summary>What is known of one channel: whether it is listened on, and since when.</summary>
internal sealed class Channel(ChannelConfig config)
{
    public ChannelConfig Config { get; private set; } = config;

    /// <summary>The last wish to listen was refused and has not been repeated.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Listening was asked for, and nobody has asked for its end.</summary>
    public bool IsListened { get; private set; }

    /// <summary>When it was repeated: a refusal would have come within that turn.</summary>
    private Instant ListenedAt { get; set; }

    /// <summary>Reload: the same channel under its new number. True if it has to be listened on anew, because its groups are others.</summary>
    public bool Adopt(ChannelConfig next)
    {
        bool same = next.Groups.Length == Config.Groups.Length;
        for (int i = 0; same && i < next.Groups.Length; i++)
        {
            same = next.Groups[i] == Config.Groups[i];
        }

        Config = next;
        return !same;
    }

    public void Listen(short number, Instant now, ref EffectSink sink)
    {
        (IsDeaf, IsListened, ListenedAt) = (false, true, now);
        sink.Add(new Effect(EffectKind.JoinGroup, number) { Slot = Config.Slot });
    }

    public void Leave(short number, ref EffectSink sink)
    {
        Forget();
        sink.Add(new Effect(EffectKind.LeaveGroup, number) { Slot = Config.Slot });
    }

    /// <summary>The interface is gone, and what was listened on with it.</summary>
    public void Forget() => IsListened = IsDeaf = false;

    /// <summary>True once it is heard again; asks for it, once, by whichever of its routers comes first.</summary>
    public bool TryListenAgain(short number, bool isPresent, Instant now, ref EffectSink sink)
    {
        if (IsDeaf && isPresent)
        {
            Listen(number, now, ref sink);
        }

        return isPresent && now > ListenedAt;
    }
}
