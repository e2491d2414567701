namespace Vrrpd.Core.Config;

/// <summary>The words of lvs_method and its like: NAT, DR or TUN [type ipip|gue port N|gre] [nocsum|csum|remcsum].</summary>
internal sealed class ForwardingBinder(BlockBinder common)
{
    private const string Usage = "write: NAT, DR or TUN [type ipip|gue port N|gre] [nocsum|csum|remcsum]";
    private static readonly Argument PortRange = Argument.Range(1, ushort.MaxValue);

    /// <summary>Null, with a complaint, if the method is none. Bad words behind it are left out.</summary>
    public Forwarding? Bind(ConfigNode node, string what)
    {
        Word name = node.Words[1];
        ForwardingMethod? method = name.Text switch
        {
            "NAT" => ForwardingMethod.Nat,
            "DR" => ForwardingMethod.DirectRouting,
            "TUN" => ForwardingMethod.Tunnel,
            _ => null,
        };
        if (method is null)
        {
            Complain(name, $"PARSER : unknown [{name.Text}] routing method for {what}.");
            return null;
        }

        Forwarding found = new(method.Value, "ipip", 0, "");
        for (int i = 2; i < node.Words.Length; i++)
        {
            Word word = node.Words[i];
            bool isLast = i + 1 == node.Words.Length;
            switch (word.Text)
            {
                case "type" when isLast:
                    return Complain(word, $"Missing tunnel type for {what}.", found);
                case "port" when isLast:
                    return Complain(word, $"Missing port for {what} gue tunnel.", found);
                case "type" when node.Words[i + 1].Text is "ipip" or "gue" or "gre":
                    found = found with { Tunnel = node.Words[++i].Text };
                    break;
                case "type":
                    return Complain(node.Words[i + 1], $"Unknown tunnel type {node.Words[i + 1].Text} for {what}.", found);
                case "port":
                    Word port = node.Words[++i];
                    if (common.Number(port, PortRange, $"Invalid gue tunnel port {port.Text} for {what}.", Usage) is not { } number)
                    {
                        return found;
                    }

                    found = found with { Port = (ushort)number };
                    break;
                case "nocsum" or "csum" or "remcsum":
                    found = found with { Checksum = word.Text };
                    break;
                default:
                    return Complain(word, $"Invalid tunnel option {word.Text} for {what}.", found);
            }
        }

        bool hasChecksum = found.Checksum is "csum" or "remcsum";
        return found.Tunnel == "gue" != found.Port > 0 ? Complain(name, "gue tunnels require port, otherwise cannot have port.", found)
            : found.Tunnel == "ipip" && hasChecksum ? Complain(name, "ipip tunnels do not support checksum option.", found)
            : found is { Tunnel: "gre", Checksum: "remcsum" } ? Complain(name, "gre tunnels do not support remote checksum option.", found) : found;
    }

    private Forwarding? Complain(Word at, string text, Forwarding? found = null)
    {
        common.Findings.Error(at, ConfigFault.General, text, Usage);
        return found;
    }
}
