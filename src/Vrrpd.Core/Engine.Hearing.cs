using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core;

/// <summary>Datagrams: whose they are, before anything else is asked of them.</summary>
public sealed partial class Engine
{
    private Instant _unknownQuietUntil = new(long.MinValue);
    private long _unknownUnsaid;

    /// <summary>One datagram from the socket of one channel. The answer is for the host's own statistics; the engine has counted it.</summary>
    public WireError HandleDatagram(scoped in Datagram datagram, Instant now, ref EffectSink sink)
    {
        WireError error = Read(datagram, _channels[datagram.Channel].Config, out IpPacket ip, out byte vrid);
        short id = error == WireError.None ? _table.Find(datagram.Channel, vrid, ip.Source, ip.Destination) : (short)-1;
        if (id < 0)
        {
            error = error == WireError.None ? WireError.UnknownVrid : error;
            _unmatched[(int)error]++;
            SayUnknown(error, datagram.Channel, ip.Source, vrid, now, ref sink);
            return error;
        }

        error = _routers[id].HandleAdvert(ip, now, ref sink);
        if (error == WireError.None)
        {
            Index(id);
            Settle(now, ref sink);
        }

        return error;
    }

    /// <summary>log_unknown_vrids: the first, and then one a minute with the number of those between.</summary>
    private void SayUnknown(WireError error, short channel, Ip source, byte vrid, Instant now, ref EffectSink sink)
    {
        if (error != WireError.UnknownVrid || !Config.Globals.LogsUnknownVrids)
        {
            return;
        }

        _unknownUnsaid++;
        if (now >= _unknownQuietUntil)
        {
            _unknownQuietUntil = now + TimeSpan.FromMinutes(1);
            sink.Log(LogEvent.UnknownVrid, -1, vrid, _unknownUnsaid - 1, address: source, slot: _channels[channel].Config.Slot);
            _unknownUnsaid = 0;
        }
    }

    /// <summary>What can be said of a datagram before it is known whose it is.</summary>
    private static WireError Read(scoped in Datagram datagram, ChannelConfig channel, out IpPacket ip, out byte vrid)
    {
        vrid = 0;
        byte protocol = channel.IsAh ? AuthHeader.Protocol : VrrpPacket.Protocol;
        WireError error = WireError.None;
        if (channel.IsV6 && !(datagram.Source.IsV6 && datagram.Destination.IsV6))
        {
            // The host was not told, or did not tell, where it came from.
            ip = default;
            return WireError.BadIpHeader;
        }

        if (channel.IsV6)
        {
            ip = IpPacket.FromV6(datagram.Source, datagram.Destination, datagram.HopLimit, protocol, datagram.Bytes);
        }
        else
        {
            error = IpPacket.TryParse(datagram.Bytes, out ip);
            error = error == WireError.None && (ip.IsV6 || ip.Protocol != protocol) ? WireError.BadIpHeader : error;
        }

        int before = channel.IsAh ? AuthHeader.Length : 0;
        return error != WireError.None ? error
            : ip.Payload.Length < before || !VrrpPacket.TryReadVrid(ip.Payload[before..], out vrid) ? WireError.Truncated
            : WireError.None;
    }
}
