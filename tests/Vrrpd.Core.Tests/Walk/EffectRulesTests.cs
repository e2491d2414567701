using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Xunit;
using Xunit.Sdk;

namespace Vrrpd.Core.Tests.Walk;

/// <summary>Rules that never complain prove nothing: each is shown a fault that it must see.</summary>
public class EffectRulesTests
{
    private static readonly Ip s_vip = Ip.FromV4(10, 0, 0, 100);
    private static readonly RouterView s_backup = new(RouterState.Backup, Blockers.None, 100, new Instant(50), Instant.Never, default, 0);
    private static readonly RouterView s_master = s_backup with { State = RouterState.Master };
    private readonly EffectRules _rules = new();

    [Fact]
    public void An_orderly_life_is_let_pass()
    {
        _rules.Begin(hostKnown: true);
        _rules.Address(0, s_vip, add: false);
        _rules.End(0, s_backup, s_backup, [s_vip], yielded: false, linkUp: true);
        TakeOver();
        _rules.Begin(hostKnown: false);
        _rules.Advert(0, 0);
        _rules.Address(0, s_vip, add: false);
        _rules.End(0, s_master, s_backup with { Released = 1 }, [s_vip], yielded: false, linkUp: true);
        EffectRules.Wakes(0, s_backup, new Instant(50));
        EffectRules.IsAhead(0, s_backup, new Instant(49));
        EffectRules.IsUntouched(0, s_backup, s_backup);
    }

    [Fact]
    public void An_address_added_twice() => Sees(() =>
    {
        TakeOver();
        _rules.Address(0, s_vip, add: true);
    });

    [Fact]
    public void An_address_removed_that_was_not_there() => Sees(() => _rules.Address(0, s_vip, add: false));

    [Fact]
    public void An_announcement_without_the_address() => Sees(() => _rules.Arp(0, s_vip));

    [Fact]
    public void A_master_without_its_address() => Sees(() => _rules.End(0, s_backup, s_master, [s_vip], yielded: false, linkUp: true));

    [Fact]
    public void A_backup_that_keeps_the_address() => Sees(() =>
    {
        TakeOver();
        _rules.Begin(hostKnown: false);
        _rules.Advert(0, 0);
        _rules.End(0, s_master, s_backup with { Released = 1 }, [s_vip], yielded: false, linkUp: true);
    });

    [Theory]
    [InlineData(0, false, true)]
    [InlineData(2, false, true)]
    [InlineData(1, true, true)]
    [InlineData(1, false, false)]
    public void A_wrong_number_of_farewells(int farewells, bool yielded, bool linkUp) => Sees(() =>
    {
        TakeOver();
        _rules.Begin(hostKnown: false);
        for (int i = 0; i < farewells; i++)
        {
            _rules.Advert(0, 0);
        }

        _rules.Address(0, s_vip, add: false);
        _rules.End(0, s_master, s_backup with { Released = 1 }, [s_vip], yielded, linkUp);
    });

    [Fact]
    public void A_farewell_of_one_who_stays() => Sees(() =>
    {
        TakeOver();
        _rules.Begin(hostKnown: false);
        _rules.Advert(0, 0);
        _rules.End(0, s_master, s_master, [s_vip], yielded: false, linkUp: true);
    });

    [Fact]
    public void A_deadline_that_the_engine_forgot() => Sees(() => EffectRules.Wakes(0, s_backup, new Instant(51)));

    [Fact]
    public void A_deadline_in_the_past() => Sees(() => EffectRules.IsAhead(0, s_backup, new Instant(50)));

    [Fact]
    public void A_refused_packet_that_moves_a_timer() =>
        Sees(() => EffectRules.IsUntouched(0, s_backup, s_backup with { Deadline = new Instant(51) }));

    [Fact]
    public void A_script_started_twice() => Sees(() =>
    {
        _rules.Run(0);
        _rules.Run(0);
    });

    [Fact]
    public void A_script_killed_that_does_not_run() => Sees(() =>
    {
        _rules.Run(0);
        _rules.Ended(0);
        _rules.Kill(0);
    });

    [Fact]
    public void A_reload_that_forgets_the_farewell_of_who_is_gone() => Sees(() =>
    {
        TakeOver();
        _rules.Begin(hostKnown: false);
        _rules.Address(0, s_vip, add: false);
        _rules.Renumber(Gone(), [s_master], static _ => true);
    });

    [Fact]
    public void A_reload_that_leaves_the_address_of_who_is_gone() => Sees(() =>
    {
        TakeOver();
        _rules.Begin(hostKnown: false);
        _rules.Advert(0, 0);
        _rules.Renumber(Gone(), [s_master], static _ => true);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reload_that_kills_the_script_that_stays_or_not_the_one_that_goes(bool stays) => Sees(() =>
    {
        _rules.Begin(hostKnown: false);
        _rules.Run(0);
        if (stays)
        {
            _rules.Kill(0);
        }

        ScriptConfig script = new() { Name = "s", Command = ["/s"] };
        _rules.Renumber(ConfigDiff.Compare(Config([], script), stays ? Config([], script) : Config([])), [], static _ => true);
    });

    private static ConfigDiff Gone()
    {
        RouterConfig router = new()
        {
            Name = "R",
            Interface = 0,
            Vrid = 51,
            Addresses = [new VirtualAddress { Address = s_vip, PrefixLength = 24, Interface = 0 }],
        };
        return ConfigDiff.Compare(Config([router]), Config([]));
    }

    private static DaemonConfig Config(RouterConfig[] routers, params ScriptConfig[] scripts) =>
        new() { Globals = new GlobalConfig(), Interfaces = ["eth0"], Routers = routers, Scripts = scripts };

    private void TakeOver()
    {
        _rules.Begin(hostKnown: false);
        _rules.Advert(0, 100);
        _rules.Address(0, s_vip, add: true);
        _rules.Arp(0, s_vip);
        _rules.End(0, s_backup, s_master, [s_vip], yielded: false, linkUp: true);
    }

    private static void Sees(Action fault) => Assert.ThrowsAny<XunitException>(fault);
}
