from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.databases import CLUSTER, INSTANCE, PROXY, databases_behind
from aurora_cfn.lint.network import SUBNET, has_ipv6
from aurora_cfn.lint.refusals import places
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

# Type, property, the values that need IPv6, and the path to the subnets.
_NEEDS: Final = (
    (CLUSTER, "NetworkType", {"DUAL"}, "DBSubnetGroupName>SubnetIds[]"),
    (INSTANCE, "NetworkType", {"DUAL"}, "DBSubnetGroupName>SubnetIds[]"),
    (PROXY, "EndpointNetworkType", {"DUAL", "IPV6"}, "VpcSubnetIds[]"),
)


class Ipv6Network(AuroraRule):
    """IPv6 where the subnets or the database have none.

    NetworkType DUAL and a proxy endpoint of IPV6 or DUAL need an IPv6 range in every subnet; a proxy that connects by
    IPV6 needs a database of NetworkType DUAL.
    """

    id = "E9064"
    fix = "give every subnet an Ipv6CidrBlock, or use IPV4"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for kind, name, values, path in _NEEDS:
            for resource in world.resources(kind):
                found = resource.get(name)
                subnets = [world.target(row) for row in places(resource, resource.get(), path)]
                without = [row.name for row in subnets if row and row.type == SUBNET and not has_ipv6(row)]
                if (found.text or "").upper() in values and without:
                    yield at(found, f"{name} {found.text} needs IPv6, and {without[0]} has no Ipv6CidrBlock")
        for proxy in world.resources(PROXY):
            found = proxy.get("TargetConnectionNetworkType")
            for database in databases_behind(proxy) if found.text == "IPV6" else ():
                network = database.get("NetworkType")
                if network.absent or network.text == "IPV4":
                    message = (
                        f"TargetConnectionNetworkType IPV6 needs a dual-stack database, and {database.name} is IPV4"
                    )
                    yield at(found, message, f"set NetworkType of {database.name} to DUAL, or use IPV4")
