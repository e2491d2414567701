namespace Vrrpd.Core.Config;

/// <summary>Unicast that is none, or that speaks to the wrong one.</summary>
internal static class UnicastLints
{
    public static readonly LintRule NoPeers = new("unicast-without-peers", Severity.Warning, "unicast keywords without a `unicast_peer` block",
        "only unicast_peer makes an instance unicast: without it the adverts go to the multicast group", "add unicast_peer { ADDR } with the other routers");

    public static readonly LintRule EmptyPeers = new("unicast-peer-empty", Severity.Warning, "`unicast_peer` without an address",
        "there is nobody to send to: every router becomes master, and older keepaliveds fall back to multicast",
        "write the addresses of the other routers, one on a line");

    public static readonly LintRule SelfPeer = new("unicast-peer-self", Severity.Warning, "an instance that is its own unicast peer",
        "its own adverts come back and are dropped", "name the other routers only");

    public static readonly LintRule NoSource = new("unicast-without-source", Severity.Note, "unicast without `unicast_src_ip`",
        "the first address that the interface has at the time is used: if another comes first after a reboot, peers that check sources reject the adverts",
        "write unicast_src_ip with this router's address");

    private static readonly string[] s_unicastOnly = ["unicast_src_ip", "unicast_ttl", "check_unicast_src", "unicast_fault_no_peer", "old_unicast_checksum"];

    public static void Check(LintContext lint)
    {
        foreach (LintInstance instance in lint.Model.Instances)
        {
            if (instance.IsUnicast)
            {
                Peers(lint, instance);
                continue;
            }

            foreach (string name in s_unicastOnly)
            {
                if (instance.Node.Last(name) is { } node)
                {
                    lint.Add(NoPeers, node.First, $"({instance.Name}) is multicast: {name} does not make it unicast");
                    break;
                }
            }
        }
    }

    private static void Peers(LintContext lint, LintInstance instance)
    {
        TreeNode source = instance.Node.Last("unicast_src_ip") ?? instance.Node.Last("mcast_src_ip") ?? new(null, []);
        bool isEmpty = true;
        foreach (TreeNode block in instance.Node.Named("unicast_peer"))
        {
            foreach (TreeNode line in block.Children)
            {
                isEmpty = false;
                if (source.Words.Length > 1 && Ip.TryParse(line.First.Text, out Ip peer) && Ip.TryParse(source.Words[1].Text, out Ip own) && peer == own)
                {
                    lint.Add(SelfPeer, line.First, $"({instance.Name}) {line.First.Text} is the instance's own address");
                }
            }
        }

        Word at = instance.Node.Last("unicast_peer")!.First;
        if (isEmpty)
        {
            lint.Add(EmptyPeers, at, $"({instance.Name}) has no unicast peer");
        }
        else if (source.Words.Length == 0)
        {
            lint.Add(NoSource, at, $"({instance.Name}) sends from whatever address {instance.Interface} has first");
        }
    }
}
