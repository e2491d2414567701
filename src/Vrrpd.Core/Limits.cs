using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core;

/// <summary>Every bound of the daemon, with its reason.</summary>
public static class Limits
{
    /// <summary>Datagrams read from one socket in one turn, so that a flood on one interface cannot starve timers and other interfaces.</summary>
    public const int DatagramsPerTurn = 64;

    /// <summary>
    /// Receive buffer: more than the longest that can be right, 255 IPv6 addresses with an HMAC trailer (4,116 bytes). Longer datagrams are
    /// cut and then refused by their length.
    /// </summary>
    public const int DatagramBytes = 4352;

    /// <summary>
    /// Gratuitous ARPs and neighbour advertisements of all routers together in one turn, a fraction of a millisecond of work; longer bursts
    /// continue in the next, so that announcing never delays an advert.
    /// </summary>
    public const int AnnouncementsPerTurn = 32;

    /// <summary>
    /// Addresses that a new master adds in one turn. The kernel takes up to a millisecond for one of IPv6, so it is some 50 ms that another
    /// router's advert may wait.
    /// </summary>
    public const int AddressesPerTurn = 64;

    /// <summary>A turn later than this is told to the core as an event.</summary>
    public const int StallMilliseconds = 100;

    /// <summary>
    /// Effects that one call of the engine may need: every address of every router added or removed at once, two adverts to each of its
    /// destinations, a page of log lines and frames for each router, and one portion of announcements.
    /// </summary>
    public static int EffectsPerCall(DaemonConfig config)
    {
        int effects = 32 + 3 * (AnnouncementsPerTurn + config.Interfaces.Length) + 2 * config.AddressCount
            + 4 * (config.SyncGroups.Length + config.Scripts.Length + config.Interfaces.Length);
        foreach (RouterConfig router in config.Routers)
        {
            effects += 16 + 2 * AdvertTemplate.CountOf(router);
        }

        return effects;
    }

    /// <summary>Arena bytes that one call may need: two adverts of each router and one portion of frames that announce.</summary>
    public static int ArenaBytesPerCall(DaemonConfig config)
    {
        int bytes = (AnnouncementsPerTurn + config.Interfaces.Length) * NeighborAdvert.FrameLength;
        foreach (RouterConfig router in config.Routers)
        {
            bytes += (2 * AdvertTemplate.BytesOf(router)) + (router.IsUnicast ? NeighborAdvert.FrameLength : 0);
        }

        return bytes;
    }

    /// <summary>Room for several calls, so that effects of one turn are mostly carried out together.</summary>
    public const int CallsPerTurn = 2;
}
