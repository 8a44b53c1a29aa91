"""Who may come in: the ingress rules of security groups in a world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aurora_cfn.lint.found import Found
from aurora_cfn.lint.world import Resource, World, step

GROUP: Final = "AWS::EC2::SecurityGroup"
EVERYWHERE: Final = frozenset({"0.0.0.0/0", "::/0"})


@dataclass(frozen=True, slots=True, eq=False)
class Ingress:
    """One rule that lets somebody into a group."""

    found: Found
    world: World

    def source(self) -> Found:
        """The address range that may come in."""
        ranges = [step(self.found, name, self.world) for name in ("CidrIp", "CidrIpv6")]
        return next((row for row in ranges if row.text), ranges[0])

    def opens(self, port: int) -> bool:
        """Whether the port is certainly open to the source."""
        protocol = step(self.found, "IpProtocol", self.world).text
        if protocol == "-1":
            return True
        low, high = (step(self.found, name, self.world).number for name in ("FromPort", "ToPort"))
        return protocol in {"tcp", "6"} and low is not None and high is not None and low <= port <= high


def ingress_of(group: Resource) -> Iterator[Ingress]:
    """The rules of a group, written in it or beside it."""
    world = group.world
    for row in group.items("SecurityGroupIngress") or ():
        yield Ingress(row, world)
    for rule in world.resources("AWS::EC2::SecurityGroupIngress"):
        target = rule.get("GroupId").reference
        if target and target.logical_id == group.name:
            yield Ingress(rule.get(), world)
