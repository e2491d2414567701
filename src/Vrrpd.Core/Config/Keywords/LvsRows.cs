using System;

namespace Vrrpd.Core.Config;

/// <summary>The load balancer. The columns are explained at <see cref="ConfigKeywords"/>.</summary>
internal static class LvsRows
{
    public static ReadOnlySpan<byte> Text => """
        [SSL]  client certificates of checks
        """u8;
}
