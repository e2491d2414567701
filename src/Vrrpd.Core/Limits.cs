using Vrrpd.Core.Config;

namespace Vrrpd.Core;

/// <summary>Every bound of the daemon, with its reason.</summary>
public static class Limits
{
    /// <summary>Ethernet MTU: the largest advert we send (255 addresses of VRRPv2 make 1056 bytes).</summary>
    public const int FrameBytes = 1500;

    /// <summary>Datagrams read from one socket in one turn, so that a flood on one interface cannot starve timers and other interfaces.</summary>
    public const int DatagramsPerTurn = 64;

    /// <summary>Receive buffer: longer datagrams are cut and then refused by their length.</summary>
    public const int DatagramBytes = 2048;

    /// <summary>Gratuitous ARPs that one call emits; a longer burst continues in the next turn, so that announcing never delays an advert.</summary>
    public const int AnnouncementsPerTurn = 64;

    /// <summary>A turn later than this is told to the core as an event.</summary>
    public const int StallMilliseconds = 100;

    /// <summary>Effects one call may need: every address of every router added or removed at once, and some log lines and frames each.</summary>
    public static int EffectsPerTurn(DaemonConfig config)
    {
        int addresses = 0;
        foreach (RouterConfig router in config.Routers)
        {
            addresses += router.Addresses.Length;
        }

        return 64 + 4 * AnnouncementsPerTurn + 2 * addresses + 16 * config.Routers.Length + 8 * config.Scripts.Length + 4 * config.Interfaces.Length;
    }

    /// <summary>Arena bytes one call may need: two adverts of each router and a full batch of ARP frames.</summary>
    public static int ArenaBytes(DaemonConfig config)
    {
        int bytes = AnnouncementsPerTurn * 64;
        foreach (RouterConfig router in config.Routers)
        {
            bytes += 2 * (20 + 8 + 8 + 4 * router.Addresses.Length);
        }

        return bytes;
    }
}
