using System;
using System.Text;
using Vrrpd.Core;
using Vrrpd.Core.Config;

namespace Vrrpd.Fuzz;

/// <summary>
/// Bytes as a configuration. Nothing in it may throw; every complaint has a place in the text and can be shown; what is called fit to run
/// keeps the bounds of the model and makes an engine; and what show-config makes of it means the same.
/// </summary>
internal static class ConfigText
{
    public static int Run(ReadOnlySpan<byte> input)
    {
        ConfigResult result = ConfigParser.Parse(input.ToArray(), "fuzz.conf");
        int seen = 0;
        foreach (Diagnostic found in result.Diagnostics)
        {
            Require(found.Where.Line >= 0 && found.Where.Column >= 0 && found.Text.Length > 0, "a complaint without place or words");
            _ = DiagnosticText.Full(found, withFile: true, withSource: true);
            seen |= 1 << (int)found.Fault;
        }

        if (result.CanRun)
        {
            Check(result.Config!);
            RoundTrip(input.ToArray(), result.Config!);
            seen |= 1 << 30 | Math.Min(result.Config!.Routers.Length, 3) << 20 | Math.Min(result.Config.Scripts.Length, 3) << 22;
        }

        return seen;
    }

    /// <summary>The effective configuration, read again, is the same configuration and is shown as the same values.</summary>
    private static void RoundTrip(byte[] input, DaemonConfig config)
    {
        ConfigStudy first = ConfigStudy.Of(input, "fuzz.conf");
        string text = ShowConfig.Text(first, showsSecrets: true);
        byte[] shown = Core.Config.ConfigText.Encode(text);
        ConfigStudy second = ConfigStudy.Of(shown, "shown.conf");

        // What no line can mean is left out, and said.
        if (text.Contains("# " + ShowConfig.Unwritable, StringComparison.Ordinal))
        {
            return;
        }

        Require(second.Result.CanRun, "what show-config shows cannot run");
        Require(ConfigDiff.Compare(config, second.Result.Config!).IsEmpty, "what show-config shows is another configuration");
        Require(Values(first) == Values(second), "what show-config shows has other values");
    }

    private static string Values(ConfigStudy study)
    {
        StringBuilder text = new();
        EffectiveConfig.Of(study.Root, showsSecrets: true).ForEach(node => Add(text, node));
        return text.ToString();
    }

    private static void Add(StringBuilder text, EffectiveNode node)
    {
        text.Append(node.Keyword).Append('[').AppendJoin("][", node.Meant).Append("]{");
        node.Children.ForEach(child => Add(text, child));
        text.Append('}');
    }

    private static void Check(DaemonConfig config)
    {
        foreach (RouterConfig router in config.Routers)
        {
            Require(router.Vrid != 0 && router.Priority != 0, "VRID or priority 0");
            (TimeSpan least, TimeSpan most) = router.Version == 2 ? (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(255))
                : (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(40_950));
            Require(router.AdvertInterval >= least && router.AdvertInterval <= most, "advert_int out of range");
            Require(router.AdvertInterval.Ticks % least.Ticks == 0, "advert_int between what the packet can say");
            Require((uint)router.Channel < (uint)config.Channels.Length, "a channel that is not there");
            Require((uint)router.Interface < (uint)config.Interfaces.Length && router.Addresses.Length <= 255, "a slot or count out of range");
            foreach (VirtualAddress vip in router.Addresses)
            {
                Require(vip.Address.IsV6 == router.IsV6, "a virtual address of the other family");
                Check(vip, config);
            }

            foreach (VirtualAddress vip in router.Excluded)
            {
                Check(vip, config);
            }

            foreach (TrackedScript tracked in router.TrackedScripts)
            {
                Require((uint)tracked.Script < (uint)config.Scripts.Length, "a tracked script that is not there");
            }
        }

        foreach (ScriptConfig script in config.Scripts)
        {
            Require(script.Command.Length > 0 && script.Interval > TimeSpan.Zero && script.Timeout > TimeSpan.Zero, "a script without command or time");
        }

        _ = ConfigDump.Lines(config);
        Effect[] effects = new Effect[Limits.EffectsPerCall(config)];
        EffectSink sink = new(effects, new byte[Limits.ArenaBytesPerCall(config)]);
        new Engine(config, Instant.Zero).HandleHost(HostEvent.HostKnown(), Instant.Zero, ref sink);
    }

    private static void Check(VirtualAddress vip, DaemonConfig config) =>
        Require(vip.PrefixLength <= (vip.Address.IsV6 ? 128 : 32) && (uint)vip.Interface < (uint)config.Interfaces.Length, "a virtual address out of range");

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
