using System;
using System.Buffers.Binary;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Sim;

/// <summary>
/// Packets of strangers: the last good advert of the group with the highest priority, or 0, and wrong in one respect. They must move nothing, however
/// many there are.
/// </summary>
internal static class Junk
{
    private const int TypeAt = 0, IntervalAt = 4, SecondsAt = 5, ChecksumAt = 6;

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
            if (seat.Group.LastAdvert is Packet good)
            {
                Packet junk = Spoil(good, seat.Config, random);
                world.At(world.Now + random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5)), () => world.Lan.Inject(host, junk));
            }
        }
    }

    private static Packet Spoil(Packet good, RouterConfig router, Prng random)
    {
        byte[] bytes = (byte[])good.Bytes.Clone();
        Span<byte> message = bytes.AsSpan(good.PayloadAt);
        VrrpPacket.PatchPriority(message, (byte)(random.Chance(30) ? 0 : 255));
        switch (random.Below(7))
        {
            case 0 when router.Version == 2:
                Patch(message, IntervalAt, (ushort)(message[IntervalAt] << 8 | 77));
                break;
            case 1 when router.Auth == AuthType.Pass:
                Patch(message, message.Length - 4, 0x1234);
                break;
            case 2:
                Patch(message, TypeAt, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(message) ^ 0x7000));
                break;
            case 3:
                Patch(message, TypeAt, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(message) ^ 0x0600));
                break;
            case 4 when !router.IsUnicast:
                bytes[good.Source.IsV6 ? 7 : 8] = (byte)random.Below(255);
                break;
            case 5:
                // Four bytes short, and the IP header says so.
                bytes = bytes[..^4];
                int lengthAt = good.Source.IsV6 ? 4 : 2;
                ushort length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(lengthAt));
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(lengthAt), (ushort)(length - 4));
                break;
            default:
                message[SecondsAt] ^= 2;
                message[ChecksumAt] ^= 0x10;
                break;
        }

        return Packet.Of(bytes, good.Segment, sender: null);
    }

    /// <summary>Changes two bytes, and the checksum with them.</summary>
    private static void Patch(Span<byte> message, int at, ushort value)
    {
        ushort old = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        ushort sum = BinaryPrimitives.ReadUInt16BigEndian(message[ChecksumAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[at..], value);
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumAt..], Checksum.Update(sum, old, value));
    }
}
