using System;
using Vrrpd.Core.Config;

namespace Vrrpd.Native;

/// <summary>
/// From the end of the start, or of a reload, nothing is allocated any more: what it needed goes back to the system in one last collection,
/// and what is allocated from then on is counted.
/// </summary>
internal sealed class SteadyState
{
    private long _bytes;
    private int _collections;
    private bool _isReloaded;

    /// <summary>At the end of the start.</summary>
    public void Begin()
    {
        GiveBack();
        Count();
    }

    /// <summary>The memory of what is over goes back to the system.</summary>
    public static void GiveBack()
    {
        ConfigKeywords.Release();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
    }

    /// <summary>At the very end of a reload.</summary>
    public void BeginAgain()
    {
        _isReloaded = true;
        Count();
    }

    /// <summary>What was allocated since, and how often it was collected.</summary>
    public string Report()
    {
        long bytes = GC.GetTotalAllocatedBytes(precise: true) - _bytes;
        string since = _isReloaded ? "the last reload" : "start-up";
        return $"allocated {bytes} bytes since {since}, {GC.CollectionCount(0) - _collections} garbage collections";
    }

    private void Count() => (_bytes, _collections) = (GC.GetTotalAllocatedBytes(precise: true), GC.CollectionCount(0));
}
