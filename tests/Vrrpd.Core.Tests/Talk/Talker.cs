using System;
using System.Collections.Generic;
using System.Text;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;
using Xunit;

namespace Vrrpd.Core.Tests.Talk;

/// <summary>One router reduced to its mouth and ears: what it sends, and what it says to what it hears. No machine, no timers.</summary>
internal sealed class Talker
{
    public static readonly Ip A4 = Ip.FromV4(10, 10, 30, 1), B4 = Ip.FromV4(10, 10, 30, 2), C4 = Ip.FromV4(10, 10, 30, 3);
    public static readonly Ip A6 = Ip.FromV6(0xfe80_0000_0000_0000, 1), B6 = Ip.FromV6(0xfe80_0000_0000_0000, 2);

    private readonly TalkState _talk;
    private readonly AdvertTemplate _template;
    private readonly AdvertCheck _check;
    private readonly RejectLog _log;
    private readonly Effect[] _effects = new Effect[64];
    private readonly byte[] _arena = new byte[40_000];
    private RouterConfig _config;
    private Ip _source;

    public Talker(RouterConfig config, Ip source)
    {
        _config = Complete(config);
        _talk = new TalkState(_config);
        _template = new AdvertTemplate(_config, _talk);
        _log = new RejectLog(_config, 0);
        _check = new AdvertCheck(_config, _talk, Stats, _log);
        _source = source;
        _template.Encode(source, 150);
    }

    public RouterStats Stats { get; } = new();

    /// <summary>Lines of the log, oldest first.</summary>
    public List<string> Said { get; } = [];

    /// <summary>Monotonic clock of this host; both ends of a test have their own.</summary>
    public Instant Now { get; set; } = new(TimeSpan.TicksPerHour);

    public TimeSpan WallOffset
    {
        set => _talk.Hmac!.WallOffset = value;
    }

    public void Reload(RouterConfig next)
    {
        _config = Complete(next);
        _talk.Adopt(_config);
        _check.Adopt(_config);
        _template.Adopt(_config);
        _log.Adopt(_config, 0);
        _template.Encode(_source, 150);
    }

    public void Encode(byte priority) => _template.Encode(_source, priority);

    /// <summary>The whole IP packets of one advert.</summary>
    public byte[][] Send(bool resign = false)
    {
        EffectSink sink = new(_effects, _arena);
        Assert.Equal(AdvertTemplate.CountOf(_config), _template.Send(resign, 0, Now, ref sink));
        List<byte[]> packets = [];
        int bytes = 0;
        foreach (ref readonly Effect effect in sink.Effects)
        {
            Assert.Equal((EffectKind.SendAdvert, _config.AdvertSlot), (effect.Kind, effect.Slot));
            packets.Add(sink.Bytes(effect).ToArray());
            bytes += effect.Length;
            Assert.Equal(WireError.None, IpPacket.TryParse(packets[^1], out IpPacket ip));
            Assert.Equal(effect.Address, ip.Destination);
        }

        Assert.InRange(bytes, 1, AdvertTemplate.BytesOf(_config));
        return packets.ToArray();
    }

    public WireError Hear(byte[] packet) => Hear(packet, out _);

    public WireError Hear(byte[] packet, out int priority)
    {
        Assert.Equal(WireError.None, IpPacket.TryParse(packet, out IpPacket ip));
        return Hear(ip, out priority);
    }

    public WireError Hear(IpPacket ip, out int priority)
    {
        EffectSink sink = new(_effects, _arena);
        WireError error = _check.Check(ip, Now, ref sink, out VrrpPacket packet);
        priority = error == WireError.None ? packet.Priority : -1;
        Span<byte> text = stackalloc byte[LogText.MaxLength];
        foreach (ref readonly Effect effect in sink.Effects)
        {
            Assert.Equal(EffectKind.Log, effect.Kind);
            int length = LogText.Write(text, effect, Daemon);
            Assert.True(length > 0);
            Said.Add(Encoding.UTF8.GetString(text[..length]));
        }

        return error;
    }

    /// <summary>An instance with one address; change the rest with `with`.</summary>
    public static RouterConfig Config(byte version, bool isV6) => new()
    {
        Name = "VI_1",
        Interface = 0,
        Vrid = 51,
        Version = version,
        IsV6 = isV6,
        Addresses =
        [
            new VirtualAddress { Address = isV6 ? Ip.FromV6(0xfe80_0000_0000_0000, 0x5e) : Ip.FromV4(10, 10, 30, 100), PrefixLength = 24, Interface = 0 },
        ],
    };

    /// <summary>auth_hmac with keys of those ids, the first active; the same id is the same key everywhere.</summary>
    public static HmacConfig Hmac(params byte[] ids) => new()
    {
        ActiveKey = ids[0],
        Keys = Array.ConvertAll(ids, static id =>
        {
            byte[] value = new byte[32];
            Array.Fill(value, id);
            return new HmacKey(id, value, "");
        }),
    };

    private DaemonConfig Daemon => new() { Globals = new GlobalConfig(), Interfaces = ["eth0"], Scripts = [], Routers = [_config] };

    private static RouterConfig Complete(RouterConfig config) =>
        ChannelTable.Complete(new DaemonConfig { Globals = new GlobalConfig(), Interfaces = ["eth0"], Scripts = [], Routers = [config] }).Routers[0];
}
