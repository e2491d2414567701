using Vrrpd.Core.Wire;

namespace Vrrpd.Core.Vrrp;

/// <summary>Counters of one virtual router; the names are those of keepalived's statistics.</summary>
public sealed class RouterStats
{
    private readonly long[] _errors = new long[WireErrors.Count];

    public long AdvertsReceived { get; internal set; }
    public long AdvertsSent { get; internal set; }
    public long BecameMaster { get; internal set; }
    public long ReleasedMaster { get; internal set; }
    public long PriorityZeroReceived { get; internal set; }
    public long PriorityZeroSent { get; internal set; }

    /// <summary>Accepted adverts whose address list differs from ours.</summary>
    public long AddressListErrors { get; internal set; }

    public long Errors(WireError error) => _errors[(int)error];

    internal void Count(WireError error) => _errors[(int)error]++;
}
