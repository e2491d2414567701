using System.Globalization;
using Vrrpd.Netns.Tests.Harness;

namespace Vrrpd.Netns.Tests.Interop;

/// <summary>How adverts are authenticated.</summary>
internal enum Proof
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>RFC 2338's password in clear.</summary>
    Pass,

    /// <summary>RFC 2338's IP authentication header, as keepalived makes it.</summary>
    Ah,

    /// <summary>The HMAC trailer of keepalived 2.4.</summary>
    Hmac,
}

/// <summary>One place of the matrix: what is spoken, over what, with whom.</summary>
/// <param name="Version">VRRP version, 2 or 3.</param>
/// <param name="IsV6">IPv6 instead of IPv4.</param>
/// <param name="IsUnicast">To the peer instead of to the group.</param>
/// <param name="IsVmac">With a virtual MAC on our side, and on the peer's where it has both.</param>
/// <param name="Proof">The authentication.</param>
/// <param name="Peer">The other daemon.</param>
internal sealed record Cell(int Version, bool IsV6, bool IsUnicast, bool IsVmac, Proof Proof, Kind Peer)
{
    /// <summary>The virtual router of every cell.</summary>
    public const int Vrid = 51;

    /// <summary>The password of PASS and AH.</summary>
    public const string Password = "KP_PASS";

    /// <summary>The advertised addresses, in order, as they stand in a packet.</summary>
    public string[] Addresses => IsV6 ? ["fe80::51", "fd00:30::100"] : ["10.10.30.100", "10.10.30.101"];

    /// <summary>Seconds between adverts: the least that the version can say, or short enough for a quick run and long enough for a busy machine.</summary>
    public double Interval => Version == 2 ? 1 : 0.3;

    /// <summary>The virtual MAC.</summary>
    public string Vmac => IsV6 ? "00:00:5e:00:02:33" : "00:00:5e:00:01:33";

    /// <summary>Skew_Time, in seconds.</summary>
    public double Skew(int priority)
    {
        return (256 - priority) / 256.0 * (Version == 2 ? 1 : Interval);
    }

    /// <summary>Active_Down_Interval, in seconds.</summary>
    public double Down(int priority)
    {
        return (3 * Interval) + Skew(priority);
    }

    /// <summary>The words of the first columns.</summary>
    public string[] Words =>
        [$"v{Version}", IsV6 ? "IPv6" : "IPv4", IsUnicast ? "unicast" : "multicast", IsVmac ? "VMAC" : "plain", Word(Proof)];

    /// <summary>Why these two cannot speak so, which is not our fault; null when they can.</summary>
    public string? Impossible => (Peer, Proof) switch
    {
        _ when Version == 2 && IsV6 => "RFC 3768 has no IPv6",
        (_, Proof.Pass or Proof.Ah) when Version == 3 => "VRRPv3 has no authentication (RFC 9568 section 9)",
        (Kind.Keepalived, Proof.Hmac) => "auth_hmac came with keepalived 2.4; Debian's 2.2.7 does not know the word",
        (Kind.Vrrpd, Proof.Hmac) when Requirements.StandIn => "keepalived stands in for vrrpd",
        (Kind.Frr, not Proof.None) => "FRR has no authentication",
        (Kind.Frr, _) when IsUnicast => "FRR has no unicast",
        _ => null,
    };

    /// <summary>A word for an authentication.</summary>
    public static string Word(Proof proof)
    {
        return proof switch { Proof.None => "none", Proof.Pass => "PASS", Proof.Ah => "AH", _ => "HMAC" };
    }

    /// <summary>The configuration of a keepalived or vrrpd that speaks from <paramref name="self"/>.</summary>
    public string Configuration(string self, string other, int priority)
    {
        string auth = Proof switch
        {
            Proof.None => "",
            Proof.Hmac => """
                    auth_hmac {
                        key 1 hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
                        active_key 1
                    }

                """,
            _ => $$"""
                    authentication {
                        auth_type {{Word(Proof)}}
                        auth_pass {{Password}}
                    }

                """,
        };
        // With unicast keepalived wants the second word said, and complains while it sets it itself.
        string vmac = (IsVmac ? "    use_vmac\n" : "") + (IsVmac && IsUnicast ? "    vmac_xmit_base\n" : "");
        string unicast = !IsUnicast ? "" : $$"""
                unicast_src_ip {{self}}
                unicast_peer {
                    {{other}}
                }

            """;
        return string.Create(CultureInfo.InvariantCulture, $$"""
            global_defs {
                router_id interop
            }
            vrrp_instance VI_1 {
                state BACKUP
                interface {{Story.Nic}}
                version {{Version}}
                virtual_router_id {{Vrid}}
                priority {{priority}}
                advert_int {{Interval}}
            {{vmac}}{{unicast}}{{auth}}    virtual_ipaddress {
                    {{string.Join("\n        ", Addresses)}}
                }
            }

            """);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        return string.Join(' ', Words) + " with " + (Peer == Kind.Frr ? "FRR" : Peer == Kind.Vrrpd ? "vrrpd" : "keepalived");
    }
}
