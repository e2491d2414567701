using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>static_ipaddress, static_routes and static_rules.</summary>
internal sealed class StaticBinder(BlockBinder common, HostNames host, RuleCheck rules)
{
    private readonly AddressBinder _addresses = new(common, host);
    private readonly RouteCheck _routes = new(common, host);

    public void Addresses(ConfigNode block, List<AddressDraft> addresses)
    {
        foreach (ConfigNode line in block.Children)
        {
            if (_addresses.Bind(line, AddressUse.Static) is { } address)
            {
                addresses.Add(address);
            }
        }
    }

    public void Routes(ConfigNode block, List<KernelLine> routes)
    {
        foreach (ConfigNode line in block.Children)
        {
            if (_routes.Read(line, isStatic: true) is { } route)
            {
                routes.Add(route);
            }
        }
    }

    public void Rules(ConfigNode block, List<KernelLine> added)
    {
        foreach (ConfigNode line in block.Children)
        {
            if (rules.Read(line, isStatic: true) is { } rule)
            {
                added.Add(rule);
            }
        }
    }
}
