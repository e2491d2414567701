using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core;

/// <summary>The words for refused adverts: keepalived's where it has them, then whose it was, where, and how many more there were.</summary>
internal static class RejectText
{
    public static bool Write(Span<byte> to, in Effect e, RouterConfig config, string link, out int n)
    {
        string router = config.Name;
        DroppedAdvert dropped = new(e.Address, link, config.Vrid, e.A >> 8);
        return (WireError)(byte)e.A switch
        {
            WireError.BadTtl => Line.TryWrite(to, $"({router}) invalid TTL/HL. Received {e.C} and expect {e.B}{dropped}", out n),
            WireError.BadVersion => Line.TryWrite(to, $"({router}) wrong version. Received {e.C} and expect {e.B}{dropped}", out n),
            WireError.BadIpHeader => Line.TryWrite(to, $"({router}) advert over another IP version{dropped}", out n),
            WireError.BadType => Line.TryWrite(to, $"({router}) Invalid packet type. {e.C} and expect {e.B}{dropped}", out n),
            WireError.BadLength or WireError.Truncated when e.C > e.B =>
                Line.TryWrite(to, $"({router}) vrrp packet too long, length {e.C} and expect {e.B}{dropped}", out n),
            WireError.BadLength or WireError.Truncated =>
                Line.TryWrite(to, $"({router}) vrrp packet too short, length {e.C} and expect {e.B}{dropped}", out n),
            WireError.BadChecksum when e.B == VrrpPacket.Version2 => Line.TryWrite(to, $"({router}) Invalid VRRPv2 checksum{dropped}", out n),
            WireError.BadChecksum =>
                Line.TryWrite(to, $"({router}) Invalid VRRPv3 checksum {new HexWord((ushort)e.C)}, wrong under every form that is known{dropped}", out n),
            WireError.BadDestination => Destination(to, e, config, dropped, out n),
            WireError.InvalidAuthType => Line.TryWrite(to, $"({router}) Invalid auth type: {e.C}{dropped}", out n),
            WireError.AuthTypeMismatch when e.B == VrrpPacket.AuthHeader && e.C == 0 =>
                Line.TryWrite(to, $"({router}) No AH header but auth type is AH{dropped}", out n),
            WireError.AuthTypeMismatch => Line.TryWrite(to, $"({router}) received a {e.C} auth, expecting {e.B}!{dropped}", out n),
            WireError.AuthFailure => Line.TryWrite(to, $"({router}) received an invalid passwd!{dropped}", out n),
            WireError.IntervalMismatch =>
                Line.TryWrite(to, $"({router}) advertisement interval mismatch mine={e.B} sec rcv'd={e.C} sec{dropped}", out n),
            WireError.NoAddresses => Line.TryWrite(to, $"({router}) advert with no address, expecting {e.B}{dropped}", out n),
            WireError.ZeroInterval => Line.TryWrite(to, $"({router}) advert with an interval of 0, by which nobody could be master{dropped}", out n),
            WireError.UnknownPeer => Line.TryWrite(to, $"({router}) unicast advert of a host that is no unicast_peer{dropped}", out n),
            WireError.PeerTtl =>
                Line.TryWrite(to, $"({router}) invalid TTL/HL of a peer. Received {e.C} and expect {e.B >> 8}..{e.B & 0xff}{dropped}", out n),
            WireError.BadAuthHeader => Line.TryWrite(to, $"({router}) authentication header that is not VRRP's{dropped}", out n),
            WireError.BadIcv =>
                Line.TryWrite(to, $"({router}) IPSEC-AH : invalid IPSEC HMAC-MD5 value. Due to fields mutation or bad password !{dropped}", out n),
            WireError.BadSpi =>
                Line.TryWrite(to, $"({router}) authentication header with SPI {Ip.FromV4((uint)e.C)}, expecting {Ip.FromV4((uint)e.B)}{dropped}", out n),
            WireError.ReplayedSequence =>
                Line.TryWrite(to, $"({router}) IPSEC-AH : sequence number {e.C} already processed. Packet dropped. Local({e.B}){dropped}", out n),
            _ => Trailer(to, e, router, dropped, out n),
        };
    }

    public static bool WriteForm(Span<byte> to, in Effect e, string router, out int n)
    {
        SwallowedLines swallowed = new(e.C);
        string ours = (ChecksumChoice)e.B switch
        {
            ChecksumChoice.MessageOnly => "as we",
            ChecksumChoice.OldUnicast => "we with the group in the pseudo header (old_unicast_checksum)",
            _ => "we with the pseudo header (v3_checksum_as_v2 changes that)",
        };
        return (ChecksumForm)e.A == ChecksumForm.OldUnicast
            ? Line.TryWrite(to, $"({router}) Setting unicast VRRPv3 checksum to old version for {e.Address}, which sends such{swallowed}", out n)
            : Line.TryWrite(to, $"({router}) {e.Address} sums its adverts without pseudo header (RFC 9568), {ours}{swallowed}", out n);
    }

    private static bool Destination(Span<byte> to, in Effect e, RouterConfig config, DroppedAdvert dropped, out int n)
    {
        Ip got = config.IsV6 ? Ip.FromV6((ulong)e.B, (ulong)e.C) : Ip.FromV4((uint)e.C);
        return got.IsMulticast == config.IsUnicast
            ? Line.TryWrite(to, $"({config.Name}) Expected {Cast(!got.IsMulticast)} packet but received {Cast(got.IsMulticast)} packet{dropped}", out n)
            : Line.TryWrite(to, $"({config.Name}) advert not sent to the group {config.Group} but to {got}{dropped}", out n);
    }

    private static string Cast(bool isMulticast) => isMulticast ? "multicast" : "unicast";

    private static bool Trailer(Span<byte> to, in Effect e, string router, DroppedAdvert dropped, out int n) => (WireError)(byte)e.A switch
    {
        WireError.TrailerMissing => Line.TryWrite(to, $"({router}) advert without auth_hmac, which is enforced{dropped}", out n),
        WireError.TrailerMalformed => Line.TryWrite(to, $"({router}) auth_hmac of an unknown form{dropped}", out n),
        WireError.TrailerStale =>
            Line.TryWrite(to, $"({router}) auth_hmac {e.C} s from our time of day, at most {e.B}: are both clocks right?{dropped}", out n),
        WireError.TrailerUnknownKey => Line.TryWrite(to, $"({router}) auth_hmac with key {e.C}, which is not ours; our active key is {e.B}{dropped}", out n),
        WireError.TrailerInvalid => Line.TryWrite(to, $"({router}) auth_hmac is wrong under key {e.C}: is it the same there?{dropped}", out n),
        WireError.TrailerReplayed => Line.TryWrite(to, $"({router}) auth_hmac with a sequence number that is not new: a replay?{dropped}", out n),
        _ => LogText.Nothing(out n),
    };
}
