using System;
using Vrrpd.Core;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Sim;

/// <summary>Packets of strangers, all of the highest priority, each wrong in one respect. They must move nothing.</summary>
internal static class Junk
{
    /// <summary>A handful at one host, faster than any advert.</summary>
    public static void Throw(World world, Prng random)
    {
        SimHost host = world.Hosts[random.Below(world.HostCount)];
        if (!host.IsRunning || host.Seats.Length == 0)
        {
            return;
        }

        Seat seat = host.Seats[random.Below(host.Seats.Length)];
        for (int i = random.Between(1, 40); i > 0; i--)
        {
            byte[]? bytes = Make(seat.Config, random);
            if (bytes is not null)
            {
                world.At(world.Now + random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5)), () => world.Lan.Inject(host, Packet.Of(bytes, seat.Group.Segment, sender: null)));
            }
        }
    }

    /// <summary>Null where there is none for the configuration.</summary>
    private static byte[]? Make(RouterConfig router, Prng random)
    {
        if (router.IsV6 || router.Version != 2 || router.IsUnicast)
        {
            return null;
        }

        Ip[] addresses = Array.ConvertAll(router.Addresses, static vip => vip.Address);
        byte[] packet = new byte[Ipv4Header.Length + VrrpPacket.Length(addresses.Length)];
        Span<byte> message = packet.AsSpan(Ipv4Header.Length);
        int fault = random.Below(7);
        VrrpPacket.Write(message, new Advert
        {
            Vrid = router.Vrid,
            Priority = (byte)(random.Chance(30) ? 0 : 255),
            Interval = fault == 0 ? TimeSpan.FromSeconds(77) : router.AdvertInterval,
            AuthType = (byte)(fault == 1 ? 1 : (int)router.Auth),
            AuthData = fault == 1 ? ~router.AuthPass : router.AuthPass,
            Addresses = addresses,
        });
        message[0] ^= (byte)(fault == 2 ? 0x10 : fault == 3 ? 0x06 : 0);
        if (fault is 2 or 3)
        {
            message[6] = message[7] = 0;
            ushort sum = Checksum.Compute(message);
            (message[6], message[7]) = ((byte)(sum >> 8), (byte)sum);
        }

        message[6] ^= (byte)(fault == 4 ? random.Between(1, 255) : 0);
        byte ttl = (byte)(fault == 5 ? random.Below(255) : 255);
        Ipv4Header.Write(packet, Ip.FromV4(10, 99, 0, 250), router.Group, ttl, VrrpPacket.Protocol, 1, 0xc0, message.Length);
        if (fault != 6)
        {
            return packet;
        }

        // One address short.
        byte[] cut = packet[..^4];
        Ipv4Header.Write(cut, Ip.FromV4(10, 99, 0, 250), router.Group, 255, VrrpPacket.Protocol, 1, 0xc0, message.Length - 4);
        return cut;
    }
}
