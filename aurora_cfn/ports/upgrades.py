"""Ports to the versions that a database can be upgraded to, and to blue/green deployments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.upgrade_plan import BlueGreen, UpgradeTarget


class UpgradeTargets(Protocol):
    """The versions that RDS offers for upgrades, read only."""

    def targets(self, engine: str, version: str) -> Sequence[UpgradeTarget]:
        """The versions that a provisioned cluster of that version can be upgraded to; empty if there is none."""


class BlueGreenDeployments(Protocol):
    """Blue/green deployments of RDS."""

    def of_cluster(self, arn: str) -> BlueGreen | None:
        """The deployment in which the cluster of that ARN is blue, or was green before the switch; None without one."""

    def create(
        self, name: str, source: str, *, version: str, parameter_group: str, tags: Mapping[str, str]
    ) -> BlueGreen:
        """Start a deployment for the cluster of the ARN `source`; green gets that version and cluster parameter group.

        With an empty `parameter_group` green has that of blue.
        """

    def switch(self, identifier: str, *, timeout: int) -> BlueGreen:
        """Start the switch; RDS rolls it back if it takes longer than `timeout` seconds."""

    def delete(self, identifier: str, *, green: bool) -> None:
        """Delete the deployment, with the databases of the green side if `green`, which RDS refuses after a switch."""
