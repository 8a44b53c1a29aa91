"""Versions to upgrade to, and blue/green deployments, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aurora_cfn.errors import AwsError
from aurora_cfn.model.upgrade_plan import BlueGreen, UpgradeTarget

ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:"


@dataclass(slots=True)
class FakeUpgradeTargets:
    """The port UpgradeTargets: targets by engine and version."""

    offered: Mapping[tuple[str, str], Sequence[UpgradeTarget]] = field(default_factory=dict)

    def targets(self, engine: str, version: str) -> Sequence[UpgradeTarget]:
        return self.offered.get((engine, version), ())


@dataclass(slots=True)
class FakeBlueGreenDeployments:
    """The port BlueGreenDeployments: a switch ends after `reads` reads, well unless it `fails`."""

    reads: int = 2
    fails: bool = False
    trouble: AwsError | None = None
    kept: dict[str, BlueGreen] = field(default_factory=dict)
    calls: list[tuple[str, ...]] = field(default_factory=list)
    _left: int = 0

    def of_cluster(self, arn: str) -> BlueGreen | None:
        if self.trouble:
            raise self.trouble
        found = next((row for row in self.kept.values() if arn in {row.source, row.target}), None)
        if found and found.status == "SWITCHOVER_IN_PROGRESS":
            self._left -= 1
            if self._left <= 0:
                found = self.kept[found.identifier] = self._ended(found)
        return found

    def create(
        self, name: str, source: str, *, version: str, parameter_group: str, tags: Mapping[str, str]
    ) -> BlueGreen:
        self.calls.append(("create", name, source, version, parameter_group))
        made = BlueGreen(f"bgd-{len(self.kept) + 1}", name, source, status="PROVISIONING")
        self.kept[made.identifier] = made
        return made

    def provisioned(self, identifier: str) -> None:
        """The green side is there, and follows the blue one."""
        found = self.kept[identifier]
        self.kept[identifier] = replace(found, target=f"{found.source}-green-abc123", status="AVAILABLE")

    def switch(self, identifier: str, *, timeout: int) -> BlueGreen:
        self.calls.append(("switch", identifier, str(timeout)))
        self._left = self.reads
        self.kept[identifier] = replace(self.kept[identifier], status="SWITCHOVER_IN_PROGRESS")
        return self.kept[identifier]

    def delete(self, identifier: str, *, green: bool) -> None:
        self.calls.append(("delete", identifier, str(green)))
        del self.kept[identifier]

    def _ended(self, found: BlueGreen) -> BlueGreen:
        if self.fails:
            return replace(found, status="SWITCHOVER_FAILED", details="replication lag")
        # Green takes the name of blue.
        return replace(found, source=f"{found.source}-old1", target=found.source, status="SWITCHOVER_COMPLETED")
