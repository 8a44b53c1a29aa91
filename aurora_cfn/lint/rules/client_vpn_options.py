from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from aurora_cfn.lint.mentions import is_named_outside
from aurora_cfn.lint.network import ENDPOINT
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ClientVpnOptions(AuroraRule):
    """A VPN without a connection log, or one whose clients cannot reach the internet.

    Without a connection log there is no record of who connected; without split tunnel all traffic of a client enters
    the VPN, and needs a route to 0.0.0.0/0 to leave it.
    """

    id = "W9047"
    fix = "turn ConnectionLogOptions on, and set SplitTunnel to true or add the route"
    source_url = "https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/how-it-works.html"
    checked = "2026-11-20"
    every_world = False
    tags: ClassVar[list[str]] = ["resources", "ec2", "vpn"]

    def look(self, world: World) -> Iterator[Problem]:
        routes = [row.get("DestinationCidrBlock").text for row in world.resources("AWS::EC2::ClientVpnRoute")]
        for endpoint in world.resources(ENDPOINT):
            log, split = endpoint.get("ConnectionLogOptions", "Enabled"), endpoint.get("SplitTunnel")
            if log.flag is False:
                yield at(log, f"{endpoint.name} has no connection log", "turn ConnectionLogOptions on")
            leaves = None in routes or "0.0.0.0/0" in routes or is_named_outside(world, endpoint.name)
            if (split.absent or split.flag is False) and not leaves:
                place = endpoint.path if split.absent else split.path
                message = f"all traffic of clients enters {endpoint.name} and cannot leave it"
                yield Problem(place, message, "set SplitTunnel to true, or add a ClientVpnRoute to 0.0.0.0/0")
