using Vrrpd.Native.Process;
using Xunit;

namespace Vrrpd.Native.Tests;

/// <summary>Which capability is missing, and how to get it.</summary>
public sealed class PrivilegesTests
{
    private const ulong NetAdmin = 1UL << 12, NetRaw = 1UL << 13, Kill = 1UL << 5, SetGid = 1UL << 6, SetUid = 1UL << 7;

    [Theory]
    [InlineData(NetAdmin | NetRaw, false, "")]
    [InlineData(NetRaw, false, "CAP_NET_ADMIN")]
    [InlineData(NetAdmin, false, "CAP_NET_RAW")]
    [InlineData(0UL, false, "CAP_NET_RAW CAP_NET_ADMIN")]
    [InlineData(NetAdmin | NetRaw, true, "CAP_SETUID CAP_SETGID CAP_KILL")]
    [InlineData(NetAdmin | NetRaw | SetGid | SetUid | Kill, true, "")]
    public void They_are_named(ulong effective, bool otherUsers, string names)
    {
        string[] lines = [.. Privileges.Missing(effective, otherUsers)];
        if (names.Length == 0)
        {
            Assert.Empty(lines);
            return;
        }

        string[] all = names.Split(' ');
        Assert.Equal(all.Length + 1, lines.Length);
        for (int i = 0; i < all.Length; i++)
        {
            Assert.StartsWith($"Missing capability {all[i]}: ", lines[i], System.StringComparison.Ordinal);
        }

        Assert.EndsWith($"AmbientCapabilities={names})", lines[^1], System.StringComparison.Ordinal);
    }
}
