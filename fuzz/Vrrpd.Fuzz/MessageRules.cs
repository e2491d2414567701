using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Vrrpd.Core;
using Vrrpd.Core.Crypto;
using Vrrpd.Core.Wire;

namespace Vrrpd.Fuzz;

/// <summary>What must hold of every VRRP message, whatever its family and its header.</summary>
internal static class MessageRules
{
    private const int CountAt = 3;
    private const int ChecksumAt = 6;

    private static readonly HmacMd5 Password = new("password"u8);
    private static readonly HmacSha256 Key = new("0123456789abcdef0123456789abcdef"u8);

    /// <summary>Whatever is accepted comes out of our own encoder byte by byte, and no getter fails after TryView.</summary>
    public static WireError Hold(scoped in IpPacket ip)
    {
        ReadOnlySpan<byte> payload = ip.Payload;
        WireError viewed = VrrpPacket.TryView(payload, ip.IsV6, out VrrpPacket view, out ReadOnlySpan<byte> behind);
        WireError error = VrrpPacket.TryParse(ip, out VrrpPacket packet);
        Must(VrrpPacket.TryReadVrid(payload, out byte vrid) == payload.Length >= VrrpPacket.HeaderLength);
        if (viewed != WireError.None)
        {
            Must(error == viewed);
            return error;
        }

        int sum = view.Version + view.Type + view.Priority + view.AuthType + view.IntervalUnits;
        Must(view.Bytes.Length + behind.Length == payload.Length && view.Vrid == vrid && sum > 0);
        Must(view.Addresses.Length == VrrpPacket.AddressLength(ip.IsV6) * view.Count);
        Must(view.AuthBytes.Length == (view.Version == VrrpPacket.Version2 && !ip.IsV6 ? 8 : 0));
        Ip[] addresses = new Ip[view.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = view.Address(i);
        }

        if (behind.Length == HmacTrailer.Length)
        {
            HoldTrailer(view, behind, ip.Source);
        }

        if (error != WireError.None)
        {
            Must(error == (!behind.IsEmpty ? WireError.BadLength : view.Type != VrrpPacket.Advertisement ? WireError.BadType : WireError.BadChecksum));
            return error;
        }

        Advert advert = new()
        {
            Version = packet.Version,
            IsV6 = ip.IsV6,
            Vrid = packet.Vrid,
            Priority = packet.Priority,
            Interval = packet.Interval,
            AuthType = packet.AuthType,
            AuthData = packet.AuthData,
            Addresses = addresses,
        };
        ChecksumForm form = packet.FindChecksum(ip.Source, ip.Destination);
        byte[] written = new byte[payload.Length];
        Must(VrrpPacket.Write(written, advert, VrrpPacket.Seed(form, ip.Source, ip.Destination, written.Length)) == payload.Length);

        // A field of 0xffff is as good as the 0x0000 that we send, and reserved bits are as good as none.
        byte[] given = payload.ToArray();
        if (packet.Version == VrrpPacket.Version3 && given[4] >> 4 != 0)
        {
            given[4] &= 0xf;
            VrrpPacket.Seal(given, VrrpPacket.Seed(form, ip.Source, ip.Destination, given.Length));
        }

        if (packet.ChecksumField == 0xffff)
        {
            BinaryPrimitives.WriteUInt16BigEndian(given.AsSpan(ChecksumAt), 0);
        }

        Must(written.AsSpan().SequenceEqual(given));
        VrrpPacket.PatchPriority(written, 0);
        VrrpPacket.PatchPriority(written, packet.Priority);
        Must(written.AsSpan().SequenceEqual(given));
        return WireError.None;
    }

    /// <summary>A packet of protocol 51: signing it with our key makes it verify, and nothing else.</summary>
    public static WireError HoldSigned(scoped in IpPacket ip)
    {
        WireError error = AuthHeader.TryParse(ip.Payload, out AuthHeader header);
        if (error != WireError.None)
        {
            return error;
        }

        Must(header.Payload.Length == ip.Payload.Length - AuthHeader.Length);
        Must(!AuthHeader.Verify(ip, Password, isUnicast: false));
        if (ip.Header.Length == Ipv4Header.Length)
        {
            byte[] whole = [.. ip.Header, .. ip.Payload];
            AuthHeader.PatchSequence(whole, header.Sequence + 1);
            AuthHeader.Sign(whole, Password, isUnicast: true);
            IpPacket signed = new()
            {
                Source = ip.Source,
                Destination = ip.Destination,
                Header = whole.AsSpan(0, Ipv4Header.Length),
                Payload = whole.AsSpan(Ipv4Header.Length),
            };
            Must(AuthHeader.Verify(signed, Password, isUnicast: true));
        }

        return Hold(new IpPacket { Source = ip.Source, Destination = ip.Destination, Payload = header.Payload });
    }

    /// <summary>Makes version, type, count and lengths right for that many addresses; the checksum is left. Says how long the message is.</summary>
    public static int Repair(Span<byte> message, byte version, bool isV6, int count)
    {
        message[0] = (byte)(version << 4 | VrrpPacket.Advertisement);
        message[CountAt] = (byte)count;
        return VrrpPacket.Length(version, isV6, (byte)count);
    }

    public static void Must(bool holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        if (!holds)
        {
            throw new WrongException(what);
        }
    }

    private static void HoldTrailer(scoped in VrrpPacket view, ReadOnlySpan<byte> behind, Ip source)
    {
        HmacTrailer trailer = new(behind);
        Must(!trailer.Verify(view.Bytes, source, Key));
        byte[] written = new byte[HmacTrailer.Length];
        HmacTrailer.Write(written, view.Bytes, source, trailer.KeyId, trailer.Sequence, Key);
        HmacTrailer ours = new(written);
        Must(ours.IsWellFormed && ours.Verify(view.Bytes, source, Key) && ours.Sequence == trailer.Sequence && ours.KeyId == trailer.KeyId);
        Must(!trailer.IsWellFormed || written.AsSpan(0, 12).SequenceEqual(behind[..12]));
    }
}
