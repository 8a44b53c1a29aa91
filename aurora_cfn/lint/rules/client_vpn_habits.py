"""A VPN without a record of connections, or one that takes all traffic and drops it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from aurora_cfn.lint.network import ENDPOINT
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ClientVpnHabits(AuroraRule):
    """A VPN without a record of connections, or one that takes all traffic and drops it."""

    id = "W9047"
    shortdesc = "A VPN without a record of connections, or one that takes all traffic and drops it"
    description = (
        "Without a connection log nobody knows who came in; without split tunnel all traffic of a client "
        "enters the VPN, and needs a route to 0.0.0.0/0 to leave it."
    )
    fix = "turn ConnectionLogOptions on, and set SplitTunnel to true or add the route"
    source_url = "https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/how-it-works.html"
    every_world = False
    tags: ClassVar[list[str]] = ["resources", "ec2", "vpn"]

    def look(self, world: World) -> Iterator[Problem]:
        routes = [row.get("DestinationCidrBlock").text for row in world.resources("AWS::EC2::ClientVpnRoute")]
        for endpoint in world.resources(ENDPOINT):
            log, split = endpoint.get("ConnectionLogOptions", "Enabled"), endpoint.get("SplitTunnel")
            if log.flag is False:
                yield at(log, f"{endpoint.name} keeps no record of connections", "turn ConnectionLogOptions on")
            if (split.absent or split.flag is False) and None not in routes and "0.0.0.0/0" not in routes:
                place = endpoint.path if split.absent else split.path
                message = f"all traffic of clients enters {endpoint.name} and cannot leave it"
                yield Problem(place, message, "set SplitTunnel to true, or add a ClientVpnRoute to 0.0.0.0/0")
