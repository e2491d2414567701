using System;
using System.Collections.Generic;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Xunit;

namespace Vrrpd.Core.Tests.Walk;

/// <summary>A router as it looks from outside, before or after a call.</summary>
internal readonly record struct RouterView(
    RouterState State, Blockers Blockers, byte Priority, Instant Deadline, Instant Announce, Ip Master, long Released)
{
    public static RouterView Of(VirtualRouter router) => new(
        router.State, router.Blockers, router.Priority, router.Deadline, router.AnnounceDeadline, router.MasterAddress, router.Stats.ReleasedMaster);
}

/// <summary>
/// What must hold of the effects of an engine whatever happens to it. It sees effects and views only, never the machines, so that a test can
/// feed it what no machine does and see it complain.
/// </summary>
internal sealed class EffectRules
{
    private readonly Dictionary<int, int> _farewells = [];
    private readonly HashSet<int> _killed = [];
    private Dictionary<(int Router, Ip Address), bool> _there = [];
    private HashSet<int> _running = [];
    private readonly HashSet<int> _dropping = [];
    private bool _first;

    /// <summary>A call begins. In the first one leftovers are removed that nobody has seen being added.</summary>
    public void Begin(bool hostKnown)
    {
        _farewells.Clear();
        _killed.Clear();
        _first = hostKnown;
    }

    public void Address(int router, Ip address, bool add)
    {
        bool there = _there.GetValueOrDefault((router, address));
        Assert.True(add ? !there : there || _first, $"router {router}: {address} is {(add ? "added twice" : "removed though it was not there")}");
        _there[(router, address)] = add;
    }

    /// <summary>no_accept: never an address without the rule.</summary>
    public void Traffic(int router, bool isDropped)
    {
        Assert.True(isDropped ? _dropping.Add(router) : _dropping.Remove(router), $"router {router}: traffic is {(isDropped ? "dropped" : "taken")} twice");
        foreach (((int holder, Ip address), bool isThere) in _there)
        {
            Assert.False(isThere && holder == router, $"router {router}: {address} is there while the rule comes or goes");
        }
    }

    /// <summary>A master that accepts nothing drops, and nobody else.</summary>
    public void EndTraffic(int router, bool isMaster, bool accepts) => Assert.Equal(isMaster && !accepts, _dropping.Contains(router));

    /// <summary>Members of a group are master together or not at all.</summary>
    public static void IsTogether(int masters, int members) => Assert.True(masters == 0 || masters == members, $"{masters} of {members} members are master");

    public void Arp(int router, Ip address) =>
        Assert.True(_there.GetValueOrDefault((router, address)), $"router {router}: {address} is announced before it was added");

    public void Advert(int router, byte priority)
    {
        if (priority == 0)
        {
            _farewells[router] = _farewells.GetValueOrDefault(router) + 1;
        }
    }

    public void Run(int script) => Assert.True(_running.Add(script), $"script {script} is started twice");

    public void Kill(int script)
    {
        Assert.True(_running.Contains(script), $"script {script} is killed though it does not run");
        _killed.Add(script);
    }

    public void Ended(int script) => _running.Remove(script);

    public bool IsRunning(int script) => _running.Contains(script);

    /// <summary>A call is over: the state of each router and its addresses say the same, and whoever stepped down in order said so once.</summary>
    public void End(int router, in RouterView before, in RouterView after, ReadOnlySpan<Ip> addresses, bool yielded, bool linkUp)
    {
        foreach (Ip address in addresses)
        {
            bool there = _there.GetValueOrDefault((router, address));
            Assert.True(there == (after.State == RouterState.Master), $"router {router} is {after.State}, but {address} was {(there ? "added" : "removed")}");
        }

        long ended = after.Released - before.Released;
        Assert.InRange(ended, 0, 1);
        Assert.True(ended > 0 || before.State != RouterState.Master || after.State == RouterState.Master, $"router {router} stepped down uncounted");
        int expected = ended > 0 && !yielded && linkUp ? 1 : 0;
        Assert.True(_farewells.GetValueOrDefault(router) == expected, $"router {router}: {_farewells.GetValueOrDefault(router)} farewells, not {expected}");
    }

    /// <summary>The first half of a reload is over: who is gone has said so once and left nothing behind; the others have new numbers.</summary>
    public void Renumber(ConfigDiff diff, ReadOnlySpan<RouterView> before, Predicate<short> isUp)
    {
        for (int i = 0; i < before.Length; i++)
        {
            bool leaves = diff.RoutersNow[i] == ConfigDiff.None && before[i].State == RouterState.Master;
            int expected = leaves && isUp(diff.Old.Routers[i].Interface) ? 1 : 0;
            Assert.True(_farewells.GetValueOrDefault(i) == expected, $"router {i}: {_farewells.GetValueOrDefault(i)} farewells, not {expected}");
        }

        Dictionary<(int Router, Ip Address), bool> there = [];
        foreach (((int router, Ip address), bool isThere) in _there)
        {
            int now = diff.RoutersNow[router];
            if (!isThere)
            {
                continue;
            }

            if (now == ConfigDiff.None || !Has(diff.Next.Routers[now], address))
            {
                now = TakenOverBy(address, diff, before);
                Assert.True(now >= 0, $"router {router} left {address} behind, which no other master has");
            }

            there[(now, address)] = true;
        }

        _there = there;
        HashSet<int> running = [];
        foreach (int script in _running)
        {
            bool runsOn = diff.IsSameRun((short)script);
            Assert.True(runsOn != _killed.Contains(script), $"script {script} {(runsOn ? "is killed though it stays" : "runs on though it is gone")}");
            if (runsOn)
            {
                running.Add(diff.ScriptsNow[script]);
            }
        }

        _running = running;
        Begin(hostKnown: true);
    }

    /// <summary>Nobody has an address on the host.</summary>
    public bool IsNothingThere() => !_there.ContainsValue(true);

    private static int TakenOverBy(Ip address, ConfigDiff diff, ReadOnlySpan<RouterView> before)
    {
        for (int i = 0; i < before.Length; i++)
        {
            int now = diff.RoutersNow[i];
            if (now != ConfigDiff.None && before[i].State == RouterState.Master && Has(diff.Next.Routers[now], address))
            {
                return now;
            }
        }

        return -1;
    }

    private static bool Has(RouterConfig router, Ip address) => Array.Exists(router.Addresses, vip => vip.Address == address);

    /// <summary>The engine asks to be woken in time for every router.</summary>
    public static void Wakes(int router, in RouterView after, Instant next) =>
        Assert.True(next <= after.Deadline && next <= after.Announce, $"router {router} waits for {after.Deadline}, the engine only for {next}");

    /// <summary>After timers were handled nothing is left that is due.</summary>
    public static void IsAhead(int router, in RouterView after, Instant now) =>
        Assert.True(after.Deadline > now && after.Announce > now, $"router {router} has a deadline in the past");

    /// <summary>A refused packet has moved nothing.</summary>
    public static void IsUntouched(int router, in RouterView before, in RouterView after) =>
        Assert.True(before == after, $"router {router} was moved by a refused packet: {before} to {after}");
}
