using System.Globalization;
using System.Text;

namespace Vrrpd.Core.Config;

/// <summary>What cannot be seen from one host.</summary>
internal static class PeerLints
{
    /// <summary>Longer than any terminal wants; the rest is counted.</summary>
    private const int Shown = 3;

    public static readonly LintRule BothEnds = new("both-ends", Severity.Note, "what the other routers must have in common with this one",
        "adverts that differ in version, authentication, or (version 2) interval are dropped and both routers become master;"
            + " a different list of addresses is logged at every advert",
        "compare with the files of the other routers; only priority, state and source addresses may differ");

    public static void Check(LintContext lint)
    {
        int count = lint.Model.Instances.Count;
        if (count == 0)
        {
            return;
        }

        StringBuilder text = new("the other routers must have the same: ");
        for (int i = 0; i < count && i < Shown; i++)
        {
            LintInstance instance = lint.Model.Instances[i];
            int addresses = instance.Addresses.FindAll(address => !address.IsExcluded).Count;
            TreeNode? auth = instance.Version == 2 && !instance.IsStrict ? instance.Node.Last("authentication")?.Last("auth_type") : null;
            string secret = instance.Node.Has("auth_hmac") ? ", auth_hmac key"
                : auth is { ArgumentCount: > 0 } ? $", auth_type {auth.Words[1].Text} and first 8 bytes of auth_pass" : ", no authentication";
            string interval = instance.Node.Last("advert_int") is { ArgumentCount: > 0 } written ? written.Words[1].Text : "1";
            text.Append(i == 0 ? "" : "; ").Append(CultureInfo.InvariantCulture, $"({instance.Name}) virtual_router_id {instance.Vrid}"
                + $", version {instance.Version}, advert_int {interval}{secret}, {addresses} virtual address{(addresses == 1 ? "" : "es")}");
        }

        if (count > Shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"; and so on for {count - Shown} more");
        }

        lint.Add(BothEnds, lint.Model.Instances[0].NameWord, text.ToString());
    }
}
