using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>Names that must be unique where several routers meet: virtual router ids and router ids.</summary>
internal static class LinkLints
{
    public static readonly LintRule SharedVrid = new("vrid-shared", Severity.Warning, "one virtual router id twice on a link",
        "routers on a link know each other by virtual router id and family only, and their virtual MAC addresses are made of it:"
            + " two that share it take each other's adverts for their own",
        "give each instance on a link an id of its own, the same on all its routers");

    public static readonly LintRule RouterIds = new("router-id-twice", Severity.Note, "`router_id` given twice",
        "the last one counts", "remove one; each host has a name of its own");

    public static void Check(LintContext lint)
    {
        List<TreeNode> ids = lint.Model.Globals.Named("router_id");
        if (ids.Count > 1 && ids[^1].ArgumentCount > 0)
        {
            lint.Add(RouterIds, ids[^1].First, $"router_id was given before, in line {ids[0].First.Line.Number}");
        }

        List<LintInstance>?[] byVrid = new List<LintInstance>[2 * 256];
        foreach (LintInstance instance in lint.Model.Instances)
        {
            if (instance.Vrid is > 0 and < 256)
            {
                List<LintInstance> others = byVrid[2 * instance.Vrid + (instance.IsV6 ? 1 : 0)] ??= [];
                Against(lint, instance, others);
                others.Add(instance);
            }
        }
    }

    private static void Against(LintContext lint, LintInstance instance, List<LintInstance> others)
    {
        // Who has the same id on a hundred interfaces has a hundred links.
        foreach (LintInstance other in others.GetRange(0, Math.Min(others.Count, 100)))
        {
            string where = $"{other.Name} (line {other.NameWord.Line.Number})";
            Word at = instance.Node.Last("virtual_router_id")!.Words[1];
            if (other.Interface == instance.Interface && instance.Interface.Length > 0)
            {
                lint.Add(SharedVrid, at, $"({instance.Name}) virtual_router_id {instance.Vrid} on {instance.Interface} is that of {where} too");
                return;
            }

            if (SharedNetwork(instance, other) is { Length: > 0 } network)
            {
                lint.Add(SharedVrid, at,
                    $"({instance.Name}) virtual_router_id {instance.Vrid} is that of {where} too, and both have addresses in {network}: is it one link?");
                return;
            }
        }
    }

    /// <summary>A network (not a single address) that both have addresses in.</summary>
    private static string SharedNetwork(LintInstance a, LintInstance b)
    {
        foreach (LintAddress one in Head(a))
        {
            foreach (LintAddress two in Head(b))
            {
                int bits = Math.Min(one.Prefix, two.Prefix);
                bool isNetwork = one.Ip.IsV6 == two.Ip.IsV6 && bits > 0 && bits < (one.Ip.IsV6 ? 128 : 32);
                if (isNetwork && one.Ip != two.Ip && Network(one.Ip, bits) == Network(two.Ip, bits))
                {
                    return $"{one.Ip}/{bits}";
                }
            }
        }

        return "";
    }

    private static List<LintAddress> Head(LintInstance instance) => instance.Addresses.GetRange(0, Math.Min(4, instance.Addresses.Count));

    private static (ulong, ulong) Network(Ip ip, int bits)
    {
        if (!ip.IsV6)
        {
            return (0, ip.Low >> (32 - bits));
        }

        return bits <= 64 ? (ip.High >> (64 - bits), 0) : (ip.High, bits == 128 ? ip.Low : ip.Low >> (128 - bits));
    }
}
